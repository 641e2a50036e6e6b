import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.errors import ContractError, WarehouseError
from pipelines.places import ROOT
from pipelines.warehouse.contracts import columns_of, is_view, name_of
from pipelines.warehouse.store import Warehouse, Work
from pipelines.warehouse.tables import CONTRACTS, Claim, Observation, Refresh, Tolerance, Verdict, VerdictChange
from tests.warehouse.conftest import Scene, frame


@pytest.fixture
def warehouse(tmp_path: Path, made_once: Path) -> Warehouse:
    """A folder with the work file of a first refresh that wrote nothing."""
    shutil.copyfile(made_once, tmp_path / "work.duckdb")
    return Warehouse(tmp_path)


def tolerances(*names: str) -> pl.DataFrame:
    return frame(Tolerance, [{"name": name, "value": 0.5, "note": "why"} for name in names])


def write(work: Work, *names: str) -> None:
    work.write(Tolerance, tolerances(*names), fingerprint="-".join(names), refresh_id="r")


def publish(warehouse: Warehouse, *names: str) -> None:
    with warehouse.open_work() as work:
        write(work, *names)
        work.publish()


def published_names(warehouse: Warehouse) -> list[str]:
    with warehouse.open_published() as connection:
        return [name for (name,) in connection.execute("SELECT name FROM tolerances ORDER BY name").fetchall()]


