-- A period in short: 2025-10-31, 2025-10, 2025Q3, FY2025, 2025, or both ends.
CREATE OR REPLACE MACRO format_period(first_day, last_day) AS (
    CASE
        WHEN first_day = last_day THEN strftime(last_day, '%Y-%m-%d')
        WHEN last_day <> last_day(last_day) OR day(first_day) <> 1 THEN strftime(first_day, '%Y-%m-%d') || '/' || strftime(last_day, '%Y-%m-%d')
        WHEN first_day = date_trunc('month', last_day) THEN strftime(last_day, '%Y-%m')
        WHEN first_day = date_trunc('quarter', last_day) AND last_day = last_day(first_day + INTERVAL 2 MONTH)
            THEN year(last_day) || 'Q' || quarter(last_day)
        WHEN first_day = make_date(year(last_day) - 1, 10, 1) AND month(last_day) = 9 THEN 'FY' || year(last_day)
        WHEN first_day = make_date(year(last_day), 1, 1) AND month(last_day) = 12 THEN year(last_day)::VARCHAR
        ELSE strftime(first_day, '%Y-%m') || '/' || strftime(last_day, '%Y-%m')
    END
);
