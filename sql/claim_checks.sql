-- All that a reader wants to know of each claim, flat.
SELECT c.article_id, a.title, a.publisher, a.published_on, a.url AS article_url, a.same_story_as, c.claim_id, c.kind, c.quote, c.sentence, c.quote_start, c.metric, c.relates_to, c.base_metric,
    CASE WHEN c.kind = 'quantity' THEN claimed_en(c.bound, c.value_low, c.value_high, c.unit) ELSE c.quote END AS claimed,
    c.value_low, c.value_high, c.unit, c.bound, c.modality, c.period_start, c.period_end, c.attributed_to,
    p.official_value AS official_when_published, p.official_period_end AS official_period_when_published,
    t.official_value AS official_today, t.official_period_end AS official_period_today,
    v.verdict_when_published, v.verdict_today, v.reason, v.explanation_en, v.explanation_zh, v.explanation_zh_hant,
    v.series_id, s.title || ' (' || s.provider || ')' AS source, s.url AS source_url, s.licence AS source_licence, w.warning_en, w.warning_zh,
    v.flips_at
FROM claims c
JOIN articles a USING (article_id)
JOIN verdicts v USING (claim_id)
LEFT JOIN series s ON s.series_id = v.series_id
LEFT JOIN comparisons p ON p.claim_id = c.claim_id AND p.basis = 'when_published' AND p.series_id = v.series_id_when_published
    AND p.base_series_id IS NOT DISTINCT FROM v.base_series_id_when_published
LEFT JOIN comparisons t ON t.claim_id = c.claim_id AND t.basis = 'today' AND t.series_id = v.series_id
    AND t.base_series_id IS NOT DISTINCT FROM v.base_series_id
-- what is odd about a figure that a verdict was made by
LEFT JOIN (
    SELECT c.claim_id, string_agg(DISTINCT concat(f.series_id, ' ', format_period(f.period_start, f.period_end), ': ', f.explanation_en), '; ') AS warning_en,
        string_agg(DISTINCT concat(f.series_id, ' ', format_period(f.period_start, f.period_end), '：', f.explanation_zh), '；') AS warning_zh
    FROM (
        SELECT claim_id, series_id, official_period_start AS period_start, official_period_end AS period_end FROM comparisons
        UNION
        SELECT claim_id, coalesce(base_series_id, series_id), base_period_start, base_period_end FROM comparisons WHERE base_period_start IS NOT NULL
        UNION
        SELECT claim_id, series_id, official_period_start, official_period_end FROM statement_comparisons
        UNION
        SELECT claim_id, compared_series_id, official_period_start, official_period_end FROM statement_comparisons WHERE compared_series_id IS NOT NULL
    ) c
    JOIN figure_warnings f ON f.series_id = c.series_id AND f.period_start <= c.period_end AND f.period_end >= c.period_start
    GROUP BY c.claim_id
) w ON w.claim_id = c.claim_id
ORDER BY c.article_id, c.quote_start;
