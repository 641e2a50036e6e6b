"""`hedui sql`."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from pipelines.cli.front import DataDir, data_folder, errors, told_plainly


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


def sql(
    query: Annotated[str | None, typer.Argument(help="A query; read from standard input if left out.")] = None,
    shape: Annotated[Format, typer.Option("--format", "-f", help="How rows are printed.")] = Format.table,
    data_dir: DataDir = None,
) -> None:
    """Ask the published warehouse, read-only, at any time, also while a refresh runs.

    Example: hedui sql "SELECT quote, verdict_today, explanation_en FROM claim_checks WHERE metric IS NOT NULL"

    More stand in sql/questions; run one with: hedui sql < sql/questions/NAME.sql
    """
    from pipelines.terminal import print_rows
    from pipelines.warehouse.published import open_published
    from pipelines.warehouse.queries import ask

    if query is None:
        if sys.stdin.isatty():
            errors.print("Type a query and end it with Ctrl-D; `SHOW TABLES` lists the tables.")
        query = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if not query.strip():
        raise typer.BadParameter("the query is empty; try SHOW TABLES", param_hint="QUERY")
    with told_plainly(), open_published(data_folder(data_dir)) as connection:
        names, rows = ask(connection, query)
    print_rows(names, rows, shape)
