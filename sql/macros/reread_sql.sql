-- A query in brackets that gives one value of an official series again, as it was known.
CREATE OR REPLACE MACRO reread_sql(series_id, derivation, figure) AS (
    format('(SELECT value FROM {} WHERE series_id = ''{}'' AND period_start = ''{}'' AND period_end = ''{}'' AND known_from = ''{}'')',
        CASE WHEN derivation IS NULL THEN 'observations' ELSE 'derived_observations' END, replace(series_id, '''', ''''''),
        figure.period_start, figure.period_end, figure.known_from)
);
