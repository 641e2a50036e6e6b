-- One verdict a claim, on the article's day and today, with its explanation in three languages and the query that gives its figures again.
-- Every word of an explanation stands in seeds/wording.csv. The texts are put together last, claim by claim, so that no long text waits in memory.
WITH policy AS (
    SELECT md5(string_agg(line, chr(10) ORDER BY line))[:12] AS policy_version
    FROM (
        SELECT rules_version() AS line
        UNION ALL SELECT concat_ws(' ', word, position, bound, reach_below, reach_above) FROM hedges
        UNION ALL SELECT concat_ws(' ', name, value) FROM tolerances
        UNION ALL SELECT concat_ws(' ', cue, meaning) FROM cues
        UNION ALL SELECT concat_ws(' ', metric, years_ahead, error) FROM forecast_errors
        UNION ALL SELECT concat_ws(' ', threshold, applies_to, value) FROM statement_thresholds
        UNION ALL SELECT concat_ws(' ', words, metric, definition, also_metric) FROM statement_measures
    )
),
templates AS (
    SELECT {
        'claimed': any_value(en) FILTER (code = 'claimed'),
        'today': any_value(en) FILTER (code = 'today'),
        'because': any_value(en) FILTER (code = 'because'),
        'official': any_value(en) FILTER (code = 'official'),
        'accepted': any_value(en) FILTER (code = 'accepted'),
        'when_published': any_value(en) FILTER (code = 'when_published'),
        'official_then': any_value(en) FILTER (code = 'official_then'),
        'revised': any_value(en) FILTER (code = 'revised'),
        'mixed': any_value(en) FILTER (code = 'mixed'),
        'from_to': any_value(en) FILTER (code = 'from_to'),
        'up_to': any_value(en) FILTER (code = 'up_to'),
        'from_up': any_value(en) FILTER (code = 'from_up')
    } AS english, {
        'claimed': any_value(zh_hans) FILTER (code = 'claimed'),
        'today': any_value(zh_hans) FILTER (code = 'today'),
        'because': any_value(zh_hans) FILTER (code = 'because'),
        'official': any_value(zh_hans) FILTER (code = 'official'),
        'accepted': any_value(zh_hans) FILTER (code = 'accepted'),
        'when_published': any_value(zh_hans) FILTER (code = 'when_published'),
        'official_then': any_value(zh_hans) FILTER (code = 'official_then'),
        'revised': any_value(zh_hans) FILTER (code = 'revised'),
        'mixed': any_value(zh_hans) FILTER (code = 'mixed'),
        'from_to': any_value(zh_hans) FILTER (code = 'from_to'),
        'up_to': any_value(zh_hans) FILTER (code = 'up_to'),
        'from_up': any_value(zh_hans) FILTER (code = 'from_up')
    } AS simplified, {
        'claimed': any_value(zh_hant) FILTER (code = 'claimed'),
        'today': any_value(zh_hant) FILTER (code = 'today'),
        'because': any_value(zh_hant) FILTER (code = 'because'),
        'official': any_value(zh_hant) FILTER (code = 'official'),
        'accepted': any_value(zh_hant) FILTER (code = 'accepted'),
        'when_published': any_value(zh_hant) FILTER (code = 'when_published'),
        'official_then': any_value(zh_hant) FILTER (code = 'official_then'),
        'revised': any_value(zh_hant) FILTER (code = 'revised'),
        'mixed': any_value(zh_hant) FILTER (code = 'mixed'),
        'from_to': any_value(zh_hant) FILTER (code = 'from_to'),
        'up_to': any_value(zh_hant) FILTER (code = 'up_to'),
        'from_up': any_value(zh_hant) FILTER (code = 'from_up')
    } AS traditional
    FROM wording
),
facts AS (
    SELECT c.claim_id, c.bound, today.verdict, today.reason, past.verdict AS verdict_then, past.reason AS reason_then, t.flips_at,
        n.first AS now_1, n.second AS now_2, n.third AS now_3, p.first AS past_1, p.second AS past_2, p.third AS past_3,
        m.quote AS beside, m.definition AS definition_beside,
        -- the same figure, then and now
        (n.first.series_id, n.first.period_start, n.first.period_end)
            = (p.first.series_id, p.first.period_start, p.first.period_end) AND n.first.value <> p.first.value AS is_revised,
        format_value_en(c.value_low, c.unit) AS low_en, format_value_en(c.value_high, c.unit) AS high_en,
        format_value_zh(c.value_low, c.unit) AS low_zh, format_value_zh(c.value_high, c.unit) AS high_zh,
        format_value_en(n.first.accepted_low, n.first.unit) AS from_en, format_value_en(n.first.accepted_high, n.first.unit) AS up_to_en,
        format_value_zh(n.first.accepted_low, n.first.unit) AS from_zh, format_value_zh(n.first.accepted_high, n.first.unit) AS up_to_zh
    FROM claims c
    JOIN verdicts_by_day today ON today.claim_id = c.claim_id AND today.basis = 'today'
    JOIN verdicts_by_day past ON past.claim_id = c.claim_id AND past.basis = 'when_published'
    LEFT JOIN told_figures n ON n.claim_id = c.claim_id AND n.basis = 'today'
    LEFT JOIN told_figures p ON p.claim_id = c.claim_id AND p.basis = 'when_published'
    LEFT JOIN turning_points t ON t.claim_id = c.claim_id
    LEFT JOIN mixed_definitions m ON m.claim_id = c.claim_id
),
told AS (
    SELECT f.*, w.*,
        nullif(concat_ws(' UNION ALL ', evidence_query('today', n1, f.now_1), evidence_query('today', n2, f.now_2),
            evidence_query('today', n3, f.now_3)), '') AS evidence_now,
        nullif(concat_ws('; ', tell_figure(n1.en, f.now_1.en, f.now_1), tell_figure(n2.en, f.now_2.en, f.now_2),
            tell_figure(n3.en, f.now_3.en, f.now_3)), '') AS now_en,
        nullif(concat_ws('；', tell_figure(n1.zh, f.now_1.zh, f.now_1), tell_figure(n2.zh, f.now_2.zh, f.now_2),
            tell_figure(n3.zh, f.now_3.zh, f.now_3)), '') AS now_zh,
        nullif(concat_ws('；', tell_figure(n1.zh_hant, f.now_1.zh_hant, f.now_1), tell_figure(n2.zh_hant, f.now_2.zh_hant, f.now_2),
            tell_figure(n3.zh_hant, f.now_3.zh_hant, f.now_3)), '') AS now_zh_hant,
        nullif(concat_ws(' UNION ALL ', evidence_query('when_published', p1, f.past_1), evidence_query('when_published', p2, f.past_2),
            evidence_query('when_published', p3, f.past_3)), '') AS evidence_past,
        nullif(concat_ws('; ', tell_figure(p1.en, f.past_1.en, f.past_1), tell_figure(p2.en, f.past_2.en, f.past_2),
            tell_figure(p3.en, f.past_3.en, f.past_3)), '') AS past_en,
        nullif(concat_ws('；', tell_figure(p1.zh, f.past_1.zh, f.past_1), tell_figure(p2.zh, f.past_2.zh, f.past_2),
            tell_figure(p3.zh, f.past_3.zh, f.past_3)), '') AS past_zh,
        nullif(concat_ws('；', tell_figure(p1.zh_hant, f.past_1.zh_hant, f.past_1), tell_figure(p2.zh_hant, f.past_2.zh_hant, f.past_2),
            tell_figure(p3.zh_hant, f.past_3.zh_hant, f.past_3)), '') AS past_zh_hant
    FROM facts f
    CROSS JOIN templates w
    LEFT JOIN phrases n1 ON n1.key = f.now_1.phrase
    LEFT JOIN phrases n2 ON n2.key = f.now_2.phrase
    LEFT JOIN phrases n3 ON n3.key = f.now_3.phrase
    LEFT JOIN phrases p1 ON p1.key = f.past_1.phrase
    LEFT JOIN phrases p2 ON p2.key = f.past_2.phrase
    LEFT JOIN phrases p3 ON p3.key = f.past_3.phrase
)
SELECT f.claim_id, f.verdict_then AS verdict_when_published, f.verdict AS verdict_today, f.reason AS reason, f.reason_then AS reason_when_published,
    coalesce(f.now_1.series_id, f.past_1.series_id) AS series_id, f.past_1.series_id AS series_id_when_published,
    explain(f.english, ' ', with_bound(b.en, f.english.from_to, f.low_en, f.high_en), v.en, r.en, f.now_en,
        between_words(f.english, f.from_en, f.up_to_en), v_then.en, r_then.en, CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_en END,
        CASE WHEN f.is_revised THEN f.past_1.en END, f.now_1.en, f.beside, d.en) AS explanation_en,
    explain(f.simplified, '', with_bound(b.zh_hans, f.simplified.from_to, f.low_zh, f.high_zh), v.zh_hans, r.zh_hans, f.now_zh,
        between_words(f.simplified, f.from_zh, f.up_to_zh), v_then.zh_hans, r_then.zh_hans,
        CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_zh END,
        CASE WHEN f.is_revised THEN f.past_1.zh END, f.now_1.zh, f.beside, d.zh_hans) AS explanation_zh,
    explain(f.traditional, '', with_bound(b.zh_hant, f.traditional.from_to, to_traditional_units(f.low_zh), to_traditional_units(f.high_zh)), v.zh_hant, r.zh_hant,
        f.now_zh_hant, between_words(f.traditional, to_traditional_units(f.from_zh), to_traditional_units(f.up_to_zh)), v_then.zh_hant, r_then.zh_hant,
        CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_zh_hant END,
        CASE WHEN f.is_revised THEN f.past_1.zh_hant END, f.now_1.zh_hant, f.beside, d.zh_hant) AS explanation_zh_hant,
    nullif(concat_ws(' UNION ALL ', f.evidence_now, f.evidence_past), '') AS evidence_sql,
    f.flips_at, policy.policy_version
FROM told f
JOIN wording b ON b.code = 'bound_' || f.bound
JOIN wording v ON v.code = f.verdict
JOIN wording v_then ON v_then.code = f.verdict_then
LEFT JOIN wording r ON r.code = f.reason
LEFT JOIN wording r_then ON r_then.code = f.reason_then
LEFT JOIN wording d ON d.code = 'definition_' || f.definition_beside
CROSS JOIN policy
