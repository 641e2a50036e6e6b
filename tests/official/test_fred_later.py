"""Asking with a key, day after day: only what has changed, and the same rows as if everything were read again."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.exchange import Answer
from pipelines.official.fred import updates
from pipelines.official.fred.updates import SeriesEntry, check_entry, parse_entries, parse_updates
from pipelines.official.records import OBSERVATION_KEY
from pipelines.places import SEEDS
from tests.official.fred_runs import FredRuns
from tests.official.local_services import FRED_KEY
from tests.official.local_services.fred import FredService

FIRST = date(2026, 11, 2)
UPDATES = "/fred/series/updates?filter_value=macro&limit=1000&offset=0&file_type=json"


@pytest.fixture
def runs(series_by_id: dict[str, Series]) -> FredRuns:
    """UNRATE and GDP, read once."""
    one = FredRuns([series_by_id["UNRATE"], series_by_id["GDP"]], key=FRED_KEY)
    one.fred.keep_only("UNRATE", "GDP")
    assert one.run(FIRST) == "live"
    return one


def told(held: pl.DataFrame) -> pl.DataFrame:
    """What the rows say; the answers that they were read from differ."""
    return held.drop("retrieved_at", "download_sha256").sort(OBSERVATION_KEY)


def test_a_first_run_asks_for_every_series_what_it_is_and_all_its_vintages(runs: FredRuns) -> None:
    window = "realtime_start=1776-07-04&realtime_end=9999-12-31&limit=100000&offset=0&file_type=json"
    assert runs.asked == [
        "/fred/series?series_id=UNRATE&file_type=json",
        f"/fred/series/observations?series_id=UNRATE&{window}",
        "/fred/series?series_id=GDP&file_type=json",
        f"/fred/series/observations?series_id=GDP&{window}",
    ]


def test_a_day_without_news_costs_one_request_and_changes_nothing(runs: FredRuns) -> None:
    before = runs.held
    assert (runs.run(FIRST + timedelta(1)), runs.reason) == ("live", None)
    assert runs.asked == [UPDATES]
    assert runs.held.equals(before)
    assert set(runs.answered_at.values()) == {datetime(2026, 11, 3, 12, tzinfo=UTC)}


def test_a_series_with_news_is_asked_for_its_later_vintages_only(runs: FredRuns) -> None:
    runs.fred.revise("UNRATE", "2026-07-01", "4.9", date(2026, 11, 5))
    runs.fred.revise("UNRATE", "2026-10-01", "4.8", date(2026, 11, 5))
    before = runs.held
    runs.run(date(2026, 11, 5))
    assert runs.asked[0] == UPDATES
    assert len(runs.asked) == 2
    assert "series_id=UNRATE" in runs.asked[1]
    assert "realtime_start=2026-10-31&realtime_end=9999-12-31" in runs.asked[1]
    news = runs.held.join(before, on=runs.held.columns, how="anti", nulls_equal=True)
    assert news.select("period_start", "value", "known_from", "known_until").rows()[-2:] == [
        (date(2026, 7, 1), 4.9, date(2026, 11, 5), None),
        (date(2026, 10, 1), 4.8, date(2026, 11, 5), None),
    ]
    assert len(news) == 3  # the third is the old value of July, which ends


def test_a_series_that_is_new_in_the_catalogue_is_read_whole(runs: FredRuns, series_by_id: dict[str, Series]) -> None:
    runs.fred.revise("PAYEMS", "2026-09-01", "160000", date(2026, 10, 3))
    runs.series["PAYEMS"] = series_by_id["PAYEMS"]
    runs.run(FIRST + timedelta(1))
    assert [asked.split("?")[0] for asked in runs.asked] == [
        "/fred/series/updates",
        "/fred/series",
        "/fred/series/observations",
    ]


def test_after_three_weeks_every_series_is_asked_for_its_later_vintages(runs: FredRuns) -> None:
    runs.run(FIRST + timedelta(21))
    assert len(runs.asked) == 2
    assert all("realtime_start=2026-10-31" in asked for asked in runs.asked)


def test_the_list_is_read_until_it_is_older_than_the_last_answer(runs: FredRuns) -> None:
    runs.fred.others = ["2026-11-03 05:00:00-06"] * 2500 + ["2026-10-30 05:00:00-06"] * 5000
    runs.run(FIRST + timedelta(1))
    assert [asked.split("offset=")[1].split("&")[0] for asked in runs.asked] == ["0", "1000", "2000"]


def test_a_list_too_long_to_read_is_left_and_every_series_asked(
    runs: FredRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "MAX_PAGES", 3)
    runs.fred.others = ["2026-11-03 05:00:00-06"] * 9000
    runs.run(FIRST + timedelta(1))
    assert [asked.split("?")[0].rsplit("/", 1)[1] for asked in runs.asked] == ["updates"] * 3 + ["observations"] * 2


def test_a_list_that_cannot_be_read_costs_requests_but_no_news(runs: FredRuns) -> None:
    runs.fred.revise("GDP", "2026-07-01", "31000.5", date(2026, 11, 3))
    runs.refuse["updates"] = 200, b"<html>maintenance</html>"
    assert (runs.run(FIRST + timedelta(1)), runs.reason) == ("live", None)
    assert (date(2026, 7, 1), 31000.5e9, date(2026, 11, 3), None, "vintage") in runs.figures("GDP")


def test_a_refused_key_ends_the_run_at_the_list(runs: FredRuns) -> None:
    runs.fred.key = "another0another0another0another0"
    before = runs.held
    assert runs.run(FIRST + timedelta(1)) == "failed"
    assert runs.asked == [UPDATES]
    assert "check FRED_API_KEY" in (runs.reason or "")
    assert runs.held.equals(before)


def test_an_update_in_the_hour_of_the_last_answer_is_not_lost(runs: FredRuns) -> None:
    """`last_updated` stands in Missouri's time; 05:30 there was half an hour before the first run at noon UTC."""
    runs.fred.updated["GDP"] = "2026-11-02 05:30:00-06"
    runs.run(FIRST + timedelta(1))
    assert ["series_id=GDP" in asked for asked in runs.asked] == [False, True]


