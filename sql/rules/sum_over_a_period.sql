-- A flow over several months or quarters for which there is no figure of its own is the sum of theirs.
WITH parts AS (
    SELECT q.question_id, q.series_id, q.wanted_start, q.wanted_end, b.basis, CASE b.basis WHEN 'today' THEN 'infinity' ELSE q.known_on END AS known_on,
        unnest(generate_series(q.wanted_start, q.wanted_end, CASE q.frequency WHEN 'monthly' THEN INTERVAL 1 MONTH ELSE INTERVAL 3 MONTH END))::DATE
            AS period_start
    FROM questions q
    JOIN series s USING (series_id)
    CROSS JOIN (VALUES ('when_published'), ('today')) b(basis)
    WHERE q.asks = 'figure of a period' AND q.series_kind = 'flow' AND q.frequency IN ('monthly', 'quarterly') AND s.derivation IS NULL
        AND day(q.wanted_start) = 1 AND q.wanted_end = last_day(q.wanted_end)
        -- whole years have series of their own, whose year is the fiscal one
        AND q.wanted_end - q.wanted_start BETWEEN CASE q.frequency WHEN 'monthly' THEN 31 ELSE 92 END AND 340
)
SELECT p.question_id, p.basis, p.known_on, p.wanted_start AS period_start, p.wanted_end AS period_end,
    sum(f.value ORDER BY f.period_start) AS value, max(f.known_from) AS known_from, min(f.known_basis) AS known_basis, max(f.origin) AS origin
FROM parts p
JOIN official_figures f ON f.series_id = p.series_id AND f.period_start = p.period_start AND was_known(f.known_from, f.known_until, p.known_on)
GROUP BY ALL
HAVING sum(f.period_end - f.period_start + 1) = p.wanted_end - p.wanted_start + 1
