"""CBO's baselines: each is a vintage of the projections, known from the day on which it was published.

The file of all baselines names only their months. The days of publication are in `seeds/cbo_baselines.csv`; a baseline
that is not there is dated by the last day of its month, or by the day on which it was first seen if that is earlier:
never earlier than it was known. A projection holds until the next baseline that covers its year, even where that one's
figure is not in the file (before 2023 it has the debt of one baseline a year).
"""

import calendar
import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from pipelines.errors import ParseError, SeedError
from pipelines.official.catalogue import Series
from pipelines.official.cbo.files import KEY_COLUMNS, CboCode, read_rows, to_number, to_year, unlike
from pipelines.official.exchange import Answer
from pipelines.official.records import Observation, period_of, to_base_unit
from pipelines.places import SEEDS

COLUMNS = (*KEY_COLUMNS, "baseline_date", "projected_fiscal_year", "projected_year_number", "value")
DAYS_COLUMNS = ("baseline", "published_on", "title", "url")
ONE_DAY = timedelta(days=1)
# Of this many baselines one may be garbled.
BASELINES_A_FLAW = 10


@dataclass(frozen=True, slots=True)
class Projection:
    """A row of the file: the figure, as text, that a baseline projects for a fiscal year.

    Attributes:
        month: First day of the month in which the baseline was published.
        year: The fiscal year.
        number: 1 for the year in which the baseline was published, and so on; 0 for the outcome of the year before.
        published: The figure in billions of dollars.
    """

    month: date
    year: int
    number: int
    published: str


@dataclass(frozen=True, slots=True)
class Baselines:
    """The file of all baselines.

    Attributes:
        rows: Its projections by component, category and subcategory.
        years: The first and the last fiscal year that each baseline projects, by its month.
        answer: The file itself.
    """

    rows: Mapping[tuple[str, ...], list[Projection]]
    years: Mapping[date, tuple[int, int]]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Dating:
    """Since when a baseline is known, and how that is known (see `Observation.known_basis`)."""

    known_from: date
    basis: str


def read_publication_days(path: Path = SEEDS / "cbo_baselines.csv") -> dict[date, date]:
    """Read the days on which baselines were published.

    Args:
        path: A CSV file with the columns `DAYS_COLUMNS`; `baseline` is a month as CBO's file names it.

    Returns:
        The day of publication by the first day of the month.

    Raises:
        SeedError: The file or a row is not like that; the message names file, line and cure.
    """
    days: dict[date, date] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            if tuple(next(rows, [])) != DAYS_COLUMNS:
                raise SeedError(f"{path}, line 1: the header must be {','.join(DAYS_COLUMNS)}")
            for cells in rows:
                month, day = _read_publication_day(path, rows.line_num, cells)
                if month in days:
                    raise SeedError(f"{path}, line {rows.line_num}: the baseline {cells[0]} is there twice; remove one")
                days[month] = day
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path}: cannot be read as UTF-8 CSV ({error}); restore it from the repository") from error
    return days


def _read_publication_day(path: Path, line: int, cells: list[str]) -> tuple[date, date]:
    try:
        baseline, published_on, title, url = cells
        month, day = date.fromisoformat(f"{baseline}-01"), date.fromisoformat(published_on)
    except ValueError as error:
        raise SeedError(
            f"{path}, line {line}: {','.join(cells)} is not allowed; write a month as YYYY-MM, the day of publication "
            "as YYYY-MM-DD, a title and an address"
        ) from error
    if (month.year, month.month) != (day.year, day.month):
        raise SeedError(f"{path}, line {line}: {published_on} is not in {baseline}; correct one of the two")
    if not title or not url.startswith("https://"):
        raise SeedError(f"{path}, line {line}: write a title and an address that begins with https://")
    return month, day


def parse_baselines(answer: Answer) -> Baselines:
    """Read the file of all baselines.

    Raises:
        ParseError: It has another shape than documented.
    """
    rows: dict[tuple[str, ...], list[Projection]] = defaultdict(list)
    years: dict[date, tuple[int, int]] = {}
    for row in read_rows(answer, COLUMNS):
        month = _to_month(answer, row["baseline_date"])
        year = to_year(answer, row["projected_fiscal_year"])
        if not re.fullmatch(r"[0-9]{1,2}", row["projected_year_number"]):
            raise ParseError(unlike(answer, f"{row['projected_year_number']!r} is no projected_year_number"))
        number = int(row["projected_year_number"])
        rows[tuple(row[name] for name in KEY_COLUMNS)].append(Projection(month, year, number, row["value"]))
        if number:
            first, last = years.get(month, (year, year))
            years[month] = min(first, year), max(last, year)
    return Baselines(rows, years, answer)


