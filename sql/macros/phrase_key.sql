-- Which phrase of sql/rules/phrases.sql tells of a figure.
CREATE OR REPLACE MACRO phrase_key(series_id, template, approximate, position) AS (concat_ws(' ', series_id, template, position, CASE WHEN approximate THEN 'approximate' END));
