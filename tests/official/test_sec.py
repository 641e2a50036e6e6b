import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipelines.errors import DownloadError, ParseError, SeedError
from pipelines.official.catalogue import read_catalogue
from pipelines.official.sec.concepts import (
    BlockedError,
    SecCode,
    UnknownConceptError,
    concept_request,
    fetch_concept,
    parse_concept,
)
from pipelines.official.sec.filings import fetch_newest_filing, parse_newest_filing
from tests.official.conftest import TODAY
from tests.official.one_source import series_of
from tests.official.sec_facts import CONTACT, NVDA, TAG, answer_of, concept_answer, fact

ANNUAL = series_of("SEC.NVDA.capex.annual")


class TestCodes:
    def test_every_code_of_the_catalogue_can_be_read(self) -> None:
        codes = [SecCode.parse(series) for series in read_catalogue() if series.provider == "sec"]
        assert {code.company for code in codes} == {
            "CIK0000789019", "CIK0001652044", "CIK0001018724", "CIK0001326801", "CIK0001341439", "CIK0001045810",
        }  # fmt: skip

    def test_several_tags_are_read_in_their_order(self) -> None:
        code = SecCode.parse(replace(ANNUAL, provider_code="CIK0001652044/us-gaap/SalesRevenueNet|Revenues"))
        assert code.tags == ("SalesRevenueNet", "Revenues")

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "0001652044/us-gaap/Revenues",
            "CIK1652044/us-gaap/Revenues",
            "CIK0001652044/dei/EntityCommonStockSharesOutstanding",
            "CIK0001652044/us-gaap/",
            "CIK0001652044/us-gaap/Revenues|",
            "CIK0001652044/us-gaap/Revenues|Revenues",
            "CIK0001652044/us-gaap/Revenues/USD",
            "CIK0001652044/us-gaap/../Revenues",
        ],
    )
    def test_a_code_of_another_form_is_refused(self, code: str) -> None:
        with pytest.raises(
            SeedError, match=r"SEC\.NVDA\.capex\.annual, column provider_code: .* is not allowed; write CIK"
        ):
            SecCode.parse(replace(ANNUAL, provider_code=code))

    @pytest.mark.parametrize("change", [{"unit": "count"}, {"kind": "stock"}, {"frequency": "monthly"}])
    def test_a_series_that_cannot_be_read_from_facts_is_refused(self, change: dict[str, str]) -> None:
        with pytest.raises(SeedError, match="cannot be read from the SEC; unit must be USD"):
            SecCode.parse(replace(ANNUAL, **change))  # type: ignore[arg-type]  # texts only


