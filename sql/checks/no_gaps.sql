-- Between the first and the last period of a series none is missing, but for those that were never published.
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'gap' AND series_id IN (SELECT series_id FROM observations);
