-- By how much official projections for a year so far ahead miss, in the series' unit: errors are stated in percent of GDP.
WITH projections AS (
    SELECT k.question_id, k.basis, k.known_on, s.metric, s.unit,
        -- the fiscal year in which the projection was made is its first
        year(k.period_end) - year(k.known_from + INTERVAL 3 MONTH) + 1 AS years_ahead
    FROM known_figures k
    JOIN questions q USING (question_id)
    JOIN series s USING (series_id)
    WHERE k.rule = 'projection_for_a_year'
),
-- GDP of the day, which is less than that of the year projected: the error is rather too small than too large.
gdp AS (
    SELECT d.known_on, arg_max(f.value, f.period_end) AS value
    FROM (SELECT DISTINCT known_on FROM projections) d
    JOIN official_figures f ON f.series_id = 'GDP' AND was_known(f.known_from, f.known_until, d.known_on)
    GROUP BY ALL
),
last_years AS (
    SELECT metric, max(years_ahead) AS years_ahead FROM forecast_errors GROUP BY metric
)
SELECT p.question_id, p.basis,
    tolerance('forecast_error_multiple') * e.error * CASE p.unit WHEN 'percent' THEN 1 ELSE g.value / 100 END AS forecast_error
FROM projections p
JOIN last_years l USING (metric)
-- the error of the next year for which one is stated; for years further ahead that of the last
ASOF JOIN forecast_errors e ON e.metric = p.metric AND least(p.years_ahead, l.years_ahead) <= e.years_ahead
LEFT JOIN gdp g USING (known_on)
