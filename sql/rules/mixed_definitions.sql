-- Claims that fit only one definition and stand beside a figure that fits only another: a ratio of debt held by the public beside gross debt.
-- Beside is in one sentence, or, where both are of the same thing (the debt, and the debt to GDP), anywhere in the article.
WITH fitting AS (
    SELECT claim_id, list(definition) FILTER (supports) AS supporting, list(definition) FILTER (contradicts) AS contradicting
    FROM definitions_for_and_against
    WHERE basis = 'today' AND definition IS NOT NULL
    GROUP BY claim_id
),
fits_one AS (
    SELECT f.*, c.article_id, c.sentence, c.quote, c.quote_start, split_part(c.metric, '_to_', 1) AS thing
    FROM fitting f
    JOIN claims c USING (claim_id)
    WHERE f.supporting IS NOT NULL AND c.kind = 'quantity'
)
SELECT own.claim_id, arg_min({'quote': o.quote, 'definition': o.supporting[1], 'in_sentence': o.sentence = own.sentence},
    [(o.sentence <> own.sentence)::BIGINT, abs(o.quote_start - own.quote_start), o.quote_start]) AS beside
FROM fits_one own
JOIN fits_one o ON o.article_id = own.article_id AND o.claim_id <> own.claim_id AND (o.sentence = own.sentence OR o.thing = own.thing)
    AND list_has_any(o.supporting, own.contradicting) AND NOT list_has_any(o.supporting, own.supporting)
WHERE own.contradicting IS NOT NULL
GROUP BY own.claim_id
