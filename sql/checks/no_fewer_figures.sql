-- A refresh leaves no fewer official figures than the one before (a series that left the catalogue takes its own along).
-- asset: observations
-- severity: warn
WITH before AS (
    SELECT arg_max(observations, started_at) AS figures FROM refreshes
)
SELECT figures AS figures_before, (SELECT count(*) FROM observations) AS figures_now
FROM before
WHERE figures_now < figures;
