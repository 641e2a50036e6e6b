"""Make the offline figures (`fred.csv`, `treasury.csv`, ...) from compiled tables of official figures.

    python seeds/official/make.py SOURCE_FOLDER

SOURCE_FOLDER holds three tables: `observations.csv` (series_id, period_start, period_end, value, realtime_start),
`series.csv` (series_id, ...) and `vintages.csv` (series_id, period_start, realtime_start, realtime_end, value, basis,
source). `sources.csv` beside this script says which of their series become which of ours. The same tables always give
the same bytes.
"""

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pipelines.errors import HeduiError, SeedError
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.offline import COLUMNS, read_offline_figures

HERE = Path(__file__).resolve().parent
ONE_DAY = timedelta(days=1)
# A fact that first shows up later than this after its period stood in an earlier report too: the day is not the first.
FIRST_REPORT_WITHIN = timedelta(days=120)
COMPANY_YEAR_DAYS = range(350, 381)


@dataclass(frozen=True, slots=True)
class Source:
    """A row of `sources.csv`: which series of the tables becomes which of ours, and how.

    Attributes:
        series_id: Our series.
        source_id: The series of the tables.
        keep: `all`; `latest` (no vintages: for a level that only serves to compute growth, because growth between a
            vintage of one period and the latest value of another is meaningless); `full_fiscal_years` (rows from
            1 October to 30 September); `company_years` (a year starts the day after the one before ended);
            `company_weeks` (the same of a company whose years are 52 or 53 weeks and whose quarters are 13);
            `every_day` (a rate that holds until it is changed: the days between two rows get the value of the first).
        filed_in: The series of the tables whose rows carry the filing days.
        superseded_on: The day on which a later publication replaced these figures with ones the tables lack.
        superseded_through: The last day of the periods which that publication covers.
    """

    series_id: str
    source_id: str
    keep: str
    filed_in: str
    superseded_on: date | None
    superseded_through: date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A published value of a period and what is known of when it was known; `until` is set where it is certain."""

    start: date
    end: date
    value: str
    known_from: date
    basis: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """The compiled tables, by series."""

    observations: dict[str, list[dict[str, str]]]
    vintages: dict[str, list[dict[str, str]]]


def main() -> None:
    """Make the files in this folder and read them back as the program does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source_folder", type=Path, help="folder with observations.csv, series.csv and vintages.csv")
    try:
        for line in make(parser.parse_args().source_folder):
            print(line)  # noqa: T201 a command for people
    except HeduiError as error:
        parser.exit(1, f"{error}\n")


def make(source_folder: Path, target_folder: Path = HERE) -> Iterable[str]:
    """Write one CSV a provider.

    Args:
        source_folder: Holds the three tables.
        target_folder: Holds `sources.csv`; the files are written there.

    Yields:
        A line about each file written.

    Raises:
        SeedError: A series that `sources.csv` names is not in the tables, or what was made cannot be read back.
    """
    catalogue = {series.series_id: series for series in read_catalogue()}
    tables = Tables(_read_table(source_folder / "observations.csv"), _read_table(source_folder / "vintages.csv"))
    known_sources = _read_table(source_folder / "series.csv").keys()
    rows: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    by_period: dict[tuple[str, date, date], list[Figure]] = defaultdict(list)
    for source in _read_sources(target_folder / "sources.csv"):
        if source.series_id not in catalogue or source.source_id not in known_sources:
            raise SeedError(
                f"sources.csv: {source.series_id} or {source.source_id} is in no table; correct or remove the row"
            )
        for figure in _figures(source, catalogue[source.series_id], tables):
            by_period[(source.series_id, figure.start, figure.end)].append(figure)
    for (series_id, _, _), figures in sorted(by_period.items()):
        rows[catalogue[series_id].provider] += [_row(series_id, figure) for figure in _in_sequence(figures)]
    for provider, provider_rows in sorted(rows.items()):
        path = target_folder / f"{provider}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(provider_rows)
        yield f"{path.name}: {len(provider_rows)} rows, {path.stat().st_size / 1e6:.2f} MB"
    read_offline_figures(target_folder, [series for series in catalogue.values() if series.provider in rows])


def _figures(source: Source, series: Series, tables: Tables) -> list[Figure]:
    lag = timedelta(days=series.release_lag_days)
    filed = {row["period_end"]: row for row in tables.observations.get(source.filed_in, ()) if _is_year(row)}
    rows = tables.observations[source.source_id]
    if source.keep == "full_fiscal_years":
        rows = [row for row in rows if (row["period_start"][5:], row["period_end"][5:]) == ("10-01", "09-30")]
    if source.keep == "company_years":
        rows = _joined_years(rows)
    if source.keep == "company_weeks":
        rows = _whole_weeks(rows, series.frequency)
    if source.keep == "every_day":
        rows = _filled_days(rows)
    period_ends = sorted(date.fromisoformat(row["period_end"]) for row in rows)
    figures: list[Figure] = []
    for row in rows:
        start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        first_seen = row["realtime_start"]
        if source.keep == "company_years" and row["period_end"] in filed:
            first_seen = filed[row["period_end"]]["realtime_start"]
            start = date.fromisoformat(filed[row["period_end"]]["period_start"])
        lagged = Figure(start, end, row["value"], end + lag, "release_lag")
        vintages = _vintages(source, start, end, tables)
        if vintages:
            later_releases = [period_end + lag for period_end in period_ends if period_end > end]
            figures += _from_vintages(vintages, lagged, later_releases)
        elif first_seen and (series.is_projection or date.fromisoformat(first_seen) <= end + FIRST_REPORT_WITHIN):
            figures.append(replace(lagged, known_from=date.fromisoformat(first_seen), basis="vintage"))
        else:
            figures.append(lagged)
    if source.superseded_on is None or source.superseded_through is None:
        return figures
    last_day, through = source.superseded_on - ONE_DAY, source.superseded_through
    return [replace(figure, until=last_day) if figure.end <= through else figure for figure in figures]


