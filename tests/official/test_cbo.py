import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.errors import DownloadError, ParseError, SeedError
from pipelines.official.catalogue import read_catalogue
from pipelines.official.cbo.baselines import (
    Dating,
    date_baselines,
    parse_baselines,
    read_projections,
    read_publication_days,
)
from pipelines.official.cbo.files import CboCode, fetch_file, read_outcomes
from pipelines.official.exchange import Answer, Request
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices, answers, breaks_off, rewrites
from tests.official.local_services.cbo import ACTUALS, BASELINES, GDP, RATIOS
from tests.official.one_source import OneSource, series_of

DEBT = "CBO.debt_held_by_public"
REVENUES = "CBO.revenues"
BASELINES_HEADER = (
    "component,category,subcategory,baseline_date,Spring_flag,Winter_flag,projected_fiscal_year,"
    "projected_year_number,value"
)
ACTUALS_HEADER = "component,category,subcategory,fiscal_year,actual_value"


def file_of(*lines: str, url: str = "https://example.org/file.csv") -> Answer:
    body = "".join(f"{line}\n" for line in lines).encode()
    return Answer(url, 200, {}, datetime(2026, 11, 22, tzinfo=UTC), body, hashlib.sha256(body).hexdigest())


def debt_file(*rows: str) -> Answer:
    """Baselines of the debt, a row as `month year number value`."""
    lines = ["debt,Total,Total,{}-01,True,False,{},{},{}".format(*row.split()) for row in rows]
    return file_of(BASELINES_HEADER, *lines)


def project(answer: Answer, **published_on: date) -> list[tuple[float, date, date | None, str]]:
    """Read the debt: value in billions, known from, known until, basis."""
    baselines = parse_baselines(answer)
    days = {date.fromisoformat(f"{month[1:5]}-{month[5:]}-01"): day for month, day in published_on.items()}
    dating = date_baselines(baselines, days, {}, TODAY)
    read, _ = read_projections(series_of(DEBT), baselines, dating)
    return [(seen.value / 1e9, seen.known_from, seen.known_until, seen.known_basis) for seen in read]


@pytest.fixture
def cbo(tmp_path: Path) -> Iterator[OneSource]:
    with LocalServices(today=TODAY) as services:
        yield OneSource("cbo", services, tmp_path)


def test_every_code_of_the_catalogue_can_be_read() -> None:
    coded = [series for series in read_catalogue() if series.provider == "cbo" and series.provider_code]
    assert {CboCode.parse(series).file for series in coded} == {BASELINES, ACTUALS, GDP, RATIOS}
    assert CboCode.parse(series_of("CBO.medicare")) == CboCode(BASELINES, ("outlay", "Mandatory", "Medicare"))


@pytest.mark.parametrize(
    "code",
    [
        "baselines.csv:debt/Total/Total",
        "input_data/baselines.csv",
        "input_data/baselines.csv:debt/Total",
        "input_data/baselines.csv:debt//Total",
        "input_data/baselines.csv:debt/Total/Total/Total",
    ],
)
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(
        SeedError, match=r"CBO\.debt_held_by_public, column provider_code: .* is not allowed; write FILE"
    ):
        CboCode.parse(replace(series_of(DEBT), provider_code=code))


@pytest.mark.parametrize(
    "rows", ["deficit/Total/Total", "outlay/Total/Total", "outlay/Mandatory/Total Mandatory", "outlay/Mandatory/Other Mandatory"]
)  # fmt: skip
def test_rows_that_cbo_adjusted_for_its_evaluation_are_refused(rows: str) -> None:
    with pytest.raises(SeedError, match="adjusted for CBO's evaluation"):
        CboCode.parse(replace(series_of(DEBT), provider_code=f"{BASELINES}:{rows}"))


@pytest.mark.parametrize(("series_id", "file"), [(DEBT, ACTUALS), ("CBO_ACTUAL.revenues", BASELINES)])
def test_projections_and_outcomes_are_not_mixed_up(series_id: str, file: str) -> None:
    with pytest.raises(SeedError, match="column is_projection"):
        CboCode.parse(replace(series_of(series_id), provider_code=f"{file}:revenue/Total/Total"))


def test_a_file_is_asked_for_by_its_path() -> None:
    asked: list[Request] = []

    def send(request: Request) -> Answer:
        asked.append(request)
        return file_of("fiscal_year,GDP")

    fetch_file(GDP, send, base_url="https://example.org/main/")
    assert asked == [Request("cbo", "https://example.org/main/input_data/actual_GDP.csv")]


