-- A value in base units as people write it in Chinese, traditional characters: 38.02萬億美元.
CREATE OR REPLACE MACRO format_value_zh_hant(amount, unit) AS (to_traditional_units(format_value_zh(amount, unit)));
