-- Each statement without a figure held against the official series of its metric: what was known when the article appeared, and what is known today.
-- What a statement asks, which figures answer it, and what each kind of statement is decided by stands in sql/rules; the numbers in seeds/statement_thresholds.csv.
WITH said AS (
    FROM direction
    UNION ALL BY NAME FROM sign_of_growth
    UNION ALL BY NAME FROM comparison_of_two
    UNION ALL BY NAME FROM streak
    UNION ALL BY NAME FROM streak_of_decisions
    UNION ALL BY NAME FROM record
    UNION ALL BY NAME FROM first_time
    UNION ALL BY NAME FROM moves_together
    UNION ALL BY NAME FROM turn
    UNION ALL BY NAME FROM turn_of_sign
),
judged AS (
    SELECT s.*, q.claim_id, q.basis, q.series_id, q.compared_series_id, q.definition,
        CASE
            WHEN q.may_not_refute IS NOT NULL THEN q.may_not_refute
            -- what was first published has no later version that is not held
            WHEN q.basis = 'when_published' AND q.any_revised AND s.weakness = 2 THEN 'vintage_not_held'
            -- Chinese has no tense: what does not say that it speaks of the present may tell of the past, unless a definition bears it out
            WHEN q.is_now AND NOT q.says_when AND NOT coalesce(bool_or(s.says) OVER (PARTITION BY q.claim_id, q.basis), false) THEN 'period_unknown'
        END AS may_not_refute
    FROM said s
    JOIN statement_questions q USING (question_id)
),
-- What the figures show, piece by piece: value and period as they are written.
written AS (
    SELECT *, list_transform(pieces, lambda p: {'code': p.code, 'en': format_value_en(p.value, p.unit), 'zh': format_value_zh(p.value, p.unit),
        'period': coalesce(format_period(p.period_start, p.period_end), ''), 'is_day': p.period_start = p.period_end}) AS parts
    FROM judged
),
templates AS (
    SELECT map_from_entries(list((code, en))) AS en, map_from_entries(list((code, zh_hans))) AS zh, map_from_entries(list((code, zh_hant))) AS zh_hant
    FROM wording
    WHERE starts_with(code, 'told_')
)
SELECT j.claim_id, j.basis, j.series_id,
    CASE WHEN j.reading = 'as_known' THEN coalesce(j.compared_series_id, j.reading) ELSE j.reading END AS reading,
    j.compared_series_id, CASE WHEN j.reading = 'as_known' THEN j.definition ELSE j.reading END AS definition,
    j.official_value, j.compared_value, j.official_period_start, j.official_period_end, j.known_from,
    CASE j.weakness WHEN 2 THEN 'release_lag' WHEN 1 THEN 'retrieved' ELSE 'vintage' END AS known_basis,
    CASE WHEN j.says THEN true WHEN NOT j.says AND j.may_not_refute IS NULL THEN false END AS agrees,
    CASE WHEN j.says THEN NULL WHEN NOT j.says THEN j.may_not_refute ELSE j.open_reason END AS undecided_reason,
    -- of several figures the mean
    format('SELECT list_avg([{}]) AS official_value, list_avg([{}]) AS compared_value',
        array_to_string(list_transform(j.official_figures_used, lambda used: fill_in_query(f.query, used.period_start, used.period_end, used.known_from)), ', '),
        coalesce(array_to_string(list_transform(j.compared_figures_used,
            lambda used: fill_in_query(coalesce(o.query, f.query), used.period_start, used.period_end, used.known_from)), ', '),
            'NULL::DOUBLE')) AS evidence_sql,
    array_to_string(list_transform(j.parts, lambda p: format(w.en[p.code], p.en,
        CASE WHEN p.is_day THEN ' on ' WHEN p.period <> '' THEN ' in ' ELSE '' END || p.period)), ', ') AS told_en,
    array_to_string(list_transform(j.parts, lambda p: format(w.zh[p.code], p.zh, p.period)), '，') AS told_zh,
    array_to_string(list_transform(j.parts, lambda p: format(w.zh_hant[p.code], to_traditional_units(p.zh), p.period)), '，') AS told_zh_hant
FROM written j
CROSS JOIN templates w
JOIN figure_queries f ON f.series_id = j.series_id AND NOT f.as_sum
LEFT JOIN figure_queries o ON o.series_id = j.compared_series_id AND NOT o.as_sum
