-- A forecast for a year is held against the official projection for it; of a flow, not a forecast for a quarter or ten years together.
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end,
    -- a fiscal year stands in for the calendar year of a forecast, too
    NOT q.is_level AND (p.period_start <> q.wanted_start OR p.period_end <> q.wanted_end) AS is_neighbour
FROM questions q
JOIN measured_periods p ON p.series_id = q.series_id AND year(p.period_end) = year(q.wanted_end)
WHERE q.asks = 'projection for a year'
    AND (q.series_kind = 'stock' OR abs((q.wanted_end - q.wanted_start) - (p.period_end - p.period_start)) <= 1)
QUALIFY row_number() OVER (PARTITION BY q.question_id ORDER BY p.period_end DESC, p.period_start DESC) = 1
