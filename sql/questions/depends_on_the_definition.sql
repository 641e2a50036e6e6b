-- Which claims are right under one official definition and wrong under another?
SELECT k.article_id, k.quote, k.claimed, c.definition, c.official_value, c.official_period_end, c.accepted_low, c.accepted_high, c.agrees, s.title
FROM claim_checks k
JOIN comparisons c ON c.claim_id = k.claim_id AND c.basis = 'today'
JOIN series s ON s.series_id = c.series_id
WHERE k.verdict_today = 'conflicting_evidence'
ORDER BY k.article_id, k.quote_start, c.definition;
