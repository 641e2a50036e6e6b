"""Answers of FRED that are nearly right: each gives figures in the unit expected, or an error that says why, nothing else."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import read_catalogue
from pipelines.official.exchange import Answer, Request
from pipelines.official.fred.api import FredApi, read_refusal
from pipelines.official.fred.graph import GraphColumn, parse_as_of, parse_current
from pipelines.official.fred.realtime import parse_page
from pipelines.official.fred.updates import SeriesEntry, check_entry, parse_entries, parse_updates
from pipelines.official.fred.vintages import read_all_vintages
from pipelines.official.records import Reading

SERIES = {series.series_id: series for series in read_catalogue()}
GDP = SERIES["GDP"]
VALUES = {"17102.5", "17080.7", "17089.6", "17144.3"}
PAGE: dict[str, Any] = {
    "realtime_start": "1776-07-04",
    "realtime_end": "9999-12-31",
    "observation_start": "1776-07-04",
    "observation_end": "9999-12-31",
    "units": "lin",
    "output_type": 1,
    "file_type": "json",
    "order_by": "observation_date",
    "sort_order": "asc",
    "count": 4,
    "offset": 0,
    "limit": 100000,
    "observations": [
        {"realtime_start": "2014-01-30", "realtime_end": "2014-02-27", "date": "2013-10-01", "value": "17102.5"},
        {"realtime_start": "2014-02-28", "realtime_end": "2014-03-26", "date": "2013-10-01", "value": "17080.7"},
        {"realtime_start": "2014-03-27", "realtime_end": "9999-12-31", "date": "2013-10-01", "value": "17089.6"},
        {"realtime_start": "2014-04-30", "realtime_end": "9999-12-31", "date": "2014-01-01", "value": "17144.3"},
    ],
}
ENTRY = {"id": "GDP", "units": "Billions of Dollars", "frequency_short": "Q", "last_updated": "2024-11-01 07:41:02-05"}
UPDATES = {"count": 2, "offset": 0, "limit": 1000, "seriess": [ENTRY, ENTRY | {"id": "UNRATE"}]}
FILE = b"observation_date,GDP\n2013-10-01,17089.6\n2014-01-01,17144.3\n2014-04-01,\n"
AS_OF = b"observation_date,GDP_20140301,GDP_20140515\n2013-10-01,17080.7,17089.6\n2014-01-01,,17144.3\n"
DAYS = [date(2014, 3, 1), date(2014, 5, 15)]

ODD: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**12)
    | st.floats()
    | st.sampled_from(["", ".", "NaN", "Infinity", "1e9", "17,102.5", "１７", "0", "-1", "9999-12-31", "lin", "pch"])
    | st.text(max_size=8)
    | st.just([])
    | st.just({})
)


def answer(body: bytes) -> Answer:
    return Answer("https://fred.test/x", 200, {}, datetime(2026, 11, 22, tzinfo=UTC), body, "5ha")


def places_of(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every part of a JSON content."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path, *(place for key, part in parts for place in places_of(part, (*path, key)))]


@st.composite
def mutated_json(draw: st.DrawFn, content: Any) -> bytes:
    """A few parts replaced, dropped, renamed or doubled; then perhaps a few bytes changed or the end cut off."""
    content = copy.deepcopy(content)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(places_of(content)[1:] or [()]))
        if not place:
            break
        parent = content
        for key in place[:-1]:
            parent = parent[key]
        key = place[-1]
        what = draw(st.sampled_from(["replace", "drop", "rename", "double"]))
        if what == "replace":
            parent[key] = draw(ODD)
        elif what == "drop":
            del parent[key]
        elif what == "double" and isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        elif isinstance(parent, dict):
            parent[draw(st.sampled_from([*map(str, parent), "x"]))] = parent.pop(key)
    return draw(mutated_bytes(json.dumps(content).encode()))


@st.composite
def mutated_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(draw(st.sampled_from([0, 0, 1, 3]))):
        changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed[: draw(st.sampled_from([len(changed), len(changed), draw(st.integers(0, len(changed)))]))])


def read(body: bytes) -> Reading:
    replies = iter([answer(body)])

    def send(_: Request) -> Answer:
        try:
            return next(replies)
        except StopIteration:
            raise DownloadError("no further page") from None

    return read_all_vintages(FredApi(send, "https://fred.test", "k"), GDP, date(2026, 11, 22))


@settings(max_examples=600, deadline=None)
@given(mutated_json(PAGE))
def test_a_page_gives_figures_of_the_series_or_an_error(body: bytes) -> None:
    try:
        reading = read(body)
    except (ParseError, DownloadError):
        return
    assert reading.vintages
    for seen in reading.vintages:
        assert GDP.sane_low <= seen.value <= GDP.sane_high
        assert seen.known_until is None or seen.known_from <= seen.known_until
        assert (seen.period_end - seen.period_start).days in range(89, 92)
        assert isinstance(seen.value, float)


@settings(max_examples=400, deadline=None)
@given(mutated_json(UPDATES))
def test_a_list_of_updates_gives_entries_or_an_error(body: bytes) -> None:
    for parse in (parse_updates, parse_entries):
        try:
            parsed = parse(answer(body))
        except ParseError:
            continue
        entries = parsed[0] if isinstance(parsed, tuple) else parsed
        for entry in entries:
            assert isinstance(entry, SeriesEntry)
            assert entry.updated_at.tzinfo is not None


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(
        [(FILE, lambda reply: [parse_current(reply, GDP)]), (AS_OF, lambda reply: parse_as_of(reply, GDP, DAYS))]
    ),
    st.data(),
)
def test_a_file_gives_figures_of_the_series_or_an_error(
    file: tuple[bytes, Callable[[Answer], list[GraphColumn]]], drawn: st.DataObject
) -> None:
    body, parse = file
    try:
        columns = parse(answer(drawn.draw(mutated_bytes(body))))
    except (ParseError, DownloadError):
        return
    for column in columns:
        for (start, end), figure in column.figures.items():
            assert (end - start).days in range(89, 92)
            assert figure is None or GDP.sane_low <= figure <= GDP.sane_high


@given(
    st.binary(max_size=300)
    | mutated_bytes(b'<?xml version="1.0" encoding="utf-8" ?>\n<error code="400" message="Bad"/>')
)
def test_no_bytes_make_the_search_for_a_refusal_fail(body: bytes) -> None:
    read_refusal(body)


@pytest.mark.parametrize("factor", ["e3", "e6", "e9", "e-3", "e-6"])
def test_another_multiple_of_every_figure_is_never_taken(factor: str) -> None:
    content = copy.deepcopy(PAGE)
    for row in content["observations"]:
        row["value"] += factor
    if (
        factor == "e-3"
    ):  # still a sane GDP of 1890: what the service says of the unit, and what is held, tell them apart
        with pytest.raises(ParseError, match="correct scale"):
            check_entry(GDP, SeriesEntry("GDP", "Trillions of Dollars", "Q", datetime(2026, 1, 1, tzinfo=UTC)))
        return
    with pytest.raises(ParseError, match="outside"):
        read(json.dumps(content).encode())


@pytest.mark.parametrize(
    "words", ["Millions of Dollars", "Thousands of Dollars", "Trillions of Dollars", "Dollars", ""]
)
@pytest.mark.parametrize("series_id", ["GDP", "FDHBFIN", "A091RC1Q027SBEA"])
def test_other_units_in_words_are_refused(series_id: str, words: str) -> None:
    with pytest.raises(ParseError, match="correct scale"):
        check_entry(SERIES[series_id], SeriesEntry(series_id, words, "Q", datetime(2026, 1, 1, tzinfo=UTC)))


def test_the_payloads_themselves_are_right() -> None:
    assert {str(seen.value / 1e9) for seen in read(json.dumps(PAGE).encode()).vintages} == VALUES
    assert len(parse_page(answer(json.dumps(PAGE).encode()))[0]) == 4
    assert parse_updates(answer(json.dumps(UPDATES).encode()))[1] == 2
    assert len(parse_current(answer(FILE), GDP).figures) == 3
    assert [len(column.figures) for column in parse_as_of(answer(AS_OF), GDP, DAYS)] == [2, 2]
