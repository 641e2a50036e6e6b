-- How old are the newest figures of each source, and where do they come from?
SELECT s.provider, f.origin, count(DISTINCT s.series_id) AS series, max(f.period_end) AS newest_period_end, max(f.retrieved_at) AS last_retrieved_at
FROM official_figures f
JOIN series s USING (series_id)
WHERE NOT s.is_projection
GROUP BY ALL
ORDER BY s.provider, f.origin;
