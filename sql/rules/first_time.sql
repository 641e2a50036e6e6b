-- The first time that a level was passed, since a day or ever (首次突破37万亿): passed lately (or in the stretch said), and never before.
-- The level is the figure with a bound inside the statement's words, or nought where what grew shrinks (2022年以来首次萎缩). Borne out only where the series reaches back that far without gaps.
WITH asked AS (
    SELECT q.question_id, q.series_id, q.series_kind, q.known_on, q.unit, q.in_points, q.beaten, q.coverage, q.ever_years, q.period_days, q.period_end,
        coalesce(l.value_low, 0) AS passed, CASE l.bound WHEN 'above' THEN 1 ELSE -1 END AS sense,
        record_span_start(q.since, q.quote, q.published_on, q.span_slack) AS span_start,
        CASE WHEN q.is_now THEN q.period_end - q.recent_days::INTEGER ELSE q.wanted_start END AS recent_from,
        q.since IS NOT NULL OR regexp_matches(s.sentence, '历史|歷史|史上|有史') AS says_span
    FROM statement_questions q
    JOIN claims s USING (claim_id)
    LEFT JOIN claims l ON l.article_id = s.article_id AND l.sentence = s.sentence AND l.kind = 'quantity' AND l.metric = s.metric AND l.bound IN ('above', 'below')
        AND contains(s.quote, l.quote)
    -- for the first time so many times in a row is another statement
    WHERE (l.claim_id IS NOT NULL OR (q.in_points AND EXISTS (FROM cues WHERE meaning = 'below_nought' AND contains(q.quote, cue))))
        AND q.kind = 'record' AND q.relation = 'first' AND NOT regexp_matches(q.quote, '[连連][续續]')
    QUALIFY count(*) OVER (PARTITION BY q.question_id) = 1
),
held AS (
    SELECT a.*, f.period_start AS held_start, f.period_end AS held_end, f.value, f.known_from,
        CASE f.known_basis WHEN 'release_lag' THEN 2 WHEN 'retrieved' THEN 1 ELSE 0 END AS weakness,
        {'period_start': f.period_start, 'period_end': f.period_end, 'known_from': f.known_from} AS figure, f.period_end < a.recent_from AS is_earlier
    FROM asked a
    JOIN official_figures f ON f.series_id = a.series_id AND was_known(f.known_from, f.known_until, a.known_on) AND f.period_end <= a.period_end
        AND f.period_end >= coalesce(a.span_start, DATE '0001-01-01')
),
tallied AS (
    SELECT question_id, any_value(unit) AS unit, any_value(in_points) AS in_points, any_value(beaten) AS beaten, any_value(passed) AS passed, any_value(sense) AS sense, any_value(says_span) AS says_span,
        arg_min({'value': value, 'figure': figure, 'start': held_start, 'end': held_end}, held_end) FILTER (NOT is_earlier AND sense * value >= sense * passed) AS late,
        arg_max({'value': value, 'figure': figure, 'start': held_start, 'end': held_end}, [sense * value, date_diff('day', DATE '1800-01-01', held_end)])
            FILTER (is_earlier) AS best,
        min(held_start) AS held_from, max(known_from) AS known_from, max(weakness) AS weakness,
        -- what is owed does not jump and fall back between two month ends
        (any_value(series_kind) = 'stock' OR count(*) >= any_value(coverage) * (any_value(period_end) - min(held_start)) / any_value(period_days))
            AND CASE WHEN any_value(span_start) IS NULL THEN any_value(period_end) - min(held_start) >= 365.25 * any_value(ever_years)
                ELSE min(held_start) <= any_value(span_start) + any_value(period_days)::INTEGER + 31 END AS is_covered
    FROM held
    GROUP BY question_id
)
SELECT question_id, 'as_known' AS reading,
    CASE WHEN says_span AND sense * move(best.value, passed, in_points) >= beaten THEN false
        WHEN late IS NOT NULL AND sense * best.value < sense * passed AND is_covered THEN true END AS says,
    CASE WHEN sense * best.value >= sense * passed THEN 'stretch_unclear' ELSE 'history_too_short' END AS open_reason,
    late.value AS official_value, late.start AS official_period_start, late.end AS official_period_end, best.value AS compared_value,
    [late.figure] AS official_figures_used, [best.figure] AS compared_figures_used, known_from, weakness,
    [
        piece('told_value', late.value, unit, late.start, late.end),
        piece(CASE sense WHEN 1 THEN 'told_highest_otherwise' ELSE 'told_lowest_otherwise' END, best.value, unit, best.start, best.end),
        piece('told_held_from', 0, unit, held_from, held_from)
    ] AS pieces
FROM tallied
WHERE late IS NOT NULL AND best IS NOT NULL
