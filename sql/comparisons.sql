-- Each claim with a figure held against each official series of its metric: the figure known when the article appeared, and the figure known today.
-- Which figure answers a claim, how widely the claim is read, and what may contradict it is decided in sql/rules.
WITH measured AS (
    -- how far outside the accepted interval a figure must lie to contradict
    SELECT *, greatest(0, forecast_error, revision_room, twin_room,
        CASE WHEN is_taken_once_a_day THEN tolerance('daily_range') * greatest(abs(claimed_low), abs(claimed_high), coalesce(revisable, 0)) END) AS margin
    FROM may_not_refute
),
placed AS (
    SELECT *,
        CASE WHEN may_not_refute IS NULL THEN accepted_low - margin END AS contradicted_below,
        CASE WHEN may_not_refute IS NULL THEN accepted_high + margin END AS contradicted_above,
        position_of(value, claimed_low, accepted_low, accepted_high, contradicted_below, contradicted_above, may_not_refute) AS position
    FROM measured
),
-- Of several figures that answer, one with which the claim agrees; else that of the very period, the newest. Only some rules find several.
chosen AS (
    FROM placed
    WHERE rule NOT IN ('level_on_a_day', 'level_within_a_period', 'ratio_of_two_metrics', 'difference_of_two_metrics')
    UNION ALL BY NAME
    FROM placed
    WHERE rule IN ('level_on_a_day', 'level_within_a_period', 'ratio_of_two_metrics', 'difference_of_two_metrics')
    QUALIFY row_number() OVER (
        PARTITION BY question_id, basis
        ORDER BY position = 'agrees' DESC, is_neighbour, period_end DESC, period_start DESC, known_from DESC
    ) = 1
)
SELECT claim_id, basis, series_id, base_series_id, definition, rule, measure, value AS official_value, period_start AS official_period_start,
    period_end AS official_period_end, base_period_start, base_period_end, known_from, known_basis, origin,
    claimed_low AS claimed_value, accepted_low, accepted_high, contradicted_below, contradicted_above,
    CASE WHEN value BETWEEN claimed_low AND claimed_high THEN 0
         WHEN value < claimed_low THEN claimed_low - value ELSE claimed_high - value END AS difference,
    difference / nullif(abs(value), 0) AS relative_difference,
    position = 'agrees' AS within,
    CASE position WHEN 'agrees' THEN true WHEN 'contradicts' THEN false END AS agrees,
    may_not_refute,
    CASE
        WHEN position IN ('agrees', 'contradicts') THEN NULL
        WHEN sign(value) <> sign(claimed_low) AND coalesce(-value >= accepted_low, true) AND coalesce(-value <= accepted_high, true) THEN 'sign_unclear'
        WHEN may_not_refute IS NOT NULL THEN may_not_refute
        WHEN is_projection THEN 'within_forecast_error'
        WHEN is_taken_once_a_day THEN 'taken_once_a_day'
        WHEN twin_room IS NOT NULL THEN 'other_definition'
        ELSE 'inside_revisions'
    END AS undecided_reason
FROM chosen
-- Once there is an outcome, the projection no longer decides.
WHERE NOT is_projection OR (claim_id, basis) NOT IN (
    SELECT (q.claim_id, k.basis)
    FROM known_figures k
    JOIN questions q USING (question_id)
    WHERE q.modality = 'projection' AND k.rule <> 'projection_for_a_year'
)
