"""FRED and FiscalData on this machine, as their documentation says, fed from the offline figures.

    with LocalServices() as services:
        ... services.fred_url, services.fiscaldata_url, services.fred_key ...

Figures can be revised and faults put in the way while it runs.
"""

import csv
import json
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from pipelines.official.catalogue import Series, read_catalogue
from pipelines.places import SEEDS

FRED_KEY = "0123456789abcdef0123456789abcdef"
FRED_PATH = "/fred/series/observations"
DEBT_PATH = "/services/api/fiscal_service/v2/accounting/od/debt_to_penny"
DEBT_FIELDS = {
    "DEBT_TO_PENNY.total": "tot_pub_debt_out_amt",
    "DEBT_TO_PENNY.held_by_public": "debt_held_public_amt",
    "DEBT_TO_PENNY.intragovernmental": "intragov_hold_amt",
}
DEBT_TYPES = {"record_date": "DATE", "src_line_nbr": "INTEGER", **dict.fromkeys(DEBT_FIELDS.values(), "CURRENCY")}
MAX_VINTAGES = 2000

Fault = Callable[["_Handler"], None]


class LocalServices:
    """Both services on one free port of 127.0.0.1.

    Attributes:
        fred_key: The only key that FRED accepts here.
        today: The day it is for the services; by default the real one.
        series: FRED id -> date -> the vintages (known from, published text), oldest first.
        debt: Day -> field -> published text.
        without_vintages: FRED ids whose vintages are not kept.
        faults: Part of a path and query -> what to do instead of answering, each once, in order.
        requests: Path and query of every request, in order.
    """

    def __init__(self, figures: Path = SEEDS / "official", today: date | None = None) -> None:
        self.fred_key = FRED_KEY
        self.today = today or date.today()  # noqa: DTZ011 the day on this machine
        self.series: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(dict)
        self.debt: dict[str, dict[str, str]] = defaultdict(dict)
        self.without_vintages: set[str] = set()
        self.faults: dict[str, list[Fault]] = {}
        self.requests: list[str] = []
        for fred_id, stamp, known_from, published in _published_by_fred(figures):
            self.series[fred_id].setdefault(stamp, []).append((known_from, published))
        for row in _rows(figures / "treasury.csv"):
            if row["series_id"] in DEBT_FIELDS:
                self.debt[row["period_end"]][DEBT_FIELDS[row["series_id"]]] = row["value"]
        handler = type("_Bound", (_Handler,), {"services": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def fred_url(self) -> str:
        return self.url

    @property
    def fiscaldata_url(self) -> str:
        return f"{self.url}/services/api/fiscal_service"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def keep_only(self, *fred_ids: str, debt_days: int = 0) -> None:
        """Forget all other series and all but the newest days of the debt, to be fast."""
        self.series = defaultdict(dict, {name: dates for name, dates in self.series.items() if name in fred_ids})
        newest = sorted(self.debt)[-debt_days:] if debt_days else []
        self.debt = defaultdict(dict, {day: self.debt[day] for day in newest})

    def revise(self, fred_id: str, stamp: str, published: str, known_from: date) -> None:
        """Publish a value of a FRED series on a day."""
        self.series[fred_id].setdefault(stamp, []).append((str(known_from), published))

    def fail(self, part: str, *faults: Fault) -> None:
        """Put faults in the way of the next requests whose path and query contain `part`."""
        self.faults.setdefault(part, []).extend(faults)


def answers(status: int, body: bytes | str, content_type: str = "application/json", **headers: str) -> Fault:
    """A complete answer of any kind; header names with `_` for `-`."""

    def fault(handler: "_Handler") -> None:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        handler.answer(status, body.encode() if isinstance(body, str) else body, content_type, named)

    return fault


def edits(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The right answer, with its JSON changed."""

    def fault(handler: "_Handler") -> None:
        handler.change = change
        handler.respond()

    return fault


def breaks_off(handler: "_Handler") -> None:
    """An answer shorter than it says."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"realtime_start":')
    handler.close_connection = True


def hangs_up(handler: "_Handler") -> None:
    """No answer at all."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def keeps_silent(seconds: float) -> Fault:
    def fault(handler: "_Handler") -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def drips(handler: "_Handler") -> None:
    """An answer of one byte every now and then."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True


def redirects_to_itself(handler: "_Handler") -> None:
    handler.answer(302, b"", "text/plain", {"Location": handler.path})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that leaves in the middle is no news here."""


class _Handler(BaseHTTPRequestHandler):
    services: LocalServices
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms
    change: Callable[[dict[str, Any]], object] | None = None

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.services.requests.append(self.path)
        self.change = None
        for part, faults in self.services.faults.items():
            if part in self.path and faults:
                faults.pop(0)(self)
                return
        self.respond()

    def respond(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == FRED_PATH:
            self._fred(query)
        elif parts.path == DEBT_PATH:
            self._debt(query)
        else:
            self.answer(404, b"<html><body>Not Found</body></html>", "text/html")

    def answer(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def _json(self, content: dict[str, Any]) -> None:
        if self.change is not None:
            self.change(content)
        self.answer(200, json.dumps(content).encode(), "application/json")

    def _refuse(self, code: int, message: str) -> None:
        # The service labels its errors text/xml, whatever they are.
        self.answer(
            code, json.dumps({"error_code": code, "error_message": message}).encode(), "text/xml; charset=UTF-8"
        )

    def _fred(self, query: dict[str, str]) -> None:
        services = self.services
        fred_id, today = query.get("series_id", ""), str(services.today)
        if query.get("api_key") != services.fred_key:
            self._refuse(400, "Bad Request.  The value for variable api_key is not registered.")
            return
        if fred_id not in services.series:
            self._refuse(400, "Bad Request.  The series does not exist.")
            return
        start, end = query.get("realtime_start", today), query.get("realtime_end", today)
        if fred_id in services.without_vintages and (start, end) != (today, today):
            self._refuse(400, "Bad Request.  The series does not exist in ALFRED but may exist in FRED.")
            return
        dates = services.series[fred_id]
        vintage_dates = {known for vintages in dates.values() for known, _ in vintages if start <= known <= end}
        if len(vintage_dates) > MAX_VINTAGES:
            self._refuse(
                400,
                f"Bad Request.  There are {len(vintage_dates)} vintage dates in the specified real-time period: "
                f"{start} to {end}.  This exceeds the maximum number of vintage dates allowed for this file type "
                f"({MAX_VINTAGES}).",
            )
            return
        observations = []
        for stamp, vintages in sorted(dates.items()):
            ordered = sorted(vintages)
            for (known_from, published), later in zip(ordered, [*ordered[1:], None], strict=True):
                known_until = "9999-12-31" if later is None else str(date.fromisoformat(later[0]) - timedelta(days=1))
                if known_from <= end and known_until >= start:
                    observations.append(
                        {
                            "realtime_start": max(known_from, start),
                            "realtime_end": min(known_until, end),
                            "date": stamp,
                            "value": published,
                        }
                    )
        limit, offset = int(query.get("limit", "100000")), int(query.get("offset", "0"))
        self._json(
            {
                "realtime_start": start,
                "realtime_end": end,
                "observation_start": "1776-07-04",
                "observation_end": "9999-12-31",
                "units": "lin",
                "output_type": 1,
                "file_type": "json",
                "order_by": "observation_date",
                "sort_order": "asc",
                "count": len(observations),
                "offset": offset,
                "limit": limit,
                "observations": observations[offset : offset + limit],
            }
        )

    def _debt(self, query: dict[str, str]) -> None:
        fields = query.get("fields", ",".join(DEBT_TYPES)).split(",")
        number, size = int(query.get("page[number]", "1")), int(query.get("page[size]", "100"))
        if unknown := set(fields) - set(DEBT_TYPES):
            message = f"Invalid query parameter 'fields' with value '{sorted(unknown)}'."
            self.answer(
                400, json.dumps({"error": "Invalid Query Param", "message": message}).encode(), "application/json"
            )
            return
        table = [
            {"record_date": day, "src_line_nbr": "1", **dict.fromkeys(DEBT_FIELDS.values(), "null"), **amounts}
            for day, amounts in sorted(self.services.debt.items())
        ]
        rows = [{field: row[field] for field in fields} for row in table[(number - 1) * size : number * size]]
        pages = max(1, -(-len(table) // size))
        link = f"&page%5Bnumber%5D={{}}&page%5Bsize%5D={size}"
        self._json(
            {
                "data": rows,
                "meta": {
                    "count": len(rows),
                    "labels": {field: field for field in fields},
                    "dataTypes": {field: DEBT_TYPES[field] for field in fields},
                    "dataFormats": {field: "YYYY-MM-DD" if field == "record_date" else "$10.20" for field in fields},
                    "total-count": len(table),
                    "total-pages": pages,
                },
                "links": {
                    "self": link.format(number),
                    "first": link.format(1),
                    "prev": link.format(number - 1) if number > 1 else None,
                    "next": link.format(number + 1) if number < pages else None,
                    "last": link.format(pages),
                },
            }
        )


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _published_by_fred(figures: Path) -> list[tuple[str, str, str, str]]:
    by_id = {series.series_id: series for series in read_catalogue()}
    return [
        (
            series.provider_code,
            _fred_date(series, row["period_start"], row["period_end"]),
            row["known_from"],
            row["value"],
        )
        for row in _rows(figures / "fred.csv")
        if (series := by_id[row["series_id"]]).provider_code
    ]


def _fred_date(series: Series, period_start: str, period_end: str) -> str:
    """How FRED dates a period: most fiscal-year series by 1 January, those of the budget office by the last day."""
    if series.period_anchor == "fiscal_year":
        return period_end if series.series_id.startswith("FYFSD") else f"{period_end[:4]}-01-01"
    return period_end if series.period_anchor in {"day", "end"} else period_start
