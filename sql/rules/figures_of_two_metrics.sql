-- The figures of two metrics of one time that a claim holds against each other, as known on one day. Flows and rates are of exactly the same period;
-- levels are taken on the same day; a level is held against the flow of a year.
WITH asked AS (
    SELECT q.question_id, q.claim_id, c.claimed, c.measure, c.published_on, q.is_now, q.wanted_start, q.wanted_end,
        b.basis, CASE b.basis WHEN 'today' THEN 'infinity' ELSE q.known_on END AS known_on,
        s.series_id, s.kind, s.frequency, s.kind = 'stock' OR s.frequency IN ('daily', 'weekly') AS is_level,
        t.series_id AS base_series_id, t.kind AS base_kind, t.frequency AS base_frequency, t.kind = 'stock' OR t.frequency IN ('daily', 'weekly') AS base_is_level,
        -- amounts of a year stand beside a level, and beside amounts at annual rates
        is_level <> base_is_level OR s.kind <> t.kind AS of_a_year
    FROM questions q
    JOIN claimed_pairs c USING (claim_id)
    JOIN series s ON s.series_id = q.series_id
    JOIN series t ON t.series_id = q.base_series_id
    CROSS JOIN (VALUES ('when_published'), ('today')) b(basis)
    WHERE q.asks = 'two metrics' AND (b.basis = 'today' OR q.known_on IS NOT NULL)
),
-- The stretch that is said; a fiscal year may bear out what is said of the calendar year of the same number.
stretches AS (
    SELECT row_number() OVER () AS stretch_id, *
    FROM (
        SELECT *, false AS is_of_fiscal_year FROM asked
        UNION ALL BY NAME
        SELECT * REPLACE (make_date(year(wanted_end) - 1, 10, 1) AS wanted_start, make_date(year(wanted_end), 9, 30) AS wanted_end), true AS is_of_fiscal_year
        FROM asked
        WHERE NOT is_now AND wanted_start = make_date(year(wanted_end), 1, 1) AND wanted_end = make_date(year(wanted_end), 12, 31)
    )
),
-- Between which days a figure of either metric may end; where that is null, it must be of the very stretch.
sides AS (
    SELECT stretch_id, side, series_id, known_on, wanted_start, wanted_end, of_a_year OR is_now AS of_a_year, is_level OR kind = 'rate' AS of_any_length,
        -- what is said of the present is about what the writer could know
        CASE WHEN is_now THEN published_on ELSE 'infinity' END AS known_by,
        CASE WHEN is_now THEN published_on - stale_days(frequency)
            WHEN is_level THEN wanted_start - CASE WHEN wanted_start = wanted_end THEN tolerance('grace_days')::INTEGER ELSE 0 END
            WHEN of_a_year AND wanted_end - wanted_start < 360 THEN wanted_end - 366 END AS first_end,
        CASE WHEN is_now THEN published_on ELSE wanted_end END AS last_end
    FROM (
        SELECT *, 'upper' AS side FROM stretches
        UNION ALL BY NAME
        SELECT * REPLACE (base_series_id AS series_id, base_kind AS kind, base_frequency AS frequency, base_is_level AS is_level), 'base' AS side FROM stretches
    )
),
-- Each stretch of time is looked up once a series, whatever the number of claims about it.
lookups AS (
    SELECT row_number() OVER () AS lookup_id, *
    FROM (SELECT DISTINCT series_id, known_on, wanted_start, wanted_end, of_a_year, of_any_length, known_by, first_end, last_end FROM sides)
),
months AS (
    SELECT *, unnest(generate_series(date_trunc('month', coalesce(first_end, last_end)), last_end, INTERVAL 1 MONTH))::DATE AS month FROM lookups
),
found AS (
    SELECT m.lookup_id, f.period_start, f.period_end, f.value, f.known_from, f.known_basis, f.origin
    FROM months m
    JOIN official_figures f ON f.series_id = m.series_id AND date_trunc('month', f.period_end)::DATE = m.month
        AND was_known(f.known_from, f.known_until, m.known_on)
    JOIN measured_periods p ON p.series_id = f.series_id AND p.period_start = f.period_start AND p.period_end = f.period_end AND p.first_known_from <= m.known_by
    WHERE CASE WHEN m.first_end IS NULL THEN f.period_start = m.wanted_start AND f.period_end = m.wanted_end
            ELSE f.period_end BETWEEN m.first_end AND m.last_end END
        AND (m.of_any_length OR NOT m.of_a_year OR f.period_end - f.period_start >= 360)
),
figures AS (
    SELECT s.stretch_id, s.side, f.*
    FROM sides s
    JOIN lookups l ON (l.series_id, l.known_on, l.wanted_start, l.wanted_end, l.of_a_year, l.of_any_length, l.known_by, l.last_end)
        = (s.series_id, s.known_on, s.wanted_start, s.wanted_end, s.of_a_year, s.of_any_length, s.known_by, s.last_end)
        AND l.first_end IS NOT DISTINCT FROM s.first_end
    JOIN found f USING (lookup_id)
)
SELECT a.question_id, a.basis, a.known_on, a.claimed, a.measure, NOT a.is_now AND a.wanted_start < a.wanted_end AS is_of_a_stretch, a.is_of_fiscal_year, u.value, b.value AS base_value, u.period_start, u.period_end,
    b.period_start AS base_period_start, b.period_end AS base_period_end, greatest(u.known_from, b.known_from) AS known_from,
    least(u.known_basis, b.known_basis) AS known_basis, greatest(u.origin, b.origin) AS origin,
    -- it decides if both are of the very time said: two levels of the same day, a level of a year against the flow of that year
    a.is_of_fiscal_year OR CASE
        -- and of the present, if nothing newer is known
        WHEN a.is_now THEN least(u.period_end, b.period_end) < max(least(u.period_end, b.period_end)) OVER (PARTITION BY a.claim_id, a.basis) - 31
        WHEN a.is_level AND a.base_is_level THEN a.wanted_start = a.wanted_end AND u.period_end < a.wanted_end - greatest(isodow(a.wanted_end) - 5, 0)::INTEGER
        WHEN a.is_level THEN (b.period_start, b.period_end) <> (a.wanted_start, a.wanted_end)
        WHEN a.base_is_level THEN (u.period_start, u.period_end) <> (a.wanted_start, a.wanted_end)
        ELSE false END AS is_neighbour
FROM stretches a
JOIN figures u ON u.stretch_id = a.stretch_id AND u.side = 'upper'
JOIN figures b ON b.stretch_id = a.stretch_id AND b.side = 'base'
WHERE b.value <> 0 AND CASE
    WHEN a.is_level AND a.base_is_level THEN CASE WHEN a.frequency = a.base_frequency THEN u.period_end = b.period_end
        ELSE abs(u.period_end - b.period_end) <= tolerance('grace_days') END
    WHEN a.is_level OR a.base_is_level THEN true
    ELSE u.period_start = b.period_start AND u.period_end = b.period_end END
