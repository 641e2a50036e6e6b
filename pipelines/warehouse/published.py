"""The published warehouse as readers find it: where it stands and how it is opened.

No contract is loaded here, so that a command that only reads does not wait for what only a refresh needs.
"""

from pathlib import Path

import duckdb

from pipelines.errors import WarehouseError


def published_path(folder: Path) -> Path:
    """The file that analysts open, in the data folder `folder`."""
    return folder / "warehouse.duckdb"


def open_published(folder: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published warehouse; open it anew to see a newer refresh.

    Raises:
        WarehouseError: there is none yet, or it cannot be read.
    """
    path = _find_published(folder)
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be opened: {error}") from error
    return connection


def attach_published(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Set the published warehouse, read only, beside the tables of a connection, as `published`.

    Raises:
        WarehouseError: there is none yet, or it cannot be read.
    """
    path = _find_published(folder)
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS published (READ_ONLY)")
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be opened: {error}") from error


def _find_published(folder: Path) -> Path:
    path = published_path(folder)
    if not path.exists():
        raise WarehouseError(f"there is no warehouse at {path} yet: run `hedui refresh` first")
    return path
