"""Runs the files of sql/: one SELECT a file, named after its table, view, check or question."""

import collections
import contextlib
import graphlib
import hashlib
import itertools
import math
import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

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
    return [SQL / "rules" / f"{rule}.sql" for rule in _read_rules(read_query(query_path(name)))]


def _read_rules(text: str) -> dict[str, list[str]]:
    """The rules that a query reads from, each after those it reads from itself, with the names of those as often as it reads them."""
    texts = {path.stem: read_query(path) for path in sorted((SQL / "rules").glob("*.sql"))}
    reads: dict[str, list[str]] = {}
    waiting = _find_tables(text)
    while waiting:
        rule = waiting.pop()
        if rule in texts and rule not in reads:
            reads[rule] = [other for other in _find_tables(texts[rule]) if other in texts and other != rule]
            waiting += reads[rule]
    return {rule: reads[rule] for rule in graphlib.TopologicalSorter(reads).static_order()}


def _find_tables(text: str) -> list[str]:
    return re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", text)


def compose_query(name: str) -> str:
    """The text of sql/<name>.sql, led in by the rules of sql/rules/ that it reads from, each as a query of its name (WITH)."""
    text = read_query(query_path(name))
    return _lead_in(text, _read_rules(text))


def _lead_in(text: str, rules: Iterable[str]) -> str:
    parts = ",\n".join(f"{rule} AS (\n{read_query(SQL / 'rules' / f'{rule}.sql')}\n)" for rule in rules)
    return f"WITH {parts}\nSELECT * FROM (\n{text}\n)" if parts else text


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps in which the query of a table is worked out.

    Attributes:
        once: rules that are read more than once and do not depend on the claims judged, with the query of each.
        each: those that do.
        query: the query of the table, which reads from all these.
    """

    once: dict[str, str]
    each: dict[str, str]
    query: str


def _plan_steps(name: str) -> _Steps:
    """Part the query of a table so that each rule that is read more than once is worked out once.

    What reads such a rule then knows how large it is: inside one query DuckDB took a rule for a thousand times its size, and joined the wrong way round.
    """
    text = read_query(query_path(name))
    rules = _read_rules(text)
    read = collections.Counter(itertools.chain(_find_tables(text), *rules.values()))
    once: dict[str, str] = {}
    each: dict[str, str] = {}
    depending = {"claims", *_JUDGING}
    leading: dict[str, list[str]] = {}
    for rule, others in rules.items():
        rule_text = read_query(SQL / "rules" / f"{rule}.sql")
        leading[rule] = _list_leading(others, leading)
        if not depending.isdisjoint(_find_tables(rule_text)):
            depending.add(rule)
        if read[rule] > 1:
            (each if rule in depending else once)[rule] = _lead_in(rule_text, leading.pop(rule))
    return _Steps(once, each, _lead_in(text, _list_leading(_find_tables(text), leading)))


def _list_leading(read: Iterable[str], leading: Mapping[str, list[str]]) -> list[str]:
    """The rules read that are no step of their own, each after those it reads from itself."""
    return list(dict.fromkeys(one for rule in read if rule in leading for one in (*leading[rule], rule)))


def compose_parts(connection: duckdb.DuckDBPyConnection, name: str) -> Generator[str, None, None]:
    """The query of sql/<name>.sql, once for each part of the claims that is judged at once; run each before the next is taken, and close it in the end.

    Temporary tables stand beside, or before, those of the warehouse meanwhile: the rules that are read more than once, and of several parts the part's
    claims and comparisons. A part is of whole articles: a claim may be judged beside others of its article.
    """
    steps = _plan_steps(name)
    ((claims,),) = connection.execute("SELECT count(*) FROM claims").fetchall() if name in _JUDGING else [(0,)]
    parts = math.ceil(claims / CLAIMS_AT_ONCE)
    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    given = (
        {"claims": f"FROM {database}.main.claims WHERE hash(article_id) % {parts} = {{part}}"}
        | {
            table: f"FROM {database}.main.{table} SEMI JOIN claims USING (claim_id)"
            for table in _JUDGING[: _JUDGING.index(name)]
        }
        if parts > 1
        else {}
    )
    try:
        _make_temporary(connection, steps.once)
        for part in range(max(1, parts)):
            _make_temporary(connection, {table: query.format(part=part) for table, query in given.items()})
            _make_temporary(connection, steps.each)
            yield steps.query
    finally:
        for table in (*given, *steps.each, *steps.once):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _make_temporary(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> None:
    for table, query in queries.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")


def fill_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Add the rows that sql/<name>.sql gives to the table of that name."""
    with contextlib.closing(compose_parts(connection, name)) as queries:
        for query in queries:
            connection.execute(f'INSERT INTO "{name}" BY NAME {query}')


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
