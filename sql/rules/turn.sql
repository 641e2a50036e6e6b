-- A turn: what fell stops falling (停止缩表), begins to rise (重启加息) or rises (止跌回升); the same of a rise. The point of the turn is the lowest value
-- (of a rise the highest) of the year up to the newest figure, or of the stretch said with a quarter on either side; the series is held against it before and after.
-- Contradicted only where a stretch is said: a quarter after it the series is at its lowest, clearly below where it then stood. What turns now is too new to be contradicted.
WITH asked AS (
    SELECT q.question_id, q.series_id, q.relation, q.known_on, q.is_now, q.unit, q.in_points, q.movement, q.wanted_end, q.period_days,
        -- the way that it goes afterwards, or no longer the other way
        CASE WHEN q.relation IN ('stops_falling', 'starts_rising', 'turns_up') THEN 1 ELSE -1 END AS sense,
        starts_with(q.relation, 'stops') AS is_stop, starts_with(q.relation, 'starts') AS is_start,
        CASE WHEN q.is_now THEN q.period_end - 365 ELSE least(q.wanted_start, q.period_end) - 92 END AS search_from,
        CASE WHEN q.is_now THEN q.period_end ELSE q.wanted_end + 92 END AS search_to,
        -- until the next meeting a rate that is decided stays as it is
        CASE WHEN q.frequency = 'daily' THEN 42 ELSE 0.9 * q.period_days END AS least_days
    FROM statement_questions q
    -- from quarter to quarter a series with a season turns every year
    WHERE q.kind = 'turn' AND NOT (q.is_seasonal AND q.frequency <> 'annual') AND q.relation NOT IN ('turns_positive', 'turns_negative')
),
held AS (
    SELECT a.*, a.sense * f.value AS height, f.value, f.period_start, f.period_end, f.known_from, f.period_end >= a.search_from AS is_within,
        CASE f.known_basis WHEN 'release_lag' THEN 2 WHEN 'retrieved' THEN 1 ELSE 0 END AS weakness,
        {'value': f.value, 'period_start': f.period_start, 'period_end': f.period_end, 'known_from': f.known_from} AS figure
    FROM asked a
    JOIN official_figures f ON f.series_id = a.series_id AND was_known(f.known_from, f.known_until, a.known_on)
        AND f.period_end BETWEEN a.search_from - 400 AND a.search_to
),
-- What stops has turned where it was lowest first, what begins where it was lowest last.
turned AS (
    SELECT question_id, arg_max(figure, period_end) AS newest,
        arg_min(figure, [height, CASE WHEN is_stop THEN 1 ELSE -1 END * date_diff('day', DATE '1800-01-01', period_end)]) AS turning,
        arg_max(figure, period_end) FILTER (period_end <= wanted_end) AS then_known
    FROM held
    WHERE is_within
    GROUP BY question_id
),
around AS (
    SELECT h.question_id, any_value(relation) AS relation, any_value(unit) AS unit, any_value(in_points) AS in_points, any_value(movement) AS movement,
        any_value(sense) AS sense, any_value(is_now) AS is_now, any_value(is_stop) AS is_stop, any_value(is_start) AS is_start,
        any_value(least_days) AS least_days, any_value(t.newest) AS newest, any_value(t.turning) AS turning, any_value(t.then_known) AS then_known,
        any_value(h.search_to - 31) AS late,
        arg_max(h.figure, h.period_end) FILTER (h.period_end <= t.turning.period_end - greatest(85, period_days - 8)::INTEGER) AS quarter_before,
        arg_max(h.figure, h.period_end) FILTER (h.period_end <= t.turning.period_end - 357) AS year_before,
        max(known_from) FILTER (h.period_end >= t.turning.period_end - 400) AS known_from,
        max(weakness) FILTER (h.period_end >= t.turning.period_end - 400) AS weakness
    FROM held h
    JOIN turned t USING (question_id)
    GROUP BY h.question_id
),
moved AS (
    SELECT *, sense * move(turning.value, quarter_before.value, in_points) AS over_a_quarter, sense * move(turning.value, year_before.value, in_points) AS over_a_year,
        sense * move(newest.value, turning.value, in_points) AS afterwards, newest.period_end - turning.period_end AS days_after,
        CASE
            WHEN is_start THEN over_a_quarter < 0.999999 * movement
            ELSE over_a_quarter <= -0.999999 * movement OR (over_a_year <= -0.999999 * movement AND over_a_quarter < 0.999999 * movement)
        END AS fits_before,
        CASE WHEN is_stop THEN days_after >= least_days ELSE afterwards >= 0.999999 * movement END AS fits_after
    FROM around
)
SELECT question_id, 'as_known' AS reading,
    CASE WHEN fits_before AND fits_after THEN true
        WHEN NOT is_now AND days_after = 0 AND newest.period_end >= late AND sense * move(newest.value, then_known.value, in_points) <= -movement THEN false END AS says,
    CASE WHEN is_now AND days_after < least_days THEN 'not_published_yet' WHEN fits_before THEN 'within_noise' ELSE 'stretch_unclear' END AS open_reason,
    newest.value AS official_value, newest.period_start AS official_period_start, newest.period_end AS official_period_end, turning.value AS compared_value,
    [{'period_start': newest.period_start, 'period_end': newest.period_end, 'known_from': newest.known_from}] AS official_figures_used,
    [{'period_start': turning.period_start, 'period_end': turning.period_end, 'known_from': turning.known_from}] AS compared_figures_used,
    known_from, weakness,
    [
        piece('told_value', newest.value, unit, newest.period_start, newest.period_end),
        piece(CASE sense WHEN 1 THEN 'told_lowest' ELSE 'told_highest' END, turning.value, unit, turning.period_start, turning.period_end),
        piece('told_before_that', quarter_before.value, unit, quarter_before.period_start, quarter_before.period_end)
    ] AS pieces
FROM moved
WHERE quarter_before IS NOT NULL
