-- The official values with which a claim agrees: its last digit (writers cut towards nought as often as they round), round numbers,
-- revisions, and the reach of its hedge word; the widest of them counts, not their sum.
WITH hedge_reach AS (
    -- the widest reach of a word that is listed before and after the number; null is open
    SELECT word, bound, CASE WHEN bool_and(reach_below IS NOT NULL) THEN max(reach_below) END AS reach_below,
        CASE WHEN bool_and(reach_above IS NOT NULL) THEN max(reach_above) END AS reach_above
    FROM hedges
    GROUP BY word, bound
),
stated AS (
    SELECT q.question_id, c.bound, c.hedge, c.significant_zeros, s.is_revised OR coalesce(t.is_revised, false) AS is_revised,
        coalesce(g.falls AND (s.derivation = 'change' OR regexp_matches(s.definition, '(over_year|over_month|annual_rate)$')), false)
            OR (d.claim_id IS NOT NULL AND ends_with(s.metric, '_balance') AND q.asks <> 'change over a period') AS falls,
        coalesce(g.may_be_of_the_rate, false) AS may_be_of_the_rate,
        CASE WHEN c.unit = 'ratio' AND s.unit = 'percent' THEN 100 ELSE 1 END AS factor,
        -- a series that is one end of a range is held against that end
        factor * CASE WHEN c.bound = 'range' AND s.definition LIKE '%range_upper' THEN c.value_high ELSE c.value_low END AS low,
        factor * CASE WHEN c.bound = 'range' AND s.definition LIKE '%range_lower' THEN c.value_low ELSE c.value_high END AS high,
        factor * c.half_width AS half_width,
        -- 1万亿 is no claim of half a trillion: amounts have finer words (9千亿); percentages of one digit have none
        CASE WHEN c.unit IN ('percent', 'percentage_point', 'ratio') THEN NULL ELSE tolerance('widest_digit') END AS widest
    FROM questions q
    JOIN claims c USING (claim_id)
    JOIN series s USING (series_id)
    LEFT JOIN series t ON t.series_id = q.base_series_id
    LEFT JOIN claimed_growth g USING (claim_id)
    LEFT JOIN deficits d USING (claim_id)
),
widths AS (
    SELECT s.*,
        greatest(
            CASE WHEN half_width IS NULL THEN tolerance('unstated_precision') * abs(low)
                 ELSE least(CASE WHEN low < 0 THEN 2 ELSE 1 END * half_width, widest * abs(low)) END,
            CASE WHEN significant_zeros THEN tolerance('rounded_number') * abs(low) ELSE 0 END,
            CASE WHEN is_revised THEN tolerance('revised_series') * abs(low) ELSE 0 END
        ) AS down,
        greatest(
            CASE WHEN half_width IS NULL THEN tolerance('unstated_precision') * abs(high)
                 ELSE least(CASE WHEN high < 0 THEN 1 ELSE 2 END * half_width, widest * abs(high)) END,
            CASE WHEN significant_zeros THEN tolerance('rounded_number') * abs(high) ELSE 0 END,
            CASE WHEN is_revised THEN tolerance('revised_series') * abs(high) ELSE 0 END
        ) AS up,
        CASE WHEN is_revised THEN tolerance('revised_series') * abs(low) ELSE 0 END AS least,
        CASE WHEN h.word IS NOT NULL THEN h.reach_below WHEN s.bound = 'approx' THEN tolerance('approx_reach')
             WHEN s.bound = 'below' THEN tolerance('below_reach') ELSE 0 END * abs(low) AS reach_down,
        CASE WHEN h.word IS NOT NULL THEN h.reach_above WHEN s.bound = 'approx' THEN tolerance('approx_reach')
             WHEN s.bound = 'above' THEN NULL ELSE 0 END * abs(high) AS reach_up
    FROM stated s
    LEFT JOIN hedge_reach h ON h.word = s.hedge AND h.bound = s.bound
),
ends AS (
    -- rounded, so that 14.7 and a tenth make 14.8, whatever floating point makes of it
    SELECT question_id, falls, may_be_of_the_rate, low, high,
        tidy(CASE bound
            WHEN 'above' THEN low - greatest(least, reach_down)
            WHEN 'below' THEN CASE WHEN reach_down IS NOT NULL THEN low - greatest(down, reach_down) END
            ELSE low - greatest(down, coalesce(reach_down, 0)) END) AS lowest,
        tidy(CASE bound
            WHEN 'above' THEN CASE WHEN reach_up IS NOT NULL THEN high + greatest(up, reach_up) END
            WHEN 'below' THEN high + greatest(least, coalesce(reach_up, 0))
            ELSE high + greatest(up, coalesce(reach_up, 0)) END) AS highest
    FROM widths
)
-- what is said to have fallen, or to be short, is the mirror image of what is said to have risen
SELECT question_id, may_be_of_the_rate, CASE WHEN falls THEN -high ELSE low END AS claimed_low, CASE WHEN falls THEN -low ELSE high END AS claimed_high,
    CASE WHEN falls THEN -highest ELSE lowest END AS accepted_low, CASE WHEN falls THEN -lowest ELSE highest END AS accepted_high
FROM ends
