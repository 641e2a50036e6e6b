"""Taking what a source says, series by series, only where it is complete and plausible."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

import polars as pl

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Send
from pipelines.official.records import OBSERVATION_SCHEMA, Reading, to_frame
from pipelines.official.settings import SourceSettings
from pipelines.official.vintages import PERIOD, date_sightings, merge_observations

# Newest values this many times larger or smaller than before are another unit, not a revision.
UNIT_CHANGE_FACTOR = 5.0
# Of so many periods most do not change their sign at once: a surplus after a deficit is one period.
FEWEST_FOR_A_SIGN = 3


class Answers:
    """Takes the readings of one source, each series only if it is complete and plausible.

    Args:
        published: The series by their ids.
        held: The observations so far; replaced as readings are taken.
        now: When they are taken.
        answered_at: When each series was last answered completely; the instant of this run is put in as readings are taken.
        as_of: The days on which a claim needs to know what a series said, by series id.

    Attributes:
        failures: Why a series that was asked for stays as it was, by series id.
    """

    def __init__(
        self,
        published: Mapping[str, Series],
        held: pl.DataFrame,
        now: datetime,
        answered_at: Mapping[str, datetime] | None = None,
        as_of: Mapping[str, Collection[date]] | None = None,
    ) -> None:
        self.published = published
        self.held = held
        self.now = now
        self.answered_at = dict(answered_at or {})
        self.as_of = as_of or {}
        self.failures: dict[str, str] = {}

    def of(self, provider: str) -> list[Series]:
        """The series of a provider."""
        return [series for series in self.published.values() if series.provider == provider]

    def is_asked(self, series: Series) -> bool:
        """Whether a service can be asked for the series and has not answered in this run."""
        return bool(series.provider_code) and self.answered_at.get(series.series_id) != self.now

    def miss(self, asked: Iterable[Series], why: Exception) -> None:
        """Note why series that were asked for stay as they were."""
        self.failures.update((series.series_id, str(why)) for series in asked)

    def held_of(self, series: Series) -> pl.DataFrame:
        """The observations held of a series."""
        return self.held.filter(pl.col("series_id") == series.series_id)

    def take(self, reading: Reading, asked: Iterable[Series]) -> None:
        """Merge a reading of the series that were asked for.

        Raises:
            ParseError: A series has no figures, fewer periods than before or another unit; nothing of the reading is
                taken.
        """
        asked = list(asked)
        try:
            self._take(reading, asked)
        except ParseError as error:
            self.miss(asked, error)
            raise

    def _take(self, reading: Reading, asked: list[Series]) -> None:
        seen = _newest_values(reading)
        concerned = pl.col("series_id").is_in([series.series_id for series in asked])
        held, others = self.held.filter(concerned), self.held.filter(~concerned)
        for series in asked:
            is_series = pl.col("series_id") == series.series_id
            _check_plausible(series, seen.filter(is_series), held.filter(is_series), reading.covers_from)
        sighted = date_sightings(reading.sightings, held, self.published, self.now.date())
        news = to_frame([*reading.vintages, *sighted], origin="live", retrieved_at=self.now)
        self.held = pl.concat([others, merge_observations(held, news)])
        self.answered_at.update((series.series_id, self.now) for series in asked)


def _check_plausible(series: Series, seen: pl.DataFrame, held: pl.DataFrame, covers_from: date | None) -> None:
    """Refuse an answer without figures, without periods known before, or with figures in another unit or of another sign than before."""
    if seen.is_empty() and covers_from is None:
        raise ParseError(f"{series.series_id}: the answer holds no figure of it; what was known stays")
    gone = held.filter(pl.col("origin") == "live").select(PERIOD).unique().join(seen, on=PERIOD, how="anti")
    if covers_from is not None:
        gone = gone.filter(pl.col("period_start") >= covers_from)
    if (
        not series.redistributable and not seen.is_empty()
    ):  # the service shows only the last years of copyrighted series
        gone = gone.filter(pl.col("period_start") >= seen["period_start"].min())
    if not gone.is_empty():
        raise ParseError(
            f"{series.series_id}: the answer lacks {len(gone)} period(s) known before, such as "
            f"{gone.select(pl.col('period_start').max()).item()}; what was known stays"
        )
    before = held.sort("known_from").group_by(PERIOD).agg(pl.col("value").last().alias("before"))
    ratios = seen.join(before, on=PERIOD).filter((pl.col("before") != 0) & (pl.col("value") != 0))
    signed = ratios.select((pl.col("value") / pl.col("before")).median()).item()
    if signed is not None and signed < 0 and len(ratios) >= FEWEST_FOR_A_SIGN:
        raise ParseError(
            f"{series.series_id}: the figures have the opposite sign of those known before; the provider turned it, correct "
            f"scale in seeds/series.csv (see {series.url}); what was known stays"
        )
    ratio = ratios.select((pl.col("value") / pl.col("before")).abs().median()).item()
    # One baseline may differ from another by as much as a wrong unit would; the sane range guards projections.
    if ratio is not None and not series.is_projection and not 1 / UNIT_CHANGE_FACTOR < ratio < UNIT_CHANGE_FACTOR:
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


# Asks a source: puts its readings into the answers, tells in words what happens, and returns the state of the source
# (`live`, `failed`, `skipped`; see `SourceOutcome`) with the reason, if there is something to say.
Ask = Callable[[Answers, Send, SourceSettings, Callable[[str], None]], tuple[str, str | None]]