def _filled_days(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return a row for every day from the first to the last, each with the value of the row on or before it."""
    filled: list[dict[str, str]] = []
    for row, following in pairwise([*rows, rows[-1]]):
        day, until = date.fromisoformat(row["period_end"]), date.fromisoformat(following["period_end"])
        for days in range(max((until - day).days, 1)):
            held = (day + days * ONE_DAY).isoformat()
            filled.append(row | {"period_start": held, "period_end": held})
    return filled


def _vintages(source: Source, start: date, end: date, tables: Tables) -> list[dict[str, str]]:
    """Return the vintages of one period, oldest first; where a start has several ends, `source` names the end."""
    found: list[dict[str, str]] = []
    for row in () if source.keep == "latest" else tables.vintages.get(source.filed_in or source.source_id, ()):
        named_end = re.search(r"period_end (\d{4}-\d\d-\d\d)", row["source"])
        if row["period_start"] == start.isoformat() and (named_end is None or named_end[1] == end.isoformat()):
            found.append(row)
    found.sort(key=lambda row: row["realtime_start"])
    return found


def _from_vintages(vintages: list[dict[str, str]], lagged: Figure, later_releases: list[date]) -> list[Figure]:
    """Turn the vintages of one period into figures.

    Args:
        vintages: Rows of `vintages.csv`, oldest first.
        lagged: The newest value of the period, dated by the release lag.
        later_releases: The days on which the later periods came out, by the release lag, sorted.
    """
    figures: list[Figure] = []
    for row in vintages:
        figure = replace(
            lagged, value=row["value"], known_from=date.fromisoformat(row["realtime_start"]), basis="vintage"
        )
        if row["basis"].endswith("_left_censored"):  # the copy begins here, the value is older
            figure = replace(figure, known_from=min(figure.known_from, lagged.known_from), basis="release_lag")
        if not figures or not _equal(figures[-1].value, figure.value):
            figures.append(figure)
    if not _equal(figures[-1].value, lagged.value):
        # Superseded on a day that nobody noted: the vintage is certain only until the next period came out.
        last_seen = date.fromisoformat(vintages[-1]["realtime_start"])
        next_release = next((day for day in later_releases if day > last_seen), last_seen + timedelta(days=31))
        figures.append(replace(lagged, known_from=next_release))
    return figures


def _equal(first: str, second: str) -> bool:
    """Whether two published texts are one value; copies differ in the digits that a float cannot hold."""
    return abs(Decimal(first) - Decimal(second)) <= abs(Decimal(second)) * Decimal("1e-12")


def _in_sequence(figures: list[Figure]) -> list[Figure]:
    """Close each value the day before the next one was known."""
    figures = sorted(figures, key=lambda figure: figure.known_from)
    closed = []
    for figure, following in pairwise(figures):
        last_day = following.known_from - ONE_DAY
        closed.append(replace(figure, until=min(last_day, figure.until or last_day)))
    return [*closed, figures[-1]]


def _joined_years(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Let each company year start the day after the one before ended; the tables give some starts a day off."""
    joined = rows[:1]
    for earlier, row in pairwise(rows):
        day_after = date.fromisoformat(earlier["period_end"]) + ONE_DAY
        near = abs(date.fromisoformat(row["period_start"]) - day_after) <= timedelta(days=6)
        joined.append({**row, "period_start": str(day_after)} if near else row)
    return joined


def _whole_weeks(rows: list[dict[str, str]], frequency: str) -> list[dict[str, str]]:
    """Let each quarter be 13 weeks, the first year 52, each later one as many as since the one before; starts are a day off."""
    weeks = timedelta(weeks=52 if frequency == "annual" else 13)
    counted = [{**row, "period_start": str(date.fromisoformat(row["period_end"]) - weeks + ONE_DAY)} for row in rows]
    return _joined_years([*counted[:1], *rows[1:]]) if frequency == "annual" else counted


def _is_year(row: dict[str, str]) -> bool:
    length = date.fromisoformat(row["period_end"]) - date.fromisoformat(row["period_start"]) + ONE_DAY
    return length.days in COMPANY_YEAR_DAYS


def _row(series_id: str, figure: Figure) -> tuple[str, ...]:
    return (
        series_id,
        str(figure.start),
        str(figure.end),
        figure.value,
        str(figure.known_from),
        str(figure.until or ""),
        figure.basis,
    )


def _read_table(path: Path) -> dict[str, list[dict[str, str]]]:
    by_series: dict[str, list[dict[str, str]]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                by_series[row["series_id"]].append(row)
    except OSError as error:
        raise SeedError(f"{path}: cannot be read ({error.strerror}); name a folder with the three tables") from error
    return dict(by_series)


def _read_sources(path: Path) -> list[Source]:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Source(
                series_id=row["series_id"],
                source_id=row["source_id"],
                keep=row["keep"],
                filed_in=row["filed_in"],
                superseded_on=day(row["superseded_on"]),
                superseded_through=day(row["superseded_through"]),
            )
            for row in csv.DictReader(file)
        ]


if __name__ == "__main__":
    main()
