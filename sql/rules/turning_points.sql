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
sides AS (
    SELECT claim_id, edge, unnest([-1, 1]) AS side, edge + side * 1e-9 * greatest(abs(edge), 1e-6) AS beside FROM edges
),
positions AS (
    SELECT s.claim_id, s.edge, s.side, position_of(s.beside, f.claimed_value, f.accepted_low, f.accepted_high, f.contradicted_below, f.contradicted_above,
        f.may_not_refute) AS position
    FROM sides s
    JOIN figures f USING (claim_id)
),
beside AS (
    SELECT claim_id, edge, bool_or(position = 'agrees') AS supports, NOT supports AND bool_or(position = 'open') AS leaves_open,
        NOT supports AND NOT leaves_open AND bool_or(position = 'contradicts') AS contradicts
    FROM positions
    GROUP BY claim_id, edge, side
),
verdicts_beside AS (
    SELECT b.claim_id, b.edge, f.official_value,
        verdict_of(coalesce(o.supporting, 0) + b.supports::INTEGER, coalesce(o.contradicting, 0) + b.contradicts::INTEGER,
            coalesce(o.left_open, 0) + b.leaves_open::INTEGER, f.period) AS verdict
    FROM beside b
    JOIN first_told f USING (claim_id)
    LEFT JOIN other_definitions o USING (claim_id)
),
turning AS (
    SELECT claim_id, edge, abs(edge - any_value(official_value)) AS distance
    FROM verdicts_beside
    GROUP BY claim_id, edge
    HAVING min(verdict) <> max(verdict)
)
SELECT claim_id, arg_min(edge, {'distance': distance, 'edge': edge}) AS flips_at
FROM turning
GROUP BY claim_id
