"""Gathering the series of one provider from the local services, day after day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.observations import (
    OBSERVATION_SCHEMA,
    Gathered,
    SourceOutcome,
    confirm_run,
    gather_observations,
    replay_observations,
)
from pipelines.official.offline import read_offline_figures
from pipelines.places import SEEDS
from tests.official.conftest import QUICK, TODAY
from tests.official.local_services import LocalServices


class OneSource:
    """Gathers the series of a provider; what one run comes to is what the next one knows.

    Args:
        provider: The provider.
        services: The local services.
        folder: An empty folder to work in.
        parts: Only series whose id has one of these among its parts are gathered; by default all.
    """

    def __init__(self, provider: str, services: LocalServices, folder: Path, *parts: str) -> None:
        self.services = services
        self.catalogue = [
            series
            for series in read_catalogue()
            if series.provider == provider and (not parts or not set(parts).isdisjoint(series.series_id.split(".")))
        ]
        self.gathered: Gathered | None = None
        self._downloads_folder = folder / "downloads"
        self._offline_folder = folder / "offline"
        self._offline_folder.mkdir()
        header, *lines = (SEEDS / "official" / f"{provider}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        ids = {series.series_id for series in self.catalogue}
        kept = [line for line in lines if line.partition(",")[0] in ids]
        (self._offline_folder / f"{provider}.csv").write_text("".join([header, *kept]), encoding="utf-8")

    def gather(self, day: date = TODAY, **changes: Any) -> SourceOutcome:
        """Gather on a day and say how it went; `changes` are settings."""
        self.services.today = day
        before = self.gathered
        self.gathered = gather_observations(
            self.catalogue,
            OBSERVATION_SCHEMA.to_frame() if before is None else before.observations,
            settings=replace(self.services.settings(QUICK), **changes),
            downloads_folder=self._downloads_folder,
            offline_folder=self._offline_folder,
            now=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
            offline=False,
            report=lambda _: None,
            states=() if before is None else before.series,
        )
        confirm_run(self.gathered.journal)
        return self.gathered.sources[0]

    def replay(self) -> pl.DataFrame:
        """What the kept answers alone come to."""
        return replay_observations(
            self.catalogue,
            downloads_folder=self._downloads_folder,
            offline_folder=self._offline_folder,
            report=lambda _: None,
        ).observations

    @property
    def observations(self) -> pl.DataFrame:
        """What is known now."""
        assert self.gathered is not None
        return self.gathered.observations

    @property
    def live_ids(self) -> set[str]:
        """The series that a service has answered for."""
        return set(self.observations.filter(pl.col("origin") == "live")["series_id"])

    @property
    def figures(self) -> pl.DataFrame:
        """What is known now, without when and how it came."""
        return self.observations.drop("retrieved_at", "download_sha256", "origin")

    @property
    def offline(self) -> pl.DataFrame:
        """The offline figures of these series."""
        return read_offline_figures(self._offline_folder, self.catalogue)

    def rows(self, series_id: str, period_end: date) -> list[tuple[Any, ...]]:
        """Value, known from, known until, basis of one period, oldest first."""
        chosen = self.observations.filter(pl.col("series_id") == series_id, pl.col("period_end") == period_end)
        return chosen.sort("known_from").select("value", "known_from", "known_until", "known_basis").rows()


@cache
def series_of(series_id: str) -> Series:
    """A series of the catalogue."""
    return next(series for series in read_catalogue() if series.series_id == series_id)