class TestRequests:
    def test_the_address_names_company_and_tag_and_the_header_names_who_asks(self) -> None:
        request = concept_request(NVDA, TAG, base_url="https://data.sec.gov/", contact=CONTACT)
        assert request.shown_url == f"https://data.sec.gov/api/xbrl/companyconcept/CIK0001045810/us-gaap/{TAG}.json"
        assert request.headers == (("User-Agent", f"hedui {CONTACT}"),)

    @pytest.mark.parametrize(
        ("status", "error", "message"),
        [
            (403, BlockedError, "the SEC refuses this program .* for ten minutes, else if HEDUI_CONTACT"),
            (404, UnknownConceptError, f"the SEC knows no {TAG} of CIK0001045810"),
            (400, DownloadError, "was answered with status 400"),
        ],
    )
    def test_a_refusal_says_its_cure(self, status: int, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            fetch_concept(NVDA, TAG, lambda _: answer_of(b"", status), base_url="https://x.org", contact=CONTACT)


class TestParsing:
    def test_a_fact_has_its_own_period_whatever_fy_and_fp_say(self) -> None:
        answer = concept_answer(fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K"))
        (seen,) = parse_concept(answer, NVDA, TAG, TODAY).facts
        assert (seen.start, seen.end, seen.filed_on) == (date(2022, 1, 31), date(2023, 1, 29), date(2024, 2, 21))
        assert seen.amount == 1_833_000_000
        assert seen.in_annual_report

    def test_a_fact_that_is_there_twice_counts_once(self) -> None:
        line = "2022-01-31 2023-01-29 1833 2024-02-21 10-K"
        answer = concept_answer(fact(line), fact(line) | {"frame": "CY2022"})
        assert len(parse_concept(answer, NVDA, TAG, TODAY).facts) == 1

    def test_of_an_amount_and_its_rounding_the_amount_counts(self) -> None:
        full = fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K")
        answer = concept_answer(full | {"val": 1_800_000_000}, full, full | {"val": 1_830_000_000})
        (seen,) = parse_concept(answer, NVDA, TAG, TODAY).facts
        assert seen.amount == 1_833_000_000

    def test_a_filing_that_contradicts_itself_is_left_out_and_named(self) -> None:
        other = fact("2023-01-30 2024-01-28 1069 2024-02-21 10-K")
        full = fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K")
        concept = parse_concept(concept_answer(full, full | {"val": 1_933_000_000}, other), NVDA, TAG, TODAY)
        assert [one.amount for one in concept.facts] == [1_069_000_000]
        assert "gives 1833000000 and 1933000000 for 2022-01-31 to 2023-01-29" in concept.contradicted[0]

    def test_what_is_said_of_a_period_before_its_end_is_left_out(self) -> None:
        answer = concept_answer(fact("2022-01-31 2033-01-29 1833 2024-02-21 10-K"))
        assert parse_concept(answer, NVDA, TAG, TODAY).facts == ()

    def test_other_units_beside_dollars_are_not_read(self) -> None:
        line = fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K")
        answer = concept_answer(units={"EUR": [line | {"val": 1}], "USD": [line]})
        assert [one.amount for one in parse_concept(answer, NVDA, TAG, TODAY).facts] == [1_833_000_000]

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"units": {"EUR": []}}, "it is in EUR, not USD"),
            ({"units": {}}, "it is in no unit, not USD"),
            ({"units": []}, "not USD"),
            ({"cik": 789019}, "it is about"),
            ({"tag": "Revenues"}, "it is about"),
            ({"taxonomy": "ifrs-full"}, "it is about"),
            ({"units": {"USD": {}}}, None),
            ({"units": {"USD": ["x"]}}, "TypeError"),
        ],
    )
    def test_what_is_unlike_the_documentation_is_refused(self, changes: dict[str, Any], what: str | None) -> None:
        answer = concept_answer(**changes)
        if what is None:
            assert parse_concept(answer, NVDA, TAG, TODAY).facts == ()
            return
        with pytest.raises(ParseError, match=what):
            parse_concept(answer, NVDA, TAG, TODAY)

    @pytest.mark.parametrize(
        "change",
        [
            {"val": "1833000000"},
            {"val": True},
            {"val": None},
            {"val": 10**16},
            {"start": "31.01.2022"},
            {"start": "2023-01-30"},
            {"end": None},
            {"filed": "2027-01-01"},
            {"accn": "24-000029"},
            {"form": None},
        ],
    )
    def test_a_fact_that_cannot_be_is_refused(self, change: dict[str, Any]) -> None:
        answer = concept_answer(fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K") | change)
        with pytest.raises(ParseError, match="unlike its documentation"):
            parse_concept(answer, NVDA, TAG, TODAY)

    @pytest.mark.parametrize("name", ["start", "end", "val", "accn", "form", "filed"])
    def test_a_fact_without_one_of_its_parts_is_refused(self, name: str) -> None:
        line = fact("2022-01-31 2023-01-29 1833 2024-02-21 10-K")
        del line[name]
        with pytest.raises(ParseError, match=f"KeyError: '{name}'"):
            parse_concept(concept_answer(line), NVDA, TAG, TODAY)

    @pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html>", b"[]", b"{", b'{"cik": NaN}', b"\xff", b"[" * 100_000])
    def test_what_is_no_such_document_is_refused(self, body: bytes) -> None:
        with pytest.raises(ParseError, match="unlike its documentation"):
            parse_concept(answer_of(body), NVDA, TAG, TODAY)


class TestFilings:
    def test_the_newest_filing_with_xbrl_counts(self) -> None:
        recent = {"filingDate": ["2026-11-20", "2026-10-29", "2026-07-29"], "isXBRL": [0, 1, 1]}
        body = json.dumps({"cik": "0000789019", "filings": {"recent": recent, "files": []}}).encode()
        assert parse_newest_filing(answer_of(body), "CIK0000789019") == date(2026, 10, 29)

    @pytest.mark.parametrize(
        "content",
        [
            {},
            [],
            {"cik": "1", "filings": {"recent": {"filingDate": ["2026-11-20"], "isXBRL": [1]}}},
            {"cik": "789019", "filings": {"recent": {"filingDate": ["2026-11-20"], "isXBRL": [0]}}},
            {"cik": "789019", "filings": {"recent": {"filingDate": ["2026-11-20"], "isXBRL": []}}},
            {"cik": "789019", "filings": {"recent": {"filingDate": ["yesterday"], "isXBRL": [1]}}},
            {"cik": "789019", "filings": {"recent": {"filingDate": [None], "isXBRL": [1]}}},
        ],
    )
    def test_another_shape_is_refused(self, content: object) -> None:
        with pytest.raises(ParseError, match="unlike expected"):
            parse_newest_filing(answer_of(json.dumps(content).encode()), "CIK0000789019")

    def test_another_status_is_refused(self) -> None:
        with pytest.raises(DownloadError, match="status 404"):
            fetch_newest_filing("CIK1", lambda _: answer_of(b"", 404), base_url="https://x.org", contact=CONTACT)
