"""All sources -> one table of observations with what was known when: the wing's one door."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.errors import DownloadError, ParseError
from pipelines.official import fred, treasury
from pipelines.official.catalogue import Series
from pipelines.official.downloads import Downloader, Limits
from pipelines.official.offline import read_offline_figures
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA, Reading, to_frame
from pipelines.official.vintages import PERIOD, date_sightings, merge_observations

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

# After this many series in a row without an answer the service is left alone for this run.
SILENT_SERIES_BEFORE_GIVING_UP = 2
# Newest values this many times larger or smaller than before are another unit, not a revision.
UNIT_CHANGE_FACTOR = 5.0


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the services are and how to talk to them.

    Attributes:
        fred_url: Address of the FRED API.
        fred_key: The user's key; without one FRED is not asked.
        fiscaldata_url: Address of Treasury FiscalData.
        limits: How long, how much, how often.
    """

    fred_url: str = "https://api.stlouisfed.org"
    fred_key: str | None = field(default=None, repr=False)
    fiscaldata_url: str = "https://api.fiscaldata.treasury.gov/services/api/fiscal_service"
    limits: Limits = field(default_factory=Limits)


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
                answers = _Answers(published, held, now)
                states[source] = ask(answers, downloader, settings, report)
                held = answers.held
            report(f"{source}: {': '.join(part for part in states[source] if part)}")
        requests_sent = dict(downloader.requests_sent)
    outcomes = tuple(
        _outcome(source, state, reason, held, published, requests_sent.get(source, 0))
        for source, (state, reason) in states.items()
    )
    return Gathered(held.sort(OBSERVATION_KEY), outcomes)


class _Answers:
    """Takes the readings of one source, each series only if it is complete and plausible.

    Args:
        published: The series by their ids.
        held: The observations so far; replaced as readings are taken.
        now: When they are taken.
    """

    def __init__(self, published: dict[str, Series], held: pl.DataFrame, now: datetime) -> None:
        self.published = published
        self.held = held
        self.now = now

    def take(self, reading: Reading, asked: Iterable[Series]) -> None:
        """Merge a reading of the series that were asked for.

        Raises:
            ParseError: A series has no figures, fewer periods than before or another unit; nothing of the reading is
                taken.
        """
        asked = list(asked)
        seen = _newest_values(reading)
        concerned = pl.col("series_id").is_in([series.series_id for series in asked])
        held, others = self.held.filter(concerned), self.held.filter(~concerned)
        for series in asked:
            is_series = pl.col("series_id") == series.series_id
            _check_plausible(series, seen.filter(is_series), held.filter(is_series))
        sighted = date_sightings(reading.sightings, held, self.published, self.now.date())
        news = to_frame([*reading.vintages, *sighted], origin="live", retrieved_at=self.now)
        self.held = pl.concat([others, merge_observations(held, news)])


def _check_plausible(series: Series, seen: pl.DataFrame, held: pl.DataFrame) -> None:
    """Refuse an answer without figures, without periods known before, or with figures in another unit than before."""
    if seen.is_empty():
        raise ParseError(f"{series.series_id}: the answer holds no figure of it; what was known stays")
    gone = held.filter(pl.col("origin") == "live").select(PERIOD).unique().join(seen, on=PERIOD, how="anti")
    if not series.redistributable:  # the service shows only the last years of copyrighted series
        gone = gone.filter(pl.col("period_start") >= seen["period_start"].min())
    if not gone.is_empty():
        raise ParseError(
            f"{series.series_id}: the answer lacks {len(gone)} period(s) known before, such as "
            f"{gone.select(pl.col('period_start').max()).item()}; what was known stays"
        )
    before = held.sort("known_from").group_by(PERIOD).agg(pl.col("value").last().alias("before"))
    ratios = seen.join(before, on=PERIOD).filter((pl.col("before") != 0) & (pl.col("value") != 0))
    ratio = ratios.select((pl.col("value") / pl.col("before")).abs().median()).item()
    if ratio is not None and not 1 / UNIT_CHANGE_FACTOR < ratio < UNIT_CHANGE_FACTOR:
        raise ParseError(
            f"{series.series_id}: the figures are {ratio:.3g} times those known before; the unit changed, correct "
            f"scale in seeds/series.csv (see {series.url}); what was known stays"
        )


def _newest_values(reading: Reading) -> pl.DataFrame:
    """The newest value of each period in a reading."""
    rows = [
        *((seen.series_id, seen.period_start, seen.period_end, seen.value) for seen in reading.sightings),
        *(
            (seen.series_id, seen.period_start, seen.period_end, seen.value)
            for seen in sorted(reading.vintages, key=lambda seen: seen.known_from)
        ),
    ]
    schema = {name: OBSERVATION_SCHEMA[name] for name in (*PERIOD, "value")}
    return pl.DataFrame(rows, schema=schema, orient="row").unique(PERIOD, keep="last", maintain_order=True)


def _ask_treasury(
    answers: _Answers, downloader: Downloader, settings: SourceSettings, _: Callable[[str], None]
) -> tuple[str, str | None]:
    series = list(answers.published.values())
    asked = treasury.live_series(series).values()
    try:
        answers.take(treasury.read_debt_to_penny(series, downloader.fetch, base_url=settings.fiscaldata_url), asked)
    except (DownloadError, ParseError) as error:
        return "failed", str(error)
    others = sum(one.provider == "treasury" for one in series) - len(asked)
    return (
        "live",
        f"asked for {treasury.ENDPOINT}; {others} series of other tables are offline figures" if others else None,
    )


def _ask_fred(
    answers: _Answers, downloader: Downloader, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    asked = [series for series in answers.published.values() if series.provider == "fred" and series.provider_code]
    send = partial(downloader.fetch, is_busy=fred.is_busy)
    key = settings.fred_key or ""
    failures: list[str] = []
    silent = 0
    for number, series in enumerate(asked, 1):
        try:
            reading = fred.read_series(series, send, base_url=settings.fred_url, api_key=key, today=answers.now.date())
            answers.take(reading, [series])
        except (DownloadError, ParseError) as error:
            failures.append(str(error))
            answered = isinstance(error, (ParseError, fred.RefusedError))
            silent = 0 if answered else silent + 1
            if isinstance(error, fred.KeyRefusedError) or silent >= SILENT_SERIES_BEFORE_GIVING_UP:
                failures += ["not asked, after that"] * (len(asked) - number)
                break
        else:
            silent = 0
        if number % 20 == 0:
            report(f"fred: {number} of {len(asked)} series")
    if not failures:
        return "live", None
    reason = f"{len(failures)} of {len(asked)} series stay as they were known: {failures[0]}"
    return ("failed" if len(failures) == len(asked) else "live"), reason


_SOURCES = {"treasury": _ask_treasury, "fred": _ask_fred}


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
