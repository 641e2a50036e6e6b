"""How two periods, or two dated figures, stand to each other."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from pipelines.reading.periods.calendars import find_stretch_before, shift_month
from pipelines.reading.periods.dated_figures import UNKNOWN, DatedFigure, Period

PEOPLE_AND_POSTS = re.compile(r"人$|人数|岗位|职位|工作|名$|就业|雇员|员工")
LONGEST_REPORT = 92  # days from first to last: a quarter


def find_before(period: Period) -> Period | None:
    """Return the month, quarter or week before one; None for other stretches."""
    if period.start is None or period.end is None or not 6 <= (period.end - period.start).days <= LONGEST_REPORT:
        return None
    found = find_stretch_before((period.start, period.end))
    return Period(*found, "context") if found else None


def is_same(one: Period, other: Period) -> bool:
    """Tell whether two periods have the same days, however they were told."""
    return (one.start, one.end) == (other.start, other.end)


def is_end_of(period: Period, months: int) -> bool:
    """Tell whether a period is the last day of a month, or with three months of a quarter."""
    if period.end is None or period.start != period.end or period.basis == "article_date":
        return False
    return (period.end + timedelta(days=1)).day == 1 and period.end.month % months == 0


def find_start(period: Period, months: int) -> date | None:
    """Return the first day of so many months that end with a period."""
    return shift_month(period.end, 1 - months) if period.end else None


def is_year_after(one: Period, other: Period) -> bool:
    """Tell whether two periods are neighbouring years, in either order: the change of a yearly amount is that of the newer."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    gap = max(one.start, other.start) - min(one.end, other.end)
    return gap.days == 1 and (one.end - one.start).days > LONGEST_REPORT


def may_change_by(level: str, change: str) -> bool:
    """Tell whether a change of one unit can be that between two levels of another: 2.1% between amounts, never between growths."""
    return change == level != "percent" or (change == "percent" and level not in ("percent", "percentage_point"))


def is_alike(one: DatedFigure, other: DatedFigure) -> bool:
    """Tell whether two figures have one unit and, if they count, count like things."""
    if one.unit != other.unit:
        return False
    if one.unit != "count" or one.noun is None or other.noun is None:
        return True
    if PEOPLE_AND_POSTS.search(one.noun) and PEOPLE_AND_POSTS.search(other.noun):
        return True
    return one.noun.endswith(other.noun) or other.noun.endswith(one.noun)


def span(periods: Sequence[Period]) -> Period:
    """Return the time from the first day of several periods to their last."""
    starts = [period.start for period in periods if period.start is not None]
    ends = [period.end for period in periods if period.end is not None]
    return Period(min(starts), max(ends), periods[-1].basis) if starts and ends else UNKNOWN
