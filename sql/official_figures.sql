-- Whatever a claim can be held against: observations and what SQL derives from them.
FROM observations
UNION ALL BY NAME
FROM derived_observations;
