"""How many requests FRED gets: counted over HTTP, for the whole catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipelines.official.catalogue import read_catalogue
from pipelines.official.settings import Limits
from tests.official.conftest import QUICK
from tests.official.local_services import LocalServices
from tests.official.one_source import OneSource

CODES = {series.provider_code for series in read_catalogue() if series.provider == "fred" and series.provider_code}
FIFTEEN_MINUTES = 15 * 60
TODAY = date(2026, 8, 30)  # most series have their newest figures here, and none turns overdue the day after
PATIENT = replace(QUICK, read_seconds=8.0, total_seconds=20.0)  # a request that is sent again would be counted


@pytest.fixture(scope="module")
def services() -> Iterator[LocalServices]:
    """Every FRED series of the catalogue: those that may not be passed on have a few figures made up, no vintages."""
    with LocalServices(today=TODAY) as local:
        for series in read_catalogue():
            if series.provider_code in CODES - set(local.fred.series):
                stamp = "2025-01-01" if series.frequency == "annual" else "2026-07-01"
                middle = (series.sane_low + series.sane_high) / 2 / float(series.scale)
                local.fred.series[series.provider_code][stamp] = [("2026-08-01", f"{middle:.3f}")]
                if not series.redistributable:
                    local.fred.without_vintages.add(series.provider_code)
        yield local


@pytest.fixture(scope="module")
def source(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> OneSource:
    return OneSource("fred", services, tmp_path_factory.mktemp("downloads"))


def asked(services: LocalServices) -> list[str]:
    """The endpoints asked for since the last call."""
    endpoints = [request.split("?")[0].removeprefix("/fred/") for request in services.requests]
    services.requests.clear()
    return endpoints


@pytest.fixture(scope="module")
def first_load(source: OneSource, services: LocalServices) -> list[str]:
    outcome = source.gather(TODAY, limits=PATIENT)
    assert (outcome.state, outcome.reason) == ("live", None)
    return asked(services)


def test_a_first_load_asks_twice_a_series_and_more_only_for_long_histories(
    first_load: list[str], services: LocalServices
) -> None:
    assert first_load.count("series") == len(CODES)
    further = first_load.count("series/observations") - len(CODES)
    many_vintages = {"DFEDTARU", "DFEDTARL"}  # a vintage a day since 2008: 4 attempts are too long, 5 windows are not
    assert further == 8 * len(many_vintages) + len(services.fred.without_vintages)


def test_a_first_load_stays_under_a_quarter_of_an_hour_at_the_permitted_pace(first_load: list[str]) -> None:
    assert len(first_load) * max(Limits().pace_seconds.values()) < FIFTEEN_MINUTES / 5


@pytest.mark.usefixtures("first_load")
def test_then_a_day_without_news_takes_the_list_and_one_with_a_change_two_requests(
    source: OneSource, services: LocalServices
) -> None:
    known, tomorrow = source.observations, TODAY + timedelta(1)
    source.gather(tomorrow, limits=PATIENT)
    assert asked(services) == ["series/updates"]
    assert source.observations.equals(known)
    services.fred.revise("UNRATE", "2026-08-01", "4.2", tomorrow)
    source.gather(tomorrow, limits=PATIENT)
    assert asked(services) == ["series/updates", "series/observations"]
    assert len(source.observations) == len(known) + 1


def test_without_a_key_one_file_a_series_and_then_only_what_is_due(
    services: LocalServices, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keyless = OneSource("fred", services, tmp_path_factory.mktemp("downloads"))
    services.requests.clear()
    outcome = keyless.gather(TODAY, fred_key=None, limits=PATIENT)
    assert outcome.state == "live"
    assert (outcome.reason or "").startswith("FRED_API_KEY is not set; asked for the public CSV files instead")
    assert asked(services) == ["/graph/fredgraph.csv"] * len(CODES)
    keyless.gather(TODAY + timedelta(1), fred_key=None, limits=PATIENT)
    daily = [series for series in read_catalogue() if series.provider_code in CODES and series.frequency == "daily"]
    overdue = 6
    assert len(daily) <= len(asked(services)) <= len(daily) + overdue
