"""The local SEC is talked to by a client of other people (sec-edgar-api), so that it is no echo of ours."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from pipelines.official.exchange import Answer
from pipelines.official.sec.concepts import SecCode, parse_concept
from pipelines.official.sec.periods import read_figures
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices
from tests.official.one_source import series_of

# Each of its modules is named like its class, which hides the module behind the class.
EdgarClient = pytest.importorskip("sec_edgar_api.EdgarClient", reason="`make test-clients` installs it").EdgarClient
EdgarAPIError = pytest.importorskip("sec_edgar_api.EdgarAPIError").EdgarAPIError
TAG = "PaymentsToAcquirePropertyPlantAndEquipment"


@pytest.fixture(scope="module")
def services() -> Iterator[LocalServices]:
    with LocalServices(today=TODAY) as local:
        yield local


@pytest.fixture(autouse=True)
def pointed_here(services: LocalServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client keeps its addresses in its module; the class hides the module of the same name."""
    module = sys.modules["sec_edgar_api.EdgarClient"]
    monkeypatch.setattr(module, "BASE_URL_XBRL_COMPANY_CONCEPTS", f"{services.sec_url}/api/xbrl/companyconcept")
    monkeypatch.setattr(module, "BASE_URL_SUBMISSIONS", f"{services.sec_url}/submissions")


def test_the_client_reads_what_microsoft_paid_for_equipment() -> None:
    concept = EdgarClient("Jane Doe jane@example.org").get_company_concept("789019", "us-gaap", TAG)
    assert (concept["cik"], concept["taxonomy"], concept["tag"]) == (789019, "us-gaap", TAG)
    filed = [
        one["filed"]
        for one in concept["units"]["USD"]
        if (one["start"], one["end"], one["val"]) == ("2024-07-01", "2025-06-30", 64_551_000_000)
    ]
    assert filed[0] == "2025-07-30"


def test_the_fact_of_a_frame_is_the_last_filed() -> None:
    concept = EdgarClient("Jane Doe jane@example.org").get_company_concept("789019", "us-gaap", TAG)
    framed = [one for one in concept["units"]["USD"] if one.get("frame") == "CY2023Q3"]
    same = [
        one for one in concept["units"]["USD"] if (one["start"], one["end"]) == (framed[0]["start"], framed[0]["end"])
    ]
    assert len(framed) == 1
    assert framed[0]["filed"] == max(one["filed"] for one in same)


def test_the_client_and_this_program_read_the_same_years() -> None:
    concept = EdgarClient("Jane Doe jane@example.org").get_company_concept("789019", "us-gaap", TAG)
    theirs = {
        (date.fromisoformat(one["start"]), date.fromisoformat(one["end"])): float(one["val"])
        for one in concept["units"]["USD"]
        if one["form"] == "10-K"
    }
    series = series_of("SEC.MSFT.capex.annual")
    answer = Answer(
        "https://data.sec.gov", 200, {}, datetime(2026, 11, 22, tzinfo=UTC), json.dumps(concept).encode(), "0"
    )
    ours = read_figures(series, [parse_concept(answer, SecCode.parse(series), TAG, TODAY)])
    assert {(one.period_start, one.period_end): one.value for one in ours} == theirs


def test_the_client_is_told_that_a_concept_is_unknown() -> None:
    with pytest.raises(EdgarAPIError, match="404"):
        EdgarClient("Jane Doe jane@example.org").get_company_concept("789019", "us-gaap", "Goodwill")


def test_the_client_is_refused_without_a_contact() -> None:
    with pytest.raises(EdgarAPIError, match="403"):
        EdgarClient("python-requests").get_company_concept("789019", "us-gaap", TAG)


def test_the_client_reads_the_list_of_filings() -> None:
    recent = EdgarClient("Jane Doe jane@example.org").get_submissions("789019")["filings"]["recent"]
    assert recent["filingDate"] == sorted(recent["filingDate"], reverse=True)
    assert {len(column) for column in recent.values()} == {len(recent["form"])}
    assert {"10-K", "10-Q"} <= set(recent["form"])
