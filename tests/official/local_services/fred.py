"""The FRED API v1, as its documentation says: JSON or XML, real-time periods cut at the window, 2,000 vintages an answer."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

from pipelines.official.catalogue import Series
from tests.official.local_services.exchange import Asked, Reply, as_json, not_found
from tests.official.local_services.figures import catalogue_by_id, read_rows

FRED_KEY = "0123456789abcdef0123456789abcdef"
MAX_VINTAGES = 2000
FIRST_DAY, LAST_DAY = "1776-07-04", "9999-12-31"
CENTRAL = timezone(timedelta(hours=-6))  # `last_updated` is in the time of St. Louis
MULTIPLES = {1_000: "Thousands", 1_000_000: "Millions", 1_000_000_000: "Billions"}
THINGS = {"USD": "Dollars", "count": "Persons", "percent": "Percent", "percentage_point": "Percentage Points"}


class RefusedError(Exception):
    """What the service answers instead; status and message."""

    def __init__(self, message: str, code: int = 400) -> None:
        super().__init__(message)
        self.code = code


class FredService:
    """FRED's API.

    Attributes:
        key: The only key that it accepts.
        series: FRED id -> date -> the vintages (known from, published text), oldest first; later ones than the
            service's day are not out yet.
        without_vintages: FRED ids whose vintages are not kept.
        units: FRED id -> unit in words, where it is not the catalogue's.
        updated: FRED id -> `last_updated`, where it is not the morning of the newest vintage.
        others: `last_updated` of further series that nobody here asks for, newest first, to lengthen the list.
    """

    paths: ClassVar[tuple[str, ...]] = ("/fred/",)

    def __init__(self, figures: Path) -> None:
        self.key = FRED_KEY
        self.series: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(dict)
        self.without_vintages: set[str] = set()
        self.units: dict[str, str] = {}
        self.updated: dict[str, str] = {}
        self.others: list[str] = []
        for fred_id, stamp, known_from, published in _published(figures):
            self.series[fred_id].setdefault(stamp, []).append((known_from, published))

    def keep_only(self, *fred_ids: str) -> None:
        """Forget all other series, to be fast."""
        self.series = defaultdict(dict, {name: dates for name, dates in self.series.items() if name in fred_ids})

    def revise(self, fred_id: str, stamp: str, published: str, known_from: date, at: datetime | None = None) -> None:
        """Publish a value of a series on a day: at that moment, or in its morning."""
        self.series[fred_id].setdefault(stamp, []).append((str(known_from), published))
        if at:
            self.updated[fred_id] = f"{at.astimezone(CENTRAL):%Y-%m-%d %H:%M:%S}-06"

    def value_on(self, fred_id: str, stamp: str, day: str) -> str | None:
        """What was published of a date on a day; `None` if it was not out."""
        return next((text for known, text in sorted(self.series[fred_id][stamp], reverse=True) if known <= day), None)

    def respond(self, asked: Asked) -> Reply:
        endpoint = self._endpoints.get(asked.path.removeprefix("/fred/"))
        if endpoint is None:
            return not_found(asked)
        is_json = asked.query.get("file_type", "xml") == "json"
        try:
            self._check_key(asked.query)
            tag, content = endpoint(self, asked)
        except RefusedError as refusal:
            message = f"Bad Request.  {refusal}" if refusal.code == 400 else str(refusal)
            if is_json:  # labelled text/xml, whatever it is
                content = {"error_code": refusal.code, "error_message": message}
                return as_json(content, refusal.code, "text/xml; charset=UTF-8")
            error = ET.Element("error", {"code": str(refusal.code), "message": message})
            return Reply(refusal.code, _as_bytes(error), "text/xml; charset=UTF-8")
        return as_json(content) if is_json else Reply(200, _as_xml(tag, content), "text/xml; charset=UTF-8")

    def _check_key(self, query: Mapping[str, str]) -> None:
        key = query.get("api_key")
        if not key:
            raise RefusedError("Variable api_key has not been set.")
        if not (len(key) == 32 and key.isalnum() and key == key.lower()):
            raise RefusedError(
                "The value for variable api_key is not a 32 character alpha-numeric lower-case string.  Read "
                "https://fred.stlouisfed.org/docs/api/api_key.html for more information."
            )
        if key != self.key:
            raise RefusedError(
                "The value for variable api_key is not registered.  Read "
                "https://fred.stlouisfed.org/docs/api/api_key.html for more information."
            )

    def _id_of(self, asked: Asked) -> str:
        fred_id = asked.query.get("series_id", "")
        if not fred_id:
            raise RefusedError("Variable series_id has not been set.")
        if fred_id not in self.series:
            raise RefusedError("The series does not exist.")
        return fred_id

    def vintages_of(self, fred_id: str, today: str) -> dict[str, list[tuple[str, str]]]:
        """Date -> the vintages that are out, oldest first."""
        out = {
            stamp: sorted(vintage for vintage in vintages if vintage[0] <= today)
            for stamp, vintages in sorted(self.series[fred_id].items())
        }
        return {stamp: vintages for stamp, vintages in out.items() if vintages}

    def _observations(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        query, today = asked.query, str(asked.today)
        fred_id = self._id_of(asked)
        start, end = query.get("realtime_start", today), query.get("realtime_end", today)
        named = [day for day in query.get("vintage_dates", "").split(",") if day]
        if named:
            start, end = min(named), max(named)
        if start > end:
            raise RefusedError("The value for variable realtime_start is after realtime_end.")
        if fred_id in self.without_vintages and (start, end) != (today, today):
            raise RefusedError(
                "The series does not exist in ALFRED but may exist in FRED.  Try setting realtime_start and "
                "realtime_end to today's date."
            )
        dates = self.vintages_of(fred_id, today)
        count = len({known for vintages in dates.values() for known, _ in vintages if start <= known <= end})
        if count > MAX_VINTAGES:
            raise RefusedError(
                f"There are {count} vintage dates in the specified real-time period: {start} to {end}.  This exceeds "
                f"the maximum number of vintage dates allowed for this file type ({MAX_VINTAGES})."
            )
        first, last = query.get("observation_start", FIRST_DAY), query.get("observation_end", LAST_DAY)
        observations = [
            {
                "realtime_start": max(known_from, start),
                "realtime_end": min(known_until, end),
                "date": stamp,
                "value": text,
            }
            for stamp, vintages in dates.items()
            if first <= stamp <= last
            for known_from, known_until, text in _stretches(vintages)
            if known_from <= end
            and known_until >= start
            and (not named or any(known_from <= day <= known_until for day in named))
        ]
        if query.get("sort_order", "asc") == "desc":
            observations.reverse()
        limit, offset = _page(query, 100_000)
        return "observation", {
            "realtime_start": start,
            "realtime_end": end,
            "observation_start": first,
            "observation_end": last,
            "units": query.get("units", "lin"),
            "output_type": 1,
            "file_type": query.get("file_type", "xml"),
            "order_by": "observation_date",
            "sort_order": query.get("sort_order", "asc"),
            "count": len(observations),
            "offset": offset,
            "limit": limit,
            "observations": observations[offset : offset + limit],
        }

    def _vintage_dates(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        fred_id = self._id_of(asked)
        if fred_id in self.without_vintages:
            raise RefusedError("The series does not exist in ALFRED but may exist in FRED.")
        start, end = asked.query.get("realtime_start", FIRST_DAY), asked.query.get("realtime_end", LAST_DAY)
        dates = self.vintages_of(fred_id, str(asked.today))
        days = sorted({known for vintages in dates.values() for known, _ in vintages if start <= known <= end})
        limit, offset = _page(asked.query, 10_000)
        return "vintage_date", {
            "realtime_start": start,
            "realtime_end": end,
            "order_by": "vintage_date",
            "sort_order": "asc",
            "count": len(days),
            "offset": offset,
            "limit": limit,
            "vintage_dates": days[offset : offset + limit],
        }

    def _series(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        today = str(asked.today)
        entry = self._entry(self._id_of(asked), today)
        return "series", {"realtime_start": today, "realtime_end": today, "seriess": [entry]}

    def _entry(self, fred_id: str, today: str) -> dict[str, Any]:
        series = next(one for one in catalogue_by_id().values() if one.provider_code == fred_id)
        stamps = sorted(self.series[fred_id])
        days = (known for vintages in self.series[fred_id].values() for known, _ in vintages if known <= today)
        words = " of ".join(
            word for word in (MULTIPLES.get(abs(int(series.scale))), THINGS.get(series.unit, "Index 2017=100")) if word
        )
        newest = max(days, default=FIRST_DAY)
        return {
            "id": fred_id,
            "realtime_start": today,
            "realtime_end": today,
            "title": series.title,
            "observation_start": stamps[0],
            "observation_end": stamps[-1],
            "frequency": series.frequency.capitalize(),
            "frequency_short": series.frequency[0].upper(),
            "units": self.units.get(fred_id, words),
            "units_short": self.units.get(fred_id, words),
            "seasonal_adjustment": "Not Seasonally Adjusted",
            "seasonal_adjustment_short": "NSA",
            "last_updated": self.updated.get(fred_id, f"{newest} 07:41:02-06"),
            "popularity": 50,
            "notes": "",
        }

    def _updates(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        today = str(asked.today)
        since = str(asked.today - timedelta(days=14))
        ours = [self._entry(fred_id, today) for fred_id in self.series]
        others = [
            {"id": f"OTHER{number}", "units": "Percent", "frequency_short": "M", "last_updated": updated}
            for number, updated in enumerate(self.others)
        ]
        entries = [entry for entry in (*ours, *others) if entry["last_updated"] >= since]
        entries.sort(key=lambda entry: entry["last_updated"], reverse=True)
        limit, offset = _page(asked.query, 1000)
        return "series", {
            "realtime_start": today,
            "realtime_end": today,
            "filter_variable": "geography",
            "filter_value": asked.query.get("filter_value", "all"),
            "order_by": "last_updated",
            "sort_order": "desc",
            "count": len(entries),
            "offset": offset,
            "limit": limit,
            "seriess": entries[offset : offset + limit],
        }

    def _release(self, asked: Asked) -> tuple[str, dict[str, Any]]:
        self._id_of(asked)
        today = str(asked.today)
        release = {"id": 53, "realtime_start": today, "realtime_end": today, "name": "A release", "press_release": True}
        return "release", {"realtime_start": today, "realtime_end": today, "releases": [release]}

    _endpoints: ClassVar[dict[str, Callable[["FredService", Asked], tuple[str, dict[str, Any]]]]] = {
        "series/observations": _observations,
        "series/vintagedates": _vintage_dates,
        "series": _series,
        "series/updates": _updates,
        "series/release": _release,
    }


def _stretches(vintages: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """From when to when each vintage was the current one."""
    for (known_from, text), later in zip(vintages, [*vintages[1:], None], strict=True):
        until = LAST_DAY if later is None else str(date.fromisoformat(later[0]) - timedelta(days=1))
        yield known_from, until, text


def _page(query: Mapping[str, str], most: int) -> tuple[int, int]:
    limit, offset = int(query.get("limit", most)), int(query.get("offset", "0"))
    if not 1 <= limit <= most:
        raise RefusedError(f"The value for variable limit is not between 1 and {most}.")
    return limit, offset


def _as_xml(tag: str, content: dict[str, Any]) -> bytes:
    """The same in XML: what is plain as attributes, the list as elements of that tag."""
    plural = next(name for name, part in content.items() if isinstance(part, list))
    root = ET.Element(plural, {name: _text(part) for name, part in content.items() if name != plural})
    for part in content[plural]:
        attributes = {name: _text(value) for name, value in part.items()} if isinstance(part, dict) else {}
        element = ET.SubElement(root, tag, attributes)
        if not attributes:
            element.text = part
    return _as_bytes(root)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_bytes(element: ET.Element) -> bytes:
    return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


@cache
def _published(figures: Path) -> list[tuple[str, str, str, str]]:
    by_id = catalogue_by_id()
    return [
        (
            series.provider_code,
            fred_date(series, row["period_start"], row["period_end"]),
            row["known_from"],
            row["value"],
        )
        for row in read_rows(figures / "fred.csv")
        if (series := by_id[row["series_id"]]).provider_code
    ]


def fred_date(series: Series, period_start: str, period_end: str) -> str:
    """How FRED dates a period: most fiscal-year series by 1 January, those of the budget office by the last day."""
    if series.period_anchor == "fiscal_year":
        return period_end if series.series_id.startswith("FYFSD") else f"{period_end[:4]}-01-01"
    return period_end if series.period_anchor in {"day", "end"} else period_start
