import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from pipelines.orchestration.decision_log import FILE, log_decision
from pipelines.orchestration.freshness import read_freshness
from pipelines.orchestration.runs import run_refresh
from pipelines.orchestration.status import FailingCheck, SourceStatus, Status, read_status
from pipelines.places import ROOT, SEEDS
from tests.conftest import hedui

FRESH = SourceStatus("treasury", "live", None, datetime(2026, 11, 20, tzinfo=UTC).date(), 2, is_stale=False)
WELL = Status(datetime(2026, 11, 22, tzinfo=UTC), False, None, (FRESH,), (), ())


def test_nothing_needs_a_look_when_all_is_well():
    warned = Status(WELL.refreshed_at, False, None, (FRESH,), ("new.txt",), (FailingCheck("a", "warn", 3),))
    assert WELL.needs_a_look == warned.needs_a_look == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status(WELL.refreshed_at, True, None, (), (), ()), "no refresh since 2026-11-22"),
        (Status(WELL.refreshed_at, False, "the disk is full", (), (), ()), "the disk is full"),
        (Status(WELL.refreshed_at, False, None, (SourceStatus("fred", "failed", "status 503", None, None, False),), (), ()), "status 503"),
        (Status(WELL.refreshed_at, False, None, (SourceStatus("fred", "live", None, FRESH.newest_period_end, 30, True),), (), ()), "30 days"),
        (Status(WELL.refreshed_at, False, None, (), (), (FailingCheck("quotes", "error", 2),)), "check quotes fails with 2 rows"),
    ],
)  # fmt: skip
def test_what_needs_a_look_is_said(status, told):
    (sentence,) = status.needs_a_look
    assert told in sentence


def test_every_source_of_the_catalogue_has_an_allowance(published):
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as warehouse:
        sources = {source for (source,) in warehouse.execute("SELECT source FROM sources").fetchall()}
    assert sources == set(read_freshness())


def test_an_unread_article_is_listed_until_it_is_read(tmp_path, article_folder):
    options = ("--articles", article_folder, "--data-dir", tmp_path / "d")
    assert hedui("refresh", "--offline", "--quiet", *options).returncode == 0
    new = article_folder / "new.txt"
    new.write_text("美国失业率为4.1%。", encoding="utf-8")
    now = datetime.now(UTC)
    assert read_status(tmp_path / "d", [article_folder], now).unread_articles == (str(new),)
    assert hedui("refresh", "--offline", "--quiet", *options).returncode == 0
    status = read_status(tmp_path / "d", [article_folder], now)
    assert status.unread_articles == ()
    assert not status.is_late
    assert read_status(tmp_path / "d", [article_folder], now + timedelta(hours=30)).is_late


def test_a_failed_refresh_shows_until_one_succeeds(tmp_path, article_folder):
    def refresh() -> None:
        run_refresh(data_folder=tmp_path / "d", articles=[article_folder], offline=True, on_step=lambda _: None)

    refresh()
    details = (article_folder / "articles.csv").read_text(encoding="utf-8")
    (article_folder / "articles.csv").write_text("article,published_on\ndebt,someday\n", encoding="utf-8")
    refresh()
    assert "someday" in (read_status(tmp_path / "d", [article_folder], datetime.now(UTC)).last_failure or "")
    (article_folder / "articles.csv").write_text(details, encoding="utf-8")
    refresh()
    assert read_status(tmp_path / "d", [article_folder], datetime.now(UTC)).last_failure is None


def test_the_command_tells_monitoring_by_its_exit_code(published, tmp_path):
    done = hedui("status", "--format", "json", "--data-dir", published)
    told = json.loads(done.stdout)
    assert (done.returncode, bool(told["needs_a_look"])) == (1, True)
    assert {source["source"] for source in told["sources"]} == set(read_freshness())
    assert hedui("status", "--data-dir", tmp_path).returncode == 1


def test_the_log_has_a_line_for_each_table_written_and_for_the_publication(published):
    lines = [json.loads(line) for line in (published / FILE).read_text(encoding="utf-8").splitlines()]
    assert {line["table"] for line in lines if line["event"] == "table_written"} >= {"articles", "claims", "verdicts"}
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as warehouse:
        ids = warehouse.execute("SELECT refresh_id FROM refreshes ORDER BY ALL").fetchall()
    assert sorted((line["refresh_id"],) for line in lines if line["event"] == "published") == ids


def test_no_text_forges_a_line_of_the_log(tmp_path):
    log_decision(tmp_path, "table_written", table='x\n{"event": "published"}')
    log_decision(tmp_path, "table_written", table="lone \ud800 surrogate")
    lines = [json.loads(line)["event"] for line in (tmp_path / FILE).read_text(encoding="utf-8").splitlines()]
    assert lines == ["table_written"] * 2


def test_the_record_of_a_refresh_says_how_long_its_steps_took(published):
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as warehouse:
        ((written,),) = warehouse.execute("SELECT step_seconds FROM refreshes ORDER BY started_at LIMIT 1").fetchall()
    seconds = json.loads(written)
    assert seconds["build_verdicts"] > 0
    assert sum(seconds.values()) < 600


def test_the_freshness_file_is_checked_when_it_is_read(tmp_path):
    broken = tmp_path / "freshness.csv"
    broken.write_text((SEEDS / "freshness.csv").read_text(encoding="utf-8").replace("550", "soon"), encoding="utf-8")
    code = f"from pathlib import Path; from pipelines.orchestration.freshness import read_freshness; read_freshness(Path({str(broken)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "line 4: write each source once, with a whole number of days" in done.stderr
