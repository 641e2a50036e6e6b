-- Why a figure with which a claim does not agree may yet not contradict it; null where it may.
WITH about_an_estimate AS (
    -- a figure called the first, former or revised estimate is not about the estimate held here
    SELECT DISTINCT c.claim_id FROM claims c JOIN cues w ON w.meaning = 'estimate' AND contains(c.sentence, w.cue)
)
SELECT k.*, q.claim_id, q.series_id, q.base_series_id, i.* EXCLUDE (question_id, may_be_of_the_rate), s.is_projection,
    s.is_revised OR coalesce(t.is_revised, false) AS is_revised, nullif(concat_ws(' / ', s.definition, t.definition), '') AS definition, f.forecast_error,
    -- outside the accepted interval by no more than revisions (of a change: those of its two levels), or a day's ups and downs, may account for
    -- and a difference of two amounts by no more than rounding either may make of it
    CASE WHEN s.is_revised OR t.is_revised OR k.rule = 'difference_of_two_metrics' THEN tolerance('revised_series') * coalesce(k.revisable, greatest(abs(i.claimed_low), abs(i.claimed_high))) END AS revision_room,
    -- by no more than a series that is not held may differ from this one
    CASE WHEN k.measure = 'value' AND u.series_id IS NOT NULL THEN tolerance('unheld_twin_points') END AS twin_room,
    (s.frequency = 'daily' AND s.kind IN ('rate', 'index')) OR coalesce(t.frequency = 'daily' AND t.kind = 'rate', false) AS is_taken_once_a_day,
    CASE
        WHEN s.is_projection AND f.forecast_error IS NULL THEN 'within_forecast_error'
        WHEN s.is_projection AND k.is_neighbour THEN 'other_period'
        WHEN s.is_projection THEN NULL
        -- what was forecast came out otherwise, which makes no false statement of the forecast
        WHEN q.modality = 'projection' THEN 'outcome_differs'
        -- a neighbour of what the metric means, narrower or wider
        WHEN s.is_proxy OR t.is_proxy OR ((d.series_id IS NOT NULL OR d_base.series_id IS NOT NULL) AND NOT q.names_definition) THEN 'other_definition'
        -- stocks that are taken at other intervals are of other days, by reports that value them otherwise
        WHEN s.kind = 'stock' AND t.kind = 'stock' AND s.frequency <> t.frequency THEN 'other_period'
        -- and so may be what is held against a rate of which a twin is not held
        WHEN k.measure IN ('excess', 'shortfall', 'gap') AND (u.series_id IS NOT NULL OR u_base.series_id IS NOT NULL) THEN 'other_definition'
        WHEN e.claim_id IS NOT NULL THEN 'vintage_not_held'
        -- and so what was told of it was of the part until then
        WHEN q.stated_end > q.published_on THEN 'other_period'
        WHEN i.may_be_of_the_rate THEN 'base_unclear'
        WHEN k.is_neighbour THEN CASE k.rule WHEN 'change_over_a_period' THEN 'base_unclear' ELSE 'other_period' END
        -- a sum over some months of this year is no answer to a figure that does not say over which stretch it was summed
        WHEN k.rule = 'newest_figure' AND s.kind = 'flow' AND s.frequency <> 'annual' THEN 'period_unknown'
        -- the stated period was not over when the article appeared
        WHEN k.basis = 'when_published' AND q.stated_end > k.known_on THEN 'not_published_yet'
        WHEN k.basis = 'when_published' AND k.known_basis = 'release_lag' AND (s.is_revised OR coalesce(t.is_revised, false)) THEN 'vintage_not_held'
    END AS may_not_refute
FROM known_figures k
JOIN questions q USING (question_id)
JOIN accepted_interval i USING (question_id)
JOIN series s USING (series_id)
LEFT JOIN series t ON t.series_id = q.base_series_id
LEFT JOIN unheld_twins u ON u.series_id = q.series_id
LEFT JOIN unheld_twins u_base ON u_base.series_id = q.base_series_id
LEFT JOIN unheld_definitions d ON d.series_id = q.series_id
LEFT JOIN unheld_definitions d_base ON d_base.series_id = q.base_series_id
LEFT JOIN about_an_estimate e ON e.claim_id = q.claim_id
LEFT JOIN forecast_error f USING (question_id, basis)
