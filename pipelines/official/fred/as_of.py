"""What a series said on some days, joined to what it says today, where no service tells all its vintages.

ALFRED's files tell what was known on the days asked for, and nothing of the days between. So of a period we know facts:
on this day it stood at this value (or was not out yet). Each becomes an observation that claims no more:

- A value found on one day, or on several without another one in between, is known from the first to the last of them
  (basis `vintage`): known on these days at the latest, whenever it really came out.
- Before the first such day the same value is dated by the release lag (basis `release_lag`), but never on or before a
  day on which it was not out yet.
- From the last day of a value to the first of the next one nobody knows when it changed: the older value goes on
  (basis `release_lag`, which may bear a claim out and never refutes one).
- The value that the service shows today is known since we first saw it (basis `retrieved`), or since the day on which
  ALFRED had it already. A value that it shows no more was seen last when it last answered.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

import polars as pl

from pipelines.official.catalogue import Series
from pipelines.official.fred.graph import GraphColumn
from pipelines.official.records import Observation

ONE_DAY = timedelta(days=1)
# Claims are mostly about the last years before their article; older periods may stay dated by the release lag.
JUDGED_YEARS = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Fact:
    """On a day a period stood at a value (`None`: it was not out), as ALFRED says (`vintage`) or as we saw (`retrieved`)."""

    day: date
    value: float | None
    basis: str
    sha256: str | None


def days_to_ask(series: Series, held: pl.DataFrame, wanted: Collection[date], today: date) -> list[date]:
    """Say on which days it is not known for sure what a series said.

    Args:
        series: The series.
        held: Its observations (`OBSERVATION_SCHEMA`).
        wanted: The days on which a claim needs it.
        today: The current day; what is known today need not be asked of an archive.

    Returns:
        Those days before today on which a recent figure read from the service is dated by the release lag only, newest
        first; none if the series is never revised.
    """
    estimated = held.filter((pl.col("origin") == "live") & (pl.col("known_basis") == "release_lag"))
    if not series.is_revised or not wanted or estimated.is_empty():
        return []
    days = pl.DataFrame({"day": sorted({day for day in wanted if day < today})}, schema={"day": pl.Date()})
    unsure = days.join(estimated, how="cross").filter(
        (pl.col("known_from") <= pl.col("day"))
        & (pl.col("known_until").is_null() | (pl.col("known_until") >= pl.col("day")))
        & (pl.col("period_end") > pl.col("day") - JUDGED_YEARS)
    )
    return list(unsure["day"].unique().sort(descending=True))


def place_findings(
    series: Series, held: pl.DataFrame, findings: Sequence[GraphColumn], since: date, answered_on: date
) -> list[Observation]:
    """Join what was known on some days to what is held.

    Args:
        series: The series.
        held: Its observations (`OBSERVATION_SCHEMA`), today's figures among them.
        findings: What ALFRED says of each day.
        since: Periods that begin earlier were not asked for.
        answered_on: The last day on which the service showed the figures that are held as current.

    Returns:
        All observations of the periods concerned, those held among them. Periods stay as they are of which no figure
        has been read from the service, or of which the offline figures hold vintages.
    """
    observations: list[Observation] = []
    rows = [row for row in held.iter_rows(named=True) if row["period_start"] >= since and row["origin"] == "live"]
    rows.sort(key=lambda row: (row["period_start"], row["period_end"], row["known_from"]))
    for period, of_period in groupby(rows, key=lambda row: (row["period_start"], row["period_end"])):
        known = list(of_period)
        facts = [fact for row in known for fact in _facts_of(row, answered_on)]
        facts += [
            Fact(column.known_on, column.figures.get(period), "vintage", column.sha256)
            for column in findings
            if column.known_on is not None
        ]
        observations += _date_facts(series, period, facts, {row["known_from"]: row["known_basis"] for row in known})
    return observations


def _facts_of(row: dict[str, Any], answered_on: date) -> list[Fact]:
    """Say what an observation tells for sure: the day on which it became known, and the last one on which it held."""
    first, last, basis = row["known_from"], row["known_until"], row["known_basis"]
    seen_on = row["retrieved_at"].date()
    if basis == "release_lag":
        if last is not None and last < seen_on:
            return []  # only estimated: it lies before all that was seen
        first, basis = seen_on, "retrieved"
        last = first if last is not None else last
    last = max(first, seen_on, answered_on) if last is None else last
    return [Fact(day, row["value"], basis, row["download_sha256"]) for day in sorted({first, last})]


def follow_changes(
    series: Series, held: pl.DataFrame, column: GraphColumn, answered_on: date, today: date
) -> list[Observation]:
    """Say what became known of the periods whose figure is another one today than the one held.

    Args:
        series: The series.
        held: Its observations (`OBSERVATION_SCHEMA`).
        column: Today's figures.
        answered_on: The last day on which the service showed the figures that are held as current.
        today: The current day.

    Returns:
        All observations of these periods, those held among them; the older value ends on the day it was last seen.
    """
    live = held.filter((pl.col("origin") == "live") & (pl.col("known_from") < today)).sort("known_from")
    rows = [(row["period_start"], row["period_end"], row) for row in live.iter_rows(named=True)]
    changed = {
        (start, end)
        for start, end, row in rows
        if row["known_until"] is None and column.figures.get((start, end)) not in {None, row["value"]}
    }
    observations = [
        Observation(series.series_id, *period, figure, today, None, "retrieved", column.sha256)
        for period, figure in column.figures.items()
        if period in changed and figure is not None
    ]
    for start, end, row in rows:
        if (start, end) not in changed:
            continue
        before = Observation(**{name: row[name] for name in Observation.__dataclass_fields__})
        if before.known_until is None:
            last = today - ONE_DAY
            if before.known_basis != "release_lag":
                seen_on = min(max(answered_on, row["retrieved_at"].date(), before.known_from), last)
                if seen_on < last:
                    later = replace(before, known_from=seen_on + ONE_DAY, known_until=last, known_basis="release_lag")
                    observations.append(later)
                last = seen_on
            before = replace(before, known_until=last)
        observations.append(before)
    return observations


def _date_facts(
    series: Series, period: tuple[date, date], facts: Iterable[Fact], held_bases: dict[date, str]
) -> list[Observation]:
    """Turn the facts of a period into observations that follow one another."""
    in_order = _one_a_day(facts)
    runs = [list(run) for _, run in groupby(in_order, key=lambda fact: fact.value)]
    # What is held begins later than the lag says where it is known already that it was not out yet.
    lag_day = max(period[1] + timedelta(days=series.release_lag_days), min(held_bases))
    rows: list[Observation] = []

    def add(run: list[Fact], known_from: date, known_until: date | None, basis: str) -> None:
        if run[0].value is not None and (known_until is None or known_from <= known_until):
            rows.append(
                Observation(series.series_id, *period, run[0].value, known_from, known_until, basis, run[0].sha256)
            )

    for before, run in pairwise([None, *runs]):
        if run is None:
            continue
        first = run[0].day
        if before is None:
            add(run, lag_day, first - ONE_DAY, "release_lag")
        elif before[0].value is None:
            if not rows:
                add(run, max(lag_day, before[-1].day + ONE_DAY), first - ONE_DAY, "release_lag")
        else:
            add(before, before[-1].day + ONE_DAY, first - ONE_DAY, "release_lag")
        add(run, first, None if run is runs[-1] else run[-1].day, run[0].basis)
    return _replacing(rows, held_bases)


def _one_a_day(facts: Iterable[Fact]) -> list[Fact]:
    """Sort facts by day; of several on one day the archive's counts, which shows the day's end."""
    ordered = sorted(facts, key=lambda fact: (fact.day, fact.basis == "vintage"))
    return [list(of_day)[-1] for _, of_day in groupby(ordered, key=lambda fact: fact.day)]


def _replacing(rows: list[Observation], held_bases: dict[date, str]) -> list[Observation]:
    """Cut the observations where one held begins that would else go on beside them.

    Merging keeps what is held unless something new begins on its day, or unless there is a new estimate where it was an
    estimate itself.
    """
    for day in held_bases:
        for number, row in enumerate(rows):
            if row.known_from < day and (row.known_until is None or day <= row.known_until):
                rows[number : number + 1] = [replace(row, known_until=day - ONE_DAY), replace(row, known_from=day)]
                break
    left = {day for day, basis in held_bases.items() if basis == "release_lag"} - {row.known_from for row in rows}
    if left and rows and not any(row.known_basis == "release_lag" for row in rows):
        first = rows[0]
        following = first.known_from + ONE_DAY
        rows[:1] = [replace(first, known_until=first.known_from, known_basis="release_lag")]
        if first.known_until is None or following <= first.known_until:
            rows.insert(1, replace(first, known_from=following))
    return rows
