-- A claimed figure with its bound, as people write it in Chinese: 超过38万亿美元.
CREATE OR REPLACE MACRO claimed_zh(bound, low, high, unit) AS (
    CASE bound WHEN 'approx' THEN '约' WHEN 'below' THEN '不到或接近' WHEN 'above' THEN '超过' ELSE '' END
    || format_value_zh(low, unit) || CASE WHEN high <> low THEN '至' || format_value_zh(high, unit) ELSE '' END
);
