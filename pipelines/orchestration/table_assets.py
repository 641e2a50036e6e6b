"""How an asset becomes a table: skipped while its inputs are unchanged, held against its contract, described for the UI.

What goes into which table stands in assets/.
"""

import hashlib
import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.errors import ContractError, HeduiError
from pipelines.orchestration.checks import check_specs, evaluate_checks
from pipelines.orchestration.decision_log import log_decision
from pipelines.orchestration.resources import RefreshResource
from pipelines.places import SQL
from pipelines.warehouse.column_lineage import read_lineage
from pipelines.warehouse.contracts import (
    Contract,
    columns_of,
    comment_statements,
    create_statement,
    description_of,
    key_of,
    make_frame,
    name_of,
)
from pipelines.warehouse.queries import ask, macro_paths, query_path, read_query, rule_paths
from pipelines.warehouse.store import Work

__all__ = [
    "OWNERS",
    "Rows",
    "build_from_sql",
    "build_tables",
    "describe_lineage",
    "fingerprint_of",
    "fingerprint_of_rows",
    "make_frame",
    "specs_and_checks",
    "stop_plainly",
    "unchanged",
    "write",
]

OWNERS = ["team:hedui"]
_LINEAGE = read_lineage()
Rows = Mapping[type[Contract], pl.DataFrame]


def fingerprint_of(*parts: str | bytes | Path | None) -> str:
    """A hash over texts and the contents of files and of all files in folders, in the order given."""
    digest = hashlib.sha256()
    for part in parts:
        files = (
            sorted(p for p in part.rglob("*") if p.is_file() and p.suffix != ".pyc")
            if isinstance(part, Path) and part.is_dir()
            else [part]
        )
        for piece in files:
            content = (
                piece.read_bytes()
                if isinstance(piece, Path)
                else str(piece).encode()
                if not isinstance(piece, bytes)
                else piece
            )
            digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def fingerprint_of_rows(rows: pl.DataFrame) -> str:
    """A hash over the rows of a frame, whatever their order."""
    hashes = rows.hash_rows(seed=0)
    return fingerprint_of(str(rows.schema), str(rows.height), str(hashes.bitwise_xor()), str((hashes % 2**31).sum()))


def column_schema(contract: type[Contract]) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    key = key_of(contract)
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=c.name,
                type=c.sql_type,
                description=c.description + (f" Unit: {c.unit}." if c.unit else ""),
                constraints=dg.TableColumnConstraints(nullable=c.nullable, unique=key == [c.name]),
            )
            for c in columns_of(contract)
        ],
        constraints=dg.TableConstraints(other=[f"key: {', '.join(key)}"] if key else []),
    )


def _refer_to_code(contract: type[Contract]) -> dg.CodeReferencesMetadataValue:
    """Where the table's query and its contract stand, for the UI's links."""
    query, model = query_path(name_of(contract)), inspect.getsourcefile(contract) or ""
    with warnings.catch_warnings(action="ignore", category=dg.BetaWarning):
        references = [
            dg.LocalFileCodeReference(
                file_path=model, line_number=inspect.getsourcelines(contract)[1], label=f"contract {contract.__name__}"
            )
        ]
        if query.exists():
            label = f"sql/{query.name}"
            references.insert(0, dg.LocalFileCodeReference(file_path=str(query), line_number=1, label=label))
        return dg.CodeReferencesMetadataValue(code_references=list(references))


def specs_and_checks(
    contracts: Sequence[type[Contract]], *, deps: Sequence[str], group: str, kinds: set[str]
) -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    """What Dagster is told of tables before they are built: the assets and their checks."""
    specs = [
        dg.AssetSpec(
            key=name_of(contract),
            deps=list(deps),
            group_name=group,
            kinds=kinds,
            owners=OWNERS,
            description=description_of(contract),
            metadata={
                "dagster/column_schema": column_schema(contract),
                "dagster/table_name": f"warehouse.main.{name_of(contract)}",
                "dagster/code_references": _refer_to_code(contract),
            },
        )
        for contract in contracts
    ]
    checks = [spec for contract in contracts for spec in check_specs(name_of(contract))]
    return specs, checks


