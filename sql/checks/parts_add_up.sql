-- Parts add up to their totals: of the debt, of the budget; the days on which the publisher's own do not are known by name.
-- asset: figure_warnings
-- severity: warn
SELECT series_id, period_start, period_end, explanation_en
FROM figure_warnings
WHERE warning = 'parts_do_not_add_up' AND series_id IN (SELECT series_id FROM observations);
