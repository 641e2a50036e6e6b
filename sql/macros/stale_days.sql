CREATE OR REPLACE MACRO stale_days(frequency) AS (SELECT value::INTEGER FROM tolerances WHERE name = 'stale_' || frequency || '_days');
