-- A claimed figure with its bound, as people write it in English: over $38 trillion.
CREATE OR REPLACE MACRO claimed_en(bound, low, high, unit) AS (
    CASE bound WHEN 'approx' THEN 'about ' WHEN 'below' THEN 'nearly or under ' WHEN 'above' THEN 'over ' ELSE '' END
    || format_value_en(low, unit) || CASE WHEN high <> low THEN ' to ' || format_value_en(high, unit) ELSE '' END
);
