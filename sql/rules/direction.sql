-- Rising, falling or staying: the newest value beside earlier ones, each over a stretch of time that a writer may mean.
-- Borne out if it moved that way over one of the usual stretches and the other way over none, or over the one that the words name: since the value before
-- (较上月, and what is said of one month or quarter), since a year before (较去年同期); contradicted only if it moved the other way over all.
WITH newest AS (
    SELECT q.question_id, q.relation, q.unit, q.in_points, q.movement, q.surge, q.is_strong, q.is_now, q.is_stretch, q.is_seasonal, q.frequency, q.series_kind,
        q.place_before, q.period_start, q.period_end, f.value, f.figure, f.known_from, f.weakness,
        CASE
            WHEN q.says_previous THEN 'previous'
            -- of a rate that is itself a change from a year before, 同比 names the rate
            WHEN q.says_year AND (q.definition IS NULL OR NOT q.in_points) THEN 'year'
            WHEN NOT q.is_now AND NOT q.is_stretch AND q.period_start >= q.wanted_start THEN 'previous'
        END AS base,
        CASE q.relation WHEN 'rises' THEN 1 WHEN 'falls' THEN -1 ELSE 0 END AS sense
    FROM statement_questions q
    JOIN statement_figures f ON f.question_id = q.question_id AND f.role = 'rung' AND f.rung = 0
    WHERE q.kind = 'direction' AND q.relation IN ('rises', 'falls', 'stays')
),
earlier AS (
    SELECT n.question_id, n.sense, n.movement, n.unit, n.in_points, n.base, n.value AS newest_value, f.value, f.place, f.period_start, f.period_end, f.known_from, f.weakness, f.figure,
        CASE
            WHEN f.role <> 'rung' THEN f.role
            WHEN n.is_stretch THEN CASE f.place WHEN n.place_before THEN 'before' WHEN n.place_before + 1 THEN 'first' ELSE 'inside' END
            -- of a series with a season, and of a stock that is taken every day, the value just before says nothing
            WHEN f.rung > 1 OR (n.frequency = 'daily' AND n.series_kind = 'stock') OR (n.is_seasonal AND n.frequency <> 'annual') THEN 'further'
            ELSE 'previous'
        END AS stretch,
        move(n.value, f.value, n.in_points) AS moved,
        CASE WHEN abs(moved) >= 0.999999 * n.movement THEN sign(moved) ELSE 0 END AS way,
        -- the value before the newest, which may be all that the writer knew; the level before the stretch said
        CASE WHEN n.is_now THEN max(CASE WHEN f.role = 'rung' AND f.rung = 1 THEN f.value END) OVER (PARTITION BY n.question_id) END AS previous_value,
        CASE WHEN n.is_stretch THEN max(CASE WHEN f.role = 'rung' AND f.place = n.place_before THEN f.value END) OVER (PARTITION BY n.question_id) END AS level_before
    FROM newest n
    JOIN statement_figures f ON f.question_id = n.question_id AND NOT (f.role = 'rung' AND f.rung = 0)
),
tallied AS (
    SELECT question_id,
        count(*) FILTER (stretch IN ('month', 'previous', 'quarter', 'year', 'before', 'first') AND way = sense) AS along,
        count(*) FILTER (stretch IN ('month', 'previous', 'quarter', 'year', 'before', 'first') AND way = -sense) AS against,
        coalesce(bool_or(way = sense) FILTER (stretch = base), false) AS is_along_base,
        max(sense * moved) FILTER (stretch IN ('month', 'previous', 'quarter', 'year', 'before', 'first')) AS farthest,
        bool_or(stretch = 'year') AND bool_and(way = -sense) FILTER (stretch NOT IN ('inside', 'further'))
            AND coalesce(bool_and(sense * (previous_value - value) < 0) FILTER (stretch IN ('quarter', 'year', 'years')), true)
            -- had it gone that way within the stretch said, the writer may mean that part of it
            AND NOT coalesce(bool_or(sense * move(value, level_before, in_points) >= movement) FILTER (stretch IN ('first', 'inside')), false) AS is_against_all,
        bool_and(way = 0) FILTER (stretch IN ('month', 'previous', 'quarter', 'before', 'first', 'inside')) AS is_still,
        bool_and(way = 0) FILTER (stretch = 'year') AS is_still_over_a_year,
        bool_or(stretch = 'year') AND (bool_and(way = 1) FILTER (stretch NOT IN ('inside', 'further', 'years'))
            OR bool_and(way = -1) FILTER (stretch NOT IN ('inside', 'further', 'years'))) AS is_moved_over_all,
        arg_min({'value': value, 'figure': figure}, CASE stretch WHEN base THEN 0 WHEN 'before' THEN 1 WHEN 'year' THEN 2 WHEN 'quarter' THEN 3 WHEN 'previous' THEN 4 WHEN 'month' THEN 5 ELSE 6 END)
            FILTER (stretch NOT IN ('inside', 'further')) AS compared,
        max(known_from) FILTER (stretch NOT IN ('inside', 'further')) AS known_from,
        max(weakness) AS weakness,
        list(piece(CASE way WHEN 1 THEN 'told_up' WHEN -1 THEN 'told_down' ELSE 'told_level' END, value, unit, period_start, period_end) ORDER BY place DESC, stretch)
            FILTER (stretch NOT IN ('inside', 'further')) AS pieces
    FROM earlier
    GROUP BY question_id
)
SELECT n.question_id, 'as_known' AS reading,
    CASE
        WHEN t.is_along_base AND (NOT n.is_strong OR t.farthest >= 0.999999 * n.surge) THEN true
        WHEN n.relation = 'stays' AND coalesce(t.is_still, t.is_still_over_a_year) THEN true
        WHEN n.relation = 'stays' AND t.is_moved_over_all THEN false
        WHEN n.relation <> 'stays' AND t.along > 0 AND t.against = 0 AND (NOT n.is_strong OR t.farthest >= 0.999999 * n.surge) THEN true
        WHEN n.relation <> 'stays' AND t.is_against_all THEN false
    END AS says,
    CASE WHEN n.relation <> 'stays' AND t.against = 0 THEN 'within_noise' ELSE 'stretch_unclear' END AS open_reason,
    n.value AS official_value, n.period_start AS official_period_start, n.period_end AS official_period_end, t.compared.value AS compared_value,
    [n.figure] AS official_figures_used, [t.compared.figure] AS compared_figures_used, greatest(n.known_from, t.known_from) AS known_from, greatest(n.weakness, t.weakness) AS weakness,
    [piece('told_value', n.value, n.unit, n.period_start, n.period_end)] || t.pieces AS pieces
FROM newest n
JOIN tallied t USING (question_id)
WHERE t.compared IS NOT NULL
