-- When, as an English sentence goes on: " on 2025-10-31", " in 2025-10".
CREATE OR REPLACE MACRO told_when(first_day, last_day) AS (CASE WHEN first_day = last_day THEN ' on ' ELSE ' in ' END || format_period(first_day, last_day));