def build_tables(
    *contracts: type[Contract],
    deps: Sequence[str],
    group: str,
    kinds: set[str],
    inputs: Callable[[RefreshResource], Iterable[str | bytes | Path | None]],
) -> Callable[[Callable[[RefreshResource], Rows]], dg.AssetsDefinition]:
    """Make assets of a function that gives the rows of one or more tables.

    Args:
        contracts: the tables.
        deps: the assets that the function reads; tables among them count as inputs.
        group: the group in the lineage graph.
        kinds: what the UI shows as the asset's technology.
        inputs: what else the tables are built from (texts, files, folders); while all of it is unchanged the function is not called.

    Returns:
        A decorator for a function that takes the refresh and returns the rows of each table; the step is named after it.
    """

    def decorate(build: Callable[[RefreshResource], Rows]) -> dg.AssetsDefinition:
        specs, checks = specs_and_checks(contracts, deps=deps, group=group, kinds=kinds)

        @dg.multi_asset(name=f"build_{build.__name__}", specs=specs, check_specs=checks)
        def materialize(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
            work = refresh.work
            before = [work.fingerprint_of(dep) for dep in deps]
            shape = [
                text for contract in contracts for text in (create_statement(contract), *comment_statements(contract))
            ]
            fingerprint = fingerprint_of(*shape, *before, *inputs(refresh))
            if all(work.fingerprint_of(name_of(contract)) == fingerprint for contract in contracts):
                yield from unchanged(work, *contracts)
                return
            rows = stop_plainly(lambda: build(refresh))
            for contract in contracts:
                yield from write(context, refresh, contract, rows[contract], fingerprint)

        return materialize

    return decorate


def stop_plainly(step: Callable[[], Any]) -> Any:
    """Run a step; a failure that the program foresees ends the run with its message, and is not tried again."""
    try:
        return step()
    except HeduiError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


def write(
    context: dg.AssetExecutionContext,
    refresh: RefreshResource,
    contract: type[Contract],
    rows: pl.DataFrame,
    fingerprint: str,
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Write a table and tell Dagster; rows beyond the contract's allowance record a failed check and leave the table as it was."""
    table = name_of(contract)
    try:
        written = refresh.work.write(contract, rows, fingerprint=fingerprint, refresh_id=context.run.run_id)
    except ContractError as error:
        yield dg.AssetCheckResult(
            passed=False, asset_key=table, check_name="contract", description=str(error), metadata={"rows": rows.height}
        )
        raise dg.Failure(description=str(error), allow_retries=False) from error
    log_decision(
        refresh.folder,
        "table_written",
        refresh_id=context.run.run_id,
        table=table,
        rows=written.rows,
        rejected=written.rejected,
    )
    checked = dg.AssetCheckResult(
        passed=True,
        asset_key=table,
        check_name="contract",
        metadata={"rows": written.rows, "rejected_rows": written.rejected},
    )
    queries = evaluate_checks(refresh.work, table)[table]
    for query in queries:
        if not query.passed:
            told = {
                "table": table,
                "check": query.check_name,
                "severity": query.severity.value,
                "why": query.description,
            }
            log_decision(refresh.folder, "check_failed", refresh_id=context.run.run_id, **told)
    yield dg.MaterializeResult(
        asset_key=table,
        check_results=[checked, *queries],
        metadata=describe(refresh.work, contract, changed=True),
        data_version=dg.DataVersion(fingerprint[:16]),
    )


def unchanged(work: Work, *contracts: type[Contract]) -> Iterator[dg.MaterializeResult[None]]:
    """Tell Dagster that tables are up to date and were not built again; their checks are held against them all the same."""
    checks = evaluate_checks(work, *map(name_of, contracts))
    for contract in contracts:
        table = name_of(contract)
        yield dg.MaterializeResult(
            asset_key=table,
            check_results=[
                dg.AssetCheckResult(passed=True, asset_key=table, check_name="contract", metadata={"unchanged": True}),
                *checks[table],
            ],
            metadata=describe(work, contract, changed=False),
            data_version=dg.DataVersion((work.fingerprint_of(table) or "")[:16]),
        )


def describe(work: Work, contract: type[Contract], *, changed: bool) -> dict[str, Any]:
    """Row count, a preview, from which columns each column comes, and whether anything changed: metadata of a materialization."""
    table = name_of(contract)
    names, rows = ask(work.connection, f'FROM "{table}" LIMIT 5')
    records = [dg.TableRecord({name: _shorten(value) for name, value in zip(names, row, strict=True)}) for row in rows]
    columns = [dg.TableColumn(name, "string") for name in names]
    return {
        **describe_lineage(table),
        **_summarise(work, table),
        "dagster/row_count": work.connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0],
        "changed": changed,
        "preview": dg.MetadataValue.table(records=records, schema=dg.TableSchema(columns)),
    }


def _summarise(work: Work, table: str) -> dict[str, dg.MarkdownMetadataValue]:
    """What sql/summaries/<table>.sql returns, as a table for the UI; empty if there is no such file."""
    path = SQL / "summaries" / f"{table}.sql"
    if not path.exists():
        return {}
    names, rows = ask(work.connection, read_query(path))
    lines = [names, ["---"] * len(names), *([str("" if cell is None else cell) for cell in row] for row in rows)]
    text = "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in line) + " |" for line in lines
    )
    return {"summary": dg.MetadataValue.md(text)}


def describe_lineage(table: str) -> dict[str, dg.TableColumnLineage]:
    """From which columns each column of a table or view comes, as metadata; empty for what comes from outside."""
    origins = _LINEAGE.get(table)
    if not origins:
        return {}
    columns = {
        column: [dg.TableColumnDep(asset_key=name, column_name=origin) for name, origin in found]
        for column, found in origins.items()
    }
    return {"dagster/column_lineage": dg.TableColumnLineage(columns)}


def _shorten(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def build_from_sql(contract: type[Contract], *, deps: Sequence[str], group: str) -> dg.AssetsDefinition:
    """The asset of a table that is one SELECT in sql/."""

    def select(refresh: RefreshResource) -> Rows:
        return {contract: refresh.work.select(contract)}

    select.__name__ = name_of(contract)
    return build_tables(
        contract,
        deps=deps,
        group=group,
        kinds={"duckdb", "sql"},
        inputs=lambda _: [query_path(name_of(contract)), *rule_paths(name_of(contract)), *macro_paths()],
    )(select)
