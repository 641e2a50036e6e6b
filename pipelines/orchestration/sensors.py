"""What the daemon does of itself between the daily refreshes: it reads new articles, and tells what became of a run."""

import hashlib
import time
from collections.abc import Iterator

import dagster as dg

from pipelines.errors import HeduiError
from pipelines.orchestration.after_refresh import conclude
from pipelines.orchestration.failures import describe_failure
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.schedules import refresh_job
from pipelines.places import default_data_folder
from pipelines.reading.articles import find_articles

# A file that was written to just now may not be whole yet.
SETTLED_SECONDS = 10.0


@dg.sensor(
    job=refresh_job,
    name="new_articles",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Refreshes when article files were added, changed or removed; what stood there when it first looked counts as known.",
)
def new_articles(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Compare the names, sizes and times of the article files with those of the last look."""
    seen = hashlib.sha256()
    newest, count = 0.0, 0
    try:
        for path, given in find_articles(RefreshResource().article_paths):
            stat = path.stat()
            seen.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{given}\n".encode("utf-8", "surrogatepass"))
            newest, count = max(newest, stat.st_mtime), count + 1
    except (HeduiError, OSError) as error:
        yield dg.SkipReason(f"the article files cannot be listed: {error}")
        return
    now, before = seen.hexdigest(), context.cursor
    if before == now:
        yield dg.SkipReason(f"nothing new among {count} article files")
    elif 0 <= time.time() - newest < SETTLED_SECONDS:  # a time to come is a wrong clock, not a file in the making
        yield dg.SkipReason("a file was written to just now; waiting until it is whole")
    else:
        context.update_cursor(now)
        if before is None:
            yield dg.SkipReason(f"watching {count} article files from now on")
        else:
            yield dg.RunRequest(run_key=now)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="tell_of_refresh",
    monitored_jobs=[refresh_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises the alerts of a refresh that was published: sources that failed or are stale, verdicts that changed.",
)
def tell_of_refresh(context: dg.RunStatusSensorContext) -> None:
    """See `after_refresh.conclude`."""
    conclude(context.instance, default_data_folder(), context.dagster_run.run_id)


@dg.run_failure_sensor(
    name="tell_of_failure",
    monitored_jobs=[refresh_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises an alert for a refresh that failed.",
)
def tell_of_failure(context: dg.RunFailureSensorContext) -> None:
    """See `after_refresh.conclude`."""
    steps = [describe_failure(event) for event in context.get_step_failure_events()]
    reasons = [reason for reason in steps if reason] or [context.failure_event.message or "its log in the UI says why"]
    conclude(context.instance, default_data_folder(), context.dagster_run.run_id, dict.fromkeys(reasons))
