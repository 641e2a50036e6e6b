-- Every official figure that is told of some claim, once and numbered, whatever the number of claims that it is told of, and which phrase tells of it.
SELECT row_number() OVER () AS figure_id, figure, phrase_key(figure.series_id,
    CASE figure.measure WHEN 'sum' THEN 'sum_of_a_period' WHEN 'value' THEN
        CASE WHEN figure.period_start = figure.period_end THEN 'value_on_a_day' ELSE 'value_of_a_period' END ELSE figure.measure END,
    figure.approximate,
    CASE WHEN figure.agrees THEN 'agrees' WHEN NOT figure.agrees THEN 'does_not_agree' ELSE 'does_not_decide' END) AS phrase
FROM (SELECT DISTINCT figure FROM told_figures)
