-- The periods that a statement's series has measured, or that both of its series have, numbered in their order, with the day from which each was known.
WITH tracks AS (
    SELECT DISTINCT track_id, series_id, compared_series_id FROM statements_by_series
),
measured AS (
    SELECT series_id, period_start, period_end, min(known_from) AS first_known_from, min(value) AS lowest, max(value) AS highest
    FROM official_figures
    WHERE series_id IN (SELECT series_id FROM tracks UNION SELECT compared_series_id FROM tracks)
    GROUP BY ALL
)
SELECT t.track_id, t.series_id, t.compared_series_id, m.period_start, m.period_end, greatest(m.first_known_from, o.first_known_from) AS first_known_from,
    m.lowest, m.highest, row_number() OVER (PARTITION BY t.track_id ORDER BY m.period_end, m.period_start) AS place
FROM tracks t
JOIN measured m USING (series_id)
LEFT JOIN measured o ON o.series_id = t.compared_series_id AND o.period_start = m.period_start AND o.period_end = m.period_end
WHERE t.compared_series_id IS NULL OR o.series_id IS NOT NULL
