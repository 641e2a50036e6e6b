-- Figures that a word of change governs (增加了2万亿, 同比下降3%): by how much something rose or fell, not the level that it reached.
WITH figures AS (
    SELECT c.*, a.published_on, regexp_extract(split_part(c.sentence, c.quote, 1), '[^，,。；;：:、（()）！!？?]*$') AS before
    FROM claims c
    JOIN articles a USING (article_id)
    WHERE c.metric IS NULL AND c.relates_to IS NOT NULL AND c.value_low IS NOT NULL AND NOT c.vague AND c.modality = 'actual'
        AND c.period_start < c.period_end AND c.period_basis IS DISTINCT FROM 'article_date'
        -- where a quote stands twice in its sentence, what stands before it is not known
        AND len(string_split(c.sentence, c.quote)) = 2
),
-- The word nearest to the figure; between them stand at most a hedge and 了.
governed AS (
    SELECT f.claim_id, w.meaning,
        right(f.before, strpos(reverse(f.before), reverse(w.cue)) - 1) AS between_them
    FROM figures f
    JOIN cues w ON w.meaning IN ('rise', 'fall') AND contains(f.before, w.cue)
    WHERE length(between_them) <= 6 AND NOT regexp_matches(between_them, '[到至为為在成从從由]')
    QUALIFY row_number() OVER (PARTITION BY f.claim_id ORDER BY length(between_them), length(w.cue) DESC) = 1
)
SELECT f.claim_id, f.published_on, f.relates_to, f.definition, f.subject, f.unit, f.period_start, f.period_end, g.meaning = 'fall' AS falls,
    EXISTS (FROM cues w WHERE w.meaning = 'year_over_year' AND contains(f.before, w.cue)) AS year_over_year,
    EXISTS (FROM cues w WHERE w.meaning = 'previous_period' AND contains(f.before, w.cue)) AS previous_period,
    f.period_basis <> 'stated' OR EXISTS (FROM cues w WHERE w.meaning = 'other_base' AND contains(split_part(f.sentence, f.quote, 1), w.cue)) AS other_base
FROM figures f
JOIN governed g USING (claim_id)
