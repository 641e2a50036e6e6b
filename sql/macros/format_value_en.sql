-- A value in base units as people write it in English: $38.02 trillion, 95.05%, 22.
CREATE OR REPLACE MACRO format_value_en(amount, unit) AS (
    CASE
        WHEN amount IS NULL THEN NULL
        WHEN unit = 'percent' THEN format_number(amount) || '%'
        WHEN unit = 'percentage_point' THEN format_number(amount) || ' percentage points'
        WHEN unit = 'ratio' THEN format_number(amount) || ' times'
        WHEN unit = 'W' THEN format_number(amount / 1e9) || ' GW'
        WHEN unit IN ('count', 'index') THEN CASE
            WHEN abs(amount) >= 1e9 THEN format_number(amount / 1e9) || ' billion'
            WHEN abs(amount) >= 1e6 THEN format_number(amount / 1e6) || ' million'
            ELSE format_number(amount) END
        WHEN regexp_full_match(unit, '[A-Z]{3}') THEN
            CASE WHEN amount < 0 THEN '-' ELSE '' END || CASE unit WHEN 'USD' THEN '$' ELSE unit || ' ' END || CASE
            WHEN abs(amount) >= 1e12 THEN format_number(abs(amount) / 1e12) || ' trillion'
            WHEN abs(amount) >= 1e9 THEN format_number(abs(amount) / 1e9) || ' billion'
            WHEN abs(amount) >= 1e6 THEN format_number(abs(amount) / 1e6) || ' million'
            ELSE format_number(abs(amount)) END
        ELSE format_number(amount) || ' ' || unit
    END
);
