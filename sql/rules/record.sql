-- The highest or lowest since a day, or ever: the newest value (of a stretch, its best) beside all that the series held before.
-- Borne out only where the series reaches back that far without gaps; a record spoken of without a date may have been set within the last weeks,
-- and stands as long as the newest value lies no further from it than noise.
WITH asked AS (
    SELECT q.question_id, q.track_id, q.relation, q.unit, q.in_points, q.period_days, q.movement, q.beaten, q.coverage, q.ever_years, q.since, q.is_now, q.place,
        q.period_start, q.period_end, CASE q.relation WHEN 'highest' THEN 1 ELSE -1 END AS sense,
        record_span_start(q.since, q.quote, q.published_on, q.span_slack) AS span_start,
        CASE WHEN q.is_now THEN q.period_end - q.recent_days::INTEGER ELSE q.wanted_start END AS recent_from,
        regexp_matches(q.quote, '历史|歷史|史上|有史|[纪紀][录錄]|记录|記錄') AS says_ever
    FROM statement_questions q
    WHERE q.kind = 'record' AND q.relation IN ('highest', 'lowest')
),
reaching AS (
    SELECT a.*, b.period_start AS held_from,
        CASE
            WHEN a.place - b.place + 1 < a.coverage * (a.period_end - greatest(b.period_start, coalesce(a.span_start, b.period_start))) / a.period_days THEN false
            WHEN a.span_start IS NULL THEN a.period_end - b.period_start >= 365.25 * a.ever_years
            ELSE b.period_start <= a.span_start + a.period_days::INTEGER + 31
        END AS is_covered
    FROM asked a
    ASOF JOIN statement_periods b ON b.track_id = a.track_id AND coalesce(a.span_start, DATE '0001-01-01') <= b.period_start
),
held AS (
    SELECT r.question_id,
        any_value({'value': f.value, 'figure': f.figure, 'known_from': f.known_from}) FILTER (f.role = 'rung') AS newest,
        arg_max({'value': f.value, 'figure': f.figure, 'period_start': f.period_start, 'period_end': f.period_end, 'known_from': f.known_from},
            [r.sense * f.value, f.place])
            FILTER (f.role = 'rung' OR f.period_end >= r.recent_from) AS late,
        arg_max({'value': f.value, 'figure': f.figure, 'period_start': f.period_start, 'period_end': f.period_end, 'known_from': f.known_from},
            [r.sense * f.value, f.place])
            FILTER (f.role = 'rival' AND f.period_end < r.recent_from) AS rival,
        max(f.weakness) AS weakness
    FROM reaching r
    JOIN statement_figures f USING (question_id)
    GROUP BY r.question_id
),
weighed AS (
    SELECT r.*, h.weakness, h.late, h.rival,
        CASE WHEN r.is_now THEN h.newest.value ELSE h.late.value END AS value,
        CASE WHEN r.is_now THEN h.newest.figure ELSE h.late.figure END AS figure,
        CASE WHEN r.is_now THEN r.period_start ELSE h.late.period_start END AS value_start,
        CASE WHEN r.is_now THEN r.period_end ELSE h.late.period_end END AS value_end,
        greatest(h.newest.known_from, h.rival.known_from, CASE WHEN NOT r.is_now THEN h.late.known_from END) AS known_from,
        coalesce(r.sense * move(h.rival.value, h.late.value, r.in_points), '-inf'::DOUBLE) AS beaten_by,
        coalesce(r.sense * move(h.rival.value, h.newest.value, r.in_points), '-inf'::DOUBLE) AS newest_beaten_by,
        NOT r.is_now OR h.newest.value = h.late.value OR abs(move(h.newest.value, h.late.value, r.in_points)) < 0.999999 * r.movement AS stands
    FROM reaching r
    JOIN held h USING (question_id)
    WHERE h.newest IS NOT NULL
)
SELECT question_id, 'as_known' AS reading,
    CASE
        WHEN is_covered AND beaten_by <= 0 AND stands AND (NOT is_now OR newest_beaten_by <= 0) THEN true
        WHEN beaten_by >= 0.999999 * beaten AND (since IS NOT NULL OR says_ever) THEN false
    END AS says,
    CASE WHEN beaten_by >= 0.999999 * beaten OR (beaten_by <= 0 AND NOT stands) THEN 'stretch_unclear'
        WHEN beaten_by > 0 OR (is_now AND newest_beaten_by > 0) THEN 'within_noise' ELSE 'history_too_short' END AS open_reason,
    value AS official_value, value_start AS official_period_start, value_end AS official_period_end, rival.value AS compared_value,
    [figure] AS official_figures_used, CASE WHEN rival IS NOT NULL THEN [rival.figure] END AS compared_figures_used, known_from, weakness,
    [
        piece('told_value', value, unit, value_start, value_end),
        piece('told_' || relation || '_otherwise', rival.value, unit, rival.period_start, rival.period_end),
        piece('told_held_from', 0, unit, held_from, held_from)
    ] AS pieces
FROM weighed
