-- A query in brackets that takes something of some series (names separated by |) in periods that fit a condition, as known on the day {2}.
CREATE OR REPLACE MACRO observed_sql(taken, series_ids, periods) AS (
    concat('(SELECT ', taken, ' FROM observations WHERE series_id IN (''', replace(replace(series_ids, '''', ''''''), '|', ''', '''), ''') AND ', periods,
        ' AND known_from <= ''{2}'' AND (known_until IS NULL OR known_until >= ''{2}''))')
);
