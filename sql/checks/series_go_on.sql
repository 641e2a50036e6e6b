-- Where a service answers, its series have not stopped: a newer period is not long overdue.
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'stopped' AND series_id IN (SELECT series_id FROM observations);
