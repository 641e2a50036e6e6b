"""What Dagster loads: the assets of the refresh with their checks, its job, its schedule and its sensors."""

import dagster as dg

from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.schedules import daily_refresh, refresh_job
from pipelines.orchestration.sensors import new_articles, tell_of_failure, tell_of_refresh
from pipelines.orchestration.source_checks import source_checks

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=[source_checks],
    jobs=[refresh_job],
    schedules=[daily_refresh],
    sensors=[new_articles, tell_of_refresh, tell_of_failure],
    resources={"refresh": RefreshResource()},
    executor=dg.in_process_executor,
)
