-- For each series and period at most one value is known on any day.
-- asset: derived_observations
SELECT series_id, period_start, period_end, known_from, known_until, next_known_from
FROM (
    SELECT *, lead(known_from) OVER (PARTITION BY series_id, period_start, period_end ORDER BY known_from) AS next_known_from
    FROM official_figures
)
WHERE next_known_from IS NOT NULL AND (known_until IS NULL OR known_until >= next_known_from);
