-- A claimed figure with its bound, as people write it in Chinese: 超过38万亿美元.
CREATE OR REPLACE MACRO claimed_zh(bound, low, high, unit) AS (
    with_bound(wording_zh('bound_' || bound), wording_zh('from_to'), format_value_zh(low, unit), format_value_zh(high, unit))
);
