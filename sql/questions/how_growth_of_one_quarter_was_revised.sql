-- How did the official growth of one quarter change from estimate to estimate?
SELECT known_from, known_until, value AS percent_annual_rate, known_basis
FROM official_figures
WHERE series_id = 'A191RL1Q225SBEA' AND period_start = DATE '2022-04-01'
ORDER BY known_from;
