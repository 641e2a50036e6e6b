-- Each told figure in words, in three languages, and the query that computes it again: written once, whatever the number of claims that it is told of.
WITH valued AS (
    SELECT w.figure_id, w.is_now_1, w.is_now_2, w.is_now_3, w.is_past_1, w.is_past_2, w.is_past_3,
        w.phrase, w.figure.series_id, w.figure.base_series_id, w.figure.period_start, w.figure.period_end, w.figure.base_period_start, w.figure.base_period_end,
        w.figure.value, w.figure.known_from, w.figure.known_basis,
        coalesce(c.told_en, v.en) AS value_en, coalesce(c.told_zh, v.zh) AS value_zh, coalesce(c.told_zh_hant, v.zh_hant) AS value_zh_hant, c.evidence_sql,
        coalesce(format_period(w.figure.base_period_start, w.figure.base_period_end), '') AS base,
        coalesce(format_period(w.figure.period_start, w.figure.period_end), '')
            || CASE WHEN w.figure.base_series_id IS NOT NULL AND w.figure.base_period_start <> w.figure.period_start THEN ' / ' || base ELSE '' END AS period
    FROM figures_to_write w
    LEFT JOIN written_values v ON v.value = w.figure.value AND v.unit = w.shown_unit
    LEFT JOIN statement_comparisons c ON c.rowid = w.figure.statement
)
SELECT v.figure_id, v.is_now_1, v.is_now_2, v.is_now_3, v.is_past_1, v.is_past_2, v.is_past_3,
    v.series_id, v.base_series_id, v.period_start, v.period_end, v.value, v.known_basis, v.value_en, v.value_zh, v.value_zh_hant,
    format(p.en, v.value_en, v.period, v.base) AS en, format(p.zh, v.value_zh, v.period, v.base) AS zh,
    format(p.zh_hant, v.value_zh_hant, v.period, v.base) AS zh_hant,
    '''' || replace(v.series_id, '''', '''''') || ''' AS series_id, ' || CASE
        WHEN v.evidence_sql IS NOT NULL THEN 'official_value AS value FROM (' || v.evidence_sql || ')'
        WHEN v.base_period_start IS NULL THEN fill_in_query(p.query, v.period_start, v.period_end, v.known_from) || ' AS value'
        ELSE replace(replace(p.formula, '<now>', fill_in_query(p.query, v.period_start, v.period_end, v.known_from)),
            '<before>', fill_in_query(p.base_query, v.base_period_start, v.base_period_end, v.known_from)) || ' AS value' END AS query
FROM valued v
LEFT JOIN phrases p ON p.key = v.phrase
