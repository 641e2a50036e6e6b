-- A computed end of an interval without the dust of floating point: rates to a billionth, large amounts to whole units.
CREATE OR REPLACE MACRO tidy(computed) AS (CASE WHEN abs(computed) < 1e6 THEN round(computed, 9) ELSE round(computed) END);
