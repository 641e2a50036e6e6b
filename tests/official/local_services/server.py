"""One HTTP server for all services, with faults on demand.

A service is a class with `paths` and `respond(asked) -> reply` (exchange.py). It registers by being an attribute of
`LocalServices` and one of its `all_services`; its base address is a property beside the others.
"""

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.official.settings import Limits, SourceSettings
from pipelines.places import SEEDS
from tests.official.local_services import cbo, fiscaldata
from tests.official.local_services.cbo import CboService
from tests.official.local_services.exchange import Asked, Reply, Service, not_found
from tests.official.local_services.faults import Fault
from tests.official.local_services.figures import catalogue_by_id
from tests.official.local_services.fiscaldata import FiscalDataService
from tests.official.local_services.fred import FredService
from tests.official.local_services.fredgraph import FredGraphService
from tests.official.local_services.sec import SecService


class LocalServices:
    """All services on one port of 127.0.0.1.

    Args:
        figures: The offline figures that they are fed from.
        today: The day it is for the services; by default the real one.
        port: The port; 0 takes a free one.

    Attributes:
        today: The day it is for the services.
        fred, fredgraph, fiscaldata, cbo, sec: The services.
        faults: Part of a path and query -> what to do instead of answering, each once, in order.
        requests: Path and query of every request, in order.
        request_headers: The headers of every request, names in lower case, in the same order.
    """

    def __init__(self, figures: Path = SEEDS / "official", today: date | None = None, port: int = 0) -> None:
        self.today = today or date.today()  # noqa: DTZ011 the day on this machine
        self.fred = FredService(figures)
        self.fredgraph = FredGraphService(self.fred)
        self.fiscaldata = FiscalDataService(figures)
        self.cbo = CboService(figures)
        self.sec = SecService(figures)
        self.all_services: tuple[Service, ...] = (self.fred, self.fredgraph, self.fiscaldata, self.cbo, self.sec)
        self.faults: dict[str, list[Fault]] = {}
        self.requests: list[str] = []
        self.request_headers: list[dict[str, str]] = []
        handler = type("_Bound", (Handler,), {"services": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def fred_url(self) -> str:
        return self.url

    @property
    def fredgraph_url(self) -> str:
        return self.url

    @property
    def alfred_url(self) -> str:
        return self.url

    @property
    def fiscaldata_url(self) -> str:
        return f"{self.url}{fiscaldata.BASE}"

    @property
    def cbo_url(self) -> str:
        return f"{self.url}{cbo.BASE}"

    @property
    def sec_url(self) -> str:
        return self.url

    def settings(self, limits: Limits | None = None) -> SourceSettings:
        """Settings that point every source here."""
        return SourceSettings(
            fred_url=self.fred_url,
            fred_key=self.fred.key,
            fredgraph_url=self.fredgraph_url,
            alfred_url=self.alfred_url,
            fiscaldata_url=self.fiscaldata_url,
            cbo_url=self.cbo_url,
            sec_url=self.sec_url,
            contact="tests@example.org",
            limits=limits or Limits(),
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point `hedui refresh` here."""
        return {
            "HEDUI_FRED_URL": self.fred_url,
            "HEDUI_FREDGRAPH_URL": self.fredgraph_url,
            "HEDUI_ALFRED_URL": self.alfred_url,
            "HEDUI_FISCALDATA_URL": self.fiscaldata_url,
            "HEDUI_CBO_URL": self.cbo_url,
            "HEDUI_SEC_URL": self.sec_url,
            "HEDUI_CONTACT": "tests@example.org",
            "FRED_API_KEY": self.fred.key,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def keep_only(self, *fred_ids: str, debt_days: int = 0) -> None:
        """Forget all other FRED series and all but the newest days of the debt, to be fast."""
        self.fred.keep_only(*fred_ids)
        self.fiscaldata.keep_only(debt_days)

    def publish_revisions(self) -> int:
        """Publish the newest figure of every monthly series of FRED a last digit higher now; gives how many."""
        revised, now = 0, datetime.now(UTC)
        for fred_id, dates in self.fred.series.items():
            series = next((one for one in catalogue_by_id().values() if one.provider_code == fred_id), None)
            if series is None or series.frequency != "monthly":
                continue
            stamp = max(dates)
            newest = Decimal(max(dates[stamp])[1])
            step = Decimal(1).scaleb(int(newest.as_tuple().exponent))
            self.fred.revise(fred_id, stamp, str(newest + step), self.today, at=now)
            revised += 1
        return revised

    def fail(self, part: str, *faults: Fault) -> None:
        """Put faults in the way of the next requests whose path and query contain `part`."""
        self.faults.setdefault(part, []).extend(faults)

    def reply_to(self, asked: Asked) -> Reply:
        """What the service of that path answers."""
        for service in self.all_services:
            if asked.path.startswith(service.paths):
                reply = service.respond(asked)
                if not reply.etag:
                    return reply
                etag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
                if asked.headers.get("if-none-match") == etag:
                    return Reply(304, b"", reply.content_type, {"ETag": etag})
                return replace(reply, headers={**reply.headers, "ETag": etag})
        return not_found(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that leaves in the middle is no news here."""


class Handler(BaseHTTPRequestHandler):
    """Answers a request, or does what a fault says instead."""

    services: LocalServices
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.services.requests.append(self.path)
        self.services.request_headers.append({name.lower(): text for name, text in self.headers.items()})
        for part, faults in self.services.faults.items():
            if part in unquote(self.path) and faults:
                faults.pop(0)(self)
                return
        self.give(self.find_reply())

    def find_reply(self) -> Reply:
        """The right answer."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): text for name, text in self.headers.items()}
        return self.services.reply_to(Asked(unquote(parts.path), query, headers, self.services.today))

    def give(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        for name, text in reply.headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(reply.body)
