-- What the operator sees of the official figures: how many of each source, how new, and where they came from.
SELECT s.provider AS source, count(DISTINCT series_id) AS series, count(*) AS observations,
    count(DISTINCT series_id) FILTER (o.origin = 'live') AS "live series",
    max(o.period_end) FILTER (NOT s.is_projection) AS "newest period", max(o.known_from) AS "newest vintage"
FROM observations o
JOIN series s USING (series_id)
GROUP BY ALL
ORDER BY ALL
