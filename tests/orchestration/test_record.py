import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration.record import open_instance, place_settings
from pipelines.places import ROOT


@dg.asset
def first() -> None: ...


@dg.asset(deps=[first], check_specs=[dg.AssetCheckSpec("holds", asset="second")])
def second():
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True, check_name="holds")])


def run_both(instance: dg.DagsterInstance) -> str:
    result = dg.materialize([first, second], instance=instance)
    assert result.success
    return result.run_id


def test_what_a_refresh_records_is_read_by_the_classes_of_dagster_that_the_ui_uses(tmp_path):
    with open_instance(tmp_path) as instance:
        run_id = run_both(instance)
        written = [entry.dagster_event_type for entry in instance.all_logs(run_id)]
    with dg.DagsterInstance.from_config(str(place_settings(tmp_path))) as instance:
        assert instance.get_runs()[0].status is dg.DagsterRunStatus.SUCCESS
        assert [entry.dagster_event_type for entry in instance.all_logs(run_id)] == written
        assert instance.get_latest_materialization_event(dg.AssetKey("second")) is not None


def test_the_record_that_a_ui_made_is_gone_on_with(tmp_path):
    with dg.DagsterInstance.from_config(str(place_settings(tmp_path))) as instance:
        before = run_both(instance)
    with open_instance(tmp_path) as instance:
        after = run_both(instance)
        assert {run.run_id for run in instance.get_runs()} == {before, after}


def test_a_run_keeps_the_files_of_the_record_open_and_closes_them_at_the_end(tmp_path, monkeypatch):
    with open_instance(tmp_path) as instance:
        run_both(instance)  # makes the files
    opened: list[str] = []
    connect = sqlite3.connect

    def count(database: str, *arguments: object, **settings: object) -> sqlite3.Connection:
        opened.append(Path(database).name)
        connection: sqlite3.Connection = connect(database, *arguments, **settings)  # type: ignore[call-overload]  # passed on as it came
        return connection

    monkeypatch.setattr(sqlite3.dbapi2, "connect", count)
    with open_instance(tmp_path) as instance:
        run_id = run_both(instance)
        assert len(instance.all_logs(run_id)) > 15
    # A handful while Dagster looks whether its tables are there; without files kept open it is several times an event.
    assert max(Counter(opened).values()) < 10
    assert (tmp_path / "dagster" / "history" / "runs" / f"{run_id}.db").exists()
    assert list((tmp_path / "dagster" / "history").rglob("*-wal")) == []


@pytest.mark.parametrize("door", ["pipelines.cli", "pipelines.orchestration.runs"])
def test_a_refresh_starts_without_the_network_and_what_only_tests_need(door):
    code = f"import sys, {door}; print(sorted(set(sys.modules) & {{'requests', 'urllib3', 'pandas', 'hypothesis', 'pytest'}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
