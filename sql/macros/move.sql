-- How far a value lies from another: in points for rates, as a share of the other for everything else.
CREATE OR REPLACE MACRO move(value, other, in_points) AS (CASE WHEN in_points THEN value - other ELSE (value - other) / nullif(abs(other), 0) END);