def test_a_file_that_is_not_there_is_said_to_be_moved() -> None:
    with pytest.raises(DownloadError, match="status 404; if that persists, CBO has moved its files"):
        fetch_file(GDP, lambda _: replace(file_of("404: Not Found"), status=404), base_url="https://example.org")


class TestOutcomes:
    def test_a_year_is_a_fiscal_year_and_the_amount_is_billions(self) -> None:
        answer = file_of(ACTUALS_HEADER, "debt,Total,Total,2024,28195.575", "debt,Total,Total,2025,30172.402")
        _, newest = read_outcomes(series_of("CBO_ACTUAL.debt_held_by_public"), answer, TODAY)
        assert (newest.period_start, newest.period_end) == (date(2024, 10, 1), date(2025, 9, 30))
        assert newest.value == 30_172_402_000_000

    def test_other_columns_and_another_order_do_no_harm(self) -> None:
        answer = file_of("GDP,fiscal_year,note", "30000.5,2025,x")
        (seen,) = read_outcomes(series_of("CBO_ACTUAL.gdp"), answer, TODAY)
        assert seen.value == 30_000_500_000_000

    @pytest.mark.parametrize(
        ("lines", "what"),
        [
            (["<!DOCTYPE html>", "<html>"], "lacks the column"),
            ([], "lacks the column"),
            (["fiscal_year,gdp", "2025,30000"], r"lacks the column\(s\) \['GDP'\]"),
            (["fiscal_year,GDP,GDP", "2025,30000,1"], "names a column twice"),
            (["fiscal_year,GDP", "2025"], "1 cells where the header has 2"),
            (["fiscal_year,GDP", "FY2025,30000"], "'FY2025' is no fiscal year"),
            (["fiscal_year,GDP", "2025,"], "'' is no number"),
            (["fiscal_year,GDP", "2025,30_000"], "is no number"),
            (["fiscal_year,GDP", '2025,"30,000.5"'], "is no number"),
            (["fiscal_year,GDP", "2025,30000", "2025,30001"], "has 2025 twice"),
            (["fiscal_year,GDP", "2023,30000", "2025,30001"], "lacks years"),
            (["fiscal_year,GDP", "2026,30000", "2027,30001"], "outcome of 2027, which is not over"),
            (["fiscal_year,GDP", '2025,"30000'], "it is no CSV file"),
        ],
    )  # fmt: skip
    def test_what_is_unlike_the_documentation_is_refused(self, lines: list[str], what: str) -> None:
        with pytest.raises(ParseError, match=what):
            read_outcomes(series_of("CBO_ACTUAL.gdp"), file_of(*lines), TODAY)

    def test_another_unit_is_refused(self) -> None:
        with pytest.raises(ParseError, match="the provider changed the unit"):
            read_outcomes(series_of("CBO_ACTUAL.gdp"), file_of("fiscal_year,GDP", "2025,30"), TODAY)

    def test_a_ratio_that_contradicts_its_parts_is_refused(self) -> None:
        header = "component,category,subcategory,fiscal_year,actual_value,GDP,actuals_pct_GDP"
        answer = file_of(header, "debt,Total,Total,2025,30172.4,30336.5,9.95")
        with pytest.raises(ParseError, match=r"9\.95 of 2025 is not 30172\.4 in percent of 30336\.5"):
            read_outcomes(series_of("CBO_ACTUAL.debt_held_by_public_to_gdp"), answer, TODAY)


