"""FRED's observations with their real-time periods: every value, and the days on which it was the current one.

One answer holds at most 2,000 vintage dates, and it cuts real-time periods at the edges of the window asked for; so a
long history is asked for in windows, which are joined without gaps.
Documented at https://fred.stlouisfed.org/docs/api/fred/series_observations.html.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.fred.api import FredApi, Refusal, refused, unlike_documentation
from pipelines.official.records import Observation, period_of, to_base_unit

PAGE_SIZE = 100_000  # the largest `limit` that the service takes
MISSING = frozenset({".", ""})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of real-time days, inclusive: what was known within it is asked for."""

    start: date
    end: date


# The first and the last day that the service takes for a real-time period.
ALL_TIME = Window(date(1776, 7, 4), date(9999, 12, 31))
# Hardly any vintages are older; splitting ALL_TIME in the middle would only cut empty centuries.
_OLDEST_VINTAGES = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class RealtimeValue:
    """A published value, as text, and the real-time days for which it holds."""

    stamp: date
    known_from: date
    known_until: date
    published: str
    sha256: str


def observations_request(api: FredApi, series: Series, window: Window | None, offset: int) -> Request:
    """Ask for a page of a series' observations.

    Args:
        api: The service.
        series: `provider_code` is the FRED id.
        window: The real-time days; `None` asks for today's values only.
        offset: How many observations to skip.
    """
    realtime = () if window is None else (("realtime_start", str(window.start)), ("realtime_end", str(window.end)))
    return api.request(
        "series/observations",
        ("series_id", series.provider_code),
        *realtime,
        ("limit", str(PAGE_SIZE)),
        ("offset", str(offset)),
    )


