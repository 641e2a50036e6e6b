"""Whether each official source is up to date, as a check on the source itself: what is stale shows where the lineage begins."""

from collections.abc import Iterator

import dagster as dg

from pipelines.orchestration.freshness import read_freshness
from pipelines.orchestration.resources import RefreshResource
from pipelines.warehouse.tables import Source

_ALLOWANCES = read_freshness()


@dg.multi_asset_check(
    name="look_at_sources",
    specs=[
        dg.AssetCheckSpec(
            "is_up_to_date",
            asset=one.source,
            additional_deps=["sources"],
            description=f"The newest period that it measures ended no more than {one.stale_after_days} days ago: {one.why}.",
        )
        for one in _ALLOWANCES.values()
    ],
)
def source_checks(refresh: RefreshResource) -> Iterator[dg.AssetCheckResult]:
    """Say of each source what the refresh got from it and how old its newest figure is."""
    today = refresh.started_at.date()
    asked = {row["source"]: row for row in refresh.work.read(Source).to_dicts()}
    for one in _ALLOWANCES.values():
        row = asked.get(one.source, {})
        newest = row.get("newest_period_end")
        age = (today - newest).days if newest else None
        is_stale = age is not None and age > one.stale_after_days
        yield dg.AssetCheckResult(
            passed=not is_stale,
            asset_key=one.source,
            check_name="is_up_to_date",
            severity=dg.AssetCheckSeverity.WARN,
            description=f"its newest figure is of {newest}, {age} days old; more than {one.stale_after_days} are unusual"
            if is_stale
            else None,
            metadata={
                "state": row.get("state") or "not asked yet",
                "reason": row.get("reason") or "",
                "newest_period_end": str(newest or "none"),
                "stale_after_days": one.stale_after_days,
            }
            | ({} if age is None else {"age_days": age}),
        )
