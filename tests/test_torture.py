"""A refresh is killed, starved, locked out and misled; what is published stays whole and the next refresh recovers by itself."""

import fcntl
import itertools
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import time_machine

from pipelines.orchestration.alerts import FILE as ALERTS
from pipelines.orchestration.record import open_instance
from pipelines.orchestration.runs import run_refresh
from pipelines.places import ROOT, SQL
from pipelines.warehouse.queries import read_questions
from tests.conftest import hedui
from tests.official.local_services import LocalServices

pytestmark = pytest.mark.slow

# In each of two turns; `make torture` takes 100, which is ten minutes.
KILLS = int(os.environ.get("HEDUI_KILLS", "25"))
# What Debt to the Penny says of its newest day, in turns; the article's 36.1 trillion is true of the first only.
TRUE, FALSE = "36100000000000.00", "30000000000000.00"
# A warehouse is whole if what the newest refresh counted is what is there.
WHOLE = """
SELECT r.claims = (SELECT count(*) FROM claims) AND r.claims = (SELECT count(*) FROM verdicts)
    AND r.observations = (SELECT count(*) FROM observations) AND r.articles = (SELECT count(*) FROM articles)
    AND r.supported = (SELECT count(*) FROM verdicts WHERE verdict_today = 'supported'),
    (SELECT any_value(verdict_today) FROM claim_checks WHERE metric = 'federal_debt')
FROM refreshes r ORDER BY finished_at DESC LIMIT 1
"""


