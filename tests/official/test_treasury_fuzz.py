"""Whatever becomes of an answer on its way: right figures, or a clear error; never a crash, never another unit."""

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import FiscalDataCode, Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.records import Reading
from pipelines.official.treasury.readings import read_table
from tests.official.local_services.exchange import Asked
from tests.official.local_services.fiscaldata import FiscalDataService
from tests.official.local_services.fiscaldata_tables import DEBT, FUNCTIONS, INTEREST, RATES, SUMMARY
from tests.official.test_treasury import TODAY, URL, of_treasury, recent_figures, settled

__all__ = ["of_treasury", "recent_figures", "settled"]  # fixtures of the neighbour

TABLES = (DEBT, INTEREST, RATES, SUMMARY, FUNCTIONS)
Content = dict[str, Any]
Mutation = Callable[[Content, st.DataObject], object]
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])  # fmt: skip


@pytest.fixture(scope="module")
def contents(recent_figures: Path, of_treasury: dict[str, Series]) -> dict[str, Content]:
    """The right answer of each table, the last rows of it only."""
    service = FiscalDataService(recent_figures)
    found: dict[str, Content] = {}

    def send(request: Request) -> Answer:
        reply = service.respond(Asked(urlsplit(request.url).path, dict(request.params), {}, TODAY))
        content = json.loads(reply.body)
        last = {row["record_date"] for row in content["data"]}
        content["data"] = [row for row in content["data"] if row["record_date"] in sorted(last)[-4:]]
        content["meta"].update({"count": len(content["data"]), "total-count": len(content["data"])})
        found[table] = content
        raise DownloadError("seen enough")

    for table in TABLES:
        with pytest.raises(DownloadError, match="seen enough"):
            read_table(table, codes_of(table, of_treasury), send, base_url=URL, since=None)
    return found


def codes_of(table: str, series: dict[str, Series]) -> dict[Series, FiscalDataCode]:
    return {one: code for one in series.values() if (code := one.fiscaldata_code) and code.table == table}


def read(table: str, series: dict[str, Series], body: bytes) -> Reading:
    def send(request: Request) -> Answer:
        sha256 = hashlib.sha256(body).hexdigest()
        return Answer(request.shown_url, 200, {}, datetime(2026, 11, 22, tzinfo=UTC), body, sha256)

    return read_table(table, codes_of(table, series), send, base_url=URL, since=TODAY)


def told(reading: Reading) -> set[tuple[object, ...]]:
    return {(seen.series_id, seen.period_start, seen.period_end, seen.value) for seen in reading.sightings}


def row_of(content: Content, drawn: st.DataObject) -> dict[str, Any]:
    return content["data"][drawn.draw(st.integers(0, len(content["data"]) - 1))]  # type: ignore[no-any-return]


def drop_a_cell(content: Content, drawn: st.DataObject) -> None:
    row = row_of(content, drawn)
    del row[drawn.draw(st.sampled_from(sorted(row)))]


def rename_a_cell(content: Content, drawn: st.DataObject) -> None:
    row = row_of(content, drawn)
    row["renamed"] = row.pop(drawn.draw(st.sampled_from(sorted(row))))


def drop_a_part(content: Content, drawn: st.DataObject) -> None:
    part = drawn.draw(st.sampled_from([content, content["meta"], content["meta"]["dataTypes"]]))
    del part[drawn.draw(st.sampled_from(sorted(part)))]


def change_the_kind_of_a_cell(content: Content, drawn: st.DataObject) -> None:
    row = row_of(content, drawn)
    name = drawn.draw(st.sampled_from([name for name in row if name.endswith("_amt")]))
    text = "0" if row[name] == "null" else row[name]
    row[name] = drawn.draw(
        st.sampled_from([float(text), [text], {"value": text}, True, f"${text}", f"{text}%", f"1,{text}", f"{text} million", "NaN", "1e5", "٣"])
    )  # fmt: skip


