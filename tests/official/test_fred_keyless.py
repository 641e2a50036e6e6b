"""Without a key: the public CSV files, and what was known on the days that claims need."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.exchange import Answer
from pipelines.official.fred.graph import (
    GraphRefusedError,
    NoFileError,
    as_of_request,
    current_request,
    parse_as_of,
    parse_current,
)
from pipelines.official.offline import read_offline_figures
from pipelines.places import SEEDS
from tests.official.fred_runs import FredRuns
from tests.official.local_services.fred import FredService
from tests.official.local_services.fredgraph import REFUSAL

FIRST = date(2026, 11, 2)
OCTOBER = (date(2025, 10, 1), date(2025, 10, 31))
NOVEMBER = (date(2025, 11, 1), date(2025, 11, 30))


def answer(body: bytes | str, status: int = 200) -> Answer:
    content = body if isinstance(body, bytes) else body.encode()
    return Answer("https://fred.test/x.csv", status, {}, datetime(2026, 11, 22, tzinfo=UTC), content, "5ha")


@pytest.fixture
def unrate(series_by_id: dict[str, Series]) -> Series:
    return series_by_id["UNRATE"]


@pytest.fixture
def runs(unrate: Series) -> FredRuns:
    one = FredRuns([unrate], key=None)
    one.fred.keep_only("UNRATE")
    return one


@pytest.mark.parametrize("header", ["observation_date", "DATE"])
@pytest.mark.parametrize("missing", [".", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_whatever_its_first_column_is_called(
    unrate: Series, header: str, missing: str, end: str
) -> None:
    body = end.join([f"{header},UNRATE", f"2025-10-01,{missing}", "2025-11-01,4.5", ""])
    assert parse_current(answer(body), unrate).figures == {OCTOBER: None, NOVEMBER: 4.5}


def test_a_byte_order_mark_and_a_last_line_without_end_do_no_harm(unrate: Series) -> None:
    body = b"\xef\xbb\xbfobservation_date,UNRATE\n2025-11-01,4.5"
    assert parse_current(answer(body), unrate).figures == {NOVEMBER: 4.5}


def test_each_column_of_an_as_of_file_is_what_was_known_on_its_day(unrate: Series) -> None:
    days = [date(2025, 12, 20), date(2026, 1, 15)]
    body = "observation_date,UNRATE_20251220,UNRATE_20260115\n2025-11-01,4.6,4.5\n2025-12-01,,4.4\n"
    columns = parse_as_of(answer(body), unrate, days)
    assert [column.known_on for column in columns] == days
    assert columns[0].figures == {NOVEMBER: 4.6, (date(2025, 12, 1), date(2025, 12, 31)): None}
    assert columns[1].figures[NOVEMBER] == 4.5


def test_requests_name_series_days_and_first_day(unrate: Series) -> None:
    assert current_request(unrate, None, base_url="https://fred.test/").shown_url == (
        "https://fred.test/graph/fredgraph.csv?id=UNRATE"
    )
    request = as_of_request(
        unrate, [date(2026, 1, 2), date(2025, 1, 2)], date(2015, 1, 1), base_url="https://alfred.test"
    )
    assert request.url == "https://alfred.test/graph/alfredgraph.csv"
    assert dict(request.params) == {
        "id": "UNRATE,UNRATE",
        "cosd": "2015-01-01",
        "vintage_date": "2026-01-02,2025-01-02",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [(REFUSAL, 403), (REFUSAL, 200), (b"  <html>", 200), (b"", 200), (b"", 429), (b"x", 503), (b"nope", 302)],
)
def test_a_refusal_is_told_apart_whatever_its_status(unrate: Series, body: bytes, status: int) -> None:
    with pytest.raises(GraphRefusedError, match="FRED_API_KEY"):
        parse_current(answer(body, status), unrate)


@pytest.mark.parametrize("status", [400, 404])
def test_a_missing_file_is_no_refusal(unrate: Series, status: int) -> None:
    with pytest.raises(NoFileError, match="check provider_code"):
        parse_current(answer(REFUSAL, status), unrate)


@pytest.mark.parametrize(
    "body",
    [
        "observation_date,PAYEMS\n2025-11-01,4.5\n",
        "observation_date,UNRATE_20251120\n2025-11-01,4.5\n",
        "observation_date,UNRATE,PAYEMS\n2025-11-01,4.5,1\n",
        "month,UNRATE\n2025-11-01,4.5\n",
        "UNRATE,observation_date\n4.5,2025-11-01\n",
        "observation_date,UNRATE\n2025-11-01\n",
        "observation_date,UNRATE\n2025-11-01,4.5,4.6\n",
        "observation_date,UNRATE\n01.11.2025,4.5\n",
        "observation_date,UNRATE\n2025-11-15,4.5\n",
        "observation_date,UNRATE\n2025-11-01,4.5\n2025-11-01,4.6\n",
        "observation_date,UNRATE\n2025-11-01,much\n",
        "observation_date,UNRATE\n2025-11-01,4500\n",
        "observation_date,UNRATE\n2025-11-01,4_5\n",
        'observation_date,UNRATE\n2025-11-01,"4.5\n',
        "PK\x03\x04",
        '{"error_code":400}',
    ],
)
def test_any_other_file_is_refused(unrate: Series, body: str) -> None:
    with pytest.raises(ParseError, match=r"UNRATE|no CSV file"):
        parse_current(answer(body), unrate)


def test_a_file_that_ignores_the_days_is_refused(unrate: Series) -> None:
    """As FRED's own file does, which takes `vintage_date` and shows today's figures."""
    with pytest.raises(ParseError, match="instead of observation_date"):
        parse_as_of(answer("observation_date,UNRATE\n2025-11-01,4.5\n"), unrate, [date(2025, 12, 20)])


def test_without_a_key_todays_figures_come_dated_by_the_release_lag(runs: FredRuns) -> None:
    assert runs.run(FIRST) == "live"
    assert runs.asked == ["/graph/fredgraph.csv?id=UNRATE"]
    assert runs.figures("UNRATE")[-1] == (date(2026, 7, 1), 4.1, date(2026, 8, 6), None, "release_lag")
    assert runs.reason is not None
    assert runs.reason.startswith(
        "FRED_API_KEY is not set; asked for the public CSV files instead: today's figures of 1"
    )


def test_keyless_can_be_turned_off(runs: FredRuns) -> None:
    runs.turn_keyless_off()
    assert runs.run(FIRST) == "skipped"
    assert runs.asked == []
    assert "HEDUI_FRED_KEYLESS=0" in (runs.reason or "")


@pytest.mark.parametrize(("status", "body"), [(403, REFUSAL), (200, REFUSAL), (503, b"")])
def test_one_refusal_ends_it_and_the_figures_known_serve(
    series_by_id: dict[str, Series], status: int, body: bytes
) -> None:
    runs = FredRuns([series_by_id[name] for name in ("UNRATE", "GDP", "PAYEMS")], key=None)
    runs.held = read_offline_figures(SEEDS / "official", list(series_by_id.values())).filter(
        pl.col("series_id").is_in(list(runs.series))
    )
    before = runs.held
    runs.refuse["GDP"] = status, body
    assert runs.run(FIRST, {"UNRATE": [date(2026, 1, 15)]}) == "live"
    assert [asked.split("id=")[1] for asked in runs.asked] == ["UNRATE", "GDP"]
    assert "refuses programs" in (runs.reason or "")
    rest = pl.col("series_id") != "UNRATE"
    assert runs.held.filter(rest).equals(before.sort("series_id", "period_start", "known_from").filter(rest))


def test_a_refusal_from_the_start_is_a_failure_that_says_so(runs: FredRuns) -> None:
    runs.refuse["fredgraph"] = 403, REFUSAL
    assert runs.run(FIRST) == "failed"
    assert len(runs.asked) == 1
    assert (runs.reason or "").startswith("FRED_API_KEY is not set; asked for the public CSV files instead")


def test_a_file_that_is_not_there_stops_no_other(series_by_id: dict[str, Series]) -> None:
    runs = FredRuns([series_by_id["UNRATE"], series_by_id["GDP"]], key=None)
    runs.refuse["UNRATE"] = 404, REFUSAL
    assert runs.run(FIRST) == "live"
    assert "1 file(s) were not taken" in (runs.reason or "")
    assert runs.figures("GDP")


@pytest.mark.parametrize(
    ("series_id", "days"),
    [
        ("DGS10", [1, 2, 3, 4, 5, 6, 7, 8]),
        # the figures that the local service has are months old, so the next one is not waited for any more
        ("UNRATE", [7]),
        ("GFDEBTN", []),
        ("FYOIGDA188S", []),
    ],
)
def test_a_series_is_asked_no_oftener_than_is_of_use(
    series_by_id: dict[str, Series], series_id: str, days: list[int]
) -> None:
    runs = FredRuns([series_by_id[series_id]], key=None)
    runs.run(FIRST)
    asked = []
    for day in range(1, 9):
        runs.run(FIRST + timedelta(day))
        if runs.asked:
            asked.append(day)
    assert asked == days


def test_a_figure_that_is_due_is_asked_for_daily(runs: FredRuns) -> None:
    """July's rate is the newest; August's is due on 6 September (31 + 6 days after the end of July)."""
    runs.run(date(2026, 9, 4))
    runs.run(date(2026, 9, 5))
    assert runs.asked == []
    runs.run(date(2026, 9, 6))
    assert runs.asked
    runs.fred.revise("UNRATE", "2026-08-01", "4.4", date(2026, 9, 7))
    runs.run(date(2026, 9, 7))
    assert runs.asked
    runs.run(date(2026, 9, 8))
    assert runs.asked == []
    assert runs.reason == "FRED_API_KEY is not set; the public CSV files were asked for lately, no series is due"


def test_of_a_daily_series_only_the_last_months_are_asked_for_again(series_by_id: dict[str, Series]) -> None:
    runs = FredRuns([series_by_id["DGS10"]], key=None)
    runs.run(FIRST)
    before = len(runs.held)
    runs.fred.revise("DGS10", "2026-11-02", "4.1", date(2026, 11, 3))
    runs.run(FIRST + timedelta(1))
    assert runs.asked == ["/graph/fredgraph.csv?id=DGS10&cosd=2026-05-22"]
    assert len(runs.held) == before + 1


def published(runs: FredRuns, **vintages: dict[str, str]) -> None:
    """Let UNRATE consist of these: `m2025_11={"2025-12-16": "4.6", ...}`."""
    runs.fred.series = {
        "UNRATE": {f"{name[1:5]}-{name[6:]}-01": list(known.items()) for name, known in vintages.items()}
    }


def test_what_was_known_on_a_day_is_claimed_for_that_day_only(runs: FredRuns) -> None:
    """4.6 came out on 16 December and became 4.5 on some day between 20 December and today, nobody here knows which."""
    published(runs, m2025_11={"2025-12-16": "4.6", "2026-01-09": "4.5"})
    runs.run(FIRST, {"UNRATE": [date(2025, 12, 20)]})
    assert runs.figures("UNRATE") == [
        (date(2025, 11, 1), 4.6, date(2025, 12, 6), date(2025, 12, 19), "release_lag"),
        (date(2025, 11, 1), 4.6, date(2025, 12, 20), date(2025, 12, 20), "vintage"),
        (date(2025, 11, 1), 4.6, date(2025, 12, 21), date(2026, 11, 1), "release_lag"),
        (date(2025, 11, 1), 4.5, FIRST, None, "retrieved"),
    ]


def test_a_value_that_still_stands_is_known_since_the_day_asked_about(runs: FredRuns) -> None:
    published(runs, m2025_11={"2025-12-16": "4.6"})
    runs.run(FIRST, {"UNRATE": [date(2025, 12, 20)]})
    assert runs.figures("UNRATE") == [
        (date(2025, 11, 1), 4.6, date(2025, 12, 6), date(2025, 12, 19), "release_lag"),
        (date(2025, 11, 1), 4.6, date(2025, 12, 20), None, "vintage"),
    ]


def test_a_figure_that_was_not_out_yet_is_not_known_earlier(runs: FredRuns) -> None:
    """By the release lag it would have been known on 6 December; on the 10th it was not out."""
    published(runs, m2025_10={"2025-11-06": "4.4"}, m2025_11={"2025-12-16": "4.6"})
    runs.run(FIRST, {"UNRATE": [date(2025, 12, 10)]})
    assert runs.figures("UNRATE")[-2:] == [
        (date(2025, 11, 1), 4.6, date(2025, 12, 11), date(2026, 11, 1), "release_lag"),
        (date(2025, 11, 1), 4.6, FIRST, None, "retrieved"),
    ]


def test_a_figure_that_came_out_before_the_lag_is_known_on_the_day_asked_about(runs: FredRuns) -> None:
    published(runs, m2025_10={"2025-11-06": "4.4"}, m2025_11={"2025-12-02": "4.6"})
    runs.run(FIRST, {"UNRATE": [date(2025, 12, 3)]})
    assert runs.figures("UNRATE")[-2] == (date(2025, 11, 1), 4.6, date(2025, 12, 3), date(2025, 12, 5), "vintage")
    assert runs.figures("UNRATE")[-1] == (date(2025, 11, 1), 4.6, date(2025, 12, 6), None, "vintage")


def test_several_days_are_asked_for_at_once_and_only_once(runs: FredRuns) -> None:
    as_of = {"UNRATE": [date(2026, 2, 3), date(2026, 6, 10), date(2026, 3, 2), FIRST]}
    runs.run(FIRST, as_of)
    assert runs.asked[1:] == [
        "/graph/alfredgraph.csv?id=UNRATE,UNRATE,UNRATE&cosd=2016-01-27&vintage_date=2026-06-10,2026-03-02,2026-02-03"
    ]
    before = runs.held
    runs.run(FIRST + timedelta(1), as_of)
    assert runs.asked == []
    assert runs.held.equals(before)


def test_a_series_that_is_never_revised_needs_no_archive(series_by_id: dict[str, Series]) -> None:
    runs = FredRuns([series_by_id["FEDFUNDS"]], key=None)
    runs.run(FIRST, {"FEDFUNDS": [date(2026, 2, 3)]})
    assert runs.asked == ["/graph/fredgraph.csv?id=FEDFUNDS"]


def test_days_before_the_archive_do_not_spoil_the_others(runs: FredRuns) -> None:
    published(runs, m2025_11={"2025-12-16": "4.6"}, m2025_10={"2025-12-16": "4.4"})
    runs.refuse["vintage_date=2026-02-03,"] = 404, REFUSAL
    runs.run(FIRST, {"UNRATE": [date(2026, 2, 3), date(2026, 1, 3)]})
    assert [asked.split("vintage_date=")[1] for asked in runs.asked[1:]] == [
        "2026-02-03,2026-01-03",
        "2026-02-03",
        "2026-01-03",
    ]
    assert runs.figures("UNRATE")[-2:] == [
        (date(2025, 11, 1), 4.6, date(2026, 1, 3), date(2026, 2, 2), "vintage"),
        (date(2025, 11, 1), 4.6, date(2026, 2, 3), None, "vintage"),
    ]


def test_offline_vintages_stay_where_an_as_of_file_knows_less(unrate: Series) -> None:
    runs = FredRuns([unrate], key=None)
    offline = read_offline_figures(SEEDS / "official", read_catalogue()).filter(pl.col("series_id") == "UNRATE")
    runs.held = offline
    runs.run(FIRST, {"UNRATE": [date(2026, 2, 15)]})
    with_vintages = offline.filter(pl.col("known_basis") == "vintage").select("period_start").unique()
    kept = runs.held.join(with_vintages, on="period_start", how="semi")
    assert kept.sort("period_start", "known_from").equals(
        offline.join(with_vintages, on="period_start", how="semi").sort("period_start", "known_from")
    )


def test_the_vintages_of_the_second_quarter_of_2022_come_without_a_key_as_well(series_by_id: dict[str, Series]) -> None:
    runs = FredRuns([series_by_id["A191RL1Q225SBEA"]], key=None)
    days = [date(2022, 7, 28), date(2022, 9, 29), date(2024, 9, 26)]
    runs.run(FIRST, {"A191RL1Q225SBEA": days})
    assert len(runs.asked) == 2
    quarter = [row for row in runs.figures("A191RL1Q225SBEA") if row[0] == date(2022, 4, 1)]
    known = [
        [(row[1], row[4]) for row in quarter if row[2] <= day and (row[3] is None or day <= row[3])]
        for day in (*days, FIRST)
    ]
    assert known == [[(-0.9, "vintage")], [(-0.6, "vintage")], [(0.3, "vintage")], [(0.6, "retrieved")]]


FRED = FredService(SEEDS / "official")
(UNRATE,) = (series for series in read_catalogue() if series.series_id == "UNRATE")
START = date(2026, 1, 1)
MONTHS = ["2025-10-01", "2025-11-01", "2025-12-01"]
# Each month's values become known on growing days and never return to an earlier one.
HISTORIES = st.fixed_dictionaries({month: st.lists(st.integers(0, 60), max_size=3, unique=True) for month in MONTHS})
RUNS = st.lists(st.tuples(st.integers(0, 70), st.lists(st.integers(-5, 69), max_size=3)), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(HISTORIES, RUNS)
def test_no_figure_looks_better_or_earlier_known_than_it_was(
    histories: dict[str, list[int]], plan: list[tuple[int, list[int]]]
) -> None:
    FRED.series = {
        "UNRATE": {"2025-09-01": [("2025-10-03", "4.0")]}
        | {
            month: [(str(START + timedelta(day)), f"{number + 4}.{number}") for number, day in enumerate(sorted(days))]
            for month, days in histories.items()
            if days
        }
    }
    runs = FredRuns([UNRATE], key=None, fred=FRED)
    wanted: set[date] = set()
    asked_of: set[date] = set()
    for day, as_of in sorted(plan):
        today = START + timedelta(day)
        wanted |= {START + timedelta(one) for one in as_of if one <= day}
        runs.run(today, {"UNRATE": wanted})
        asked_of |= {one for one in wanted if any(str(one) in asked.split("vintage_date=")[-1] for asked in runs.asked)}
        if not any("/fredgraph.csv" in asked for asked in runs.asked):
            continue  # not due: today's figures may be others
        assert runs.held.filter(pl.col("known_until").is_null())["period_start"].is_unique().all()
        for month in FRED.series["UNRATE"]:
            rows = [row for row in runs.figures("UNRATE") if str(row[0]) == month]
            for asked_on in wanted | {today}:
                truth = FRED.value_on("UNRATE", month, str(asked_on))
                at = [(row[1], row[4]) for row in rows if row[2] <= asked_on and (row[3] is None or asked_on <= row[3])]
                sure = [value for value, basis in at if basis != "release_lag"]
                if asked_on in asked_of:
                    assert sure == [value for value, _ in at] == ([] if truth is None else [float(truth)])
                elif asked_on == today:
                    assert [value for value, _ in at] == ([] if truth is None else [float(truth)])
                else:
                    assert sure in ([], [float(truth or "nan")])
            for _, value, known_from, known_until, basis in rows:
                if basis != "release_lag":  # what is said to be sure is true on every day
                    last = today if known_until is None else min(known_until, today)
                    assert FRED.value_on("UNRATE", month, str(known_from)) == str(value)
                    assert FRED.value_on("UNRATE", month, str(last)) == str(value)
        before = runs.held
        runs.forget_answers()
        runs.run(today, {"UNRATE": wanted})
        assert runs.held.equals(before)
