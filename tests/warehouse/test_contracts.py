import json

import polars as pl
import pytest

from pipelines.errors import ContractError
from pipelines.warehouse.contracts import (
    check_rows,
    columns_of,
    comment_statements,
    empty_frame,
    is_view,
    key_of,
    name_of,
)
from pipelines.warehouse.store import Warehouse
from pipelines.warehouse.tables import CONTRACTS, Observation, RejectedRow, Series, Tolerance, Verdict
from tests.warehouse.conftest import frame, span

TABLES = [contract for contract in CONTRACTS.values() if not is_view(contract)]
VIEWS = [contract for contract in CONTRACTS.values() if is_view(contract)]


def observations(count: int) -> pl.DataFrame:
    start, end = span("2025-05")
    row = {
        "period_start": start, "period_end": end, "value": 4.2, "known_from": end, "known_until": None, "known_basis": "vintage", "origin": "live",
        "retrieved_at": None, "download_sha256": None,
    }  # fmt: skip
    return frame(Observation, [row | {"series_id": f"S{number}"} for number in range(count)])


def tolerances(*names: str) -> pl.DataFrame:
    return frame(Tolerance, [{"name": name, "value": 0.5, "note": "why"} for name in names])


def set_value(rows: pl.DataFrame, column: str, place: int, value: object) -> pl.DataFrame:
    changed = (
        pl.when(pl.int_range(pl.len()) == place).then(pl.lit(value, rows.schema[column])).otherwise(pl.col(column))
    )
    return rows.with_columns(changed.alias(column))


def test_rows_that_keep_the_contract_all_pass():
    checked = check_rows(Tolerance, tolerances("one", "two"))
    assert (checked.good.height, checked.bad.height) == (2, 0)


def test_a_table_without_rows_keeps_its_contract():
    for contract in TABLES:
        assert check_rows(contract, empty_frame(contract)).good.height == 0


def test_a_missing_column_is_named_with_its_table():
    with pytest.raises(ContractError, match=r"tolerances.*note"):
        check_rows(Tolerance, tolerances("one").drop("note"))


def test_a_column_too_many_is_named():
    with pytest.raises(ContractError, match=r"tolerances.*surprise"):
        check_rows(Tolerance, tolerances("one").with_columns(surprise=1))


@pytest.mark.parametrize("wrong", [pl.Int64, pl.Float32, pl.String])
def test_another_type_is_refused_and_never_cast(wrong):
    with pytest.raises(ContractError, match="value"):
        check_rows(Tolerance, tolerances("one").with_columns(pl.col("value").cast(wrong)))


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ContractError, match="retrieved_at"):
        check_rows(Observation, observations(1).with_columns(pl.col("retrieved_at").dt.replace_time_zone(None)))


def test_duplicates_of_the_key_are_refused():
    with pytest.raises(ContractError, match="2 of 3 rows"):
        check_rows(Tolerance, tolerances("one", "one", "two"))


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_required_number_must_be_a_number(value):
    with pytest.raises(ContractError, match="value breaks not_nullable"):
        check_rows(Tolerance, set_value(tolerances("one"), "value", 0, value))


def test_a_value_outside_the_closed_list_is_refused():
    with pytest.raises(ContractError, match=r"known_basis breaks isin.*guess"):
        check_rows(Observation, set_value(observations(1), "known_basis", 0, "guess"))


def test_up_to_the_declared_share_of_rows_may_be_rejected():
    checked = check_rows(Observation, set_value(observations(1000), "known_basis", 7, "guess"))
    assert (checked.good.height, checked.bad["series_id"].to_list()) == (999, ["S7"])
    assert "known_basis" in checked.bad["broken_rule"][0]


def test_one_row_more_than_the_declared_share_refuses_the_table():
    rows = set_value(set_value(observations(1000), "known_basis", 7, "guess"), "origin", 8, "hearsay")
    with pytest.raises(ContractError, match=r"2 of 1000 rows.*0\.001"):
        check_rows(Observation, rows)


def test_a_row_that_breaks_two_rules_is_one_rejected_row_that_names_both():
    checked = check_rows(
        Observation, set_value(set_value(observations(1000), "known_basis", 7, "guess"), "origin", 7, "hearsay")
    )
    assert checked.bad.height == 1
    assert "known_basis" in checked.bad["broken_rule"][0]
    assert "origin" in checked.bad["broken_rule"][0]


