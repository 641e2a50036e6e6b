import gzip
import json
import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.official.observations import OBSERVATION_KEY, OBSERVATION_SCHEMA, Gathered, SourceOutcome, SourceSettings
from tests.official import local_services as local
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices

Gather = Callable[..., Gathered]


def outcome(gathered: Gathered, source: str) -> SourceOutcome:
    return next(one for one in gathered.sources if one.source == source)


def of(gathered: Gathered, series_id: str) -> pl.DataFrame:
    return gathered.observations.filter(pl.col("series_id") == series_id)


def figures(rows: pl.DataFrame) -> list[tuple[object, ...]]:
    return rows.select("value", "known_from", "known_until", "known_basis", "origin").rows()


def test_offline_asks_nobody(gather: Gather, services: LocalServices) -> None:
    gathered = gather(offline=True)
    assert services.requests == []
    assert {(one.source, one.state, one.requests) for one in gathered.sources} == {
        ("fred", "snapshot", 0),
        ("treasury", "snapshot", 0),
    }
    assert gathered.observations["origin"].unique().to_list() == ["snapshot"]


def test_the_frame_has_the_schema_and_is_sorted_by_its_key(settled: Gathered) -> None:
    observations = settled.observations
    assert observations.schema == OBSERVATION_SCHEMA
    assert observations.equals(observations.sort(OBSERVATION_KEY))


def test_live_gives_the_same_figures_as_offline_where_both_have_them(gather: Gather, settled: Gathered) -> None:
    told = ["series_id", "period_start", "period_end", "value", "known_from", "known_until"]
    offline, live = gather(offline=True).observations.select(told), settled.observations.select(told)
    assert offline.join(live, on=told, how="anti", nulls_equal=True).is_empty()


def test_live_rows_say_when_and_from_which_bytes_they_were_read(gather: Gather, tmp_path: Path) -> None:
    rows = of(gather(), "UNRATE")
    assert rows["origin"].unique().to_list() == ["live"]
    assert rows["retrieved_at"].dt.date().unique().to_list() == [TODAY]
    (sha256,) = rows["download_sha256"].unique()
    body = gzip.decompress((tmp_path / "downloads" / "fred" / f"{sha256}.gz").read_bytes())
    assert json.loads(body)["observations"]


def test_gathering_again_changes_nothing(gather: Gather, settled: Gathered) -> None:
    again = gather(settled.observations, day=TODAY + timedelta(days=1))
    assert again.observations.equals(settled.observations)


def test_the_way_through_a_database_and_back_changes_nothing(gather: Gather, settled: Gathered) -> None:
    first = settled.observations
    stored = first.with_columns(pl.col("retrieved_at").dt.convert_time_zone("Etc/UTC")).select(reversed(first.columns))
    assert gather(stored).observations.equals(first)


def test_gathering_offline_after_live_changes_nothing(gather: Gather, settled: Gathered) -> None:
    assert gather(settled.observations, offline=True).observations.equals(settled.observations)


def test_without_a_key_and_without_the_keyless_files_fred_is_skipped_and_says_why(
    gather: Gather, services: LocalServices
) -> None:
    skipped = outcome(gather(fred_key=None, fred_keyless=False), "fred")
    assert (skipped.state, skipped.requests) == ("skipped", 0)
    assert "FRED_API_KEY is not set" in (skipped.reason or "")
    assert not [path for path in services.requests if "fred" in path]


def test_a_series_without_vintages_is_dated_by_what_each_day_showed(gather: Gather, services: LocalServices) -> None:
    services.fred.without_vintages.add("SP500")
    first = gather()
    services.fred.series["SP500"]["2026-11-20"] = [("2026-11-20", "7011")]
    second = gather(first.observations, day=date(2026, 11, 24))
    assert figures(of(second, "SP500").filter(pl.col("period_end") == date(2026, 11, 20))) == [
        (7010.25, date(2026, 11, 20), date(2026, 11, 23), "release_lag", "live"),
        (7011.0, date(2026, 11, 24), None, "retrieved", "live"),
    ]


def test_a_copyrighted_series_may_lose_its_oldest_days(
    gather: Gather, services: LocalServices, settled: Gathered
) -> None:
    del services.fred.series["SP500"]["2026-11-19"]
    second = gather(settled.observations)
    assert outcome(second, "fred").reason is None
    assert len(of(second, "SP500")) == 2


