"""All sources -> one table of observations with what was known when: the wing's one door."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from pipelines.errors import DownloadError
from pipelines.official.catalogue import Series
from pipelines.official.downloads import Downloader
from pipelines.official.journal import Journal, RunGiven, confirm_run, forget_old_answers, settle_runs
from pipelines.official.offline import read_offline_figures
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA
from pipelines.official.replay import replay_runs
from pipelines.official.settings import Limits, SourceSettings
from pipelines.official.sources import SOURCES, SeriesState, SourceOutcome, ask_sources, outcomes_of, series_states
from pipelines.official.vintages import PERIOD, merge_observations

__all__ = [
    "OBSERVATION_KEY",
    "OBSERVATION_SCHEMA",
    "Gathered",
    "Limits",
    "SeriesState",
    "SourceOutcome",
    "SourceSettings",
    "confirm_run",
    "gather_observations",
    "merge_observations",
    "replay_observations",
]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything known after asking all sources.

    Attributes:
        observations: The whole table, sorted by key.
        sources: How it went with each source.
        series: How it stands with each published series.
        journal: Where the run is written down, to be confirmed by `confirm_run` when the observations are in the
            warehouse; `None` if nothing was answered.
    """

    observations: pl.DataFrame
    sources: tuple[SourceOutcome, ...]
    series: tuple[SeriesState, ...] = ()
    journal: Path | None = None


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
    states: Sequence[SeriesState] = (),
    as_of: Mapping[str, Collection[date]] | None = None,
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
        states: How it stood with the series after the last run.
        as_of: The days on which a claim needs to know what a series said, by series id.

    Returns:
        The whole merged table, and an outcome for every provider and every series of the catalogue.

    Raises:
        SeedError: The offline figures are broken.
    """
    published = _published(catalogue)
    known = known.select(OBSERVATION_SCHEMA.names()).cast(OBSERVATION_SCHEMA)  # a database names UTC its own way
    held = known.filter(pl.col("series_id").is_in(list(published)) & (pl.col("origin") == "live"))
    held = merge_observations(held, read_offline_figures(offline_folder, catalogue))
    before = {state.series_id: state for state in states}
    answered_at = {name: state.answered_at for name, state in before.items() if state.answered_at}
    given = RunGiven.of(now, settings, answered_at, as_of or {})
    journal = Journal(downloads_folder, given)
    if not offline:
        settle_runs(downloads_folder, {*answered_at.values(), *held["retrieved_at"].drop_nulls().unique()})
    with Downloader(journal, settings.limits) as downloader:
        if not offline:
            sources = {series.provider for series in published.values()} & SOURCES.keys()
            downloader.look({source: address for source in sources if (address := settings.address_of(source))})
        asked = ask_sources(
            published,
            held,
            given=given,
            settings=settings,
            send=None if offline else downloader.fetch,
            report=report,
        )
        requests_sent = dict(downloader.requests_sent)
    path = journal.end(asked.changed)
    if not offline:
        forget_old_answers(downloads_folder, now)
    return Gathered(
        asked.held.sort(OBSERVATION_KEY),
        outcomes_of(asked, published, requests_sent),
        series_states(asked, published, before, now),
        path,
    )


def replay_observations(
    catalogue: Sequence[Series],
    *,
    downloads_folder: Path,
    offline_folder: Path,
    report: Callable[[str], None],
    known: pl.DataFrame | None = None,
) -> Gathered:
    """Build the observations again from the kept answers and the offline figures alone; nobody is asked.

    Args:
        catalogue: The series.
        downloads_folder: Where complete answers are kept.
        offline_folder: Where the offline figures are.
        report: Told in words what happens.
        known: What the warehouse holds, so that nothing of it is lost; no row of it is used.

    Returns:
        The same rows as gathering had come to.

    Raises:
        SeedError: The offline figures are broken.
        DownloadError: The kept answers do not hold every period of which the warehouse has a figure from a service.
    """
    published = _published(catalogue)
    offline = merge_observations(OBSERVATION_SCHEMA.to_frame(), read_offline_figures(offline_folder, catalogue))
    asked, now = replay_runs(published, offline, downloads_folder=downloads_folder, report=report)
    if now is None:
        states = {series.provider: ("snapshot", "no answer is kept") for series in published.values()}
        asked.states.update(states)
        report("replay: no answer is kept; the offline figures are all there is")
    if known is not None:
        _refuse_loss(known.filter(pl.col("series_id").is_in(list(published))), asked.held, downloads_folder)
    return Gathered(
        asked.held.sort(OBSERVATION_KEY),
        outcomes_of(asked, published, {}),
        series_states(asked, published, {}, now),
    )


def _refuse_loss(known: pl.DataFrame, replayed: pl.DataFrame, downloads_folder: Path) -> None:
    live = pl.col("origin") == "live"
    lost = known.filter(live).join(replayed.filter(live), on=PERIOD, how="anti").select(PERIOD).unique().sort(PERIOD)
    if lost.is_empty():
        return
    series_id, _, period_end = lost.row(0)
    raise DownloadError(
        f"the answers kept under {downloads_folder} lack {lost.height} period(s) of which the warehouse holds a live figure, "
        f"such as {series_id} to {period_end}; nothing was replaced. To have what is kept and nothing else, move "
        "warehouse.duckdb and work.duckdb away and replay again"
    )


def _published(catalogue: Sequence[Series]) -> dict[str, Series]:
    return {series.series_id: series for series in catalogue if series.provider != "derived"}
