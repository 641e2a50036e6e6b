-- An official figure in words: its sentence (sql/rules/phrases.sql) filled in.
CREATE OR REPLACE MACRO tell_figure(sentence, written_value, figure) AS (format(sentence, written_value, figure.period, figure.base));
