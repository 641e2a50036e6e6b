-- No comparison as known when the article appeared uses a figure that became known later.
-- asset: verdicts
SELECT c.claim_id, c.series_id, c.known_from, a.published_on
FROM (
    SELECT claim_id, series_id, basis, known_from FROM comparisons
    UNION ALL
    SELECT claim_id, series_id, basis, known_from FROM statement_comparisons
) c
JOIN claims USING (claim_id)
JOIN articles a USING (article_id)
WHERE c.basis = 'when_published' AND (a.published_on IS NULL OR c.known_from > a.published_on);
