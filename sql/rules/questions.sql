-- What each claim with a figure asks of each official series of its metric: by which rule a figure answers it, of which days, as known on which day.
SELECT c.claim_id, b.basis, s.series_id,
    a.published_on,
    -- what is known today is what nothing has replaced
    CASE b.basis WHEN 'when_published' THEN a.published_on ELSE 'infinity' END AS known_on,
    c.period_end IS NULL OR coalesce(c.period_basis = 'article_date', false)
        OR coalesce(c.period_start = c.period_end AND c.period_end = a.published_on, false) AS is_now,
    coalesce(c.period_start, a.published_on) AS wanted_start,
    coalesce(c.period_end, a.published_on) AS wanted_end,
    c.value_low AS claimed, s.kind AS series_kind, s.frequency,
    s.kind = 'stock' OR s.frequency IN ('daily', 'weekly') AS is_level,
    CASE
        WHEN s.is_projection THEN CASE WHEN c.modality = 'projection' AND NOT is_now THEN 'projection for a year' END
        -- a forecast is held against the outcome, too: a level against that at the end of the period
        WHEN c.modality = 'projection' THEN
            CASE WHEN is_now OR b.basis = 'when_published' THEN NULL WHEN is_level THEN 'level on a day' ELSE 'figure of a period' END
        WHEN is_now THEN 'newest figure'
        WHEN is_level AND wanted_start = wanted_end THEN 'level on a day'
        WHEN is_level THEN 'level within a period'
        ELSE 'figure of a period'
    END AS asks
FROM claims c
JOIN articles a USING (article_id)
JOIN series s ON s.metric = c.metric
    AND same_unit(c.unit, s.unit, c.metric)
    AND (c.definition IS NULL OR s.definition IS NULL OR starts_with(s.definition, c.definition))
    AND (s.subject IS NULL OR list_contains(string_split(s.subject, '|'), c.subject))
CROSS JOIN (SELECT unnest(['when_published', 'today']) AS basis) b
WHERE c.value_low IS NOT NULL AND NOT c.vague AND c.modality <> 'hypothetical'
    AND (b.basis = 'today' OR a.published_on IS NOT NULL)
