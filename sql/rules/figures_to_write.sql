-- Every official figure that is told of some claim, once and numbered, whatever the number of claims that it is told of, in which unit its value is
-- shown, which phrase tells of it, and in which places of some story it is told (story.sql).
SELECT row_number() OVER () AS figure_id, t.*,
    CASE WHEN t.figure.measure IN ('growth', 'decline', 'share', 'excess_in_percent', 'shortfall_in_percent') THEN 'percent'
        WHEN t.figure.measure = 'multiple' THEN 'ratio'
        WHEN s.unit = 'percent' AND t.figure.measure IN ('rise', 'fall', 'excess', 'shortfall', 'gap') THEN 'percentage_point' ELSE s.unit END AS shown_unit,
    phrase_key(concat_ws(' / ', t.figure.series_id, t.figure.base_series_id),
        CASE t.figure.measure WHEN 'sum' THEN 'sum_of_a_period' WHEN 'value' THEN
            CASE WHEN t.figure.period_start = t.figure.period_end THEN 'value_on_a_day' ELSE 'value_of_a_period' END ELSE t.figure.measure END,
        t.figure.approximate,
        CASE WHEN t.figure.agrees THEN 'agrees' WHEN NOT t.figure.agrees THEN 'does_not_agree' ELSE 'does_not_decide' END) AS phrase
FROM (
    SELECT figure, bool_or(basis = 'today' AND place = 1) AS is_now_1, bool_or(basis = 'today' AND place = 2) AS is_now_2,
        bool_or(basis = 'today' AND place = 3) AS is_now_3, bool_or(basis = 'when_published' AND place = 1) AS is_past_1,
        bool_or(basis = 'when_published' AND place = 2) AS is_past_2, bool_or(basis = 'when_published' AND place = 3) AS is_past_3
    FROM told_figures
    GROUP BY figure
) t
JOIN series s ON s.series_id = t.figure.series_id
