-- Where a service answers, its series have not stopped: a newer period is not long overdue.
-- asset: series_states
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'stopped' AND series_id IN (SELECT series_id FROM observations);
