-- The verdict on every claim by what was known when the article appeared, and by what is known today; where it is open, why.
WITH tallied AS (
    SELECT claim_id, basis, count(*) FILTER (supports) AS supporting, count(*) FILTER (contradicts) AS contradicting,
        count(*) FILTER (leaves_open) AS left_open, min(open_reason) AS open_reason
    FROM definitions_for_and_against
    GROUP BY ALL
),
-- The reason of the comparison that comes nearest to deciding.
reasons AS (
    SELECT claim_id, basis, arg_min(undecided_reason, place) AS undecided_reason
    FROM told_comparisons
    WHERE undecided_reason IS NOT NULL
    GROUP BY ALL
),
metrics AS (
    SELECT metric, list(DISTINCT unit) AS units FROM series WHERE metric IS NOT NULL GROUP BY metric
),
judged_today AS (
    SELECT claim_id FROM tallied WHERE basis = 'today'
)
SELECT c.claim_id, b.basis,
    verdict_of(coalesce(t.supporting, 0), coalesce(t.contradicting, 0), coalesce(t.left_open, 0),
        said_period(c.kind, c.period_end, c.period_basis)) AS verdict,
    CASE
        WHEN verdict <> 'not_enough_evidence' THEN NULL
        WHEN c.modality = 'hypothetical' THEN 'hypothetical'
        WHEN c.vague THEN 'vague'
        WHEN b.basis = 'when_published' AND a.published_on IS NULL AND (c.metric IS NOT NULL OR t.claim_id IS NOT NULL) THEN 'publication_date_unknown'
        WHEN t.left_open = 0 AND t.contradicting > 0 THEN 'period_unknown'
        WHEN r.undecided_reason IS NOT NULL THEN r.undecided_reason
        -- what is told contradicts, and another figure of that definition leaves it open
        WHEN t.open_reason IS NOT NULL THEN t.open_reason
        WHEN c.metric IS NULL AND len(c.metric_candidates) > 0 THEN 'metric_ambiguous'
        -- a change, share or multiple of it, and the text does not settle of what, or over which time
        WHEN c.metric IS NULL AND of_another.metric IS NOT NULL THEN CASE
            WHEN b.basis = 'when_published' AND j.claim_id IS NOT NULL THEN 'not_published_yet'
            -- of two metrics both are known
            WHEN c.base_metric IS NULL THEN 'base_unclear'
            WHEN c.modality = 'projection' THEN 'projection_without_official_baseline'
            WHEN coalesce(c.period_end, a.published_on) IS NULL THEN 'period_unknown'
            ELSE 'no_official_figure' END
        WHEN m.metric IS NULL THEN 'no_official_series'
        WHEN c.kind = 'quantity' AND NOT list_has_any(m.units, [c.unit]) AND NOT coalesce(same_unit(c.unit, m.units[1], c.metric), false) THEN 'unit_mismatch'
        WHEN c.kind <> 'quantity' AND j.claim_id IS NULL THEN 'statement_not_judged'
        WHEN coalesce(c.period_end, a.published_on) IS NULL THEN 'period_unknown'
        WHEN b.basis = 'when_published' AND j.claim_id IS NOT NULL THEN 'not_published_yet'
        WHEN c.modality = 'projection' THEN 'projection_without_official_baseline'
        ELSE 'no_official_figure'
    END AS reason
FROM claims c
CROSS JOIN (SELECT unnest(['when_published', 'today']) AS basis) b
JOIN articles a USING (article_id)
LEFT JOIN tallied t ON t.claim_id = c.claim_id AND t.basis = b.basis
LEFT JOIN reasons r ON r.claim_id = c.claim_id AND r.basis = b.basis
LEFT JOIN judged_today j ON j.claim_id = c.claim_id
LEFT JOIN metrics m ON m.metric = c.metric
LEFT JOIN metrics of_another ON of_another.metric = c.relates_to
