-- What each comparison says of its claim, figures and statements alike; `row` leads back to its row in comparisons or statement_comparisons.
SELECT claim_id, basis, series_id, '' AS reading, definition, agrees, undecided_reason, official_period_end, abs(relative_difference) AS distance,
    false AS is_statement, rowid AS row
FROM comparisons
UNION ALL
SELECT claim_id, basis, series_id, reading, definition, agrees, undecided_reason, official_period_end, NULL AS distance, true, rowid
FROM statement_comparisons
