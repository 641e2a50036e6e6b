"""The two files of a warehouse: the private work file under its lock, and the published file that is always whole.

A refresh writes tables to `work.duckdb`, each in one transaction, and publishes at the end by replacing `warehouse.duckdb` in one step with a
checked copy. Readers never wait and never see half a refresh. A refresh that dies leaves the published file as it was; the next one goes on
with the work file, whose tables say from what they were built (`table_states`). The lock is the kernel's: it dies with its holder.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import WarehouseError
from pipelines.places import SQL
from pipelines.warehouse.contracts import (
    Contract,
    check_rows,
    columns_of,
    comment_statements,
    create_statement,
    empty_frame,
    is_view,
    key_of,
    name_of,
)
from pipelines.warehouse.published import open_published, published_path
from pipelines.warehouse.queries import compose_parts, create_macros, query_path, view_statement
from pipelines.warehouse.tables import (
    CONTRACTS,
    Claim,
    Comparison,
    RejectedRow,
    StatementComparison,
    TableState,
    Verdict,
    VerdictChange,
)

# DuckDB 2.0's own format cannot be read by 1.5 clients, the newest command line client among them.
_FORMAT: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": "v1.5.0"}
# What the published warehouse says of verdicts; a later refresh finds the changes against it.
_LAST_PUBLISHED = (Claim, Comparison, StatementComparison, Verdict, VerdictChange)

# Type and whether it may be null of each column of a table, in their order; empty where there is no such table.
_Shape = dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a table did: rows now in it, rows refused."""

    rows: int
    rejected: int


