-- The query that computes an official figure anew: a row with the day's name, the series and the value.
CREATE OR REPLACE MACRO evidence_query(basis, phrase, figure) AS (
    'SELECT ''' || basis || ''' AS basis, ''' || replace(figure.series_id, '''', '''''') || ''' AS series_id, '
    || CASE WHEN figure.evidence_sql IS NOT NULL THEN 'official_value AS value FROM (' || figure.evidence_sql || ')'
        WHEN figure.base_period_start IS NULL THEN fill_in_query(phrase.query, figure.period_start, figure.period_end, figure.known_from) || ' AS value'
        ELSE replace(replace(phrase.formula, '<now>', fill_in_query(phrase.query, figure.period_start, figure.period_end, figure.known_from)),
            '<before>', fill_in_query(phrase.query, figure.base_period_start, figure.base_period_end, figure.known_from)) || ' AS value' END
);
