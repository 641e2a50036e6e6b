"""The local FRED answers other people's clients as the real one does: fredapi speaks its XML, full_fred its JSON."""

from collections.abc import Iterator
from datetime import date

import fredapi  # type: ignore[import-untyped]  # has no types
import full_fred.fred  # type: ignore[import-untyped]  # has no types
import pytest

from tests.official.local_services import FRED_KEY, LocalServices

DAY = date(2026, 11, 2)


@pytest.fixture
def services() -> Iterator[LocalServices]:
    with LocalServices(today=DAY) as local:
        local.keep_only("A191RL1Q225SBEA", "UNRATE", "SP500")
        local.fred.series["SP500"] = {"2026-10-30": [("2026-10-30", "7000.5")]}
        local.fred.without_vintages.add("SP500")
        yield local


@pytest.fixture
def xml_client(services: LocalServices) -> fredapi.Fred:
    client = fredapi.Fred(api_key=FRED_KEY)
    client.root_url = f"{services.fred_url}/fred"
    return client


@pytest.fixture
def json_client(services: LocalServices, monkeypatch: pytest.MonkeyPatch) -> full_fred.fred.Fred:
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    client = full_fred.fred.Fred()
    # It has no setting for the address.
    monkeypatch.setattr(client, "_FredBase__url_base", f"{services.fred_url}/fred/")
    return client


def test_fredapi_reads_todays_figures(xml_client: fredapi.Fred) -> None:
    figures = xml_client.get_series("UNRATE", observation_start="2026-01-01")
    assert figures.loc["2026-07-01"] == 4.1
    assert figures.index.min().date() == date(2026, 1, 1)


def test_fredapi_reads_every_vintage_of_the_second_quarter_of_2022(xml_client: fredapi.Fred) -> None:
    releases = xml_client.get_series_all_releases("A191RL1Q225SBEA")
    known = {
        str(row.realtime_start.date()): row.value for row in releases.itertuples() if str(row.date)[:10] == "2022-04-01"
    }
    assert known == {"2022-07-28": -0.9, "2022-08-25": -0.6, "2024-09-26": 0.3, "2025-09-25": 0.6}


def test_fredapi_reads_what_a_series_is(xml_client: fredapi.Fred) -> None:
    entry = xml_client.get_series_info("UNRATE")
    assert (entry["id"], entry["frequency_short"], entry["units"]) == ("UNRATE", "M", "Percent")


def test_fredapi_reads_vintage_dates(xml_client: fredapi.Fred) -> None:
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
def test_fredapi_understands_that_its_key_is_refused(xml_client: fredapi.Fred, key: str, message: str) -> None:
    xml_client.api_key = key
    with pytest.raises(ValueError, match=message):
        xml_client.get_series("UNRATE")


def test_fredapi_understands_that_there_is_no_such_series(xml_client: fredapi.Fred) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        xml_client.get_series("NOWHERE")


def test_fredapi_meets_the_cap_of_vintages(xml_client: fredapi.Fred, services: LocalServices) -> None:
    days = (date.fromordinal(DAY.toordinal() - number) for number in range(2001))
    services.fred.series["UNRATE"] = {str(day): [(str(day), "4.0")] for day in days}
    with pytest.raises(ValueError, match=r"There are 2001 vintage dates .* allowed for this file type \(2000\)"):
        xml_client.get_series_all_releases("UNRATE")


def test_fredapi_meets_a_series_without_vintages(xml_client: fredapi.Fred) -> None:
    assert xml_client.get_series("SP500").to_list() == [7000.5]
    with pytest.raises(ValueError, match="does not exist in ALFRED"):
        xml_client.get_series_all_releases("SP500")


def test_full_fred_reads_the_list_of_updated_series(json_client: full_fred.fred.Fred, services: LocalServices) -> None:
    services.fred.updated["UNRATE"] = "2026-11-02 07:41:02-06"
    listed = json_client.get_series_updates(limit=1, filter_value="macro")
    assert (listed["order_by"], listed["sort_order"], listed["limit"]) == ("last_updated", "desc", 1)
    assert listed["count"] == 2  # the growth of GDP was updated long ago
    assert [(one["id"], one["last_updated"]) for one in listed["seriess"]] == [("UNRATE", "2026-11-02 07:41:02-06")]


def test_full_fred_reads_vintage_dates_release_and_figures(json_client: full_fred.fred.Fred) -> None:
    assert "2022-07-28" in json_client.get_series_vintagedates("A191RL1Q225SBEA")["vintage_dates"]
    assert json_client.get_release_for_a_series("UNRATE")["releases"][0]["id"] == 53
    figures = json_client.get_series_df("UNRATE", observation_start="2026-07-01", observation_end="2026-07-31")
    assert figures["value"].to_list() == ["4.1"]


def test_full_fred_meets_a_refusal(json_client: full_fred.fred.Fred) -> None:
    assert json_client.get_a_series("NOWHERE") == {
        "error_code": 400,
        "error_message": "Bad Request.  The series does not exist.",
    }