class Work:
    """The open work file of a refresh that holds the lock; made by `Warehouse.open_work`."""

    def __init__(self, path: Path, published_path: Path) -> None:
        self._path, self._published_path = path, published_path
        self.connection = self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(str(self._path), config=_FORMAT)
        except duckdb.IOException as error:
            if "set lock on file" in str(error):
                raise WarehouseError(
                    f"{self._path} is open in another program: {error}. Close it there, then refresh again"
                ) from None
            connection = self._start_over()
        except duckdb.Error:
            connection = self._start_over()
        connection.execute("SET TimeZone = 'UTC'")
        # inside WITH the size of a side is not known beforehand: the loop, meant for a few rows, would take a day for many
        connection.execute("SET asof_loop_join_threshold = 0")
        return connection

    def _start_over(self) -> duckdb.DuckDBPyConnection:
        """The work file is unreadable: nothing in it was published, so begin again from what was."""
        self._path.unlink()
        self._path.with_name(self._path.name + ".wal").unlink(missing_ok=True)
        if self._published_path.exists():
            shutil.copyfile(self._published_path, self._path)
        try:
            return duckdb.connect(str(self._path), config=_FORMAT)
        except duckdb.Error as error:
            raise WarehouseError(
                f"neither {self._path} nor {self._published_path} can be read: {error}. Put back a good copy of the latter, "
                "or move both away to begin anew"
            ) from error

    def prepare(self) -> None:
        """Make every table, macro and view that is missing or of another shape than its contract."""
        with self.transaction():
            self._drop_former_views()
            shapes = self._read_shapes(self._path.stem)
            for contract in CONTRACTS.values():
                if not is_view(contract):
                    self._make_table(contract, shapes.get(name_of(contract), {}))
            create_macros(self.connection)
            for contract in CONTRACTS.values():
                if is_view(contract):
                    self.connection.execute(view_statement(name_of(contract)))
                    self._comment(contract)
        self._read_last_published()

    def _drop_former_views(self) -> None:
        """Make room for tables that were views in another release."""
        found = self.connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for (name,) in found:
            if name in CONTRACTS and not is_view(CONTRACTS[name]):
                self.connection.execute(f'DROP VIEW "{name}"')

    def _read_shapes(self, database: str) -> dict[str, _Shape]:
        """The shape of every table of an attached database by its name."""
        found = self.connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() "
            "WHERE NOT internal AND database_name = ? AND schema_name = 'main' ORDER BY table_name, column_index",
            [database],
        ).fetchall()
        shapes: dict[str, _Shape] = {}
        for table, name, sql_type, nullable in found:
            shapes.setdefault(table, {})[name] = (sql_type, nullable)
        return shapes

    def _make_table(self, contract: type[Contract], found: _Shape) -> None:
        table, columns, key = name_of(contract), columns_of(contract), key_of(contract)
        declared = {c.name: (c.sql_type, c.nullable) for c in columns}
        if list(found.items()) == list(declared.items()):
            return
        # Another release made this table. Rows that fill what is required today are carried over; the rest is built anew.
        kept = [name for name, (sql_type, _) in declared.items() if name in found and found[name][0] == sql_type]
        required = [name for name, (_, nullable) in declared.items() if not nullable]
        carries_over = bool(kept) and set(required) <= set(kept)
        if carries_over:
            names, whole = (
                ", ".join(f'"{name}"' for name in kept),
                " AND ".join(f'"{name}" IS NOT NULL' for name in required),
            )
            self.connection.execute(
                f'CREATE TEMP TABLE carried AS SELECT {names} FROM "{table}" WHERE {whole or "true"}'
            )
        if found:
            self.connection.execute(f'DROP TABLE "{table}"')
            if table != name_of(TableState):
                self.connection.execute("DELETE FROM table_states WHERE table_name = ?", [table])
        self.connection.execute(create_statement(contract))
        self._comment(contract)
        if carries_over:
            self.connection.execute(f'INSERT {"OR IGNORE " if key else ""}INTO "{table}" BY NAME FROM carried')
            self.connection.execute("DROP TABLE carried")

    def _comment(self, contract: type[Contract]) -> None:
        for statement in comment_statements(contract):
            self.connection.execute(statement)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is executed inside."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def fingerprint_of(self, table: str) -> str | None:
        """From what the table was built; None if it never was."""
        rows = self.connection.execute("SELECT fingerprint FROM table_states WHERE table_name = ?", [table]).fetchall()
        return str(rows[0][0]) if rows else None

    def refresh_of(self, table: str) -> str:
        """The refresh that last changed the table; empty if it never was written."""
        rows = self.connection.execute("SELECT refresh_id FROM table_states WHERE table_name = ?", [table]).fetchall()
        return str(rows[0][0]) if rows else ""

    def read(self, contract: type[Contract]) -> pl.DataFrame:
        """All rows of a table or view, with the contract's types."""
        return self._typed(contract, self.connection.sql(f'FROM "{name_of(contract)}"').pl())

    def select(self, contract: type[Contract]) -> pl.DataFrame:
        """The rows that sql/<table>.sql gives for the contract's table.

        Raises:
            WarehouseError: the query does not run; the message names the file.
        """
        name = name_of(contract)
        try:
            with contextlib.closing(compose_parts(self.connection, name)) as queries:
                rows: pl.DataFrame = pl.concat(self.connection.sql(query).pl() for query in queries)
        except duckdb.Error as error:
            raise WarehouseError(f"{query_path(name).relative_to(SQL.parent)} does not run: {error}") from error
        return self._typed(contract, rows)

    @staticmethod
    def _typed(contract: type[Contract], rows: pl.DataFrame) -> pl.DataFrame:
        # DuckDB calls the zone Etc/UTC and gives a column without any value no type; both are the same values under the declared type.
        declared = empty_frame(contract).schema
        alike = [
            pl.col(name).cast(declared[name])
            for name, found in rows.schema.items()
            if name in declared
            and (found == pl.Null or (isinstance(found, pl.Datetime) and isinstance(declared[name], pl.Datetime)))
        ]
        return rows.with_columns(alike)

    def write(self, contract: type[Contract], rows: pl.DataFrame, *, fingerprint: str, refresh_id: str) -> Written:
        """Replace a table by these rows, in one transaction with the rows refused and the table's state.

        Raises:
            ContractError: the rows break the contract beyond its declared share; the table stays as it was.
        """
        checked, table = check_rows(contract, rows), name_of(contract)
        with self.transaction():
            self.connection.execute(f'DELETE FROM "{table}"')
            self._insert(table, checked.good.sort(key_of(contract)))
            self.connection.execute("DELETE FROM rejected_rows WHERE table_name = ?", [table])
            if checked.bad.height:
                self._insert(name_of(RejectedRow), _as_rejected_rows(table, checked.bad, refresh_id))
            self.connection.execute(
                "INSERT OR REPLACE INTO table_states VALUES (?, ?, ?, ?)",
                [table, fingerprint, checked.good.height, refresh_id],
            )
            self._comment(contract)
        return Written(checked.good.height, checked.bad.height)

    def append(self, contract: type[Contract], rows: pl.DataFrame) -> None:
        """Add rows to a table that keeps a history.

        Raises:
            ContractError: a row breaks the contract.
        """
        checked = check_rows(contract, rows)
        with self.transaction():
            self._insert(name_of(contract), checked.good)

    def _insert(self, table: str, rows: pl.DataFrame) -> None:
        self.connection.register("incoming", rows)
        self.connection.execute(f'INSERT INTO "{table}" BY NAME FROM incoming')
        self.connection.unregister("incoming")

    def _read_last_published(self) -> None:
        """Set beside the tables what was published last, in the columns of today, and forget refreshes that were not.

        Only the published file tells: a refresh may be killed at any moment around its replacement.
        """
        published = self._attach_published()
        shapes = self._read_shapes("published" if published else self._path.stem)
        with self.transaction():
            self.connection.execute("DROP SCHEMA IF EXISTS last_published CASCADE; CREATE SCHEMA last_published")
            for contract in _LAST_PUBLISHED:
                table = name_of(contract)
                found = shapes.get(table, {})
                selected = ", ".join(
                    f'"{c.name}"' if found.get(c.name, ("",))[0] == c.sql_type else f'NULL::{c.sql_type} AS "{c.name}"'
                    for c in columns_of(contract)
                )
                source = f'FROM {"published." if published else ""}main."{table}"' if found else "WHERE false"
                self.connection.execute(f'CREATE TABLE last_published."{table}" AS SELECT {selected} {source}')
            if published and "refreshes" in shapes:
                self.connection.execute(
                    "DELETE FROM refreshes WHERE refresh_id NOT IN (SELECT refresh_id FROM published.refreshes)"
                )
        if published:
            self.connection.execute("DETACH published")

    def _attach_published(self) -> bool:
        """Whether there is a published file that can be read; then it is attached as `published`."""
        if not self._published_path.exists():
            return False
        path = str(self._published_path).replace("'", "''")
        try:
            self.connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
        except duckdb.Error:  # the next publication replaces it
            return False
        return True

    def publish(self) -> None:
        """Replace the published file by a checked copy of the work file, in one step.

        Raises:
            WarehouseError: the copy cannot be written or read back (a full disk, a folder without write permission).
        """
        self.connection.execute("CHECKPOINT")
        self.connection.close()
        building = self._published_path.with_name(f"{self._published_path.name}.{os.getpid()}.building")
        try:
            shutil.copyfile(self._path, building)
            with duckdb.connect(str(building), config=_FORMAT) as copy:
                copy.execute("DROP SCHEMA last_published CASCADE")
                for contract in CONTRACTS.values():
                    copy.execute(f'SELECT count(*) FROM "{name_of(contract)}"').fetchall()
                copy.execute("CHECKPOINT")
            _sync(building)
            building.replace(self._published_path)
            _sync(self._published_path.parent)
        except (OSError, duckdb.Error) as error:
            building.unlink(missing_ok=True)
            raise WarehouseError(
                f"{self._published_path} could not be replaced: {error}. It is as it was; make room or mend its folder's permissions, then refresh again"
            ) from error
        finally:
            self.connection = self._open()

    def close(self) -> None:
        """Close the work file."""
        self.connection.close()


