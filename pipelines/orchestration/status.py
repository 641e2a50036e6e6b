"""How things stand: the last refresh, the age of each source, articles not read yet, checks that fail."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg

from pipelines.errors import HeduiError
from pipelines.orchestration.failures import describe_failure
from pipelines.orchestration.freshness import read_freshness
from pipelines.orchestration.record import open_instance
from pipelines.places import SQL
from pipelines.reading.articles import find_articles
from pipelines.warehouse.queries import ask, read_questions
from pipelines.warehouse.store import Warehouse

# A daily refresh that is later than this was missed.
REFRESHED_WITHIN = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: how the last refresh fared with it and how old its newest figure is.

    Attributes:
        source: the provider.
        state: live, snapshot, failed or skipped.
        reason: why, if there is something to say.
        newest_period_end: last day of the newest period that it measures.
        age_days: days since then.
        is_stale: whether that is more than seeds/freshness.csv allows.
    """

    source: str
    state: str
    reason: str | None
    newest_period_end: date | None
    age_days: int | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class FailingCheck:
    """A query of sql/checks that returns rows: its name, its severity (error or warn), how many rows."""

    name: str
    severity: str
    rows: int


@dataclass(frozen=True, slots=True)
class Status:
    """All of it.

    Attributes:
        refreshed_at: when the published warehouse was made.
        is_late: whether that is longer ago than `REFRESHED_WITHIN`.
        last_failure: why the newest run failed; None if it did not.
        sources: one entry a source.
        unread_articles: files that are new or changed since they were read.
        failing_checks: what does not hold in the published warehouse.
    """

    refreshed_at: datetime
    is_late: bool
    last_failure: str | None
    sources: tuple[SourceStatus, ...]
    unread_articles: tuple[str, ...]
    failing_checks: tuple[FailingCheck, ...]

    @property
    def needs_a_look(self) -> list[str]:
        """What an operator should look at, a sentence each; empty if all is well."""
        found = []
        if self.last_failure:
            found.append(f"the last refresh failed: {self.last_failure}")
        if self.is_late:
            found.append(f"no refresh since {self.refreshed_at:%Y-%m-%d %H:%M} UTC; is the daemon or cron running?")
        found += [f"{one.source} was asked in vain: {one.reason}" for one in self.sources if one.state == "failed"]
        found += [
            f"the newest figure of {one.source} is {one.age_days} days old ({one.newest_period_end})"
            for one in self.sources
            if one.is_stale
        ]
        found += [
            f"check {one.name} fails with {one.rows} rows" for one in self.failing_checks if one.severity == "error"
        ]
        return found


def read_status(data_folder: Path, article_paths: list[Path], now: datetime) -> Status:
    """Look at the published warehouse, the article files and Dagster's record; nothing is changed.

    Args:
        data_folder: where they stand.
        article_paths: files and folders that a refresh reads.
        now: the current instant with its time zone.

    Raises:
        WarehouseError: there is no published warehouse yet.
        HeduiError: a seed file is broken.
    """
    allowances = read_freshness()
    with Warehouse(data_folder).open_published() as published:
        ((refreshed_at,),) = published.execute("SELECT max(finished_at) FROM refreshes").fetchall()
        sources = []
        for source, state, reason, newest in published.execute(
            "SELECT source, state, reason, newest_period_end FROM sources ORDER BY ALL"
        ).fetchall():
            age = (now.date() - newest).days if newest else None
            allowed = allowances.get(source)
            is_stale = allowed is not None and age is not None and age > allowed.stale_after_days
            sources.append(SourceStatus(source, state, reason, newest, age, is_stale))
        known = {sha256 for (sha256,) in published.execute("SELECT sha256 FROM articles").fetchall()}
        refused = {path for (path,) in published.execute("SELECT path FROM rejected_articles").fetchall()}
        failing = []
        for question in read_questions(SQL / "checks"):
            _, rows = ask(published, question.text)
            if rows:
                failing.append(FailingCheck(question.name, question.settings.get("severity", "error"), len(rows)))
    return Status(
        refreshed_at=refreshed_at,
        is_late=now - refreshed_at > REFRESHED_WITHIN,
        last_failure=_read_last_failure(data_folder),
        sources=tuple(sources),
        unread_articles=tuple(_list_unread(article_paths, known, refused)),
        failing_checks=tuple(failing),
    )


def _list_unread(article_paths: list[Path], known: set[str], refused: set[str]) -> list[str]:
    try:
        files = [path for path, _ in find_articles(article_paths)]
    except HeduiError:
        return []
    return [
        str(path)
        for path in files
        if not any(str(path).endswith(name) for name in refused)
        and hashlib.sha256(path.read_bytes()).hexdigest() not in known
    ]


def _read_last_failure(data_folder: Path) -> str | None:
    """Why the newest run failed; None if it succeeded or is still going on."""
    if not (data_folder / "dagster").exists():
        return None
    with open_instance(data_folder) as instance:
        runs = instance.get_runs(limit=1)
        if not runs or runs[0].status is not dg.DagsterRunStatus.FAILURE:
            return None
        entries = instance.all_logs(
            runs[0].run_id, of_type={dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
        )
        told = [
            describe_failure(entry.dagster_event) or entry.dagster_event.message
            for entry in entries
            if entry.dagster_event
        ]
        return (told[0] if told else None) or "its log in the UI says why"
