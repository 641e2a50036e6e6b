-- Each claim held against each official series of its metric: the figure known when the article appeared, and the figure known today.
WITH pairs AS (
    SELECT c.* REPLACE (
            -- a series that is one end of a range is held against that end
            CASE WHEN c.bound = 'range' AND s.definition LIKE '%range_upper' THEN c.value_high ELSE c.value_low END AS value_low,
            CASE WHEN c.bound = 'range' AND s.definition LIKE '%range_lower' THEN c.value_low ELSE c.value_high END AS value_high
        ),
        a.published_on, s.series_id, s.definition AS series_definition, s.frequency, s.kind AS series_kind, s.is_projection, s.is_revised, s.is_proxy,
        c.period_end IS NULL OR coalesce(c.period_basis = 'article_date', false)
            OR coalesce(c.period_start = c.period_end AND c.period_end = a.published_on, false) AS is_now,
        coalesce(c.period_start, a.published_on) AS wanted_start,
        coalesce(c.period_end, a.published_on) AS wanted_end
    FROM claims c
    JOIN articles a USING (article_id)
    JOIN series s ON s.metric = c.metric
        AND (s.unit = c.unit OR (s.unit IN ('percent', 'percentage_point') AND c.unit IN ('percent', 'percentage_point')))
        AND (c.definition IS NULL OR s.definition IS NULL OR starts_with(s.definition, c.definition))
        AND (s.subject IS NULL OR list_contains(string_split(s.subject, '|'), c.subject))
    WHERE c.value_low IS NOT NULL AND NOT c.vague AND c.modality <> 'hypothetical'
),
asked AS (
    SELECT *, unnest(['when_published', 'today']) AS basis FROM pairs
),
-- When a period was measured for the first time.
first_known AS (
    SELECT series_id, period_start, period_end, min(known_from) AS first_known_from FROM official_figures GROUP BY ALL
),
-- Only figures that were known on the day asked about may be seen from here on.
known AS (
    SELECT q.*, f.period_start AS official_period_start, f.period_end AS official_period_end, f.value AS official_value,
        f.known_from, f.known_basis, f.origin, n.first_known_from
    FROM asked q
    JOIN official_figures f USING (series_id)
    JOIN first_known n ON n.series_id = f.series_id AND n.period_start = f.period_start AND n.period_end = f.period_end
    WHERE CASE q.basis
        WHEN 'when_published' THEN f.known_from <= q.published_on AND (f.known_until IS NULL OR f.known_until >= q.published_on)
        ELSE f.known_until IS NULL END
),
-- Which of them measure what the claim speaks about, and whether that is close enough a match to contradict it.
matched AS (
    SELECT *,
        CASE
            -- an official projection for the year that is spoken of; of a flow, not for a sum over ten years or a quarter
            WHEN is_projection THEN modality = 'projection' AND NOT is_now AND year(official_period_end) = year(wanted_end)
                AND (series_kind = 'stock'
                    OR abs((wanted_end - wanted_start) - (official_period_end - official_period_start)) <= 1)
            -- a forecast is also held against the outcome, once there is one
            WHEN modality = 'projection' AND (basis = 'when_published' OR is_now) THEN false
            -- now: the newest period that could be known to the writer, unless it is too old to speak for the present
            WHEN is_now THEN official_period_end BETWEEN wanted_end - stale_days(frequency) AND wanted_end
                AND coalesce(first_known_from <= published_on, true)
            -- a level within the period said; just before a stated day if that had none (a weekend)
            WHEN series_kind = 'stock' OR frequency IN ('daily', 'weekly') THEN official_period_end BETWEEN
                wanted_start - CASE WHEN wanted_start = wanted_end AND frequency IN ('daily', 'weekly')
                    THEN tolerance('grace_days')::INTEGER ELSE 0 END AND wanted_end
            -- a flow, rate or index of exactly that period; a fiscal year may stand in for a calendar year of the same number
            ELSE (official_period_start = wanted_start AND official_period_end = wanted_end)
                OR (frequency = 'annual' AND year(official_period_end) = year(wanted_end)
                    AND wanted_start = make_date(year(wanted_end), 1, 1) AND wanted_end = make_date(year(wanted_end), 12, 31))
        END AS speaks_of_it,
        CASE
            -- a fiscal year stands in for the calendar year of a forecast, too
            WHEN is_projection THEN CASE WHEN series_kind <> 'stock' AND (official_period_start, official_period_end) <> (wanted_start, wanted_end)
                THEN 'period_unknown' END
            WHEN modality = 'projection' THEN 'projection_without_official_baseline'
            -- a neighbour of what the metric means, narrower or wider
            WHEN is_proxy THEN 'other_definition'
            -- a figure called the first, former or revised estimate is not about the estimate held here
            WHEN names_an_estimate(sentence) THEN 'vintage_not_held'
            -- a sum over some months of this year is no answer to a figure that does not say over which stretch it was summed
            WHEN is_now AND series_kind = 'flow' AND frequency <> 'annual' THEN 'period_unknown'
            WHEN series_kind <> 'stock' AND NOT is_now AND wanted_start < wanted_end
                AND (official_period_start <> wanted_start OR official_period_end <> wanted_end) THEN 'period_unknown'
            -- the stated period was not over when the article appeared
            WHEN basis = 'when_published' AND wanted_end > published_on THEN 'not_published_yet'
            WHEN basis = 'when_published' AND known_basis = 'release_lag' AND is_revised THEN 'vintage_not_held'
        END AS may_not_refute,
        -- 1万亿 is no claim of half a trillion: amounts have finer words (9千亿); percentages of one digit have none
        CASE WHEN unit IN ('percent', 'percentage_point', 'ratio') THEN NULL ELSE tolerance('widest_digit') END AS widest
    FROM known
),
-- How wide a claim is read: its last digit (writers cut towards nought as often as they round), round numbers, revisions, and the reach of its hedge word.
widths AS (
    SELECT m.*,
        greatest(
            CASE WHEN m.half_width IS NULL THEN tolerance('unstated_precision') * abs(m.value_low)
                 ELSE least(CASE WHEN m.value_low < 0 THEN 2 ELSE 1 END * m.half_width, m.widest * abs(m.value_low)) END,
            CASE WHEN m.significant_zeros THEN tolerance('rounded_number') * abs(m.value_low) ELSE 0 END,
            CASE WHEN m.is_revised THEN tolerance('revised_series') * abs(m.value_low) ELSE 0 END
        ) AS down,
        greatest(
            CASE WHEN m.half_width IS NULL THEN tolerance('unstated_precision') * abs(m.value_high)
                 ELSE least(CASE WHEN m.value_high < 0 THEN 1 ELSE 2 END * m.half_width, m.widest * abs(m.value_high)) END,
            CASE WHEN m.significant_zeros THEN tolerance('rounded_number') * abs(m.value_high) ELSE 0 END,
            CASE WHEN m.is_revised THEN tolerance('revised_series') * abs(m.value_high) ELSE 0 END
        ) AS up,
        CASE WHEN m.is_revised THEN tolerance('revised_series') * abs(m.value_low) ELSE 0 END AS least,
        CASE WHEN h.word IS NOT NULL THEN h.reach_below WHEN m.bound = 'approx' THEN tolerance('approx_reach')
             WHEN m.bound = 'below' THEN tolerance('below_reach') ELSE 0 END * abs(m.value_low) AS reach_down,
        CASE WHEN h.word IS NOT NULL THEN h.reach_above WHEN m.bound = 'approx' THEN tolerance('approx_reach')
             WHEN m.bound = 'above' THEN NULL ELSE 0 END * abs(m.value_high) AS reach_up
    FROM matched m
    LEFT JOIN (
        -- the widest reach of the word; null is open
        SELECT word, bound, CASE WHEN bool_and(reach_below IS NOT NULL) THEN max(reach_below) END AS reach_below,
            CASE WHEN bool_and(reach_above IS NOT NULL) THEN max(reach_above) END AS reach_above
        FROM hedges
        GROUP BY word, bound
    ) h
        ON h.word = m.hedge AND h.bound = m.bound
    WHERE m.speaks_of_it
),
intervals AS (
    SELECT *,
        CASE bound
            WHEN 'above' THEN value_low - greatest(least, reach_down)
            WHEN 'below' THEN CASE WHEN reach_down IS NOT NULL THEN value_low - greatest(down, reach_down) END
            ELSE value_low - greatest(down, coalesce(reach_down, 0)) END AS accepted_low,
        CASE bound
            WHEN 'above' THEN CASE WHEN reach_up IS NOT NULL THEN value_high + greatest(up, reach_up) END
            WHEN 'below' THEN value_high + greatest(least, coalesce(reach_up, 0))
            ELSE value_high + greatest(up, coalesce(reach_up, 0)) END AS accepted_high
    FROM widths
),
judged AS (
    SELECT *,
        official_value BETWEEN coalesce(accepted_low, '-inf'::DOUBLE) AND coalesce(accepted_high, 'inf'::DOUBLE) AS within,
        sign(official_value) <> sign(value_low)
            AND -official_value BETWEEN coalesce(accepted_low, '-inf'::DOUBLE) AND coalesce(accepted_high, 'inf'::DOUBLE) AS within_turned,
        -- a market rate or index is taken once a day and may have stood elsewhere in between
        frequency = 'daily' AND series_kind IN ('rate', 'index')
            AND official_value BETWEEN coalesce(accepted_low, '-inf'::DOUBLE) - tolerance('daily_range') * abs(official_value)
                AND coalesce(accepted_high, 'inf'::DOUBLE) + tolerance('daily_range') * abs(official_value) AS passed_between
    FROM intervals
)
SELECT claim_id, basis, series_id, series_definition AS definition, official_value, official_period_start, official_period_end,
    known_from, known_basis, origin, accepted_low, accepted_high,
    CASE WHEN official_value BETWEEN value_low AND value_high THEN 0
         WHEN official_value < value_low THEN value_low - official_value ELSE value_high - official_value END AS difference,
    difference / nullif(abs(official_value), 0) AS relative_difference,
    within,
    CASE WHEN within THEN true WHEN may_not_refute IS NULL AND NOT within_turned AND NOT passed_between THEN false END AS agrees,
    CASE WHEN NOT within THEN CASE WHEN within_turned THEN 'sign_unclear' WHEN may_not_refute IS NULL AND passed_between THEN 'taken_once_a_day'
        ELSE may_not_refute END END AS undecided_reason
FROM judged
-- Of several figures within the period said, one with which the claim agrees; else the newest.
QUALIFY row_number() OVER (
    PARTITION BY claim_id, basis, series_id
    ORDER BY is_now OR NOT within, official_period_end DESC, official_period_start DESC, known_from DESC
) = 1
-- Once there is an outcome, the projection no longer decides.
    AND (NOT is_projection OR NOT bool_or(NOT is_projection) OVER (PARTITION BY claim_id, basis));
