-- Every source that was asked has answered; where one has not, the figures held before serve.
-- asset: sources
-- severity: warn
SELECT source, reason, newest_period_end
FROM sources
WHERE state = 'failed';
