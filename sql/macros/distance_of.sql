-- How unequal two values are, whichever comes first: the points between two rates, the share by which the larger amount is over the smaller.
CREATE OR REPLACE MACRO distance_of(value, other, in_points) AS (
    CASE WHEN in_points THEN abs(value - other) WHEN value * other <= 0 THEN 'inf'::DOUBLE ELSE greatest(value / other, other / value) - 1 END
);
