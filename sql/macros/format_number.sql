-- Two digits after the point below a thousand, three below ten, none from a thousand on; no trailing zeros.
CREATE OR REPLACE MACRO format_number(amount) AS (
    CASE WHEN abs(amount) >= 1000 THEN format('{:,.0f}', amount::DOUBLE)
         WHEN amount = round(amount) THEN format('{:.0f}', amount::DOUBLE)
         WHEN abs(amount) >= 10 THEN regexp_replace(format('{:.2f}', amount::DOUBLE), '\.?0+$', '')
         ELSE regexp_replace(format('{:.3f}', amount::DOUBLE), '\.?0+$', '') END
);