def test_an_update_long_before_the_last_answer_is_none(runs: FredRuns) -> None:
    runs.fred.updated["GDP"] = "2026-11-02 02:00:00-06"
    runs.run(FIRST + timedelta(1))
    assert runs.asked == [UPDATES]


def test_a_history_that_was_rewritten_is_read_again_as_a_whole(runs: FredRuns) -> None:
    stamp, vintages = next(iter(runs.fred.series["GDP"].items()))
    runs.fred.series["GDP"][stamp] = [(vintages[0][0], "5000.5")]
    runs.fred.updated["GDP"] = "2026-11-03 05:30:00-06"
    runs.run(FIRST + timedelta(1))
    starts = [asked.split("realtime_start=")[1][:10] for asked in runs.asked if "realtime_start" in asked]
    assert starts == ["2026-10-31", "1776-07-04"]
    assert runs.figures("GDP")[0][1] == 5000.5e9


def test_a_figure_that_was_withdrawn_stays_withdrawn_when_others_come(runs: FredRuns) -> None:
    runs.fred.revise("UNRATE", "2026-07-01", ".", date(2026, 11, 3))
    runs.run(date(2026, 11, 3))
    assert runs.figures("UNRATE")[-1] == (date(2026, 7, 1), 4.1, date(2026, 8, 7), date(2026, 11, 2), "vintage")
    runs.run(date(2026, 11, 9))
    runs.fred.revise("UNRATE", "2026-10-01", "4.3", date(2026, 11, 10))
    runs.run(date(2026, 11, 10))
    assert (len(runs.asked), runs.reason) == (2, None)
    assert runs.figures("UNRATE")[-2:] == [
        (date(2026, 7, 1), 4.1, date(2026, 8, 7), date(2026, 11, 2), "vintage"),
        (date(2026, 10, 1), 4.3, date(2026, 11, 10), None, "vintage"),
    ]


def test_a_figure_that_vanished_without_a_trace_is_refused_after_a_second_look(runs: FredRuns) -> None:
    before = runs.held
    del runs.fred.series["UNRATE"]["2010-01-01"]
    runs.fred.updated["UNRATE"] = "2026-11-03 05:30:00-06"
    assert runs.run(FIRST + timedelta(1)) == "live"
    assert [asked.split("realtime_start=")[1][:10] for asked in runs.asked[1:]] == ["2026-10-31", "1776-07-04"]
    assert "UNRATE: the answer lacks 1 period(s) known before" in (runs.reason or "")
    assert runs.held.equals(before)


def test_a_series_that_no_list_names_is_asked_once_a_week_while_its_next_figure_is_due(
    series_by_id: dict[str, Series],
) -> None:
    """As one of a state would be. July's rate is the newest; August's is due on 6 September."""
    runs = FredRuns([series_by_id["UNRATE"]], key=FRED_KEY)
    runs.fred.keep_only("UNRATE")
    runs.fred.updated["UNRATE"] = "2020-01-01 07:41:02-06"
    asked = []
    for day in range(20):
        runs.run(date(2026, 9, 4) + timedelta(day))
        if any("observations" in one for one in runs.asked):
            asked.append(day)
    assert asked == [0, 2, 9, 16]
    runs.fred.revise("UNRATE", "2026-08-01", "4.2", date(2026, 9, 24))
    runs.run(date(2026, 9, 29))
    assert runs.figures("UNRATE")[-1][:3] == (date(2026, 8, 1), 4.2, date(2026, 9, 24))
    runs.run(date(2026, 9, 30))
    assert runs.asked == [UPDATES]


