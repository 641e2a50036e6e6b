"""Dagster's record of runs in the data folder: where it stands, and how a refresh writes it."""

import contextlib
import fcntl
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from pipelines.errors import WarehouseError
from pipelines.places import ROOT

_BUSY_SECONDS = 30  # how long a write waits for that of another process, as in Dagster's own


def place_settings(data_folder: Path) -> Path:
    """Write dagster.yaml into the data folder with everything that Dagster writes placed there too.

    Returns:
        The folder that holds it: Dagster's home.
    """
    home = data_folder / "dagster"
    settings: dict[str, Any] = yaml.load((ROOT / "dagster.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    settings["storage"]["sqlite"]["base_dir"] = str(home)
    settings["compute_logs"]["config"]["base_dir"] = str(home / "logs")
    settings["local_artifact_storage"]["config"]["base_dir"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    written = home / "dagster.yaml"
    text = yaml.safe_dump(settings)
    if not written.exists() or written.read_text(encoding="utf-8") != text:
        written.write_text(text, encoding="utf-8")
    return home


@contextlib.contextmanager
def open_instance(data_folder: Path) -> Iterator[dg.DagsterInstance]:
    """Dagster's record of runs in the data folder, made if there is none yet.

    Raises:
        WarehouseError: the folder cannot be written.
    """
    try:
        home = place_settings(data_folder)
        lock = (data_folder / "dagster.lock").open("w")
    except OSError as error:
        raise WarehouseError(
            f"the data folder {data_folder} cannot be written: {error}. Choose another with --data-dir"
        ) from error
    with lock:
        # Dagster's SQLite tables are not safe to be created by two processes at once; a store broken that way stays broken.
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not (home / "history").exists()
        instance = dg.DagsterInstance.from_ref(_keep_open(InstanceRef.from_dir(str(home))))
        if is_new:
            instance.get_runs_count()
            instance.all_asset_keys()
            instance.all_instigator_state()
    with instance:
        yield instance


@contextlib.contextmanager
def plain_about_the_record(data_folder: Path) -> Iterator[None]:
    """A full disk reaches Dagster's record of runs first."""
    try:
        yield
    except DBAPIError as error:
        raise WarehouseError(
            f"the record of runs in {data_folder / 'dagster'} cannot be written: {error.orig}. Make room on the disk, then refresh again; "
            "the published warehouse is as it was"
        ) from error


def _keep_open(ref: InstanceRef) -> InstanceRef:
    """The same record, written by the classes below; the UI and the daemon read the same files with Dagster's own."""

    def replace(settings: ConfigurableClassData | None, kept: type) -> ConfigurableClassData | None:
        return settings and ConfigurableClassData(__name__, kept.__name__, settings.config_yaml)

    return ref._replace(
        storage_data=None,
        run_storage_data=replace(ref.run_storage_data, KeptRuns),
        event_storage_data=replace(ref.event_storage_data, KeptEvents),
    )


class _KeptFiles:
    """SQLite files that stay open until the record is closed.

    Dagster opens and closes its own several times for every event, and makes its queries anew each time: half the time of a short refresh.
    """

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}

    @contextlib.contextmanager
    def connect(self, address: str) -> Iterator[Connection]:
        """A connection to the file in a transaction of its own."""
        if address not in self._engines:
            self._engines[address] = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
        with self._engines[address].begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


class KeptRuns(SqliteRunStorage):
    """The runs and their tags."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._address, self._files = conn_string, _KeptFiles()
        super().__init__(conn_string, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "KeptRuns":
        """As Dagster makes it from settings."""
        return cls.from_local(inst_data=inst_data, **config_value)

    def connect(self) -> contextlib.AbstractContextManager[Connection]:  # type: ignore[override]  # Dagster's is a generator under a decorator
        """A connection in a transaction."""
        return self._files.connect(self._address)

    def dispose(self) -> None:
        """Close the file."""
        self._files.close()


class KeptEvents(SqliteEventLogStorage):
    """The events of every run, a file a run, and those of all assets in one more."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._files = _KeptFiles()
        self._known_shards: set[str] = set()
        self._known_tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "KeptEvents":
        """As Dagster makes it from settings."""
        return cls(inst_data=inst_data, **config_value)

    @contextlib.contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        if shard not in self._known_shards:
            with super()._connect(shard):  # makes the file or its tables if they are missing
                self._known_shards.add(shard)
        with self._files.connect(self.conn_string_for_shard(shard)) as connection:
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the file of all assets holds a table; one that it holds stays."""
        if table_name not in self._known_tables and super().has_table(table_name):
            self._known_tables.add(table_name)
        return table_name in self._known_tables

    def dispose(self) -> None:
        """Close the files."""
        self._files.close()
        super().dispose()


@sqlalchemy_event.listens_for(Engine, "connect")
def _write_without_waiting(connection: Any, _: Any) -> None:
    """Spare a wait for the disk at every event: Dagster commits each one alone.

    In SQLite's write-ahead mode NORMAL loses at most the last events of a machine that loses power, and never the file
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")
