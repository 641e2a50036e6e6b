-- An interval in words; an open end is NULL. `words` has the templates from_to, up_to and from_up, the ends are written out already.
CREATE OR REPLACE MACRO between_words(words, low, high) AS (
    CASE WHEN low IS NULL THEN format(words.up_to, high) WHEN high IS NULL THEN format(words.from_up, low) ELSE format(words.from_to, low, high) END
);
