"""How many requests FRED gets: counted over HTTP, for the whole catalogue."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.official.catalogue import read_catalogue
from pipelines.official.settings import Limits
from tests.official.local_services import LocalServices
from tests.official.one_source import OneSource

CODES = {series.provider_code for series in read_catalogue() if series.provider == "fred" and series.provider_code}
FIFTEEN_MINUTES = 15 * 60
TODAY = date(2026, 8, 24)  # most series have their newest figures: few are overdue


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
    outcome = source.gather(TODAY)
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
def test_then_a_day_without_news_takes_the_list_and_a_day_with_one_change_two_requests(
    source: OneSource, services: LocalServices
) -> None:
    day = _quiet_day(source)
    before = source.observations
    source.gather(day)
    assert asked(services) == ["series/updates"]
    assert source.observations.equals(before)
    services.fred.revise("UNRATE", "2026-10-01", "4.4", day + timedelta(1))
    source.gather(day + timedelta(1))
    assert asked(services) == ["series/updates", "series/observations"]
    assert len(source.observations) == len(before) + 1


def _quiet_day(source: OneSource) -> date:
    """Let days pass until no series is asked because its next figure is overdue."""
    for number in range(1, 9):
        if source.gather(TODAY + timedelta(number)).requests == 1:
            return TODAY + timedelta(number + 7)
    raise AssertionError("a series is asked every day")
