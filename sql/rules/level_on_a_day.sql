-- A level on a stated day is the last one taken on or before it, at most a few days before (weekends, holidays).
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end,
    -- it decides if it is of that very day, of the Friday before a weekend, or of that week; from further back it may only bear a claim out
    p.period_end < q.wanted_end - CASE q.frequency WHEN 'weekly' THEN 6 WHEN 'daily' THEN greatest(isodow(q.wanted_end) - 5, 0)::INTEGER ELSE 0 END
        AS is_neighbour
FROM questions q
ASOF JOIN measured_periods p ON p.series_id = q.series_id AND q.wanted_end >= p.period_end
WHERE q.asks = 'level on a day'
    AND p.period_end >= q.wanted_end - CASE q.frequency WHEN 'weekly' THEN 6 ELSE tolerance('grace_days')::INTEGER END
UNION ALL
-- A rate that is decided on a day is in force from the next.
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end, true
FROM questions q
JOIN measured_periods p ON p.series_id = q.series_id AND p.period_end = q.wanted_end + 1
WHERE q.asks = 'level on a day' AND q.series_kind = 'rate' AND q.frequency = 'daily'
