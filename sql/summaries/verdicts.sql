-- What the operator sees of the verdicts: how many of each, and why so many stay open.
SELECT CASE WHEN reason IS NULL THEN verdict_today ELSE verdict_today || ': ' || replace(reason, '_', ' ') END AS "verdict today",
    count(*) AS claims, bar(count(*), 0, max(count(*)) OVER (), 24) AS share,
    count(*) FILTER (verdict_when_published <> verdict_today) AS "other when published"
FROM verdicts
GROUP BY ALL
ORDER BY claims DESC, 1
