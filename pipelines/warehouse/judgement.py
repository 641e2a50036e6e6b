"""Judging claims against the published warehouse without touching it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import WarehouseError
from pipelines.warehouse.published import attach_published
from pipelines.warehouse.queries import ask, create_macros, fill_table, view_statement

# What is given or judged anew, each from those before it; everything else is read from the published warehouse.
_GIVEN = ("articles", "claims")
_JUDGED = ("comparisons", "statement_comparisons", "verdicts")

_Row = Mapping[str, Any]


def judge_claims(folder: Path, articles: Sequence[_Row], claims: Sequence[_Row]) -> list[dict[str, Any]]:
    """Hold claims against the official figures of the published warehouse, by the rules of sql/.

    Args:
        folder: the data folder in which the published warehouse stands; it is read only.
        articles: the articles that the claims come from, in the columns of the contract `Article`; an empty text is null, and so is what is left out.
        claims: the claims, likewise in the columns of the contract `Claim`.

    Returns:
        A row of the contract `ClaimCheck` for each claim, in the order of the text.

    Raises:
        WarehouseError: there is no warehouse yet, or another release of the program made it.
    """
    # handing a few claims around between threads takes longer than judging them
    with duckdb.connect(config={"threads": 1}) as judge:
        judge.execute("SET TimeZone = 'UTC'")
        # inside WITH the size of a side is not known beforehand: the loop, meant for a few rows, would take a day for many
        judge.execute("SET asof_loop_join_threshold = 0")
        attach_published(judge, folder)
        if not claims:
            return []
        try:
            _stand_beside_published(judge)
            _insert(judge, "articles", articles)
            _insert(judge, "claims", claims)
            # planning a query takes a third of the time of a short text, also where nothing asks for its answer
            if any(claim["value_low"] is not None for claim in claims):
                fill_table(judge, "comparisons")
            if any(claim["kind"] != "quantity" for claim in claims):
                fill_table(judge, "statement_comparisons")
            fill_table(judge, "verdicts")
            columns, rows = ask(judge, "FROM claim_checks")
            return [dict(zip(columns, row, strict=True)) for row in rows]
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"the published warehouse in {folder} is not as the rules expect it ({error}): another release of hedui made it; run `hedui refresh`"
            ) from error
        except duckdb.Error as error:
            raise WarehouseError(
                f"the text cannot be judged by the published warehouse in {folder}: {error}"
            ) from error


def _stand_beside_published(judge: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are given or judged, empty, in the columns that the published ones have, and all others views of those."""
    tables, views = (
        [name for (name,) in judge.execute(query).fetchall()]
        for query in (
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'published' AND schema_name = 'main'",
            "SELECT view_name FROM duckdb_views() WHERE database_name = 'published' AND schema_name = 'main' AND NOT internal",
        )
    )
    for name in tables:
        made = (
            f'CREATE TABLE "{name}" AS FROM published."{name}" LIMIT 0'
            if name in (*_GIVEN, *_JUDGED)
            else f'CREATE VIEW "{name}" AS FROM published."{name}"'
        )
        judge.execute(made)
    create_macros(judge)
    for name in views:
        judge.execute(view_statement(name))


def _insert(judge: duckdb.DuckDBPyConnection, table: str, rows: Sequence[_Row]) -> None:
    columns = [row[0] for row in judge.execute(f'DESCRIBE "{table}"').fetchall()]
    judge.executemany(
        f'INSERT INTO "{table}" VALUES ({", ".join("?" for _ in columns)})',
        [[None if row.get(name) == "" else row.get(name) for name in columns] for row in rows],
    )
