"""One thin asset a table: call a wing, hand the rows to the warehouse. How the rows come about belongs in the wings and in sql/, not here."""

import dagster as dg

from pipelines.orchestration.assets.articles import articles, claims
from pipelines.orchestration.assets.judging import (
    comparisons,
    judging_policy,
    statement_comparisons,
    verdict_changes,
    verdicts,
)
from pipelines.orchestration.assets.official import (
    derived_observations,
    figure_warnings,
    observations,
    series,
)
from pipelines.orchestration.assets.outside import OUTSIDE
from pipelines.orchestration.assets.publication import claim_checks, refreshes, warehouse

ASSETS: list[dg.AssetSpec | dg.AssetsDefinition] = [
    *OUTSIDE, articles, claims, series, judging_policy, observations, derived_observations, figure_warnings, comparisons, statement_comparisons,
    verdicts, verdict_changes, claim_checks, refreshes, warehouse,
]  # fmt: skip
