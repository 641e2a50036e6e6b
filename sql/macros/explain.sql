-- The sentences of an explanation, one after the other; what is NULL is left out. `words` has the templates of one language.
CREATE OR REPLACE MACRO explain(words, gap, claimed, verdict, figures, accepted, verdict_then, figures_then, was, becomes, beside, definition_beside,
    is_in_sentence) AS (
    concat_ws(gap,
        format(words.claimed, claimed),
        verdict,
        format(words.official, figures),
        format(words.accepted, accepted),
        verdict_then,
        format(words.official_then, figures_then),
        format(words.revised, was, becomes),
        format(CASE WHEN is_in_sentence THEN words.mixed ELSE words.mixed_in_article END, beside, definition_beside))
);
