-- A change of sign (转负, 由亏转盈): the newest value, or the last of the stretch said, lies on the new side, and one of the few before it on the old one.
-- Contradicted only where a stretch is said and its last value lies clearly on the old side.
WITH values_of AS (
    SELECT q.question_id, q.is_now, q.unit, q.least_sign AS least, CASE q.relation WHEN 'turns_positive' THEN 1 ELSE -1 END AS sense,
        f.rung, f.value, f.period_start, f.period_end, f.known_from, f.weakness, f.figure
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung'
    WHERE q.kind = 'turn' AND q.relation IN ('turns_positive', 'turns_negative')
),
tallied AS (
    SELECT question_id, any_value(is_now) AS is_now, any_value(unit) AS unit, any_value(sense) AS sense, any_value(least) AS least,
        any_value({'value': value, 'start': period_start, 'end': period_end, 'figure': figure}) FILTER (rung = 0) AS newest,
        arg_min({'value': value, 'start': period_start, 'end': period_end, 'figure': figure}, rung) FILTER (rung > 0 AND sense * value < 0) AS other_side,
        arg_min({'value': value, 'start': period_start, 'end': period_end, 'figure': figure}, rung) FILTER (rung > 0) AS previous,
        max(known_from) AS known_from, max(weakness) AS weakness
    FROM values_of
    GROUP BY question_id
)
SELECT question_id, 'as_known' AS reading,
    CASE WHEN sense * newest.value >= 0.5 * least AND sense * newest.value > 0 AND other_side IS NOT NULL THEN true
        WHEN NOT is_now AND -sense * newest.value >= least AND newest.value <> 0 THEN false END AS says,
    CASE WHEN abs(newest.value) < 0.5 * least THEN 'within_noise' ELSE 'stretch_unclear' END AS open_reason,
    newest.value AS official_value, newest.start AS official_period_start, newest.end AS official_period_end,
    coalesce(other_side, previous).value AS compared_value, [newest.figure] AS official_figures_used,
    [coalesce(other_side, previous).figure] AS compared_figures_used, known_from, weakness,
    [
        piece('told_value', newest.value, unit, newest.start, newest.end),
        piece('told_before_that', coalesce(other_side, previous).value, unit, coalesce(other_side, previous).start, coalesce(other_side, previous).end)
    ] AS pieces
FROM tallied
WHERE newest IS NOT NULL AND previous IS NOT NULL
