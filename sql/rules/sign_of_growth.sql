-- Below or above nought: a growth of the period said; of now, the newest, and contradicted only if the two before it were on the other side too.
WITH values_of AS (
    SELECT q.question_id, q.is_now, q.is_stretch, q.unit, q.least_sign AS least, CASE q.relation WHEN 'positive' THEN 1 ELSE -1 END AS sense,
        f.rung, f.place > q.place_before OR q.is_now AS is_within, f.value, f.period_start, f.period_end, f.known_from, f.weakness, f.figure,
        sense * f.value >= 0.5 * least AND sense * f.value > 0 AS is_along, -sense * f.value >= least AS is_against
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung'
    WHERE q.kind = 'direction' AND q.relation IN ('positive', 'negative')
)
SELECT question_id, 'as_known' AS reading,
    CASE
        WHEN bool_and(is_along) FILTER (is_within AND (rung = 0 OR is_stretch)) THEN true
        WHEN bool_and(is_against) FILTER (is_within) THEN false
    END AS says,
    CASE WHEN bool_or(NOT is_along AND NOT is_against) FILTER (rung = 0) THEN 'within_noise' ELSE 'stretch_unclear' END AS open_reason,
    max(value) FILTER (rung = 0) AS official_value, max(period_start) FILTER (rung = 0) AS official_period_start,
    max(period_end) FILTER (rung = 0) AS official_period_end, max(value) FILTER (rung = 1) AS compared_value,
    list(figure) FILTER (rung = 0) AS official_figures_used, list(figure) FILTER (rung = 1) AS compared_figures_used,
    max(known_from) AS known_from, max(weakness) AS weakness,
    list(piece('told_value', value, unit, period_start, period_end) ORDER BY rung) FILTER (is_within AND rung < 6) AS pieces
FROM values_of
GROUP BY question_id
HAVING count(*) FILTER (rung = 0) = 1
