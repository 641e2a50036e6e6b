"""The local FiscalData is talked to by a client of other people (usfiscaldata), so that it is no echo of ours."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.official.local_services import LocalServices
from tests.official.local_services.fiscaldata_tables import INTEREST

usfiscaldata = pytest.importorskip("usfiscaldata", reason="`make test-clients` installs it")


@pytest.fixture(scope="module")
def services() -> Iterator[LocalServices]:
    with LocalServices() as local:
        yield local


@pytest.fixture
def client(services: LocalServices, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(usfiscaldata.api, "BASE_URL", f"{services.fiscaldata_url}/")
    return usfiscaldata.FiscalData()


def test_the_client_reads_a_page_with_its_counts(client: Any) -> None:
    response = client.v2.accounting.od.debt_to_penny(sort="-record_date")
    assert len(response.data) == response.meta["count"] == 100
    assert response.data[0]["record_date"] > response.data[-1]["record_date"]
    assert response.meta["total-pages"] == -(-response.meta["total-count"] // 100)


def test_the_client_follows_the_links_from_page_to_page(client: Any) -> None:
    first = client.v2.accounting.od.debt_to_penny()
    second = first.next_page()
    assert second.data[0]["record_date"] > first.data[-1]["record_date"]
    assert second.prev_page().data == first.data
    assert second.first_page().data == first.data
    assert first.prev_page() is None
    assert first.last_page().next_page() is None


def test_the_client_reads_all_pages(client: Any) -> None:
    response = client.v1.accounting.mts.mts_table_9.all()
    assert len(response.data) == response.meta["total-count"] > 300


def test_the_client_filters_by_date_and_line(client: Any) -> None:
    wanted = usfiscaldata.Filter()
    wanted["line_code_nbr"].isin([320, 340])
    wanted["record_date"] >= "2025-01-01"  # noqa: B015 its way to write a filter
    data = client.v1.accounting.mts.mts_table_9(filter=wanted).data
    assert {row["line_code_nbr"] for row in data} == {"320", "340"}
    assert min(row["record_date"] for row in data) == "2025-01-31"


def test_the_client_reads_the_stated_types(client: Any) -> None:
    frame = client.v2.accounting.od.interest_expense().df
    assert frame["record_date"].dtype.kind == "M"
    assert frame["expense_type_desc"].iloc[0] == "Treasury Notes"


def test_columns_left_out_are_added_up_silently(client: Any) -> None:
    whole = client.v2.accounting.od.interest_expense(**{"page[size]": 3}).data
    summed = client.v2.accounting.od.interest_expense(fields="record_date,month_expense_amt", **{"page[size]": 1}).data
    assert summed[0]["record_date"] == whole[0]["record_date"]
    assert Decimal(summed[0]["month_expense_amt"]) == sum(Decimal(row["month_expense_amt"]) for row in whole)


@pytest.mark.parametrize(
    "params",
    [{"fields": "no_such_field"}, {"filter": "record_date:like:2025"}, {"sorts": "-record_date"}, {"page[size]": "10001"}, {"sort": "nothing"}],
)  # fmt: skip
def test_the_client_is_told_of_a_wrong_parameter(client: Any, params: dict[str, str]) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        client(INTEREST.replace("/", "."))(**params)
