-- Every derived series of the catalogue, vintage by vintage: a derived value is known from the day on which its last input was known.
WITH derived AS (
    SELECT series_id, derived_from, derivation FROM series WHERE derivation IS NOT NULL
),
-- The periods of each input series, each once.
periods AS (
    SELECT DISTINCT series_id AS input_id, period_start, period_end
    FROM observations
    WHERE series_id IN (SELECT derived_from FROM derived)
),
-- For each derived period the input periods that it needs; `role` is 'now', or 'before' for what it is held against.
needed AS (
    -- compared with the same period a year before
    SELECT d.series_id, d.derivation, d.derived_from, now.period_start, now.period_end, unnest([
        {'role': 'now', 'input_start': now.period_start, 'input_end': now.period_end},
        {'role': 'before', 'input_start': before.period_start, 'input_end': before.period_end}
    ], recursive := true)
    FROM derived d
    JOIN periods now ON now.input_id = d.derived_from
    JOIN periods before ON before.input_id = d.derived_from AND before.period_start = now.period_start - INTERVAL 1 YEAR
    WHERE d.derivation = 'year_over_year'
    UNION ALL
    -- compared with the period just before
    SELECT d.series_id, d.derivation, d.derived_from, now.period_start, now.period_end, unnest([
        {'role': 'now', 'input_start': now.period_start, 'input_end': now.period_end},
        {'role': 'before', 'input_start': before.period_start, 'input_end': before.period_end}
    ], recursive := true)
    FROM derived d
    JOIN periods now ON now.input_id = d.derived_from
    JOIN periods before ON before.input_id = d.derived_from AND before.period_end = now.period_start - INTERVAL 1 DAY
    WHERE d.derivation IN ('month_over_month', 'change', 'quarter_at_annual_rate')
    UNION ALL
    -- the months or quarters of a fiscal year (October to September), a calendar year, or the twelve months up to a month
    SELECT d.series_id, d.derivation, d.derived_from, span.period_start, span.period_end, 'now' AS role,
        part.period_start AS input_start, part.period_end AS input_end
    FROM derived d
    JOIN (
        SELECT DISTINCT input_id, 'fiscal_year_sum' AS derivation,
            make_date(year(period_start + INTERVAL 3 MONTH) - 1, 10, 1) AS period_start,
            make_date(year(period_start + INTERVAL 3 MONTH), 9, 30) AS period_end
        FROM periods
        UNION
        SELECT DISTINCT input_id, 'calendar_year_sum', make_date(year(period_start), 1, 1), make_date(year(period_start), 12, 31)
        FROM periods
        UNION
        SELECT DISTINCT input_id, 'trailing_year_sum', (period_end + INTERVAL 1 DAY - INTERVAL 1 YEAR)::DATE, period_end
        FROM periods
    ) span ON span.input_id = d.derived_from AND span.derivation = d.derivation
    JOIN periods part ON part.input_id = d.derived_from
        AND part.period_start >= span.period_start AND part.period_end <= span.period_end
),
-- Only periods of which every part is there: both sides of a comparison, twelve months or four quarters of a year.
whole AS (
    SELECT series_id, period_start, period_end, count(*) AS parts
    FROM needed
    GROUP BY ALL
    HAVING CASE WHEN any_value(derivation) IN ('fiscal_year_sum', 'calendar_year_sum', 'trailing_year_sum')
        THEN sum(input_end - input_start + 1) = any_value(period_end) - any_value(period_start) + 1
        ELSE count(*) = 2 END
),
inputs AS (
    SELECT n.*, w.parts, o.value, o.known_from, o.known_until, o.known_basis, o.origin, o.retrieved_at
    FROM needed n
    JOIN whole w USING (series_id, period_start, period_end)
    JOIN observations o ON o.series_id = n.derived_from AND o.period_start = n.input_start AND o.period_end = n.input_end
),
-- The days on which a derived value may have changed, and what was known of every input on such a day.
moments AS (
    SELECT DISTINCT series_id, period_start, period_end, known_from AS moment FROM inputs
),
computed AS (
    SELECT i.series_id, i.period_start, i.period_end, m.moment,
        CASE any_value(i.derivation)
            WHEN 'year_over_year' THEN 100 * (sum(i.value) FILTER (role = 'now') / nullif(sum(i.value) FILTER (role = 'before'), 0) - 1)
            WHEN 'month_over_month' THEN 100 * (sum(i.value) FILTER (role = 'now') / nullif(sum(i.value) FILTER (role = 'before'), 0) - 1)
            WHEN 'quarter_at_annual_rate'
                THEN 100 * (pow(sum(i.value) FILTER (role = 'now') / nullif(sum(i.value) FILTER (role = 'before'), 0), 4) - 1)
            WHEN 'change' THEN sum(i.value) FILTER (role = 'now') - sum(i.value) FILTER (role = 'before')
            ELSE sum(i.value ORDER BY i.input_start)
        END AS value,
        CASE WHEN bool_or(i.known_basis = 'release_lag') THEN 'release_lag'
             WHEN bool_or(i.known_basis = 'retrieved') THEN 'retrieved' ELSE 'vintage' END AS known_basis,
        CASE WHEN bool_and(i.origin = 'live') THEN 'live' ELSE 'snapshot' END AS origin,
        max(i.retrieved_at) AS retrieved_at,
        min(i.known_until) AS known_until
    FROM inputs i
    JOIN moments m USING (series_id, period_start, period_end)
    WHERE i.known_from <= m.moment AND (i.known_until IS NULL OR i.known_until >= m.moment)
    GROUP BY i.series_id, i.period_start, i.period_end, m.moment
    HAVING count(*) = any_value(i.parts)
),
-- A value begins anew where it differs from the one before, or where an input was withdrawn in between. Nothing grows from nought.
marked AS (
    SELECT *, value IS DISTINCT FROM lag(value) OVER each_period OR lag(known_until) OVER each_period < moment - 1 AS is_new
    FROM computed
    WHERE value IS NOT NULL
    WINDOW each_period AS (PARTITION BY series_id, period_start, period_end ORDER BY moment)
),
stretches AS (
    SELECT *, count(*) FILTER (is_new) OVER (PARTITION BY series_id, period_start, period_end ORDER BY moment) AS stretch
    FROM marked
)
SELECT series_id, period_start, period_end, first(value ORDER BY moment) AS value,
    min(moment) AS known_from,
    last(known_until ORDER BY moment) AS known_until,
    first(known_basis ORDER BY moment) AS known_basis,
    first(origin ORDER BY moment) AS origin,
    first(retrieved_at ORDER BY moment) AS retrieved_at,
    NULL::VARCHAR AS download_sha256
FROM stretches
GROUP BY series_id, period_start, period_end, stretch;
