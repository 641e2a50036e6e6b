-- What each comparison says of its claim, figures and statements alike.
SELECT claim_id, basis, series_id, '' AS reading, definition, agrees, undecided_reason, official_period_end, abs(relative_difference) AS distance
FROM comparisons
UNION ALL
SELECT claim_id, basis, series_id, reading, definition, agrees, undecided_reason, official_period_end, NULL AS distance
FROM statement_comparisons
