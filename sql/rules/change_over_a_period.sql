-- A change is the level at the end of the period less that before its start; of a flow or rate, its figure less that of the year (or period) before.
WITH asked AS (
    SELECT q.question_id, q.series_id, q.frequency, q.is_level, b.basis, CASE b.basis WHEN 'when_published' THEN q.known_on ELSE 'infinity' END AS known_on,
        c.claimed, c.period_start, c.period_end, c.other_base, c.year_over_year, c.previous_period,
        CASE WHEN c.unit = 'percent' THEN CASE WHEN c.falls THEN 'decline' ELSE 'growth' END WHEN c.falls THEN 'fall' ELSE 'rise' END AS measure,
        c.period_end - c.period_start + 1 AS days,
        CASE
            WHEN c.year_over_year OR (NOT q.is_level AND NOT c.previous_period AND days > 360) THEN 'year before'
            WHEN q.is_level OR c.previous_period THEN 'period before'
        END AS against,
        CASE against WHEN 'year before' THEN 12 ELSE date_diff('month', c.period_start, c.period_end) + 1 END::INTEGER AS months_back
    FROM questions q
    JOIN claimed_changes c USING (claim_id)
    CROSS JOIN (VALUES ('when_published'), ('today')) b(basis)
    WHERE q.asks = 'change over a period' AND against IS NOT NULL AND (b.basis = 'today' OR q.known_on IS NOT NULL)
),
-- The days at whose end the two figures stand.
ends AS (
    SELECT question_id, basis, known_on, series_id, frequency, is_level, unnest([
        {'side': 'now', 'wanted_start': period_start, 'wanted_end': period_end},
        {'side': 'before', 'wanted_start': (period_start - to_months(months_back))::DATE,
            'wanted_end': CASE WHEN against = 'period before' THEN period_start - 1
                WHEN period_end = last_day(period_end) THEN last_day((period_end - INTERVAL 1 YEAR)::DATE)
                ELSE (period_end - INTERVAL 1 YEAR)::DATE END}
    ], recursive := true)
    FROM asked
),
figures AS (
    SELECT e.*, f.period_start, f.period_end, f.value, f.known_from, f.known_basis, f.origin
    FROM (
        SELECT e.*, p.period_start, p.period_end
        FROM ends e
        ASOF JOIN measured_periods p ON p.series_id = e.series_id AND e.wanted_end >= p.period_end
        WHERE e.is_level AND p.period_end >= e.wanted_end - CASE e.frequency WHEN 'daily' THEN tolerance('grace_days')::INTEGER WHEN 'weekly' THEN 6 ELSE 0 END
        UNION ALL BY NAME
        SELECT e.*, p.period_start, p.period_end
        FROM ends e
        JOIN measured_periods p ON p.series_id = e.series_id AND p.period_end = e.wanted_end AND p.period_start = e.wanted_start
        WHERE NOT e.is_level
    ) e
    JOIN official_figures f ON f.series_id = e.series_id AND f.period_start = e.period_start AND f.period_end = e.period_end
        AND was_known(f.known_from, f.known_until, e.known_on)
)
SELECT question_id, basis, known_on, a.measure, n.period_start, n.period_end, b.period_start AS base_period_start, b.period_end AS base_period_end,
    CASE a.measure WHEN 'rise' THEN n.value - b.value WHEN 'fall' THEN b.value - n.value
        WHEN 'growth' THEN 100 * (n.value / b.value - 1) ELSE 100 * (1 - n.value / b.value) END AS value,
    -- by how much revisions of the two levels alone may move it
    CASE WHEN a.measure IN ('rise', 'fall') THEN abs(b.value) WHEN a.measure = 'growth' THEN 100 + a.claimed ELSE 100 - a.claimed END AS revisable,
    greatest(n.known_from, b.known_from) AS known_from, least(n.known_basis, b.known_basis) AS known_basis, greatest(n.origin, b.origin) AS origin,
    -- 较2019年, 自疫情以来: held against something else than the period before; a month's change may be that of a year
    a.other_base OR (a.is_level AND NOT a.year_over_year AND NOT a.previous_period AND a.days < 180) AS is_neighbour
FROM asked a
JOIN figures n USING (question_id, basis, known_on)
JOIN figures b USING (question_id, basis, known_on)
WHERE n.side = 'now' AND b.side = 'before'
    -- percentages of what changed its sign mean nothing
    AND b.value <> 0 AND (a.measure IN ('rise', 'fall') OR sign(n.value) = sign(b.value))