class TestBaselines:
    def test_a_baseline_is_known_from_the_day_of_its_publication(self) -> None:
        answer = debt_file("2024-06 2024 1 28177.636")
        assert project(answer, m202406=date(2024, 6, 18)) == [(28177.636, date(2024, 6, 18), None, "vintage")]

    def test_without_that_day_it_is_dated_by_the_end_of_its_month(self) -> None:
        assert project(debt_file("2024-02 2024 1 27896.937")) == [(27896.937, date(2024, 2, 29), None, "release_lag")]

    def test_the_next_baseline_closes_it(self) -> None:
        answer = debt_file("2024-02 2024 1 27896.937", "2024-06 2024 1 28177.636")
        read = project(answer, m202402=date(2024, 2, 7), m202406=date(2024, 6, 18))
        assert [(known_from, until) for _, known_from, until, _ in read] == [
            (date(2024, 2, 7), date(2024, 6, 17)),
            (date(2024, 6, 18), None),
        ]

    def test_a_baseline_closes_it_even_where_its_own_figure_is_not_in_the_file(self) -> None:
        answer = file_of(
            BASELINES_HEADER,
            "debt,Total,Total,2022-05-01,True,False,2022,1,24172.581",
            "debt,Total,Total,2022-05-01,True,False,2023,2,25192.786",
            "revenue,Total,Total,2023-02-01,False,True,2023,1,4811.672",
        )
        read = project(answer, m202205=date(2022, 5, 25), m202302=date(2023, 2, 15))
        assert [until for _, _, until, _ in read] == [None, date(2023, 2, 14)]

    def test_the_outcome_that_older_baselines_repeat_is_no_projection(self) -> None:
        answer = debt_file("2023-02 2022 0 24252.4", "2023-02 2023 1 25716.119")
        assert [value for value, *_ in project(answer)] == [25716.119]

    def test_a_baseline_published_after_september_begins_with_the_next_year(self) -> None:
        answer = debt_file("1995-12 1996 1 3600", "1995-12 1997 2 3700")
        assert [known_from for _, known_from, _, _ in project(answer)] == [date(1995, 12, 31)] * 2

    def test_net_interest_was_once_projected_to_become_a_receipt(self) -> None:
        rows = ["2010,10,-51.881", "2011,11,-96.465"]
        before = [f"{year},{number},100.5" for number, year in enumerate(range(2001, 2010), 1)]
        key = "outlay,Net Interest,Net Interest,2001-05-01,True,False"
        baselines = parse_baselines(file_of(BASELINES_HEADER, *(f"{key},{row}" for row in (*before, *rows))))
        dating = date_baselines(baselines, {}, {}, TODAY)
        read, _ = read_projections(series_of("CBO.net_interest"), baselines, dating)
        assert read[-1].value == -96_465_000_000

    @pytest.mark.parametrize(
        ("rows", "what"),
        [
            (["2024-06 2024 1 28177", "2024-06 2024 1 28177"], "2024-06 has 2024 twice"),
            (["2024-06 2024 1 28177", "2024-06 2026 3 28177"], "not numbered one by one"),
            (["2024-06 2024 1 28177", "2024-06 2025 3 28177"], "not numbered one by one"),
            (["2024-06 2025 2 28177"], "not numbered one by one"),
            (["2014-06 2024 1 28177"], "not numbered one by one"),
            (["2027-06 2027 1 28177"], "baseline of 2027-06, which has not begun"),
            (["2024-13 2024 1 28177"], "is no baseline_date"),
            (["2024-06 2024 one 28177"], "is no projected_year_number"),
            (["2024-06 FY24 1 28177"], "is no fiscal year"),
            (["2024-06 2024 1 n/a"], "is no number"),
            (["2024-06 2024 1 28177636"], "the provider changed the unit"),
        ],
    )
    def test_what_is_unlike_the_documentation_is_refused(self, rows: list[str], what: str) -> None:
        with pytest.raises(ParseError, match=what):
            project(debt_file(*rows))

    @pytest.mark.parametrize(
        "flaw", ["2005-01 2005 1 n/a", "2005-01 2005 2 4600", "2005-01 2005 1 4600\n2005-01 2005 1 4601"]
    )
    def test_an_old_baseline_that_is_garbled_is_left_out_and_named(self, flaw: str) -> None:
        sound = [f"{year}-01 {year} 1 9000" for year in range(2006, 2026)]
        baselines = parse_baselines(debt_file(*flaw.split("\n"), *sound))
        dating = date_baselines(baselines, {}, {}, TODAY)
        read, left_out = read_projections(series_of(DEBT), baselines, dating)
        assert len(read) == 20
        assert len(left_out) == 1

    @pytest.mark.parametrize("flawed", [range(2025, 2026), range(2006, 2009)])
    def test_the_newest_or_many_that_are_garbled_are_refused(self, flawed: range) -> None:
        rows = [f"{year}-01 {year} 1 {'n/a' if year in flawed else 9000}" for year in range(2006, 2026)]
        baselines = parse_baselines(debt_file(*rows))
        with pytest.raises(ParseError, match="'n/a' is no number"):
            read_projections(series_of(DEBT), baselines, date_baselines(baselines, {}, {}, TODAY))

    def test_another_unit_in_a_single_old_baseline_is_refused(self) -> None:
        rows = [f"{year}-01 {year} 1 {9_000_000 if year == 2006 else 9000}" for year in range(2006, 2026)]
        with pytest.raises(ParseError, match="the provider changed the unit"):
            project(debt_file(*rows))

    def test_a_day_other_than_the_first_is_news_that_the_program_must_follow(self) -> None:
        answer = file_of(BASELINES_HEADER, "debt,Total,Total,2024-06-18,True,False,2024,1,28177.636")
        with pytest.raises(ParseError, match="is not the first of a month"):
            parse_baselines(answer)

    def test_one_first_seen_within_its_month_is_dated_by_that_day_for_good(self) -> None:
        baselines = parse_baselines(debt_file("2026-11 2027 1 34000"))
        month = date(2026, 11, 1)
        assert date_baselines(baselines, {}, {}, TODAY)[month] == Dating(TODAY, "retrieved")
        assert date_baselines(baselines, {}, {month: TODAY}, date(2026, 12, 24))[month] == Dating(TODAY, "retrieved")


