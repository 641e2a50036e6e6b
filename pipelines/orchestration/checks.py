"""The asset checks: a table's contract, and the queries of sql/checks that must return no row.

They are evaluated in the step that builds the table, so that what comes after never starts on a table that fails one.
"""

from collections import defaultdict

import dagster as dg

from pipelines.places import SQL
from pipelines.warehouse.queries import Question, ask, read_questions
from pipelines.warehouse.store import Work


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
    results: dict[str, list[dg.AssetCheckResult]] = {table: [] for table in tables}
    for question in (question for table in tables for question in _QUESTIONS.get(table, ())):
        names, rows = ask(work.connection, question.text)
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
