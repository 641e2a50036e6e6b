"""Runs the files of sql/: one SELECT a file, named after its table, view, check or question."""

import graphlib
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import WarehouseError
from pipelines.places import SQL


def query_path(name: str) -> Path:
    """The file of a table or view."""
    return SQL / f"{name}.sql"


def read_query(path: Path) -> str:
    """The text of a query file without its closing semicolon."""
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


def run_query(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The rows that sql/<name>.sql gives.

    Raises:
        WarehouseError: the query does not run; the message names the file.
    """
    path = query_path(name)
    try:
        rows: pl.DataFrame = connection.sql(read_query(path)).pl()
    except duckdb.Error as error:
        raise WarehouseError(f"{path.relative_to(SQL.parent)} does not run: {error}") from error
    return rows


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns and rows that an analyst's query gives.

    Raises:
        WarehouseError: the query does not run, or holds no statement.
    """
    try:
        cursor = connection.execute(query)
        if cursor is None:
            raise WarehouseError("the query holds no statement; try SHOW TABLES")
        return [column[0] for column in cursor.description or []], cursor.fetchall()
    except (duckdb.Error, RuntimeError) as error:
        raise WarehouseError(str(error)) from error


def view_statement(name: str) -> str:
    """The CREATE VIEW statement of sql/<name>.sql."""
    return f'CREATE OR REPLACE VIEW "{name}" AS {read_query(query_path(name))}'


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the functions of sql/macros/, which queries here and analysts use."""
    for path in macro_paths():
        connection.execute(read_query(path))


def macro_paths() -> list[Path]:
    """The files of sql/macros/, each after those it calls; each creates the function after which it is named."""
    texts = {path.stem: read_query(path) for path in sorted((SQL / "macros").glob("*.sql"))}
    calls = {name: [other for other in texts if other != name and f"{other}(" in text] for name, text in texts.items()}
    return [SQL / "macros" / f"{name}.sql" for name in graphlib.TopologicalSorter(calls).static_order()]


@dataclass(frozen=True, slots=True)
class Question:
    """A ready query: a check that must return no row, or a question for analysts.

    Attributes:
        name: the file's name without ending.
        title: the comment in its first line.
        settings: further comment lines of the form `-- word: value` at its head.
        text: the query.
    """

    name: str
    title: str
    settings: dict[str, str]
    text: str


def read_questions(folder: Path) -> list[Question]:
    """The queries of sql/checks or sql/questions, by name; the first line of each is a comment that says what it asks."""
    questions = []
    for path in sorted(folder.glob("*.sql")):
        text = read_query(path)
        title, *rest = itertools.takewhile(lambda line: line.startswith("--"), text.splitlines())
        settings = dict(line.removeprefix("--").strip().split(": ", 1) for line in rest if ": " in line)
        questions.append(Question(path.stem, title.removeprefix("--").strip(), settings, text))
    return questions
