"""Which series FRED has changed lately, and whether a series is still what the catalogue says.

The list of updated series is sorted by the time of the update, newest first, and reaches back two weeks. In five days
some 30,000 series of whole countries are updated and 130,000 of states, counties and towns; so only the former are
listed, and a series of the latter kind is found by the day on which its next figure is due.
Documented at https://fred.stlouisfed.org/docs/api/fred/series_updates.html and .../series.html.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from pipelines.errors import ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer
from pipelines.official.fred.api import FredApi, Refusal, refused, unlike_documentation

PAGE_SIZE = 1000  # the largest `limit` that the service takes here
# More pages cost more requests than asking every series of the catalogue for its news.
MAX_PAGES = 25
# The list reaches back two weeks; a day less, so that nothing falls off its end while it is read.
REACH = timedelta(days=13)
# A series that was updated this long before it was last read is read again: clocks differ.
MARGIN = timedelta(hours=2)

_MULTIPLES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_FREQUENCIES = {"D": "daily", "W": "weekly", "M": "monthly", "Q": "quarterly", "A": "annual"}


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """What the service says about a series.

    Attributes:
        fred_id: Its id.
        units: The unit in words, such as `Millions of Dollars`.
        frequency: The short form, such as `Q`.
        updated_at: When it was last updated.
    """

    fred_id: str
    units: str
    frequency: str
    updated_at: datetime


def read_entry(api: FredApi, series: Series) -> SeriesEntry:
    """Ask what the service says about a series.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: The answer has another shape than documented or is about another series.
    """
    answer = api.ask(api.request("series", ("series_id", series.provider_code)))
    if isinstance(answer, Refusal):
        raise refused(answer, series)
    entries = parse_entries(answer)
    if len(entries) != 1 or entries[0].fred_id != series.provider_code:
        raise unlike_documentation(answer, f"it is not about {series.provider_code}")
    return entries[0]


def find_updated(api: FredApi, answered_at: Mapping[str, datetime]) -> dict[str, SeriesEntry] | None:
    """Ask which series of whole countries were updated since they were last read.

    Args:
        api: The service.
        answered_at: When each series was last read, by FRED id; within the last `REACH`.

    Returns:
        What the service says about those that were updated; `None` if the list is too long to be read.

    Raises:
        DownloadError: The service gave no answer.
        RefusedError: It refused this request; `KeyRefusedError` if it refuses the key.
        ParseError: An answer has another shape than documented.
    """
    oldest = min(answered_at.values()) - MARGIN
    updated: dict[str, SeriesEntry] = {}
    offset = 0
    for _ in range(MAX_PAGES):
        page = ("filter_value", "macro"), ("limit", str(PAGE_SIZE)), ("offset", str(offset))
        answer = api.ask(api.request("series/updates", *page))
        if isinstance(answer, Refusal):
            raise refused(answer)
        entries, total = parse_updates(answer)
        for entry in entries:
            if entry.fred_id in answered_at and entry.updated_at >= answered_at[entry.fred_id] - MARGIN:
                updated.setdefault(entry.fred_id, entry)
        offset += len(entries)
        if offset >= total or entries[-1].updated_at < oldest:
            return updated
    return None


def parse_updates(answer: Answer) -> tuple[list[SeriesEntry], int]:
    """Read a page of `/fred/series/updates`.

    Returns:
        The series of the page, and how many the list has in all.

    Raises:
        ParseError: The answer has another shape than documented, or another order than newest first.
    """
    entries = parse_entries(answer)
    total = json.loads(answer.body).get("count")
    if not isinstance(total, int) or isinstance(total, bool):
        raise unlike_documentation(answer, f"count is {total!r}")
    if not entries and total > 0:
        raise unlike_documentation(answer, f"no series of {total}")
    if any(earlier.updated_at < later.updated_at for earlier, later in pairwise(entries)):
        raise unlike_documentation(answer, "the series are not sorted by last_updated, newest first")
    return entries, total


def parse_entries(answer: Answer) -> list[SeriesEntry]:
    """Read the series in the answer of `/fred/series` or `/fred/series/updates`.

    Raises:
        ParseError: The answer has another shape than documented.
    """
    try:
        return [_parse_entry(entry) for entry in json.loads(answer.body)["seriess"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unlike_documentation(answer, f"{type(error).__name__}: {error}") from error


def _parse_entry(entry: Mapping[str, object]) -> SeriesEntry:
    fred_id, units, frequency, updated = (entry[name] for name in ("id", "units", "frequency_short", "last_updated"))
    if not (isinstance(fred_id, str) and isinstance(units, str) and isinstance(frequency, str)):
        raise TypeError(f"id {fred_id!r}, units {units!r} and frequency_short {frequency!r} are not all texts")
    if not isinstance(updated, str):
        raise TypeError(f"last_updated {updated!r} is no text")
    updated_at = datetime.fromisoformat(updated)  # such as 2024-11-01 07:41:02-05
    if updated_at.tzinfo is None:
        raise ValueError(f"last_updated {updated!r} has no offset from UTC")
    return SeriesEntry(fred_id, units, frequency, updated_at)


def check_entry(series: Series, entry: SeriesEntry) -> None:
    """Compare what the service says about a series with the catalogue.

    Raises:
        ParseError: The unit is another multiple than `scale`, or the frequency is another.
    """
    words = set(re.findall("|".join(_MULTIPLES), entry.units.lower()))
    multiple = _MULTIPLES[words.pop()] if len(words) == 1 else 1
    if abs(series.scale) != multiple:
        raise ParseError(
            f"{series.series_id}: FRED publishes it in {entry.units!r}, the catalogue takes it times "
            f"{abs(series.scale):f}; correct scale in seeds/series.csv to {Decimal(multiple):f} (with the sign it has) "
            "once the figures have been looked at; what was known stays"
        )
    frequency = _FREQUENCIES.get(entry.frequency, entry.frequency)
    if frequency != series.frequency:
        raise ParseError(
            f"{series.series_id}: FRED publishes it {frequency}, the catalogue says {series.frequency}; correct "
            "frequency and period_anchor in seeds/series.csv; what was known stays"
        )
