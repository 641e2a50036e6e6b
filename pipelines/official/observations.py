"""All sources -> one table of observations with what was known when: the wing's one door."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from pipelines.official.answers import Answers, Ask
from pipelines.official.catalogue import Series
from pipelines.official.downloads import Downloader
from pipelines.official.fred import ask_fred
from pipelines.official.offline import read_offline_figures
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA
from pipelines.official.settings import Limits, SourceSettings
from pipelines.official.treasury import ask_treasury
from pipelines.official.vintages import merge_observations

__all__ = [
    "OBSERVATION_KEY",
    "OBSERVATION_SCHEMA",
    "Gathered",
    "Limits",
    "SourceOutcome",
    "SourceSettings",
    "gather_observations",
    "merge_observations",
]


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
class Gathered:
    """Everything known after asking all sources, sorted by key, and how each of them fared."""

    observations: pl.DataFrame
    sources: tuple[SourceOutcome, ...]


def gather_observations(  # noqa: PLR0913 one door, every setting by name
    catalogue: Sequence[Series],
    known: pl.DataFrame,
    *,
    settings: SourceSettings,
    downloads_folder: Path,
    offline_folder: Path,
    now: datetime,
    offline: bool,
    report: Callable[[str], None],
) -> Gathered:
    """Ask every source and merge what they say with what is known.

    No source stops another. What a source answers is taken series by series and only if it is complete and plausible;
    else what was known stays.

    Args:
        catalogue: The series; observations of others are dropped.
        known: What the warehouse holds (`OBSERVATION_SCHEMA`, may be empty).
        settings: Where the services are.
        downloads_folder: Where complete answers are kept.
        offline_folder: Where the offline figures are.
        now: The current instant with its time zone; dates what is seen today.
        offline: Whether to ask no service at all.
        report: Told in words what happens.

    Returns:
        The whole merged table, and an outcome for every provider of the catalogue.

    Raises:
        SeedError: The offline figures are broken.
    """
    published = {series.series_id: series for series in catalogue if series.provider != "derived"}
    known = known.select(OBSERVATION_SCHEMA.names()).cast(OBSERVATION_SCHEMA)  # a database names UTC its own way
    held = known.filter(pl.col("series_id").is_in(list(published)) & (pl.col("origin") == "live"))
    held = merge_observations(held, read_offline_figures(offline_folder, catalogue))
    states: dict[str, tuple[str, str | None]] = {}
    with Downloader(downloads_folder, settings.limits) as downloader:
        for source in dict.fromkeys(series.provider for series in published.values()):
            ask = _SOURCES.get(source)
            if ask is None:
                states[source] = "snapshot", None
            elif offline:
                states[source] = "snapshot", "asked to stay offline"
            elif source == "fred" and not settings.fred_key:
                states[source] = "skipped", "FRED_API_KEY is not set"
            else:
                report(f"{source}: asking the service")
                answers = Answers(published, held, now)
                states[source] = ask(answers, downloader.fetch, settings, report)
                held = answers.held
            report(f"{source}: {': '.join(part for part in states[source] if part)}")
        requests_sent = dict(downloader.requests_sent)
    outcomes = tuple(
        _outcome(source, state, reason, held, published, requests_sent.get(source, 0))
        for source, (state, reason) in states.items()
    )
    return Gathered(held.sort(OBSERVATION_KEY), outcomes)


_SOURCES: dict[str, Ask] = {"treasury": ask_treasury, "fred": ask_fred}


def _outcome(  # noqa: PLR0913, PLR0917 private, one call
    source: str, state: str, reason: str | None, held: pl.DataFrame, published: dict[str, Series], requests_sent: int
) -> SourceOutcome:
    def of(projections: Sequence[bool]) -> list[str]:
        return [
            one.series_id for one in published.values() if one.provider == source and one.is_projection in projections
        ]

    rows = held.filter(pl.col("series_id").is_in(of((False, True))))
    newest = rows.filter(pl.col("series_id").is_in(of((False,))))["period_end"].max()
    return SourceOutcome(
        source=source,
        state=state,
        reason=reason,
        series=rows["series_id"].n_unique(),
        observations=len(rows),
        newest_period_end=newest if isinstance(newest, date) else None,
        requests=requests_sent,
    )
