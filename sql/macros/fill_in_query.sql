-- A query of sql/rules/figure_queries.sql with its days filled in.
CREATE OR REPLACE MACRO fill_in_query(query, period_start, period_end, known_on) AS (
    format(query, period_start, period_end, known_on, (period_start - INTERVAL 1 YEAR)::DATE, (period_end - INTERVAL 1 YEAR)::DATE, period_start - 1,
        period_end - 6)
);
