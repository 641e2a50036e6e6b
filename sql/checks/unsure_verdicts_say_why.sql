-- Not enough evidence always has its reason, and nothing else has one.
-- asset: verdicts
SELECT claim_id, verdict_today, reason, verdict_when_published, reason_when_published
FROM verdicts
WHERE (verdict_today = 'not_enough_evidence') <> (reason IS NOT NULL)
    OR (verdict_when_published = 'not_enough_evidence') <> (reason_when_published IS NOT NULL);
