-- The figures of a day in words, one sentence each. `sentences` and `written_values` are lists in the order of the figures.
CREATE OR REPLACE MACRO tell_figures(sentences, written_values, figures, gap) AS (
    nullif(array_to_string(list_transform(figures, lambda figure, place: format(sentences[place], written_values[place], figure.period, figure.base)), gap), '')
);
