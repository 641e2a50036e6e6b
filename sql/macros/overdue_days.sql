CREATE OR REPLACE MACRO overdue_days(frequency) AS CASE frequency WHEN 'daily' THEN 11 WHEN 'weekly' THEN 21 WHEN 'monthly' THEN 75 WHEN 'quarterly' THEN 140 ELSE 460 END;
