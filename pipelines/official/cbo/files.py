"""The files of CBO's repository `US-CBO/eval-projections`: requests for them, and their rows.

Pure: the sending is handed in. The files are described in the repository's README; all amounts are billions of dollars.

Where a series is, its catalogue row says in `provider_code`: the file, and which of its rows, as
`FILE:COMPONENT/CATEGORY/SUBCATEGORY`, such as `input_data/actuals.csv:outlay/Mandatory/Medicare`. A file of a single
series is named alone: `input_data/actual_GDP.csv`. A series without a code is in no public file.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from pipelines.errors import DownloadError, ParseError, SeedError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.records import Sighting, period_of, to_base_unit

KEY_COLUMNS = ("component", "category", "subcategory")
BASELINES_FILE = "input_data/baselines.csv"
# What rows of these categories and subcategories say differs from what CBO published.
ADJUSTED_COMPONENT = "deficit"
ADJUSTED_OUTLAYS = frozenset({"Total", "Total Outlays", "Total Mandatory", "Other Mandatory"})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_YEAR = re.compile(r"[12][0-9]{3}")
# The ratios are published to a tenth, and so are the amounts beside them.
_RATIO_TOLERANCE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file that are read.

    Attributes:
        year: The fiscal year.
        value: The figure.
        keys: What tells the rows of one series from those of others; empty in a file of a single series.
        ratio_of: Where the figure is a percentage that the file also gives the parts of: numerator and denominator.
    """

    year: str
    value: str
    keys: tuple[str, ...] = KEY_COLUMNS
    ratio_of: tuple[str, str] | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """All columns that must be there."""
        return (*self.keys, self.year, self.value, *(self.ratio_of or ()))


OUTCOME_FILES: Mapping[str, Columns] = {
    "input_data/actuals.csv": Columns("fiscal_year", "actual_value"),
    "input_data/actual_GDP.csv": Columns("fiscal_year", "GDP", keys=()),
    "output_data/debt_actuals_pct_GDP.csv": Columns("fiscal_year", "actuals_pct_GDP", ratio_of=("actual_value", "GDP")),
}


@dataclass(frozen=True, slots=True)
class CboCode:
    """Where a series is: the file, and the component, category and subcategory of its rows (empty in a file of one)."""

    file: str
    key: tuple[str, ...]

    @classmethod
    def parse(cls, series: Series) -> Self:
        """Read the `provider_code` of a series.

        Raises:
            SeedError: It is not of the form that this module's docstring states, or does not go with `is_projection`.
        """
        file, _, rows = series.provider_code.partition(":")
        key = tuple(rows.split("/")) if rows else ()
        columns = OUTCOME_FILES.get(file)
        length = len(KEY_COLUMNS) if columns is None else len(columns.keys)
        if (columns is None and file != BASELINES_FILE) or len(key) != length or not all(key):
            raise SeedError(
                f"seeds/series.csv, {series.series_id}, column provider_code: {series.provider_code!r} is not allowed; "
                f"write FILE:COMPONENT/CATEGORY/SUBCATEGORY with one of the files {BASELINES_FILE}, "
                f"{', '.join(OUTCOME_FILES)} (actual_GDP.csv without rows), or nothing"
            )
        if key and (key[0] == ADJUSTED_COMPONENT or (key[0] == "outlay" and not ADJUSTED_OUTLAYS.isdisjoint(key))):
            raise SeedError(
                f"seeds/series.csv, {series.series_id}, column provider_code: {rows} is adjusted for CBO's evaluation of "
                "its projections and not what CBO published; remove the row, or leave the cell empty"
            )
        if series.is_projection != (columns is None):
            raise SeedError(
                f"seeds/series.csv, {series.series_id}, column is_projection: {file} holds "
                f"{'projections' if columns is None else 'outcomes'}; write {'true' if columns is None else 'false'}"
            )
        return cls(file, key)


