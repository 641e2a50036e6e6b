-- Figures of a metric that is itself a change, which a word of change governs: GDP下降0.9% is growth of -0.9%; 增速回落0.9% may be by how much growth slowed.
SELECT c.claim_id, g.meaning = 'fall' AND c.value_low > 0 AS falls, regexp_matches(g.before, '增速|增率|增[长長]率|[增涨漲降跌升]幅.*[^幅为為]|通[胀脹膨]率') AS may_be_of_the_rate
FROM claims c
JOIN governed_figures g USING (claim_id)
WHERE c.metric IS NOT NULL
