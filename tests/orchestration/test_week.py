"""A week by a clock of its own: the schedule, a new article, a source that fails, one that is late, a revision that turns a verdict."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
import pytest
import time_machine

from pipelines.orchestration.after_refresh import conclude
from pipelines.orchestration.alerts import FILE
from pipelines.orchestration.record import open_instance
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.runs import run_refresh
from pipelines.orchestration.schedules import daily_refresh
from pipelines.orchestration.sensors import new_articles
from tests.official import local_services as local
from tests.official.local_services import LocalServices

pytestmark = pytest.mark.slow

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 10, 5)
FAILS_ON, NEW_ARTICLE_ON, REVISED_ON = (MONDAY + timedelta(days=days) for days in (2, 3, 4))
MONTH, FIELD = "2026-06-01", "tot_pub_debt_out_amt"


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    monkeypatch.setattr(RefreshResource, "article_paths", property(lambda _: [folder]))
    return folder


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServices]:
    with LocalServices(today=MONDAY) as services:
        services.keep_only("UNRATE", debt_days=300)
        for day in [day for day in services.fiscaldata.debt if day > "2026-10-01"]:
            del services.fiscaldata.debt[day]
        for name, text in services.environment.items():
            monkeypatch.setenv(name, text)
        yield services


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    details = sorted(folder.glob("*.txt"))
    lines = ["article,published_on", *(f"{path.stem},2026-09-20" for path in details)]
    (folder / "articles.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Operator:
    """Does what the daemon does, at the hours of the test's clock.

    Attributes:
        runs: what started the refreshes, in order.
    """

    def __init__(self, data: Path) -> None:
        self.data, self.runs = data, list[str]()
        self.cursor: str | None = None

    def refresh(self, because: str) -> None:
        outcome = run_refresh(data_folder=self.data, articles=[], offline=False, on_step=lambda _: None)
        assert outcome.failures == ()
        self.runs.append(because)
        with open_instance(self.data) as instance:  # the daemon's sensor looks at the same run a little later
            assert conclude(instance, self.data, outcome.run_id) == []

    def tick(self, now: datetime) -> None:
        with open_instance(self.data) as instance:
            context = dg.build_schedule_context(instance, scheduled_execution_time=now)
            requested = len(daily_refresh.evaluate_tick(context).run_requests or [])
        for _ in range(requested):
            self.refresh("schedule")

    def look(self) -> None:
        with open_instance(self.data) as instance:
            context = dg.build_sensor_context(instance, cursor=self.cursor)
            found: list[Any] = list(new_articles(context))  # type: ignore[arg-type]  # Dagster declares every shape a sensor may have
            self.cursor = context.cursor
        for told in found:
            if isinstance(told, dg.RunRequest):
                self.refresh("new article")


def alerts_of(data: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (data / FILE).read_text(encoding="utf-8").splitlines()]


def test_a_week(articles, services, tmp_path):
    rate = services.fred.series["UNRATE"][MONTH][-1][1]
    write(articles, "rate", f"2026年6月，美国失业率为{rate}%。\n")
    operator, alerts = Operator(tmp_path / "data"), dict[date, list[str]]()
    for passed in range(7):
        day = MONDAY + timedelta(days=passed)
        services.today = day
        if day == FAILS_ON + timedelta(days=1):
            services.faults.clear()
        before = len(alerts_of(operator.data)) if passed else 0
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK)):
            if day == NEW_ARTICLE_ON:
                write(articles, "debt", "截至2026年9月15日，美国国债总额为36万亿美元。\n")
                os.utime(articles / "debt.txt", (time.time(), time.time()))  # by the test's clock
        with time_machine.travel(datetime(day.year, day.month, day.day, 13, tzinfo=NEW_YORK)):
            operator.look()
        if day == FAILS_ON:
            services.fail("CIK", *[local.answers(403, "Your access to SEC.gov will be limited for 10 minutes")] * 100)
        if day == MONDAY + timedelta(days=1):
            services.fiscaldata.debt["2026-10-02"] = dict(services.fiscaldata.debt[max(services.fiscaldata.debt)])
        if day == REVISED_ON:
            services.fred.revise("UNRATE", MONTH, "9.9", day)
        evening = datetime(day.year, day.month, day.day, 18, tzinfo=NEW_YORK)
        with time_machine.travel(evening):
            operator.tick(evening)
        alerts[day] = [f"{alert['kind']} {alert['alert_id'].split()[1]}" for alert in alerts_of(operator.data)[before:]]
    with open_instance(
        operator.data
    ) as instance:  # a source is fresh from the day on which it last gave a newer period
        given = instance.fetch_materializations(dg.AssetKey("treasury"), limit=50).records
    assert [record.asset_materialization.metadata["newest_period_end"].value for record in given if record.asset_materialization] == [
        "2026-10-02", "2026-09-30",
    ]  # fmt: skip
    assert Counter(operator.runs) == {"schedule": 7, "new article": 1}
    with duckdb.connect(str(operator.data / "warehouse.duckdb"), read_only=True) as warehouse:
        refreshes = warehouse.execute("SELECT count(*) FROM refreshes").fetchall()
        changes = warehouse.execute(
            "SELECT claim_id, basis, old_verdict, new_verdict, cause FROM verdict_changes ORDER BY ALL"
        ).fetchall()
        claims = warehouse.execute("SELECT claim_id, metric FROM claims ORDER BY ALL").fetchall()
    (unemployment,) = (claim_id for claim_id, metric in claims if metric == "unemployment_rate")
    assert refreshes == [(8,)]
    assert changes == [(unemployment, "today", "supported", "refuted", "revision")]
    stale = [alert for day in alerts.values() for alert in day if alert.startswith("source_stale")]
    assert sorted(stale) == ["source_stale fred", "source_stale treasury"]  # each once, however long it lasts
    told = {day: [alert for alert in alerts[day] if not alert.startswith("source_stale")] for day in alerts}
    assert {day: found for day, found in told.items() if found} == {
        FAILS_ON: ["source_failed sec"],
        REVISED_ON: [f"verdict_changed {unemployment}"],
    }
