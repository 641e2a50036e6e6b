-- The official value at which today's verdict turns, the one nearest to the value told first: if all figures of that definition stood there, and those
-- of the other definitions where they are.
WITH first_told AS (
    SELECT t.claim_id, c.definition, c.official_value, said_period(k.kind, k.period_end, k.period_basis) AS period
    FROM told_comparisons t
    JOIN comparisons c ON c.rowid = t.row
    JOIN claims k ON k.claim_id = t.claim_id
    WHERE t.basis = 'today' AND t.place = 1 AND NOT t.is_statement
),
figures AS (
    SELECT c.*
    FROM first_told f
    JOIN comparisons c ON c.claim_id = f.claim_id AND c.basis = 'today' AND c.definition IS NOT DISTINCT FROM f.definition
),
other_definitions AS (
    SELECT f.claim_id, count(*) FILTER (n.supports) AS supporting, count(*) FILTER (n.contradicts) AS contradicting,
        count(*) FILTER (n.leaves_open) AS left_open
    FROM first_told f
    JOIN definitions_for_and_against n ON n.claim_id = f.claim_id AND n.basis = 'today' AND n.definition IS DISTINCT FROM f.definition
    GROUP BY ALL
),
edges AS (
    -- values of the other sign that would fit leave it open; on the way there from this sign, across nought, the verdict has turned before
    SELECT claim_id, unnest(list_distinct([accepted_low, accepted_high, contradicted_below, contradicted_above]
        || CASE WHEN sign(official_value) = sign(claimed_value) AND coalesce(accepted_low * accepted_high > 0, true) THEN []
                ELSE [-accepted_low, -accepted_high] END)) AS edge
    FROM figures
),
-- How the figures would stand to the claim just under each edge, and just over it.
positions AS (
    SELECT e.claim_id, e.edge, 1e-9 * greatest(abs(e.edge), 1e-6) AS step,
        position_of(e.edge - step, f.claimed_value, f.accepted_low, f.accepted_high, f.contradicted_below, f.contradicted_above, f.may_not_refute) AS under,
        position_of(e.edge + step, f.claimed_value, f.accepted_low, f.accepted_high, f.contradicted_below, f.contradicted_above, f.may_not_refute) AS over
    FROM edges e
    JOIN figures f USING (claim_id)
),
-- What the definition would say of the claim there.
beside AS (
    SELECT claim_id, edge,
        bool_or(under = 'agrees') AS supports_under, NOT supports_under AND bool_or(under = 'open') AS leaves_open_under,
        NOT supports_under AND NOT leaves_open_under AND bool_or(under = 'contradicts') AS contradicts_under,
        bool_or(over = 'agrees') AS supports_over, NOT supports_over AND bool_or(over = 'open') AS leaves_open_over,
        NOT supports_over AND NOT leaves_open_over AND bool_or(over = 'contradicts') AS contradicts_over
    FROM positions
    GROUP BY claim_id, edge
),
verdicts_beside AS (
    SELECT b.claim_id, b.edge, abs(b.edge - f.official_value) AS distance,
        verdict_of(coalesce(o.supporting, 0) + b.supports_under::INTEGER, coalesce(o.contradicting, 0) + b.contradicts_under::INTEGER,
            coalesce(o.left_open, 0) + b.leaves_open_under::INTEGER, f.period) AS verdict_under,
        verdict_of(coalesce(o.supporting, 0) + b.supports_over::INTEGER, coalesce(o.contradicting, 0) + b.contradicts_over::INTEGER,
            coalesce(o.left_open, 0) + b.leaves_open_over::INTEGER, f.period) AS verdict_over
    FROM beside b
    JOIN first_told f USING (claim_id)
    LEFT JOIN other_definitions o USING (claim_id)
)
SELECT claim_id, arg_min(edge, {'distance': distance, 'edge': edge}) AS flips_at
FROM verdicts_beside
WHERE verdict_under <> verdict_over
GROUP BY claim_id
