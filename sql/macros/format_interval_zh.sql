-- An accepted interval in Chinese; an open end is NULL.
CREATE OR REPLACE MACRO format_interval_zh(low, high, unit) AS (
    CASE WHEN low IS NULL THEN '不高于' || format_value_zh(high, unit)
         WHEN high IS NULL THEN '不低于' || format_value_zh(low, unit)
         ELSE format_value_zh(low, unit) || '至' || format_value_zh(high, unit) END
);
