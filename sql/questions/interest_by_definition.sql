-- What does the federal debt cost a year, by each official definition?
SELECT s.definition, s.title, f.period_start, f.period_end, f.value / 1e9 AS billion_usd
FROM series s
JOIN official_figures f USING (series_id)
WHERE s.metric = 'federal_interest' AND NOT s.is_projection AND f.known_until IS NULL
QUALIFY row_number() OVER (PARTITION BY s.series_id ORDER BY f.period_end DESC) = 1
ORDER BY s.definition, s.title;
