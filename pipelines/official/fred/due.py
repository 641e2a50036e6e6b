"""When a series can be expected to show its next figure."""

from datetime import date, timedelta

import polars as pl

from pipelines.official.catalogue import Series

PERIOD_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "annual": 366}


def newest_live_period(held: pl.DataFrame) -> tuple[date, date] | None:
    """The newest period of which a figure was read from the service; `None` if there is none.

    Args:
        held: The observations held of a series (`OBSERVATION_SCHEMA`).
    """
    live = held.filter(pl.col("origin") == "live")
    if live.is_empty():
        return None
    start, end = live.sort("period_end").select("period_start", "period_end").row(-1)
    return start, end


def next_figure_on(series: Series, newest: tuple[date, date]) -> date:
    """The day on which the figure after the newest one usually comes out."""
    return newest[1] + timedelta(days=PERIOD_DAYS[series.frequency] + series.release_lag_days)
