-- What was the public debt by the figures known on a given day?
SELECT series_id, period_end, value / 1e12 AS trillion_usd, known_from, known_basis, origin
FROM official_figures
WHERE series_id IN ('DEBT_TO_PENNY.total', 'GFDEBTN')
    AND known_from <= DATE '2025-10-31' AND (known_until IS NULL OR known_until >= DATE '2025-10-31')
QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY period_end DESC) = 1;
