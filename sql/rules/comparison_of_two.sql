-- One metric above, below or about equal to another, over the same period: the mean of the stretch said, or the newest period.
-- What is said of now is contradicted only if it held in no period of the last year.
WITH pairs AS (
    SELECT q.question_id, q.relation, q.is_now, q.unit, q.in_points, q.movement, q.about_equal, q.clearly_unequal, CASE q.relation WHEN 'exceeds' THEN 1 WHEN 'falls_short_of' THEN -1 ELSE 0 END AS sense,
        q.place - q.place_before AS periods_said, f.rung, f.value, f.compared_value, f.period_start, f.period_end, f.known_from, f.weakness, f.figure, f.compared_figure
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung'
    WHERE q.kind = 'comparison' AND q.relation NOT IN ('moves_with', 'diverges_from')
),
-- the values that are compared: of each period of the last year, or one mean
sides AS (
    SELECT question_id, relation, unit, in_points, movement, about_equal, clearly_unequal, sense, rung, value, compared_value, period_start, period_end, known_from, weakness,
        [figure] AS official_figures_used, [compared_figure] AS compared_figures_used
    FROM pairs
    WHERE is_now
    UNION ALL
    SELECT question_id, relation, unit, in_points, movement, about_equal, clearly_unequal, sense, 0, list_avg(list(value ORDER BY period_end)), list_avg(list(compared_value ORDER BY period_end)), min(period_start), max(period_end), max(known_from), max(weakness),
        list(figure ORDER BY period_end), list(compared_figure ORDER BY period_end)
    FROM pairs
    WHERE NOT is_now
    GROUP BY question_id, relation, unit, in_points, movement, about_equal, clearly_unequal, sense
    HAVING count(*) = any_value(periods_said)
),
weighed AS (
    SELECT *, move(value, compared_value, in_points) AS apart,
        CASE WHEN sense <> 0 THEN sense * apart >= 0.999999 * movement ELSE distance_of(value, compared_value, in_points) <= about_equal END AS is_so,
        CASE WHEN sense <> 0 THEN -sense * apart >= 0.999999 * movement ELSE distance_of(value, compared_value, in_points) >= clearly_unequal END AS is_otherwise
    FROM sides
)
SELECT question_id, 'as_known' AS reading,
    CASE WHEN bool_or(is_so) FILTER (rung = 0) THEN true WHEN bool_and(is_otherwise) THEN false END AS says,
    CASE WHEN bool_or(is_otherwise) FILTER (rung = 0) THEN 'stretch_unclear' ELSE 'within_noise' END AS open_reason,
    max(value) FILTER (rung = 0) AS official_value, max(period_start) FILTER (rung = 0) AS official_period_start,
    max(period_end) FILTER (rung = 0) AS official_period_end, max(compared_value) FILTER (rung = 0) AS compared_value,
    any_value(official_figures_used) FILTER (rung = 0) AS official_figures_used, any_value(compared_figures_used) FILTER (rung = 0) AS compared_figures_used,
    max(known_from) FILTER (rung = 0) AS known_from, max(weakness) AS weakness,
    any_value([
        piece('told_value', value, unit, period_start, period_end), piece('told_against', compared_value, unit, NULL, NULL),
        piece('told_ratio', CASE WHEN NOT in_points AND value * compared_value > 0 THEN value / compared_value END, 'ratio', NULL, NULL)
    ]) FILTER (rung = 0) AS pieces
FROM weighed
GROUP BY question_id
HAVING count(*) FILTER (rung = 0) = 1