def parse_page(answer: Answer) -> tuple[list[RealtimeValue], int]:
    """Read one page of `/fred/series/observations`.

    Args:
        answer: An answer of the service that is no refusal.

    Returns:
        The values of the page, and how many the service has in all.

    Raises:
        ParseError: The answer has another shape than documented.
    """
    try:
        content = json.loads(answer.body)
        if content["units"] != "lin":
            raise unlike_documentation(answer, f"units is {content['units']!r}, not 'lin': figures were transformed")
        total, offset = content["count"], content["offset"]
        rows = content["observations"]
        on_page = min(PAGE_SIZE, max(total - offset, 0))
        values = [
            RealtimeValue(
                stamp=date.fromisoformat(row["date"]),
                known_from=date.fromisoformat(row["realtime_start"]),
                known_until=date.fromisoformat(row["realtime_end"]),
                published=_as_text(row["value"]),
                sha256=answer.sha256,
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unlike_documentation(answer, f"{type(error).__name__}: {error}") from error
    if len(values) != on_page:
        raise unlike_documentation(answer, f"{len(values)} observations from offset {offset} on, of {total}")
    if any(value.known_from > value.known_until for value in values):
        raise unlike_documentation(answer, "a real-time period ends before it starts")
    return values, total


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"value {value!r} is no text")
    return value.strip()


def read_window(api: FredApi, series: Series, window: Window | None) -> list[RealtimeValue] | Refusal:
    """Ask for all pages of a window.

    Args:
        api: The service.
        series: A FRED series of the catalogue.
        window: The real-time days; `None` asks for today's values only.

    Returns:
        The values, or the service's refusal.

    Raises:
        DownloadError: The service gave no answer.
        ParseError: An answer has another shape than documented, or the pages do not fit together.
    """
    values: list[RealtimeValue] = []
    expected: int | None = None
    while expected is None or len(values) < expected:
        answer = api.ask(observations_request(api, series, window, len(values)))
        if isinstance(answer, Refusal):
            return answer
        page, total = parse_page(answer)
        if expected not in {None, total}:
            raise ParseError(
                f"{series.series_id}: the number of observations changed from {expected} to {total} while "
                "the pages were read; the next refresh asks again"
            )
        expected = total
        values += page
    return values


def read_all_windows(api: FredApi, series: Series, whole: Window, today: date) -> list[RealtimeValue] | None:
    """Ask for all that was known in a stretch of time, in as many windows as the service's cap of vintages wants.

    Args:
        api: The service.
        series: A FRED series of the catalogue.
        whole: The real-time days.
        today: The current day, to split windows sensibly.

    Returns:
        The values, real-time periods whole again; `None` if the service keeps no vintages of the series.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: An answer has another shape than documented, or two answers contradict each other.
    """
    windows = [whole]
    values: list[RealtimeValue] = []
    while windows:
        window = windows.pop(0)
        outcome = read_window(api, series, window)
        if isinstance(outcome, list):
            values += outcome
        elif outcome.too_many_vintages:
            windows[:0] = split_window(window, today)
        elif not outcome.without_vintages:
            raise refused(outcome, series)
        elif window == whole:  # of a part of it, this says that the archive begins later
            return None
    return join_windows(values)


def split_window(window: Window, today: date) -> tuple[Window, Window]:
    """Halve a window whose vintages are too many for one answer.

    Raises:
        ParseError: It is a single day already.
    """
    first = max(window.start, min(_OLDEST_VINTAGES, today))
    last = max(min(window.end, today), first)
    middle = first + (last - first) // 2
    if not window.start <= middle < window.end or first == last:
        raise ParseError(
            f"FRED says that {window.start} to {window.end} holds too many vintages; nothing is left to split"
        )
    return Window(window.start, middle), Window(middle + ONE_DAY, window.end)


def join_windows(values: Iterable[RealtimeValue]) -> list[RealtimeValue]:
    """Undo the cutting of real-time periods at the edges of the windows.

    Args:
        values: Those of all windows, in any order.

    Returns:
        Sorted by date and real-time start; neighbours that hold the same value on adjoining days are one.

    Raises:
        ParseError: Two values are said to hold on the same day.
    """
    joined: list[RealtimeValue] = []
    for value in sorted(values, key=lambda value: (value.stamp, value.known_from)):
        before = joined[-1] if joined and joined[-1].stamp == value.stamp else None
        if before is not None and before.known_until >= value.known_from:
            raise ParseError(
                f"FRED gives two values for {value.stamp}, both known on {value.known_from} "
                f"({before.published} and {value.published}); ask again later, the page changed while it was read"
            )
        if (
            before is not None
            and before.published == value.published
            and before.known_until + ONE_DAY == value.known_from
        ):
            joined[-1] = replace(before, known_until=value.known_until, sha256=value.sha256)
        else:
            joined.append(value)
    return joined


def to_observations(series: Series, values: Iterable[RealtimeValue]) -> list[Observation]:
    """Turn joined real-time values into observations; missing values give none.

    Args:
        series: Gives the periods and the scale.
        values: As `join_windows` returns them.

    Returns:
        Observations of basis `vintage`.

    Raises:
        ParseError: A value is no number, lies outside the sane range, its date does not fit the frequency, or two dates
            stand for the same period.
    """
    observations: list[Observation] = []
    stamps: dict[tuple[date, date], date] = {}
    for value in values:
        if value.published in MISSING:
            continue
        period = period_of(series, value.stamp)
        if stamps.setdefault(period, value.stamp) != value.stamp:
            raise ParseError(
                f"{series.series_id}: FRED dates the period {period[0]} to {period[1]} by {stamps[period]} and by "
                f"{value.stamp}; correct frequency or period_anchor in seeds/series.csv (see {series.url})"
            )
        observations.append(
            Observation(
                series_id=series.series_id,
                period_start=period[0],
                period_end=period[1],
                value=read_figure(series, value.stamp, value.published),
                known_from=value.known_from,
                known_until=None if value.known_until == ALL_TIME.end else value.known_until,
                known_basis="vintage",
                download_sha256=value.sha256,
            )
        )
    return observations


def read_figure(series: Series, stamp: date, published: str) -> float:
    """Read a figure as FRED publishes it, in base units.

    Raises:
        ParseError: It is no number or lies outside the sane range.
    """
    try:
        figure = Decimal(published) if published.isascii() and "_" not in published else Decimal("NaN")
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise ParseError(
            f"{series.series_id}: FRED gives {published!r} for {stamp}, which is no number; if that persists, "
            "pipelines/official/fred has to follow the service"
        )
    return to_base_unit(figure, series)