class TestPublicationDays:
    def test_the_days_of_the_repository_are_read(self) -> None:
        days = read_publication_days()
        assert days[date(2025, 1, 1)] == date(2025, 1, 17)
        assert days[date(2026, 2, 1)] == date(2026, 2, 11)

    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("2025-01,2025-02-17,Outlook,https://www.cbo.gov", "line 2: 2025-02-17 is not in 2025-01"),
            ("2025-1,2025-01-17,Outlook,https://www.cbo.gov", "line 2: .* is not allowed; write a month as YYYY-MM"),
            ("2025-01,17 January,Outlook,https://www.cbo.gov", "write a month as YYYY-MM"),
            ("2025-01,2025-01-17", "write a month as YYYY-MM"),
            ("2025-01,2025-01-17,,https://www.cbo.gov", "write a title"),
            ("2025-01,2025-01-17,Outlook,www.cbo.gov", "write a title"),
            ("2025-01,2025-01-17,A,https://a.gov\n2025-01,2025-01-18,A,https://a.gov", "line 3: .* is there twice"),
        ],
    )
    def test_a_wrong_row_is_named(self, tmp_path: Path, line: str, what: str) -> None:
        path = tmp_path / "cbo_baselines.csv"
        path.write_text(f"baseline,published_on,title,url\n{line}\n", encoding="utf-8")
        with pytest.raises(SeedError, match=what):
            read_publication_days(path)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SeedError, match=r"days\.csv: cannot be read"):
            read_publication_days(tmp_path / "days.csv")

    def test_another_header_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "cbo_baselines.csv"
        path.write_text("month,day\n", encoding="utf-8")
        with pytest.raises(SeedError, match="line 1: the header must be baseline,published_on,title,url"):
            read_publication_days(path)


