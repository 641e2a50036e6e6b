-- Claims that fit only one definition and stand in one sentence with a figure that fits only another: a ratio of debt held by the public beside gross debt.
WITH fitting AS (
    SELECT claim_id, list(definition) FILTER (supports) AS supporting, list(definition) FILTER (contradicts) AS contradicting
    FROM definitions_for_and_against
    WHERE basis = 'today' AND definition IS NOT NULL
    GROUP BY claim_id
)
SELECT c.claim_id, any_value(o.quote ORDER BY o.quote_start) AS quote, any_value(f.supporting[1] ORDER BY o.quote_start) AS definition
FROM claims c
JOIN fitting own ON own.claim_id = c.claim_id AND own.supporting IS NOT NULL AND own.contradicting IS NOT NULL
JOIN claims o ON o.article_id = c.article_id AND o.sentence = c.sentence AND o.claim_id <> c.claim_id AND o.kind = 'quantity'
JOIN fitting f ON f.claim_id = o.claim_id AND f.supporting IS NOT NULL AND list_has_any(f.supporting, own.contradicting)
    AND NOT list_has_any(f.supporting, own.supporting)
GROUP BY c.claim_id
