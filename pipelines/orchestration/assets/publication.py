"""What a reader opens: the flat view, the record of the refresh, the published file."""

import json
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import dagster as dg

from pipelines.orchestration.decision_log import log_decision
from pipelines.orchestration.reader_version import reader_version
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import OWNERS, describe_lineage, make_frame, stop_plainly
from pipelines.warehouse.tables import Refresh, Source


@dg.asset(
    deps=["verdict_changes", "figure_warnings", "rejected_passages", "rejected_articles", "sources"], group_name="publication", kinds={"duckdb", "sql"}, owners=OWNERS,
    description="All that a reader wants to know of a claim, flat: a view over claims, comparisons and verdicts.",
)  # fmt: skip
def claim_checks(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Count the view's rows by verdict, for the operator."""
    counts = refresh.work.connection.execute(
        "SELECT verdict_today, count(*) FROM claim_checks GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    summary = "\n".join(
        ["| verdict today | claims |", "| --- | --- |", *(f"| {verdict} | {count} |" for verdict, count in counts)]
    )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(count for _, count in counts),
            "verdicts": dg.MetadataValue.md(summary),
            **describe_lineage("claim_checks"),
        }
    )


@dg.asset(
    deps=["claim_checks"],
    group_name="publication",
    kinds={"duckdb"},
    owners=OWNERS,
    description="One row is a refresh that was published.",
)
def refreshes(context: dg.AssetExecutionContext, refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Note this refresh: its times, versions and counts, and what each source gave."""
    work = refresh.work
    counts = dict(work.connection.execute("SELECT verdict_today, count(*) FROM verdicts GROUP BY ALL").fetchall())
    changed = work.connection.execute(
        "SELECT table_name FROM table_states WHERE refresh_id = ? ORDER BY ALL", [context.run.run_id]
    ).fetchall()
    newest = work.connection.execute(
        "SELECT max(period_end) FROM observations JOIN series USING (series_id) WHERE NOT is_projection"
    ).fetchall()  # fmt: skip
    asked = work.read(Source).to_dicts()
    steps = context.instance.all_logs(context.run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)
    seconds = {
        entry.step_key: round(entry.dagster_event.step_success_data.duration_ms / 1000, 3)
        for entry in steps
        if entry.dagster_event and entry.step_key
    }
    row = {
        "refresh_id": context.run.run_id,
        "started_at": refresh.started_at,
        "finished_at": datetime.now(UTC),
        "hedui_version": version("hedui"),
        "reader_version": reader_version(),
        "offline": refresh.offline,
        **{
            name: work.connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("articles", "claims", "observations")
        },
        **{
            verdict: counts.get(verdict, 0)
            for verdict in ("supported", "refuted", "conflicting_evidence", "not_enough_evidence")
        },
        "changed_tables": [name for (name,) in changed],
        "sources": json.dumps(asked, default=str, ensure_ascii=False),
        "newest_figure_on": newest[0][0],
        "step_seconds": json.dumps(seconds),
    }
    stop_plainly(lambda: work.append(Refresh, make_frame(Refresh, [row])))
    return dg.MaterializeResult(
        metadata={"changed_tables": row["changed_tables"], "claims": row["claims"], "observations": row["observations"]}
    )


@dg.asset(
    deps=["refreshes"],
    group_name="publication",
    kinds={"duckdb", "file"},
    owners=OWNERS,
    description="data/warehouse.duckdb: the file that analysts open, replaced in one step by a finished, checked copy.",
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)),
)
def warehouse(context: dg.AssetExecutionContext, refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Publish."""
    stop_plainly(refresh.work.publish)
    path = refresh.folder / "warehouse.duckdb"
    log_decision(refresh.folder, "published", refresh_id=context.run.run_id, path=path, bytes=path.stat().st_size)
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size})
