-- The comparisons that tell the story: the best of each definition, those that agree first, then those that contradict, the newest first.
WITH best AS (
    SELECT e.*, CASE WHEN e.agrees THEN 0 WHEN NOT e.agrees THEN 1 ELSE 2 END AS rank, s.is_projection
    FROM evidence e
    JOIN series s USING (series_id)
    QUALIFY row_number() OVER (
        PARTITION BY e.claim_id, e.basis, e.definition ORDER BY rank, e.official_period_end DESC, e.distance, e.series_id, e.reading
    ) = 1
)
SELECT claim_id, basis, series_id, reading, undecided_reason, row_number() OVER (
    PARTITION BY claim_id, basis ORDER BY rank, is_projection, official_period_end DESC, distance, series_id, reading
) AS place
FROM best
