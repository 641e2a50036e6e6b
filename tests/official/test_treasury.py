import contextlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.treasury import fiscaldata as treasury

FIELDS = ("tot_pub_debt_out_amt", "debt_held_public_amt", "intragov_hold_amt")


def answer(content: object, status: int = 200) -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer("https://treasury.test/x", status, {}, datetime(2026, 11, 22, tzinfo=UTC), body, "5ha")


def row(
    day: str, total: str = "32518395816772.17", held: str = "25633821130387.02", own: str = "6884574686385.15"
) -> Any:
    return {"record_date": day, "src_line_nbr": "1", **dict(zip(FIELDS, (total, held, own), strict=True))}


def page(*rows: dict[str, Any], total: int | None = None, pages: int = 1) -> dict[str, Any]:
    types = {"record_date": "DATE", "src_line_nbr": "INTEGER", **dict.fromkeys(FIELDS, "CURRENCY")}
    meta = {"count": len(rows), "total-count": total or len(rows), "total-pages": pages, "dataTypes": types}
    return {"data": list(rows), "meta": meta, "links": {}}


def read(catalogue: tuple[Series, ...], *contents: object) -> Any:
    replies = iter(contents)

    def send(_: Request) -> Answer:
        return answer(next(replies))

    return treasury.read_debt_to_penny(catalogue, send, base_url="https://treasury.test")


def test_the_documented_answer_gives_three_series(small_catalogue: tuple[Series, ...]) -> None:
    sightings = read(small_catalogue, page(row("2023-07-12"))).sightings
    assert {(one.series_id, one.period_end, one.value) for one in sightings} == {
        ("DEBT_TO_PENNY.total", date(2023, 7, 12), 32518395816772.17),
        ("DEBT_TO_PENNY.held_by_public", date(2023, 7, 12), 25633821130387.02),
        ("DEBT_TO_PENNY.intragovernmental", date(2023, 7, 12), 6884574686385.15),
    }


def test_the_request_asks_for_every_key_column() -> None:
    request = treasury.debt_to_penny_request(FIELDS, 2, base_url="https://treasury.test/service/")
    assert request.url == "https://treasury.test/service/v2/accounting/od/debt_to_penny"
    assert dict(request.params) == {
        "fields": "record_date,src_line_nbr,tot_pub_debt_out_amt,debt_held_public_amt,intragov_hold_amt",
        "sort": "record_date",
        "format": "json",
        "page[number]": "2",
        "page[size]": "10000",
    }


@pytest.mark.parametrize("missing", ["null", "", None])
def test_an_amount_that_is_not_there_is_no_sighting(small_catalogue: tuple[Series, ...], missing: str | None) -> None:
    old = row("1993-04-01", held=missing, own=missing)  # type: ignore[arg-type]  # the service means it so
    sightings = read(small_catalogue, page(old, row("2023-07-12"))).sightings
    assert [one.series_id for one in sightings if one.period_end.year == 1993] == ["DEBT_TO_PENNY.total"]


def test_all_pages_are_read(small_catalogue: tuple[Series, ...]) -> None:
    first, second = page(row("2023-07-12"), total=2, pages=2), page(row("2023-07-13"), total=2, pages=2)
    assert len(read(small_catalogue, first, second).sightings) == 6


def test_a_missing_page_is_noticed(small_catalogue: tuple[Series, ...]) -> None:
    with pytest.raises(ParseError, match="sent 1 rows"):
        read(small_catalogue, page(row("2023-07-12"), total=2, pages=1))


def test_a_table_that_grows_while_it_is_read_is_noticed(small_catalogue: tuple[Series, ...]) -> None:
    with pytest.raises(ParseError, match="grew"):
        read(
            small_catalogue,
            page(row("2023-07-12"), total=2, pages=2),
            page(row("2023-07-13"), row("2023-07-14"), total=3, pages=2),
        )


def test_a_stated_error_is_passed_on(small_catalogue: tuple[Series, ...]) -> None:
    stated = {"error": "Invalid Query Param", "message": "Invalid query parameter 'sorts'."}
    with pytest.raises(DownloadError, match="Invalid query parameter 'sorts'"):
        read(small_catalogue, stated)


def same_day_twice(content: dict[str, Any]) -> None:
    content["data"][1]["record_date"] = content["data"][0]["record_date"]


def another_type(content: dict[str, Any]) -> None:
    content["meta"]["dataTypes"]["tot_pub_debt_out_amt"] = "PERCENTAGE"


def another_date_type(content: dict[str, Any]) -> None:
    content["meta"]["dataTypes"]["record_date"] = "STRING"


def millions(content: dict[str, Any]) -> None:
    content["data"][0]["tot_pub_debt_out_amt"] = "32518395.8"


def with_commas(content: dict[str, Any]) -> None:
    content["data"][0]["tot_pub_debt_out_amt"] = "32,518,395,816,772.17"


def number(content: dict[str, Any]) -> None:
    content["data"][0]["tot_pub_debt_out_amt"] = 32518395816772.17


def another_date(content: dict[str, Any]) -> None:
    content["data"][0]["record_date"] = "07/12/2023"


def wrong_count(content: dict[str, Any]) -> None:
    content["meta"]["count"] = 5


def no_rows(content: dict[str, Any]) -> None:
    content["data"] = []
    content["meta"].update({"count": 0, "total-count": 0})


def renamed_field(content: dict[str, Any]) -> None:
    content["data"][0]["total"] = content["data"][0].pop("tot_pub_debt_out_amt")


def no_meta(content: dict[str, Any]) -> None:
    del content["meta"]


@pytest.mark.parametrize(
    "change",
    [
        same_day_twice,
        another_type,
        another_date_type,
        millions,
        with_commas,
        number,
        another_date,
        wrong_count,
        no_rows,
        renamed_field,
        no_meta,
    ],
)
def test_any_other_shape_or_unit_is_an_error(
    small_catalogue: tuple[Series, ...], change: Callable[[dict[str, Any]], None]
) -> None:
    content = page(row("2023-07-12"), row("2023-07-13"))
    change(content)
    with pytest.raises(ParseError):
        read(small_catalogue, content)


@pytest.mark.parametrize("body", [b"", b"<html>Maintenance</html>", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_answer_of_the_service_is_an_error(small_catalogue: tuple[Series, ...], body: bytes) -> None:
    with pytest.raises(ParseError, match="unlike its documentation"):
        read(small_catalogue, body)


@given(st.binary(max_size=200))
def test_no_body_makes_the_parser_fail_otherwise(body: bytes) -> None:
    with contextlib.suppress(ParseError, DownloadError):
        treasury.parse_page(answer(body), FIELDS)
