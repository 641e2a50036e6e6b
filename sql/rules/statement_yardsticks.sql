-- What the words of a statement mean in numbers for each series: a row for its metric counts before one for its unit, and that before one for any.
SELECT series_id, metric, definition, subject, unit, frequency, series_kind, is_revised, is_proxy,
    unit IN ('percent', 'percentage_point') AS in_points,
    CASE frequency WHEN 'daily' THEN 365.25 / 250 WHEN 'weekly' THEN 7 WHEN 'monthly' THEN 365.25 / 12 WHEN 'quarterly' THEN 365.25 / 4
        ELSE 365.25 END AS period_days,
    max(value) FILTER (threshold = 'movement') AS movement,
    max(value) FILTER (threshold = 'surge') AS surge,
    max(value) FILTER (threshold = 'sign') AS least_sign,
    max(value) FILTER (threshold = 'about_equal') AS about_equal,
    max(value) FILTER (threshold = 'clearly_unequal') AS clearly_unequal,
    max(value) FILTER (threshold = 'together') AS together,
    max(value) FILTER (threshold = 'beaten') AS beaten,
    bool_or(threshold = 'seasonal' AND value > 0) AS is_seasonal,
    max(value) FILTER (threshold = 'recent_days') AS recent_days,
    max(value) FILTER (threshold = 'ever_years') AS ever_years,
    max(value) FILTER (threshold = 'span_slack') AS span_slack,
    max(value) FILTER (threshold = 'coverage') AS coverage
FROM (
    SELECT s.series_id, s.metric, s.definition, s.subject, s.unit, s.frequency, s.kind AS series_kind, s.is_revised, s.is_proxy, t.threshold,
        arg_min(t.value, CASE t.applies_to WHEN s.metric THEN 1 WHEN s.unit THEN 2 ELSE 3 END) AS value
    FROM series s
    JOIN statement_thresholds t ON t.applies_to IN (s.metric, s.unit, 'any')
    WHERE NOT s.is_projection
    GROUP BY ALL
)
GROUP BY ALL
