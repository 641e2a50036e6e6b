-- Debt held by the public and intragovernmental holdings add up to the total, but for the ten billion that Treasury's own figures lack on 2025-08-04 and three cents on 2011-02-01.
-- asset: observations
-- severity: warn
SELECT t.period_end, t.value AS total, p.value + g.value AS parts
FROM observations t
JOIN observations p ON p.series_id = 'DEBT_TO_PENNY.held_by_public' AND p.period_end = t.period_end AND p.known_until IS NULL
JOIN observations g ON g.series_id = 'DEBT_TO_PENNY.intragovernmental' AND g.period_end = t.period_end AND g.known_until IS NULL
WHERE t.series_id = 'DEBT_TO_PENNY.total' AND t.known_until IS NULL
    AND abs(t.value - p.value - g.value) > 0.01
    AND t.period_end NOT IN (DATE '2025-08-04', DATE '2011-02-01');
