-- Every derived series of the catalogue, vintage by vintage: a derived value is known from the day on which its last input was known.
WITH inputs AS (
    SELECT d.series_id, d.derivation, d.input_id, d.place,
        -- Amounts are counted in whole cents, other figures in whole hundred-millionths, so that sums come out the same in any order.
        (CASE WHEN i.unit IN ('USD', 'count', 'W', 'Wh') THEN 100 ELSE 100_000_000 END)::DOUBLE AS parts_of_one
    FROM (
        SELECT series_id, derivation, unnest(string_split(derived_from, '|')) AS input_id,
            generate_subscripts(string_split(derived_from, '|'), 1) AS place
        FROM series
        WHERE derivation IS NOT NULL
    ) d
    JOIN series i ON i.series_id = d.input_id
),
amounts AS (
    SELECT o.* EXCLUDE (value), round(o.value * i.parts_of_one)::HUGEINT AS amount
    FROM observations o
    JOIN (SELECT DISTINCT input_id, parts_of_one FROM inputs) i ON i.input_id = o.series_id
),
-- The periods of each input, each once; days_before is the gap to the one before.
periods AS (
    SELECT *, period_start + ((period_end - period_start) // 2)::INTEGER AS middle,
        (period_start - 1 - lag(period_end) OVER (PARTITION BY input_id ORDER BY period_start))::INTEGER AS days_before
    FROM (
        SELECT DISTINCT series_id AS input_id, period_start, period_end FROM amounts
    )
),
candidates AS (
    SELECT * FROM inputs JOIN periods USING (input_id)
),
-- The periods for which there may be a derived value.
possible AS (
    SELECT series_id, derivation, period_start, period_end
    FROM candidates
    WHERE derivation IN ('year_over_year', 'month_over_month', 'change', 'quarter_at_annual_rate', 'ratio')
    UNION
    SELECT series_id, derivation, make_date(year(period_start + INTERVAL 3 MONTH) - 1, 10, 1), make_date(year(period_start + INTERVAL 3 MONTH), 9, 30)
    FROM candidates
    WHERE derivation IN ('fiscal_year_sum', 'fiscal_year_average', 'fiscal_year_ratio', 'fiscal_year_debt_to_gdp')
    UNION
    SELECT series_id, derivation, make_date(year(period_start), 1, 1), make_date(year(period_start), 12, 31)
    FROM candidates
    WHERE derivation IN ('calendar_year_sum', 'calendar_year_average', 'calendar_year_growth')
    UNION
    SELECT series_id, derivation, (period_end + INTERVAL 1 DAY - INTERVAL 1 YEAR)::DATE, period_end
    FROM candidates
    WHERE derivation IN ('trailing_year_sum', 'trailing_year_ratio')
    UNION
    SELECT series_id, derivation, date_trunc('quarter', middle)::DATE, last_day(date_trunc('quarter', middle) + INTERVAL 2 MONTH)
    FROM candidates
    WHERE derivation = 'group_quarter_sum'
    UNION
    SELECT series_id, derivation, make_date(year(middle), 1, 1), make_date(year(middle), 12, 31)
    FROM candidates
    WHERE derivation = 'group_year_sum'
),
spans AS MATERIALIZED (
    SELECT row_number() OVER () AS span_id, * FROM possible
),
-- What a derived value is made of: of each input the periods of a stretch, chosen by a rule; `base` is what the `value` is held against.
terms AS (
    SELECT s.*, 'value' AS role, i.input_id, i.parts_of_one,
        CASE WHEN derivation = 'fiscal_year_debt_to_gdp' THEN period_end - 6 ELSE period_start END AS first_day,
        period_end AS last_day,
        CASE WHEN derivation IN ('year_over_year', 'month_over_month', 'change', 'quarter_at_annual_rate', 'ratio') THEN 'starts'
             WHEN derivation IN ('fiscal_year_average', 'calendar_year_average') THEN 'within'
             WHEN derivation IN ('group_quarter_sum', 'group_year_sum') THEN 'middle'
             WHEN derivation = 'fiscal_year_debt_to_gdp' THEN 'last'
             ELSE 'tiled' END AS rule
    FROM spans s
    JOIN inputs i USING (series_id, derivation)
    WHERE place = 1 OR derivation IN ('group_quarter_sum', 'group_year_sum')
    UNION ALL
    SELECT s.*, 'base', i.input_id, i.parts_of_one,
        CASE WHEN derivation IN ('year_over_year', 'calendar_year_growth') THEN (period_start - INTERVAL 1 YEAR)::DATE ELSE period_start END,
        CASE WHEN derivation IN ('month_over_month', 'change', 'quarter_at_annual_rate') THEN period_start - 1
             WHEN derivation = 'calendar_year_growth' THEN (period_end - INTERVAL 1 YEAR)::DATE
             ELSE period_end END,
        CASE WHEN derivation IN ('year_over_year', 'ratio') THEN 'starts'
             WHEN derivation IN ('month_over_month', 'change', 'quarter_at_annual_rate') THEN 'ends'
             WHEN derivation = 'fiscal_year_debt_to_gdp' THEN 'quarters'
             ELSE 'tiled' END
    FROM spans s
    JOIN inputs i USING (series_id, derivation)
    WHERE CASE WHEN derivation IN ('ratio', 'fiscal_year_ratio', 'trailing_year_ratio', 'fiscal_year_debt_to_gdp') THEN place = 2
        ELSE derivation IN ('year_over_year', 'month_over_month', 'change', 'quarter_at_annual_rate', 'calendar_year_growth') END
),
-- The input periods of each term.
chosen AS (
    SELECT t.*, p.period_start AS input_start, p.period_end AS input_end, p.days_before
    FROM terms t
    JOIN periods p ON p.input_id = t.input_id AND p.period_start = t.first_day
    WHERE t.rule = 'starts'
    UNION ALL
    SELECT t.*, p.period_start, p.period_end, p.days_before
    FROM terms t
    JOIN periods p ON p.input_id = t.input_id AND p.period_end = t.last_day
    WHERE t.rule = 'ends'
    UNION ALL
    SELECT t.*, p.period_start, p.period_end, p.days_before
    FROM terms t
    JOIN periods p ON p.input_id = t.input_id AND p.middle BETWEEN t.first_day AND t.last_day
    WHERE t.rule = 'middle'
    UNION ALL
    SELECT t.*, p.period_start, p.period_end, p.days_before
    FROM terms t
    JOIN periods p ON p.input_id = t.input_id AND p.period_start >= t.first_day AND p.period_end <= t.last_day
    WHERE t.rule IN ('tiled', 'within', 'last', 'quarters')
    QUALIFY t.rule <> 'last' OR row_number() OVER (PARTITION BY t.span_id, t.rule ORDER BY p.period_end DESC) = 1
),
parts AS MATERIALIZED (
    SELECT *, rule <> 'quarters' OR input_end < first_day + INTERVAL 9 MONTH AS is_needed FROM chosen
),
-- Terms of which every part is there: no gap, no week without a value, a quarter or four of each company.
whole_terms AS (
    SELECT span_id, role, input_id
    FROM parts
    GROUP BY ALL
    HAVING CASE any_value(rule)
        WHEN 'tiled' THEN sum(input_end - input_start + 1) = any_value(last_day - first_day + 1)
        WHEN 'within' THEN min(input_start) - any_value(first_day) <= 7 AND any_value(last_day) - max(input_end) <= 7
            AND coalesce(max(days_before) FILTER (input_start - days_before > first_day), 0) <= 7
        -- the fourth quarter may still be missing: Treasury then takes the mean of three
        WHEN 'quarters' THEN sum(input_end - input_start + 1) FILTER (is_needed) = any_value((first_day + INTERVAL 9 MONTH)::DATE - first_day)
        WHEN 'middle' THEN count(*) = CASE any_value(derivation) WHEN 'group_year_sum' THEN 4 ELSE 1 END
        ELSE count(*) = 1 END
),
whole AS (
    SELECT span_id
    FROM terms t
    LEFT JOIN whole_terms w USING (span_id, role, input_id)
    GROUP BY ALL
    HAVING count(*) = count(w.input_id)
),
-- Every day on which the knowledge of an input begins or ends, and what that adds to or takes from what is known.
steps AS (
    SELECT p.span_id, p.role, p.is_needed, CASE step WHEN 1 THEN a.known_from ELSE a.known_until + 1 END AS day, step, step * a.amount AS changed_by,
        a.known_basis, a.origin, a.retrieved_at
    FROM parts p
    JOIN whole USING (span_id)
    JOIN amounts a ON a.series_id = p.input_id AND a.period_start = p.input_start AND a.period_end = p.input_end
    CROSS JOIN (VALUES (1), (-1)) steps(step)
    WHERE day IS NOT NULL
),
days AS (
    SELECT span_id, day,
        sum(changed_by) FILTER (role = 'value') AS value, sum(changed_by) FILTER (role = 'base') AS base,
        sum(step) FILTER (role = 'value') AS values_known, sum(step) FILTER (role = 'base') AS bases_known, sum(step) FILTER (is_needed) AS needed_known,
        sum(step) FILTER (known_basis = 'release_lag') AS lagged, sum(step) FILTER (known_basis = 'retrieved') AS retrieved,
        sum(step) FILTER (origin = 'snapshot') AS snapshots, max(retrieved_at) AS retrieved_at
    FROM steps
    GROUP BY span_id, day
),
-- What was known from each such day on: all steps up to it, summed.
states AS (
    SELECT span_id, day,
        sum(value) OVER up_to AS value, sum(base) OVER up_to AS base,
        sum(values_known) OVER up_to AS values_known, sum(bases_known) OVER up_to AS bases_known, sum(needed_known) OVER up_to AS needed_known,
        CASE WHEN sum(lagged) OVER up_to > 0 THEN 'release_lag' WHEN sum(retrieved) OVER up_to > 0 THEN 'retrieved' ELSE 'vintage' END AS known_basis,
        CASE WHEN sum(snapshots) OVER up_to > 0 THEN 'snapshot' ELSE 'live' END AS origin,
        max(retrieved_at) OVER up_to AS retrieved_at
    FROM days
    WINDOW up_to AS (PARTITION BY span_id ORDER BY day)
),
-- How many inputs a value takes, and in which parts each side of it is counted.
needed AS (
    SELECT span_id, count(*) FILTER (is_needed) AS needed, any_value(parts_of_one) FILTER (role = 'value') AS parts_of_value,
        any_value(parts_of_one) FILTER (role = 'base') AS parts_of_base
    FROM parts
    GROUP BY ALL
),
complete AS (
    SELECT s.* EXCLUDE (value, base), s.value / n.parts_of_value AS value, s.base / n.parts_of_base AS base, s.needed_known = n.needed AS is_known
    FROM states s
    JOIN needed n USING (span_id)
),
-- Null where an input is not known, and where something would grow from nought.
derived AS (
    SELECT c.* REPLACE (
        CASE WHEN is_known THEN CASE
            WHEN derivation IN ('year_over_year', 'month_over_month', 'calendar_year_growth') THEN 100 * (value / nullif(base, 0) - 1)
            WHEN derivation = 'quarter_at_annual_rate' THEN 100 * (pow(value / nullif(base, 0), 4) - 1)
            WHEN derivation = 'change' THEN value - base
            WHEN derivation IN ('fiscal_year_average', 'calendar_year_average') THEN value / values_known
            WHEN derivation IN ('ratio', 'fiscal_year_ratio', 'trailing_year_ratio') THEN 100 * value / nullif(base, 0)
            WHEN derivation = 'fiscal_year_debt_to_gdp' THEN 100 * value / nullif(base / bases_known, 0)
            ELSE value
        END END AS value
    ), p.series_id, p.period_start, p.period_end
    FROM complete c
    JOIN spans p USING (span_id)
),
changes AS (
    SELECT * FROM derived
    QUALIFY value IS DISTINCT FROM lag(value) OVER (PARTITION BY span_id ORDER BY day)
)
SELECT series_id, period_start, period_end, value, day AS known_from,
    lead(day) OVER (PARTITION BY span_id ORDER BY day) - 1 AS known_until,
    known_basis, origin, retrieved_at, NULL::VARCHAR AS download_sha256
FROM changes
QUALIFY value IS NOT NULL;
