-- One verdict a claim and day, from its comparisons: right under every definition, under none, under some, or nothing decides.
WITH bases AS (
    SELECT unnest(['when_published', 'today']) AS basis
),
-- Under one definition any of its official series may bear a claim out; only if none does, and none leaves it open, can one contradict it.
per_definition AS (
    SELECT claim_id, basis, definition, coalesce(bool_or(agrees), false) AS supports,
        NOT supports AND coalesce(bool_or(undecided_reason <> 'period_unknown'), false) AS leaves_open,
        NOT supports AND NOT leaves_open AND coalesce(bool_or(NOT agrees), false) AS contradicts
    FROM comparisons
    GROUP BY ALL
),
tallied AS (
    SELECT claim_id, basis, count(*) FILTER (supports) AS supporting, count(*) FILTER (contradicts) AS contradicting,
        count(*) FILTER (leaves_open) AS left_open
    FROM per_definition
    GROUP BY ALL
),
-- The comparisons that tell the story: the best of each definition, those that agree first, then those that contradict, the newest first.
told AS (
    SELECT c.*, s.title, s.title_zh, s.provider, s.unit, row_number() OVER (
        PARTITION BY c.claim_id, c.basis ORDER BY CASE WHEN c.agrees THEN 0 WHEN NOT c.agrees THEN 1 ELSE 2 END,
            s.is_projection, c.official_period_end DESC, abs(c.relative_difference), c.series_id
    ) AS place
    FROM (
        SELECT * FROM comparisons
        QUALIFY row_number() OVER (
            PARTITION BY claim_id, basis, definition
            ORDER BY CASE WHEN agrees THEN 0 WHEN NOT agrees THEN 1 ELSE 2 END, official_period_end DESC, abs(relative_difference), series_id
        ) = 1
    ) c
    JOIN series s USING (series_id)
),
stories AS (
    SELECT claim_id, basis,
        arg_min(series_id, place) AS series_id,
        any_value(undecided_reason ORDER BY place) FILTER (undecided_reason IS NOT NULL) AS undecided_reason,
        arg_min(accepted_low, place) AS accepted_low, arg_min(accepted_high, place) AS accepted_high, arg_min(unit, place) AS unit,
        -- the end of the accepted interval that lies nearer to the official value
        arg_min(CASE WHEN accepted_low IS NULL OR abs(accepted_high - official_value) < abs(accepted_low - official_value)
            THEN accepted_high ELSE accepted_low END, place) AS flips_at,
        string_agg(
            format_value_en(official_value, unit) || CASE WHEN official_period_start = official_period_end THEN ' on ' ELSE ' in ' END
                || format_period(official_period_start, official_period_end) || ' (' || title
                || CASE WHEN definition IS NOT NULL THEN ', definition: ' || replace(definition, '_', ' ') ELSE '' END
                || ', ' || CASE provider WHEN 'derived' THEN 'computed from official figures' ELSE upper(provider) END
                || CASE WHEN known_basis = 'release_lag' THEN ', release day approximate' ELSE '' END || ') '
                || CASE WHEN agrees THEN 'agrees' WHEN NOT agrees THEN 'does not agree' ELSE 'does not decide' END,
            '; ' ORDER BY place) AS figures_en,
        string_agg(
            title_zh || format_period(official_period_start, official_period_end) || '为' || format_value_zh(official_value, unit)
                || CASE WHEN definition IS NOT NULL THEN '（' || CASE definition WHEN 'gross' THEN '总额口径' WHEN 'net' THEN '净额口径' WHEN 'held_by_public'
                       THEN '公众持有口径' WHEN 'bea' THEN '国民账户口径' WHEN 'year_over_year' THEN '同比' WHEN 'month_over_month' THEN '环比'
                       WHEN 'annual_rate' THEN '年率' ELSE replace(definition, '_', ' ') END || '）' ELSE '' END
                || CASE WHEN agrees THEN '，相符' WHEN NOT agrees THEN '，不符' ELSE '，不足以判断' END,
            '；' ORDER BY place) AS figures_zh,
        'SELECT * FROM official_figures WHERE '
            || string_agg(
                format('(series_id = ''{}'' AND period_start = ''{}'' AND period_end = ''{}'' AND known_from = ''{}'')',
                    series_id, official_period_start, official_period_end, known_from), ' OR ' ORDER BY place) AS evidence_sql
    FROM told
    GROUP BY ALL
),
judged AS (
    SELECT c.claim_id, b.basis, claimed_en(c.bound, c.value_low, c.value_high, c.unit) AS claimed_en,
        claimed_zh(c.bound, c.value_low, c.value_high, c.unit) AS claimed_zh,
        CASE
            WHEN t.supporting > 0 AND t.contradicting > 0 THEN 'conflicting_evidence'
            WHEN t.supporting > 0 THEN 'supported'
            -- without a stated period the figure may be about another time: it cannot be contradicted
            WHEN t.contradicting > 0 AND t.left_open = 0 AND c.period_end IS NOT NULL AND c.period_basis IS DISTINCT FROM 'article_date' THEN 'refuted'
            ELSE 'not_enough_evidence'
        END AS verdict,
        CASE
            WHEN verdict <> 'not_enough_evidence' THEN NULL
            WHEN c.kind <> 'quantity' THEN 'statement_not_judged'
            WHEN c.modality = 'hypothetical' THEN 'hypothetical'
            WHEN c.vague THEN 'vague'
            WHEN c.metric IS NULL AND len(c.metric_candidates) > 0 THEN 'metric_ambiguous'
            WHEN c.metric IS NULL OR c.metric NOT IN (SELECT metric FROM series WHERE metric IS NOT NULL) THEN 'no_official_series'
            WHEN NOT EXISTS (FROM series s WHERE s.metric = c.metric AND (s.unit = c.unit OR (s.unit IN ('percent', 'percentage_point')
                AND c.unit IN ('percent', 'percentage_point')))) THEN 'unit_mismatch'
            WHEN b.basis = 'when_published' AND a.published_on IS NULL THEN 'publication_date_unknown'
            WHEN t.left_open = 0 AND t.contradicting > 0 THEN 'period_unknown'
            WHEN s.undecided_reason IS NOT NULL THEN s.undecided_reason
            WHEN coalesce(c.period_end, a.published_on) IS NULL THEN 'period_unknown'
            WHEN b.basis = 'when_published' AND EXISTS (FROM comparisons o WHERE o.claim_id = c.claim_id AND o.basis = 'today') THEN 'not_published_yet'
            WHEN c.modality = 'projection' THEN 'projection_without_official_baseline'
            ELSE 'no_official_figure'
        END AS reason,
        s.* EXCLUDE (claim_id, basis, undecided_reason)
    FROM claims c
    CROSS JOIN bases b
    JOIN articles a USING (article_id)
    LEFT JOIN tallied t ON t.claim_id = c.claim_id AND t.basis = b.basis
    LEFT JOIN stories s ON s.claim_id = c.claim_id AND s.basis = b.basis
),
-- What each verdict and reason is called in a sentence.
wording(code, en, zh) AS (
    VALUES
        ('supported', 'supported', '属实'),
        ('refuted', 'refuted', '不符'),
        ('conflicting_evidence', 'conflicting evidence: right under one official definition, wrong under another', '证据不一：按一种官方口径相符，按另一种不符'),
        ('not_enough_evidence', 'not enough evidence', '证据不足'),
        ('statement_not_judged', 'a statement without a figure, which is not judged yet', '没有数值的陈述，尚未核对'),
        ('hypothetical', 'a condition or rule of thumb, not a statement of fact', '这是假设或经验法则，不是事实陈述'),
        ('vague', 'only an order of magnitude is said', '只说了数量级'),
        ('metric_ambiguous', 'the text does not make clear which official metric is meant', '文中没有说清所指的官方指标'),
        ('no_official_series', 'no official US series in the catalogue measures this', '目录中没有衡量它的美国官方序列'),
        ('unit_mismatch', 'the official series of this metric is in another unit', '该指标的官方序列使用另一种单位'),
        ('no_official_figure', 'no official figure for this period is held', '没有该时期的官方数据'),
        ('projection_without_official_baseline', 'a forecast or plan for which no official projection is held', '预测或计划，没有相应的官方基线预测'),
        ('publication_date_unknown', 'the day of publication is unknown', '文章发表日期不明'),
        ('not_published_yet', 'the official figure was not out yet', '当时官方数据尚未公布'),
        ('vintage_not_held', 'the series is revised and the figure of that day is not held', '该序列会修订，没有当日版本的数据'),
        ('period_unknown', 'the text does not say which period is meant', '文中没有说明所指的时期'),
        ('taken_once_a_day', 'the series is taken once a day and may have passed this value in between', '该序列每日只取一次，盘中可能达到过此值'),
        ('other_definition', 'the official series at hand measures a neighbour of this, narrower or wider', '现有官方序列衡量的是相近而不相同的口径'),
        ('sign_unclear', 'only the sign differs, and the text does not settle it', '只差正负号，文中无法判断')
),
worded AS (
    SELECT j.*, v.en AS verdict_en, v.zh AS verdict_zh, r.en AS reason_en, r.zh AS reason_zh
    FROM judged j
    JOIN wording v ON v.code = j.verdict
    LEFT JOIN wording r ON r.code = j.reason
)
SELECT t.claim_id,
    p.verdict AS verdict_when_published,
    t.verdict AS verdict_today,
    t.reason AS reason,
    p.reason AS reason_when_published,
    coalesce(t.series_id, p.series_id) AS series_id,
    p.series_id AS series_id_when_published,
    coalesce('Claimed: ' || t.claimed_en || '. ', '') || 'Today: ' || t.verdict_en || coalesce(' (' || t.reason_en || ')', '') || '.' || coalesce(' Official: ' || t.figures_en || '.', '')
        || coalesce(' Accepted: ' || format_interval_en(t.accepted_low, t.accepted_high, t.unit) || '.', '')
        || ' When published: ' || p.verdict_en || coalesce(' (' || p.reason_en || ')', '') || '.'
        || CASE WHEN p.figures_en IS DISTINCT FROM t.figures_en THEN coalesce(' Official then: ' || p.figures_en || '.', '') ELSE '' END
        AS explanation_en,
    coalesce('文中：' || t.claimed_zh || '。', '') || '今日：' || t.verdict_zh || coalesce('（' || t.reason_zh || '）', '') || '。' || coalesce('官方数据：' || t.figures_zh || '。', '')
        || coalesce('可接受范围：' || format_interval_zh(t.accepted_low, t.accepted_high, t.unit) || '。', '')
        || '发表时：' || p.verdict_zh || coalesce('（' || p.reason_zh || '）', '') || '。'
        || CASE WHEN p.figures_zh IS DISTINCT FROM t.figures_zh THEN coalesce('当时官方数据：' || p.figures_zh || '。', '') ELSE '' END
        AS explanation_zh,
    coalesce(t.evidence_sql, p.evidence_sql) AS evidence_sql,
    t.flips_at
FROM worded t
JOIN worded p ON p.claim_id = t.claim_id AND p.basis = 'when_published'
WHERE t.basis = 'today';
