from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.official.conftest import QUICK, TODAY
from tests.official.local_services import LocalServices, answers, breaks_off, edits
from tests.official.one_source import OneSource


@pytest.fixture
def sec(tmp_path: Path) -> Iterator[OneSource]:
    with LocalServices(today=TODAY) as services:
        yield OneSource("sec", services, tmp_path)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[OneSource]:
    """Two companies: 12 series of 7 concepts."""
    with LocalServices(today=TODAY) as services:
        yield OneSource("sec", services, tmp_path, "MSFT", "ORCL")


def test_what_is_live_is_what_is_offline_and_more(sec: OneSource) -> None:
    outcome = sec.gather()
    assert (outcome.state, outcome.reason) == ("live", None)
    compared = ["series_id", "period_start", "period_end", "value", "known_from", "known_until"]
    assert sec.offline.join(sec.observations, on=compared, how="anti", nulls_equal=True).is_empty()
    assert outcome.observations > len(sec.offline)


def test_no_two_periods_of_a_series_overlap(sec: OneSource) -> None:
    sec.gather()
    periods = (
        sec.observations.select("series_id", "period_start", "period_end").unique().sort("series_id", "period_end")
    )
    before = periods["period_end"].shift(1)
    same = periods["series_id"] == periods["series_id"].shift(1)
    assert not (same & (periods["period_start"] <= before)).any()


def test_the_year_and_the_quarter_of_a_concept_are_one_request(sec: OneSource) -> None:
    outcome = sec.gather()
    assert len(sec.services.requests) == len(set(sec.services.requests)) == outcome.requests == 20
    assert len(sec.catalogue) == 36


def test_every_request_says_who_asks(two: OneSource) -> None:
    two.gather()
    assert {headers["user-agent"] for headers in two.services.request_headers} == {"hedui tests@example.org"}


@pytest.mark.parametrize(
    "contact", [None, "", "  ", "Jane Doe", "jane@example.org\r\nX-Evil: 1", "Zoë zoe@example.org"]
)
def test_without_a_contact_nothing_is_asked(two: OneSource, contact: str | None) -> None:
    outcome = two.gather(contact=contact)
    assert outcome.state == "skipped"
    assert outcome.reason is not None
    assert "set HEDUI_CONTACT to a name and an e-mail address" in outcome.reason
    assert two.services.requests == []


def test_at_most_ten_requests_a_second(sec: OneSource) -> None:
    sec.services.sec.requests_a_second = 10
    pace = {"data.sec.gov": 0.12, "127.0.0.1": 0.12, "sec": 0.12}
    assert sec.gather(limits=replace(QUICK, pace_seconds=pace)).reason is None


def test_one_block_ends_it_for_the_run(two: OneSource) -> None:
    two.services.sec.requests_a_second = 5
    outcome = two.gather(limits=replace(QUICK, pace_seconds={}))
    assert outcome.state == "live"
    assert outcome.requests == 6
    assert outcome.reason is not None
    assert "the SEC refuses this program" in outcome.reason


def test_an_unknown_concept_stops_its_own_series_only(two: OneSource) -> None:
    del two.services.sec.facts["CIK0000789019", "us-gaap", "NetIncomeLoss"]
    outcome = two.gather()
    assert outcome.state == "live"
    assert outcome.reason is not None
    assert outcome.reason.startswith(
        "2 of 12 series stay as they were known: the SEC knows no NetIncomeLoss of CIK0000789019"
    )
    assert len(two.live_ids) == 10


def test_an_unknown_tag_beside_a_known_one_is_named(two: OneSource) -> None:
    del two.services.sec.facts["CIK0001341439", "us-gaap", "RevenueFromContractWithCustomerExcludingAssessedTax"]
    outcome = two.gather()
    assert outcome.reason is not None
    assert outcome.reason.endswith("its other tags are read")
    assert len(two.live_ids) == 12


