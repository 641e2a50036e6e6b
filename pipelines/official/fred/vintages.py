"""Every vintage of a series: all of them at once, or only what came since they were last read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series
from pipelines.official.fred.api import FredApi, Refusal, refused
from pipelines.official.fred.realtime import (
    ALL_TIME,
    Window,
    join_windows,
    read_all_windows,
    read_window,
    to_observations,
)
from pipelines.official.records import Observation, Reading, Sighting

# How far the window of an incremental reading reaches back before the day of the last answer. The service dates its
# vintages in Missouri, and a vintage may come in later on its day than we asked.
OVERLAP = timedelta(days=2)


def read_all_vintages(api: FredApi, series: Series, today: date) -> Reading:
    """Ask for a series with all its vintages and read the answers.

    A value that is as old as the oldest vintage of the series was known before vintages were kept: it is dated by the
    release lag.

    Args:
        api: The service.
        series: A FRED series of the catalogue.
        today: The current day, to split windows sensibly.

    Returns:
        Vintages, or sightings for a series whose vintages the service does not keep.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: An answer has another shape, unit or type than documented, or holds no figure.
    """
    values = read_all_windows(api, series, ALL_TIME, today)
    if values is not None:
        first_vintage = min((value.known_from for value in values), default=ALL_TIME.start)
        observations = [_dated_by_lag(series, seen, first_vintage) for seen in to_observations(series, values)]
        return Reading(vintages=tuple(_any(series, observations)))
    outcome = read_window(api, series, None)
    if isinstance(outcome, Refusal):
        raise refused(outcome, series)
    return Reading(
        sightings=tuple(
            Sighting(seen.series_id, seen.period_start, seen.period_end, seen.value, seen.download_sha256 or "")
            for seen in _any(series, to_observations(series, join_windows(outcome)))
        )
    )


def _dated_by_lag(series: Series, seen: Observation, first_vintage: date) -> Observation:
    published_on = seen.period_end + timedelta(days=series.release_lag_days)
    if seen.known_from != first_vintage or published_on >= first_vintage:
        return seen
    return replace(seen, known_from=published_on, known_basis="release_lag")


def _any(series: Series, observations: list[Observation]) -> list[Observation]:
    if not observations:
        raise ParseError(f"{series.series_id}: FRED answered without a single figure; check {series.url}")
    return observations


def read_later_vintages(
    api: FredApi, series: Series, held: pl.DataFrame, answered_on: date, today: date
) -> Reading | None:
    """Ask only for what became known since a series was last read, and join it to what is held.

    The service cuts real-time periods at the start of the window, so every value that was current on that day comes as
    if it had become known then. Each must be the value held for that day, and none may lack; then it is given back the
    day on which it really became known, and the reading is the same as if all vintages had been asked for.

    Args:
        api: The service.
        series: A FRED series of the catalogue.
        held: Its observations (`OBSERVATION_SCHEMA`).
        answered_on: The day of the last complete answer.
        today: The current day.

    Returns:
        The whole series, held and new; `None` if the two do not fit together and all vintages have to be read again.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: An answer has another shape, unit or type than documented.
    """
    if held.filter((pl.col("origin") == "live") & (pl.col("known_basis") == "vintage")).is_empty():
        return None
    start = answered_on - OVERLAP
    values = read_all_windows(api, series, Window(start, ALL_TIME.end), today)
    if values is None:
        return None
    joined = join_to_held(to_observations(series, values), held, start)
    return None if joined is None else Reading(vintages=tuple(joined))


def join_to_held(later: Iterable[Observation], held: pl.DataFrame, start: date) -> list[Observation] | None:
    """Join observations of a window to those held of the time before it.

    Args:
        later: What was known from `start` on; what was known before begins on `start` here.
        held: The observations held of the series (`OBSERVATION_SCHEMA`).
        start: First day of the window; every vintage up to it is held.

    Returns:
        All of them, with the days on which they became known; `None` if they contradict each other, or if a period is
        concerned of which offline figures are held.
    """
    rows = [_Held(row) for row in held.iter_rows(named=True)]
    current = {row.period: row for row in rows if row.is_live and row.is_current_on(start)}
    offline = {row.period: row for row in rows if not row.is_live and row.is_current_on(start)}
    offline_periods = {row.period for row in rows if not row.is_live}
    joined = [row.observation for row in rows if row.is_live and row.ended_before(start)]
    for seen in later:
        period = seen.period_start, seen.period_end
        is_cut = seen.known_from <= start
        if period in offline_periods:
            # The offline figures know as much of it; as long as nothing happens they stay.
            if is_cut and seen.known_until is None and period in offline and offline[period].value == seen.value:
                continue
            return None
        if is_cut:
            before = current.pop(period, None)
            if before is None or before.value != seen.value:
                return None
            joined.append(replace(before.observation, known_until=seen.known_until))
        else:
            joined.append(seen)
    return None if current else joined


class _Held:
    """A row of the frame of observations."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.period: tuple[date, date] = row["period_start"], row["period_end"]
        self.value: float = row["value"]
        self.is_live = row["origin"] == "live"
        self.observation = Observation(**{name: row[name] for name in Observation.__dataclass_fields__})

    def is_current_on(self, day: date) -> bool:
        return self.observation.known_from <= day and not self.ended_before(day)

    def ended_before(self, day: date) -> bool:
        return self.observation.known_until is not None and self.observation.known_until < day
