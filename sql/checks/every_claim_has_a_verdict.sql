-- Every claim has one verdict, and every verdict a claim.
-- asset: verdicts
SELECT coalesce(c.claim_id, v.claim_id) AS claim_id
FROM claims c
FULL JOIN verdicts v USING (claim_id)
WHERE c.claim_id IS NULL OR v.claim_id IS NULL;
