from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from pipelines.definitions import defs
from pipelines.orchestration.record import open_instance
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.schedules import daily_refresh
from pipelines.orchestration.table_assets import build_tables
from pipelines.warehouse.contracts import columns_of, is_view
from pipelines.warehouse.store import Warehouse
from pipelines.warehouse.tables import CONTRACTS, Tolerance
from tests.orchestration.test_refresh import rows_of

GRAPH = defs.resolve_asset_graph()


def test_the_definitions_load():
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize(
    "name",
    [name for name, contract in CONTRACTS.items() if name not in ("rejected_rows", "table_states", "official_figures")],
)
def test_every_table_is_an_asset_with_description_group_and_owner(name):
    node = GRAPH.get(dg.AssetKey(name))
    assert node.description
    assert node.group_name in ("articles", "official", "judging", "publication")
    assert node.owners


@pytest.mark.parametrize("name", ["articles", "claims", "observations", "comparisons", "verdicts"])
def test_the_column_schema_is_that_of_the_contract(name):
    schema = GRAPH.get(dg.AssetKey(name)).metadata["dagster/column_schema"]
    assert [(column.name, column.type) for column in schema.columns] == [
        (column.name, column.sql_type) for column in columns_of(CONTRACTS[name])
    ]
    assert all(column.description for column in schema.columns)


def test_lineage_leads_from_article_files_and_services_to_the_verdicts():
    names, waiting = set(), [dg.AssetKey("verdicts")]
    while waiting:
        parents = GRAPH.get(waiting.pop()).parent_keys
        names |= {key.to_user_string() for key in parents}
        waiting.extend(parents)
    assert {
        "article_files",
        "fred",
        "treasury",
        "offline_figures",
        "series_catalogue",
        "claims",
        "observations",
        "comparisons",
    } <= names


def test_the_daily_schedule_runs_by_default():
    assert daily_refresh.default_status is dg.DefaultScheduleStatus.RUNNING
    assert isinstance(daily_refresh, dg.ScheduleDefinition)
    assert daily_refresh.execution_timezone == "America/New_York"


def test_every_check_on_data_blocks_what_comes_after_unless_it_only_warns():
    keys = {key.name: key for key in GRAPH.asset_check_keys}
    assert {"contract", "nothing_known_later", "parts_add_up"} <= set(keys)


def test_the_run_is_recorded_for_the_ui(published):
    with open_instance(published) as instance:
        run = instance.get_runs(limit=1)[0]
        assert run.status is dg.DagsterRunStatus.SUCCESS
        for name, contract in CONTRACTS.items():
            if is_view(contract) or name in ("rejected_rows", "table_states"):
                continue
            event = instance.get_latest_materialization_event(dg.AssetKey(name))
            assert event is not None
        event = instance.get_latest_materialization_event(dg.AssetKey("claims"))
    assert event
    assert event.asset_materialization
    metadata = event.asset_materialization.metadata
    assert metadata["dagster/row_count"] == dg.MetadataValue.int(
        rows_of(published, "SELECT count(*) FROM claims")[0][0]
    )
    assert "preview" in metadata


def test_everything_dagster_writes_lies_under_the_data_folder(published):
    assert (published / "dagster" / "history").exists() or list((published / "dagster").glob("*.db"))


@pytest.fixture
def tolerances_of():
    def asset(rows: list[dict[str, Any]]) -> dg.AssetsDefinition:
        @build_tables(Tolerance, deps=[], group="judging", kinds={"python"}, inputs=lambda _: [str(rows)])
        def tolerances(_: RefreshResource):
            return {Tolerance: pl.DataFrame(rows, schema={"name": pl.String, "value": pl.Float64, "note": pl.String})}

        return tolerances

    return asset


def materialize(asset: dg.AssetsDefinition, folder: Path) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset],
            resources={"refresh": RefreshResource(data_dir=str(folder))},
            instance=instance,
            raise_on_error=False,
        )


def test_rows_that_break_the_contract_are_recorded_and_the_old_table_stays(tolerances_of, tmp_path):
    good = [{"name": "rounded_number", "value": 0.05, "note": "x"}]
    assert materialize(tolerances_of(good), tmp_path).success
    result = materialize(tolerances_of([{"name": "rounded_number", "value": -1.0, "note": "x"}]), tmp_path)
    assert not result.success
    assert result.get_asset_materialization_events() == []
    (evaluation,) = result.get_asset_check_evaluations()
    assert (evaluation.check_name, evaluation.passed) == ("contract", False)
    with Warehouse(tmp_path).open_work() as work:
        assert work.read(Tolerance).to_dicts() == good


def test_unchanged_inputs_are_not_built_again(tolerances_of, tmp_path):
    rows = [{"name": "rounded_number", "value": 0.05, "note": "x"}]
    states = []
    for _ in range(2):
        (event,) = materialize(tolerances_of(rows), tmp_path).get_asset_materialization_events()
        states.append(event.step_materialization_data.materialization.metadata["changed"].value)
    assert states == [True, False]