def change_a_number_of_the_counts(content: Content, drawn: st.DataObject) -> None:
    content["meta"][drawn.draw(st.sampled_from(["count", "total-count"]))] += drawn.draw(
        st.sampled_from([-7, -1, 1, 7])
    )


def repeat_a_row(content: Content, drawn: st.DataObject) -> None:
    content["data"].append(dict(row_of(content, drawn)))
    for name in ("count", "total-count"):
        content["meta"][name] += 1


def mix_the_order(content: Content, drawn: st.DataObject) -> None:
    content["data"] = drawn.draw(st.permutations(content["data"]))


def lose_a_row(content: Content, drawn: st.DataObject) -> None:
    content["data"].remove(row_of(content, drawn))


STRUCTURAL = (drop_a_cell, rename_a_cell, drop_a_part, change_the_kind_of_a_cell, change_a_number_of_the_counts, repeat_a_row, mix_the_order, lose_a_row)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
@given(drawn=st.data())
@quick
def test_a_damaged_answer_gives_the_right_figures_or_a_clear_error(
    table: str, drawn: st.DataObject, contents: dict[str, Content], of_treasury: dict[str, Series]
) -> None:
    right = told(read(table, of_treasury, json.dumps(contents[table]).encode()))
    content = copy.deepcopy(contents[table])
    drawn.draw(st.sampled_from(STRUCTURAL))(content, drawn)
    try:
        seen = told(read(table, of_treasury, json.dumps(content).encode()))
    except (ParseError, DownloadError):
        return
    assert seen == right


@pytest.mark.parametrize("table", TABLES)
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6), cut=st.none() | st.integers(0, 10**6))  # fmt: skip
@quick
def test_flipped_bytes_and_cut_answers_never_crash(
    table: str,
    places: list[tuple[int, int]],
    cut: int | None,
    contents: dict[str, Content],
    of_treasury: dict[str, Series],
) -> None:
    body = bytearray(json.dumps(contents[table]).encode())
    for place, byte in places:
        body[place % len(body)] = byte
    try:
        reading = read(table, of_treasury, bytes(body if cut is None else body[: cut % len(body)]))
    except (ParseError, DownloadError):
        return
    for seen in reading.sightings:
        series = of_treasury[seen.series_id]
        assert series.sane_low <= seen.value <= series.sane_high


@pytest.mark.parametrize("table", TABLES)
@given(drawn=st.data())
@quick
def test_another_unit_is_refused(
    table: str, drawn: st.DataObject, contents: dict[str, Content], of_treasury: dict[str, Series], settled: Answers
) -> None:
    content = copy.deepcopy(contents[table])
    codes = codes_of(table, of_treasury)
    shown = {name for row in content["data"] for name, text in row.items() if text != "null"}
    field = drawn.draw(st.sampled_from(sorted({code.field for code in codes.values()} & shown)))
    power = drawn.draw(st.sampled_from([-9, -6, -3, -2, 2, 3, 6, 9]))
    for row in content["data"]:
        if row[field] != "null":
            row[field] = f"{float(row[field]) * 10.0**power:.9f}"
    known = Answers(of_treasury, settled.held, settled.now, settled.answered_at)
    with pytest.raises(ParseError):
        known.take(read(table, of_treasury, json.dumps(content).encode()), codes)
    assert known.held.equals(settled.held)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["data", "meta", "error", "dataTypes", "count", "total-count", "total-pages"]), inner)).map(lambda content: json.dumps(content).encode()))  # fmt: skip
@quick
def test_no_body_at_all_makes_the_parser_crash(of_treasury: dict[str, Series], body: bytes) -> None:
    with pytest.raises((ParseError, DownloadError)):
        read(DEBT, of_treasury, body)


@pytest.mark.parametrize("body", [b"", b"<html>Maintenance</html>", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_answer_of_the_service_is_an_error(of_treasury: dict[str, Series], body: bytes) -> None:
    with pytest.raises(ParseError, match="unlike its documentation"):
        read(DEBT, of_treasury, body)
