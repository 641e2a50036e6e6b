"""Runs the files of sql/: one SELECT a file, named after its table, view, check or question."""

import graphlib
import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import WarehouseError
from pipelines.places import SQL

# The tables whose queries make up the rule of judgement.
_JUDGING = ("comparisons", "statement_comparisons", "verdicts")
# A query of judgement holds some 10 KB a claim in memory.
CLAIMS_AT_ONCE = 350_000


def query_path(name: str) -> Path:
    """The file of a table or view."""
    return SQL / f"{name}.sql"


def read_query(path: Path) -> str:
    """The text of a query file without its closing semicolon."""
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


def rule_paths(name: str) -> list[Path]:
    """The files of sql/rules/ that sql/<name>.sql reads from, directly or through each other, each after those it reads from itself."""
    rules = {path.stem: path for path in sorted((SQL / "rules").glob("*.sql"))}
    reads: dict[str, list[str]] = {}
    waiting = _find_rules(read_query(query_path(name)), rules)
    while waiting:
        rule = waiting.pop()
        if rule not in reads:
            reads[rule] = [other for other in _find_rules(read_query(rules[rule]), rules) if other != rule]
            waiting += reads[rule]
    return [rules[rule] for rule in graphlib.TopologicalSorter(reads).static_order()]


def _find_rules(text: str, rules: Iterable[str]) -> list[str]:
    named = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", text))
    return [rule for rule in rules if rule in named]


def compose_query(name: str) -> str:
    """The text of sql/<name>.sql, led in by the rules of sql/rules/ that it reads from, each as a query of its name (WITH)."""
    text, rules = read_query(query_path(name)), rule_paths(name)
    if not rules:
        return text
    parts = ",\n".join(f"{path.stem} AS (\n{read_query(path)}\n)" for path in rules)
    return f"WITH {parts}\nSELECT * FROM (\n{text}\n)"


def compose_parts(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """The query of sql/<name>.sql, once for each part of the claims that is judged at once; run each before the next is taken.

    Temporary tables of the part's claims and comparisons stand before the warehouse's own meanwhile. A part is of whole articles: a claim may be
    judged beside others of its article.
    """
    query = compose_query(name)
    ((claims,),) = connection.execute("SELECT count(*) FROM claims").fetchall() if name in _JUDGING else [(0,)]
    parts = math.ceil(claims / CLAIMS_AT_ONCE)
    if parts <= 1:
        yield query
        return
    compared = _JUDGING[: _JUDGING.index(name)]
    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    try:
        for part in range(parts):
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE claims AS FROM {database}.main.claims WHERE hash(article_id) % {parts} = {part}"
            )
            for table in compared:
                connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE {table} AS FROM {database}.main.{table} SEMI JOIN claims USING (claim_id)"
                )
            yield query
    finally:
        for table in ("claims", *compared):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def run_query(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """The rows that sql/<name>.sql gives.

    Raises:
        WarehouseError: the query does not run; the message names the file.
    """
    path = query_path(name)
    try:
        rows: pl.DataFrame = pl.concat(connection.sql(query).pl() for query in compose_parts(connection, name))
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
    """Define the functions of sql/macros/, which queries here and analysts use, and `rules_version()`, which names the text of the rules."""
    rules = "\n".join(compose_query(name) for name in _JUDGING)
    version = hashlib.sha256(rules.encode()).hexdigest()[:12]
    connection.execute(f"CREATE OR REPLACE MACRO rules_version() AS '{version}'")
    for path in macro_paths():
        connection.execute(read_query(path))


def macro_paths() -> list[Path]:
    """The files of sql/macros/, each after those it calls; each creates the function after which it is named."""
    texts = {path.stem: read_query(path) for path in sorted((SQL / "macros").glob("*.sql"))}
    called = {name: set(re.findall(r"\b(\w+)\(", text)) for name, text in texts.items()}
    calls = {name: [other for other in texts if other != name and other in called[name]] for name in texts}
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
