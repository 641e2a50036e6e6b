import contextlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.fred import realtime
from pipelines.official.fred.api import FredApi, KeyRefusedError, Refusal, is_busy, read_refusal
from pipelines.official.fred.realtime import ALL_TIME, RealtimeValue, Window
from pipelines.official.fred.vintages import read_all_vintages
from pipelines.official.records import period_of, to_base_unit

KEY = "abcdefabcdefabcdefabcdefabcdefab"
TODAY = date(2026, 11, 22)


def answer(content: object, status: int = 200) -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer("https://fred.test/x", status, {}, datetime(2026, 11, 22, tzinfo=UTC), body, "5ha")


def page(*rows: tuple[str, str, str, str], **changes: Any) -> dict[str, Any]:
    observations = [
        {"realtime_start": start, "realtime_end": end, "date": stamp, "value": value}
        for stamp, start, end, value in rows
    ]
    return {"units": "lin", "count": len(rows), "offset": 0, "limit": 100000, "observations": observations, **changes}


def read(series: Series, *contents: object) -> Any:
    replies = iter(contents)

    def send(_: Request) -> Answer:
        return answer(next(replies))

    return read_all_vintages(FredApi(send, "https://fred.test", KEY), series, TODAY)


def send_nothing(_: Request) -> Answer:
    raise AssertionError


GDP = (
    ("2013-10-01", "2014-01-30", "2014-02-27", "17102.5"),
    ("2013-10-01", "2014-02-28", "2014-03-26", "17080.7"),
    ("2013-10-01", "2014-03-27", "9999-12-31", "17089.6"),
)


def test_the_documented_answer_gives_every_vintage(series_by_id: dict[str, Series]) -> None:
    vintages = read(series_by_id["GDP"], page(*GDP)).vintages
    assert [(one.value, one.known_from, one.known_until) for one in vintages] == [
        (17102.5e9, date(2014, 1, 30), date(2014, 2, 27)),
        (17080.7e9, date(2014, 2, 28), date(2014, 3, 26)),
        (17089.6e9, date(2014, 3, 27), None),
    ]
    assert {(one.period_start, one.period_end, one.known_basis, one.download_sha256) for one in vintages} == {
        (date(2013, 10, 1), date(2013, 12, 31), "vintage", "5ha")
    }


def test_the_request_asks_for_all_vintages_and_hides_the_key(series_by_id: dict[str, Series]) -> None:
    api = FredApi(send_nothing, "https://fred.test/", KEY)
    request = realtime.observations_request(api, series_by_id["GDP"], ALL_TIME, 0)
    assert request.url == "https://fred.test/fred/series/observations"
    assert dict(request.params) == {
        "series_id": "GDP",
        "file_type": "json",
        "realtime_start": "1776-07-04",
        "realtime_end": "9999-12-31",
        "limit": "100000",
        "offset": "0",
    }
    assert request.secret_params == (("api_key", KEY),)
    assert KEY not in repr(request) + request.shown_url


@pytest.mark.parametrize("missing", [".", ""])
def test_a_missing_value_is_no_observation(series_by_id: dict[str, Series], missing: str) -> None:
    rows = (("2025-09-01", "2025-11-20", "9999-12-31", "4.4"), ("2025-10-01", "2025-12-16", "9999-12-31", missing))
    vintages = read(series_by_id["UNRATE"], page(*rows)).vintages
    assert [one.period_start for one in vintages] == [date(2025, 9, 1)]


def test_a_value_older_than_the_archive_is_dated_by_the_release_lag(series_by_id: dict[str, Series]) -> None:
    rows = (("1970-01-01", "1991-02-01", "9999-12-31", "3.9"), ("1991-01-01", "1991-02-01", "9999-12-31", "6.4"))
    vintages = read(series_by_id["UNRATE"], page(*rows)).vintages
    assert [(one.known_from, one.known_basis) for one in vintages] == [
        (date(1970, 2, 6), "release_lag"),
        (date(1991, 2, 1), "vintage"),
    ]


