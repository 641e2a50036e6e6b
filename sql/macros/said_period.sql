-- Whether a claim states its period, speaks of the present for want of another (its article's day), or leaves it unknown.
CREATE OR REPLACE MACRO said_period(kind, period_end, period_basis) AS (
    CASE WHEN kind <> 'quantity' THEN 'stated' WHEN period_end IS NULL THEN 'unknown' WHEN period_basis = 'article_date' THEN 'present' ELSE 'stated' END
);
