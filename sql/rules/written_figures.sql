-- Each told figure in words, in three languages, and the query that computes it again: written once, whatever the number of claims that it is told of.
WITH valued AS (
    SELECT w.figure_id, w.phrase, w.figure.series_id, w.figure.period_start, w.figure.period_end, w.figure.base_period_start, w.figure.base_period_end,
        w.figure.value, w.figure.known_from, w.figure.known_basis,
        CASE WHEN w.figure.measure IN ('growth', 'decline') THEN 'percent' WHEN s.unit = 'percent' AND w.figure.measure IN ('rise', 'fall') THEN 'percentage_point'
            ELSE s.unit END AS shown_unit,
        coalesce(c.told_en, format_value_en(w.figure.value, shown_unit)) AS value_en, coalesce(c.told_zh, format_value_zh(w.figure.value, shown_unit)) AS value_zh,
        coalesce(c.told_zh_hant, to_traditional_units(value_zh)) AS value_zh_hant, c.evidence_sql,
        coalesce(format_period(w.figure.period_start, w.figure.period_end), '') AS period,
        coalesce(format_period(w.figure.base_period_start, w.figure.base_period_end), '') AS base
    FROM figures_to_write w
    JOIN series s ON s.series_id = w.figure.series_id
    LEFT JOIN statement_comparisons c ON c.rowid = w.figure.statement
)
SELECT v.figure_id, v.series_id, v.period_start, v.period_end, v.value, v.known_basis, v.shown_unit, v.value_en, v.value_zh, v.value_zh_hant,
    format(p.en, v.value_en, v.period, v.base) AS en, format(p.zh, v.value_zh, v.period, v.base) AS zh,
    format(p.zh_hant, v.value_zh_hant, v.period, v.base) AS zh_hant,
    '''' || replace(v.series_id, '''', '''''') || ''' AS series_id, ' || CASE
        WHEN v.evidence_sql IS NOT NULL THEN 'official_value AS value FROM (' || v.evidence_sql || ')'
        WHEN v.base_period_start IS NULL THEN fill_in_query(p.query, v.period_start, v.period_end, v.known_from) || ' AS value'
        ELSE replace(replace(p.formula, '<now>', fill_in_query(p.query, v.period_start, v.period_end, v.known_from)),
            '<before>', fill_in_query(p.query, v.base_period_start, v.base_period_end, v.known_from)) || ' AS value' END AS query
FROM valued v
LEFT JOIN phrases p ON p.key = v.phrase
