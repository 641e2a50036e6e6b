-- What the operator sees of the reading: how much was found in each article.
SELECT article_id AS article, count(*) FILTER (kind = 'quantity') AS figures, count(*) FILTER (kind <> 'quantity') AS statements,
    count(*) FILTER (metric IS NOT NULL) AS "with a metric", count(*) FILTER (inconsistency IS NOT NULL) AS inconsistent
FROM claims
GROUP BY ALL
ORDER BY ALL
LIMIT 50
