-- A flow, rate or index is of exactly the period said; a fiscal year may bear out what is said of the calendar year of the same number.
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end, false AS is_neighbour
FROM questions q
JOIN measured_periods p ON p.series_id = q.series_id AND p.period_start = q.wanted_start AND p.period_end = q.wanted_end
WHERE q.asks = 'figure of a period'
UNION ALL
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end, true
FROM questions q
JOIN measured_periods p ON p.series_id = q.series_id AND year(p.period_end) = year(q.wanted_end) AND p.period_end <> q.wanted_end
WHERE q.asks = 'figure of a period' AND q.frequency = 'annual'
    AND q.wanted_start = make_date(year(q.wanted_end), 1, 1) AND q.wanted_end = make_date(year(q.wanted_end), 12, 31)
QUALIFY row_number() OVER (PARTITION BY q.question_id ORDER BY p.period_end DESC, p.period_start DESC) = 1