def test_rejected_rows_hold_the_row_as_json_with_rule_and_refresh(tmp_path):
    rows = set_value(set_value(observations(1000), "known_basis", 7, 'gu"ess'), "value", 7, None)
    with Warehouse(tmp_path).open_work() as work:
        written = work.write(Observation, rows, fingerprint="f", refresh_id="r1")
        rejected = work.read(RejectedRow).to_dicts()
    assert (written.rows, written.rejected) == (999, 1)
    assert [(row["table_name"], row["refresh_id"]) for row in rejected] == [("observations", "r1")]
    held = json.loads(rejected[0]["row"])
    assert list(held) == [column.name for column in columns_of(Observation)]
    assert (held["series_id"], held["value"], held["known_basis"], held["period_end"]) == (
        "S7",
        None,
        'gu"ess',
        "2025-05-31",
    )
    assert "not_nullable" in rejected[0]["broken_rule"]


def test_rejected_rows_of_a_table_are_forgotten_when_it_is_written_without_any(tmp_path):
    with Warehouse(tmp_path).open_work() as work:
        work.write(Observation, set_value(observations(1000), "value", 7, None), fingerprint="f", refresh_id="r1")
        work.write(Observation, observations(1000), fingerprint="g", refresh_id="r2")
        assert work.read(RejectedRow).height == 0


def test_after_a_contract_error_the_table_and_its_state_are_as_they_were(tmp_path):
    with Warehouse(tmp_path).open_work() as work:
        work.write(Tolerance, tolerances("one"), fingerprint="first", refresh_id="r1")
        with pytest.raises(ContractError):
            work.write(Tolerance, tolerances("two", "two"), fingerprint="second", refresh_id="r2")
        assert work.read(Tolerance)["name"].to_list() == ["one"]
        assert work.fingerprint_of("tolerances") == "first"
        assert work.read(RejectedRow).height == 0


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    with Warehouse(tmp_path_factory.mktemp("described")).open_work() as work:
        yield work.connection


@pytest.mark.parametrize("contract", TABLES, ids=name_of)
def test_columns_types_and_not_null_stand_in_duckdb(described, contract):
    found = described.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? AND schema_name = 'main' ORDER BY column_index",
        [name_of(contract)],
    ).fetchall()
    declared = [(column.name, column.sql_type, column.nullable) for column in columns_of(contract)]
    assert found == declared


@pytest.mark.parametrize("contract", TABLES, ids=name_of)
def test_the_key_is_the_primary_key_in_duckdb_or_unique_where_a_part_may_be_null(described, contract):
    may_be_null = any(column.nullable for column in columns_of(contract) if column.name in key_of(contract))
    found = described.execute(
        "SELECT constraint_column_names FROM duckdb_constraints() WHERE table_name = ? AND schema_name = 'main' AND constraint_type = ?",
        [name_of(contract), "UNIQUE" if may_be_null else "PRIMARY KEY"],
    ).fetchall()
    assert [names for (names,) in found] == ([key_of(contract)] if key_of(contract) else [])


@pytest.mark.parametrize("contract", VIEWS, ids=name_of)
def test_a_view_has_the_columns_and_types_of_its_contract(described, contract):
    found = described.execute(f'DESCRIBE "{name_of(contract)}"').fetchall()
    assert [(row[0], row[1]) for row in found] == [(column.name, column.sql_type) for column in columns_of(contract)]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=name_of)
def test_every_table_view_and_column_carries_its_comment(described, contract):
    kind = "views" if is_view(contract) else "tables"
    about = described.execute(
        f"SELECT comment FROM duckdb_{kind}() WHERE {kind[:-1]}_name = ? AND schema_name = 'main'", [name_of(contract)]
    ).fetchall()
    comments = described.execute(
        "SELECT comment FROM duckdb_columns() WHERE table_name = ? AND schema_name = 'main' ORDER BY column_index",
        [name_of(contract)],
    ).fetchall()
    assert about[0][0]
    assert len(comments) == len(columns_of(contract))
    for (comment,), column in zip(comments, columns_of(contract), strict=True):
        assert comment.startswith(column.description)
        assert column.unit is None or column.unit in comment


def test_a_comment_may_hold_quotes(described):
    for statement in comment_statements(Series):
        described.execute(statement)


@pytest.mark.parametrize("contract", [contract for contract in TABLES if contract is not RejectedRow], ids=name_of)
def test_every_table_that_is_written_has_a_key(contract):
    assert key_of(contract)


def test_the_lists_of_reasons_and_verdicts_are_closed():
    row = {
        "claim_id": "c", "verdict_when_published": "supported", "verdict_today": "not_enough_evidence", "reason": "because", "reason_when_published": None,
        "series_id": None, "explanation_en": "", "explanation_zh": "", "evidence_sql": None, "flips_at": None,
    }  # fmt: skip
    with pytest.raises(ContractError, match="reason"):
        check_rows(Verdict, frame(Verdict, [row]))
    with pytest.raises(ContractError, match="verdict_today"):
        check_rows(Verdict, frame(Verdict, [row | {"reason": None, "verdict_today": "true"}]))
