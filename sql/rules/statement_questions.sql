-- What each statement asks of a series on each of both days, and the newest period that answers it.
WITH asked AS (
    SELECT s.*, b.basis, CASE b.basis WHEN 'when_published' THEN s.published_on ELSE 'infinity' END AS known_on,
        -- what is said of the present is about the newest period that the writer could know, on either day
        CASE WHEN s.is_now OR b.basis = 'when_published' THEN s.published_on ELSE 'infinity' END AS newest_on
    FROM statements_by_series s
    CROSS JOIN (VALUES ('when_published'), ('today')) b(basis)
    -- an outcome says nothing of a forecast before it is there
    WHERE s.modality <> 'projection' OR (b.basis = 'today' AND NOT s.is_now)
),
newest AS (
    SELECT DISTINCT track_id, first_known_from,
        max(place) OVER (PARTITION BY track_id ORDER BY first_known_from RANGE UNBOUNDED PRECEDING) AS place
    FROM statement_periods
    WHERE period_end <= first_known_from
),
-- Each stretch of time is looked up once a series, whatever the number of statements about it.
stretches AS (
    SELECT DISTINCT track_id, newest_on, wanted_start, wanted_end FROM asked
),
answered AS (
    SELECT s.*, least(n.place, e.place) AS place, coalesce(b.place, 0) AS place_before
    FROM stretches s
    ASOF JOIN newest n ON n.track_id = s.track_id AND s.newest_on >= n.first_known_from
    ASOF JOIN statement_periods e ON e.track_id = s.track_id AND s.wanted_end >= e.period_end
    ASOF LEFT JOIN statement_periods b ON b.track_id = s.track_id AND s.wanted_start > b.period_end
),
placed AS (
    SELECT a.* EXCLUDE (metric, subject, definitions, also_metrics, names_change, newest_on), w.place, w.place_before, p.period_start, p.period_end, p.first_known_from,
        a.series_kind = 'stock' OR a.frequency IN ('daily', 'weekly') AS is_level
    FROM asked a
    JOIN answered w USING (track_id, newest_on, wanted_start, wanted_end)
    JOIN statement_periods p ON p.track_id = w.track_id AND p.place = w.place
)
SELECT *, row_number() OVER (ORDER BY claim_id, basis, track_id) AS question_id,
    -- over several periods it is the whole stretch that answers
    NOT is_now AND place - place_before > 1 AS is_stretch,
    CASE
        WHEN modality = 'projection' THEN 'outcome_differs'
        WHEN any_proxy THEN 'other_definition'
        WHEN is_of_one_estimate THEN 'vintage_not_held'
        -- of a direction, a time that only the sentences around it tell may be another
        WHEN is_undated OR (kind IN ('direction', 'turn') AND is_in_context) THEN 'period_unknown'
        -- what moves from a day on moves after it
        WHEN kind = 'direction' AND NOT is_now AND wanted_start = wanted_end AND (frequency <> 'daily' OR regexp_matches(quote, '[其此随隨之][后後]|以[来來]|起'))
            THEN 'period_unknown'
        WHEN NOT is_now AND NOT is_level AND period_start < wanted_start THEN 'other_period'
        -- the period said was not over, or its last figure is not out
        -- nobody can state as a fact what was not out
        WHEN NOT is_now AND (wanted_end > published_on OR first_known_from > published_on OR wanted_end - period_end >= greatest(0.9 * period_days, 5)) THEN 'not_published_yet'
    END AS may_not_refute
FROM placed
WHERE CASE
    WHEN is_now THEN period_end >= wanted_end - stale_days(frequency)
    WHEN wanted_start = wanted_end AND frequency IN ('daily', 'weekly') 
        THEN period_end >= wanted_end - CASE frequency WHEN 'weekly' THEN 7 ELSE tolerance('grace_days')::INTEGER END
    WHEN is_level OR period_start >= wanted_start THEN period_end >= wanted_start
    -- a fiscal year may bear out what is said of the calendar year of the same number
    ELSE frequency = 'annual' AND year(period_end) = year(wanted_end)
        AND wanted_start = make_date(year(wanted_end), 1, 1) AND wanted_end = make_date(year(wanted_end), 12, 31) END