def _to_month(answer: Answer, text: str) -> date:
    try:
        month = date.fromisoformat(text)
    except ValueError as error:
        raise ParseError(unlike(answer, f"{text!r} is no baseline_date")) from error
    if month.day != 1 or len(text) != 10:
        raise ParseError(unlike(answer, f"baseline_date {text!r} is not the first of a month"))
    return month


def date_baselines(
    baselines: Baselines, published_on: Mapping[date, date], first_seen_on: Mapping[date, date], today: date
) -> dict[date, Dating]:
    """Say since when each baseline is known.

    Args:
        baselines: The file.
        published_on: Days of publication by month (`read_publication_days`).
        first_seen_on: When a baseline was first seen within its month, by month, where its day of publication was not
            known.
        today: The current day.

    Raises:
        ParseError: A baseline is of a month that has not begun.
    """
    dating = {}
    for month in baselines.years:
        last_day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        if month > today:
            raise ParseError(unlike(baselines.answer, f"it holds a baseline of {month:%Y-%m}, which has not begun"))
        if month in published_on and published_on[month] <= today:
            dating[month] = Dating(published_on[month], "vintage")
        elif month in first_seen_on:
            dating[month] = Dating(first_seen_on[month], "retrieved")
        elif last_day <= today:
            dating[month] = Dating(last_day, "release_lag")
        else:
            dating[month] = Dating(today, "retrieved")
    return dating


def read_projections(
    series: Series, baselines: Baselines, dating: Mapping[date, Dating]
) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """Read every projection of a series, each closed by the next baseline that covers its year.

    The outcome of the year before, which older baselines repeat, is no projection and left out. So is an old baseline
    that is garbled, as long as hardly any other is: forty years of baselines need not wait for one to be repaired.

    Args:
        series: Its code names rows of the file of baselines.
        baselines: The file.
        dating: Since when each baseline is known (`date_baselines`).

    Returns:
        The observations, and what is wrong with each baseline that is left out.

    Raises:
        ParseError: A figure lies outside the sane range; or the newest baseline, or more than one in
            `BASELINES_A_FLAW`, has years that do not follow one another or do not go with its month, or figures that
            are no numbers.
    """
    by_month: dict[date, list[Projection]] = defaultdict(list)
    for row in baselines.rows.get(CboCode.parse(series).key, []):
        by_month[row.month].append(row)
    observations: list[Observation] = []
    flaws: list[ParseError] = []
    for month, rows in sorted(by_month.items()):
        try:
            figures = _read_baseline(series, month, rows, baselines.answer)
        except ParseError as error:
            flaws.append(error)
            if month == max(by_month) or len(flaws) * BASELINES_A_FLAW > len(by_month):
                raise
            continue
        observations += [_to_observation(series, row, figure, baselines, dating) for row, figure in figures]
    return tuple(observations), tuple(map(str, flaws))


def _read_baseline(
    series: Series, month: date, rows: list[Projection], answer: Answer
) -> list[tuple[Projection, Decimal]]:
    by_year: dict[int, Projection] = {}
    for row in rows:
        if row.year in by_year:
            raise ParseError(unlike(answer, f"{series.provider_code} of {month:%Y-%m} has {row.year} twice"))
        by_year[row.year] = row
    _check_years(series, month, by_year, answer)
    figures = [(row, to_number(answer, row.published)) for row in rows]
    return [(row, figure) for row, figure in figures if row.number]


def _check_years(series: Series, month: date, projections: Mapping[int, Projection], answer: Answer) -> None:
    first = min(projections)
    # The year in which the baseline was published; the fiscal year begins in October.
    begun = month.year + (month.month >= 10)
    fits = projections[first].number in {0, 1} and abs(first - projections[first].number + 1 - begun) <= 1
    follows = all(
        year - first == count and row.number - projections[first].number == count
        for count, (year, row) in enumerate(sorted(projections.items()))
    )
    if not (fits and follows):
        raise ParseError(
            unlike(answer, f"the years of {series.provider_code} of {month:%Y-%m} are not numbered one by one")
        )


def _to_observation(
    series: Series, row: Projection, figure: Decimal, baselines: Baselines, dating: Mapping[date, Dating]
) -> Observation:
    successors = [
        dating[month].known_from
        for month, (first, last) in baselines.years.items()
        if month > row.month and first <= row.year <= last
    ]
    start, end = period_of(series, date(row.year, 9, 30))
    return Observation(
        series_id=series.series_id,
        period_start=start,
        period_end=end,
        value=to_base_unit(figure, series),
        known_from=dating[row.month].known_from,
        known_until=min(successors) - ONE_DAY if successors else None,
        known_basis=dating[row.month].basis,
        download_sha256=baselines.answer.sha256,
    )
