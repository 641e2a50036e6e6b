-- An accepted interval in English; an open end is NULL.
CREATE OR REPLACE MACRO format_interval_en(low, high, unit) AS (
    CASE WHEN low IS NULL THEN 'up to ' || format_value_en(high, unit)
         WHEN high IS NULL THEN 'from ' || format_value_en(low, unit) || ' up'
         ELSE format_value_en(low, unit) || ' to ' || format_value_en(high, unit) END
);
