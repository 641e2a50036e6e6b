-- The periods that can deny a record: of its span, and of the last weeks, those that may have stood furthest, whichever of its values each had on the day asked about.
WITH records AS (
    SELECT question_id, track_id, place, relation, known_on, record_span_start(since, quote, published_on, span_slack) AS span_start,
        CASE WHEN is_now THEN period_end - recent_days::INTEGER ELSE wanted_start END AS recent_from
    FROM statement_questions
    WHERE kind = 'record'
),
-- worked out twice rather than kept: thousands of periods for every record
spans AS NOT MATERIALIZED (
    SELECT r.question_id, p.place, p.period_end >= r.recent_from AS is_late,
        CASE r.relation WHEN 'highest' THEN p.highest ELSE -p.lowest END AS farthest,
        CASE r.relation WHEN 'highest' THEN p.lowest ELSE -p.highest END AS nearest
    FROM records r
    JOIN statement_periods p ON p.track_id = r.track_id AND p.place < r.place AND p.first_known_from <= r.known_on
        AND (r.span_start IS NULL OR p.period_start >= r.span_start)
),
surely_reached AS (
    SELECT question_id, is_late, max(nearest) AS reach FROM spans GROUP BY ALL
)
SELECT s.question_id, s.place
FROM spans s
JOIN surely_reached r USING (question_id, is_late)
WHERE s.farthest >= r.reach
