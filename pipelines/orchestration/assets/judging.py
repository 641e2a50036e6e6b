"""The policy, the comparisons and the verdicts."""

import csv
from collections.abc import Iterator
from typing import Any

import dagster as dg

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
from pipelines.warehouse.tables import Comparison, Hedge, Tolerance, Verdict, VerdictChange

POLICY = [SEEDS / "hedges.csv", SEEDS / "tolerances.csv"]


@build_tables(Hedge, Tolerance, deps=["judging_policy"], group="judging", kinds={"python"}, inputs=lambda _: POLICY)
def judging_policy(_: RefreshResource) -> Rows:
    """Load the hedge words and the numbers of the judging policy."""
    try:
        hedges, tolerances = (list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in POLICY)
        return {
            Hedge: make_frame(
                Hedge,
                [row | {name: _read_reach(row[name]) for name in ("reach_below", "reach_above")} for row in hedges],
            ),
            Tolerance: make_frame(Tolerance, [row | {"value": float(row["value"])} for row in tolerances]),
        }
    except (OSError, ValueError, KeyError) as error:
        raise SeedError(
            f"seeds/hedges.csv or seeds/tolerances.csv: {error!r}; keep their columns, and write numbers such as 0.05, or open"
        ) from error


def _read_reach(written: str) -> float | None:
    return None if written == "open" else float(written)


comparisons = build_from_sql(
    Comparison,
    deps=["articles", "claims", "series", "observations", "derived_observations", "hedges", "tolerances"],
    group="judging",
)
verdicts = build_from_sql(Verdict, deps=["articles", "claims", "series", "comparisons"], group="judging")

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
        yield unchanged(work, VerdictChange)
    else:
        yield from write(context, refresh, VerdictChange, rows, fingerprint)
