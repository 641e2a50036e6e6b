"""From the rows of a FiscalData table to sightings of its series.

The service keeps no vintages; what was known when follows from what each retrieval saw.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pipelines.errors import ParseError
from pipelines.official.catalogue import FiscalDataCode, Series
from pipelines.official.exchange import Send
from pipelines.official.records import Reading, Sighting, period_of, to_base_unit
from pipelines.official.treasury.fiscaldata import Query, Row, read_rows, unlike
from pipelines.official.treasury.tables import DATE_FIELD, LINE_FIELD, Rows, Table, table_of

# What `meta.dataTypes` may state for the column of a series, by the unit of the series.
TYPES = {
    "USD": frozenset({"CURRENCY", "NUMBER"}),
    "percent": frozenset({"PERCENTAGE", "NUMBER"}),
}
PLAIN_TYPES = frozenset({"NUMBER", "INTEGER"})
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 in order
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_YEAR = re.compile(r"\b(?:1[789]|2[01])[0-9]{2}\b")
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.-]+")
# Amounts are published to the cent; what was added up from others may be off by some.
CENTS = Decimal(1)

# The value of a period as published, and the row that says so last.
Published = Mapping[date, tuple[Decimal, Row]]


def read_table(
    path: str, series: Mapping[Series, FiscalDataCode], send: Send, *, base_url: str, since: date | None
) -> Reading:
    """Ask for the rows of a table that some series need, and read them.

    Args:
        path: The table below the service's address.
        series: The series, and where the table has them.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.
        since: The first day wanted; `None` for all.

    Returns:
        Sightings of every series; periods that begin on `since` or later are complete.

    Raises:
        DownloadError: The service gave no answer or states an error.
        ParseError: An answer has another shape, unit or type than documented, or the pages do not add up.
    """
    table = table_of(path)
    types = {code.field: TYPES.get(one.unit, PLAIN_TYPES) for one, code in series.items()}
    rows = read_rows(_query(table, list(series.values()), since), types, send, base_url=base_url)
    sightings = [seen for one, code in series.items() for seen in _sight(table, one, code, rows)]
    return Reading(sightings=tuple(sightings), covers_from=since)


def _query(table: Table, codes: Sequence[FiscalDataCode], since: date | None) -> Query:
    fields = (
        *(DATE_FIELD, LINE_FIELD, *table.key),
        *(column for code in codes for column, _ in code.conditions),
        *(code.field for code in codes),
        *(table.difference or ()),
    )
    chosen = [code.conditions[0] if code.conditions else None for code in codes]
    columns = {condition[0] if condition else None for condition in chosen}
    values = tuple(dict.fromkeys(condition[1] for condition in chosen if condition))
    # A blank in an address is written in two ways, of which the service documents one: then all rows are asked for.
    plain = len(columns) == 1 and all(_PLAIN_VALUE.fullmatch(value) for value in values)
    column, values = (columns.pop(), values) if plain and values else (None, ())
    return Query(table.path, tuple(dict.fromkeys(fields)), since, column, values)


def _sight(table: Table, series: Series, code: FiscalDataCode, rows: Iterable[Row]) -> Iterator[Sighting]:
    published = _PUBLISHED[table.rows](table, series, code, list(_choose(code, rows)))
    periods: dict[tuple[date, date], Row] = {}
    for day, (value, row) in published.items():
        if series.frequency == "annual" and series.period_anchor == "fiscal_year" and day.month != 9:
            continue  # a sum since October; September's is the year's
        start, end = period_of(series, day.replace(day=1) if series.frequency == "monthly" else day)
        if (start, end) in periods:
            raise unlike(row.answer, f"{periods[start, end].day} and {day} both speak of {start} to {end}")
        periods[start, end] = row
        yield Sighting(series.series_id, start, end, to_base_unit(value, series), row.answer.sha256)


def _choose(code: FiscalDataCode, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of a series; where a chosen row is not what the other conditions say, the lines were renumbered."""
    for row in rows:
        if not code.conditions:
            yield row
            continue
        (column, value), *others = code.conditions
        if row.cells[column] != value:
            continue
        for other, beginning in others:
            if not _plain(row.cells[other]).startswith(_plain(beginning)):
                raise unlike(
                    row.answer,
                    f"{row.day}: the row with {column} {value} has {other} {row.cells[other]!r}, not {beginning!r}; find "
                    "its new number and correct provider_code in seeds/series.csv",
                )
        yield row


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _number(row: Row, column: str) -> Decimal | None:
    text = row.cells[column]
    if text is not None and not _NUMBER.fullmatch(text):
        raise unlike(row.answer, f"{row.day}: {column} is {text!r}, which is no number")
    return None if text is None else Decimal(text)


