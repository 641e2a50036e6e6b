-- One verdict a claim, on the article's day and today, with its explanation in three languages and the query that gives its figures again.
-- Every word of an explanation stands in seeds/wording.csv. The texts are put together last, claim by claim, from the sentences about each figure
-- (sql/rules/written_figures.sql), so that no long text waits in memory.
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
        'mixed_in_article': any_value(en) FILTER (code = 'mixed_in_article'),
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
        'mixed_in_article': any_value(zh_hans) FILTER (code = 'mixed_in_article'),
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
        'mixed_in_article': any_value(zh_hant) FILTER (code = 'mixed_in_article'),
        'from_to': any_value(zh_hant) FILTER (code = 'from_to'),
        'up_to': any_value(zh_hant) FILTER (code = 'up_to'),
        'from_up': any_value(zh_hant) FILTER (code = 'from_up')
    } AS traditional
    FROM wording
),
-- What is said of each verdict with its reason, of today's and of that of the article's day.
verdict_words AS (
    SELECT d.verdict, d.reason,
        format(w.english.today, coalesce(format(w.english.because, v.en, r.en), v.en)) AS en,
        format(w.simplified.today, coalesce(format(w.simplified.because, v.zh_hans, r.zh_hans), v.zh_hans)) AS zh,
        format(w.traditional.today, coalesce(format(w.traditional.because, v.zh_hant, r.zh_hant), v.zh_hant)) AS zh_hant,
        format(w.english.when_published, coalesce(format(w.english.because, v.en, r.en), v.en)) AS then_en,
        format(w.simplified.when_published, coalesce(format(w.simplified.because, v.zh_hans, r.zh_hans), v.zh_hans)) AS then_zh,
        format(w.traditional.when_published, coalesce(format(w.traditional.because, v.zh_hant, r.zh_hant), v.zh_hant)) AS then_zh_hant
    FROM (SELECT DISTINCT verdict, reason FROM verdicts_by_day) d
    JOIN wording v ON v.code = d.verdict
    LEFT JOIN wording r ON r.code = d.reason
    CROSS JOIN templates w
),
facts AS (
    SELECT c.claim_id, c.bound, today.verdict, today.reason, past.verdict AS verdict_then, past.reason AS reason_then, t.flips_at,
        m.beside.quote AS beside, m.beside.definition AS definition_beside, m.beside.in_sentence AS is_in_sentence,
        n1.series_id AS series_now, p1.series_id AS series_then, n1.base_series_id AS base_series_now, p1.base_series_id AS base_series_then,
        -- the same figure, then and now; what is only assumed to have been known then says nothing of revisions
        (n1.series_id, n1.period_start, n1.period_end)
            = (p1.series_id, p1.period_start, p1.period_end) AND n1.value <> p1.value
            AND n1.base_series_id IS NOT DISTINCT FROM p1.base_series_id
            AND p1.known_basis <> 'release_lag' AS is_revised,
        n1.value_en, n1.value_zh, n1.value_zh_hant, p1.value_en AS was_en, p1.value_zh AS was_zh, p1.value_zh_hant AS was_zh_hant,
        nullif(concat_ws('; ', n1.en, n2.en, n3.en), '') AS now_en, nullif(concat_ws('；', n1.zh, n2.zh, n3.zh), '') AS now_zh,
        nullif(concat_ws('；', n1.zh_hant, n2.zh_hant, n3.zh_hant), '') AS now_zh_hant,
        nullif(concat_ws('; ', p1.en, p2.en, p3.en), '') AS past_en, nullif(concat_ws('；', p1.zh, p2.zh, p3.zh), '') AS past_zh,
        nullif(concat_ws('；', p1.zh_hant, p2.zh_hant, p3.zh_hant), '') AS past_zh_hant,
        nullif(concat_ws(' UNION ALL ', evidence_query('today', n1.query), evidence_query('today', n2.query), evidence_query('today', n3.query),
            evidence_query('when_published', p1.query), evidence_query('when_published', p2.query), evidence_query('when_published', p3.query)), '') AS evidence_sql,
        low.en AS low_en, low.zh AS low_zh, low.zh_hant AS low_zh_hant, high.en AS high_en, high.zh AS high_zh, high.zh_hant AS high_zh_hant,
        least_accepted.en AS from_en, least_accepted.zh AS from_zh, least_accepted.zh_hant AS from_zh_hant,
        most_accepted.en AS up_to_en, most_accepted.zh AS up_to_zh, most_accepted.zh_hant AS up_to_zh_hant
    FROM claims c
    JOIN verdicts_by_day today ON today.claim_id = c.claim_id AND today.basis = 'today'
    JOIN verdicts_by_day past ON past.claim_id = c.claim_id AND past.basis = 'when_published'
    LEFT JOIN turning_points t ON t.claim_id = c.claim_id
    LEFT JOIN mixed_definitions m ON m.claim_id = c.claim_id
    LEFT JOIN story s ON s.claim_id = c.claim_id
    LEFT JOIN written_values low ON low.value = c.value_low AND low.unit = c.unit
    LEFT JOIN written_values high ON high.value = c.value_high AND high.unit = c.unit AND c.value_high <> c.value_low
    LEFT JOIN written_values least_accepted ON least_accepted.value = s.accepted_low AND least_accepted.unit = s.shown_unit
    LEFT JOIN written_values most_accepted ON most_accepted.value = s.accepted_high AND most_accepted.unit = s.shown_unit
    -- of the figures only those told in that place, so that each join holds few texts
    LEFT JOIN (FROM written_figures WHERE is_now_1) n1 ON n1.figure_id = s.now_1
    LEFT JOIN (FROM written_figures WHERE is_now_2) n2 ON n2.figure_id = s.now_2
    LEFT JOIN (FROM written_figures WHERE is_now_3) n3 ON n3.figure_id = s.now_3
    LEFT JOIN (FROM written_figures WHERE is_past_1) p1 ON p1.figure_id = s.past_1
    LEFT JOIN (FROM written_figures WHERE is_past_2) p2 ON p2.figure_id = s.past_2
    LEFT JOIN (FROM written_figures WHERE is_past_3) p3 ON p3.figure_id = s.past_3
)
SELECT f.claim_id, f.verdict_then AS verdict_when_published, f.verdict AS verdict_today, f.reason AS reason, f.reason_then AS reason_when_published,
    coalesce(f.series_now, f.series_then) AS series_id, f.series_then AS series_id_when_published,
    CASE WHEN f.series_now IS NULL THEN f.base_series_then ELSE f.base_series_now END AS base_series_id, f.base_series_then AS base_series_id_when_published,
    explain(w.english, ' ', with_bound(b.en, w.english.from_to, f.low_en, f.high_en), v.en, f.now_en,
        between_words(w.english, f.from_en, f.up_to_en), v_then.then_en, CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_en END,
        CASE WHEN f.is_revised THEN f.was_en END, f.value_en, f.beside, d.en, f.is_in_sentence) AS explanation_en,
    explain(w.simplified, '', with_bound(b.zh_hans, w.simplified.from_to, f.low_zh, f.high_zh), v.zh, f.now_zh,
        between_words(w.simplified, f.from_zh, f.up_to_zh), v_then.then_zh, CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_zh END,
        CASE WHEN f.is_revised THEN f.was_zh END, f.value_zh, f.beside, d.zh_hans, f.is_in_sentence) AS explanation_zh,
    explain(w.traditional, '', with_bound(b.zh_hant, w.traditional.from_to, f.low_zh_hant, f.high_zh_hant), v.zh_hant,
        f.now_zh_hant, between_words(w.traditional, f.from_zh_hant, f.up_to_zh_hant), v_then.then_zh_hant,
        CASE WHEN f.past_en IS DISTINCT FROM f.now_en THEN f.past_zh_hant END,
        CASE WHEN f.is_revised THEN f.was_zh_hant END, f.value_zh_hant, f.beside, d.zh_hant, f.is_in_sentence) AS explanation_zh_hant,
    f.evidence_sql, f.flips_at, policy.policy_version
FROM facts f
JOIN wording b ON b.code = 'bound_' || f.bound
JOIN verdict_words v ON v.verdict = f.verdict AND v.reason IS NOT DISTINCT FROM f.reason
JOIN verdict_words v_then ON v_then.verdict = f.verdict_then AND v_then.reason IS NOT DISTINCT FROM f.reason_then
LEFT JOIN wording d ON d.code = 'definition_' || f.definition_beside
CROSS JOIN templates w
CROSS JOIN policy