def _as_rejected_rows(table: str, bad: pl.DataFrame, refresh_id: str) -> pl.DataFrame:
    fields = [name for name in bad.columns if name != "broken_rule"]
    return bad.select(
        pl.lit(table).alias("table_name"),
        pl.struct(fields).struct.json_encode().alias("row"),
        pl.col("broken_rule"),
        pl.lit(refresh_id).alias("refresh_id"),
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The warehouse in a data folder.

    Attributes:
        folder: where `warehouse.duckdb` (published) and `work.duckdb` (private) stand.
    """

    folder: Path

    @property
    def published_path(self) -> Path:
        """The file that analysts open."""
        return published_path(self.folder)

    @property
    def work_path(self) -> Path:
        """The file that only a refresh opens."""
        return self.folder / "work.duckdb"

    @contextlib.contextmanager
    def open_work(self, *, wait_seconds: float = 3600.0, on_wait: Callable[[str], None] = print) -> Iterator[Work]:
        """The work file, ready to be written to, with every table of the contracts.

        Args:
            wait_seconds: how long to wait for another refresh to end.
            on_wait: told once, in a sentence, that and for whom we wait.

        Raises:
            WarehouseError: the folder cannot be written, or the other refresh did not end in time.
        """
        with self._lock(wait_seconds, on_wait):
            for leftover in self.folder.glob("warehouse.duckdb.*.building*"):
                leftover.unlink()
            if self.published_path.exists() and not self.work_path.exists():
                shutil.copyfile(self.published_path, self.work_path)
            work = Work(self.work_path, self.published_path)
            try:
                work.prepare()
                yield work
            finally:
                work.close()

    @contextlib.contextmanager
    def _lock(self, wait_seconds: float, on_wait: Callable[[str], None]) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "work.lock").open("a+")
        except OSError as error:
            raise WarehouseError(
                f"the data folder {self.folder} cannot be written: {error}. Choose another with --data-dir"
            ) from error
        with lock:
            until, told = time.monotonic() + wait_seconds, False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    lock.seek(0)
                    holder = f"process {lock.read().strip() or 'unknown'}"
                    if time.monotonic() > until:
                        raise WarehouseError(
                            f"{self.folder} is being refreshed by {holder}; try again when it has ended"
                        ) from None
                    if not told:
                        on_wait(f"another refresh of {self.folder} is running ({holder}); waiting for it to end")
                        told = True
                    time.sleep(0.1)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def open_published(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection to the published warehouse; open it anew to see a newer refresh.

        Raises:
            WarehouseError: there is none yet, or it cannot be read.
        """
        return open_published(self.folder)
