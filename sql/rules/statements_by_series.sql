-- Each statement without a figure with every official series that measures it, or pair of series that it compares, and what it says of that series.
WITH named AS (
    -- what its words name: definitions of its metric, further metrics that measure the same
    SELECT c.claim_id, coalesce(list(m.definition) FILTER (m.definition IS NOT NULL), []) AS definitions,
        list(m.also_metric) FILTER (m.also_metric IS NOT NULL) AS also_metrics
    FROM claims c
    JOIN statement_measures m ON (m.metric IS NULL OR m.metric = c.metric) AND regexp_matches(c.quote, m.words)
    WHERE c.kind <> 'quantity'
    GROUP BY ALL
),
stated AS (
    SELECT c.claim_id, c.kind, c.metric, c.definition, c.subject, c.compared_metric, c.since, c.streak_length, c.streak_unit, c.modality, c.quote,
        -- a deficit that grows is a balance that falls
        CASE WHEN c.metric = 'trade_balance' AND EXISTS (FROM cues WHERE meaning = 'shortfall' AND contains(c.sentence, cue))
            THEN coalesce(MAP {'rises': 'falls', 'falls': 'rises', 'highest': 'lowest', 'lowest': 'highest', 'largest_rise': 'largest_fall', 'largest_fall': 'largest_rise',
                'stops_rising': 'stops_falling', 'stops_falling': 'stops_rising', 'starts_rising': 'starts_falling', 'starts_falling': 'starts_rising',
                'turns_up': 'turns_down', 'turns_down': 'turns_up'}[replace(c.relation, 'consecutive_', '')], replace(c.relation, 'consecutive_', ''))
            ELSE replace(c.relation, 'consecutive_', '') END AS relation, a.published_on,
        c.period_end IS NULL OR coalesce(c.period_basis = 'article_date', false)
            OR coalesce(c.period_start = c.period_end AND c.period_end = a.published_on, false) AS is_now,
        coalesce(c.period_start, a.published_on) AS wanted_start,
        coalesce(c.period_end, a.published_on) AS wanted_end,
        c.period_end IS NULL AS is_undated, coalesce(c.period_basis = 'context', false) AS is_in_context,
        EXISTS (FROM cues WHERE meaning = 'estimate' AND contains(c.sentence, cue)) AS is_of_one_estimate,
        EXISTS (FROM cues WHERE meaning = 'strong' AND contains(c.quote, cue)) AS is_strong,
        EXISTS (FROM cues WHERE meaning = 'previous_period' AND contains(c.quote, cue)) AS says_previous,
        EXISTS (FROM cues WHERE meaning = 'year_over_year' AND contains(c.quote, cue)) AS says_year,
        coalesce(c.period_basis NOT IN ('article_date', 'context'), false) OR EXISTS (FROM cues WHERE meaning = 'present' AND contains(c.sentence, cue)) AS says_when,
        coalesce(n.definitions, []) AS definitions, n.also_metrics,
        len(list_filter(coalesce(n.definitions, []), lambda d: contains(d, 'over') OR contains(d, 'rate'))) > 0 AS names_change
    FROM claims c
    JOIN articles a USING (article_id)
    LEFT JOIN named n USING (claim_id)
    WHERE c.kind <> 'quantity' AND c.modality <> 'hypothetical' AND c.metric IS NOT NULL AND a.published_on IS NOT NULL
        -- an imbalance has no rule
        AND NOT (c.relation = 'diverges_from' AND EXISTS (FROM cues WHERE meaning = 'opinion' AND contains(c.quote, cue)))
),
measures AS (
    SELECT claim_id, metric, false AS is_further FROM stated
    UNION
    SELECT claim_id, unnest(also_metrics), true FROM stated
),
by_series AS (
    SELECT s.* REPLACE (
            CASE WHEN m.is_further THEN CASE s.relation WHEN 'negative' THEN 'falls' WHEN 'positive' THEN 'rises' WHEN 'turns_negative' THEN 'turns_down' WHEN 'turns_positive' THEN 'turns_up' ELSE s.relation END
                -- the largest rise of prices is the highest inflation
                WHEN y.in_points AND y.definition IS NOT NULL AND s.relation = 'largest_rise' THEN 'highest'
                WHEN y.in_points AND y.definition IS NOT NULL AND s.relation = 'largest_fall' THEN 'lowest'
                ELSE s.relation END AS relation,
            CASE WHEN m.is_further THEN m.metric
                -- of several companies each is a case of its own
                WHEN y.subject IS NOT NULL AND NOT list_contains(string_split(lower(y.subject), '|'), lower(s.subject)) THEN string_split(y.subject, '|')[1]
                ELSE y.definition END AS definition
        ),
        y.* EXCLUDE (metric, definition, subject)
    FROM stated s
    JOIN measures m USING (claim_id)
    JOIN statement_yardsticks y ON y.metric = m.metric
    WHERE (s.definition IS NULL OR y.definition IS NULL OR starts_with(y.definition, s.definition))
        AND (y.subject IS NULL OR len(list_filter(string_split(lower(y.subject), '|'), lambda name: contains(lower(s.subject), name))) > 0)
        AND (m.is_further OR y.definition IS NULL OR len(list_filter(s.definitions, lambda d: y.definition NOT LIKE d)) = 0)
        AND (m.is_further OR y.definition IS NULL OR s.names_change OR CASE
            -- below nought in a row: from one period to the next; below nought: by either measure; else the movement of the yearly rate
            WHEN s.kind = 'streak' AND s.relation IN ('negative', 'positive') THEN y.definition NOT LIKE '%year_over_year'
            WHEN s.relation IN ('negative', 'positive', 'turns_negative', 'turns_positive') THEN true
            ELSE y.definition NOT LIKE '%month_over_month' END)
        -- one month of a series with a season says nothing of now
        AND NOT (y.is_seasonal AND y.frequency = 'monthly' AND s.is_now)
)
SELECT s.*, series_id AS track_id, NULL::VARCHAR AS compared_series_id, is_revised AS any_revised, is_proxy AS any_proxy
FROM by_series s
WHERE kind <> 'comparison' AND relation NOT IN ('largest_rise', 'largest_fall')
UNION ALL BY NAME
-- Two metrics are compared over periods that a series of each has measured, in the same unit.
SELECT s.* REPLACE (nullif(concat_ws(' / ', s.definition, o.definition), '') AS definition), s.series_id || ' ' || o.series_id AS track_id,
    o.series_id AS compared_series_id, s.is_revised OR o.is_revised AS any_revised, s.is_proxy OR o.is_proxy AS any_proxy
FROM by_series s
JOIN statement_yardsticks o ON o.metric = s.compared_metric AND o.frequency = s.frequency AND o.subject IS NULL
    -- how they move can be told of any two, how they compare only in one unit
    AND (s.relation IN ('moves_with', 'diverges_from') OR o.unit = s.unit OR (o.in_points AND s.in_points))
    -- a yearly rate beside a yearly one
    AND coalesce(o.definition LIKE '%month_over_month', false) = coalesce(s.definition LIKE '%month_over_month', false)
WHERE s.kind = 'comparison'
