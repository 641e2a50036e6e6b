-- What does each article claim, what is official, and do they agree?
SELECT article_id, quote, claimed, verdict_when_published, verdict_today, explanation_en
FROM claim_checks
WHERE verdict_today <> 'not_enough_evidence' OR verdict_when_published <> 'not_enough_evidence'
ORDER BY article_id, quote_start;
