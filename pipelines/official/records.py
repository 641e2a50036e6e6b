"""What every source of the wing hands over: observations, and the frame they travel in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series

OBSERVATION_SCHEMA = pl.Schema(
    {
        "series_id": pl.String(),
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "value": pl.Float64(),
        "known_from": pl.Date(),
        "known_until": pl.Date(),
        "known_basis": pl.String(),
        "origin": pl.String(),
        "retrieved_at": pl.Datetime("us", "UTC"),
        "download_sha256": pl.String(),
    }
)
OBSERVATION_KEY = ("series_id", "period_start", "period_end", "known_from")


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a series as known in a stretch of time.

    Attributes:
        series_id: The series of the catalogue.
        period_start: First day of the period, inclusive.
        period_end: Last day of the period, inclusive.
        value: The value in the series' base unit.
        known_from: First day on which the value was known.
        known_until: Last day on which it was the current one; `None` while it still is.
        known_basis: `vintage` (the provider says so), `retrieved` (we saw it change) or `release_lag` (approximated by
            the usual lag of the publication).
        download_sha256: Hash of the answer it was read from; `None` for offline figures.
    """

    series_id: str
    period_start: date
    period_end: date
    value: float
    known_from: date
    known_until: date | None
    known_basis: str
    download_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value that a service shows today without saying since when it is known."""

    series_id: str
    period_start: date
    period_end: date
    value: float
    download_sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a service said: values with their vintages, or mere sightings where it keeps none.

    Attributes:
        vintages: Values of which the service says since when they are known.
        sightings: Values of which it does not.
        covers_from: Periods that begin on this day or later are all there; `None`: all periods are. An incremental
            reading that covers a stretch only may be empty.
    """

    vintages: tuple[Observation, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    covers_from: date | None = None


def to_base_unit(published: Decimal, series: Series) -> float:
    """Scale a published figure to the series' base unit.

    Args:
        published: The figure as the provider publishes it.
        series: The series it belongs to.

    Returns:
        The figure in `series.unit`.

    Raises:
        ParseError: The figure lies outside the sane range of the series: another unit, or a broken figure.
    """
    value = float(published * series.scale)
    if not series.sane_low <= value <= series.sane_high:
        raise ParseError(
            f"{series.series_id}: {published} is {value:g} {series.unit}, outside {series.sane_low:g} to "
            f"{series.sane_high:g}; the provider changed the unit or published a broken figure: check {series.url} and "
            "then scale, sane_low and sane_high in seeds/series.csv"
        )
    return value


def to_frame(observations: Iterable[Observation], *, origin: str, retrieved_at: datetime | None = None) -> pl.DataFrame:
    """Put observations into the frame that the hall receives.

    Args:
        observations: Records in any order.
        origin: `live` or `snapshot`.
        retrieved_at: When they were downloaded; `None` for offline figures.

    Returns:
        A frame of `OBSERVATION_SCHEMA`, in the order given.
    """
    records = list(observations)
    return pl.DataFrame(
        {
            "series_id": [record.series_id for record in records],
            "period_start": [record.period_start for record in records],
            "period_end": [record.period_end for record in records],
            "value": [record.value for record in records],
            "known_from": [record.known_from for record in records],
            "known_until": [record.known_until for record in records],
            "known_basis": [record.known_basis for record in records],
            "origin": [origin] * len(records),
            "retrieved_at": [retrieved_at] * len(records),
            "download_sha256": [record.download_sha256 for record in records],
        },
        schema=OBSERVATION_SCHEMA,
    )


def period_of(series: Series, stamp: date) -> tuple[date, date]:
    """Say which period a provider's date stands for.

    Args:
        series: Its `period_anchor` and `frequency` decide.
        stamp: The date that the provider gives the figure.

    Returns:
        First and last day of the period, both inclusive.

    Raises:
        ParseError: The date does not fit the frequency, so the series is not what the catalogue says.
    """
    period: tuple[date, date] | None = None
    if series.period_anchor == "day":
        period = stamp, stamp
    elif series.period_anchor == "end":
        period = stamp - timedelta(days=6), stamp
    elif series.period_anchor == "fiscal_year":
        period = _fiscal_year_of(stamp)
    elif series.frequency == "weekly":
        period = stamp, stamp + timedelta(days=6)
    elif stamp.day == 1 and (stamp.month - 1) % (months := _MONTHS[series.frequency]) == 0:
        years, month = divmod(stamp.month - 1 + months, 12)
        period = stamp, date(stamp.year + years, month + 1, 1) - timedelta(days=1)
    if period is None:
        raise ParseError(
            f"{series.series_id}: {stamp} begins no {series.frequency} period ({series.period_anchor}); the provider "
            "changed its dates: correct frequency or period_anchor in seeds/series.csv"
        )
    return period


_MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}


def _fiscal_year_of(stamp: date) -> tuple[date, date] | None:
    """The federal fiscal year: July to June through 1976, a quarter of transition, October to September since.

    FRED dates fiscal years by 1 January of the year that names them, by their first or by their last day.
    """
    if (stamp.month, stamp.day) == (1, 1):
        named = stamp.year
    elif stamp == date(1976, 9, 30):
        return date(1976, 7, 1), stamp
    elif (stamp.month, stamp.day) in {(6, 30), (9, 30)}:
        named = stamp.year
    elif (stamp.month, stamp.day) in {(7, 1), (10, 1)}:
        named = stamp.year + 1
    else:
        return None
    if named <= 1976:
        return date(named - 1, 7, 1), date(named, 6, 30)
    return date(named - 1, 10, 1), date(named, 9, 30)
