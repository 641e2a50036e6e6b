-- By how much one metric exceeds another or falls short of it, in amounts or in percent of it, of the newest figures of the time said and, where it is a stretch
-- of it, of those nearest to what is claimed.
WITH differences AS (
    SELECT * REPLACE (CASE measure WHEN 'excess' THEN value - base_value WHEN 'shortfall' THEN base_value - value WHEN 'gap' THEN abs(value - base_value)
            WHEN 'excess_in_percent' THEN 100 * (value / base_value - 1) ELSE 100 * (1 - value / base_value) END AS value),
        -- by how much revisions, or a day's ups and downs, of the two alone may move it
        CASE WHEN measure IN ('excess', 'shortfall', 'gap') THEN abs(value) + abs(base_value) ELSE 100 + abs(claimed) END AS revisable
    FROM figures_of_two_metrics
    WHERE measure NOT IN ('share', 'multiple')
)
SELECT * EXCLUDE (claimed, is_of_a_stretch, is_of_fiscal_year, base_value)
FROM differences
QUALIFY row_number() OVER (PARTITION BY question_id, basis, is_of_fiscal_year ORDER BY period_end DESC, base_period_end DESC, period_start) = 1
    OR (is_of_a_stretch AND row_number() OVER (PARTITION BY question_id, basis, is_of_fiscal_year
        ORDER BY abs(value - claimed), period_end DESC, base_period_end DESC) = 1)
