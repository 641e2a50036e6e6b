-- What is odd about an official figure that is current today. Nothing is changed for it: the figure stands as published, and whoever uses it is told.
WITH figures AS (
    SELECT o.*, s.metric, s.unit, s.subject, s.frequency, s.kind, s.is_projection, s.is_revised, s.provider
    FROM observations o
    JOIN series s USING (series_id)
    WHERE o.known_until IS NULL
),
-- Totals that their parts must add up to, and how far rounding may carry them apart.
sums (total, part, sign, rounding) AS (
    VALUES
        ('DEBT_TO_PENNY.total', 'DEBT_TO_PENNY.held_by_public', 1, 0.01),
        ('DEBT_TO_PENNY.total', 'DEBT_TO_PENNY.intragovernmental', 1, 0.01),
        ('MTSDS133FMS', 'MTSO133FMS', 1, 2e6),
        ('MTSDS133FMS', 'MTSR133FMS', -1, 2e6),
        ('FYFSD', 'FYONET', 1, 2e6),
        ('FYFSD', 'FYFR', -1, 2e6)
),
-- Days on which the publisher's own parts do not: ten billion in 2025, three cents in 2011.
known_differences (series_id, period_end) AS (
    VALUES ('DEBT_TO_PENNY.total', DATE '2025-08-04'), ('DEBT_TO_PENNY.total', DATE '2011-02-01')
),
added AS (
    SELECT t.series_id, t.period_start, t.period_end, t.value, sum(s.sign * p.value) AS parts, any_value(s.rounding) AS rounding
    FROM sums s
    JOIN figures t ON t.series_id = s.total
    JOIN figures p ON p.series_id = s.part AND p.period_start = t.period_start AND p.period_end = t.period_end
    GROUP BY t.series_id, t.period_start, t.period_end, t.value
    HAVING count(*) = (SELECT count(*) FROM sums every WHERE every.total = t.series_id)
),
-- Periods for which no figure ever appeared: the closed government of October 2025, the quarter between two fiscal years of 1976.
never_published (series_id, period_start) AS (
    VALUES ('CPIAUCSL', DATE '2025-10-01'), ('CPIAUCNS', DATE '2025-10-01'), ('CPILFESL', DATE '2025-10-01'), ('CPILFENS', DATE '2025-10-01'),
        ('UNRATE', DATE '2025-10-01'), ('FYFSD', DATE '1976-07-01')
),
neighbours AS (
    SELECT series_id, period_start, period_end, value, kind, frequency, provider, is_projection,
        lead(period_start) OVER periods AS next_start,
        median(abs(value)) OVER around AS usual, count(*) OVER around AS periods_around,
        min(value) OVER whole < 0 AND max(value) OVER whole > 0 AS changes_sign
    FROM figures
    WINDOW periods AS (PARTITION BY series_id ORDER BY period_end, period_start), whole AS (PARTITION BY series_id),
        around AS (PARTITION BY series_id ORDER BY period_end, period_start ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW)
),
first_published AS (
    SELECT series_id, period_start, period_end, arg_min(value, known_from) AS value FROM observations GROUP BY ALL
),
odd AS (
    SELECT series_id, period_start, period_end, 'parts_do_not_add_up' AS warning,
        format('the parts that the publisher gives add up to {:.2f}, not to {:.2f}', parts, value) AS explanation_en,
        format('发布机构给出的各分项之和为 {:.2f}，而非 {:.2f}', parts, value) AS explanation_zh
    FROM added
    WHERE abs(value - parts) > rounding AND (series_id, period_end) NOT IN (FROM known_differences)
    UNION ALL
    SELECT a.series_id, a.period_start, a.period_end, 'opposite_sign',
        format('{} gives the same amount for this period with the opposite sign', b.series_id),
        format('{} 对同一时期给出的数额相同而符号相反', b.series_id)
    FROM figures a
    JOIN figures b ON b.metric = a.metric AND b.unit = a.unit AND b.subject IS NOT DISTINCT FROM a.subject AND b.series_id <> a.series_id
        AND b.period_start = a.period_start AND b.period_end = a.period_end
    WHERE NOT a.is_projection AND NOT b.is_projection AND a.value * b.value < 0 AND abs(a.value / b.value) BETWEEN 0.9 AND 1.1
    UNION ALL
    SELECT series_id, period_start, period_end, 'jump',
        format('it is {:.3g} times the figures of the periods around it', abs(value) / usual),
        format('该值是前后各期数值的 {:.3g} 倍', abs(value) / usual)
    FROM neighbours
    WHERE kind <> 'rate' AND NOT changes_sign AND periods_around >= 3 AND usual > 0 AND abs(value) / usual NOT BETWEEN 0.01 AND 100
        AND period_start >= DATE '1900-01-01'  -- in 1835 the debt was down to 33,733 dollars
    UNION ALL
    -- companies publish no fourth quarter of its own, and projections leave out years
    SELECT n.series_id, n.period_end + 1, n.next_start - 1, 'gap',
        'no figure is held between the period before and the one after', '前后两期之间没有数据'
    FROM neighbours n
    WHERE n.frequency IN ('monthly', 'quarterly', 'annual') AND n.provider <> 'sec' AND NOT n.is_projection
        AND n.period_end > n.period_start AND n.next_start > n.period_end + 1
        AND (n.series_id, n.period_end + 1) NOT IN (FROM never_published)
    UNION ALL
    SELECT f.series_id, f.period_start, f.period_end, 'restated',
        format('it was first published as {:.10g} and is {:.10g} now, although the series is not revised as a rule', p.value, f.value),
        format('该序列通常不修订，但该值首次公布时为 {:.10g}，现为 {:.10g}', p.value, f.value)
    FROM figures f
    JOIN first_published p USING (series_id, period_start, period_end)
    WHERE NOT f.is_revised AND NOT f.is_projection AND abs(f.value - p.value) > 0.005 * abs(p.value)
    UNION ALL
    -- the service answered at a time at which a newer period should have been out for long
    SELECT f.series_id, f.period_start, f.period_end, 'stopped',
        format('the service answered on {}, and no newer period had appeared', a.answered_at::DATE),
        format('数据服务 {} 答复时仍未公布更新的一期', a.answered_at::DATE)
    FROM series_states a
    JOIN series s USING (series_id)
    JOIN figures f ON f.series_id = a.series_id AND f.period_end = a.newest_period_end
    WHERE NOT s.is_projection AND a.answered_at::DATE - f.period_end > s.release_lag_days + overdue_days(s.frequency)
)
FROM odd
UNION ALL
-- What is computed from such a figure: of the same period, of a span that holds it, or compared with it a period or a year later.
SELECT DISTINCT s.series_id, d.period_start, d.period_end, o.warning, o.explanation_en, o.explanation_zh
FROM odd o
JOIN series s ON list_contains(string_split(s.derived_from, '|'), o.series_id)
JOIN derived_observations d ON d.series_id = s.series_id AND d.known_until IS NULL
    AND ((o.period_start >= d.period_start AND o.period_end <= d.period_end)
        OR (s.derivation IN ('month_over_month', 'change', 'quarter_at_annual_rate') AND o.period_end = d.period_start - 1)
        OR (s.derivation = 'year_over_year' AND o.period_start = d.period_start - INTERVAL 1 YEAR));
