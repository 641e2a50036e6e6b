import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.observations import (
    OBSERVATION_SCHEMA,
    Gathered,
    SeriesState,
    confirm_run,
    gather_observations,
    replay_observations,
)
from pipelines.official.offline import COLUMNS
from pipelines.official.settings import Limits
from pipelines.places import SEEDS
from tests.official.local_services import LocalServices

FRED_IDS = ("A191RL1Q225SBEA", "UNRATE", "SP500")
SERIES_IDS = (*FRED_IDS, "DEBT_TO_PENNY.total", "DEBT_TO_PENNY.held_by_public", "DEBT_TO_PENNY.intragovernmental")
TODAY = date(2026, 11, 22)
# Short enough for tests; the waits between repetitions are not slept but real, so they are short, too.
QUICK = Limits(
    reach_seconds=1.0,
    connect_seconds=1.0,
    read_seconds=0.3,
    total_seconds=2.0,
    max_bytes=3_000_000,
    attempts=3,
    first_wait_seconds=0.01,
    max_wait_seconds=0.5,
)


@pytest.fixture(scope="session")
def series_by_id() -> dict[str, Series]:
    return {series.series_id: series for series in read_catalogue()}


@pytest.fixture(scope="session")
def small_catalogue(series_by_id: dict[str, Series]) -> tuple[Series, ...]:
    """Six series: one revised often, one with vintages of a copy, one that may not be passed on, three of the debt."""
    return tuple(series_by_id[series_id] for series_id in SERIES_IDS)


@pytest.fixture(scope="session")
def small_offline_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    for provider in ("fred", "treasury"):
        with (SEEDS / "official" / f"{provider}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["series_id"] in SERIES_IDS]
        if provider == "treasury":
            rows = [row for row in rows if row["period_end"] >= "2026-08-01"]
        with (folder / f"{provider}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def start_services() -> LocalServices:
    local = LocalServices(today=TODAY)
    local.keep_only(*FRED_IDS, debt_days=20)
    local.fred.series["SP500"] = {"2026-11-19": [("2026-11-19", "7000.5")], "2026-11-20": [("2026-11-20", "7010.25")]}
    return local


@pytest.fixture
def services() -> Iterator[LocalServices]:
    with start_services() as local:
        yield local


@pytest.fixture(scope="session")
def settled(
    small_catalogue: tuple[Series, ...], small_offline_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Gathered:
    """What is known after a first gathering in which all went well."""
    with start_services() as local:
        return gather_observations(
            small_catalogue,
            OBSERVATION_SCHEMA.to_frame(),
            settings=local.settings(QUICK),
            downloads_folder=tmp_path_factory.mktemp("downloads"),
            offline_folder=small_offline_folder,
            now=datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=UTC),
            offline=False,
            report=lambda _: None,
        )


@pytest.fixture
def gather(
    services: LocalServices, small_catalogue: tuple[Series, ...], small_offline_folder: Path, tmp_path: Path
) -> Callable[..., Gathered]:
    def run(
        known: pl.DataFrame | Gathered | None = None,
        *,
        day: date = TODAY,
        offline: bool = False,
        limits: Limits = QUICK,
        confirm: bool = True,
        report: Callable[[str], None] = lambda _: None,
        as_of: dict[str, list[date]] | None = None,
        **changes: Any,
    ) -> Gathered:
        """Gather once; what is known may be the outcome of an earlier gathering, `changes` are settings."""
        services.today = day
        states: tuple[SeriesState, ...] = ()
        rows = known if isinstance(known, pl.DataFrame) else OBSERVATION_SCHEMA.to_frame()
        if isinstance(known, Gathered):
            rows, states = known.observations, known.series
        gathered = gather_observations(
            small_catalogue,
            rows,
            settings=replace(services.settings(limits), **changes),
            downloads_folder=tmp_path / "downloads",
            offline_folder=small_offline_folder,
            now=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
            offline=offline,
            report=report,
            states=states,
            as_of=as_of,
        )
        if confirm:
            confirm_run(gathered.journal)
        return gathered

    return run


@pytest.fixture
def replay(small_catalogue: tuple[Series, ...], small_offline_folder: Path, tmp_path: Path) -> Callable[..., Gathered]:
    """Build the observations of `gather` again from what it kept."""

    def run(known: pl.DataFrame | None = None) -> Gathered:
        return replay_observations(
            small_catalogue,
            downloads_folder=tmp_path / "downloads",
            offline_folder=small_offline_folder,
            report=lambda _: None,
            known=known,
        )

    return run
