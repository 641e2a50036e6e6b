-- The newest figure of every series is as new as its rhythm lets expect today, whether its service was asked or not.
-- asset: series_states
-- severity: warn
SELECT s.series_id, a.newest_period_end, a.state, a.answered_at, a.reason
FROM series_states a
JOIN series s USING (series_id)
WHERE NOT s.is_projection AND a.newest_period_end IS NOT NULL
    AND current_date - a.newest_period_end > s.release_lag_days + overdue_days(s.frequency)
ORDER BY a.newest_period_end;
