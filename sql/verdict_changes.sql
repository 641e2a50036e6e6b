-- The changes published so far, and the verdicts that differ from those published last, with what changed them. A claim that is gone has no new verdict,
-- one that has come back no old one; the first verdict on a claim is no change.
WITH now_and_before AS (
    SELECT claim_id, unnest(['when_published', 'today']) AS basis,
        unnest([n.verdict_when_published, n.verdict_today]) AS new_verdict, unnest([o.verdict_when_published, o.verdict_today]) AS old_verdict,
        n.policy_version IS DISTINCT FROM o.policy_version AS other_policy
    FROM verdicts n
    JOIN last_published.verdicts o USING (claim_id)
),
-- What the reader made of the claim's words; everything else about a claim follows from its passage.
read_anew AS (
    SELECT n.claim_id
    FROM claims n
    JOIN last_published.claims o USING (claim_id)
    WHERE (n.metric, n.definition, n.relates_to, n.subject, n.value_low, n.value_high, n.unit, n.half_width, n.significant_zeros, n.bound, n.hedge,
            n.modality, n.vague, n.period_start, n.period_end, n.period_basis, n.relation, n.compared_metric, n.base_metric, n.base_definition, n.streak_length, n.since)
        IS DISTINCT FROM (o.metric, o.definition, o.relates_to, o.subject, o.value_low, o.value_high, o.unit, o.half_width, o.significant_zeros,
            o.bound, o.hedge, o.modality, o.vague, o.period_start, o.period_end, o.period_basis, o.relation, o.compared_metric, o.base_metric, o.base_definition, o.streak_length, o.since)
),
used AS (
    SELECT claim_id, basis, series_id, official_period_start, official_period_end, coalesce(base_series_id, '') AS reading, official_value, known_from, accepted_low, accepted_high
    FROM comparisons
    UNION ALL BY NAME
    SELECT claim_id, basis, series_id, official_period_start, official_period_end, reading, official_value, compared_value, known_from
    FROM statement_comparisons
),
used_before AS (
    SELECT claim_id, basis, series_id, official_period_start, official_period_end, coalesce(base_series_id, '') AS reading, official_value, accepted_low, accepted_high
    FROM last_published.comparisons
    UNION ALL BY NAME
    SELECT claim_id, basis, series_id, official_period_start, official_period_end, reading, official_value, compared_value
    FROM last_published.statement_comparisons
),
figures AS (
    SELECT n.claim_id, n.basis,
        coalesce(bool_or(n.official_value <> o.official_value OR n.compared_value <> o.compared_value), false) AS other_value,
        coalesce(bool_or(o.claim_id IS NOT NULL AND (n.accepted_low, n.accepted_high) IS DISTINCT FROM (o.accepted_low, o.accepted_high)), false)
            AS other_interval,
        -- of a period that was not used before and came out since
        bool_or(o.claim_id IS NULL AND coalesce(n.known_from > (SELECT max(finished_at)::DATE FROM refreshes), true)) AS other_period
    FROM used n
    LEFT JOIN used_before o USING (claim_id, basis, series_id, official_period_start, official_period_end, reading)
    GROUP BY ALL
),
-- Claims that the article no longer makes, or is no longer read to make: unchanged text is read alike by the same reader.
gone AS (
    SELECT o.claim_id, unnest(['when_published', 'today']) AS basis, unnest([o.verdict_when_published, o.verdict_today]) AS old_verdict,
        CASE WHEN c.article_id NOT IN (SELECT article_id FROM articles) THEN 'article'
             WHEN c.reader_version IN (SELECT reader_version FROM claims) OR NOT EXISTS (FROM claims) THEN 'text'
             ELSE 'reading' END AS cause
    FROM last_published.verdicts o
    LEFT JOIN last_published.claims c USING (claim_id)
    WHERE o.claim_id NOT IN (SELECT claim_id FROM claims)
),
-- Claims that were noted as gone and stand again where they stood.
back AS (
    SELECT n.claim_id, g.basis, CASE g.basis WHEN 'today' THEN n.verdict_today ELSE n.verdict_when_published END AS new_verdict, g.cause
    FROM verdicts n
    JOIN (
        SELECT claim_id, basis, last(cause ORDER BY started_at) FILTER (new_verdict IS NULL) AS cause
        FROM last_published.verdict_changes
        LEFT JOIN refreshes USING (refresh_id)
        GROUP BY ALL
        HAVING count(*) FILTER (new_verdict IS NULL) > count(*) FILTER (old_verdict IS NULL)
    ) g USING (claim_id)
    WHERE n.claim_id NOT IN (SELECT claim_id FROM last_published.verdicts)
)
FROM last_published.verdict_changes
UNION ALL BY NAME
SELECT claim_id, basis, old_verdict, NULL AS new_verdict, cause, getvariable('refresh_id') AS refresh_id FROM gone
UNION ALL BY NAME
SELECT claim_id, basis, NULL AS old_verdict, new_verdict, cause, getvariable('refresh_id') AS refresh_id FROM back
UNION ALL BY NAME
SELECT v.claim_id, v.basis, v.old_verdict, v.new_verdict,
    CASE WHEN v.claim_id IN (SELECT claim_id FROM read_anew) THEN 'reading'
         WHEN f.other_value THEN 'revision'
         WHEN v.other_policy AND (f.other_interval OR NOT coalesce(f.other_period, false)) THEN 'policy'
         ELSE 'new_figure' END AS cause,
    getvariable('refresh_id') AS refresh_id
FROM now_and_before v
LEFT JOIN figures f USING (claim_id, basis)
WHERE v.new_verdict <> v.old_verdict;
