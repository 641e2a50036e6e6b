-- The official figures that the story of a claim is told with, in their order, at most three a day, and what tells one figure from another:
-- of statements, the row in which stands what was written of them when they were held against the figures.
SELECT t.claim_id, t.basis, t.place, c.accepted_low, c.accepted_high, {
    'series_id': c.series_id,
    'base_series_id': c.base_series_id,
    'measure': c.measure,
    'agrees': c.agrees,
    'approximate': c.known_basis = 'release_lag' AND (t.basis = 'when_published' OR NOT s.is_revised),
    'value': c.official_value, 'period_start': c.official_period_start, 'period_end': c.official_period_end,
    'base_period_start': c.base_period_start, 'base_period_end': c.base_period_end, 'known_from': c.known_from, 'known_basis': c.known_basis,
    'statement': NULL::BIGINT
} AS figure
FROM told_comparisons t
JOIN comparisons c ON c.rowid = t.row
JOIN series s USING (series_id)
WHERE t.place <= 3 AND NOT t.is_statement
UNION ALL BY NAME
SELECT t.claim_id, t.basis, t.place, {
    'series_id': c.series_id,
    'base_series_id': NULL::VARCHAR,
    'measure': 'statement',
    'agrees': c.agrees,
    'approximate': c.known_basis = 'release_lag' AND (t.basis = 'when_published' OR NOT s.is_revised),
    'value': c.official_value, 'period_start': c.official_period_start, 'period_end': c.official_period_end,
    'base_period_start': NULL::DATE, 'base_period_end': NULL::DATE, 'known_from': c.known_from, 'known_basis': c.known_basis,
    'statement': t.row
} AS figure
FROM told_comparisons t
JOIN statement_comparisons c ON c.rowid = t.row
JOIN series s USING (series_id)
WHERE t.place <= 3 AND t.is_statement
