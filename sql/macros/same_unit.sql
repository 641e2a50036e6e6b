-- Whether a claim's unit can be held against a series': the same, percent for percentage points, or a share of something said as a ratio (a fifth).
CREATE OR REPLACE MACRO same_unit(claimed, official, metric) AS (
    claimed = official
    OR (claimed IN ('percent', 'percentage_point') AND official IN ('percent', 'percentage_point'))
    OR (claimed = 'ratio' AND official = 'percent' AND contains(metric, '_to_'))
);
