-- From when on nothing may stand beyond a record: that since when it stands (a month, year or decade) may, and a span counted in years (近20年来) is rounded.
CREATE OR REPLACE MACRO record_span_start(since, quote, published_on, slack) AS (
    CASE
        WHEN since IS NULL THEN NULL
        WHEN contains(quote, '年代') THEN (since + INTERVAL 10 YEAR)::DATE
        WHEN NOT regexp_matches(quote, '(1[89]|20)[0-9]{2}\s?年|[0-9]\s?月份?以[来來]') THEN since + (slack * (published_on - since))::INTEGER
        WHEN regexp_matches(quote, '[0-9]\s?月') THEN (since + INTERVAL 1 MONTH)::DATE
        ELSE (since + INTERVAL 1 YEAR)::DATE
    END
);
