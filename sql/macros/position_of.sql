-- Where an official value stands to a claim: it agrees, contradicts, is silent (of another period) or leaves the claim open.
CREATE OR REPLACE MACRO position_of(official, claimed, accepted_low, accepted_high, contradicted_below, contradicted_above, may_not_refute) AS (
    CASE
        WHEN coalesce(official >= accepted_low, true) AND coalesce(official <= accepted_high, true) THEN 'agrees'
        -- the size fits and only the sign does not (a deficit said as a positive number)
        WHEN sign(official) <> sign(claimed) AND coalesce(-official >= accepted_low, true) AND coalesce(-official <= accepted_high, true) THEN 'open'
        WHEN may_not_refute IN ('period_unknown', 'other_period') THEN 'silent'
        WHEN coalesce(official < contradicted_below, false) OR coalesce(official > contradicted_above, false) THEN 'contradicts'
        ELSE 'open'
    END
);
