"""The CSV files behind the graphs of FRED and ALFRED, which need no key.

FRED's file has today's figures, ALFRED's those that were known on the days asked for. FRED's ignores `vintage_date`
without a word, so a figure of an earlier day counts only where ALFRED's column names that day. The sites often refuse
programs: with a status, with a page instead of a file, or with silence.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request
from pipelines.official.fred.realtime import MISSING, read_figure
from pipelines.official.records import period_of

# The first column was called DATE until the end of 2024.
_DATE_COLUMNS = frozenset({"observation_date", "DATE"})
# A graph of ALFRED's has room for so many lines, and its file for so many columns.
MAX_DAYS = 12


class GraphRefusedError(DownloadError):
    """The site refuses programs; it is not asked again in this run."""


class NoFileError(DownloadError):
    """The site has no such file; others may exist."""


@dataclass(frozen=True, slots=True)
class GraphColumn:
    """What one column of a file says.

    Attributes:
        known_on: The day on which the figures were known; `None` for today's.
        figures: Period -> figure in base units; `None` where the period is there without a figure.
        sha256: Hash of the file.
    """

    known_on: date | None
    figures: dict[tuple[date, date], float | None]
    sha256: str


def current_request(series: Series, since: date | None, *, base_url: str) -> Request:
    """Ask for today's figures of a series.

    Args:
        series: `provider_code` is the FRED id.
        since: Earlier periods are left out (the one that holds this day may come or not); `None` asks for all.
        base_url: Such as `https://fred.stlouisfed.org`.
    """
    first = () if since is None else (("cosd", str(since)),)
    return Request(
        source="fred",
        url=f"{base_url.rstrip('/')}/graph/fredgraph.csv",
        params=(("id", series.provider_code), *first),
        headers=(("Accept", "text/csv"),),
    )


def as_of_request(series: Series, days: Sequence[date], since: date, *, base_url: str) -> Request:
    """Ask for the figures of a series as they were known on some days.

    Args:
        series: `provider_code` is the FRED id.
        days: At most `MAX_DAYS`.
        since: Earlier periods are left out.
        base_url: Such as `https://alfred.stlouisfed.org`.
    """
    return Request(
        source="fred",
        url=f"{base_url.rstrip('/')}/graph/alfredgraph.csv",
        params=(
            ("id", ",".join([series.provider_code] * len(days))),
            ("cosd", str(since)),
            ("vintage_date", ",".join(map(str, days))),
        ),
        headers=(("Accept", "text/csv"),),
    )


def parse_current(answer: Answer, series: Series) -> GraphColumn:
    """Read today's figures.

    Args:
        answer: The answer to `current_request`.
        series: The series asked for.

    Raises:
        GraphRefusedError: The site refuses programs.
        NoFileError: There is no such series.
        ParseError: The file is another one than documented, or a figure is none of this series.
    """
    return _parse(answer, series, {series.provider_code: None})[0]


def parse_as_of(answer: Answer, series: Series, days: Iterable[date]) -> list[GraphColumn]:
    """Read the figures of some days.

    Args:
        answer: The answer to `as_of_request`.
        series: The series asked for.
        days: The days asked for.

    Returns:
        A column a day, in their order. The file leaves out what was not yet published on any of the days; a period
        without a figure on one of them is `None` there.

    Raises:
        GraphRefusedError: The site refuses programs.
        NoFileError: There is no such series, or it was not archived on these days.
        ParseError: The file is another one than documented (such as one that does not name the days), or a figure is
            none of this series.
    """
    return _parse(answer, series, {f"{series.provider_code}_{day:%Y%m%d}": day for day in days})


def _parse(answer: Answer, series: Series, columns: dict[str, date | None]) -> list[GraphColumn]:
    lines = _read_lines(answer) or [[""]]
    header = [cell.strip() for cell in lines[0]]
    if header[0] not in _DATE_COLUMNS or sorted(header[1:]) != sorted(columns):
        raise ParseError(
            f"{series.series_id}: {answer.url} has the columns {', '.join(header)[:200]} instead of observation_date "
            f"(or DATE), {', '.join(columns)}; what was known stays"
        )
    figures: dict[str, dict[tuple[date, date], float | None]] = {column: {} for column in columns}
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(header):
            raise ParseError(f"{series.series_id}: line {number} of {answer.url} has {len(cells)} cells; it broke off")
        try:
            stamp = date.fromisoformat(cells[0].strip())
        except ValueError as error:
            raise ParseError(f"{series.series_id}: line {number} of {answer.url} begins with no date") from error
        period = period_of(series, stamp)
        for column, cell in zip(header[1:], cells[1:], strict=True):
            if period in figures[column]:
                raise ParseError(f"{series.series_id}: {answer.url} has the period from {period[0]} on twice")
            published = cell.strip()
            figures[column][period] = None if published in MISSING else read_figure(series, stamp, published)
    return [GraphColumn(day, figures[column], answer.sha256) for column, day in columns.items()]


def _read_lines(answer: Answer) -> list[list[str]]:
    """Read the lines of a file, if it is one; empty ones are left out."""
    beginning = answer.body.lstrip()[:8]
    is_page = beginning.startswith((b"<", b"\xef\xbb\xbf<"))
    if answer.status in {400, 404}:
        raise NoFileError(f"{answer.url} has no file (status {answer.status}); check provider_code in seeds/series.csv")
    if answer.status != 200 or is_page or not beginning:
        shown = "a page instead of a file" if is_page else "nothing" if not beginning else "something else"
        raise GraphRefusedError(
            f"{answer.url} answered {shown} (status {answer.status}): the site refuses programs for now; "
            "set FRED_API_KEY to use the API, or try again later"
        )
    try:
        return [cells for cells in csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), strict=True) if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{answer.url} is no CSV file in UTF-8 ({error}); what was known stays") from error
