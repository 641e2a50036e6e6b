"""What Dagster loads: the assets of the refresh with their checks, its job and its schedule."""

import dagster as dg

from pipelines.orchestration.assets import ASSETS
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.schedules import daily_refresh, refresh_job

defs = dg.Definitions(
    assets=ASSETS,
    jobs=[refresh_job],
    schedules=[daily_refresh],
    resources={"refresh": RefreshResource()},
    executor=dg.in_process_executor,
)
