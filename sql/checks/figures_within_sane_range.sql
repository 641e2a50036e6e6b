-- No official figure lies outside the range that its catalogue row calls sane (a thousandfold slip of units does).
-- asset: observations
SELECT o.series_id, o.period_end, o.value, s.sane_low, s.sane_high
FROM observations o
JOIN series s USING (series_id)
WHERE o.value NOT BETWEEN s.sane_low AND s.sane_high;
