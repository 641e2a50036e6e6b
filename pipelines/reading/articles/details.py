"""What is known of articles from outside their texts: an `articles.csv` written by hand, or a file of details beside an article."""

import csv
import difflib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.errors import ArticleError, SeedError
from pipelines.reading.articles.files import read_file
from pipelines.reading.invisible import escape_invisible, make_one_line

SUFFIXES = (".txt", ".md", ".html", ".htm")
DETAILS_CSV = "articles.csv"
DETAILS_SUFFIX = ".details.json"
_COLUMNS = ("article", "published_on", "title", "publisher", "url")
_FIELDS = frozenset({"published_on", "title", "publisher", "url", "added_from", "added_at", "sha256", "wording"})


@dataclass(frozen=True, slots=True)
class GivenDetails:
    """What is known of an article from outside its text; None leaves it to the text."""

    published_on: date | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None


class GivenRow(NamedTuple):
    """A line of an `articles.csv`."""

    line: int
    details: GivenDetails


def read_given_details(folder_csv: Path) -> dict[str, GivenDetails]:
    """Read an `articles.csv`: columns article, published_on (YYYY-MM-DD), and if wanted title, publisher and url.

    Args:
        folder_csv: the file.

    Returns:
        By article (its file's stem).

    Raises:
        SeedError: the file cannot be read, lacks a column or misspells one, names an article twice or has a date that is none.
    """
    return {article: row.details for article, row in read_given_rows(folder_csv).items()}


def read_given_rows(folder_csv: Path) -> dict[str, GivenRow]:
    """Read an `articles.csv` as `read_given_details` does, with the line of each article.

    Raises:
        SeedError: the file cannot be read or is not as it must be.
    """
    shown = escape_invisible(folder_csv)
    try:
        content = read_file(folder_csv).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SeedError(f"{shown} is not UTF-8; save it as UTF-8") from None
    except ArticleError as error:
        raise SeedError(str(error)) from None
    if "\0" in content:
        raise SeedError(f"{shown} is no text (it holds a zero byte); save it as CSV in UTF-8")
    rows = csv.DictReader(io.StringIO(content, newline=""))
    details: dict[str, GivenRow] = {}
    try:
        _check_columns(rows.fieldnames or [], shown)
        for row in rows:
            where = f"{shown}, line {rows.line_num}"
            article = _name_article(row, where)
            if article in details:
                raise SeedError(f"{where}: {escape_invisible(article)} stands there twice; keep one line")
            details[article] = GivenRow(rows.line_num, _read_row(row, where))
    except csv.Error as error:
        raise SeedError(f"{shown}, line {rows.line_num}: it is not CSV ({error}); mend the line") from None
    return details


def _check_columns(found: Any, shown: str) -> None:
    for column in ("article", "published_on"):
        if column not in found:
            raise SeedError(f"{shown}, line 1: the column {column!r} is missing; begin with article,published_on")
    for column in found:
        # A column of the user's own is none of our business; one that is nearly ours was meant to be read.
        meant = [] if column in _COLUMNS else difflib.get_close_matches(str(column).lower().strip(), _COLUMNS, 1, 0.75)
        if meant:
            raise SeedError(f"{shown}, line 1: nothing reads a column {escape_invisible(column)!r}; write {meant[0]}")
        if found.count(column) > 1:
            raise SeedError(f"{shown}, line 1: the column {column!r} stands there twice; keep one")


def _name_article(row: Mapping[Any, Any], where: str) -> str:
    if None in row:
        raise SeedError(f"{where}: it has more cells than there are columns; put a text with commas in quotes")
    article = (row["article"] or "").strip()
    if not article:
        raise SeedError(f"{where}: no article is named; write the file's name without its ending")
    return Path(article).stem if article.lower().endswith(SUFFIXES) else article


def _read_row(row: Mapping[Any, str | None], where: str) -> GivenDetails:
    def take(column: str) -> str | None:
        return (row.get(column) or "").strip() or None

    written = take("published_on")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise SeedError(f"{where}: {escape_invisible(written)!r} is no date; write YYYY-MM-DD") from None
    return GivenDetails(day, make_one_line(take("title")), make_one_line(take("publisher")), make_one_line(take("url")))


def read_details_file(path: Path) -> dict[str, Any]:
    """Read a file of details beside an article: an object with published_on, title, publisher, url and what `hedui add` notes.

    Args:
        path: `<article>.details.json`.

    Raises:
        ArticleError: it cannot be read, or is not as it must be.
    """
    shown = escape_invisible(path)
    try:
        details = json.loads(read_file(path))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{shown} is not JSON in UTF-8 ({error}); mend it, or remove it and add again") from None
    if not isinstance(details, dict):
        raise ArticleError(f"{shown} is no JSON object; mend it, or remove it and add again")
    for name, value in details.items():
        if name not in _FIELDS:
            raise ArticleError(
                f"{shown}: nothing reads {escape_invisible(name)!r}; use published_on, title, publisher, url"
            )
        if value is not None and not isinstance(value, str):
            raise ArticleError(f"{shown}: {name} is no text; put it in quotes")
    return details


def parse_details(details: Mapping[str, str | None], *, where: str) -> GivenDetails:
    """Return what a file of details says of its article.

    Args:
        details: as `read_details_file` returns them.
        where: the file, for the message.

    Raises:
        ArticleError: the day is no date.
    """
    written = details.get("published_on")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise ArticleError(
            f"{escape_invisible(where)}: published_on is {escape_invisible(written)!r}, which is no date; write YYYY-MM-DD"
        ) from None
    return GivenDetails(
        day,
        make_one_line(details.get("title")),
        make_one_line(details.get("publisher")),
        make_one_line(details.get("url"), longest=2000),
    )