@pytest.mark.parametrize(
    "fault",
    [
        answers(200, "<!DOCTYPE html>", "text/html"),
        answers(200, "{}"),
        edits(lambda content: content.update(units={"EUR": content["units"]["USD"]})),
        edits(lambda content: content["units"].update(USD=[])),
        edits(lambda content: [one.update(val=one["val"] / 1000) for one in content["units"]["USD"]]),
        edits(lambda content: [one.update(val=str(one["val"])) for one in content["units"]["USD"]]),
    ],
)  # fmt: skip
def test_a_broken_answer_stops_its_own_series_only(two: OneSource, fault: Callable[..., None]) -> None:
    two.services.fail("CIK0000789019/us-gaap/NetIncomeLoss", fault)
    outcome = two.gather()
    assert outcome.state == "live"
    assert outcome.reason is not None
    assert outcome.reason.startswith("2 of 12 series stay as they were known: ")
    assert not {"SEC.MSFT.net_income.annual", "SEC.MSFT.net_income.quarter"} & two.live_ids
    assert len(two.live_ids) == 10


def test_a_service_that_does_not_answer_is_left_alone(two: OneSource) -> None:
    two.services.fail("companyconcept", *[breaks_off] * 40)
    outcome = two.gather()
    assert outcome.state == "failed"
    assert len(set(two.services.requests)) <= 2
    assert two.live_ids == set()


def test_a_restatement_of_a_year_is_seen_the_next_day(two: OneSource) -> None:
    two.gather()
    key = "CIK0000789019", "us-gaap", "NetIncomeLoss"
    before = two.rows("SEC.MSFT.net_income.annual", date(2026, 6, 30))
    two.services.sec.file(key, ("2025-07-01", "2026-06-30"), 100_000_000_000, "2026-11-23", "10-K/A")
    two.gather(date(2026, 11, 24))
    assert two.rows("SEC.MSFT.net_income.annual", date(2026, 6, 30)) == [
        (*before[0][:2], date(2026, 11, 22), "vintage"),
        (100_000_000_000.0, date(2026, 11, 23), None, "vintage"),
    ]


def test_an_unchanged_day_changes_nothing_and_asks_once_a_company(two: OneSource) -> None:
    two.gather()
    before = two.figures
    two.services.requests.clear()
    outcome = two.gather(date(2026, 11, 23))
    assert two.figures.equals(before)
    assert outcome.state == "live"
    assert len(two.services.requests) == outcome.requests == 2
    assert all(path.startswith("/submissions/CIK") for path in two.services.requests)


def test_a_company_that_filed_is_asked_about_and_no_other(two: OneSource) -> None:
    two.gather()
    key = "CIK0001341439", "us-gaap", "NetIncomeLoss"
    two.services.sec.file(key, ("2026-03-01", "2026-05-31"), 5_000_000_000, "2026-11-22")
    two.services.requests.clear()
    two.gather(date(2026, 11, 23))
    concepts = [path for path in two.services.requests if "companyconcept" in path]
    assert len(concepts) == 4
    assert all("CIK0001341439" in path for path in concepts)


def test_the_first_run_of_a_month_reads_everything_again(two: OneSource) -> None:
    two.gather()
    assert two.gather(date(2026, 12, 1)).requests == 7


@pytest.mark.parametrize("fault", [answers(404, "<Error/>", "application/xml"), answers(200, "{}"), answers(500, "")])
def test_where_the_filings_cannot_be_had_the_facts_are_read(two: OneSource, fault: Callable[..., None]) -> None:
    two.gather()
    two.services.fail("/submissions/CIK0001341439", *[fault] * 3)
    two.services.requests.clear()
    outcome = two.gather(date(2026, 11, 23))
    assert (outcome.state, outcome.reason) == ("live", None)
    assert len([path for path in two.services.requests if "companyconcept/CIK0001341439" in path]) == 4


def test_a_block_while_the_filings_are_asked_for_ends_it(two: OneSource) -> None:
    two.gather()
    before = two.figures
    two.services.fail("/submissions/", answers(403, "limited", "text/html"))
    outcome = two.gather(date(2026, 11, 23))
    assert (outcome.state, outcome.requests) == ("failed", 1)
    assert outcome.reason is not None
    assert "the SEC refuses this program" in outcome.reason
    assert two.figures.equals(before)
