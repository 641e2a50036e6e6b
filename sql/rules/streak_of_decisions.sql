-- So many decisions on the policy rate in a row (连续第五次维持利率不变): eight meetings a year, about 46 days apart, tell how many there were.
WITH rates AS (
    SELECT series_id, period_start, period_end, value, known_from, lag(value) OVER days AS old_value,
        lag({'period_start': period_start, 'period_end': period_end, 'known_from': known_from}) OVER days AS old_figure
    FROM official_figures
    WHERE known_until IS NULL
        AND series_id IN (SELECT series_id FROM statements_by_series WHERE streak_unit = 'time' AND frequency = 'daily' AND definition LIKE 'target_range%')
    WINDOW days AS (PARTITION BY series_id ORDER BY period_end)
),
changes AS (
    SELECT *, sign(value - old_value) AS way,
        -- further apart than two meetings: it was left unchanged in between
        coalesce(sign(value - old_value) <> lag(sign(value - old_value)) OVER days OR period_start - lag(period_start) OVER days > 75, true) AS begins
    FROM rates
    WHERE value <> old_value
    WINDOW days AS (PARTITION BY series_id ORDER BY period_end)
),
runs AS (
    SELECT *, count(*) FILTER (begins) OVER (PARTITION BY series_id ORDER BY period_end) AS run FROM changes
),
decided AS (
    SELECT *, row_number() OVER (PARTITION BY series_id, run ORDER BY period_end) AS moves,
        first({'value': old_value, 'figure': old_figure}) OVER (PARTITION BY series_id, run ORDER BY period_end) AS start
    FROM runs
),
last_change AS (
    SELECT q.question_id, q.relation, q.streak_length, q.unit, q.period_end, q.period_start, f.value, f.figure, f.known_from, f.weakness,
        d.way, d.moves, d.start, d.period_start AS changed_on, q.period_end - d.period_start AS days_since, d.old_value, d.old_figure
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung' AND f.rung = 0
    ASOF JOIN decided d ON d.series_id = q.series_id AND q.period_end >= d.period_end
    WHERE q.kind = 'streak' AND q.streak_unit = 'time' AND q.relation IN ('rises', 'falls', 'stays')
)
SELECT question_id, 'as_known' AS reading,
    CASE
        WHEN relation = 'stays' THEN CASE WHEN round(days_since / (365.25 / 8)) >= streak_length THEN true
            WHEN round(days_since / (365.25 / 8)) <= streak_length - 2 THEN false END
        WHEN way = CASE relation WHEN 'rises' THEN 1 ELSE -1 END THEN CASE WHEN moves >= streak_length AND days_since <= 75 THEN true END
        ELSE false
    END AS says,
    'stretch_unclear' AS open_reason,
    value AS official_value, period_start AS official_period_start, period_end AS official_period_end,
    CASE WHEN relation = 'stays' THEN old_value ELSE start.value END AS compared_value, [figure] AS official_figures_used,
    CASE WHEN relation = 'stays' THEN [old_figure] ELSE [start.figure] END AS compared_figures_used, known_from, weakness,
    [
        piece('told_value', value, unit, period_start, period_end),
        piece('told_moves', CASE WHEN relation <> 'stays' THEN moves END, 'count', NULL, NULL),
        piece('told_last_change', 0, unit, changed_on, changed_on)
    ] AS pieces
FROM last_change
