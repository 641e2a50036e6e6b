-- So many periods in a row in one direction or on one side of nought: up to the newest period, or up to any period of the stretch said.
-- Held against what is known of each period, and against what was first published of each, which may have said otherwise.
WITH asked AS (
    SELECT question_id, series_id, relation, unit, in_points, frequency, streak_length, streak_unit, is_revised, is_now, movement, surge, least_sign, CASE relation WHEN 'rises' THEN 1 WHEN 'positive' THEN 1 WHEN 'stays' THEN 0 ELSE -1 END AS sense,
        relation IN ('positive', 'negative') AS is_of_sign,
        CASE WHEN is_stretch THEN place - greatest(place_before, place - 400) - 1 ELSE 0 END AS last_end
    FROM statement_questions
    WHERE kind = 'streak' AND streak_unit IS DISTINCT FROM 'time'
),
first_published AS (
    SELECT series_id, period_start, period_end, arg_min({'value': value, 'known_basis': known_basis}, known_from) AS estimate, min(known_from) AS known_from
    FROM official_figures
    WHERE series_id IN (SELECT series_id FROM asked WHERE is_revised)
    GROUP BY ALL
),
rungs AS (
    SELECT a.question_id, f.role, f.rung, f.period_start, f.period_end, f.value, f.known_from, f.weakness, f.figure
    FROM asked a
    JOIN statement_figures f USING (question_id)
),
readings AS (
    SELECT 'as_known' AS reading, * FROM rungs
    UNION ALL BY NAME
    SELECT 'first_published' AS reading, r.* REPLACE (p.estimate.value AS value, p.known_from AS known_from,
        CASE p.estimate.known_basis WHEN 'release_lag' THEN 2 WHEN 'retrieved' THEN 1 ELSE 0 END AS weakness,
        {'period_start': p.period_start, 'period_end': p.period_end, 'known_from': p.known_from} AS figure)
    FROM rungs r
    JOIN asked a USING (question_id)
    JOIN first_published p ON p.series_id = a.series_id AND p.period_start = r.period_start AND p.period_end = r.period_end
),
stepped AS (
    SELECT a.*, r.reading, r.role, r.rung, r.period_start AS rung_start, r.period_end AS rung_end, r.value, r.known_from, r.weakness, r.figure,
        move(r.value, lead(r.value) OVER back, a.in_points) AS moved,
        -- what lies between two periods that do not follow each other is not known
        lead(r.role) OVER back = 'rung' AND r.period_start - lead(r.period_end) OVER back > CASE a.frequency WHEN 'daily' THEN 5 WHEN 'weekly' THEN 7 ELSE 1 END AS has_gap
    FROM asked a
    JOIN readings r USING (question_id)
    WINDOW back AS (PARTITION BY a.question_id, r.reading ORDER BY r.rung)
),
counted AS (
    SELECT *,
        CASE
            WHEN is_of_sign THEN CASE WHEN sense * value > 0 THEN 1 WHEN -sense * value >= least_sign THEN -1 ELSE 0 END
            WHEN moved IS NULL OR coalesce(has_gap, true) THEN 0
            WHEN relation = 'stays' THEN CASE WHEN abs(moved) < 0.999999 * movement THEN 1 ELSE -1 END
            WHEN sense * moved > 1e-9 THEN 1
            WHEN -sense * moved >= 0.999999 * movement THEN -1
            ELSE 0
        END AS way
    FROM stepped
),
runs AS (
    SELECT *, count(*) FILTER (way = 1) OVER run AS along, count(*) FILTER (way = -1) OVER run AS against, count(*) OVER run AS length,
        {'value': nth_value(value, streak_length + CASE WHEN is_of_sign THEN 0 ELSE 1 END) OVER upwards,
         'figure': nth_value(figure, streak_length + CASE WHEN is_of_sign THEN 0 ELSE 1 END) OVER upwards} AS foot
    FROM counted
    WINDOW run AS (PARTITION BY question_id, reading ORDER BY rung ROWS BETWEEN CURRENT ROW AND streak_length - 1 FOLLOWING),
        upwards AS (PARTITION BY question_id, reading ORDER BY rung ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
),
judged AS (
    SELECT question_id, reading, any_value(unit) AS unit, any_value(streak_length) AS streak_length, any_value(is_of_sign) AS is_of_sign,
        coalesce(bool_or(along = streak_length) FILTER (rung <= last_end), false) AS holds,
        -- the writer may not have known the newest two
        bool_and(against > 0 AND length = streak_length) FILTER (rung <= CASE WHEN is_now THEN 2 ELSE last_end END) AS fails,
        bool_or(against > 0) FILTER (rung <= last_end) AS is_broken,
        arg_max({'rung': rung, 'value': value, 'figure': figure, 'start': rung_start, 'end': rung_end, 'foot': foot}, [along, -rung])
            FILTER (rung <= last_end) AS best,
        max(known_from) AS known_from,
        -- what lies far on the other side no revision turns
        max(CASE WHEN -sense * CASE WHEN is_of_sign THEN value ELSE moved END >= surge THEN 0 ELSE weakness END) AS weakness,
        bool_or(streak_unit IS NULL OR role = 'streak') AS is_by_another_calendar
    FROM runs
    GROUP BY question_id, reading
),
told AS (
    SELECT j.question_id, j.reading,
        list(piece('told_value', r.value, j.unit, r.period_start, r.period_end) ORDER BY r.rung DESC) AS pieces
    FROM judged j
    JOIN readings r USING (question_id, reading)
    -- the streak and what it starts from; of a long one the newest and the oldest
    WHERE r.rung BETWEEN j.best.rung AND j.best.rung + j.streak_length - CASE WHEN j.is_of_sign THEN 1 ELSE 0 END
        AND (r.rung - j.best.rung < 4 OR r.rung - j.best.rung >= j.streak_length - CASE WHEN j.is_of_sign THEN 1 ELSE 0 END)
    GROUP BY ALL
),
said AS (
    SELECT j.*, CASE WHEN holds THEN true WHEN fails AND NOT is_by_another_calendar THEN false END AS says,
        CASE WHEN is_broken THEN 'stretch_unclear' ELSE 'within_noise' END AS open_reason
    FROM judged j
)
SELECT s.question_id, s.reading, s.says, s.open_reason, s.best.value AS official_value, s.best.start AS official_period_start, s.best.end AS official_period_end,
    s.best.foot.value AS compared_value, [s.best.figure] AS official_figures_used,
    CASE WHEN s.best.foot.value IS NOT NULL THEN [s.best.foot.figure] END AS compared_figures_used, s.known_from, s.weakness,
    CASE WHEN s.reading = 'first_published' THEN [piece('told_first_published', 0, s.unit, NULL, NULL)] ELSE [] END || t.pieces AS pieces
FROM said s
JOIN told t USING (question_id, reading)
LEFT JOIN said k ON k.question_id = s.question_id AND k.reading = 'as_known'
-- First estimates speak only where they are held and say otherwise than what is known.
WHERE s.reading = 'as_known' OR (s.weakness = 0 AND s.says IS NOT NULL AND s.says IS DISTINCT FROM k.says)
