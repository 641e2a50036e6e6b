import random
import subprocess
import sys
import time

import dagster as dg
import duckdb
import pytest

from pipelines.orchestration.runs import open_instance
from pipelines.places import ROOT
from tests.conftest import hedui

pytestmark = pytest.mark.slow


def test_kill_9_at_any_moment_leaves_the_published_warehouse_whole(article_folder, tmp_path):
    data = tmp_path / "data"
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "refresh",
        "--offline",
        "--quiet",
        "--articles",
        str(article_folder),
        "--data-dir",
        str(data),
    ]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    moments = random.Random(7)
    for round_ in range(12):
        (article_folder / "debt.txt").write_text(f"美国国债总额已突破{30 + round_}万亿美元。", encoding="utf-8")
        refresh = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(1.0, 5.0))
        refresh.kill()
        refresh.wait()
        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM claim_checks").fetchall()[0][0] >= 1
            assert connection.execute("SELECT count(*) FROM claims ANTI JOIN verdicts USING (claim_id)").fetchall() == [
                (0,)
            ]
    recovered = hedui("refresh", "--offline", "--articles", article_folder, "--data-dir", data)
    assert recovered.returncode == 0, recovered.stderr
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT quote FROM claims").fetchall() == [("41万亿美元",)]
    assert [path.name for path in data.glob("*.building*")] == []
    with open_instance(data) as instance:
        ended = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
        assert {run.status for run in instance.get_runs()} <= ended


def test_readers_never_wait_while_a_refresh_runs(article_folder, tmp_path):
    data = tmp_path / "data"
    arguments = ("refresh", "--offline", "--quiet", "--articles", str(article_folder), "--data-dir", str(data))
    assert hedui(*arguments).returncode == 0
    (article_folder / "debt.txt").write_text("美国国债总额约为36万亿美元。", encoding="utf-8")
    refresh = subprocess.Popen([sys.executable, "-m", "pipelines.cli", *arguments], cwd=ROOT)
    opens = 0
    while refresh.poll() is None:
        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM claims ANTI JOIN verdicts USING (claim_id)").fetchall() == [
                (0,)
            ]
        opens += 1
    assert refresh.returncode == 0
    assert opens > 10


def test_two_refreshes_take_turns(article_folder, tmp_path):
    command = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "refresh",
        "--offline",
        "--quiet",
        "--articles",
        str(article_folder),
        "--data-dir",
        str(tmp_path / "data"),
    ]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [refresh.wait(120) for refresh in both] == [0, 0]
    with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM refreshes").fetchall() == [(2,)]
