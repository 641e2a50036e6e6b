-- Why could the other claims not be judged?
SELECT reason, count(*) AS claims, count(DISTINCT article_id) AS articles, any_value(quote) AS example
FROM claim_checks
WHERE verdict_today = 'not_enough_evidence'
GROUP BY reason
ORDER BY claims DESC;
