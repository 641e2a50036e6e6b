CREATE OR REPLACE MACRO tolerance(wanted) AS (SELECT value FROM tolerances WHERE name = wanted);
