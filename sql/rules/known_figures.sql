-- The official figures that answer a claim's question, as they were known when the article appeared and as they are known today.
WITH found AS (
    SELECT *, 'level_on_a_day' AS rule FROM level_on_a_day
    UNION ALL BY NAME
    SELECT *, 'figure_of_a_period' AS rule FROM figure_of_a_period
    UNION ALL BY NAME
    SELECT *, 'newest_figure' AS rule FROM newest_figure
    UNION ALL BY NAME
    SELECT *, 'projection_for_a_year' AS rule FROM projection_for_a_year
    UNION ALL BY NAME
    -- the only rule by which another period may answer on each of the two days: it has a basis, the others have none
    SELECT *, 'level_within_a_period' AS rule, false AS is_neighbour FROM level_within_a_period
)
SELECT f.* EXCLUDE (series_id) REPLACE ('when_published' AS basis), 'value' AS measure, o.value, o.known_from, o.known_basis, o.origin
FROM found f
JOIN official_figures o ON o.series_id = f.series_id AND o.period_start = f.period_start AND o.period_end = f.period_end
    AND was_known(o.known_from, o.known_until, f.known_on)
WHERE f.basis IS DISTINCT FROM 'today'
UNION ALL BY NAME
-- What is known today is what nothing has replaced: one of many values, so it is looked up apart.
SELECT f.* EXCLUDE (series_id) REPLACE ('today' AS basis, DATE 'infinity' AS known_on), 'value' AS measure, o.value, o.known_from, o.known_basis, o.origin
FROM found f
JOIN official_figures o ON o.series_id = f.series_id AND o.period_start = f.period_start AND o.period_end = f.period_end AND o.known_until IS NULL
WHERE f.basis IS DISTINCT FROM 'when_published'
UNION ALL BY NAME
SELECT *, 'sum_over_a_period' AS rule, 'sum' AS measure, false AS is_neighbour FROM sum_over_a_period
UNION ALL BY NAME
SELECT *, 'change_over_a_period' AS rule FROM change_over_a_period
UNION ALL BY NAME
SELECT *, 'ratio_of_two_metrics' AS rule FROM ratio_of_two_metrics
UNION ALL BY NAME
SELECT *, 'difference_of_two_metrics' AS rule FROM difference_of_two_metrics
