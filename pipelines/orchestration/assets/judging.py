"""The policy, the comparisons and the verdicts."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.errors import SeedError
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import (
    Rows,
    build_from_sql,
    build_tables,
    fingerprint_of_rows,
    make_frame,
    specs_and_checks,
    unchanged,
    write,
)
from pipelines.places import SEEDS
from pipelines.warehouse.contracts import Contract, name_of
from pipelines.warehouse.tables import (
    Comparison,
    Cue,
    ForecastError,
    Hedge,
    StatementComparison,
    StatementMeasure,
    StatementThreshold,
    Tolerance,
    Verdict,
    VerdictChange,
    Wording,
)


def _read_reach(written: str) -> float | None:
    return None if written == "open" else float(written)


# Each file of the policy is a table of the same name; said is how the columns are read that are no text.
POLICY: dict[type[Contract], dict[str, Callable[[str], Any]]] = {
    Hedge: {"reach_below": _read_reach, "reach_above": _read_reach},
    Tolerance: {"value": float},
    Cue: {},
    ForecastError: {"years_ahead": int, "error": float},
    Wording: {},
    StatementThreshold: {"value": float},
    StatementMeasure: {},
}


def _path_of(contract: type[Contract]) -> Path:
    return SEEDS / f"{name_of(contract)}.csv"


@build_tables(
    *POLICY,
    deps=["judging_policy"],
    group="judging",
    kinds={"python"},
    inputs=lambda _: [_path_of(contract) for contract in POLICY],
)
def judging_policy(_: RefreshResource) -> Rows:
    """Load what the policy is made of: hedge words, numbers, cues, forecast errors and the words of the explanations."""
    return read_policy()


def read_policy() -> Rows:
    """The rows of each file of the policy.

    Raises:
        SeedError: a file cannot be read; the message names file, line and cure.
    """
    return {contract: _read_file(contract) for contract in POLICY}


def _read_file(contract: type[Contract]) -> pl.DataFrame:
    path, line, rows = _path_of(contract), 1, []
    try:
        for line, row in enumerate(csv.DictReader(path.read_text(encoding="utf-8").splitlines()), start=2):  # noqa: B007  # the error names it
            rows.append(row | {name: read(row[name]) for name, read in POLICY[contract].items()})
        return make_frame(contract, rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SeedError(
            f"seeds/{path.name}, line {line}: {error!r}; keep its columns, and write numbers such as 0.05, or open for a reach without end"
        ) from error


comparisons = build_from_sql(
    Comparison,
    deps=[
        "articles",
        "claims",
        "series",
        "observations",
        "derived_observations",
        "hedges",
        "tolerances",
        "cues",
        "forecast_errors",
    ],
    group="judging",
)
statement_comparisons = build_from_sql(
    StatementComparison,
    deps=[
        "articles",
        "claims",
        "series",
        "observations",
        "derived_observations",
        "tolerances",
        "cues",
        "wording",
        "statement_thresholds",
        "statement_measures",
    ],
    group="judging",
)
verdicts = build_from_sql(
    Verdict,
    deps=[
        "articles",
        "claims",
        "series",
        "comparisons",
        "statement_comparisons",
        "hedges",
        "tolerances",
        "cues",
        "forecast_errors",
        "statement_thresholds",
        "statement_measures",
        "wording",
    ],
    group="judging",
)

_change_specs, _change_checks = specs_and_checks(
    (VerdictChange,), deps=["verdicts"], group="judging", kinds={"duckdb", "sql"}
)


@dg.multi_asset(name="build_verdict_changes", specs=_change_specs, check_specs=_change_checks)
def verdict_changes(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
    """Note the verdicts that differ from those published last; a table of history, so what it holds stays."""
    work = refresh.work
    work.connection.execute("SET VARIABLE refresh_id = ?", [context.run.run_id])
    rows = work.select(VerdictChange)
    fingerprint = fingerprint_of_rows(rows)
    if work.fingerprint_of("verdict_changes") == fingerprint:
        yield from unchanged(work, VerdictChange)
    else:
        yield from write(context, refresh, VerdictChange, rows, fingerprint)