FRED = FredService(SEEDS / "official")
(UNRATE,) = (series for series in read_catalogue() if series.series_id == "UNRATE")
STAMPS = ["2026-01-01", "2026-02-01", "2026-03-01"]
# Which month gets which value on which day after the first publication; "." withdraws it.
REVISIONS = st.lists(
    st.tuples(st.sampled_from(STAMPS), st.sampled_from(["4.1", "4.2", "4.3", "."]), st.integers(0, 40)), max_size=14
)


@settings(max_examples=60, deadline=None)
@given(REVISIONS, st.lists(st.integers(1, 42), min_size=1, max_size=4, unique=True))
def test_day_after_day_gives_the_same_rows_as_reading_everything_again(
    revisions: list[tuple[str, str, int]], days: list[int]
) -> None:
    runs = FredRuns([UNRATE], key=FRED_KEY, fred=FRED)
    start = date(2026, 5, 1)
    history: dict[str, dict[str, str]] = {stamp: {"2026-05-01": "4.0"} for stamp in ("2025-11-01", "2025-12-01")}
    for stamp, value, day in revisions:
        history.setdefault(stamp, {})[str(start + timedelta(day))] = value
    runs.fred.series = {"UNRATE": {stamp: list(known.items()) for stamp, known in history.items()}}
    runs.run(start)
    for day in sorted(days):
        whole = runs.copy()
        whole.forget_answers()
        assert whole.run(start + timedelta(day)) == runs.run(start + timedelta(day))
        assert told(runs.held).equals(told(whole.held))


def answer(content: object) -> Answer:
    return Answer("https://fred.test/x", 200, {}, datetime(2026, 11, 22, tzinfo=UTC), json.dumps(content).encode(), "5")


ENTRY = {"id": "GDP", "units": "Billions of Dollars", "frequency_short": "Q", "last_updated": "2024-11-01 07:41:02-05"}


def test_last_updated_is_read_with_its_offset() -> None:
    (entry,) = parse_entries(answer({"seriess": [ENTRY]}))
    assert entry.updated_at == datetime(2024, 11, 1, 12, 41, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"last_updated": "2024-11-01 07:41:02"},
        {"last_updated": "yesterday"},
        {"last_updated": None},
        {"units": None},
        {"id": 7},
    ],
)
def test_an_entry_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ParseError, match="unlike its documentation"):
        parse_entries(answer({"seriess": [ENTRY | change]}))


@pytest.mark.parametrize(
    "content",
    [
        {"seriess": []},
        {"seriess": [], "count": "0"},
        {"seriess": [], "count": 5},
        {"seriess": [ENTRY, ENTRY | {"last_updated": "2025-11-01 07:41:02-05"}], "count": 2},
    ],
)
def test_a_list_of_another_shape_or_order_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ParseError, match="unlike its documentation"):
        parse_updates(answer(content))


@pytest.mark.parametrize(
    ("series_id", "units", "frequency"),
    [
        ("GFDEBTN", "Millions of Dollars", "Q"),
        ("GDPC1", "Billions of Chained 2017 Dollars", "Q"),
        ("WALCL", "Millions of U.S. Dollars", "W"),
        ("JTSJOL", "Level in Thousands", "M"),
        ("ICSA", "Number", "W"),
        ("FYFSD", "Millions of Dollars", "A"),
        ("GFDEGDQ188S", "Percent of GDP", "Q"),
        ("PCEPI", "Index 2017=100", "M"),
    ],
)
def test_units_as_the_service_words_them_fit_the_catalogue(
    series_by_id: dict[str, Series], series_id: str, units: str, frequency: str
) -> None:
    check_entry(series_by_id[series_id], SeriesEntry(series_id, units, frequency, datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("units", "frequency", "cure"),
    [
        ("Billions of Dollars", "Q", "correct scale in seeds/series.csv to 1000000000"),
        ("Dollars", "Q", "correct scale in seeds/series.csv to 1 "),
        ("Millions of Dollars", "M", "publishes it monthly"),
        ("Millions of Dollars", "SA", "publishes it SA"),
    ],
)
def test_another_unit_or_frequency_is_refused_with_the_cure(
    series_by_id: dict[str, Series], units: str, frequency: str, cure: str
) -> None:
    with pytest.raises(ParseError, match=cure):
        check_entry(series_by_id["GFDEBTN"], SeriesEntry("GFDEBTN", units, frequency, datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_unit_that_changed_is_refused_and_what_was_known_stays(runs: FredRuns) -> None:
    before = runs.held
    runs.fred.units["GDP"] = "Millions of Dollars"
    runs.fred.updated["GDP"] = "2026-11-03 05:30:00-06"
    assert runs.run(FIRST + timedelta(1)) == "live"
    assert "GDP: FRED publishes it in 'Millions of Dollars'" in (runs.reason or "")
    assert runs.held.equals(before)