def test_pages_are_asked_for_until_the_count_is_reached(
    series_by_id: dict[str, Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime, "PAGE_SIZE", 2)
    first, second = page(*GDP[:2], count=3), page(GDP[2], count=3, offset=2)
    assert len(read(series_by_id["GDP"], first, second).vintages) == 3


def test_a_count_that_changes_between_pages_is_refused(
    series_by_id: dict[str, Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime, "PAGE_SIZE", 2)
    with pytest.raises(ParseError, match="changed from 3 to 4"):
        read(series_by_id["GDP"], page(*GDP[:2], count=3), page(*GDP[1:], count=4, offset=2))


def test_a_page_that_comes_twice_is_refused(series_by_id: dict[str, Series], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "PAGE_SIZE", 2)
    with pytest.raises(ParseError, match="two values"):
        read(series_by_id["GDP"], page(*GDP[:2], count=4), page(*GDP[:2], count=4, offset=2))


TOO_MANY = {
    "error_code": 400,
    "error_message": "Bad Request.  There are 5090 vintage dates in the specified real-time period: 1776-07-04 to "
    "9999-12-31.  This exceeds the maximum number of vintage dates allowed for this file type (2000).",
}


def test_too_many_vintages_are_asked_for_in_windows_and_joined(series_by_id: dict[str, Series]) -> None:
    early = page(("2000-01-03", "2001-01-01", "2008-06-12", "6.58"))
    late = page(("2000-01-03", "2008-06-13", "9999-12-31", "6.58"), ("2020-01-02", "2020-01-03", "9999-12-31", "1.88"))
    vintages = read(series_by_id["DGS10"], TOO_MANY, early, late).vintages
    assert [(one.value, one.known_from, one.known_until) for one in vintages] == [
        (6.58, date(2000, 1, 4), None),
        (1.88, date(2020, 1, 3), None),
    ]


NOT_IN_ARCHIVE = {
    "error_code": 400,
    "error_message": "Bad Request.  The series does not exist in ALFRED but may exist in FRED.",
}


def test_a_window_before_the_archive_is_empty(series_by_id: dict[str, Series]) -> None:
    late = page(("2020-01-02", "2020-01-03", "9999-12-31", "1.88"))
    reading = read(series_by_id["DGS10"], TOO_MANY, NOT_IN_ARCHIVE, late)
    assert [one.value for one in reading.vintages] == [1.88]


def test_a_single_day_is_not_split_for_ever() -> None:
    with pytest.raises(ParseError, match="nothing is left to split"):
        realtime.split_window(Window(TODAY, TODAY), TODAY)


@given(st.dates(date(1776, 7, 4), date(2027, 1, 1)), st.dates(date(1776, 7, 4), date(9999, 12, 31)))
def test_halves_of_a_window_adjoin_and_cover_it(start: date, end: date) -> None:
    if start >= end or end <= date(1990, 1, 1) or start >= TODAY:
        return
    first, second = realtime.split_window(Window(start, end), TODAY)
    assert (first.start, second.end) == (start, end)
    assert first.end + realtime.ONE_DAY == second.start


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=12),
    st.lists(st.integers(1, 11), max_size=3, unique=True),
)
def test_cutting_at_windows_and_joining_gives_the_same(values: list[int], cuts: list[int]) -> None:
    start = date(2020, 1, 1)
    days = [RealtimeValue(start, _day(start, n), _day(start, n), str(v), "5ha") for n, v in enumerate(values)]
    whole = realtime.join_windows(days)
    cut = []
    for one in whole:
        edges = sorted(
            {one.known_from, *(_day(start, n) for n in cuts if one.known_from < _day(start, n) <= one.known_until)}
        )
        for edge, following in zip(edges, [*edges[1:], None], strict=True):
            until = one.known_until if following is None else following - realtime.ONE_DAY
            cut.append(RealtimeValue(one.stamp, edge, until, one.published, "5ha"))
    assert realtime.join_windows(cut) == whole


def _day(start: date, number: int) -> date:
    return date.fromordinal(start.toordinal() + number)


def test_a_series_without_vintages_gives_sightings(series_by_id: dict[str, Series]) -> None:
    reading = read(series_by_id["SP500"], NOT_IN_ARCHIVE, page(("2026-11-20", "2026-11-22", "2026-11-22", "7010.25")))
    assert reading.vintages == ()
    assert [(one.period_end, one.value) for one in reading.sightings] == [(date(2026, 11, 20), 7010.25)]


NO_SUCH_KEY = "Bad Request.  The value for variable api_key is not registered."


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error_code": 400, "error_message": NO_SUCH_KEY}).encode(),
        f'<?xml version="1.0" encoding="utf-8" ?>\n<error code="400" message="{NO_SUCH_KEY}"/>'.encode(),
    ],
)
def test_an_error_is_found_in_json_and_in_xml(body: bytes) -> None:
    assert read_refusal(body) == Refusal(400, NO_SUCH_KEY)


def test_a_refused_key_is_told_apart(series_by_id: dict[str, Series]) -> None:
    with pytest.raises(KeyRefusedError, match="check FRED_API_KEY"):
        read(series_by_id["GDP"], {"error_code": 400, "error_message": NO_SUCH_KEY})


