-- A figure of a series that is not revised stays as it was first published, within half a percent.
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'restated' AND series_id IN (SELECT series_id FROM observations);
