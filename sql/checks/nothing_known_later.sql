-- No comparison as known when the article appeared uses a figure that became known later.
-- asset: comparisons
SELECT c.claim_id, c.series_id, c.known_from, a.published_on
FROM comparisons c
JOIN claims USING (claim_id)
JOIN articles a USING (article_id)
WHERE c.basis = 'when_published' AND (a.published_on IS NULL OR c.known_from > a.published_on);
