-- The official figures that the story of a claim is told with, in their order, at most three a day; of each what the phrase about it is filled in with.
WITH told AS (
    SELECT t.claim_id, t.basis, t.place, c.series_id, c.official_value, c.official_period_start AS period_start,
        c.official_period_end AS period_end, c.base_period_start, c.base_period_end, c.known_from, c.accepted_low, c.accepted_high,
        CASE c.measure WHEN 'sum' THEN 'sum_of_a_period' WHEN 'value' THEN
            CASE WHEN c.official_period_start = c.official_period_end THEN 'value_on_a_day' ELSE 'value_of_a_period' END ELSE c.measure END AS template,
        c.known_basis, c.agrees,
        CASE WHEN c.measure IN ('growth', 'decline') THEN 'percent' WHEN s.unit = 'percent' AND c.measure IN ('rise', 'fall') THEN 'percentage_point'
            ELSE s.unit END AS shown_unit,
        format_value_en(c.official_value, shown_unit) AS en, format_value_zh(c.official_value, shown_unit) AS zh, to_traditional_units(zh) AS zh_hant
    FROM told_comparisons t
    JOIN comparisons c USING (claim_id, basis, series_id)
    JOIN series s USING (series_id)
    WHERE t.place <= 3
    UNION ALL BY NAME
    SELECT t.claim_id, t.basis, t.place, c.series_id, c.official_value, c.official_period_start AS period_start,
        c.official_period_end AS period_end, c.known_from, 'statement' AS template, c.known_basis, c.agrees, c.told_en AS en, c.told_zh AS zh,
        c.told_zh_hant AS zh_hant, c.evidence_sql
    FROM told_comparisons t
    JOIN statement_comparisons c USING (claim_id, basis, series_id, reading)
    WHERE t.place <= 3
),
filled AS (
    SELECT claim_id, basis, place, {
        'series_id': series_id,
        'phrase': phrase_key(series_id, template, known_basis = 'release_lag',
            CASE WHEN agrees THEN 'agrees' WHEN NOT agrees THEN 'does_not_agree' ELSE 'does_not_decide' END),
        'value': official_value, 'period_start': period_start, 'period_end': period_end, 'base_period_start': base_period_start,
        'base_period_end': base_period_end, 'known_from': known_from, 'accepted_low': accepted_low, 'accepted_high': accepted_high, 'unit': shown_unit,
        'period': coalesce(format_period(period_start, period_end), ''), 'base': coalesce(format_period(base_period_start, base_period_end), ''),
        'en': en, 'zh': zh, 'zh_hant': zh_hant, 'evidence_sql': evidence_sql
    } AS figure
    FROM told
)
SELECT claim_id, basis, f.figure AS first, g.figure AS second, h.figure AS third
FROM filled f
LEFT JOIN (FROM filled WHERE place = 2) g USING (claim_id, basis)
LEFT JOIN (FROM filled WHERE place = 3) h USING (claim_id, basis)
WHERE f.place = 1
