-- Which passages with a number were not read as claims, and why?
SELECT reason, count(*) AS passages, string_agg(DISTINCT passage, ' · ' ORDER BY passage)[:120] AS examples
FROM rejected_passages
GROUP BY reason
ORDER BY passages DESC;
