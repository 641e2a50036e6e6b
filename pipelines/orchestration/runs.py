"""Runs the refresh job in this process, recorded where Dagster's UI reads it. What the job does stands in assets/."""

import contextlib
import fcntl
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster import DagsterEventType
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from pipelines.definitions import defs
from pipelines.errors import WarehouseError
from pipelines.orchestration.after_refresh import conclude
from pipelines.orchestration.failures import describe_failure
from pipelines.places import ROOT

_PROCESS_TAG = "hedui/process"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a running refresh has just done.

    Attributes:
        name: the asset or check.
        state: built, unchanged, warned or failed.
        detail: what it says about itself; may be empty.
    """

    name: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a refresh ended.

    Attributes:
        run_id: Dagster's id of the run, and the refresh_id in the warehouse.
        failures: one sentence a failed step; empty when it succeeded.
    """

    run_id: str
    failures: tuple[str, ...]


def place_settings(data_folder: Path) -> Path:
    """Write dagster.yaml into the data folder with everything that Dagster writes placed there too.

    Returns:
        The folder that holds it: Dagster's home.
    """
    home = data_folder / "dagster"
    settings: dict[str, Any] = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    settings["storage"]["sqlite"]["base_dir"] = str(home)
    settings["compute_logs"]["config"]["base_dir"] = str(home / "logs")
    settings["local_artifact_storage"]["config"]["base_dir"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    written = home / "dagster.yaml"
    text = yaml.safe_dump(settings)
    if not written.exists() or written.read_text(encoding="utf-8") != text:
        written.write_text(text, encoding="utf-8")
    return home


@contextlib.contextmanager
def open_instance(data_folder: Path) -> Iterator[dg.DagsterInstance]:
    """Dagster's record of runs in the data folder, made if there is none yet.

    Raises:
        WarehouseError: the folder cannot be written.
    """
    try:
        home = place_settings(data_folder)
        lock = (data_folder / "dagster.lock").open("w")
    except OSError as error:
        raise WarehouseError(
            f"the data folder {data_folder} cannot be written: {error}. Choose another with --data-dir"
        ) from error
    with lock:
        # Dagster's SQLite tables are not safe to be created by two processes at once; a store broken that way stays broken.
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not (home / "history").exists()
        instance = dg.DagsterInstance.from_config(str(home))
        if is_new:
            instance.get_runs_count()
            instance.all_asset_keys()
            instance.all_instigator_state()
    with instance:
        yield instance


def _mark_process(process: str) -> str | None:
    """Number and start of a running process, so that a number given again is told apart; None if it does not run or nothing tells."""
    try:
        started = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
    return f"{process}:{started}"


def _end_runs_of_dead_processes(instance: dg.DagsterInstance, data_folder: Path) -> None:
    """A killed refresh cannot say that it ended; say it for it, so that the UI does not show it running for ever."""
    unfinished = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=unfinished)):
        mark = run.tags.get(_PROCESS_TAG)
        if mark and mark != _mark_process(mark.partition(":")[0]):
            message = f"the process {mark} of this refresh ended without a word (killed, or the machine went down)"
            instance.report_run_failed(run, message=message)
            conclude(instance, data_folder, run.run_id, [message])


@sqlalchemy_event.listens_for(Engine, "connect")
def _write_without_waiting(connection: Any, _: Any) -> None:
    """Spare a wait for the disk at every event: Dagster commits each one alone.

    In SQLite's write-ahead mode NORMAL loses at most the last events of a machine that loses power, and never the file
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")


@contextlib.contextmanager
def _kept_open() -> Iterator[Callable[[Path], None]]:
    """Keeps SQLite files open: Dagster opens and closes its own for every event, and each last close writes the log back to the disk."""
    with contextlib.ExitStack() as opened:
        kept: set[Path] = set()

        def keep(path: Path) -> None:
            if path not in kept and path.exists():
                kept.add(path)
                connection = opened.enter_context(contextlib.closing(sqlite3.connect(path)))
                connection.execute("PRAGMA schema_version").fetchall()

        yield keep


@contextlib.contextmanager
def _plain_about_the_record(data_folder: Path) -> Iterator[None]:
    """A full disk reaches Dagster's record of runs first."""
    try:
        yield
    except DBAPIError as error:
        raise WarehouseError(
            f"the record of runs in {data_folder / 'dagster'} cannot be written: {error.orig}. Make room on the disk, then refresh again; "
            "the published warehouse is as it was"
        ) from error


def run_refresh(
    *, data_folder: Path, articles: list[Path], offline: bool, on_step: Callable[[Step], None], replay: bool = False
) -> Outcome:
    """Run the whole job here and now.

    Args:
        data_folder: where everything is written.
        articles: files and folders to read; empty means seeds/articles.
        offline: True leaves the official services out.
        on_step: told of every asset and check as it is done.
        replay: True builds the official figures again from the answers kept under downloads/, and asks nobody.
    """
    config = {
        "data_dir": str(data_folder),
        "articles": [str(path.resolve()) for path in articles],
        "offline": offline,
        "replay": replay,
    }
    failures: list[str] = []

    def listen(entry: Any) -> None:
        event = entry.dagster_event
        keep_open(history / "runs" / f"{run_id}.db")
        if event is None:
            return
        if event.event_type == DagsterEventType.ASSET_MATERIALIZATION:
            materialization = event.step_materialization_data.materialization
            changed = materialization.metadata.get("changed")
            rows = materialization.metadata.get("dagster/row_count")
            state = "unchanged" if changed is not None and changed.value is False else "built"
            on_step(Step(event.asset_key.to_user_string(), state, f"{rows.value:,} rows" if rows else ""))
        elif event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.event_specific_data
            if not check.passed:
                state = "warned" if check.severity == dg.AssetCheckSeverity.WARN else "failed"
                on_step(Step(f"{check.asset_key.to_user_string()}: {check.check_name}", state, check.description or ""))
                if state == "failed":
                    failures.append(
                        f"{check.asset_key.to_user_string()} fails its check {check.check_name}: {check.description or 'see the UI'}"
                    )
        elif event.event_type in (DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE):
            is_told = bool(failures) and event.event_type == DagsterEventType.RUN_FAILURE
            message = "" if is_told else describe_failure(event)
            if message and not any(message in known for known in failures):
                failures.append(message)

    run_id, history = str(uuid.uuid4()), data_folder / "dagster" / "history"
    mark = _mark_process(str(os.getpid()))
    with _plain_about_the_record(data_folder), open_instance(data_folder) as instance, _kept_open() as keep_open:
        keep_open(history / "runs.db")
        keep_open(history / "runs" / "index.db")
        _end_runs_of_dead_processes(instance, data_folder)
        instance.add_event_listener(run_id, listen)
        result = defs.resolve_job_def("refresh").execute_in_process(
            instance=instance,
            run_id=run_id,
            run_config={
                "resources": {"refresh": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            tags={_PROCESS_TAG: mark} if mark else {},
            raise_on_error=False,
        )
        if not result.success and not failures:
            failures.append("the run failed; its log in the UI says why")
        conclude(instance, data_folder, run_id, failures)
    return Outcome(run_id, tuple(failures))