def _one_row_a_day(_: Table, series: Series, code: FiscalDataCode, rows: Sequence[Row]) -> Published:
    published: dict[date, tuple[Decimal, Row]] = {}
    for row in rows:
        value = _number(row, code.field)
        if value is None:  # a heading, or a part that was not known yet
            continue
        if row.day in published:
            raise unlike(
                row.answer,
                f"{row.day} has several rows for {series.series_id}; say in provider_code of seeds/series.csv which",
            )
        published[row.day] = value, row
    return published


def _sum_of_a_day(_: Table, __: Series, code: FiscalDataCode, rows: Sequence[Row]) -> Published:
    published: dict[date, tuple[Decimal, Row]] = {}
    for row in rows:
        value = _number(row, code.field)
        if value is not None:
            published[row.day] = published.get(row.day, (Decimal(0), row))[0] + value, row
    return published


def _restated_months(table: Table, _: Series, code: FiscalDataCode, rows: Sequence[Row]) -> Published:
    headings = {row.cells["classification_id"]: row for row in rows}
    published: dict[date, tuple[Decimal, Row]] = {}
    for row in sorted(rows, key=lambda row: row.day):
        name, value = row.cells["classification_desc"], _number(row, code.field)
        if name not in MONTHS or value is None:  # headings, sums, and months to come
            continue
        _check_sign(table, row)
        number = MONTHS.index(name) + 1
        year = _fiscal_year(row, headings.get(row.cells["parent_id"])) - (number >= 10)
        if date(year, number, 1) > row.day:
            raise unlike(row.answer, f"the report of {row.day} has {name} {year}, which was still to come")
        published[date(year, number, 1)] = value, row
    return published


def _fiscal_year(row: Row, heading: Row | None) -> int:
    """The fiscal year that the heading over a month names, else the report's own or the one before."""
    named = _YEAR.search((heading.cells["classification_desc"] or "") if heading is not None else "")
    if named:
        return int(named[0])
    block, report = (row.cells["sequence_number_cd"] or "")[:2], row.cells["record_fiscal_year"] or ""
    if block not in {"1.", "2."} or not re.fullmatch("[0-9]{4}", report):
        raise unlike(row.answer, f"{row.day}: {row.cells['classification_desc']} stands under no fiscal year")
    return int(report) - (block == "1.")


def _check_sign(table: Table, row: Row) -> None:
    if table.difference is None:
        return
    difference, upper, lower = (_number(row, column) for column in table.difference)
    if difference is None or upper is None or lower is None or abs(difference) <= CENTS:
        return
    if abs(difference + upper - lower) <= CENTS:
        column, minuend, subtrahend = table.difference
        raise ParseError(
            f"FiscalData turned the sign of {column} on {row.day}: it is not {minuend} less {subtrahend} any more; turn "
            "the sign of scale in seeds/series.csv"
        )


_PUBLISHED: dict[Rows, Callable[[Table, Series, FiscalDataCode, Sequence[Row]], Published]] = {
    Rows.ONE: _one_row_a_day,
    Rows.SUM: _sum_of_a_day,
    Rows.RESTATED_MONTHS: _restated_months,
}
