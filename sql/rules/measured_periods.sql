-- The periods that each official series measures, with the day on which each was measured for the first time.
SELECT series_id, period_start, period_end, min(known_from) AS first_known_from
FROM official_figures
GROUP BY ALL
