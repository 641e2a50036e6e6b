-- Under one definition any of its official series may bear a claim out; only if none does, and none leaves it open, can one contradict it.
-- A figure of another period than the one meant is silent, and so is one whose vintage is not held beside one that contradicts.
SELECT claim_id, basis, definition,
    coalesce(bool_or(agrees), false) AS supports,
    NOT supports AND (coalesce(bool_or(undecided_reason NOT IN ('period_unknown', 'other_period', 'vintage_not_held')), false)
        OR (coalesce(bool_or(undecided_reason = 'vintage_not_held'), false) AND NOT coalesce(bool_or(NOT agrees), false))) AS leaves_open,
    NOT supports AND NOT leaves_open AND coalesce(bool_or(NOT agrees), false) AS contradicts,
    CASE WHEN leaves_open THEN min(undecided_reason) FILTER (undecided_reason NOT IN ('period_unknown', 'other_period')) END AS open_reason
FROM evidence
GROUP BY ALL
