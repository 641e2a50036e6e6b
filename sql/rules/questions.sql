-- What each claim with a figure asks of each official series of its metric, numbered: by which rule a figure answers it, and of which days.
-- Which period answers is the same for what was known when the article appeared and for what is known today; what differs is its value.
WITH asked AS (
    SELECT c.claim_id, s.series_id, c.modality, a.published_on,
        -- the article's day, for what could be known then: the outcome of a forecast could not
        CASE WHEN s.is_projection OR c.modality <> 'projection' THEN a.published_on END AS known_on,
        c.period_end IS NULL OR coalesce(c.period_basis = 'article_date', false)
            OR coalesce(c.period_start = c.period_end AND c.period_end = a.published_on, false) AS is_now,
        coalesce(c.period_start, a.published_on) AS wanted_start,
        coalesce(c.period_end, a.published_on) AS wanted_end,
        c.period_end AS stated_end, c.definition IS NOT NULL AS names_definition, c.value_low AS claimed, s.kind AS series_kind, s.frequency,
        s.kind = 'stock' OR s.frequency IN ('daily', 'weekly') AS is_level,
        CASE
            WHEN s.is_projection THEN CASE WHEN c.modality = 'projection' AND NOT is_now THEN 'projection for a year' END
            -- a forecast is held against the outcome, too: a level against that at the end of the period
            WHEN c.modality = 'projection' THEN CASE WHEN is_now THEN NULL WHEN is_level THEN 'level on a day' ELSE 'figure of a period' END
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
        AND (s.subject IS NULL OR list_contains(string_split(lower(s.subject), '|'), lower(c.subject)))
    WHERE c.value_low IS NOT NULL AND NOT c.vague AND c.modality <> 'hypothetical'
    UNION ALL BY NAME
    SELECT c.claim_id, s.series_id, 'actual' AS modality, c.published_on, c.published_on AS known_on, c.period_end AS stated_end,
        c.definition IS NOT NULL AS names_definition, s.kind AS series_kind,
        s.frequency, s.kind = 'stock' OR s.frequency = 'daily' AS is_level, 'change over a period' AS asks
    FROM claimed_changes c
    JOIN series s ON s.metric = c.relates_to AND NOT s.is_projection
        -- amounts change by amounts, rates by percentage points, anything but a rate also by percent
        AND CASE c.unit WHEN 'percent' THEN s.unit <> 'percent' AND s.unit <> 'percentage_point' WHEN 'percentage_point' THEN s.unit = 'percent'
            ELSE s.unit = c.unit END
        AND (c.definition IS NULL OR s.definition IS NULL OR starts_with(s.definition, c.definition))
        AND (s.subject IS NULL OR list_contains(string_split(lower(s.subject), '|'), lower(c.subject)))
    UNION ALL BY NAME
    SELECT c.claim_id, s.series_id, t.series_id AS base_series_id, 'actual' AS modality, c.published_on, c.published_on AS known_on, c.is_now,
        coalesce(c.period_start, c.published_on) AS wanted_start, coalesce(c.period_end, c.published_on) AS wanted_end, c.period_end AS stated_end,
        c.definition IS NOT NULL AND (c.base_definition IS NOT NULL OR t.definition IS NULL) AS names_definition, c.claimed, s.kind AS series_kind, s.frequency,
        s.kind = 'stock' OR s.frequency IN ('daily', 'weekly') AS is_level, 'two metrics' AS asks
    FROM claimed_pairs c
    JOIN series s ON s.metric = c.relates_to AND NOT s.is_projection AND (c.definition IS NULL OR s.definition IS NULL OR starts_with(s.definition, c.definition))
    JOIN series t ON t.metric = c.base_metric AND NOT t.is_projection
        AND (c.base_definition IS NULL OR t.definition IS NULL OR starts_with(t.definition, c.base_definition))
        -- shares, multiples and amounts are of amounts, points of rates
        AND t.unit = s.unit AND CASE c.unit WHEN 'percentage_point' THEN s.unit = 'percent' WHEN 'percent' THEN s.unit <> 'percent'
            WHEN 'ratio' THEN s.unit <> 'percent' ELSE s.unit = c.unit END
    WHERE c.measure IS NOT NULL
)
SELECT row_number() OVER () AS question_id, * FROM asked WHERE asks IS NOT NULL
