-- Two metrics that rise and fall together (同步): from period to period of the last year, or of the stretch said, both moved the same way nearly always;
-- that part ways (背离): the opposite way. That they move together is contradicted only if they nearly always moved the opposite way; that they part ways never.
WITH steps AS (
    SELECT q.question_id, q.relation, q.unit, q.together, f.rung, f.value, f.compared_value, f.period_start, f.period_end, f.known_from, f.weakness, f.figure, f.compared_figure,
        sign(f.value - lead(f.value) OVER back) * sign(f.compared_value - lead(f.compared_value) OVER back) AS way
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung'
    WHERE q.kind = 'comparison' AND q.relation IN ('moves_with', 'diverges_from')
    WINDOW back AS (PARTITION BY q.question_id ORDER BY f.rung)
),
counted AS (
    SELECT question_id, any_value(relation) AS relation, any_value(together) AS together, count(*) FILTER (way = 1) AS same_way, count(*) FILTER (way = -1) AS opposite_way,
        any_value({'value': value, 'compared_value': compared_value, 'start': period_start, 'end': period_end, 'unit': unit, 'figure': figure,
            'compared_figure': compared_figure}) FILTER (rung = 0) AS newest,
        max(known_from) AS known_from, max(weakness) AS weakness
    FROM steps
    GROUP BY question_id
)
SELECT question_id, 'as_known' AS reading,
    -- fewer than six steps may go one way by chance
    CASE WHEN same_way + opposite_way < 6 THEN NULL
        WHEN CASE relation WHEN 'moves_with' THEN same_way ELSE opposite_way END >= together * (same_way + opposite_way) THEN true
        WHEN relation = 'moves_with' AND opposite_way >= together * (same_way + opposite_way) THEN false END AS says,
    'stretch_unclear' AS open_reason, newest.value AS official_value, newest.start AS official_period_start, newest.end AS official_period_end,
    newest.compared_value AS compared_value, [newest.figure] AS official_figures_used, [newest.compared_figure] AS compared_figures_used, known_from, weakness,
    [
        piece('told_value', newest.value, newest.unit, newest.start, newest.end),
        piece('told_same_way', same_way, 'count', NULL, NULL), piece('told_opposite_way', opposite_way, 'count', NULL, NULL)
    ] AS pieces
FROM counted
WHERE newest IS NOT NULL