def test_a_vintage_closes_the_one_before(gather: Gather, services: LocalServices, settled: Gathered) -> None:
    services.fred.revise("UNRATE", "2026-07-01", "4.3", date(2026, 11, 25))
    second = gather(settled.observations, day=date(2026, 11, 26))
    july = figures(of(second, "UNRATE").filter(pl.col("period_start") == date(2026, 7, 1)))
    assert july[-2][2] == date(2026, 11, 24)
    assert july[-1] == (4.3, date(2026, 11, 25), None, "vintage", "live")


def test_two_weeks_of_debt_with_revisions_give_exactly_these_rows(gather: Gather, services: LocalServices) -> None:
    day, field = "2026-09-10", "tot_pub_debt_out_amt"
    right, wrong = services.fiscaldata.debt[day][field], "40000000000000.00"
    known = None
    for passed, shown in enumerate([right, right, wrong, wrong, wrong, right, right, right]):
        services.fiscaldata.debt[day][field] = shown
        gathered = gather(known, day=TODAY + timedelta(days=passed))
        assert gather(gathered.observations, day=TODAY + timedelta(days=passed)).observations.equals(
            gathered.observations
        )
        known = gathered.observations
    rows = of(gathered, "DEBT_TO_PENNY.total").filter(pl.col("period_end") == date(2026, 9, 10))
    assert figures(rows) == [
        (float(right), date(2026, 9, 11), date(2026, 11, 23), "release_lag", "live"),
        (float(wrong), date(2026, 11, 24), date(2026, 11, 26), "retrieved", "live"),
        (float(right), date(2026, 11, 27), None, "retrieved", "live"),
    ]


def lose_a_row(content: dict[str, Any]) -> None:
    content["data"].pop(0)
    content["meta"].update({"count": len(content["data"]), "total-count": len(content["data"])})


def empty(content: dict[str, Any]) -> None:
    content["data"].clear()
    content["meta"].update({"count": 0, "total-count": 0})


def lack_a_column(content: dict[str, Any]) -> None:
    for row in content["data"]:
        row["debt_held_public_amt"] = "null"


def claim_another_page(content: dict[str, Any]) -> None:
    content["meta"]["total-count"] += 10_000


def show_tenfold(content: dict[str, Any]) -> None:
    for row in content["data"]:
        row["intragov_hold_amt"] = row["intragov_hold_amt"].replace(".", "0.")


TREASURY_FAULTS = {
    "status 500": local.answers(500, "oops"),
    "status 429": local.answers(429, "slow"),
    "status 403": local.answers(403, "<html>Forbidden</html>", "text/html"),
    "html with 200": local.answers(200, "<html>Maintenance</html>", "text/html"),
    "stated error": local.answers(400, json.dumps({"error": "Invalid Query Param", "message": "no"})),
    "breaks off": local.breaks_off,
    "hangs up": local.hangs_up,
    "silent": local.keeps_silent(0.4),
    "garbled": local.answers(200, b"\x00\x01", Content_Encoding="gzip"),
    "redirects": local.redirects_to_itself,
    "empty": local.edits(empty),
    "a row less": local.edits(lose_a_row),
    "a column less": local.edits(lack_a_column),
    "a page less": local.edits(claim_another_page),
    "another unit": local.edits(show_tenfold),
}


@pytest.mark.parametrize("fault", TREASURY_FAULTS.values(), ids=TREASURY_FAULTS.keys())
def test_a_fault_of_the_treasury_changes_nothing_and_stops_nobody(
    gather: Gather, services: LocalServices, settled: Gathered, fault: local.Fault
) -> None:
    services.fail("debt_to_penny", *[fault] * 9)
    services.fred.revise("UNRATE", "2026-07-01", "4.3", date(2026, 11, 22))
    second = gather(settled.observations)
    failed = outcome(second, "treasury")
    assert failed.state == "failed"
    assert failed.reason
    is_debt = pl.col("series_id").str.starts_with("DEBT")
    assert second.observations.filter(is_debt).equals(settled.observations.filter(is_debt))
    assert outcome(second, "fred").state == "live"
    assert 4.3 in of(second, "UNRATE")["value"].to_list()


