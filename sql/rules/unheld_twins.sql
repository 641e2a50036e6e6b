-- Rates whose twin is in the catalogue and not held: the same definition of the same metric measured another way, such as with its season and without.
-- Prices of June 2022 rose by 9.1% not adjusted for the season, which is what is reported, and by 9.0% adjusted.
SELECT DISTINCT s.series_id
FROM series s
JOIN series o ON o.metric = s.metric AND o.definition IS NOT DISTINCT FROM s.definition AND o.subject IS NOT DISTINCT FROM s.subject
    AND o.unit = s.unit AND o.frequency = s.frequency AND o.kind = s.kind AND o.series_id <> s.series_id AND NOT o.is_proxy AND NOT o.is_projection
WHERE s.kind = 'rate' AND s.unit = 'percent' AND NOT s.is_projection
    AND o.series_id NOT IN (SELECT series_id FROM measured_periods)
