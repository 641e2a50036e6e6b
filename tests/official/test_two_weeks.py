"""Two weeks of daily refreshes while the services publish, revise, take back and fail."""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.official.observations import Gathered
from tests.official import local_services as local
from tests.official.conftest import TODAY
from tests.official.local_services import LocalServices

Gather = Callable[..., Gathered]
Row = tuple[float, date, date | None, str, str]

DEBT, FIELD = "2026-09-08", "tot_pub_debt_out_amt"
WRONG = "40000000000000.00"


def november(day: int) -> date:
    return date(2026, 11, day)


def rows_of(gathered: Gathered, series_id: str, period_end: date) -> list[Row]:
    rows = gathered.observations.filter(pl.col("series_id") == series_id, pl.col("period_end") == period_end)
    return list(rows.select("value", "known_from", "known_until", "known_basis", "origin").rows())


@pytest.fixture
def events(services: LocalServices) -> dict[date, Callable[[], object]]:
    """What happens at the services on which day, before the day's refresh."""
    fred, debt = services.fred, services.fiscaldata.debt
    right = debt[DEBT][FIELD]
    fred.without_vintages.add("SP500")

    def show(stamp: str, published: str) -> None:
        """A series without vintages shows another figure; that it was updated is all the service says."""
        fred.series["SP500"][stamp] = [(stamp, published)]
        fred.updated["SP500"] = f"{services.today + timedelta(days=1)} 00:30:00-05"

    def take_back() -> None:
        debt[DEBT][FIELD] = right
        show("2026-11-20", "7010.25")

    def publish_a_day() -> None:
        debt["2026-11-24"] = {FIELD: "39000000000000.00"}
        show("2026-11-24", "7100")

    return {
        november(24): lambda: debt[DEBT].update({FIELD: WRONG}),
        november(25): lambda: fred.revise("UNRATE", "2026-07-01", "4.3", november(25)),
        november(26): lambda: show("2026-11-20", "7011"),
        november(27): publish_a_day,
        november(28): lambda: services.fail("", *[local.answers(500, "oops")] * 60),
        november(29): services.faults.clear,
        november(30): take_back,
        date(2026, 12, 2): lambda: fred.revise("UNRATE", "2026-07-01", first_of(services), date(2026, 12, 2)),
        date(2026, 12, 4): lambda: fred.revise("UNRATE", "2026-11-01", "4.5", date(2026, 12, 4)),
    }


def first_of(services: LocalServices) -> str:
    """What was first published of July's unemployment."""
    return min(services.fred.series["UNRATE"]["2026-07-01"])[1]


@pytest.fixture
def fortnight(
    gather: Gather, services: LocalServices, events: dict[date, Callable[[], object]]
) -> Callable[..., Gathered]:
    def live_through(each_day: Callable[[Gathered, date], None] = lambda *_: None) -> Gathered:
        gathered: Gathered | None = None
        for passed in range(14):
            day = TODAY + timedelta(days=passed)
            if day in events:
                events[day]()
            gathered = gather(gathered, day=day)
            each_day(gathered, day)
        assert gathered is not None
        return gathered

    return live_through


def test_every_change_of_two_weeks_is_exactly_one_row(
    fortnight: Callable[..., Gathered], services: LocalServices
) -> None:
    right, july = float(services.fiscaldata.debt[DEBT][FIELD]), float(first_of(services))
    july_known_from = date.fromisoformat(min(services.fred.series["UNRATE"]["2026-07-01"])[0])
    last = fortnight()
    assert rows_of(last, "DEBT_TO_PENNY.total", date(2026, 9, 8)) == [
        (right, date(2026, 9, 9), november(23), "release_lag", "live"),
        (float(WRONG), november(24), november(29), "retrieved", "live"),
        (right, november(30), None, "retrieved", "live"),
    ]
    assert rows_of(last, "DEBT_TO_PENNY.total", november(24)) == [
        (39e12, november(25), None, "release_lag", "live"),
    ]
    assert rows_of(last, "UNRATE", date(2026, 7, 31)) == [
        (july, july_known_from, november(24), "vintage", "live"),
        (4.3, november(25), date(2026, 12, 1), "vintage", "live"),
        (july, date(2026, 12, 2), None, "vintage", "live"),
    ]
    assert rows_of(last, "UNRATE", date(2026, 11, 30)) == [(4.5, date(2026, 12, 4), None, "vintage", "live")]
    assert rows_of(last, "SP500", november(20)) == [
        (7010.25, november(20), november(25), "release_lag", "live"),
        (7011.0, november(26), november(29), "retrieved", "live"),
        (7010.25, november(30), None, "retrieved", "live"),
    ]


def test_nothing_else_changes_in_two_weeks(fortnight: Callable[..., Gathered]) -> None:
    first: list[Gathered] = []
    last = fortnight(lambda gathered, _: first.append(gathered))
    key = ["series_id", "period_start", "period_end"]
    counts = [gathered.observations.group_by(key).len() for gathered in (first[0], last)]
    grown = (
        counts[1]
        .join(counts[0], on=[*key, "len"], how="anti")
        .select("series_id", "period_end")
        .sort("series_id", "period_end")
    )
    assert grown.rows() == [
        ("DEBT_TO_PENNY.total", date(2026, 9, 8)),
        ("DEBT_TO_PENNY.total", november(24)),
        ("SP500", november(20)),
        ("SP500", november(24)),
        ("UNRATE", date(2026, 7, 31)),
        ("UNRATE", date(2026, 11, 30)),
    ]


def test_a_second_refresh_on_any_day_changes_nothing(fortnight: Callable[..., Gathered], gather: Gather) -> None:
    def refresh_again(gathered: Gathered, day: date) -> None:
        assert gather(gathered, day=day).observations.equals(gathered.observations)

    fortnight(refresh_again)


def test_a_day_on_which_every_service_fails_leaves_all_as_it_was(fortnight: Callable[..., Gathered]) -> None:
    seen: dict[date, Gathered] = {}
    fortnight(lambda gathered, day: seen.update({day: gathered}))
    assert seen[november(28)].observations.equals(seen[november(27)].observations)
    assert {one.state for one in seen[november(28)].sources} == {"failed"}
    assert {one.state for one in seen[november(29)].sources} == {"live"}
    states = {one.series_id: one for one in seen[november(28)].series}
    assert states["UNRATE"].state == "failed"
    assert states["UNRATE"].answered_at
    assert states["UNRATE"].answered_at.date() == november(27)


def test_a_replay_comes_to_the_same_rows(fortnight: Callable[..., Gathered], replay: Callable[[], Gathered]) -> None:
    last = fortnight()
    assert replay().observations.equals(last.observations)
