-- Which claims were right when they appeared and are not today, or the reverse?
SELECT article_id, published_on, claimed, verdict_when_published, official_when_published, verdict_today, official_today, source
FROM claim_checks
WHERE verdict_when_published <> verdict_today
ORDER BY article_id, quote_start;
