-- A share or multiple of two metrics: the one over the other, of the newest figures of the time said and, where it is a stretch of it, of those nearest to what is claimed.
SELECT * EXCLUDE (claimed, is_of_a_stretch, is_of_fiscal_year, base_value) REPLACE (CASE measure WHEN 'share' THEN 100 ELSE 1 END * value / base_value AS value),
    NULL::DOUBLE AS revisable
FROM figures_of_two_metrics r
WHERE measure IN ('share', 'multiple')
QUALIFY row_number() OVER (PARTITION BY question_id, basis, is_of_fiscal_year ORDER BY r.period_end DESC, base_period_end DESC, r.period_start) = 1
    OR (is_of_a_stretch AND row_number() OVER (PARTITION BY question_id, basis, is_of_fiscal_year
        ORDER BY abs(CASE measure WHEN 'share' THEN 100 ELSE 1 END * r.value / base_value - claimed), r.period_end DESC, base_period_end DESC) = 1)
