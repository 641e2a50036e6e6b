-- A claimed figure with its bound, as people write it in English: over $38 trillion.
CREATE OR REPLACE MACRO claimed_en(bound, low, high, unit) AS (
    with_bound(wording_en('bound_' || bound), wording_en('from_to'), format_value_en(low, unit), format_value_en(high, unit))
);
