-- Which claims does official data contradict, then or now, and at which official value would that turn?
SELECT article_id, sentence, claimed, official_when_published, official_today, verdict_when_published, verdict_today, flips_at, source_url
FROM claim_checks
WHERE 'refuted' IN (verdict_when_published, verdict_today)
ORDER BY article_id, quote_start;
