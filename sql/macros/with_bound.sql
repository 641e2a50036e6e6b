-- A claimed figure with its bound in words: over $38 trillion. `template` is that of the bound, `from_to` that of a range; the ends are written out already.
CREATE OR REPLACE MACRO with_bound(template, from_to, low, high) AS (format(template, CASE WHEN high <> low THEN format(from_to, low, high) ELSE low END));
