-- The query that computes a figure of a series anew from observations, by its rule in sql/derived_observations.sql; `as_sum` for a sum of observed ones.
-- To be filled in: {0} and {1} first and last day of the period, {2} a day on which the value was known, {3} and {4} the period a year before,
-- {5} the day before the period, {6} six days before its end.
WITH shaped AS (
    SELECT s.series_id, k.as_sum, CASE WHEN k.as_sum THEN 'sum' ELSE coalesce(s.derivation, 'observed') END AS derivation,
        coalesce(s.derived_from, s.series_id) AS inputs,
        'period_start >= ''{0}'' AND period_end <= ''{1}''' AS whole_period,
        'sum(value ORDER BY period_start, series_id)' AS added_up, 'sum(value ORDER BY period_start, series_id) / count(*)' AS mean,
        derivation IN ('year_over_year', 'month_over_month', 'change', 'quarter_at_annual_rate', 'ratio') AS of_two_figures
    FROM series s
    CROSS JOIN (SELECT unnest([false, true]) AS as_sum) k
),
-- What is taken of which periods; of a rule that holds one value against another, both.
terms AS (
    SELECT *,
        CASE WHEN starts_with(derivation, 'group_') THEN inputs ELSE string_split(inputs, '|')[1] END AS value_of,
        string_split(inputs, '|')[-1] AS base_of,
        CASE
            WHEN derivation = 'observed' OR of_two_figures THEN 'value'
            WHEN derivation IN ('fiscal_year_average', 'calendar_year_average') THEN mean
            WHEN derivation = 'fiscal_year_debt_to_gdp' THEN 'arg_max(value, period_end)'
            ELSE added_up
        END AS value_taken,
        CASE
            WHEN derivation = 'observed' THEN 'period_start = ''{0}'' AND period_end = ''{1}'''
            WHEN of_two_figures THEN 'period_start = ''{0}'''
            WHEN derivation = 'fiscal_year_debt_to_gdp' THEN 'period_start >= ''{6}'' AND period_end <= ''{1}'''
            WHEN starts_with(derivation, 'group_') THEN 'period_start + ((period_end - period_start) // 2)::INTEGER BETWEEN ''{0}'' AND ''{1}'''
            ELSE whole_period
        END AS value_periods,
        CASE WHEN of_two_figures THEN 'value' WHEN derivation = 'fiscal_year_debt_to_gdp' THEN mean ELSE added_up END AS base_taken,
        CASE
            WHEN derivation = 'year_over_year' THEN 'period_start = ''{3}'''
            WHEN derivation = 'ratio' THEN 'period_start = ''{0}'''
            WHEN of_two_figures THEN 'period_end = ''{5}'''
            WHEN derivation = 'calendar_year_growth' THEN 'period_start >= ''{3}'' AND period_end <= ''{4}'''
            ELSE whole_period
        END AS base_periods,
        CASE
            WHEN derivation IN ('year_over_year', 'month_over_month', 'calendar_year_growth') THEN '(100 * ({} / {} - 1))'
            WHEN derivation = 'quarter_at_annual_rate' THEN '(100 * (pow({} / {}, 4) - 1))'
            WHEN derivation = 'change' THEN '({} - {})'
            WHEN derivation IN ('ratio', 'fiscal_year_ratio', 'trailing_year_ratio', 'fiscal_year_debt_to_gdp') THEN '(100 * {} / {})'
            ELSE '{}'
        END AS formula
    FROM shaped
)
SELECT series_id, as_sum,
    format(formula, observed_sql(value_taken, value_of, value_periods), observed_sql(base_taken, base_of, base_periods)) AS query
FROM terms
