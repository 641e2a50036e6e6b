"""Treasury FiscalData: the request for Debt to the Penny, and its answers read into sightings.

Pure: the sending is handed in. Documented at https://fiscaldata.treasury.gov/api-documentation/. The service keeps no
vintages; what was known when follows from what each retrieval saw.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.records import Reading, Sighting, period_of, to_base_unit

ENDPOINT = "v2/accounting/od/debt_to_penny"
PAGE_SIZE = 10_000  # the largest page that the service serves
DATE_FIELD = "record_date"
# Leaving out a key column makes the service sum rows without saying so.
KEY_FIELDS = (DATE_FIELD, "src_line_nbr")
MISSING = frozenset({"null", ""})
# The types that `meta.dataTypes` may state for an amount.
AMOUNT_TYPES = frozenset({"CURRENCY", "NUMBER"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the table: its rows as text, and how many rows and pages there are in all."""

    rows: list[dict[str, str | None]]
    total_rows: int
    total_pages: int


def live_series(catalogue: Sequence[Series]) -> dict[str, Series]:
    """Return the series that this module can ask for, by the field of the table that carries them."""
    prefix = f"{ENDPOINT}:"
    return {
        series.provider_code.removeprefix(prefix): series
        for series in catalogue
        if series.provider == "treasury" and series.provider_code.startswith(prefix)
    }


def debt_to_penny_request(amount_fields: Sequence[str], page: int, *, base_url: str) -> Request:
    """Ask for a page of Debt to the Penny, oldest day first.

    Args:
        amount_fields: The amounts wanted; the key columns are added.
        page: The page, from 1 on.
        base_url: Such as `https://api.fiscaldata.treasury.gov/services/api/fiscal_service`.
    """
    return Request(
        source="treasury",
        url=f"{base_url.rstrip('/')}/{ENDPOINT}",
        params=(
            ("fields", ",".join((*KEY_FIELDS, *amount_fields))),
            ("sort", DATE_FIELD),
            ("format", "json"),
            ("page[number]", str(page)),
            ("page[size]", str(PAGE_SIZE)),
        ),
    )


def parse_page(answer: Answer, amount_fields: Sequence[str]) -> Page:
    """Read one page of Debt to the Penny.

    Args:
        answer: An answer of the service.
        amount_fields: The amounts that were asked for.

    Raises:
        DownloadError: The service states an error.
        ParseError: The answer has another shape or other types than documented.
    """
    try:
        content = json.loads(answer.body)
        if isinstance(content, dict) and "error" in content:
            raise DownloadError(
                f"FiscalData refuses {answer.url} ({content['error']}: {content.get('message')}); "
                "if that persists, pipelines/official/treasury/fiscaldata.py has to follow the service"
            )
        rows, meta = content["data"], content["meta"]
        count, total_rows, total_pages = meta["count"], meta["total-count"], meta["total-pages"]
        types = meta["dataTypes"]
        _check_types(answer, types, amount_fields)
        read = [{field: _as_text(row[field]) for field in (*KEY_FIELDS, *amount_fields)} for row in rows]
        complete = len(read) == count and total_rows >= count and total_pages >= 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParseError(_unlike(answer, f"{type(error).__name__}: {error}")) from error
    if not complete:
        raise ParseError(_unlike(answer, f"{len(read)} rows where meta.count says {count} of {total_rows}"))
    return Page(read, total_rows, total_pages)


def _check_types(answer: Answer, types: dict[str, Any], amount_fields: Sequence[str]) -> None:
    if types[DATE_FIELD] != "DATE":
        raise ParseError(_unlike(answer, f"{DATE_FIELD} is {types[DATE_FIELD]!r}, not 'DATE'"))
    for field in amount_fields:
        if types[field] not in AMOUNT_TYPES:
            raise ParseError(_unlike(answer, f"{field} is {types[field]!r}, not 'CURRENCY'"))


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"the value {value!r} is no text")
    return None if value.strip() in MISSING else value.strip()


def _unlike(answer: Answer, what: str) -> str:
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return (
        f"FiscalData answered {answer.url} unlike its documentation ({what}; it begins {beginning!r}); "
        "if that persists, pipelines/official/treasury/fiscaldata.py has to follow the service"
    )


def read_debt_to_penny(catalogue: Sequence[Series], send: Send, *, base_url: str) -> Reading:
    """Ask for the whole table of Debt to the Penny, page by page, and read it.

    Args:
        catalogue: The series; those of `live_series` are read.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.

    Returns:
        Sightings of every series and day.

    Raises:
        DownloadError: The service gave no answer or states an error.
        ParseError: An answer has another shape, unit or type than documented, the pages do not add up, or there is no
            figure.
    """
    series_by_field = live_series(catalogue)
    fields = tuple(series_by_field)
    sightings: dict[tuple[str, date], Sighting] = {}
    rows_read, page_number, expected = 0, 0, None
    while expected is None or page_number < expected[1]:
        page_number += 1
        answer = send(debt_to_penny_request(fields, page_number, base_url=base_url))
        page = parse_page(answer, fields)
        if answer.status != 200:
            raise DownloadError(f"FiscalData answered {answer.url} with status {answer.status}; try again later")
        if expected not in {None, (page.total_rows, page.total_pages)}:
            raise ParseError(_unlike(answer, f"the table grew from {expected} while its pages were read"))
        expected = page.total_rows, page.total_pages
        rows_read += len(page.rows)
        for row in page.rows:
            for field, series in series_by_field.items():
                _note(sightings, series, row[DATE_FIELD], row[field], answer)
    if expected is None or rows_read != expected[0] or not sightings:
        raise ParseError(f"FiscalData sent {rows_read} rows of {ENDPOINT}, of {expected}; the next refresh asks again")
    return Reading(sightings=tuple(sightings.values()))


def _note(
    sightings: dict[tuple[str, date], Sighting], series: Series, day: str | None, amount: str | None, answer: Answer
) -> None:
    try:
        stamp = date.fromisoformat(day or "")
        published = None if amount is None else Decimal(amount)
    except (ValueError, InvalidOperation) as error:
        raise ParseError(_unlike(answer, f"{day!r} with {amount!r} is no day with an amount")) from error
    if published is None:  # before April 2005 the parts are known on some days only
        return
    if not published.is_finite() or (series.series_id, stamp) in sightings:
        raise ParseError(_unlike(answer, f"{day} with {amount} is no number or comes twice"))
    start, end = period_of(series, stamp)
    sightings[series.series_id, stamp] = Sighting(
        series.series_id, start, end, to_base_unit(published, series), answer.sha256
    )
