-- A level said of a month or a year may have stood there on any of its days: the levels next under and next over the claimed one, and the last.
WITH asked AS (
    SELECT question_id, series_id, wanted_start, wanted_end, claimed, unnest([
        {'basis': 'when_published', 'known_on': known_on}, {'basis': 'today', 'known_on': DATE 'infinity'}], recursive := true)
    FROM questions
    WHERE asks = 'level within a period'
),
-- Each stretch of time is looked up once a series, whatever the number of claims about it.
stretches AS (
    SELECT row_number() OVER () AS stretch_id, *
    FROM (SELECT DISTINCT series_id, wanted_start, wanted_end, known_on FROM asked WHERE known_on IS NOT NULL)
),
months AS (
    SELECT *, unnest(generate_series(date_trunc('month', wanted_start), wanted_end, INTERVAL 1 MONTH))::DATE AS month FROM stretches
),
-- of equal levels the newest
levels AS (
    SELECT m.stretch_id, f.value, arg_max(f.period_start, f.period_end) AS period_start, max(f.period_end) AS period_end
    FROM months m
    JOIN official_figures f ON f.series_id = m.series_id AND date_trunc('month', f.period_end)::DATE = m.month
        AND was_known(f.known_from, f.known_until, m.known_on)
    WHERE f.period_end BETWEEN m.wanted_start AND m.wanted_end
    GROUP BY m.stretch_id, f.value
),
last_levels AS (
    SELECT stretch_id, arg_max(period_start, period_end) AS period_start, max(period_end) AS period_end FROM levels GROUP BY stretch_id
)
SELECT a.question_id, a.series_id, a.basis, a.known_on, unnest(list_distinct([
    {'period_start': l.period_start, 'period_end': l.period_end},
    {'period_start': under.period_start, 'period_end': under.period_end},
    {'period_start': over.period_start, 'period_end': over.period_end}
]), recursive := true)
FROM (SELECT a.*, s.stretch_id FROM asked a JOIN stretches s USING (series_id, wanted_start, wanted_end, known_on)) a
JOIN last_levels l USING (stretch_id)
ASOF LEFT JOIN levels under ON under.stretch_id = a.stretch_id AND a.claimed >= under.value
ASOF LEFT JOIN levels over ON over.stretch_id = a.stretch_id AND a.claimed <= over.value
