-- Whom do the articles quote, and how do those figures fare?
SELECT attributed_to, count(*) AS claims,
    count(*) FILTER (verdict_today = 'supported') AS supported,
    count(*) FILTER (verdict_today = 'refuted') AS refuted,
    count(*) FILTER (verdict_today = 'conflicting_evidence') AS conflicting
FROM claim_checks
WHERE attributed_to IS NOT NULL
GROUP BY attributed_to
ORDER BY claims DESC, attributed_to;
