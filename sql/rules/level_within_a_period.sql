-- A level said of a month or a year may have stood there on any of its days: the levels next under and next over the claimed one, and the last.
WITH asked AS (
    SELECT * FROM questions WHERE asks = 'level within a period'
),
months AS (
    SELECT series_id, wanted_start, wanted_end, known_on,
        unnest(generate_series(date_trunc('month', wanted_start), wanted_end, INTERVAL 1 MONTH))::DATE AS month
    FROM (SELECT DISTINCT series_id, wanted_start, wanted_end, known_on FROM asked)
),
levels AS (
    SELECT m.* EXCLUDE (month), f.period_start, f.period_end, f.value
    FROM months m
    JOIN official_figures f ON f.series_id = m.series_id AND date_trunc('month', f.period_end)::DATE = m.month
        AND was_known(f.known_from, f.known_until, m.known_on)
    WHERE f.period_end BETWEEN m.wanted_start AND m.wanted_end
),
last_levels AS (
    SELECT series_id, wanted_start, wanted_end, known_on, arg_max(period_start, period_end) AS period_start, max(period_end) AS period_end
    FROM levels
    GROUP BY ALL
)
SELECT a.claim_id, a.basis, a.known_on, a.series_id, unnest(list_distinct([
    {'period_start': l.period_start, 'period_end': l.period_end},
    {'period_start': under.period_start, 'period_end': under.period_end},
    {'period_start': over.period_start, 'period_end': over.period_end}
]), recursive := true)
FROM asked a
JOIN last_levels l USING (series_id, wanted_start, wanted_end, known_on)
ASOF LEFT JOIN levels under ON under.series_id = a.series_id AND under.wanted_start = a.wanted_start AND under.wanted_end = a.wanted_end
    AND under.known_on = a.known_on AND a.claimed >= under.value
ASOF LEFT JOIN levels over ON over.series_id = a.series_id AND over.wanted_start = a.wanted_start AND over.wanted_end = a.wanted_end
    AND over.known_on = a.known_on AND a.claimed <= over.value
