-- Figures that state one official metric by another (占联邦支出的14%, 是年收入的7倍, 比2年期高0.5个百分点), and what of the two they are held against.
SELECT c.claim_id, a.published_on, c.relates_to, c.definition, c.base_metric, c.base_definition, c.subject, c.value_low AS claimed, c.period_start, c.period_end,
    c.unit, c.period_end IS NULL OR coalesce(c.period_basis = 'article_date', false)
        OR coalesce(c.period_start = c.period_end AND c.period_end = a.published_on, false) AS is_now,
    CASE
        WHEN c.relation = 'ratio_to' THEN CASE c.unit WHEN 'percent' THEN 'share' WHEN 'ratio' THEN 'multiple' END
        WHEN c.relation = 'differs_from' THEN 'gap'
        WHEN c.unit = 'percent' THEN CASE c.relation WHEN 'exceeds' THEN 'excess_in_percent' ELSE 'shortfall_in_percent' END
        WHEN c.relation = 'exceeds' THEN 'excess'
        WHEN c.relation = 'falls_short_of' THEN 'shortfall'
    END AS measure
FROM claims c
JOIN articles a USING (article_id)
WHERE c.kind = 'quantity' AND c.base_metric IS NOT NULL AND c.value_low IS NOT NULL AND NOT c.vague AND c.modality = 'actual'
