"""The asset checks: a table's contract, and the queries of sql/checks that must return no row.

They are evaluated in the step that builds the table, so that what comes after never starts on a table that fails one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import dagster as dg

from pipelines.places import SQL
from pipelines.warehouse.contracts import is_view
from pipelines.warehouse.queries import Question, ask, read_questions
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import CONTRACTS

_VIEW = re.compile(
    rf"\b(?:FROM|JOIN)\s+({'|'.join(name for name, contract in CONTRACTS.items() if is_view(contract))})\b"
)


def _questions_by_table() -> dict[str, list[Question]]:
    found = defaultdict(list)
    for question in read_questions(SQL / "checks"):
        found[question.settings["asset"]].append(question)
    return dict(found)


_QUESTIONS = _questions_by_table()


def check_specs(table: str) -> list[dg.AssetCheckSpec]:
    """What Dagster is told of a table's checks before they are evaluated."""
    contract = dg.AssetCheckSpec(
        "contract",
        asset=table,
        blocking=True,
        description="Every row keeps the table's contract: types, keys, required and allowed values.",
    )
    queries = [
        dg.AssetCheckSpec(
            question.name,
            asset=table,
            blocking=_severity(question) is dg.AssetCheckSeverity.ERROR,
            description=question.title,
        )
        for question in _QUESTIONS.get(table, ())
    ]
    return [contract, *queries]


def _severity(question: Question) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.WARN if question.settings.get("severity") == "warn" else dg.AssetCheckSeverity.ERROR


def evaluate_checks(work: Work, *tables: str) -> dict[str, list[dg.AssetCheckResult]]:
    """Run the queries of tables, each of which passes if it returns no row.

    Returns:
        For each table the results of its queries.
    """
    questions = [question for table in tables for question in _QUESTIONS.get(table, ())]
    results: dict[str, list[dg.AssetCheckResult]] = {table: [] for table in tables}
    for question, (names, rows) in zip(questions, answer(work.connection, questions), strict=True):
        found = [
            dg.TableRecord({name: "" if value is None else str(value) for name, value in zip(names, row, strict=True)})
            for row in rows[:20]
        ]
        schema = dg.TableSchema([dg.TableColumn(name, "string") for name in names])
        result = dg.AssetCheckResult(
            passed=not rows,
            asset_key=question.settings["asset"],
            check_name=question.name,
            severity=_severity(question),
            description=f"rows that break it: {len(rows)}; the query is sql/checks/{question.name}.sql"
            if rows
            else None,
            metadata={"rows": len(rows), "first_rows": dg.MetadataValue.table(found, schema=schema)},
        )
        results[question.settings["asset"]].append(result)
    return results


def answer(connection: Any, questions: Sequence[Question]) -> list[tuple[list[str], list[tuple[Any, ...]]]]:
    """The columns and rows of each question, all on the same state of the tables; a view that several of them read is computed once.

    Args:
        connection: to the work file, or to the published warehouse.
        questions: what is asked.
    """
    readers = Counter(view for question in questions for view in set(_VIEW.findall(question.text)))
    held = [view for view, count in readers.items() if count > 1]
    try:
        for view in held:  # a temporary table goes before the view of its name
            connection.execute(f'CREATE TEMP TABLE "{view}" AS FROM main."{view}"')
        return [ask(connection, question.text) for question in questions]
    finally:
        for view in held:
            connection.execute(f'DROP TABLE IF EXISTS temp."{view}"')