def work_names(warehouse: Warehouse) -> list[str]:
    with warehouse.open_work() as work:
        return work.read(Tolerance)["name"].to_list()


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def run_python(code: str, *arguments: object) -> str:
    done = subprocess.run(python(code, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


READ_NAMES = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print([name for (name,) in connection.execute("SELECT name FROM tolerances ORDER BY name").fetchall()])
"""

REFRESH = {
    "started_at": datetime(2026, 1, 1, tzinfo=UTC),
    "finished_at": datetime(2026, 1, 1, tzinfo=UTC),
    "hedui_version": "1",
    "reader_version": "1",
    "offline": True,
    "changed_tables": [],
    "sources": "[]",
    **dict.fromkeys(
        ("articles", "claims", "observations", "supported", "refuted", "conflicting_evidence", "not_enough_evidence"), 0
    ),
}

# Opens the work file, writes in the middle of a transaction, says so, and stays there.
HOLD_IN_MID_WRITE = """
import sys, time
from pathlib import Path
from pipelines.warehouse.store import Warehouse
with Warehouse(Path(sys.argv[1])).open_work() as work:
    with work.transaction():
        work.connection.execute("DELETE FROM tolerances")
        work.connection.execute("INSERT INTO tolerances SELECT 'half ' || range, 1, 'half' FROM range(5000)")
        print("holding", flush=True)
        time.sleep(60)
"""

# Opens the work file, says so, and ends a moment after it is told to.
HOLD_UNTIL_TOLD = """
import sys
from pathlib import Path
from pipelines.warehouse.store import Warehouse
with Warehouse(Path(sys.argv[1])).open_work() as work:
    print("holding", flush=True)
    sys.stdin.readline()
    work.connection.execute("INSERT INTO tolerances VALUES ('by the other', 1, 'note')")
"""


def start_holder(code: str, folder: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(python(code, folder), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_a_fresh_folder_gets_every_table_and_view(tmp_path):
    with Warehouse(tmp_path / "deep" / "folder").open_work() as work:
        for contract in CONTRACTS.values():
            assert work.read(contract).columns == [column.name for column in columns_of(contract)]


def test_write_replaces_the_table_and_keeps_its_state(warehouse):
    with warehouse.open_work() as work:
        write(work, "one", "two")
        write(work, "three")
        states = work.connection.execute("FROM table_states").fetchall()
    assert work_names(warehouse) == ["three"]
    assert states == [("tolerances", "three", 1, "r")]


def test_a_row_that_duckdb_refuses_in_mid_write_leaves_table_and_state_untouched(warehouse):
    with warehouse.open_work() as work:
        write(work, "one")
        work.connection.execute("ALTER TABLE tolerances ALTER note SET DATA TYPE VARCHAR")
        work.connection.execute("DROP TABLE rejected_rows")
        with pytest.raises(duckdb.Error):
            write(work, "two")
        assert work.read(Tolerance)["name"].to_list() == ["one"]
        assert work.fingerprint_of("tolerances") == "one"


def test_append_refuses_a_bad_row_and_a_repeated_key(warehouse):
    with warehouse.open_work() as work:
        work.append(Tolerance, tolerances("one"))
        with pytest.raises(ContractError):
            work.append(Tolerance, tolerances("two").with_columns(value=pl.lit(-1.0)))
        with pytest.raises(duckdb.ConstraintException):
            work.append(Tolerance, tolerances("one"))
        assert work.read(Tolerance)["name"].to_list() == ["one"]


def test_read_gives_the_types_of_the_contract_also_of_empty_tables(warehouse):
    with warehouse.open_work() as work:
        for contract in CONTRACTS.values():
            assert work.read(contract).schema == frame(contract, []).schema, name_of(contract)


def test_nothing_is_published_before_publish(warehouse):
    with warehouse.open_work() as work:
        write(work, "one")
    with pytest.raises(WarehouseError, match="hedui refresh"):
        warehouse.open_published()


def test_the_published_file_opens_read_only_in_another_process(warehouse):
    publish(warehouse, "one", "two")
    assert run_python(READ_NAMES, warehouse.published_path) == "['one', 'two']"


def test_other_processes_read_the_published_file_while_a_refresh_writes(warehouse):
    publish(warehouse, "one")
    with warehouse.open_work() as work, work.transaction():
        work.connection.execute("DELETE FROM tolerances")
        assert run_python(READ_NAMES, warehouse.published_path) == "['one']"


def test_the_published_file_holds_no_private_schema_and_nothing_but_the_contracts(warehouse):
    publish(warehouse, "one")
    with warehouse.open_published() as connection:
        tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert {schema for schema, _ in tables} == {"main"}
    assert {table for _, table in tables} | {view for (view,) in views} == set(CONTRACTS)


def test_the_published_file_keeps_comments_keys_and_macros(warehouse):
    publish(warehouse, "one")
    with warehouse.open_published() as connection:
        assert connection.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'main' AND comment IS NULL AND NOT internal"
        ).fetchall() == [(0,)]
        assert (
            connection.execute(
                "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
            ).fetchall()[0][0]
            > 10
        )
        assert connection.execute("SELECT tolerance('one'), format_value_en(38e12, 'USD')").fetchall() == [
            (0.5, "$38 trillion")
        ]


def test_the_published_file_cannot_be_written_through_its_reader(warehouse):
    publish(warehouse, "one")
    with warehouse.open_published() as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("DELETE FROM tolerances")


def test_publishing_is_one_replacement_and_leaves_no_leftovers(warehouse):
    publish(warehouse, "one")
    before = warehouse.published_path.stat().st_ino
    publish(warehouse, "two")
    assert warehouse.published_path.stat().st_ino != before
    assert sorted(path.name for path in warehouse.folder.iterdir()) == ["warehouse.duckdb", "work.duckdb", "work.lock"]


def test_an_old_reader_keeps_its_snapshot_and_a_new_process_sees_the_new_one(warehouse):
    publish(warehouse, "one")
    with warehouse.open_published() as reader:
        publish(warehouse, "two")
        assert reader.execute("SELECT name FROM tolerances").fetchall() == [("one",)]
        assert run_python(READ_NAMES, warehouse.published_path) == "['two']"
    assert published_names(warehouse) == ["two"]


def test_the_work_file_goes_on_after_publishing(warehouse):
    with warehouse.open_work() as work:
        write(work, "one")
        work.publish()
        write(work, "two")
        assert work.read(Tolerance)["name"].to_list() == ["two"]
    assert published_names(warehouse) == ["one"]


def test_a_failed_publication_says_so_and_leaves_everything_as_it_was(warehouse):
    warehouse.published_path.mkdir()
    with warehouse.open_work() as work:
        write(work, "one")
        with pytest.raises(WarehouseError, match="could not be replaced"):
            work.publish()
        assert work.read(Tolerance)["name"].to_list() == ["one"]
    assert not list(warehouse.folder.glob("*.building*"))
    warehouse.published_path.rmdir()
    with warehouse.open_work() as work:
        work.publish()
    assert published_names(warehouse) == ["one"]


def test_a_refresh_that_was_killed_before_it_was_published_leaves_no_trace_in_history(warehouse):
    with warehouse.open_work() as work:
        work.append(Refresh, frame(Refresh, [REFRESH | {"refresh_id": "first"}]))
        work.connection.execute(
            "INSERT INTO verdict_changes VALUES ('c', 'today', 'supported', 'refuted', 'revision', 'first')"
        )
        work.publish()
    with warehouse.open_work() as work:
        work.append(Refresh, frame(Refresh, [REFRESH | {"refresh_id": "second"}]))
        work.connection.execute(
            "INSERT INTO verdict_changes VALUES ('c', 'today', 'refuted', 'supported', 'revision', 'second')"
        )
    with warehouse.open_work() as work:
        assert work.read(Refresh)["refresh_id"].to_list() == ["first"]
        assert work.connection.execute("SELECT refresh_id FROM last_published.verdict_changes").fetchall() == [
            ("first",)
        ]


def test_leftovers_of_a_killed_publication_are_swept(warehouse):
    leftovers = [warehouse.folder / f"warehouse.duckdb.4711.building{ending}" for ending in ("", ".wal")]
    for leftover in leftovers:
        leftover.write_bytes(b"half a file")
    with warehouse.open_work():
        assert not any(leftover.exists() for leftover in leftovers)


def test_two_refreshes_take_turns_and_the_second_says_for_whom_it_waits(warehouse):
    holder = start_holder(HOLD_UNTIL_TOLD, warehouse.folder)
    told: list[str] = []

    def release(message: str) -> None:
        told.append(message)
        threading.Timer(0.3, lambda: holder.communicate("go\n")).start()

    with warehouse.open_work(on_wait=release) as work:
        assert work.read(Tolerance)["name"].to_list() == ["by the other"]
    assert len(told) == 1
    assert f"process {holder.pid}" in told[0]


def test_waiting_ends_in_time_with_the_holder_named(warehouse):
    holder = start_holder(HOLD_UNTIL_TOLD, warehouse.folder)
    try:
        begun = time.monotonic()
        with (
            pytest.raises(WarehouseError, match=f"being refreshed by process {holder.pid}"),
            warehouse.open_work(wait_seconds=0.2, on_wait=str),
        ):
            pass
        assert time.monotonic() - begun < 5
    finally:
        end(holder)


def test_kill_9_in_mid_write_frees_the_lock_and_loses_only_what_was_not_done(warehouse):
    publish(warehouse, "one")
    holder = start_holder(HOLD_IN_MID_WRITE, warehouse.folder)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with warehouse.open_work(wait_seconds=1) as work:
        assert work.read(Tolerance)["name"].to_list() == ["one"]
        write(work, "two")
        work.publish()
    assert published_names(warehouse) == ["two"]


def test_a_work_file_open_in_another_program_is_named(warehouse):
    code = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('holding', flush=True); time.sleep(60)"
    holder = start_holder(code, warehouse.work_path)
    try:
        with pytest.raises(WarehouseError, match="open in another program"), warehouse.open_work():
            pass
    finally:
        end(holder)
    assert work_names(warehouse) == []


def damage_beginning(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def damage_headers(path: Path) -> None:
    """Both database headers: DuckDB finds that their checksums do not match."""
    content = bytearray(path.read_bytes())
    content[4096 + 16 : 12288] = b"\xff" * (12288 - 4096 - 16)
    path.write_bytes(content)


def damage_catalogue(path: Path) -> None:
    """Every block after the headers: DuckDB finds that the checksum of the block with the catalogue does not match."""
    content = bytearray(path.read_bytes())
    for place in range(12288 + 8, len(content), 64):
        content[place] ^= 0xFF
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [damage_beginning, damage_headers, damage_catalogue, empty])
def test_an_unreadable_work_file_starts_over_from_the_published_one(warehouse, damage):
    publish(warehouse, "published")
    damage(warehouse.work_path)
    with warehouse.open_work() as work:
        assert work.read(Tolerance)["name"].to_list() == ["published"]
        write(work, "next")
        work.publish()
    assert published_names(warehouse) == ["next"]


def test_an_unreadable_work_file_without_a_published_one_starts_from_nothing(warehouse):
    damage_beginning(warehouse.work_path)
    assert work_names(warehouse) == []


def test_a_write_ahead_log_that_belongs_to_a_lost_work_file_is_not_replayed(warehouse):
    publish(warehouse, "published")
    holder = start_holder(HOLD_UNTIL_TOLD.replace("sys.stdin.readline()", "work.connection.execute(\"INSERT INTO tolerances VALUES ('lost', 1, 'note')\")"
                                                  "; print('written', flush=True); sys.stdin.readline()"), warehouse.folder)  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "written\n"
    end(holder)
    assert warehouse.work_path.with_name("work.duckdb.wal").exists()
    warehouse.work_path.unlink()
    assert work_names(warehouse) == ["published"]


def test_a_lost_work_file_starts_over_from_the_published_one(warehouse):
    publish(warehouse, "published")
    warehouse.work_path.unlink()
    assert work_names(warehouse) == ["published"]


def test_two_unreadable_files_end_in_a_message_that_names_the_cure(warehouse):
    damage_beginning(warehouse.work_path)
    damage_beginning(warehouse.published_path)
    with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"), warehouse.open_work():
        pass


def test_an_unreadable_published_file_is_a_clear_error_for_readers(warehouse):
    damage_beginning(warehouse.published_path)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        warehouse.open_published()


def test_a_data_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WarehouseError, match="--data-dir"), Warehouse(tmp_path / "file" / "data").open_work():
        pass


def shape_of(work: Work, table: str) -> list[tuple[str, str, bool]]:
    return work.connection.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? AND schema_name = 'main' ORDER BY column_index",
        [table],
    ).fetchall()


def test_a_table_of_an_older_release_keeps_its_rows_where_its_columns_still_describe_them(warehouse):
    with warehouse.open_work() as work:
        declared = shape_of(work, "verdict_changes")
        work.connection.execute(
            "INSERT INTO verdict_changes VALUES ('c', 'today', 'supported', 'refuted', 'revision', 'r1')"
        )
        work.connection.execute("ALTER TABLE verdict_changes ADD COLUMN mood VARCHAR")
    with warehouse.open_work() as work:
        assert shape_of(work, "verdict_changes") == declared
        assert work.read(VerdictChange).rows() == [("c", "today", "supported", "refuted", "revision", "r1")]


def test_a_table_of_an_older_release_that_lacks_a_nullable_column_keeps_its_rows(warehouse):
    with warehouse.open_work() as work:
        work.connection.execute("INSERT INTO observations (series_id, period_start, period_end, value, known_from, known_basis, origin) "
                                "VALUES ('S', '2025-05-01', '2025-05-31', 1, '2025-06-01', 'vintage', 'live')")  # fmt: skip
        work.connection.execute("ALTER TABLE observations DROP COLUMN retrieved_at")
    with warehouse.open_work() as work:
        assert work.read(Observation)["series_id"].to_list() == ["S"]


def test_a_table_of_an_older_release_whose_rows_cannot_be_carried_over_is_built_anew(warehouse):
    with warehouse.open_work() as work:
        declared = shape_of(work, "tolerances")
        write(work, "one")
        work.connection.execute("CREATE OR REPLACE TABLE tolerances AS SELECT name, value FROM tolerances")
    with warehouse.open_work() as work:
        assert shape_of(work, "tolerances") == declared
        assert work.read(Tolerance).height == 0
        assert work.fingerprint_of("tolerances") is None


def test_a_table_of_an_older_release_without_any_column_of_today_is_built_anew(warehouse):
    with warehouse.open_work() as work:
        declared = shape_of(work, "tolerances")
        work.connection.execute("CREATE OR REPLACE TABLE tolerances AS SELECT 1 AS something")
    with warehouse.open_work() as work:
        assert shape_of(work, "tolerances") == declared


def test_a_column_of_another_type_is_brought_to_its_contract(warehouse):
    with warehouse.open_work() as work:
        declared = shape_of(work, "tolerances")
        write(work, "one")
        work.connection.execute("ALTER TABLE tolerances ALTER value SET DATA TYPE VARCHAR")
    with warehouse.open_work() as work:
        assert shape_of(work, "tolerances") == declared


def test_verdict_changes_can_be_found_after_a_release_that_added_a_column(warehouse):
    with warehouse.open_work() as work:
        scene = Scene(work)
        scene.series()
        scene.observe(4.2, "2025-05")
        scene.claim(4.2)
        scene.judge()
        work.connection.execute("ALTER TABLE claims DROP COLUMN hedge")
        work.connection.execute("ALTER TABLE verdicts DROP COLUMN reason_when_published")
        work.publish()
    with warehouse.open_work() as work:
        work.connection.execute("SET VARIABLE refresh_id = 'r2'")
        assert work.select(VerdictChange).height == 0
        assert work.read(Claim).height == 1
        assert work.read(Verdict).height == 1


def test_every_view_can_be_read_after_its_tables_were_made_again(warehouse):
    with warehouse.open_work() as work:
        work.connection.execute("ALTER TABLE articles ADD COLUMN mood VARCHAR")
        work.connection.execute("ALTER TABLE observations DROP COLUMN origin")
    with warehouse.open_work() as work:
        for contract in CONTRACTS.values():
            if is_view(contract):
                assert work.read(contract).height == 0