def fetch_file(file: str, send: Send, *, base_url: str) -> Answer:
    """Ask for a file of the repository.

    Args:
        file: Its path in the repository.
        send: Sends a request and returns the complete answer.
        base_url: Such as `https://raw.githubusercontent.com/US-CBO/eval-projections/main`.

    Raises:
        DownloadError: There is no such file, or no answer.
    """
    answer = send(Request(source="cbo", url=f"{base_url.rstrip('/')}/{file}"))
    if answer.status != 200:
        raise DownloadError(
            f"{answer.url} was answered with status {answer.status}; if that persists, CBO has moved its files: "
            "correct provider_code in seeds/series.csv or HEDUI_CBO_URL"
        )
    return answer


def read_rows(answer: Answer, needed: Iterable[str]) -> list[dict[str, str]]:
    """Read the rows of a file by the names of its columns.

    Args:
        answer: The file.
        needed: Columns that must be there; there may be others.

    Raises:
        ParseError: It is no UTF-8 CSV file, or lacks a column, or a row has another number of cells than the header.
    """
    try:
        lines = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), strict=True)
        header = [name.strip() for name in next(lines, [])]
        rows = [cells for cells in lines if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(unlike(answer, f"it is no CSV file: {error}")) from error
    lacking = set(needed) - set(header)
    if lacking or len(set(header)) != len(header):
        raise ParseError(
            unlike(answer, f"lacks the column(s) {sorted(lacking)}" if lacking else "names a column twice")
        )
    for cells in rows:
        if len(cells) != len(header):
            raise ParseError(unlike(answer, f"{cells} are {len(cells)} cells where the header has {len(header)}"))
    return [dict(zip(header, (cell.strip() for cell in cells), strict=True)) for cells in rows]


def read_outcomes(series: Series, answer: Answer, today: date) -> tuple[Sighting, ...]:
    """Read the outcomes of a series, one a fiscal year.

    Args:
        series: Its code names a file of `OUTCOME_FILES`.
        answer: That file.
        today: No outcome is of a year that ends later.

    Raises:
        ParseError: The file has another shape than documented, the years do not follow one another, a ratio
            contradicts its parts, or a figure lies outside the sane range.
    """
    code = CboCode.parse(series)
    columns = OUTCOME_FILES[code.file]
    published: dict[int, Decimal] = {}
    for row in read_rows(answer, columns.needed):
        if tuple(row[name] for name in columns.keys) != code.key:
            continue
        year = to_year(answer, row[columns.year])
        if year in published:
            raise ParseError(unlike(answer, f"{series.provider_code} has {year} twice"))
        published[year] = to_number(answer, row[columns.value])
        if columns.ratio_of:
            part, whole = (to_number(answer, row[name]) for name in columns.ratio_of)
            if not whole or abs(published[year] - 100 * part / whole) > _RATIO_TOLERANCE:
                raise ParseError(unlike(answer, f"{published[year]} of {year} is not {part} in percent of {whole}"))
    if published and sorted(published) != list(range(min(published), max(published) + 1)):
        raise ParseError(unlike(answer, f"{series.provider_code} lacks years between {min(published)} and the last"))
    sightings = []
    for year, figure in sorted(published.items()):
        start, end = period_of(series, date(year, 9, 30))
        if end > today:
            raise ParseError(unlike(answer, f"it gives an outcome of {year}, which is not over"))
        sightings.append(Sighting(series.series_id, start, end, to_base_unit(figure, series), answer.sha256))
    return tuple(sightings)


def to_year(answer: Answer, text: str) -> int:
    """Read a fiscal year.

    Raises:
        ParseError: It is none.
    """
    if not _YEAR.fullmatch(text):
        raise ParseError(unlike(answer, f"{text!r} is no fiscal year"))
    return int(text)


def to_number(answer: Answer, text: str) -> Decimal:
    """Read a figure.

    Raises:
        ParseError: It is no plain decimal number.
    """
    if len(text) > 30 or not _NUMBER.fullmatch(text):
        raise ParseError(unlike(answer, f"{text[:40]!r} is no number"))
    return Decimal(text)


def unlike(answer: Answer, what: str) -> str:
    """Say that a file is not as its README describes."""
    beginning = re.sub(r"\s+", " ", answer.body[:60].decode("utf-8", "replace"))
    return (
        f"CBO's {answer.url} is unlike its documentation ({what}; it begins {beginning!r}); "
        "if that persists, pipelines/official/cbo has to follow the repository"
    )
