-- The comparisons that tell the story: the best of each definition, those that agree first, then those that contradict, the newest first.
WITH best AS (
    SELECT *, CASE WHEN agrees THEN 0 WHEN NOT agrees THEN 1 ELSE 2 END AS rank
    FROM evidence
    QUALIFY row_number() OVER (
        PARTITION BY claim_id, basis, definition ORDER BY rank, official_period_end DESC, distance, series_id, reading
    ) = 1
)
SELECT claim_id, basis, is_statement, row, undecided_reason, row_number() OVER (
    PARTITION BY claim_id, basis ORDER BY rank, official_period_end DESC, distance, series_id, reading
) AS place
FROM best
