"""Asking every source in turn, and saying how it went with each and with each series."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from pipelines.official.answers import Answers, Ask
from pipelines.official.catalogue import Series
from pipelines.official.cbo import ask_cbo
from pipelines.official.exchange import Send
from pipelines.official.fred import ask_fred
from pipelines.official.journal import RunGiven
from pipelines.official.records import OBSERVATION_KEY
from pipelines.official.sec import ask_sec
from pipelines.official.settings import SourceSettings
from pipelines.official.treasury import ask_treasury

SOURCES: dict[str, Ask] = {"treasury": ask_treasury, "fred": ask_fred, "cbo": ask_cbo, "sec": ask_sec}


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """How it went with one source.

    Attributes:
        source: The provider, as in the catalogue.
        state: `live` (it answered), `snapshot` (offline figures, as intended), `failed` (it was asked in vain) or
            `skipped` (it could not be asked).
        reason: Why, or what did not come; `None` if there is nothing to say.
        series: How many of its series have figures now.
        observations: How many observations these have.
        newest_period_end: Last day of the newest period of a figure that is no projection.
        requests: How many requests were sent.
    """

    source: str
    state: str
    reason: str | None
    series: int
    observations: int
    newest_period_end: date | None
    requests: int


@dataclass(frozen=True, slots=True)
class SeriesState:
    """Where the figures of one published series come from and how old they are.

    Attributes:
        series_id: The series.
        provider: Its provider.
        state: `live` (the service's last answer about it was complete), `failed` (asked in vain the last time; what
            was known stays), `snapshot` (offline figures, no service has answered yet) or `never_asked` (no figures).
        reason: Why it failed.
        asked_at: When the service was last asked for it.
        answered_at: When it last answered completely.
        newest_period_end: Last day of the newest period of which a figure is known.
    """

    series_id: str
    provider: str
    state: str
    reason: str | None
    asked_at: datetime | None
    answered_at: datetime | None
    newest_period_end: date | None


@dataclass(slots=True)
class Asked:
    """What came of asking all sources.

    Attributes:
        held: The observations, those taken now among them.
        states: State and reason of each source.
        changed: The sources whose observations are others than before.
        answered_at: When each series was last answered completely.
        failures: Why a series that was asked for stays as it was.
    """

    held: pl.DataFrame
    states: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    answered_at: dict[str, datetime] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def ask_sources(  # noqa: PLR0913 one call for a run and for its replay
    published: Mapping[str, Series],
    held: pl.DataFrame,
    *,
    given: RunGiven,
    settings: SourceSettings,
    send: Send | None,
    report: Callable[[str], None],
) -> Asked:
    """Ask every source for its series; none stops another.

    Args:
        published: The series by their ids.
        held: The observations so far.
        given: The run's instant, and what it knows of earlier ones.
        settings: Where the services are, and the key.
        send: Sends a request; `None` asks nobody.
        report: Told in words what happens.
    """
    asked = Asked(held, answered_at=dict(given.answered_at))
    for source in dict.fromkeys(series.provider for series in published.values()):
        ask = SOURCES.get(source)
        if ask is None:
            asked.states[source] = "snapshot", None
        elif send is None:
            asked.states[source] = "snapshot", "asked to stay offline"
        else:
            report(f"{source}: asking the service")
            answers = Answers(published, asked.held, given.now, asked.answered_at, given.as_of)
            asked.states[source] = ask(answers, send, settings, report)
            _note(asked, source, answers)
        report(f"{source}: {': '.join(part for part in asked.states[source] if part)}")
    return asked


def _note(asked: Asked, source: str, answers: Answers) -> None:
    """Take over what the answers of a source have come to."""
    mine = pl.col("series_id").is_in([series.series_id for series in answers.of(source)])
    before, after = (rows.filter(mine).sort(OBSERVATION_KEY) for rows in (asked.held, answers.held))
    if not before.equals(after):
        asked.changed.add(source)
    asked.held, asked.answered_at = answers.held, answers.answered_at
    asked.failures.update(answers.failures)
    state, reason = asked.states[source]
    if state == "failed":
        unanswered = (one.series_id for one in answers.of(source) if answers.is_asked(one))
        asked.failures.update(
            {one: reason or "the service gave no answer" for one in unanswered if one not in answers.failures}
        )


def outcomes_of(
    asked: Asked, published: Mapping[str, Series], requests_sent: Mapping[str, int]
) -> tuple[SourceOutcome, ...]:
    """How it went with every source."""
    return tuple(
        _outcome(source, state, reason, asked.held, published, requests_sent.get(source, 0))
        for source, (state, reason) in asked.states.items()
    )


def _outcome(  # noqa: PLR0913, PLR0917 private, one call
    source: str, state: str, reason: str | None, held: pl.DataFrame, published: Mapping[str, Series], requests_sent: int
) -> SourceOutcome:
    def rows_of(projections: Iterable[bool]) -> pl.DataFrame:
        ids = [
            one.series_id for one in published.values() if one.provider == source and one.is_projection in projections
        ]
        return held.filter(pl.col("series_id").is_in(ids))

    rows = rows_of((False, True))
    newest = rows_of((False,))["period_end"].max()
    return SourceOutcome(
        source=source,
        state=state,
        reason=reason,
        series=rows["series_id"].n_unique(),
        observations=len(rows),
        newest_period_end=newest if isinstance(newest, date) else None,
        requests=requests_sent,
    )


def series_states(
    asked: Asked, published: Mapping[str, Series], before: Mapping[str, SeriesState], now: datetime | None
) -> tuple[SeriesState, ...]:
    """How it stands with every published series.

    Args:
        asked: What came of asking.
        published: The series by their ids.
        before: How it stood after the last run; empty at the first.
        now: The run's instant; `None` if there was none.
    """
    newest = dict(asked.held.group_by("series_id").agg(pl.col("period_end").max()).iter_rows())
    has_live = set(asked.held.filter(pl.col("origin") == "live")["series_id"])
    states = []
    for series_id, series in published.items():
        last = before.get(series_id)
        answered_at = asked.answered_at.get(series_id)
        failure = asked.failures.get(series_id) if answered_at != now else None
        asked_at = now if failure or answered_at == now else (last.asked_at if last else answered_at)
        if failure is None and asked_at != now and last and last.state == "failed":
            failure = last.reason
        if failure is not None:
            state = "failed"
        elif answered_at is not None or series_id in has_live:
            state = "live"
        else:
            state = "snapshot" if series_id in newest else "never_asked"
        states.append(
            SeriesState(series_id, series.provider, state, failure, asked_at, answered_at, newest.get(series_id))
        )
    return tuple(states)
