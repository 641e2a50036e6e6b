from datetime import UTC, datetime

import dagster as dg
import pytest

from pipelines.orchestration.freshness import read_freshness
from pipelines.orchestration.record import open_instance
from tests.orchestration.test_refresh import rows_of


@pytest.mark.parametrize("source", read_freshness())
def test_each_source_says_in_the_ui_how_old_its_newest_figure_is_and_whether_that_is_stale(published, source):
    ((newest,),) = rows_of(published, f"SELECT newest_period_end FROM sources WHERE source = '{source}'")
    with open_instance(published) as instance:
        key = dg.AssetCheckKey(dg.AssetKey(source), "is_up_to_date")
        event = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)[0].event
    assert event
    assert event.dagster_event
    evaluation = event.dagster_event.asset_check_evaluation_data
    age = evaluation.metadata["age_days"].value
    assert isinstance(age, int)
    assert 0 <= (datetime.now(UTC).date() - newest).days - age <= 1  # a test may run past midnight
    assert evaluation.passed is (age <= read_freshness()[source].stale_after_days)
    assert evaluation.severity is dg.AssetCheckSeverity.WARN
    assert evaluation.metadata["state"].value in ("snapshot", "live", "failed", "skipped")
