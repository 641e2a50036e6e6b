-- The sentences of an explanation, one after the other; what is NULL is left out. `words` has the templates of one language.
CREATE OR REPLACE MACRO explain(words, gap, claimed, verdict, reason, figures, accepted, verdict_then, reason_then, figures_then, was, becomes, beside,
    definition_beside) AS (
    concat_ws(gap,
        format(words.claimed, claimed),
        format(words.today, coalesce(format(words.because, verdict, reason), verdict)),
        format(words.official, figures),
        format(words.accepted, accepted),
        format(words.when_published, coalesce(format(words.because, verdict_then, reason_then), verdict_then)),
        format(words.official_then, figures_then),
        format(words.revised, was, becomes),
        format(words.mixed, beside, definition_beside))
);
