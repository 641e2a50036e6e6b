-- What is said of a figure of a series, by how it answers: a sentence in each language, with {0} for the value, {1} for its period and {2} for the period
-- it is held against; and the query that computes it (figure_queries), of a change and of two metrics with <now> and <before> for those of the two figures.
WITH languages AS (
    SELECT language, map_from_entries(list((code, words))) AS said
    FROM (UNPIVOT wording ON en, zh_hans, zh_hant INTO NAME language VALUE words)
    GROUP BY language
),
templates AS (
    SELECT unnest([
        {'template': 'value_on_a_day', 'formula': '<now>'}, {'template': 'value_of_a_period', 'formula': '<now>'},
        {'template': 'sum_of_a_period', 'formula': '<now>'}, {'template': 'statement', 'formula': ''},
        {'template': 'rise', 'formula': '<now> - <before>'}, {'template': 'fall', 'formula': '<before> - <now>'},
        {'template': 'growth', 'formula': '100 * (<now> / <before> - 1)'}, {'template': 'decline', 'formula': '100 * (1 - <now> / <before>)'},
        {'template': 'share', 'formula': '100 * <now> / <before>'}, {'template': 'multiple', 'formula': '<now> / <before>'},
        {'template': 'excess', 'formula': '<now> - <before>'}, {'template': 'shortfall', 'formula': '<before> - <now>'},
        {'template': 'gap', 'formula': 'abs(<now> - <before>)'}, {'template': 'excess_in_percent', 'formula': '100 * (<now> / <before> - 1)'},
        {'template': 'shortfall_in_percent', 'formula': '100 * (1 - <now> / <before>)'}
    ], recursive := true)
),
needed AS (
    SELECT DISTINCT phrase AS key, figure.series_id, figure.base_series_id FROM figures_to_write
),
told AS (
    SELECT n.key, k.template, k.formula, s.series_id, n.base_series_id, w.language,
        CASE w.language WHEN 'en' THEN s.title WHEN 'zh_hans' THEN s.title_zh ELSE to_traditional(s.title_zh) END AS own_title,
        CASE w.language WHEN 'en' THEN t.title WHEN 'zh_hans' THEN t.title_zh ELSE to_traditional(t.title_zh) END AS base_title,
        CASE WHEN t.series_id IS NULL THEN own_title ELSE format(w.said['pair_' || k.template], own_title, base_title) END AS shown_title,
        concat_ws(' / ', coalesce(w.said['definition_' || s.definition], replace(s.definition, '_', ' ')),
            coalesce(w.said['definition_' || t.definition], replace(t.definition, '_', ' '))) AS definitions,
        concat(
            CASE WHEN definitions <> '' THEN format(w.said['definition'], definitions) END,
            CASE WHEN t.series_id IS NOT NULL OR s.provider = 'derived' THEN w.said['computed'] ELSE format(w.said['provider'], upper(s.provider)) END,
            CASE WHEN b.approximate THEN CASE WHEN s.is_revised OR t.is_revised THEN w.said['oldest_held'] ELSE w.said['approximate'] END END) AS details,
        format(w.said['figure_' || CASE WHEN t.series_id IS NULL THEN replace(k.template, 'sum_', 'value_') ELSE 'value_of_a_period' END], '{0}', '{1}', shown_title, details, w.said[a.position], '{2}') AS sentence
    FROM needed n
    JOIN series s USING (series_id)
    LEFT JOIN series t ON t.series_id = n.base_series_id
    CROSS JOIN templates k
    CROSS JOIN (SELECT unnest([true, false]) AS approximate) b
    CROSS JOIN (SELECT unnest(['agrees', 'does_not_agree', 'does_not_decide']) AS position) a
    CROSS JOIN languages w
    WHERE n.key = phrase_key(concat_ws(' / ', n.series_id, n.base_series_id), k.template, b.approximate, a.position)
)
SELECT t.key, any_value(t.sentence) FILTER (t.language = 'en') AS en, any_value(t.sentence) FILTER (t.language = 'zh_hans') AS zh,
    any_value(t.sentence) FILTER (t.language = 'zh_hant') AS zh_hant, any_value(t.formula) AS formula, any_value(q.query) AS query,
    coalesce(any_value(base.query), any_value(q.query)) AS base_query
FROM told t
JOIN figure_queries q ON q.series_id = t.series_id AND q.as_sum = (t.template = 'sum_of_a_period')
LEFT JOIN figure_queries base ON base.series_id = t.base_series_id AND NOT base.as_sum
GROUP BY t.key
