"""What is kept of the answers, what a replay makes of it, and what is forgotten."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import DownloadError
from pipelines.official.journal import KEEP_DAYS, read_runs
from pipelines.official.observations import Gathered
from tests.official import local_services as local
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices

Gather = Callable[..., Gathered]
Replay = Callable[..., Gathered]
TOMORROW = TODAY + timedelta(days=1)
FIELD = "tot_pub_debt_out_amt"


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path / "downloads"


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_a_replay_needs_no_network_and_gives_the_same_rows(
    gather: Gather, replay: Replay, services: LocalServices
) -> None:
    gathered = gather()
    services.requests.clear()
    again = replay()
    assert again.observations.equals(gathered.observations)
    assert services.requests == []
    assert {(one.source, one.state) for one in again.sources} == {("fred", "live"), ("treasury", "live")}


def test_a_replay_says_when_each_series_was_answered(gather: Gather, replay: Replay) -> None:
    gathered = gather()
    told = [[(one.series_id, one.state, one.answered_at) for one in found.series] for found in (gathered, replay())]
    assert told[0] == told[1]


def test_a_replay_without_a_journal_gives_the_offline_figures(gather: Gather, replay: Replay) -> None:
    again = replay()
    assert again.observations.equals(gather(offline=True).observations)
    assert {one.state for one in again.sources} == {"snapshot"}


def test_a_replay_that_would_lose_a_figure_is_refused(gather: Gather, replay: Replay, downloads: Path) -> None:
    gathered = gather()
    assert replay(gathered.observations).observations.equals(gathered.observations)
    (journal,) = (downloads / "runs").iterdir()
    journal.unlink()
    with pytest.raises(DownloadError, match=r"lack \d+ period\(s\).*nothing was replaced"):
        replay(gathered.observations)


def test_a_failed_source_fails_in_the_replay_too(gather: Gather, replay: Replay, services: LocalServices) -> None:
    services.fail("debt_to_penny", *[local.answers(500, "oops")] * 9)
    gathered = gather()
    again = replay()
    assert again.observations.equals(gathered.observations)
    assert {one.source: one.state for one in again.sources} == {"fred": "live", "treasury": "failed"}


def test_a_refused_answer_is_refused_in_the_replay_too(gather: Gather, replay: Replay, services: LocalServices) -> None:
    services.fail("UNRATE", local.answers(200, "<html>Maintenance</html>"))
    gathered = gather()
    assert replay().observations.equals(gathered.observations)


def test_a_run_whose_figures_were_not_written_is_forgotten(
    gather: Gather, replay: Replay, services: LocalServices, downloads: Path
) -> None:
    first = gather()
    services.fiscaldata.debt["2026-09-10"][FIELD] = "40000000000000.00"
    gather(first, day=TOMORROW, confirm=False)
    assert replay().observations.equals(first.observations)
    third = gather(first, day=TOMORROW + timedelta(days=1))
    assert len(list(read_runs(downloads))) == 2
    assert replay().observations.equals(third.observations)


def test_a_run_whose_figures_were_written_counts_although_it_could_not_say_so(
    gather: Gather, replay: Replay, services: LocalServices
) -> None:
    first = gather()
    services.fiscaldata.debt["2026-09-10"][FIELD] = "40000000000000.00"
    second = gather(first, day=TOMORROW, confirm=False)
    third = gather(second, day=TOMORROW + timedelta(days=1))
    assert replay().observations.equals(third.observations)
    assert third.observations.equals(second.observations)


def test_a_journal_cut_short_ends_where_it_was_cut(gather: Gather, replay: Replay, downloads: Path) -> None:
    gather()
    (journal,) = (downloads / "runs").iterdir()
    text = journal.read_text(encoding="utf-8")
    journal.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
    (run,) = read_runs(downloads)
    assert run.changed is None
    assert replay().observations.height


def test_a_lost_body_leaves_its_series_out_and_says_so(gather: Gather, replay: Replay, downloads: Path) -> None:
    gathered = gather()
    rows = gathered.observations.filter(pl.col("series_id") == "UNRATE", pl.col("origin") == "live")
    (sha256,) = rows["download_sha256"].unique()
    (downloads / "fred" / f"{sha256}.gz").unlink()
    again = replay()
    unemployment = again.observations.filter(pl.col("series_id") == "UNRATE")
    assert unemployment["origin"].unique().to_list() == ["snapshot"]
    assert "cannot be read" in next(one.reason or "" for one in again.sources if one.source == "fred")


def test_the_bytes_of_a_body_are_checked(gather: Gather, replay: Replay, downloads: Path) -> None:
    gathered = gather()
    rows = gathered.observations.filter(pl.col("series_id") == "UNRATE", pl.col("origin") == "live")
    (sha256,) = rows["download_sha256"].unique()
    (downloads / "fred" / f"{sha256}.gz").write_bytes(gzip.compress(b"{}"))
    assert "other bytes" in next(one.reason or "" for one in replay().sources if one.source == "fred")


def test_a_journal_holds_addresses_but_no_key(gather: Gather, services: LocalServices, downloads: Path) -> None:
    gather()
    (journal,) = (downloads / "runs").iterdir()
    text = journal.read_text(encoding="utf-8")
    given = json.loads(text.splitlines()[0])
    assert given["settings"]["fred_url"] == services.fred_url
    assert services.fred.key not in text


def test_offline_leaves_no_journal(gather: Gather, downloads: Path) -> None:
    gather(offline=True)
    assert not downloads.exists()


def live_through(gather: Gather, services: LocalServices, days: int, changing: set[int]) -> Gathered:
    gathered: Gathered | None = None
    for passed in range(days):
        if passed in changing:
            services.fiscaldata.debt["2026-09-10"][FIELD] = f"{40_000_000_000_000 + passed}.00"
        gathered = gather(gathered, day=TODAY + timedelta(days=passed))
    assert gathered is not None
    return gathered


def test_sixty_days_stay_small_and_the_replay_the_same(
    gather: Gather, replay: Replay, services: LocalServices, downloads: Path
) -> None:
    changing = {0, 2, 5, 41}
    last = live_through(gather, services, 60, changing)
    assert replay().observations.equals(last.observations)
    oldest = datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=UTC) + timedelta(days=59 - KEEP_DAYS)
    kept = {(run.given.now.date() - TODAY).days for run in read_runs(downloads) if run.given.now < oldest}
    assert kept == {0, 2, 5}
    assert len(list(read_runs(downloads))) == len(kept) + KEEP_DAYS + 1


def test_of_an_old_run_only_the_sources_that_changed_a_figure_are_kept(
    gather: Gather, services: LocalServices, downloads: Path
) -> None:
    live_through(gather, services, KEEP_DAYS + 5, {2})
    third = next(run for run in read_runs(downloads) if run.given.now.date() == date(2026, 11, 24))
    assert {answer.source for answer in third.answers} == {"treasury"}
    named = {(answer.source, answer.sha256) for run in read_runs(downloads) for answer in run.answers}
    bodies = {(path.parent.name, path.name.removesuffix(".gz")) for path in downloads.glob("*/*.gz")}
    assert bodies == named


def test_unchanged_days_cost_next_to_nothing(gather: Gather, services: LocalServices, downloads: Path) -> None:
    first = gather()
    at_first = size_of(downloads)
    live_through(gather, services, 1, set())
    again = gather(first, day=TOMORROW)
    assert again.observations.equals(first.observations)
    assert size_of(downloads) - at_first < 20_000
