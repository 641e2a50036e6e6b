-- From when on nothing may stand beyond a record: that since when it stands (a month, year or decade) may, and a span counted in years (近20年来) is rounded.
CREATE OR REPLACE MACRO record_span_start(since, quote, published_on, slack) AS (
    CASE
        WHEN since IS NULL THEN NULL
        WHEN contains(quote, '年代') THEN (since + INTERVAL 10 YEAR)::DATE
        -- another month in the quote is when it was reached (4月CPI创2023年以来新高)
        WHEN regexp_matches(quote, format('{}\s?年\s?0?{}\s?月|(^|[^0-9])0?{}\s?月份?以[来來]', year(since), month(since), month(since)))
            THEN (since + INTERVAL 1 MONTH)::DATE
        WHEN contains(quote, year(since) || '年') OR contains(quote, year(since) || ' 年') THEN (since + INTERVAL 1 YEAR)::DATE
        ELSE since + (slack * (published_on - since))::INTEGER
    END
);
