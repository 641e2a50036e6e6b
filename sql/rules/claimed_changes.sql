-- Figures of no metric of their own that a word of change governs: by how much something rose or fell, not the level that it reached.
WITH changes AS (
    SELECT c.claim_id, a.published_on, c.relates_to, c.definition, c.subject, c.unit, c.value_low AS claimed, c.period_start, c.period_end, c.period_basis,
        -- a deficit that grows by so much is a balance that falls by it; percentages are of its size
        (g.meaning = 'fall') <> (d.claim_id IS NOT NULL AND c.unit = 'USD') AS falls,
        EXISTS (FROM cues w WHERE w.meaning = 'year_over_year' AND contains(g.before, w.cue)) AS year_over_year,
        EXISTS (FROM cues w WHERE w.meaning = 'previous_period' AND contains(g.before, w.cue)) AS previous_period,
        EXISTS (FROM cues w WHERE w.meaning = 'other_base' AND contains(split_part(c.sentence, c.quote, 1), w.cue)) AS names_base,
        regexp_matches(g.before, '[较較比]') AS compares
    FROM claims c
    JOIN articles a USING (article_id)
    JOIN governed_figures g USING (claim_id)
    LEFT JOIN deficits d USING (claim_id)
    WHERE c.metric IS NULL AND c.relates_to IS NOT NULL AND c.base_metric IS NULL AND c.modality = 'actual'
        AND c.period_basis IS DISTINCT FROM 'article_date'
)
SELECT * EXCLUDE (period_basis, names_base, compares),
    -- held against something else than the year or the period before, or against something that no cue knows
    period_basis <> 'stated' OR names_base OR (compares AND NOT year_over_year AND NOT previous_period) AS other_base
FROM changes
WHERE period_start < period_end OR (period_start = period_end AND year_over_year)
