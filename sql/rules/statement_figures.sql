-- Every official figure that a statement needs, as it was known on the day asked about: counted back from the newest period (rung 0) or looked up by date.
WITH rungs AS (
    -- so many periods back from the newest one
    SELECT question_id, track_id, place, unnest(generate_series(0, place - greatest(1, CASE kind
        WHEN 'direction' THEN CASE WHEN is_stretch THEN greatest(place_before, place - 400) ELSE place - 2 END
        -- the few values before the newest, or before the stretch said
        WHEN 'turn' THEN CASE WHEN is_now THEN place - 3 ELSE greatest(place_before, place - 400) - 1 END
        -- the stretch said, or the last year
        WHEN 'comparison' THEN CASE WHEN is_now THEN place - greatest(round(365.25 / period_days)::BIGINT, 2) + 1 ELSE place_before + 1 END
        WHEN 'streak' THEN CASE WHEN streak_unit <> frequency_unit THEN place
            WHEN is_stretch THEN greatest(place_before, place - 400) - streak_length ELSE place - streak_length - 2 END
        ELSE place END))) AS rung
    FROM (SELECT *, CASE frequency WHEN 'daily' THEN 'day' WHEN 'weekly' THEN 'week' WHEN 'monthly' THEN 'month' WHEN 'quarterly' THEN 'quarter'
        ELSE 'year' END AS frequency_unit FROM statement_questions)
),
-- A span of months before the end of the newest period: what a direction is measured over, or a streak counts by.
lookbacks AS (
    SELECT question_id, track_id, period_end, frequency, unnest(CASE
        WHEN kind = 'direction' THEN [
            -- a stock that is taken every day moves over a month, not over a day
            {'role': 'month', 'rung': 1, 'months': CASE WHEN frequency = 'daily' AND series_kind = 'stock' AND NOT is_stretch THEN 1 END},
            {'role': 'quarter', 'rung': 3, 'months': CASE WHEN frequency NOT IN ('quarterly', 'annual') AND NOT is_seasonal AND NOT is_stretch THEN 3 END},
            {'role': 'year', 'rung': 12, 'months': CASE WHEN frequency <> 'annual' OR is_stretch THEN 12 END},
            {'role': 'years', 'rung': 60, 'months': CASE WHEN is_now THEN 60 END}]
        WHEN kind = 'streak' AND series_kind <> 'flow' AND relation NOT IN ('negative', 'positive') THEN list_transform(
            generate_series(1, streak_length + 1), lambda n: {'role': 'streak', 'rung': n::INTEGER, 'months': n::INTEGER * CASE
                WHEN streak_unit = 'year' AND frequency <> 'annual' THEN 12
                WHEN streak_unit = 'quarter' AND frequency NOT IN ('annual', 'quarterly') THEN 3
                WHEN streak_unit = 'month' AND frequency IN ('daily', 'weekly') THEN 1 END})
        ELSE [] END, recursive := true)
    FROM statement_questions
),
wanted AS (
    SELECT r.question_id, 'rung' AS role, r.rung::INTEGER AS rung, p.place
    FROM rungs r
    JOIN statement_periods p ON p.track_id = r.track_id AND p.place = r.place - r.rung
    UNION ALL
    SELECT l.question_id, l.role, l.rung, p.place
    FROM (
        SELECT *, CASE WHEN period_end = last_day(period_end) THEN last_day(period_end - to_months(months))
            ELSE (period_end - to_months(months))::DATE END AS wanted_on
        FROM lookbacks
        WHERE months IS NOT NULL
    ) l
    ASOF JOIN statement_periods p ON p.track_id = l.track_id AND l.wanted_on >= p.period_end
    WHERE l.wanted_on - p.period_end <= CASE l.frequency WHEN 'annual' THEN 366 WHEN 'quarterly' THEN 92 ELSE 31 END
    UNION ALL
    SELECT question_id, 'rival', 0, place FROM record_rivals
),
placed AS (
    SELECT w.question_id, w.role, w.rung, q.known_on, p.series_id, p.compared_series_id, p.place, p.period_start, p.period_end
    FROM wanted w
    JOIN statement_questions q USING (question_id)
    JOIN statement_periods p ON p.track_id = q.track_id AND p.place = w.place
),
-- Each figure is looked up once, whatever the number of statements that need it.
lookups AS (
    SELECT series_id, period_start, period_end, known_on FROM placed
    UNION
    SELECT compared_series_id, period_start, period_end, known_on FROM placed WHERE compared_series_id IS NOT NULL
),
known AS (
    SELECT l.*, f.value, f.known_from, f.known_basis
    FROM lookups l
    JOIN official_figures f ON f.series_id = l.series_id AND f.period_start = l.period_start AND f.period_end = l.period_end
        AND was_known(f.known_from, f.known_until, l.known_on)
    WHERE l.known_on < 'infinity'
    UNION ALL
    -- what is known today is what nothing has replaced: one of many values
    SELECT l.*, f.value, f.known_from, f.known_basis
    FROM lookups l
    JOIN official_figures f ON f.series_id = l.series_id AND f.period_start = l.period_start AND f.period_end = l.period_end AND f.known_until IS NULL
    WHERE l.known_on = 'infinity'
)
SELECT p.question_id, p.role, p.rung, p.place, p.period_start, p.period_end, k.value, o.value AS compared_value,
    greatest(k.known_from, o.known_from) AS known_from,
    CASE WHEN k.known_basis = 'release_lag' OR o.known_basis = 'release_lag' THEN 2 WHEN k.known_basis = 'retrieved' OR o.known_basis = 'retrieved' THEN 1
        ELSE 0 END AS weakness,
    {'period_start': p.period_start, 'period_end': p.period_end, 'known_from': k.known_from} AS figure,
    {'period_start': p.period_start, 'period_end': p.period_end, 'known_from': o.known_from} AS compared_figure
FROM placed p
JOIN known k USING (series_id, period_start, period_end, known_on)
LEFT JOIN known o ON o.series_id = p.compared_series_id AND o.period_start = p.period_start AND o.period_end = p.period_end AND o.known_on = p.known_on
WHERE p.compared_series_id IS NULL OR o.value IS NOT NULL