@dataclass
class Readers:
    """Opens the published file over and over in a thread, as analysts do."""

    path: Path
    opens: int = 0
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def reading(self) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._read, args=[ended])
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _read(self, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                is_whole, _ = look(self.path)
                if not is_whole:
                    self.problems.append("a refresh that is not whole")
            except duckdb.Error as error:
                self.problems.append(str(error))
            self.opens += 1
            time.sleep(0.01)


def look(path: Path) -> tuple[bool, str]:
    # In one process DuckDB shares an open file, so that a private copy of the handle is the only way to see a newer one.
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
        connection.execute("USE published")
        ((is_whole, verdict),) = connection.execute(WHOLE).fetchall()
        return bool(is_whole), str(verdict)


def refresh_here(data: str, articles: str, addresses: dict[str, str]) -> None:
    """What a process that is to be killed does; the server it is forked from keeps the environment of its own start."""
    os.environ.update(addresses)
    run_refresh(data_folder=Path(data), articles=[Path(articles)], offline=False, on_step=lambda _: None)


def write_article(folder: Path, day: date) -> Path:
    """An article of the week after that day on what the debt was then."""
    folder.mkdir()
    text = f"截至{day.year}年{day.month}月{day.day}日，美国国债总额为36.1万亿美元。\n"
    (folder / "debt.txt").write_text(text, encoding="utf-8")
    (folder / "articles.csv").write_text(f"article,published_on\ndebt,{day + timedelta(days=5)}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("turn", [1, 2])
def test_kills_lose_nothing_double_nothing_and_show_no_reader_half_a_refresh(turn, tmp_path):
    data, moments = tmp_path / "data", random.Random(turn)
    with LocalServices() as services:
        services.keep_only(debt_days=500)
        addresses = {
            f"HEDUI_{name}_URL": "http://127.0.0.1:1" for name in ("FRED", "FREDGRAPH", "ALFRED", "CBO", "SEC")
        } | {"HEDUI_FISCALDATA_URL": services.fiscaldata_url}
        newest = max(services.fiscaldata.debt)
        amounts, article = (
            services.fiscaldata.debt[newest],
            write_article(tmp_path / "articles", date.fromisoformat(newest)),
        )
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.test_torture"])

        def start(value: str) -> Any:
            amounts["tot_pub_debt_out_amt"] = value
            process = context.Process(target=refresh_here, args=(str(data), str(article), addresses))
            process.start()
            return process

        def finish(value: str) -> float:
            began, process = time.monotonic(), start(value)
            process.join()
            assert process.exitcode == 0
            verdicts.append(look(published)[1])
            return time.monotonic() - began

        published, completed = data / "warehouse.duckdb", 0
        verdicts: list[str] = []
        finish(TRUE)
        seconds = max(finish(FALSE), finish(TRUE))
        assert verdicts == ["supported", "refuted", "supported"]
        readers = Readers(published)
        with readers.reading():
            for number in range(KILLS):
                process = start(FALSE if number % 2 else TRUE)
                process.join(moments.uniform(0, 1.1 * seconds))
                completed += process.exitcode is not None
                process.kill()
                process.join()
                verdicts.append(look(published)[1])
            assert finish(TRUE) < 10 * seconds
        with duckdb.connect(str(published), read_only=True) as connection:
            changes = connection.execute(
                "SELECT c.old_verdict, c.new_verdict FROM verdict_changes c JOIN refreshes r USING (refresh_id) "
                "WHERE basis = 'today' ORDER BY r.started_at"
            ).fetchall()
        print(
            f"{KILLS} kills ({completed} came too late), {readers.opens} opens by readers, {len(readers.problems)} errors, {len(changes)} verdict changes"
        )
    assert verdicts[-1] == "supported"
    assert changes == [(old, new) for old, new in itertools.pairwise(verdicts) if old != new]
    assert readers.problems == []
    assert readers.opens > KILLS
    assert completed < KILLS
    assert changes
    assert [path.name for path in data.rglob("*.building*")] == []
    assert len(list(data.glob("*"))) < 20
    with open_instance(data) as instance:
        ended = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
        assert {run.status for run in instance.get_runs()} <= ended
    ids = [
        line.split('"alert_id": "')[1].split('"')[0]
        for line in (data / ALERTS).read_text(encoding="utf-8").splitlines()
    ]
    assert len(ids) == len(set(ids))


def test_two_refreshes_take_turns(article_folder, tmp_path):
    command = [sys.executable, "-m", "pipelines.cli", "refresh", "--offline", "--quiet"]
    command += ["--articles", str(article_folder), "--data-dir", str(tmp_path / "data")]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [refresh.wait(300) for refresh in both] == [0, 0]
    with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM refreshes").fetchall() == [(2,)]


def test_a_lock_held_by_someone_else_is_waited_for_and_told(article_folder, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with (data / "work.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        command = [sys.executable, "-m", "pipelines.cli", "refresh", "--offline", "--quiet"]
        command += ["--articles", str(article_folder), "--data-dir", str(data)]
        refresh = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert refresh.stderr is not None
        assert "4711" in refresh.stderr.readline()
        assert refresh.poll() is None
    assert refresh.wait(300) == 0
    refresh.stderr.close()


needs_namespaces = pytest.mark.skipif(
    subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode != 0
    if shutil.which("unshare")
    else True,
    reason="this machine lets nobody make a mount of his own",
)


def refresh_within(mounts: str, data: Path, articles: Path) -> subprocess.CompletedProcess[str]:
    """Run a refresh where the shell commands `mounts` have changed what the data folder ($1) stands on."""
    refresh = '"$3" -m pipelines.cli refresh --offline --quiet --articles "$2" --data-dir "$1"'
    script = f'{mounts}\n{refresh}; code=$?; cp "$1"/*.duckdb "$4" 2>/dev/null; exit $code'
    kept = data.with_name("kept")
    kept.mkdir()
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(data), str(articles), sys.executable, str(kept)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@needs_namespaces
@pytest.mark.parametrize("room", ["14m", "24m", "34m"])
def test_a_full_disk_fails_with_its_cause_and_leaves_what_was_published(article_folder, tmp_path, room):
    whole = tmp_path / "whole"
    assert hedui("refresh", "--offline", "--quiet", "--articles", article_folder, "--data-dir", whole).returncode == 0
    (article_folder / "debt.txt").write_text("美国国债总额约为36万亿美元。", encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    published = whole / "warehouse.duckdb"
    mounts = f'mount -t tmpfs -o size={room} tmpfs "$1" && cp "{published}" "$1"/'
    done = refresh_within(mounts, data, article_folder)
    assert done.returncode == 1, done.stderr
    # Dagster, whose own record cannot be written either, adds what it has to say; ours comes last.
    *_, said = [line for line in done.stderr.splitlines() if line.startswith(("hedui:", "The refresh failed"))]
    assert "No space left" in done.stderr or "disk is full" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert "as it was" in said or "Make room" in said, done.stderr
    assert (tmp_path / "kept" / "warehouse.duckdb").read_bytes() == published.read_bytes()


@needs_namespaces
def test_a_read_only_data_folder_is_told_plainly(article_folder, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    done = refresh_within('mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', data, article_folder)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_clock_that_jumps_breaks_no_rule(article_folder, tmp_path):
    data, now = tmp_path / "data", datetime.now(UTC)
    for jump in (timedelta(), timedelta(days=-300), timedelta(days=400), timedelta(hours=-1)):
        (article_folder / "debt.txt").write_text(f"美国国债总额约为{36 + jump.days % 7}万亿美元。", encoding="utf-8")
        with time_machine.travel(now + jump):
            outcome = run_refresh(data_folder=data, articles=[article_folder], offline=True, on_step=lambda _: None)
        assert outcome.failures == ()
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        broken = {
            check.name: connection.execute(check.text).fetchall()
            for check in read_questions(SQL / "checks")
            if check.settings.get("severity") != "warn"
        }
    assert {name: rows for name, rows in broken.items() if rows} == {}


def test_a_run_left_started_by_a_machine_that_went_down_is_ended_by_the_next_refresh(article_folder, tmp_path):
    data = tmp_path / "data"
    command = [sys.executable, "-m", "pipelines.cli", "refresh", "--offline", "--quiet"]
    command += ["--articles", str(article_folder), "--data-dir", str(data)]
    refresh = subprocess.Popen(command, cwd=ROOT)
    history = data / "dagster" / "history" / "runs"
    while refresh.poll() is None and len(list(history.glob("*-*.db"))) == 0:
        time.sleep(0.05)
    refresh.kill()
    refresh.wait()
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    with open_instance(data) as instance:
        statuses = sorted(run.status.value for run in instance.get_runs())
    assert statuses == ["FAILURE", "SUCCESS"]
    assert "ended without a word" in (data / ALERTS).read_text(encoding="utf-8")
