-- Two series of one metric do not give the same amount with opposite signs.
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'opposite_sign' AND series_id IN (SELECT series_id FROM observations);
