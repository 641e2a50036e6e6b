"""Every series of the catalogue from the local services: the offline figures come again, and few requests do it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.observations import (
    OBSERVATION_SCHEMA,
    Gathered,
    Limits,
    confirm_run,
    gather_observations,
    replay_observations,
)
from pipelines.places import SEEDS
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices

CATALOGUE = read_catalogue()
SAID = ["series_id", "period_start", "period_end", "value", "known_from", "known_until"]
HOSTS = {"fred": "api.stlouisfed.org", "sec": "data.sec.gov"}


class Day(NamedTuple):
    """A refresh of the whole catalogue, and the requests it sent by source."""

    gathered: Gathered
    requests: dict[str, int]


def gather(services: LocalServices, day: date, folder: Path, before: Gathered | None, *, offline: bool = False) -> Day:
    services.today = day
    gathered = gather_observations(
        CATALOGUE,
        OBSERVATION_SCHEMA.to_frame() if before is None else before.observations,
        settings=services.settings(replace(Limits(), read_seconds=30.0, failure_seconds=60.0)),
        downloads_folder=folder,
        offline_folder=SEEDS / "official",
        now=datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
        offline=offline,
        report=lambda _: None,
        states=() if before is None else before.series,
    )
    confirm_run(gathered.journal)
    return Day(gathered, {one.source: one.requests for one in gathered.sources})


def add_what_may_not_be_passed_on(services: LocalServices) -> None:
    """One figure for each series of FRED of which there is none offline, so that the service knows them all."""
    for series in CATALOGUE:
        if series.provider == "fred" and series.provider_code and series.provider_code not in services.fred.series:
            middle = Decimal(series.sane_low + series.sane_high) / 2 / series.scale
            services.fred.revise(series.provider_code, "2026-01-01", f"{middle:.2f}", date(2026, 3, 2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def days(folder: Path) -> list[Day]:
    """A first day, an unchanged second one, and a third with a revision of every monthly series of FRED."""
    with LocalServices(today=TODAY) as services:
        add_what_may_not_be_passed_on(services)
        first = gather(services, TODAY, folder, None)
        second = gather(services, TODAY + timedelta(days=1), folder, first.gathered)
        services.today = TODAY + timedelta(days=2)
        assert services.publish_revisions() > 20
        return [first, second, gather(services, services.today, folder, second.gathered)]


@pytest.fixture(scope="module")
def offline(folder: Path) -> pl.DataFrame:
    with LocalServices(today=TODAY) as services:
        return gather(services, TODAY, folder, None, offline=True).gathered.observations


def series_of(provider: str) -> list[Series]:
    return [series for series in CATALOGUE if series.provider == provider]


def test_every_source_and_every_series_with_a_service_is_live(days: list[Day]) -> None:
    assert {one.source: one.state for one in days[0].gathered.sources} == dict.fromkeys(
        ("treasury", "fred", "cbo", "sec"), "live"
    )
    assert [one for one in days[0].gathered.series if one.state == "failed"] == []


def test_the_offline_figures_come_again_to_the_last_digit(days: list[Day], offline: pl.DataFrame) -> None:
    live = days[0].gathered.observations.filter(pl.col("origin") == "live").select(SAID)
    common = offline.join(live, on=["series_id", "period_start", "period_end"], how="semi")
    assert common.height > 38_000
    assert common.join(live, on=SAID, how="anti", nulls_equal=True).is_empty()


def test_and_more_vintages_than_offline(days: list[Day], offline: pl.DataFrame) -> None:
    def vintages(rows: pl.DataFrame) -> int:
        return rows.filter(pl.col("known_basis") == "vintage").height

    counts = [vintages(offline), *(vintages(day.gathered.observations) for day in days)]
    assert counts[0] < counts[1] == counts[2] < counts[3]


def test_an_unchanged_day_changes_nothing(days: list[Day]) -> None:
    assert days[1].gathered.observations.equals(days[0].gathered.observations)


def test_a_revision_is_one_row_a_series(days: list[Day]) -> None:
    before, after = (day.gathered.observations for day in days[1:])
    new = after.join(before, on=SAID[:5], how="anti")
    assert Counter(new["series_id"]) == dict.fromkeys(new["series_id"], 1)
    assert set(new["known_from"]) == {TODAY + timedelta(days=2)}


def test_a_replay_of_the_whole_catalogue_gives_the_same_rows(days: list[Day], folder: Path) -> None:
    again = replay_observations(
        CATALOGUE,
        downloads_folder=folder,
        offline_folder=SEEDS / "official",
        report=lambda _: None,
    )
    assert again.observations.equals(days[-1].gathered.observations)


def test_an_unchanged_day_asks_as_little_as_the_services_allow(days: list[Day]) -> None:
    """FRED lists what it has updated, so that only figures that are overdue are asked for; the others have no such list."""
    requests = days[1].requests
    companies = {series.provider_code.split("/")[0] for series in series_of("sec") if series.provider_code}
    files = {series.provider_code.split(":")[0] for series in series_of("cbo") if series.provider_code}
    tables = {series.provider_code.split(":")[0] for series in series_of("treasury") if series.provider_code}
    assert requests["fred"] <= 1 + len(series_of("fred")) // 6
    assert requests["cbo"] == len(files)
    assert requests["treasury"] <= len(tables)
    assert requests["sec"] == len(companies)


def test_a_first_load_takes_less_than_fifteen_minutes_at_the_permitted_pace(days: list[Day]) -> None:
    pace = Limits().pace_seconds
    seconds = sum(count * pace.get(HOSTS.get(source, ""), 0.5) for source, count in days[0].requests.items())
    assert seconds < 15 * 60
    # The service keeps more vintages than this one, and answers 2,000 at once: no series has more than ten times that.
    assert 10 * len(series_of("fred")) * pace[HOSTS["fred"]] < 15 * 60


@pytest.mark.parametrize(
    ("day", "growth"),
    [(date(2022, 7, 28), -0.9), (date(2022, 9, 29), -0.6), (date(2024, 9, 26), 0.3), (None, 0.6)],
)
@pytest.mark.parametrize("way", ["offline", "live"])
def test_growth_of_2022q2_is_what_was_known_on_the_day(
    days: list[Day], offline: pl.DataFrame, way: str, day: date | None, growth: float
) -> None:
    rows = offline if way == "offline" else days[-1].gathered.observations
    rows = rows.filter(pl.col("series_id") == "A191RL1Q225SBEA", pl.col("period_start") == date(2022, 4, 1))
    known = pl.col("known_until").is_null()
    if day is not None:
        known = pl.lit(day).is_between("known_from", pl.col("known_until").fill_null(date.max))
    assert rows.filter(known)["value"].to_list() == [growth]
    assert set(rows["origin"]) == {"snapshot" if way == "offline" else "live"}
