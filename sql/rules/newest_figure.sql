-- What is said of the present is held against the newest period that the writer could know, unless that is too old to speak for the present.
WITH new_on AS (
    SELECT series_id, greatest(first_known_from, period_end) AS known_from, max(period_end) AS period_end
    FROM measured_periods
    WHERE series_id IN (SELECT series_id FROM questions WHERE asks = 'newest figure')
    GROUP BY ALL
),
newest AS (
    -- a figure that came out late for an old period is not the newest
    SELECT series_id, known_from, max(period_end) OVER (PARTITION BY series_id ORDER BY known_from ROWS UNBOUNDED PRECEDING) AS period_end
    FROM new_on
)
SELECT q.question_id, q.series_id, q.known_on, p.period_start, p.period_end, false AS is_neighbour
FROM questions q
ASOF JOIN newest n ON n.series_id = q.series_id AND q.published_on >= n.known_from
JOIN (SELECT series_id, period_end, max(period_start) AS period_start FROM measured_periods GROUP BY ALL) p
    ON p.series_id = n.series_id AND p.period_end = n.period_end
WHERE q.asks = 'newest figure' AND n.period_end BETWEEN q.wanted_end - stale_days(q.frequency) AND q.wanted_end
