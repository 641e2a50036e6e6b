"""What is done when a refresh has ended, by whichever way it was started: alerts are raised, old runs are let go."""

import shutil
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import dagster as dg

from pipelines.orchestration.alerts import Alert, alert_of_failure, alerts_of_refresh, raise_alerts
from pipelines.orchestration.decision_log import log_decision

RUNS_KEPT = timedelta(days=90)
FEWEST_RUNS_KEPT = 30
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def conclude(instance: dg.DagsterInstance, data_folder: Path, run_id: str, failures: Iterable[str] = ()) -> list[Alert]:
    """Raise the alerts of an ended refresh and delete Dagster's record of runs older than `RUNS_KEPT`.

    Safe to be called twice for one run, as happens where the command ran it and the daemon saw it.

    Args:
        instance: Dagster's record.
        data_folder: where the warehouse stands.
        run_id: the run, which is the refresh_id.
        failures: why it failed; empty where it succeeded.

    Returns:
        The alerts that were new.
    """
    reasons = list(failures)
    alerts = [alert_of_failure(run_id, "; ".join(reasons))] if reasons else alerts_of_refresh(data_folder, run_id)
    forget_old_runs(instance, data_folder)
    raised = raise_alerts(data_folder, alerts)
    for alert in raised:
        log_decision(data_folder, "alert_raised", refresh_id=run_id, kind=alert.kind, message=alert.message)
    return raised


def forget_old_runs(instance: dg.DagsterInstance, data_folder: Path) -> int:
    """Delete the runs that ended more than `RUNS_KEPT` ago with their logs, but for the newest `FEWEST_RUNS_KEPT`; Dagster itself never does.

    Returns:
        How many were deleted.
    """
    before = time.time() - RUNS_KEPT.total_seconds()
    records = instance.get_run_records(
        filters=dg.RunsFilter(statuses=_ENDED), order_by="create_timestamp", ascending=False
    )
    old = [record for record in records[FEWEST_RUNS_KEPT:] if record.create_timestamp.timestamp() < before]
    for record in old:
        run_id = record.dagster_run.run_id
        instance.delete_run(run_id)
        home = data_folder / "dagster"
        shutil.rmtree(home / "logs" / run_id, ignore_errors=True)
        for leftover in (home / "history" / "runs").glob(f"{run_id}.db*"):
            leftover.unlink(missing_ok=True)
    return len(old)
