"""The job and when it runs."""

import dagster as dg

refresh_job = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
    description="Read the articles, ask the official services, judge every claim, publish the warehouse.",
    executor_def=dg.in_process_executor,
)

# After the day's releases: statistics appear at 8:30 and 10:00, Debt to the Penny at about 15:00 Eastern Time.
daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh_job,
    cron_schedule="0 18 * * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day after the day's official releases.",
)
