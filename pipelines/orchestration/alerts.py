"""Telling an operator what needs a look: a refresh that failed, a source that failed or went stale, a verdict that changed.

Every alert is raised once, however often its occasion is looked at. It is a line in alerts.jsonl of the data folder; where HEDUI_ALERTS is
an address, it is posted there too, and again with the next refresh if the post failed.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.errors import WarehouseError
from pipelines.orchestration.freshness import read_freshness
from pipelines.warehouse.store import Warehouse

VARIABLE = "HEDUI_ALERTS"
FILE = "alerts.jsonl"
_POST_SECONDS = 10
# An alert that could not be passed on for so long is old news; it stays in the file.
_PASSED_ON_WITHIN = timedelta(days=3)

Notify = Callable[[list["Alert"]], str | None]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should know.

    Attributes:
        alert_id: names its occasion; what has the same one is the same alert.
        kind: refresh_failed, source_failed, source_stale or verdict_changed.
        message: what happened, in a sentence.
        raised_at: when it was first seen, ISO 8601.
    """

    alert_id: str
    kind: str
    message: str
    raised_at: str


def alert_of_failure(run_id: str, reason: str) -> Alert:
    """The alert of a refresh that failed; the published warehouse is as it was."""
    return _alert(f"refresh_failed {run_id}", "refresh_failed", f"the refresh {run_id} failed: {reason}")


def alerts_of_refresh(data_folder: Path, run_id: str) -> list[Alert]:
    """What a published refresh gives reason to tell: sources that failed or are stale, verdicts that changed.

    Args:
        data_folder: where the warehouse stands.
        run_id: the refresh; another one published since gives no alerts.
    """
    allowances = read_freshness()
    try:
        published = Warehouse(data_folder).open_published()
    except WarehouseError:
        return []
    with published:
        refreshes = published.execute("SELECT started_at FROM refreshes WHERE refresh_id = ?", [run_id]).fetchall()
        if not refreshes:
            return []
        today = refreshes[0][0].date()
        sources = published.execute(
            "SELECT source, state, reason, newest_period_end FROM sources ORDER BY ALL"
        ).fetchall()
        changes = published.execute(
            "SELECT claim_id, basis, old_verdict, new_verdict, cause, article_id, quote FROM verdict_changes "
            "JOIN claims USING (claim_id) WHERE refresh_id = ? AND old_verdict IS NOT NULL ORDER BY ALL",
            [run_id],
        ).fetchall()
    found = []
    for source, state, reason, newest in sources:
        if state == "failed":
            found.append(
                _alert(f"source_failed {source} {run_id}", "source_failed", f"{source} was asked in vain: {reason}")
            )
        allowed = allowances.get(source)
        if allowed and newest and (today - newest).days > allowed.stale_after_days:
            message = (
                f"the newest figure of {source} is of {newest}, {(today - newest).days} days old; "
                f"more than {allowed.stale_after_days} days are unusual: {allowed.why}"
            )
            found.append(_alert(f"source_stale {source} {newest}", "source_stale", message))
    for claim_id, basis, old, new, cause, article_id, quote in changes:
        message = (
            f"{article_id}: “{quote}” was {old} and is {new} ({basis.replace('_', ' ')}), by {cause.replace('_', ' ')}"
        )
        found.append(_alert(f"verdict_changed {claim_id} {basis} {run_id}", "verdict_changed", message))
    return found


def _alert(alert_id: str, kind: str, message: str) -> Alert:
    return Alert(alert_id, kind, message, datetime.now(UTC).isoformat(timespec="seconds"))


def raise_alerts(data_folder: Path, alerts: Iterable[Alert], notify: Notify | None = None) -> list[Alert]:
    """Write the alerts that are new, and pass on those that nobody was told of yet.

    Args:
        data_folder: holds alerts.jsonl.
        alerts: what there is to tell; what was told before is left out.
        notify: passes alerts on and returns what went wrong, None if nothing did; the default posts to HEDUI_ALERTS, if that is set.

    Returns:
        The alerts that are new.
    """
    notify = notify or _notifier_of_environment()
    data_folder.mkdir(parents=True, exist_ok=True)
    with (data_folder / FILE).open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the command and the daemon may look at the same refresh at once
        file.seek(0)
        lines = [line for line in map(_read_line, file) if line]
        raised = {line["alert_id"]: line for line in lines if "kind" in line}
        passed_on = {line["alert_id"] for line in lines if line.get("passed_on_at")}
        new = [alert for alert in {alert.alert_id: alert for alert in alerts}.values() if alert.alert_id not in raised]
        for alert in new:
            file.write(json.dumps(asdict(alert), ensure_ascii=False) + "\n")
        if notify:
            since = (datetime.now(UTC) - _PASSED_ON_WITHIN).isoformat()
            waiting = [
                *(
                    Alert(**line)
                    for name, line in raised.items()
                    if name not in passed_on and line["raised_at"] > since
                ),
                *new,
            ]
            failure = notify(waiting) if waiting else None
            now = datetime.now(UTC).isoformat(timespec="seconds")
            outcome = {"failed_at": now, "failure": failure} if failure else {"passed_on_at": now}
            for alert in waiting:
                file.write(json.dumps({"alert_id": alert.alert_id} | outcome, ensure_ascii=False) + "\n")
    return new


def _read_line(line: str) -> dict[str, Any] | None:
    """A line that a killed process left unfinished counts as not written."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "alert_id" in found else None


def _notifier_of_environment() -> Notify | None:
    address = os.environ.get(VARIABLE, "").strip()
    if not address:
        return None
    return lambda alerts: post_alerts(address, alerts)


def post_alerts(address: str, alerts: list[Alert]) -> str | None:
    """Post alerts as JSON: `text` for people (as chat services take it), `alerts` for programs.

    Returns:
        What went wrong, without the address, which may hold a secret; None if nothing did.
    """
    body = {
        "text": "\n".join(f"hedui: {alert.message}" for alert in alerts),
        "alerts": [asdict(alert) for alert in alerts],
    }
    import requests  # noqa: PLC0415  # most refreshes have nothing to post

    try:
        answer = requests.post(address, json=body, timeout=_POST_SECONDS)
    except requests.exceptions.RequestException as error:
        return f"{VARIABLE}: no answer ({type(error).__name__})"
    return None if answer.ok else f"{VARIABLE}: status {answer.status_code}"
