import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.warehouse.column_lineage import read_lineage
from pipelines.warehouse.contracts import columns_of
from pipelines.warehouse.queries import query_path
from pipelines.warehouse.tables import CONTRACTS

LINEAGE = read_lineage()
GRAPH = defs.resolve_asset_graph()


def ancestors_of(table: str) -> set[str]:
    found: set[str] = set()
    waiting = [dg.AssetKey(table)]
    while waiting:
        parents = {key.to_user_string() for key in GRAPH.get(waiting.pop()).parent_keys} - found
        found |= parents
        waiting += [dg.AssetKey(name) for name in parents]
    return found


def test_every_table_that_sql_makes_has_a_lineage():
    made = {name for name in CONTRACTS if query_path(name).exists() and GRAPH.has(dg.AssetKey(name))}
    assert made <= set(LINEAGE)


@pytest.mark.parametrize("table", LINEAGE)
def test_every_column_comes_from_columns_that_exist_upstream(table):
    columns = {column.name for column in columns_of(CONTRACTS[table])}
    assert set(LINEAGE[table]) == columns
    upstream = ancestors_of(table)
    for column, origins in LINEAGE[table].items():
        for from_table, from_column in origins:
            assert from_column in {one.name for one in columns_of(CONTRACTS[from_table])}, (
                column,
                from_table,
                from_column,
            )
            assert from_table in upstream or (from_table, from_column) == ("refreshes", "refresh_id"), (
                column,
                from_table,
            )


@pytest.mark.parametrize("column", ["verdict_today", "verdict_when_published", "explanation_en", "flips_at"])
def test_a_verdict_leads_back_to_claims_and_to_observations(column):
    waiting, seen = [("verdicts", column)], set()
    while waiting:
        place = waiting.pop()
        seen.add(place)
        waiting += [origin for origin in LINEAGE.get(place[0], {}).get(place[1], []) if origin not in seen]
    tables = {table for table, _ in seen}
    assert {"claims", "articles", "observations", "comparisons"} <= tables
    assert ("observations", "value") in seen


@pytest.mark.parametrize("table", ["verdicts", "comparisons", "claims"])
def test_the_ui_leads_from_a_table_to_its_query_and_its_contract(table):
    references = GRAPH.get(dg.AssetKey(table)).metadata["dagster/code_references"].code_references
    labels = [reference.label for reference in references]
    assert any(label.startswith("contract ") for label in labels)
    assert (f"sql/{table}.sql" in labels) == query_path(table).exists()