class TestAsking:
    def test_what_is_live_is_what_is_offline_and_more(self, cbo: OneSource) -> None:
        outcome = cbo.gather()
        assert outcome.state == "live"
        compared = ["series_id", "period_start", "period_end", "value", "known_from", "known_until", "known_basis"]
        missing = cbo.offline.join(cbo.observations, on=compared, how="anti", nulls_equal=True)
        assert missing.is_empty()
        assert outcome.observations > len(cbo.offline)

    def test_each_file_is_asked_for_once(self, cbo: OneSource) -> None:
        assert cbo.gather().requests == 4
        asked = [path.rpartition("/main/")[2] for path in cbo.services.requests]
        assert sorted(asked) == sorted([BASELINES, ACTUALS, GDP, RATIOS])

    def test_a_series_in_no_public_file_is_named(self, cbo: OneSource) -> None:
        assert cbo.gather().reason == "in no public file, so offline figures: CBO.debt_held_by_public_to_gdp"

    def test_an_unchanged_day_changes_nothing(self, cbo: OneSource) -> None:
        cbo.gather()
        before = cbo.figures
        cbo.gather(date(2026, 11, 23))
        assert cbo.figures.equals(before)

    def test_a_new_baseline_closes_the_projections_of_the_one_before(self, cbo: OneSource) -> None:
        cbo.gather()
        cbo.services.cbo.publish("2027-01", "revenue/Total/Total", 2027, ["5900.5", "6100.25"])
        cbo.gather(date(2027, 1, 20))
        expected = [
            (5_900_500_000_000.0, date(2027, 1, 20), None, "retrieved"),
            (6_100_250_000_000.0, date(2027, 1, 20), None, "retrieved"),
        ]
        assert [cbo.rows(REVENUES, date(year, 9, 30))[-1] for year in (2027, 2028)] == expected
        assert cbo.rows(REVENUES, date(2027, 9, 30))[-2][2] == date(2027, 1, 19)
        assert cbo.rows(REVENUES, date(2029, 9, 30))[-1][2] is None
        cbo.gather(date(2027, 2, 3))
        assert [cbo.rows(REVENUES, date(year, 9, 30))[-1] for year in (2027, 2028)] == expected

    def test_a_corrected_figure_of_an_old_baseline_replaces_it(self, cbo: OneSource) -> None:
        cbo.gather()
        where = {"component": "debt", "baseline_date": "2025-01-01", "projected_fiscal_year": "2030"}
        cbo.services.cbo.revise(BASELINES, "39750.0", **where)
        cbo.gather(date(2026, 11, 23))
        rows = [row for row in cbo.rows(DEBT, date(2030, 9, 30)) if row[1] == date(2025, 1, 17)]
        assert rows == [(39_750_000_000_000.0, date(2025, 1, 17), date(2026, 2, 10), "vintage")]

    def test_a_revised_outcome_is_known_from_the_day_it_was_seen(self, cbo: OneSource) -> None:
        cbo.gather()
        where = {"subcategory": "Medicare", "fiscal_year": "2025"}
        cbo.services.cbo.revise(ACTUALS, "990.1", **where)
        cbo.gather(date(2026, 11, 23))
        first, second = cbo.rows("CBO_ACTUAL.medicare", date(2025, 9, 30))
        assert first[2:] == (date(2026, 11, 22), "release_lag")
        assert second == (990_100_000_000.0, date(2026, 11, 23), None, "retrieved")

    @pytest.mark.parametrize(
        "fault",
        [
            answers(404, "404: Not Found", "text/plain"),
            answers(200, "<!DOCTYPE html><html>Sign in</html>", "text/html"),
            answers(200, "", "text/plain"),
            rewrites(lambda text: text.replace("actual_value", "value")),
            rewrites(lambda text: text[:2000]),
        ],
    )
    def test_a_broken_file_stops_none_of_the_others(self, cbo: OneSource, fault: Callable[..., None]) -> None:
        cbo.services.fail(ACTUALS, fault)
        outcome = cbo.gather()
        assert outcome.state == "live"
        assert outcome.reason is not None
        assert outcome.reason.startswith("7 of 16 series stay as they were known: ")
        assert cbo.live_ids == {
            series.series_id for series in cbo.catalogue if series.provider_code and ACTUALS not in series.provider_code
        }

    def test_a_file_that_breaks_later_leaves_what_was_known(self, cbo: OneSource) -> None:
        cbo.gather()
        before = cbo.figures
        cbo.services.fail(BASELINES, answers(200, "<!DOCTYPE html>", "text/html"))
        cbo.services.fail(ACTUALS, answers(404, "404: Not Found", "text/plain"))
        outcome = cbo.gather(date(2026, 11, 23))
        assert outcome.reason is not None
        assert outcome.reason.startswith("14 of 16 series stay as they were known: ")
        assert cbo.figures.equals(before)

    def test_a_bad_figure_stops_its_own_series_only(self, cbo: OneSource) -> None:
        cbo.services.cbo.revise(ACTUALS, "n/a", subcategory="Medicare", fiscal_year="2024")
        outcome = cbo.gather()
        assert outcome.reason is not None
        assert "1 of 16 series stay as they were known: CBO's " in outcome.reason
        assert "CBO_ACTUAL.medicare" not in cbo.live_ids
        assert len(cbo.live_ids) == 15

    def test_a_series_that_stays_as_it_was_says_so(self, cbo: OneSource) -> None:
        cbo.services.cbo.revise(BASELINES, "n/a", subcategory="Medicare", baseline_date="2026-02-01")
        cbo.gather()
        assert cbo.gathered is not None
        (state,) = [one for one in cbo.gathered.series if one.series_id == "CBO.medicare"]
        assert state.state == "failed"
        assert "'n/a' is no number" in (state.reason or "")

    def test_without_any_answer_the_source_has_failed(self, cbo: OneSource) -> None:
        for file in (BASELINES, ACTUALS, GDP, RATIOS):
            cbo.services.fail(file, *[breaks_off] * 3)
        outcome = cbo.gather()
        assert outcome.state == "failed"
        assert cbo.live_ids == set()
        assert len(cbo.figures) == len(cbo.offline)
