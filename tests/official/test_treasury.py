"""The Treasury's tables, asked of the local service without a network in between."""

import csv
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl
import pytest

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.offline import COLUMNS
from pipelines.official.records import OBSERVATION_SCHEMA, Reading
from pipelines.official.settings import SourceSettings
from pipelines.official.treasury import ask_treasury
from pipelines.official.treasury.readings import read_table
from pipelines.places import SEEDS
from tests.official.local_services.exchange import Asked
from tests.official.local_services.fiscaldata import FiscalDataService
from tests.official.local_services.fiscaldata_tables import (
    DEBT,
    DEBT_OUTSTANDING,
    FUNCTIONS,
    INTEREST,
    OUTLAYS,
    RATES,
    RECEIPTS,
    SUMMARY,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
URL = "https://treasury.test/services/api/fiscal_service"
Change = Callable[[dict[str, Any]], object]


class Asking:
    """Asks the local service, counts, and changes answers on their way."""

    def __init__(self, service: FiscalDataService) -> None:
        self.service = service
        self.requests: list[Request] = []
        self.changes: dict[str, Change] = {}

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        reply = self.service.respond(Asked(urlsplit(request.url).path, dict(request.params), {}, TODAY))
        body = reply.body
        for part, change in self.changes.items():
            if part in request.shown_url:
                content = json.loads(body)
                change(content)
                body = json.dumps(content).encode()
        sha256 = hashlib.sha256(body).hexdigest()
        return Answer(request.shown_url, reply.status, {}, NOW, body, sha256)

    def tables(self) -> list[str]:
        return [request.url.removeprefix(f"{URL}/") for request in self.requests]


@pytest.fixture(scope="session")
def recent_figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline figures of the last years, to be fast."""
    folder = tmp_path_factory.mktemp("recent")
    for name, series_ids in (("treasury.csv", None), ("fred.csv", {"MTSDS133FMS"})):
        with (SEEDS / "official" / name).open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["period_start"] >= "2021-10-01"]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(row for row in rows if series_ids is None or row["series_id"] in series_ids)
    return folder


@pytest.fixture
def asking(recent_figures: Path) -> Asking:
    return Asking(FiscalDataService(recent_figures))


@pytest.fixture(scope="session")
def settled(recent_figures: Path, of_treasury: dict[str, Series]) -> Answers:
    """What is known after a first reading."""
    answers, outcome = ask(Asking(FiscalDataService(recent_figures)), of_treasury)
    assert outcome == ("live", None)
    return answers


@pytest.fixture(scope="session")
def of_treasury(series_by_id: Mapping[str, Series]) -> dict[str, Series]:
    return {name: series for name, series in series_by_id.items() if series.fiscaldata_code}


@pytest.fixture
def read(asking: Asking, of_treasury: dict[str, Series]) -> Callable[..., Reading]:
    def run(path: str, since: date | None = None) -> Reading:
        codes = {one: code for one in of_treasury.values() if (code := one.fiscaldata_code) and code.table == path}
        return read_table(path, codes, asking.send, base_url=URL, since=since)

    return run


def values(reading: Reading, series_id: str) -> dict[tuple[date, date], float]:
    return {
        (seen.period_start, seen.period_end): seen.value for seen in reading.sightings if seen.series_id == series_id
    }


FISCAL_2025 = date(2024, 10, 1), date(2025, 9, 30)


def test_debt_to_the_penny_is_read_by_day(read: Callable[..., Reading]) -> None:
    reading = read(DEBT)
    day = date(2026, 8, 20), date(2026, 8, 20)
    assert values(reading, "DEBT_TO_PENNY.held_by_public")[day] == 32278964736853.4
    assert values(reading, "DEBT_TO_PENNY.intragovernmental")[day] == 7754292049910.97


def test_an_amount_that_was_not_known_yet_is_no_sighting(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.service.keep_only(3)
    oldest = min(asking.service.debt)
    asking.service.debt[oldest]["debt_held_public_amt"] = "null"
    reading = read(DEBT)
    assert len(values(reading, "DEBT_TO_PENNY.total")) == 3
    assert len(values(reading, "DEBT_TO_PENNY.held_by_public")) < 3


def test_historical_debt_is_read_by_the_day_that_the_table_states(read: Callable[..., Reading]) -> None:
    debt = values(read(DEBT_OUTSTANDING), "DEBT_OUTSTANDING")
    assert debt[date(1790, 1, 1), date(1790, 1, 1)] == 71060508.50
    assert debt[date(1835, 1, 1), date(1835, 1, 1)] == 33733.05
    assert debt[date(2025, 9, 30), date(2025, 9, 30)] == pytest.approx(37.638e12, rel=1e-4)


def test_interest_expense_is_the_sum_over_the_lines_of_a_month(read: Callable[..., Reading]) -> None:
    month = date(2026, 7, 1), date(2026, 7, 31)
    assert values(read(INTEREST), "INTEREST_EXPENSE.month")[month] == 117573576107.24


def test_average_rates_are_those_of_the_security_named(read: Callable[..., Reading]) -> None:
    reading, month = read(RATES), (date(2026, 9, 1), date(2026, 9, 30))
    assert values(reading, "AVG_INTEREST_RATES.total_marketable")[month] == 3.518
    assert values(reading, "AVG_INTEREST_RATES.total_interest_bearing")[month] == 3.505


def test_a_fiscal_year_of_table_9_is_the_sum_that_september_states(read: Callable[..., Reading]) -> None:
    reading = read(FUNCTIONS)
    net_interest = values(reading, "MTS9.net_interest")
    assert net_interest[FISCAL_2025] == 970358886994.32
    assert len(net_interest) == 4
    assert values(reading, "MTS9.total_receipts")[FISCAL_2025] == 5234616386315.43
    assert values(reading, "MTS9.total_outlays")[FISCAL_2025] == 7009973667049.3


def test_table_9_gives_months_as_well(read: Callable[..., Reading]) -> None:
    months = values(read(FUNCTIONS), "MTS9.net_interest.month")
    assert len(months) == 48
    in_2025 = [value for (start, end), value in months.items() if FISCAL_2025[0] <= start and end <= FISCAL_2025[1]]
    assert sum(in_2025) == pytest.approx(970358886994.32)


def test_receipts_of_table_4_are_net_of_refunds(read: Callable[..., Reading]) -> None:
    assert values(read(RECEIPTS), "MTS4.total_receipts")[FISCAL_2025] == 5234616386315.43


def test_the_deficit_is_positive_whatever_the_table_writes(read: Callable[..., Reading]) -> None:
    assert values(read(OUTLAYS), "MTS5.deficit")[FISCAL_2025] == pytest.approx(7009973667049.3 - 5234616386315.43)
    months = values(read(SUMMARY), "MTS1.deficit")
    assert months[date(2025, 9, 1), date(2025, 9, 30)] < 0  # a surplus
    assert months[date(2025, 8, 1), date(2025, 8, 31)] > 0


def test_outlays_less_receipts_of_table_1_are_its_deficit(read: Callable[..., Reading]) -> None:
    reading = read(SUMMARY)
    receipts, outlays, deficit = (values(reading, f"MTS1.{name}") for name in ("receipts", "outlays", "deficit"))
    assert receipts.keys() == outlays.keys() == deficit.keys()
    assert all(outlays[month] - receipts[month] == pytest.approx(deficit[month]) for month in deficit)


def test_the_newest_report_has_the_last_word_on_a_month(asking: Asking, read: Callable[..., Reading]) -> None:
    july = {"classification_desc": "July", "sequence_number_cd": "2.10"}
    before = values(read(SUMMARY), "MTS1.receipts")[date(2025, 7, 1), date(2025, 7, 31)]
    asking.service.revise(SUMMARY, "current_month_gross_rcpt_amt", "1.00", record_date="2025-07-31", **july)
    restated = {"classification_desc": "July", "sequence_number_cd": "1.10"}
    last = max(row["record_date"] for row in asking.service.rows_of(SUMMARY))
    assert last > "2026-01"
    reading = read(SUMMARY)
    assert values(reading, "MTS1.receipts")[date(2025, 7, 1), date(2025, 7, 31)] == before
    asking.service.revise(SUMMARY, "current_month_gross_rcpt_amt", "390000000000.00", record_date=last, **restated)
    assert values(read(SUMMARY), "MTS1.receipts")[date(2025, 7, 1), date(2025, 7, 31)] == 390000000000.0


def test_a_month_takes_its_year_from_the_block_where_no_heading_names_one(
    asking: Asking, read: Callable[..., Reading]
) -> None:
    expected = values(read(SUMMARY), "MTS1.deficit")
    for row in asking.service.rows_of(SUMMARY):
        row["parent_id"] = "null"
    assert values(read(SUMMARY), "MTS1.deficit") == expected


def test_a_month_under_no_fiscal_year_is_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    for row in asking.service.rows_of(SUMMARY):
        row.update(parent_id="null", sequence_number_cd="7.1")
    with pytest.raises(ParseError, match="stands under no fiscal year"):
        read(SUMMARY)


def test_a_month_that_was_still_to_come_is_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.service.revise(
        SUMMARY, "current_month_dfct_sur_amt", "5.00", record_date="2025-07-31", sequence_number_cd="2.12"
    )
    with pytest.raises(ParseError, match="September 2025, which was still to come"):
        read(SUMMARY)


def test_a_turned_sign_of_the_deficit_is_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    for row in asking.service.rows_of(SUMMARY):
        text = row["current_month_dfct_sur_amt"]
        if text != "null":
            row["current_month_dfct_sur_amt"] = text.removeprefix("-") if text.startswith("-") else f"-{text}"
    with pytest.raises(ParseError, match="turned the sign of current_month_dfct_sur_amt"):
        read(SUMMARY)


def test_renumbered_lines_are_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.service.revise(FUNCTIONS, "line_code_nbr", "999", line_code_nbr="320")
    asking.service.revise(FUNCTIONS, "line_code_nbr", "320", line_code_nbr="270")
    with pytest.raises(
        ParseError, match="line_code_nbr 320 has classification_desc 'Social Security', not 'Net Interest'"
    ):
        read(FUNCTIONS)


def test_blanks_and_capitals_of_a_name_do_not_matter(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.service.revise(FUNCTIONS, "classification_desc", "NET  Interest:", line_code_nbr="320")
    assert len(values(read(FUNCTIONS), "MTS9.net_interest")) == 4


def test_two_rows_where_one_is_expected_are_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    rows = asking.service.rows_of(RECEIPTS)
    rows.append({**next(row for row in rows if row["line_code_nbr"] == "830"), "src_line_nbr": "77"})
    with pytest.raises(ParseError, match=r"several rows for MTS4\.total_receipts"):
        read(RECEIPTS)


def test_a_row_that_comes_twice_word_for_word_counts_once(asking: Asking, read: Callable[..., Reading]) -> None:
    expected = values(read(INTEREST), "INTEREST_EXPENSE.month")

    def double(content: dict[str, Any]) -> None:
        content["data"].append(content["data"][0])
        for name in ("count", "total-count"):
            content["meta"][name] += 1

    asking.changes[INTEREST] = double
    assert values(read(INTEREST), "INTEREST_EXPENSE.month") == expected


def test_two_words_on_one_line_are_refused(asking: Asking, read: Callable[..., Reading]) -> None:
    def contradict(content: dict[str, Any]) -> None:
        content["data"].append({**content["data"][0], "month_expense_amt": "1.00"})
        for name in ("count", "total-count"):
            content["meta"][name] += 1

    asking.changes[INTEREST] = contradict
    with pytest.raises(ParseError, match="is there twice and says two things"):
        read(INTEREST)


def test_lines_may_share_a_number_if_their_names_differ(asking: Asking, read: Callable[..., Reading]) -> None:
    expected = values(read(INTEREST), "INTEREST_EXPENSE.month")
    asking.service.revise(INTEREST, "src_line_nbr", "1", src_line_nbr="2")
    assert values(read(INTEREST), "INTEREST_EXPENSE.month") == expected


def test_every_key_column_is_asked_for(asking: Asking, read: Callable[..., Reading]) -> None:
    """Without them the service would add up rows: asked with fewer columns, the same service gives fewer rows."""
    for path in (DEBT, DEBT_OUTSTANDING, INTEREST, RATES, SUMMARY, RECEIPTS, OUTLAYS, FUNCTIONS):
        read(path)
        params = dict(asking.requests[-1].params)
        fields = params["fields"].split(",")
        rows = [row for row in asking.service.rows_of(path) if _kept(row, params.get("filter", ""))]
        keys = {tuple(row[name] for name in fields if not name.endswith("_amt")) for row in rows}
        assert len(keys) == len(rows) > 0


def _kept(row: Mapping[str, str], condition: str) -> bool:
    if not condition:
        return True
    column, operator, wanted = condition.split(":")
    return row[column] in wanted.strip("()").split(",") if operator == "in" else row[column] == wanted


def test_only_the_lines_needed_are_asked_for(asking: Asking, read: Callable[..., Reading]) -> None:
    read(OUTLAYS, since=date(2025, 8, 1))
    assert dict(asking.requests[-1].params)["filter"] == "record_date:gte:2025-08-01,line_code_nbr:in:(5694,5691)"


def test_a_value_with_a_blank_is_not_put_into_the_address(asking: Asking, read: Callable[..., Reading]) -> None:
    read(RATES)
    assert "filter" not in dict(asking.requests[-1].params)


def test_a_request_asks_for_a_page_in_an_order_without_ties(asking: Asking, read: Callable[..., Reading]) -> None:
    read(DEBT)
    assert asking.requests[-1].shown_url == (
        f"{URL}/{DEBT}?fields=record_date%2Csrc_line_nbr%2Ctot_pub_debt_out_amt%2Cdebt_held_public_amt%2Cintragov_hold_amt"
        "&sort=record_date%2Csrc_line_nbr&format=json&page%5Bnumber%5D=1&page%5Bsize%5D=2500"
    )


def test_all_pages_are_read(asking: Asking, read: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(DEBT)
    monkeypatch.setattr("pipelines.official.treasury.fiscaldata.PAGE_SIZE", 400)
    asking.requests.clear()
    assert values(read(DEBT), "DEBT_TO_PENNY.total") == values(whole, "DEBT_TO_PENNY.total")
    assert len(asking.requests) == 4


def test_a_table_that_grows_while_it_is_read_is_refused(
    asking: Asking, read: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.official.treasury.fiscaldata.PAGE_SIZE", 1000)

    def grow(content: dict[str, Any]) -> None:
        if len(asking.requests) > 1:
            content["meta"]["total-count"] += 1

    asking.changes[DEBT] = grow
    with pytest.raises(ParseError, match="grew"):
        read(DEBT)


def less_rows(content: dict[str, Any]) -> None:
    content["data"].pop()
    content["meta"]["count"] -= 1


def wrong_count(content: dict[str, Any]) -> None:
    content["meta"]["count"] = 5


def text_count(content: dict[str, Any]) -> None:
    content["meta"]["total-count"] = "2240"


def endless_pages(content: dict[str, Any]) -> None:
    content["meta"].update({"total-pages": 10**9, "total-count": 10**9})


def another_type(content: dict[str, Any]) -> None:
    content["meta"]["dataTypes"]["tot_pub_debt_out_amt"] = "PERCENTAGE"


def another_date_type(content: dict[str, Any]) -> None:
    content["meta"]["dataTypes"]["record_date"] = "STRING"


def no_meta(content: dict[str, Any]) -> None:
    del content["meta"]


def cell(text: object) -> Change:
    def change(content: dict[str, Any]) -> None:
        content["data"][0]["tot_pub_debt_out_amt"] = text

    return change


def renamed(content: dict[str, Any]) -> None:
    content["data"][0]["total"] = content["data"][0].pop("tot_pub_debt_out_amt")


def another_date(content: dict[str, Any]) -> None:
    content["data"][0]["record_date"] = "04/30/1993"


@pytest.mark.parametrize(
    "change",
    [
        less_rows, wrong_count, text_count, endless_pages, another_type, another_date_type, no_meta, renamed, another_date,
        cell("32518395.8"), cell("32,518,395,816,772.17"), cell("4_254_084_170_636"), cell("4.2e12"), cell("４２５４０８４１７０６３６"),
        cell("Infinity"), cell(4254084170636.01), cell(["4254084170636.01"]), cell(True),
    ],
)  # fmt: skip
def test_any_other_shape_or_unit_is_an_error(asking: Asking, read: Callable[..., Reading], change: Change) -> None:
    asking.changes[DEBT] = change
    with pytest.raises(ParseError):
        read(DEBT)
    assert len(asking.requests) <= 2


def test_whole_dollars_are_amounts_too(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.changes[DEBT] = lambda content: content["meta"]["dataTypes"].update(tot_pub_debt_out_amt="CURRENCY0")
    assert values(read(DEBT), "DEBT_TO_PENNY.total")


def test_a_stated_error_is_passed_on_with_the_cure(asking: Asking, read: Callable[..., Reading]) -> None:
    asking.changes[DEBT] = lambda content: content.update(error="Invalid Query Param", message="no such field")
    with pytest.raises(DownloadError, match=r"Invalid Query Param: no such field.*provider_code in seeds/series\.csv"):
        read(DEBT)


# Asking for all tables.


def ask(
    asking: Asking,
    series: Mapping[str, Series],
    held: pl.DataFrame | None = None,
    now: datetime = NOW,
    answered_at: Mapping[str, datetime] | None = None,
) -> tuple[Answers, tuple[str, str | None]]:
    answers = Answers(series, OBSERVATION_SCHEMA.to_frame() if held is None else held, now, answered_at)
    asking.requests.clear()
    outcome = ask_treasury(answers, asking.send, SourceSettings(fiscaldata_url=URL), lambda _: None)
    return answers, outcome


def test_a_first_reading_asks_for_every_table_once(asking: Asking, of_treasury: dict[str, Series]) -> None:
    answers, outcome = ask(asking, of_treasury)
    assert outcome == ("live", None)
    tables = [DEBT, DEBT_OUTSTANDING, INTEREST, RATES, SUMMARY, RECEIPTS, OUTLAYS, FUNCTIONS]
    assert sorted(asking.tables()) == sorted(tables)
    assert set(answers.held["series_id"]) == set(of_treasury)


def test_an_unchanged_day_costs_one_short_request_a_table_and_changes_nothing(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    second, outcome = ask(asking, of_treasury, settled.held, datetime(2026, 11, 23, 6, tzinfo=UTC), settled.answered_at)
    assert outcome == ("live", None)
    assert len(asking.requests) == 8
    assert {"record_date:gte" in request.shown_url.replace("%3A", ":") for request in asking.requests} == {True}
    assert second.held.equals(settled.held)


def test_the_first_reading_of_a_month_asks_for_everything(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    ask(asking, of_treasury, settled.held, datetime(2026, 12, 1, 6, tzinfo=UTC), settled.answered_at)
    assert not [request for request in asking.requests if "gte" in request.shown_url]


def test_a_new_series_of_a_table_is_asked_for_from_its_beginning(
    asking: Asking, of_treasury: dict[str, Series]
) -> None:
    without = {name: series for name, series in of_treasury.items() if name != "MTS9.medicare"}
    first, _ = ask(asking, without)
    second, _ = ask(asking, of_treasury, first.held, NOW, first.answered_at)
    whole = [request.url for request in asking.requests if "gte" not in request.shown_url]
    assert whole == [f"{URL}/{FUNCTIONS}"]
    assert second.held.filter(series_id="MTS9.medicare").height == 4


def test_a_correction_within_the_overlap_is_seen_the_next_day(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    day = max(asking.service.debt)
    asking.service.debt[day]["tot_pub_debt_out_amt"] = "39000000000000.00"
    second, _ = ask(asking, of_treasury, settled.held, datetime(2026, 11, 23, 6, tzinfo=UTC), settled.answered_at)
    rows = second.held.filter(
        pl.col("series_id") == "DEBT_TO_PENNY.total", pl.col("period_end") == date.fromisoformat(day)
    )
    assert rows["known_from"].to_list()[-1] == date(2026, 11, 23)
    assert rows["value"].to_list()[-1] == 39000000000000.0
    assert second.held.height == settled.held.height + 1


def test_an_older_correction_is_seen_in_the_month_after(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    old = "2022-01-31"
    asking.service.revise(INTEREST, "month_expense_amt", "30000000000.00", record_date=old, src_line_nbr="1")
    second, _ = ask(asking, of_treasury, settled.held, datetime(2026, 11, 23, 6, tzinfo=UTC), settled.answered_at)
    assert second.held.equals(settled.held)
    third, _ = ask(asking, of_treasury, second.held, datetime(2026, 12, 1, 6, tzinfo=UTC), second.answered_at)
    rows = third.held.filter(
        pl.col("series_id") == "INTEREST_EXPENSE.month", pl.col("period_end") == date.fromisoformat(old)
    )
    assert rows["known_basis"].to_list() == ["release_lag", "retrieved"]


def test_a_month_restated_by_the_newest_report_is_a_vintage(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    last = max(row["record_date"] for row in asking.service.rows_of(SUMMARY))
    asking.service.revise(
        SUMMARY, "current_month_gross_rcpt_amt", "390000000000.00", record_date=last, sequence_number_cd="1.10"
    )
    second, _ = ask(asking, of_treasury, settled.held, datetime(2026, 11, 25, 6, tzinfo=UTC), settled.answered_at)
    rows = second.held.filter(pl.col("series_id") == "MTS1.receipts", pl.col("period_end") == date(2025, 7, 31))
    assert rows.select("known_from", "known_until").rows()[1] == (date(2026, 11, 25), None)
    assert rows["value"].to_list()[1] == 390000000000.0


def test_a_row_that_is_gone_from_the_overlap_is_refused(
    asking: Asking, settled: Answers, of_treasury: dict[str, Series]
) -> None:
    del asking.service.debt[max(asking.service.debt)]
    second, (state, reason) = ask(asking, of_treasury, settled.held, NOW, settled.answered_at)
    assert state == "live"
    assert "1 of 8 tables stay as they were known: DEBT_TO_PENNY" in (reason or "")
    assert second.held.equals(settled.held)


@pytest.mark.parametrize("path", [DEBT, DEBT_OUTSTANDING, INTEREST, RATES, SUMMARY, RECEIPTS, OUTLAYS, FUNCTIONS])
def test_a_table_stands_or_falls_alone(asking: Asking, of_treasury: dict[str, Series], path: str) -> None:
    asking.changes[f"{path}?"] = no_meta
    answers, (state, reason) = ask(asking, of_treasury)
    assert state == "live"
    assert "1 of 8 tables stay as they were known" in (reason or "")
    failed = {name for name, one in of_treasury.items() if one.fiscaldata_code and one.fiscaldata_code.table == path}
    assert set(answers.failures) == failed
    assert set(answers.held["series_id"]) == set(of_treasury) - failed


def test_a_service_that_answers_nothing_right_has_failed(asking: Asking, of_treasury: dict[str, Series]) -> None:
    asking.changes["/"] = no_meta
    answers, (state, _) = ask(asking, of_treasury)
    assert state == "failed"
    assert answers.held.is_empty()


def test_series_that_fiscaldata_does_not_have_are_not_asked_for(
    series_by_id: Mapping[str, Series], asking: Asking
) -> None:
    china = {"MFH.china": series_by_id["MFH.china"]}
    assert ask(asking, china)[1] == ("live", None)
    assert asking.requests == []
