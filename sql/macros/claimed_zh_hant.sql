-- A claimed figure with its bound, as people write it in Chinese, traditional characters: 超過38萬億美元.
CREATE OR REPLACE MACRO claimed_zh_hant(bound, low, high, unit) AS (
    with_bound(wording_zh_hant('bound_' || bound), wording_zh_hant('from_to'), format_value_zh_hant(low, unit), format_value_zh_hant(high, unit))
);
