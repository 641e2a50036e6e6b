-- A value in base units as people write it in Chinese: 38.02万亿美元, 95.05%, 22.
CREATE OR REPLACE MACRO format_value_zh(amount, unit) AS (
    CASE
        WHEN amount IS NULL THEN NULL
        WHEN unit = 'percent' THEN format_number(amount) || '%'
        WHEN unit = 'percentage_point' THEN format_number(amount) || '个百分点'
        WHEN unit = 'ratio' THEN format_number(amount) || '倍'
        WHEN unit = 'W' THEN format_number(amount / 1e9) || '吉瓦'
        ELSE CASE
            WHEN abs(amount) >= 1e12 THEN format_number(amount / 1e12) || '万亿'
            WHEN abs(amount) >= 1e8 THEN format_number(amount / 1e8) || '亿'
            WHEN abs(amount) >= 1e4 THEN format_number(amount / 1e4) || '万'
            ELSE format_number(amount) END
            || CASE unit WHEN 'USD' THEN '美元' WHEN 'CNY' THEN '元人民币' WHEN 'EUR' THEN '欧元' WHEN 'JPY' THEN '日元' WHEN 'GBP' THEN '英镑'
                   WHEN 'index' THEN '点' WHEN 'count' THEN '' ELSE ' ' || unit END
    END
);
