-- Figures that a word of change governs (增加了2万亿, 同比下降3%), with that word's meaning and what stands before the figure in its clause.
WITH figures AS (
    SELECT claim_id, regexp_extract(split_part(sentence, quote, 1), '[^，,。；;：:、（()）！!？?]*$') AS before
    FROM claims
    WHERE value_low IS NOT NULL AND NOT vague
        AND ((metric IS NULL AND relates_to IS NOT NULL)
            OR metric IN (SELECT metric FROM series WHERE derivation = 'change' OR regexp_matches(definition, '(over_year|over_month|annual_rate)$')))
        -- where a quote stands twice in its sentence, what stands before it is not known
        AND len(string_split(sentence, quote)) = 2
)
-- The word nearest to the figure; between them stand at most a hedge and 了.
SELECT f.claim_id, f.before, w.meaning,
    right(f.before, strpos(reverse(f.before), reverse(w.cue)) - 1) AS between_them
FROM figures f
JOIN cues w ON w.meaning IN ('rise', 'fall') AND contains(f.before, w.cue)
WHERE length(between_them) <= 6 AND NOT regexp_matches(between_them, '[到至为為在成从從由]')
QUALIFY row_number() OVER (PARTITION BY f.claim_id ORDER BY length(between_them), length(w.cue) DESC) = 1
