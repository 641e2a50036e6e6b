"""Judging claims against the published warehouse without touching it."""

import duckdb
import polars as pl

from pipelines.errors import WarehouseError
from pipelines.warehouse.contracts import Contract, create_statement, is_view, name_of
from pipelines.warehouse.queries import create_macros, run_query, view_statement
from pipelines.warehouse.store import Warehouse
from pipelines.warehouse.tables import (
    CONTRACTS,
    Article,
    Claim,
    ClaimCheck,
    Comparison,
    StatementComparison,
    Verdict,
)

# What is judged anew, each from those before it; everything else is read from the published warehouse.
JUDGED = (Comparison, StatementComparison, Verdict)


def judge_claims(warehouse: Warehouse, articles: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Hold claims against the official figures of the published warehouse, by the rules of sql/.

    Args:
        warehouse: where the published warehouse stands; it is read only.
        articles: the articles that the claims come from, in the columns of the contract `Article`.
        claims: the claims, in the columns of the contract `Claim`.

    Returns:
        A row of the contract `ClaimCheck` for each claim, in the order of the text.

    Raises:
        WarehouseError: there is no warehouse yet, or another release of the program made it.
    """
    warehouse.open_published().close()  # says plainly what is wrong with it
    with duckdb.connect() as judge:
        judge.execute("SET TimeZone = 'UTC'")
        # inside WITH the size of a side is not known beforehand: the loop, meant for a few rows, would take a day for many
        judge.execute("SET asof_loop_join_threshold = 0")
        path = str(warehouse.published_path).replace("'", "''")
        judge.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
        for contract in CONTRACTS.values():
            if contract not in (Article, Claim, *JUDGED) and not is_view(contract):
                _read_from_published(judge, contract)
        _fill(judge, Article, articles)
        _fill(judge, Claim, claims)
        for contract in JUDGED:
            judge.execute(create_statement(contract))
        create_macros(judge)
        for contract in CONTRACTS.values():
            if is_view(contract):
                judge.execute(view_statement(name_of(contract)))
        has_statements = not claims.filter(pl.col("kind") != "quantity").is_empty()
        for contract in JUDGED:
            if (
                contract is not StatementComparison or has_statements
            ):  # planning that query alone takes most of a second
                _fill(judge, contract, run_query(judge, name_of(contract)))
        judged: pl.DataFrame = judge.sql(f'FROM "{name_of(ClaimCheck)}"').pl()
        return judged


def _read_from_published(judge: duckdb.DuckDBPyConnection, contract: type[Contract]) -> None:
    table = name_of(contract)
    try:
        judge.execute(f'CREATE VIEW "{table}" AS FROM published."{table}"')
    except duckdb.CatalogException as error:
        raise WarehouseError(
            f"the published warehouse has no table {table}: another release of hedui made it; run `hedui refresh`"
        ) from error


def _fill(judge: duckdb.DuckDBPyConnection, contract: type[Contract], rows: pl.DataFrame) -> None:
    judge.execute(create_statement(contract))
    judge.register("incoming", rows)
    judge.execute(f'INSERT INTO "{name_of(contract)}" BY NAME FROM incoming')
    judge.unregister("incoming")
