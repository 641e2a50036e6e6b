"""Runs the refresh job in this process, recorded where Dagster's UI reads it. What the job does stands in assets/."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterEventType

from pipelines.definitions import defs
from pipelines.orchestration.after_refresh import conclude
from pipelines.orchestration.failures import describe_failure
from pipelines.orchestration.record import open_instance, plain_about_the_record

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

    run_id = str(uuid.uuid4())
    mark = _mark_process(str(os.getpid()))
    with plain_about_the_record(data_folder), open_instance(data_folder) as instance:
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
