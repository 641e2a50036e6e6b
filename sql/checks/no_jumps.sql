-- No amount is a hundred times those of the periods around it, or a hundredth (a slip of units).
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'jump' AND series_id IN (SELECT series_id FROM observations);
