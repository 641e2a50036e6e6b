-- What is said of a figure of a series, by how it answers: a sentence in each language, with {0} for the value, {1} for its period and {2} for the period
-- it is held against; and the query that computes it (figure_queries), of a change with <now> and <before> for those of the two figures.
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
        {'template': 'growth', 'formula': '100 * (<now> / <before> - 1)'}, {'template': 'decline', 'formula': '100 * (1 - <now> / <before>)'}
    ], recursive := true)
),
needed AS (
    SELECT DISTINCT phrase AS key FROM figures_to_write
),
told AS (
    SELECT n.key, k.template, k.formula, s.series_id, w.language,
        CASE w.language WHEN 'en' THEN s.title WHEN 'zh_hans' THEN s.title_zh ELSE to_traditional(s.title_zh) END AS shown_title,
        concat(
            CASE WHEN s.definition IS NOT NULL THEN format(w.said['definition'],
                coalesce(w.said['definition_' || s.definition], replace(s.definition, '_', ' '))) END,
            CASE s.provider WHEN 'derived' THEN w.said['computed'] ELSE format(w.said['provider'], upper(s.provider)) END,
            CASE WHEN b.approximate THEN CASE WHEN s.is_revised THEN w.said['oldest_held'] ELSE w.said['approximate'] END END) AS details,
        format(w.said['figure_' || replace(k.template, 'sum_', 'value_')], '{0}', '{1}', shown_title, details, w.said[a.position], '{2}') AS sentence
    FROM series s
    CROSS JOIN templates k
    CROSS JOIN (SELECT unnest([true, false]) AS approximate) b
    CROSS JOIN (SELECT unnest(['agrees', 'does_not_agree', 'does_not_decide']) AS position) a
    JOIN needed n ON n.key = phrase_key(s.series_id, k.template, b.approximate, a.position)
    CROSS JOIN languages w
)
SELECT t.key, any_value(t.sentence) FILTER (t.language = 'en') AS en, any_value(t.sentence) FILTER (t.language = 'zh_hans') AS zh,
    any_value(t.sentence) FILTER (t.language = 'zh_hant') AS zh_hant, any_value(t.formula) AS formula, any_value(q.query) AS query
FROM told t
JOIN figure_queries q ON q.series_id = t.series_id AND q.as_sum = (t.template = 'sum_of_a_period')
GROUP BY t.key
