"""FiscalData: the request for a table, and its answers read into rows, page by page.

Pure: the sending is handed in. Documented at https://fiscaldata.treasury.gov/api-documentation/.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.errors import DownloadError, ParseError
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.treasury.tables import DATE_FIELD, LINE_FIELD

# The service serves up to 10,000 rows a page, but then it can be minutes before the first one comes.
PAGE_SIZE = 2_500
# How the service writes that there is no value.
MISSING = frozenset({"null", ""})


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a table.

    Attributes:
        path: The table below the service's address.
        fields: The columns.
        since: The first day wanted; `None` for all.
        column: A column that chooses rows; `None` for all rows.
        values: Its values.
    """

    path: str
    fields: tuple[str, ...]
    since: date | None = None
    column: str | None = None
    values: tuple[str, ...] = ()

    @property
    def filter(self) -> str | None:
        """The filter as the service wants it written."""
        parts = []
        if self.since is not None:
            parts.append(f"{DATE_FIELD}:gte:{self.since}")
        if self.column is not None and len(self.values) == 1:
            parts.append(f"{self.column}:eq:{self.values[0]}")
        elif self.column is not None:
            parts.append(f"{self.column}:in:({','.join(self.values)})")
        return ",".join(parts) or None

    def request(self, page: int, *, base_url: str) -> Request:
        """Ask for a page, from 1 on, in an order in which no row can slip from one page to another.

        Args:
            page: The page.
            base_url: Such as `https://api.fiscaldata.treasury.gov/services/api/fiscal_service`.
        """
        return Request(
            source="treasury",
            url=f"{base_url.rstrip('/')}/{self.path}",
            params=(
                ("fields", ",".join(self.fields)),
                *((("filter", self.filter),) if self.filter else ()),
                ("sort", f"{DATE_FIELD},{LINE_FIELD}"),
                ("format", "json"),
                ("page[number]", str(page)),
                ("page[size]", str(PAGE_SIZE)),
            ),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        day: Its date.
        cells: The columns' texts; `None` where there is no value.
        answer: The answer that held it.
    """

    day: date
    cells: Mapping[str, str | None]
    answer: Answer = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a table, and how many rows and pages there are in all."""

    rows: tuple[Row, ...]
    total_rows: int
    total_pages: int


def parse_page(answer: Answer, fields: Sequence[str], types: Mapping[str, Collection[str]]) -> Page:
    """Read one page.

    Args:
        answer: An answer of the service.
        fields: The columns that were asked for.
        types: The types that `meta.dataTypes` may state for a column, digits at their end left away.

    Raises:
        DownloadError: The service states an error.
        ParseError: The answer has another shape or other types than documented.
    """
    try:
        content = json.loads(answer.body)
        if isinstance(content, dict) and "error" in content:
            raise DownloadError(
                f"FiscalData refuses {answer.url} ({content['error']}: {content.get('message')}); check "
                "provider_code in seeds/series.csv against the table's page at https://fiscaldata.treasury.gov/datasets/"
            )
        meta, stated = content["meta"], content["meta"]["dataTypes"]
        counts = [meta[name] for name in ("count", "total-count", "total-pages")]
        _check_types(answer, stated, {DATE_FIELD: {"DATE"}, **types})
        rows = tuple(_read_row(answer, row, fields) for row in content["data"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unlike(answer, f"{type(error).__name__}: {error}") from error
    if not all(type(count) is int for count in counts):
        raise unlike(answer, f"its counts are {counts}")
    count, total_rows, total_pages = counts
    if len(rows) != count or total_rows < count or total_pages < (1 if rows else 0):
        raise unlike(answer, f"{len(rows)} rows where meta.count says {count} of {total_rows}")
    if answer.status != 200:
        raise DownloadError(f"FiscalData answered {answer.url} with status {answer.status}; try again later")
    return Page(rows, total_rows, total_pages)


def _check_types(answer: Answer, stated: Mapping[str, Any], types: Mapping[str, Collection[str]]) -> None:
    for column, allowed in types.items():
        if str(stated[column]).rstrip("0123456789") not in allowed:
            raise unlike(answer, f"{column} is of the type {stated[column]!r}, not {' or '.join(sorted(allowed))}")


def _read_row(answer: Answer, row: Mapping[str, Any], fields: Sequence[str]) -> Row:
    cells = {name: _as_text(row[name]) for name in fields}
    return Row(date.fromisoformat(cells[DATE_FIELD] or ""), cells, answer)


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"the value {value!r} is no text")
    return None if value.strip() in MISSING else value.strip()


def unlike(answer: Answer, what: str) -> ParseError:
    """The error that says how an answer differs from the documentation."""
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return ParseError(
        f"FiscalData answered {answer.url} unlike its documentation ({what}; it begins {beginning!r}); "
        "if that persists, pipelines/official/treasury has to follow the service"
    )


def read_rows(query: Query, types: Mapping[str, Collection[str]], send: Send, *, base_url: str) -> list[Row]:
    """Ask for a table, page by page, and read it.

    Args:
        query: What to ask.
        types: As of `parse_page`.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.

    Returns:
        The rows in the service's order; a row that came twice, word for word, is there once.

    Raises:
        DownloadError: The service gave no answer or states an error.
        ParseError: An answer has another shape or other types than documented, or the pages do not add up.
    """
    rows: dict[tuple[str | None, ...], Row] = {}
    received, number, expected = 0, 0, None
    while expected is None or number < expected[1]:
        number += 1
        answer = send(query.request(number, base_url=base_url))
        page = parse_page(answer, query.fields, types)
        if expected not in {None, (page.total_rows, page.total_pages)}:
            raise unlike(answer, f"the table grew from {expected} while its pages were read")
        expected = page.total_rows, page.total_pages
        received += len(page.rows)
        if received > page.total_rows or (not page.rows and number < page.total_pages):
            break
        for row in page.rows:
            names = tuple(text for column, text in row.cells.items() if column not in types)
            earlier = rows.setdefault(names, row)
            if earlier.cells != row.cells:
                raise unlike(answer, f"{row.day}, line {row.cells[LINE_FIELD]}, is there twice and says two things")
    if received != expected[0]:
        raise ParseError(
            f"FiscalData sent {received} rows of {query.path}, of {expected[0]}; the next refresh asks again"
        )
    return list(rows.values())
