"""Whatever becomes of a file of CBO on its way: right figures, or a clear error; never a crash or another unit."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.cbo.baselines import date_baselines, parse_baselines, read_projections, read_publication_days
from pipelines.official.cbo.files import BASELINES_FILE, CboCode, read_outcomes
from pipelines.official.exchange import Answer
from pipelines.official.offline import read_offline_figures
from pipelines.official.records import Reading
from pipelines.places import SEEDS
from tests.official.conftest import TODAY
from tests.official.local_services.cbo import CboService
from tests.official.one_source import series_of

IDS = ("CBO.debt_held_by_public", "CBO_ACTUAL.debt_held_by_public_to_gdp", "CBO_ACTUAL.gdp", "CBO_ACTUAL.medicare")
Table = list[list[str]]
Mutation = Callable[[Table, st.DataObject], object]
quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GARBAGE = st.sampled_from(["", "n/a", "null", "NaN", "$1", "1,000", "1e3", "٣", "2024-13-01", "-", "x" * 200])


@cache
def right_text(series_id: str) -> str:
    text = CboService(SEEDS / "official").text_of(CboCode.parse(series_of(series_id)).file)
    # The rows of other series matter only in so far as they are there.
    header, *rows = text.splitlines(keepends=True)
    return "".join([header, *(row for row in rows if row.startswith(("debt", "outlay,Mandatory,Medicare", "1", "2")))])


def read(series: Series, body: bytes) -> Reading:
    answer = Answer(
        "https://x.org", 200, {}, datetime(2026, 11, 22, tzinfo=UTC), body, hashlib.sha256(body).hexdigest()
    )
    if CboCode.parse(series).file != BASELINES_FILE:
        return Reading(sightings=read_outcomes(series, answer, TODAY))
    baselines = parse_baselines(answer)
    dating = date_baselines(baselines, read_publication_days(), {}, TODAY)
    return Reading(vintages=read_projections(series, baselines, dating)[0])


def told(reading: Reading) -> set[tuple[date, date, float, date | None]]:
    return {(seen.period_start, seen.period_end, seen.value, seen.known_from) for seen in reading.vintages} | {
        (seen.period_start, seen.period_end, seen.value, None) for seen in reading.sightings
    }


def to_body(table: Table) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue().encode()


def place_in(table: Table, drawn: st.DataObject, first: int = 1) -> int:
    return drawn.draw(st.integers(first, len(table) - 1))


def drop_a_cell(table: Table, drawn: st.DataObject) -> None:
    row = table[place_in(table, drawn, 0)]
    del row[drawn.draw(st.integers(0, len(row) - 1))]


def add_a_cell(table: Table, drawn: st.DataObject) -> None:
    table[place_in(table, drawn, 0)].append("surplus")


def rename_a_column(table: Table, drawn: st.DataObject) -> None:
    table[0][drawn.draw(st.integers(0, len(table[0]) - 1))] = drawn.draw(st.sampled_from(["renamed", table[0][0]]))


def swap_two_columns(table: Table, drawn: st.DataObject) -> None:
    one, other = (drawn.draw(st.integers(0, len(table[0]) - 1)) for _ in range(2))
    for row in table:
        row[one], row[other] = row[other], row[one]


def garble_a_cell(table: Table, drawn: st.DataObject) -> None:
    row = table[place_in(table, drawn)]
    row[drawn.draw(st.integers(0, len(row) - 1))] = drawn.draw(GARBAGE)


def repeat_a_row(table: Table, drawn: st.DataObject) -> None:
    table.append(list(table[place_in(table, drawn)]))


def lose_a_row(table: Table, drawn: st.DataObject) -> None:
    del table[place_in(table, drawn)]


def mix_the_order(table: Table, drawn: st.DataObject) -> None:
    table[1:] = drawn.draw(st.permutations(table[1:]))


def shift_a_year(table: Table, drawn: st.DataObject) -> None:
    name = next(name for name in ("projected_fiscal_year", "fiscal_year") if name in table[0])
    row = table[place_in(table, drawn)]
    column = table[0].index(name)
    row[column] = str(int(row[column]) + drawn.draw(st.sampled_from([-100, -10, -2, 2, 10, 100])))


STRUCTURAL: tuple[Mutation, ...] = (
    drop_a_cell, add_a_cell, rename_a_column, swap_two_columns, garble_a_cell, repeat_a_row, lose_a_row, mix_the_order,
    shift_a_year,
)  # fmt: skip


@pytest.mark.parametrize("series_id", IDS)
@given(drawn=st.data())
@quick
def test_a_damaged_file_gives_right_figures_or_a_clear_error(series_id: str, drawn: st.DataObject) -> None:
    series = series_of(series_id)
    right = told(read(series, right_text(series_id).encode()))
    table = list(csv.reader(io.StringIO(right_text(series_id))))
    drawn.draw(st.sampled_from(STRUCTURAL))(table, drawn)
    try:
        seen = told(read(series, to_body(table)))
    except ParseError:
        return
    assert seen <= right


@pytest.mark.parametrize("series_id", IDS)
@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.none() | st.integers(0, 10**6),
)
@quick
def test_flipped_bytes_and_cut_files_never_crash(
    series_id: str, places: list[tuple[int, int]], cut: int | None
) -> None:
    series = series_of(series_id)
    body = bytearray(right_text(series_id).encode())
    for place, byte in places:
        body[place % len(body)] = byte
    try:
        reading = read(series, bytes(body if cut is None else body[: cut % len(body)]))
    except ParseError:
        return
    for *_, value, known_from in told(reading):
        assert series.sane_low <= value <= series.sane_high
        assert known_from is None or known_from <= TODAY


@pytest.mark.parametrize("series_id", IDS)
@pytest.mark.parametrize("power", [-9, -6, -3, 1, 3, 6])
def test_another_unit_is_refused(series_id: str, power: int) -> None:
    series = series_of(series_id)
    table = list(csv.reader(io.StringIO(right_text(series_id))))
    column = next(
        table[0].index(name) for name in ("actuals_pct_GDP", "value", "actual_value", "GDP") if name in table[0]
    )
    for row in table[1:]:
        row[column] = f"{float(row[column]) * 10.0**power:.9f}"
    known = Answers({series_id: series}, offline_figures(series_id), datetime(2026, 11, 22, tzinfo=UTC))
    before = known.held
    with pytest.raises(ParseError):
        known.take(read(series, to_body(table)), [series])
    assert known.held.equals(before)


def offline_figures(series_id: str) -> pl.DataFrame:
    catalogue = [series for series in read_catalogue() if series.provider == "cbo"]
    return read_offline_figures(SEEDS / "official", catalogue).filter(pl.col("series_id") == series_id)


@pytest.mark.parametrize("series_id", IDS)
@given(body=st.binary(max_size=300))
@quick
def test_no_body_at_all_makes_the_parser_crash(series_id: str, body: bytes) -> None:
    with pytest.raises(ParseError):
        read(series_of(series_id), body)
