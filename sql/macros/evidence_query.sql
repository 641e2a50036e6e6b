-- The query that computes an official figure anew: a row with the day's name and what `figure_query` gives.
CREATE OR REPLACE MACRO evidence_query(basis, figure_query) AS ('SELECT ''' || basis || ''' AS basis, ' || figure_query);
