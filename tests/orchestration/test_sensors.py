import os
import time
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.orchestration import after_refresh, sensors
from pipelines.orchestration.after_refresh import RUNS_KEPT, conclude, forget_old_runs
from pipelines.orchestration.record import open_instance
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.sensors import new_articles


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of articles that the sensor watches, its only file written a minute ago."""
    folder = tmp_path / "watched"
    folder.mkdir()
    write(folder / "a.txt", "美国失业率为4.1%。")
    monkeypatch.setattr(RefreshResource, "article_paths", property(lambda _: [folder]))
    return folder


def write(path: Path, text: str, *, seconds_ago: float = 60.0) -> None:
    path.write_text(text, encoding="utf-8")
    then = time.time() - seconds_ago
    os.utime(path, (then, then))


def look(cursor: str | None) -> tuple[list[Any], str | None]:
    with dg.instance_for_test() as instance:
        context = dg.build_sensor_context(instance=instance, cursor=cursor)
        found: list[Any] = list(new_articles(context))  # type: ignore[arg-type]  # Dagster declares every shape a sensor may have
        return found, context.cursor


def test_the_first_look_only_remembers(watched):
    (told,), cursor = look(None)
    assert isinstance(told, dg.SkipReason)
    assert cursor


def test_nothing_new_asks_for_no_run(watched):
    _, cursor = look(None)
    (told,), again = look(cursor)
    assert isinstance(told, dg.SkipReason)
    assert again == cursor


@pytest.mark.parametrize("change", ["added", "changed", "removed"])
def test_each_change_asks_for_one_run(watched, change):
    write(watched / "b.txt", "美国GDP增长3%。")
    _, cursor = look(None)
    if change == "added":
        write(watched / "c.txt", "美国国债36万亿美元。")
    elif change == "changed":
        write(watched / "a.txt", "美国失业率为4.2%。", seconds_ago=50)
    else:
        (watched / "b.txt").unlink()
    (told,), after = look(cursor)
    assert isinstance(told, dg.RunRequest)
    assert isinstance(look(after)[0][0], dg.SkipReason)


def test_a_file_that_is_being_written_is_waited_for(watched):
    _, cursor = look(None)
    write(watched / "b.txt", "美国GDP", seconds_ago=0)
    (told,), unmoved = look(cursor)
    assert isinstance(told, dg.SkipReason)
    assert unmoved == cursor


def test_a_file_dated_in_the_future_is_not_waited_for(watched):
    _, cursor = look(None)
    write(watched / "b.txt", "美国GDP增长3%。", seconds_ago=-86400)
    (told,), _ = look(cursor)
    assert isinstance(told, dg.RunRequest)


def test_a_folder_that_cannot_be_listed_is_told_and_stops_nothing(watched, monkeypatch):
    monkeypatch.setattr(RefreshResource, "article_paths", property(lambda _: [watched / "gone"]))
    (told,), _ = look("x")
    assert isinstance(told, dg.SkipReason)
    assert "cannot be listed" in (told.skip_message or "")


def test_the_sensors_run_by_default():
    statuses = {one.default_status for one in (sensors.new_articles, sensors.tell_of_refresh, sensors.tell_of_failure)}
    assert statuses == {dg.DefaultSensorStatus.RUNNING}


def test_old_runs_are_forgotten_but_for_the_newest(tmp_path, monkeypatch):
    monkeypatch.setattr(after_refresh, "FEWEST_RUNS_KEPT", 3)  # each takes a while to make

    @dg.job
    def nothing() -> None:
        pass

    with open_instance(tmp_path) as instance:
        runs = [nothing.execute_in_process(instance=instance).run_id for _ in range(5)]
        assert forget_old_runs(instance, tmp_path) == 0
        long_ago = time.time() - RUNS_KEPT.total_seconds() - 3600
        with instance.run_storage.connect() as connection:  # type: ignore[attr-defined]  # Dagster's SQLite storage
            connection.exec_driver_sql(f"UPDATE runs SET create_timestamp = datetime({long_ago}, 'unixepoch')")
        assert forget_old_runs(instance, tmp_path) == 2
        left = {record.dagster_run.run_id for record in instance.get_run_records()}
        assert len(left) == 3
        gone = set(runs) - left
        assert not [path for path in (tmp_path / "dagster" / "history" / "runs").iterdir() if path.stem in gone]


def test_what_the_command_told_the_daemon_does_not_tell_again(tmp_path):
    with open_instance(tmp_path) as instance:
        told = [conclude(instance, tmp_path, "run-1", ["the disk is full"]) for _ in range(2)]
    assert [len(alerts) for alerts in told] == [1, 0]
