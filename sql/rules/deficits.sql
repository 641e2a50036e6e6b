-- Figures of a balance that the text calls a deficit, which is negative: a 逆差 of 78 billion is a balance of -78, and one that grew by 5 a fall by 5.
WITH balances AS (
    SELECT claim_id, split_part(sentence, quote, 1) AS before
    FROM claims
    WHERE ends_with(coalesce(metric, relates_to), '_balance') AND value_low > 0
)
SELECT b.claim_id
FROM balances b
JOIN cues w ON w.meaning IN ('shortfall', 'surplus') AND contains(b.before, w.cue)
-- the word nearest before the figure
QUALIFY row_number() OVER (PARTITION BY b.claim_id ORDER BY strpos(reverse(b.before), reverse(w.cue))) = 1 AND w.meaning = 'shortfall'
