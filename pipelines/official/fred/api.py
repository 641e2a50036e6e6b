"""FRED API v1: requests for the vintages of a series, and its answers read into observations.

Pure: the sending is handed in. Documented at https://fred.stlouisfed.org/docs/api/fred/series_observations.html.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from xml.etree import ElementTree as ET

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.records import Observation, Reading, Sighting, period_of, to_base_unit

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
class Refusal:
    """An error that the service states in its answer, whatever the HTTP status says."""

    code: int
    message: str

    @property
    def concerns_key(self) -> bool:
        """Whether every further request with this key would be refused, too."""
        return "api_key" in self.message or self.code in {401, 403, 423}

    @property
    def too_many_vintages(self) -> bool:
        """Whether the window holds more vintage dates than one answer may."""
        return "exceeds the maximum number of vintage dates" in self.message

    @property
    def without_vintages(self) -> bool:
        """Whether the series exists but its vintages are not kept."""
        return "does not exist in ALFRED" in self.message


class RefusedError(DownloadError):
    """The service answers, but refuses this request."""


class KeyRefusedError(RefusedError):
    """The service refuses the key; no other series needs to be asked."""


@dataclass(frozen=True, slots=True)
class RealtimeValue:
    """A published value, as text, and the real-time days for which it holds."""

    stamp: date
    known_from: date
    known_until: date
    published: str
    sha256: str


def observations_request(series: Series, window: Window | None, offset: int, *, base_url: str, api_key: str) -> Request:
    """Ask for a page of a series' observations.

    Args:
        series: `provider_code` is the FRED id.
        window: The real-time days; `None` asks for today's values only.
        offset: How many observations to skip.
        base_url: Such as `https://api.stlouisfed.org`.
        api_key: The user's key; it travels in the query, the service takes it nowhere else.
    """
    realtime = () if window is None else (("realtime_start", str(window.start)), ("realtime_end", str(window.end)))
    return Request(
        source="fred",
        url=f"{base_url.rstrip('/')}/fred/series/observations",
        params=(
            ("series_id", series.provider_code),
            ("file_type", "json"),
            *realtime,
            ("limit", str(PAGE_SIZE)),
            ("offset", str(offset)),
        ),
        secret_params=(("api_key", api_key),),
        is_busy=is_busy,
    )


def read_refusal(body: bytes) -> Refusal | None:
    """Find the error in an answer; the service sends it as JSON or XML whatever the content type says.

    Returns:
        The refusal, or `None` if the answer states none.
    """
    text = body.lstrip()
    if text.startswith(b"{"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if "error_message" not in content and "error_code" not in content:
            return None
        code = content.get("error_code")
        return Refusal(code if isinstance(code, int) else 0, str(content.get("error_message", "no message")))
    if text.startswith(b"<") and b"<!DOCTYPE" not in text and b"<!ENTITY" not in text:
        try:
            element = ET.fromstring(text)  # noqa: S314 without a DOCTYPE there are no entities to expand
        except ET.ParseError:
            return None
        if element.tag == "error":
            code_text = element.get("code", "")
            return Refusal(int(code_text) if code_text.isdecimal() else 0, element.get("message", "no message"))
    return None


def is_busy(body: bytes) -> bool:
    """Whether the answer says 429, which the service also sends with status 200."""
    refusal = read_refusal(body) if len(body) < 10_000 else None
    return refusal is not None and refusal.code == 429


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
            raise ParseError(_unlike(answer, f"units is {content['units']!r}, not 'lin': figures were transformed"))
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
        raise ParseError(_unlike(answer, f"{type(error).__name__}: {error}")) from error
    if len(values) != on_page:
        raise ParseError(_unlike(answer, f"{len(values)} observations from offset {offset} on, of {total}"))
    return values, total


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"value {value!r} is no text")
    return value.strip()


def _unlike(answer: Answer, what: str) -> str:
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return (
        f"FRED answered {answer.url} unlike its documentation ({what}; it begins {beginning!r}); "
        "if that persists, pipelines/official/fred/api.py has to follow the service"
    )


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
    """Turn joined real-time values into observations.

    A value that is as old as the oldest vintage of the series was known before vintages were kept: it is dated by the
    release lag.

    Args:
        series: Gives the periods, the scale and the release lag.
        values: As `join_windows` returns them.

    Raises:
        ParseError: A value is no number, lies outside the sane range, or its date does not fit the frequency.
    """
    values = list(values)
    first_vintage = min((value.known_from for value in values), default=ALL_TIME.start)
    lag = timedelta(days=series.release_lag_days)
    observations = []
    for value in values:
        if value.published in MISSING:
            continue
        start, end = period_of(series, value.stamp)
        known_from, basis = value.known_from, "vintage"
        if known_from == first_vintage and end + lag < known_from:
            known_from, basis = end + lag, "release_lag"
        observations.append(
            Observation(
                series_id=series.series_id,
                period_start=start,
                period_end=end,
                value=_to_number(series, value),
                known_from=known_from,
                known_until=None if value.known_until == ALL_TIME.end else value.known_until,
                known_basis=basis,
                download_sha256=value.sha256,
            )
        )
    return observations


def _to_number(series: Series, value: RealtimeValue) -> float:
    try:
        published = Decimal(value.published)
    except InvalidOperation:
        published = Decimal("NaN")
    if not published.is_finite():
        raise ParseError(
            f"{series.series_id}: FRED gives {value.published!r} for {value.stamp}, which is no number; if that "
            "persists, pipelines/official/fred/api.py has to follow the service"
        )
    return to_base_unit(published, series)


def read_series(series: Series, send: Send, *, base_url: str, api_key: str, today: date) -> Reading:
    """Ask for a series with all its vintages and read the answers.

    Args:
        series: A FRED series of the catalogue.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.
        api_key: The user's key.
        today: The current day, to split windows sensibly.

    Returns:
        Vintages, or sightings for a series whose vintages the service does not keep.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: An answer has another shape, unit or type than documented, or holds no figure.
    """
    ask = partial(_read_window, series, send=send, base_url=base_url, api_key=api_key)
    windows = [ALL_TIME]
    values: list[RealtimeValue] = []
    has_vintages = True
    while windows:
        window = windows.pop(0)
        outcome = ask(window)
        if isinstance(outcome, list):
            values += outcome
        elif outcome.too_many_vintages:
            windows[:0] = split_window(window, today)
        elif not outcome.without_vintages:
            raise _refused(series, outcome)
        elif window == ALL_TIME:  # of a part of it, this says that the archive begins later
            has_vintages = False
    if not has_vintages:
        outcome = ask(None)
        if not isinstance(outcome, list):
            raise _refused(series, outcome)
        values = outcome
    observations = to_observations(series, join_windows(values))
    if not observations:
        raise ParseError(f"{series.series_id}: FRED answered without a single figure; check {series.url}")
    if has_vintages:
        return Reading(vintages=tuple(observations))
    return Reading(
        sightings=tuple(
            Sighting(seen.series_id, seen.period_start, seen.period_end, seen.value, seen.download_sha256 or "")
            for seen in observations
        )
    )


def _refused(series: Series, refusal: Refusal) -> RefusedError:
    stated = f"FRED refuses {series.provider_code} ({refusal.code}: {refusal.message})"
    if refusal.concerns_key:
        return KeyRefusedError(f"{stated}; check FRED_API_KEY")
    return RefusedError(f"{stated}; check provider_code in seeds/series.csv or {series.url}")


def _read_window(
    series: Series, window: Window | None, *, send: Send, base_url: str, api_key: str
) -> list[RealtimeValue] | Refusal:
    values: list[RealtimeValue] = []
    expected: int | None = None
    while expected is None or len(values) < expected:
        answer = send(observations_request(series, window, len(values), base_url=base_url, api_key=api_key))
        refusal = read_refusal(answer.body)
        if refusal is not None:
            return refusal
        if answer.status != 200:
            raise DownloadError(f"FRED answered {answer.url} with status {answer.status}; try again later")
        page, total = parse_page(answer)
        if expected not in {None, total}:
            raise ParseError(
                f"{series.series_id}: the number of observations changed from {expected} to {total} while "
                "the pages were read; the next refresh asks again"
            )
        expected = total
        values += page
    return values
