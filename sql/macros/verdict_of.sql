-- The verdict from how many definitions bear a claim out, contradict it and leave it open; `period` is stated, present or unknown.
CREATE OR REPLACE MACRO verdict_of(supporting, contradicting, left_open, period) AS (
    CASE
        -- without any period the figure may be about another time: what does not fit says nothing
        WHEN supporting > 0 AND contradicting > 0 AND period <> 'unknown' THEN 'conflicting_evidence'
        WHEN supporting > 0 THEN 'supported'
        -- that it speaks of the present is only how it was understood
        WHEN contradicting > 0 AND left_open = 0 AND period = 'stated' THEN 'refuted'
        ELSE 'not_enough_evidence'
    END
);
