"""Runs against the local FRED without HTTP in between: fast enough for days and days of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.fred import ask_fred
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA
from pipelines.official.settings import SourceSettings
from pipelines.places import SEEDS
from tests.official.local_services.exchange import Asked
from tests.official.local_services.fred import FredService
from tests.official.local_services.fredgraph import FredGraphService


class FredRuns:
    """One installation that asks the local services for series, run after run.

    Attributes:
        fred: The API.
        fredgraph: The CSV files of the same figures.
        today: The day of the last run.
        series: The catalogue.
        held: What is known.
        answered_at: When each series was last answered.
        asked: Path and query of the last run's requests.
        reason: What the last run said.
        refuse: Parts of addresses -> the answer that they get instead, status and body.
    """

    def __init__(self, series: Sequence[Series], *, key: str | None, fred: FredService | None = None) -> None:
        self.fred = fred or FredService(SEEDS / "official")
        self.fredgraph = FredGraphService(self.fred)
        self.today = date(2026, 11, 2)
        self.series = {one.series_id: one for one in series}
        self.settings = SourceSettings(fred_key=key)
        self.held = OBSERVATION_SCHEMA.to_frame()
        self.answered_at: dict[str, datetime] = {}
        self.asked: list[str] = []
        self.reason: str | None = None
        self.refuse: dict[str, tuple[int, bytes]] = {}

    def run(self, day: date, as_of: Mapping[str, Collection[date]] | None = None) -> str:
        """Ask on a day at noon and return the state."""
        self.today = day
        self.asked = []
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        answers = Answers(self.series, self.held, now, self.answered_at, as_of)
        state, self.reason = ask_fred(answers, self.send, self.settings, lambda _: None)
        self.held, self.answered_at = answers.held.sort(OBSERVATION_KEY), answers.answered_at
        return state

    def turn_keyless_off(self) -> None:
        self.settings = replace(self.settings, fred_keyless=False)

    def forget_answers(self) -> None:
        """Let the next run read everything again."""
        self.answered_at = {}

    def send(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        query = dict([*request.params, *request.secret_params])
        self.asked.append(f"{path}?{'&'.join(f'{name}={text}' for name, text in request.params)}")
        refused = next((reply for part, reply in self.refuse.items() if part in self.asked[-1]), None)
        if refused is not None:
            status, body = refused
        else:
            service = self.fred if path.startswith(self.fred.paths) else self.fredgraph
            reply = service.respond(Asked(path, query, {}, self.today))
            status, body = reply.status, reply.body
        return Answer(request.shown_url, status, {}, datetime.now(UTC), body, sha256(body).hexdigest())

    def figures(self, series_id: str) -> list[tuple[Any, ...]]:
        """Start, value, known from and until, basis of what is held of a series."""
        rows = self.held.filter(pl.col("series_id") == series_id)
        return rows.select("period_start", "value", "known_from", "known_until", "known_basis").rows()

    def copy(self) -> "FredRuns":
        """A second installation that knows the same and asks the same services."""
        other = FredRuns(list(self.series.values()), key=self.settings.fred_key, fred=self.fred)
        other.held, other.answered_at, other.settings = self.held, dict(self.answered_at), self.settings
        return other
