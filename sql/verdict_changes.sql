-- The changes published so far, and the verdicts that differ from those published last, with what changed them.
WITH now_and_before AS (
    SELECT claim_id, unnest(['when_published', 'today']) AS basis,
        unnest([n.verdict_when_published, n.verdict_today]) AS new_verdict, unnest([o.verdict_when_published, o.verdict_today]) AS old_verdict
    FROM verdicts n
    JOIN last_published.verdicts o USING (claim_id)
),
-- What the reader made of the claim's words; everything else about a claim follows from its passage.
read_anew AS (
    SELECT n.claim_id
    FROM claims n
    JOIN last_published.claims o USING (claim_id)
    WHERE (n.metric, n.definition, n.subject, n.value_low, n.value_high, n.unit, n.half_width, n.significant_zeros, n.bound, n.hedge,
            n.modality, n.vague, n.period_start, n.period_end, n.period_basis, n.relation, n.compared_metric, n.streak_length, n.since)
        IS DISTINCT FROM (o.metric, o.definition, o.subject, o.value_low, o.value_high, o.unit, o.half_width, o.significant_zeros, o.bound,
            o.hedge, o.modality, o.vague, o.period_start, o.period_end, o.period_basis, o.relation, o.compared_metric, o.streak_length, o.since)
),
figures AS (
    SELECT n.claim_id, n.basis,
        bool_or((n.accepted_low, n.accepted_high) IS DISTINCT FROM (o.accepted_low, o.accepted_high)) AS other_interval,
        bool_or(n.official_value <> o.official_value) AS other_value
    FROM comparisons n
    JOIN last_published.comparisons o USING (claim_id, basis, series_id, official_period_start, official_period_end)
    GROUP BY ALL
)
FROM last_published.verdict_changes
UNION ALL BY NAME
SELECT v.claim_id, v.basis, v.old_verdict, v.new_verdict,
    CASE WHEN v.claim_id IN (SELECT claim_id FROM read_anew) THEN 'reading'
         WHEN f.other_value THEN 'revision'
         WHEN f.other_interval THEN 'policy'
         ELSE 'new_figure' END AS cause,
    getvariable('refresh_id') AS refresh_id
FROM now_and_before v
LEFT JOIN figures f USING (claim_id, basis)
WHERE v.new_verdict <> v.old_verdict;
