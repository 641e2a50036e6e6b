"""Whatever becomes of an answer of the SEC on its way: right figures, or a clear error; never a crash or another unit."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.exchange import Answer
from pipelines.official.offline import read_offline_figures
from pipelines.official.records import Observation, Reading
from pipelines.official.sec.concepts import SecCode, parse_concept
from pipelines.official.sec.periods import read_figures
from pipelines.places import SEEDS
from tests.official.conftest import TODAY
from tests.official.local_services.exchange import Asked
from tests.official.local_services.sec import PREFIX, SecService
from tests.official.one_source import series_of

IDS = ("SEC.MSFT.capex.annual", "SEC.MSFT.capex.quarter", "SEC.NVDA.revenue.quarter")
Content = dict[str, Any]
Mutation = Callable[[Content, st.DataObject], object]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GARBAGE: st.SearchStrategy[object] = st.sampled_from([None, True, "12", "", -1.5, [], {}, "2024-02-30", "٣", 10**30])


@cache
def right_body(series_id: str) -> bytes:
    code = SecCode.parse(series_of(series_id))
    path = f"{PREFIX}{code.company}/{code.taxonomy}/{code.tags[-1]}.json"
    asked = Asked(path, {}, {"user-agent": "tests@example.org"}, TODAY)
    return SecService(SEEDS / "official").respond(asked).body


def read(series: Series, body: bytes) -> tuple[Observation, ...]:
    answer = Answer(
        "https://data.sec.gov/x", 200, {}, datetime(2026, 11, 22, tzinfo=UTC), body, hashlib.sha256(body).hexdigest()
    )
    code = SecCode.parse(series)
    return read_figures(series, [parse_concept(answer, code, code.tags[-1], TODAY)])


def told(seen: tuple[Observation, ...]) -> set[tuple[date, date, float]]:
    return {(one.period_start, one.period_end, one.value) for one in seen}


def facts_of(content: Content) -> list[Content]:
    return content["units"]["USD"]  # type: ignore[no-any-return]  # as the service builds it


def one_of(content: Content, drawn: st.DataObject) -> Content:
    facts = facts_of(content)
    return facts[drawn.draw(st.integers(0, len(facts) - 1))]


def drop_a_part(content: Content, drawn: st.DataObject) -> None:
    part = drawn.draw(st.sampled_from([content, content["units"], one_of(content, drawn)]))
    del part[drawn.draw(st.sampled_from(sorted(part)))]


def rename_a_part(content: Content, drawn: st.DataObject) -> None:
    part = drawn.draw(st.sampled_from([content, content["units"], one_of(content, drawn)]))
    part["renamed"] = part.pop(drawn.draw(st.sampled_from(sorted(part))))


def change_a_part(content: Content, drawn: st.DataObject) -> None:
    part = drawn.draw(st.sampled_from([content, content["units"]]))
    part[drawn.draw(st.sampled_from(sorted(part)))] = drawn.draw(GARBAGE)


def change_a_cell(content: Content, drawn: st.DataObject) -> None:
    fact = one_of(content, drawn)
    name = drawn.draw(st.sampled_from([name for name in sorted(fact) if name != "val"]))
    fact[name] = drawn.draw(GARBAGE)


def write_an_amount_as_text(content: Content, drawn: st.DataObject) -> None:
    fact = one_of(content, drawn)
    fact["val"] = drawn.draw(st.sampled_from([str(fact["val"]), f"${fact['val']}", [fact["val"]], None, float("nan")]))


def repeat_a_fact(content: Content, drawn: st.DataObject) -> None:
    facts_of(content).append(dict(one_of(content, drawn)))


def contradict_a_fact(content: Content, drawn: st.DataObject) -> None:
    fact = one_of(content, drawn)
    facts_of(content).append(fact | {"val": fact["val"] * drawn.draw(st.integers(2, 9))})


def lose_a_fact(content: Content, drawn: st.DataObject) -> None:
    facts_of(content).remove(one_of(content, drawn))


def mix_the_order(content: Content, drawn: st.DataObject) -> None:
    content["units"]["USD"] = drawn.draw(st.permutations(facts_of(content)))


def name_other_years(content: Content, drawn: st.DataObject) -> None:
    one_of(content, drawn).update(fy=drawn.draw(st.integers(1990, 2030)), fp="Q4", frame="CY1999")


STRUCTURAL = (
    drop_a_part, rename_a_part, change_a_part, change_a_cell, write_an_amount_as_text, repeat_a_fact, contradict_a_fact,
    lose_a_fact, mix_the_order, name_other_years,
)  # fmt: skip


@pytest.mark.parametrize("series_id", IDS)
@given(drawn=st.data())
@quick
def test_a_damaged_answer_gives_right_figures_or_a_clear_error(series_id: str, drawn: st.DataObject) -> None:
    series = series_of(series_id)
    right = told(read(series, right_body(series_id)))
    content = json.loads(right_body(series_id))
    drawn.draw(st.sampled_from(STRUCTURAL))(content, drawn)
    try:
        seen = told(read(series, json.dumps(content).encode()))
    except ParseError:
        return
    assert seen <= right


@pytest.mark.parametrize("series_id", IDS)
@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.none() | st.integers(0, 10**6),
)
@quick
def test_flipped_bytes_and_cut_answers_never_crash(
    series_id: str, places: list[tuple[int, int]], cut: int | None
) -> None:
    series = series_of(series_id)
    body = bytearray(right_body(series_id))
    for place, byte in places:
        body[place % len(body)] = byte
    try:
        seen = read(series, bytes(body if cut is None else body[: cut % len(body)]))
    except ParseError:
        return
    for one in seen:
        assert series.sane_low <= one.value <= series.sane_high
        assert one.known_until is None or one.known_from <= one.known_until
        assert one.period_start <= one.period_end <= one.known_from <= TODAY


@pytest.mark.parametrize("series_id", IDS)
@pytest.mark.parametrize("power", [-9, -6, -3, -1, 1, 2, 3, 6])
def test_another_unit_is_refused(series_id: str, power: int) -> None:
    series = series_of(series_id)
    content = json.loads(right_body(series_id))
    for fact in facts_of(content):
        fact["val"] = fact["val"] * 10.0**power
    known = Answers({series_id: series}, offline_figures(series_id), datetime(2026, 11, 22, tzinfo=UTC))
    before = known.held
    with pytest.raises(ParseError):
        known.take(Reading(vintages=read(series, json.dumps(content).encode())), [series])
    assert known.held.equals(before)


def offline_figures(series_id: str) -> pl.DataFrame:
    catalogue = [series for series in read_catalogue() if series.provider == "sec"]
    return read_offline_figures(SEEDS / "official", catalogue).filter(pl.col("series_id") == series_id)


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["cik", "taxonomy", "tag", "units", "USD"]), inner)
        ),
    ).map(lambda content: json.dumps(content).encode())
)
@quick
def test_no_body_at_all_makes_the_parser_crash(body: bytes) -> None:
    with pytest.raises(ParseError):
        read(series_of(IDS[0]), body)