def test_a_refused_series_says_what_to_check(series_by_id: dict[str, Series]) -> None:
    with pytest.raises(DownloadError, match="check provider_code"):
        read(series_by_id["GDP"], {"error_code": 400, "error_message": "Bad Request.  The series does not exist."})


def test_429_inside_200_means_busy() -> None:
    assert is_busy(b'{"error_code":429,"error_message":"Too Many Requests."}')
    assert not is_busy(json.dumps(page(*GDP)).encode())


def test_an_entity_bomb_is_not_expanded() -> None:
    assert read_refusal(b'<!DOCTYPE x [<!ENTITY a "b">]><error code="400" message="&a;"/>') is None


def shorter(content: dict[str, Any]) -> None:
    content["observations"].pop()


def number_as_value(content: dict[str, Any]) -> None:
    content["observations"][0]["value"] = 17102.5


def word_as_value(content: dict[str, Any]) -> None:
    content["observations"][0]["value"] = "much"


def infinite_value(content: dict[str, Any]) -> None:
    content["observations"][0]["value"] = "Infinity"


def another_unit(content: dict[str, Any]) -> None:
    for row in content["observations"]:
        row["value"] += "e9"


def percent_change(content: dict[str, Any]) -> None:
    content["units"] = "pch"


def another_frequency(content: dict[str, Any]) -> None:
    content["observations"][0]["date"] = "2013-11-15"


def no_observations(content: dict[str, Any]) -> None:
    content.update(observations=[], count=0)


def renamed(content: dict[str, Any]) -> None:
    content["data"] = content.pop("observations")


def without_realtime(content: dict[str, Any]) -> None:
    del content["observations"][0]["realtime_start"]


@pytest.mark.parametrize(
    "change",
    [
        shorter,
        number_as_value,
        word_as_value,
        infinite_value,
        another_unit,
        percent_change,
        another_frequency,
        no_observations,
        renamed,
        without_realtime,
    ],
)
def test_any_other_shape_or_unit_is_an_error(
    series_by_id: dict[str, Series], change: Callable[[dict[str, Any]], None]
) -> None:
    content = page(*GDP)
    change(content)
    with pytest.raises(ParseError):
        read(series_by_id["GDP"], content)


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"[1]", b"null", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_answer_of_fred_is_an_error(series_by_id: dict[str, Series], body: bytes) -> None:
    with pytest.raises(ParseError, match="unlike its documentation"):
        read(series_by_id["GDP"], body)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5).map(lambda x: json.dumps(x).encode())
)
def test_no_body_makes_the_parser_fail_otherwise(body: bytes) -> None:
    with contextlib.suppress(ParseError):
        realtime.parse_page(answer(body))
    read_refusal(body)


@pytest.mark.parametrize(
    ("series_id", "stamp", "period"),
    [
        ("DGS10", date(2026, 8, 20), (date(2026, 8, 20), date(2026, 8, 20))),
        ("ICSA", date(2026, 8, 15), (date(2026, 8, 9), date(2026, 8, 15))),
        ("WALCL", date(2026, 8, 19), (date(2026, 8, 19), date(2026, 8, 19))),
        ("UNRATE", date(2024, 2, 1), (date(2024, 2, 1), date(2024, 2, 29))),
        ("GDP", date(2025, 10, 1), (date(2025, 10, 1), date(2025, 12, 31))),
        ("A191RL1A225NBEA", date(2025, 1, 1), (date(2025, 1, 1), date(2025, 12, 31))),
        ("FYOIGDA188S", date(2025, 1, 1), (date(2024, 10, 1), date(2025, 9, 30))),
        ("FYFSD", date(2025, 9, 30), (date(2024, 10, 1), date(2025, 9, 30))),
        ("FYFSD", date(2024, 10, 1), (date(2024, 10, 1), date(2025, 9, 30))),
        ("FYFSD", date(1970, 6, 30), (date(1969, 7, 1), date(1970, 6, 30))),
        ("FYFSD", date(1970, 1, 1), (date(1969, 7, 1), date(1970, 6, 30))),
        ("FYFSD", date(1976, 9, 30), (date(1976, 7, 1), date(1976, 9, 30))),
    ],
)
def test_a_date_stands_for_the_period_that_the_provider_means(
    series_by_id: dict[str, Series], series_id: str, stamp: date, period: tuple[date, date]
) -> None:
    assert period_of(series_by_id[series_id], stamp) == period


def test_scaling_is_exact_in_decimal(series_by_id: dict[str, Series]) -> None:
    assert to_base_unit(Decimal("17080.7"), series_by_id["GDP"]) == 17080700000000.0
