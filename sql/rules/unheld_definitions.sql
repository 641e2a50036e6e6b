-- Series beside which the catalogue has another definition of their metric of which nothing is held: what they contradict may be right under that one.
-- The average rate of all interest-bearing debt was 3.36% where that of the marketable debt was 3.41%.
SELECT DISTINCT s.series_id
FROM series s
JOIN series o ON o.metric = s.metric AND o.unit = s.unit AND o.definition <> s.definition AND NOT o.is_proxy AND NOT o.is_projection
WHERE NOT s.is_projection
    AND (o.metric, o.definition) NOT IN (
        SELECT (metric, definition) FROM series WHERE metric IS NOT NULL AND definition IS NOT NULL AND series_id IN (SELECT series_id FROM measured_periods)
    )
