-- The query that computes the figures of a day anew, a row each: the day's name, the series, the value. `phrases` and `figures` are lists in the same order.
CREATE OR REPLACE MACRO evidence_query(basis, phrases, figures) AS (
    nullif(array_to_string(list_transform(figures, lambda figure, place: concat('SELECT ''', basis, ''' AS basis, ''', replace(figure.series_id, '''', ''''''),
        ''' AS series_id, ', coalesce('official_value AS value FROM (' || figure.evidence_sql || ')', concat(
            replace(replace(phrases[place].formula, '<now>', fill_in_query(phrases[place].query, figure.period_start, figure.period_end, figure.known_from)),
                '<before>', coalesce(fill_in_query(phrases[place].query, figure.base_period_start, figure.base_period_end, figure.known_from), '')),
            ' AS value')))), ' UNION ALL '), '')
);