def lose_an_observation(content: dict[str, Any]) -> None:
    gone = content["observations"][0]["date"]
    content["observations"] = [row for row in content["observations"] if row["date"] != gone]
    content["count"] = len(content["observations"])


def show_millions(content: dict[str, Any]) -> None:
    for row in content["observations"]:
        row["value"] = f"{row['value']}e6"


FRED_FAULTS = {
    "status 500": local.answers(500, "oops"),
    "429 in 200": local.answers(200, '{"error_code":429,"error_message":"Too Many Requests."}'),
    "html with 200": local.answers(200, "<html>Maintenance</html>", "text/html"),
    "xml error": local.answers(400, '<error code="400" message="Bad Request."/>', "text/xml"),
    "locked": local.answers(423, '{"error_code":423,"error_message":"Locked."}'),
    "breaks off": local.breaks_off,
    "empty": local.edits(lambda content: content.update(observations=[], count=0)),
    "a period less": local.edits(lose_an_observation),
    "another unit": local.edits(show_millions),
}


@pytest.mark.parametrize("fault", FRED_FAULTS.values(), ids=FRED_FAULTS.keys())
def test_a_fault_of_one_fred_series_leaves_it_as_it_was(
    gather: Gather, services: LocalServices, settled: Gathered, fault: local.Fault
) -> None:
    services.fail("UNRATE", *[fault] * 9)
    second = gather(settled.observations)
    assert of(second, "UNRATE").equals(of(settled, "UNRATE"))
    assert "stay as they were known" in (outcome(second, "fred").reason or "")
    assert outcome(second, "treasury").state == "live"


def test_a_refused_key_is_asked_with_only_once(gather: Gather, services: LocalServices) -> None:
    services.fred.key = "another"
    failed = outcome(gather(fred_key=local.FRED_KEY), "fred")
    assert (failed.state, failed.requests) == ("failed", 1)
    assert "check FRED_API_KEY" in (failed.reason or "")


def test_a_silent_service_is_left_alone_after_two_series(gather: Gather, services: LocalServices) -> None:
    services.fail("fred", *[local.answers(500, "oops")] * 30)
    failed = outcome(gather(), "fred")
    assert (failed.state, failed.requests) == ("failed", 6)


def test_a_service_out_of_reach_fails_alone(gather: Gather) -> None:
    gathered = gather(fiscaldata_url="http://127.0.0.1:1/service")
    assert "cannot be reached" in (outcome(gathered, "treasury").reason or "")
    assert outcome(gathered, "fred").state == "live"
    assert of(gathered, "DEBT_TO_PENNY.total")["origin"].unique().to_list() == ["snapshot"]


def test_an_outcome_counts_what_is_known(settled: Gathered) -> None:
    treasury = outcome(settled, "treasury")
    assert (treasury.state, treasury.series, treasury.requests) == ("live", 3, 1)
    assert treasury.newest_period_end == date(2026, 9, 10)


def test_figures_of_a_series_that_left_the_catalogue_are_dropped(gather: Gather, settled: Gathered) -> None:
    known = settled.observations
    strange = known.head(1).with_columns(series_id=pl.lit("GONE"))
    assert gather(pl.concat([known, strange])).observations.equals(known)


def test_the_vintages_of_2022q2_come_live_as_well(settled: Gathered) -> None:
    growth = of(settled, "A191RL1Q225SBEA").filter(pl.col("period_start") == date(2022, 4, 1))
    assert growth.select("value", "known_from").rows() == [
        (-0.9, date(2022, 7, 28)),
        (-0.6, date(2022, 8, 25)),
        (0.3, date(2024, 9, 26)),
        (0.6, date(2025, 9, 25)),
    ]
    assert growth["origin"].unique().to_list() == ["live"]


def test_the_key_is_told_and_kept_nowhere(
    gather: Gather, services: LocalServices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    services.fail("UNRATE", local.answers(400, f"you sent {services.fred.key}"))
    reports: list[str] = []
    gathered = gather(report=reports.append)
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.gz"))
    kept += b"".join(path.read_bytes() for path in tmp_path.rglob("*.json"))
    written = "".join(reports) + repr(gathered.sources) + caplog.text + gathered.observations.write_json()
    assert reports
    assert services.fred.key not in written
    assert services.fred.key.encode() not in kept
    assert services.fred.key not in repr(SourceSettings(fred_key=services.fred.key))
