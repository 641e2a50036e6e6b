"""The local FRED answers somebody else's client, fredapi, as the real one does."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.official.local_services import FRED_KEY, LocalServices

fredapi = pytest.importorskip("fredapi", reason="`make test-clients` installs it")
DAY = date(2026, 11, 2)


@pytest.fixture
def services() -> Iterator[LocalServices]:
    with LocalServices(today=DAY) as local:
        local.keep_only("A191RL1Q225SBEA", "UNRATE", "SP500")
        local.fred.series["SP500"] = {"2026-10-30": [("2026-10-30", "7000.5")]}
        local.fred.without_vintages.add("SP500")
        yield local


@pytest.fixture
def xml_client(services: LocalServices) -> Any:
    client = fredapi.Fred(api_key=FRED_KEY)
    client.root_url = f"{services.fred_url}/fred"
    return client


def test_fredapi_reads_todays_figures(xml_client: Any) -> None:
    figures = xml_client.get_series("UNRATE", observation_start="2026-01-01")
    assert figures.loc["2026-07-01"] == 4.1
    assert figures.index.min().date() == date(2026, 1, 1)


def test_fredapi_reads_every_vintage_of_the_second_quarter_of_2022(xml_client: Any) -> None:
    releases = xml_client.get_series_all_releases("A191RL1Q225SBEA")
    known = {
        str(row.realtime_start.date()): row.value for row in releases.itertuples() if str(row.date)[:10] == "2022-04-01"
    }
    assert known == {"2022-07-28": -0.9, "2022-08-25": -0.6, "2024-09-26": 0.3, "2025-09-25": 0.6}


def test_fredapi_reads_what_a_series_is(xml_client: Any) -> None:
    entry = xml_client.get_series_info("UNRATE")
    assert (entry["id"], entry["frequency_short"], entry["units"]) == ("UNRATE", "M", "Percent")


def test_fredapi_reads_vintage_dates(xml_client: Any) -> None:
    days = [day.date() for day in xml_client.get_series_vintage_dates("A191RL1Q225SBEA")]
    assert date(2022, 7, 28) in days
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("another0another0another0another0", "is not registered"),
        ("short", "is not a 32 character alpha-numeric lower-case string"),
    ],
)
def test_fredapi_understands_that_its_key_is_refused(xml_client: Any, key: str, message: str) -> None:
    xml_client.api_key = key
    with pytest.raises(ValueError, match=message):
        xml_client.get_series("UNRATE")


def test_fredapi_understands_that_there_is_no_such_series(xml_client: Any) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        xml_client.get_series("NOWHERE")


def test_fredapi_meets_the_cap_of_vintages(xml_client: Any, services: LocalServices) -> None:
    days = (date.fromordinal(DAY.toordinal() - number) for number in range(2001))
    services.fred.series["UNRATE"] = {str(day): [(str(day), "4.0")] for day in days}
    with pytest.raises(ValueError, match=r"There are 2001 vintage dates .* allowed for this file type \(2000\)"):
        xml_client.get_series_all_releases("UNRATE")


def test_fredapi_meets_a_series_without_vintages(xml_client: Any) -> None:
    assert xml_client.get_series("SP500").to_list() == [7000.5]
    with pytest.raises(ValueError, match="does not exist in ALFRED"):
        xml_client.get_series_all_releases("SP500")
