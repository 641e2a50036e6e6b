"""What is handed to the inbox: text, Markdown, saved pages, and files that hold many articles (JSON Lines, Parquet); each article or the reason why not."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import ArticleError
from pipelines.reading.articles import GivenDetails, decode_article, list_articles
from pipelines.reading.articles.details import SUFFIXES
from pipelines.reading.articles.files import MOST_BYTES, open_regular, read_file
from pipelines.reading.inbox.pages import PageReader
from pipelines.reading.invisible import escape_invisible, make_one_line

MANY = (".jsonl", ".ndjson", ".parquet")
"""Endings of files that hold many articles, in the columns text, title, publisher, published_on and url."""

_COLUMNS = ("text", "title", "publisher", "published_on", "url")
_PAGES = (".html", ".htm")
_LOOKS_LIKE_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)\b", re.IGNORECASE)
_LOOKS_LIKE_LINES = re.compile(rb'\s*\{\s*"')
_ROWS_AT_ONCE = 64
_MOST_GROUP_BYTES = 1_000_000_000  # of a Parquet file's text column: a row group is taken into memory


@dataclass(frozen=True, slots=True)
class Submission:
    """An article that is handed in.

    Attributes:
        origin: where it came from, printable: a file, and of many the line or row behind a comma.
        name: what its name in the inbox is made of: the file's stem, or the title.
        suffix: .txt or .md.
        raw: the bytes to keep, in UTF-8 or the encoding in which they came.
        text: what they say.
        given: what is known of it from outside the text.
        page: the saved page from which the text was taken, if it was.
    """

    origin: str
    name: str
    suffix: str
    raw: bytes
    text: str
    given: GivenDetails
    page: bytes | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something handed in that is no article, or a part of it that is not used.

    Attributes:
        origin: where it came from, printable.
        reason: why not, and what to do about it.
        is_lost: False where the article itself was taken, and only something beside it was not.
    """

    origin: str
    reason: str
    is_lost: bool = True


def read_submissions(path: Path, pages: PageReader) -> Iterator[Submission | Refusal]:
    """Return what a file or folder hands in, one after the other; nothing of one article stops the others.

    Of a folder: its articles with what an `articles.csv` in it says of them, and its files of many articles. Folders inside are passed over.

    Args:
        path: a file or folder.
        pages: what reads saved pages.

    Raises:
        ArticleError: the path does not exist, or the folder holds nothing.
        SeedError: an articles.csv is not as it must be.
    """
    is_folder = path.is_dir()
    if not is_folder and _holds_many(path):
        yield from _read_many(path)
        return
    listing = list_articles([path])
    many = sorted(file for file in path.iterdir() if _holds_many(file) and file.name[0] != ".") if is_folder else []
    taken = {escape_invisible(file) for file in many}
    for file, given in listing.articles:
        yield from _read_file(file, given or GivenDetails(), pages)
    for rejected in listing.rejected:
        if rejected.path not in taken:
            yield Refusal(rejected.path, rejected.reason)
    for file in many:
        yield from _read_many(file)


def read_stream(raw: bytes, pages: PageReader) -> Iterator[Submission | Refusal]:
    """Return what standard input hands in: one text, one page, or JSON Lines, told apart by how they begin.

    Args:
        raw: all of it.
        pages: what reads saved pages.
    """
    origin = "standard input"
    if _LOOKS_LIKE_LINES.match(raw):
        for number, line in enumerate(raw.splitlines(), start=1):
            yield from _read_line(line, f"{origin}, line {number}")
        return
    try:
        _check_size(raw, origin)
        if _LOOKS_LIKE_PAGE.match(raw):
            yield _make_of_page(raw, origin, "article", GivenDetails(), pages)
        else:
            yield _make_of_text(raw, origin, "article", ".txt", GivenDetails())
    except ArticleError as error:
        yield Refusal(origin, str(error))


def _holds_many(path: Path) -> bool:
    return path.suffix.lower() in MANY


def _read_file(path: Path, given: GivenDetails, pages: PageReader) -> Iterator[Submission | Refusal]:
    origin, suffix = escape_invisible(path), path.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join((*SUFFIXES, *MANY))
        yield Refusal(origin, f"it is no {known} file; save its text as one of these")
        return
    try:
        raw = read_file(path)
        if suffix in _PAGES:
            yield _make_of_page(raw, origin, path.stem, given, pages)
        else:
            yield _make_of_text(raw, origin, path.stem, suffix, given)
    except ArticleError as error:
        yield Refusal(origin, str(error))


def _make_of_text(raw: bytes, origin: str, name: str, suffix: str, given: GivenDetails) -> Submission:
    text, _ = decode_article(raw, where=origin)
    return Submission(origin, name, suffix, raw, text, given)


def _make_of_page(raw: bytes, origin: str, name: str, given: GivenDetails, pages: PageReader) -> Submission:
    page = pages.read(raw, where=origin)
    said = page.details
    details = replace(
        given,
        published_on=given.published_on or said.published_on,
        title=given.title or said.title,
        publisher=given.publisher or said.publisher,
        url=given.url or said.url,
    )
    encoded = page.text.encode("utf-8", "replace")
    text, _ = decode_article(encoded, where=origin)
    return Submission(origin, name, ".txt", encoded, text, details, raw)


def _read_many(path: Path) -> Iterator[Submission | Refusal]:
    try:
        yield from _read_rows(path) if path.suffix.lower() == ".parquet" else _read_lines(path)
    except ArticleError as error:
        yield Refusal(escape_invisible(path), str(error))


def _read_lines(path: Path) -> Iterator[Submission | Refusal]:
    shown = escape_invisible(path)
    with open_regular(path) as file:
        number = 0
        while line := file.readline(MOST_BYTES + 1):
            number += 1
            origin = f"{shown}, line {number}"
            if len(line) > MOST_BYTES:
                while line and not line.endswith(b"\n"):
                    line = file.readline(MOST_BYTES)
                yield Refusal(origin, f"{origin} is longer than an article ({MOST_BYTES:,} bytes); split it")
                continue
            yield from _read_line(line, origin)


def _read_line(line: bytes, origin: str) -> Iterator[Submission | Refusal]:
    if not line.strip():
        return
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        shown = escape_invisible(str(error))
        yield Refusal(origin, f"{origin} is not one JSON object in UTF-8 ({shown}); write one article a line")
        return
    if not isinstance(row, dict):
        yield Refusal(origin, f"{origin} is no JSON object; write one article a line, with the column text")
        return
    yield from _read_row(row, origin)


def _read_rows(path: Path) -> Iterator[Submission | Refusal]:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415  # has no types; loaded only where there is such a file
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415

    shown = escape_invisible(path)
    with open_regular(path) as file:
        try:
            table = pq.ParquetFile(file)
            names = table.schema_arrow.names
            if "text" not in names:
                raise ArticleError(f"{shown} has no column text; name the columns {', '.join(_COLUMNS)}")
            unused = [name for name in names if name not in _COLUMNS]
            if unused:
                yield Refusal(
                    shown, f"nothing reads the columns {_list_names(unused)}; they are left out", is_lost=False
                )
            for group in range(table.num_row_groups):
                size = table.metadata.row_group(group).total_byte_size
                if size > _MOST_GROUP_BYTES:
                    raise ArticleError(f"{shown} holds {size:,} bytes in one row group; write it in smaller ones")
            wanted = [name for name in names if name in _COLUMNS]
            number = 0
            for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield from _read_row(row, f"{shown}, row {number}")
        except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
            reason = escape_invisible(str(error).split("\n")[0][:200])
            raise ArticleError(f"{shown} cannot be read as Parquet ({reason}); write it anew") from None


def _read_row(row: Mapping[str, Any], origin: str) -> Iterator[Submission | Refusal]:
    unused = [name for name in row if name not in _COLUMNS]
    if unused:
        yield Refusal(origin, f"nothing reads {_list_names(unused)}; left out", is_lost=False)
    try:
        yield _make_of_row(row, origin)
    except ArticleError as error:
        yield Refusal(origin, str(error))


def _make_of_row(row: Mapping[str, Any], origin: str) -> Submission:
    text = row.get("text")
    if not isinstance(text, str):
        raise ArticleError(f"{origin} has no text; put the article into the column text")
    given = GivenDetails(
        _read_day(row.get("published_on"), origin),
        _read_line_of(row, "title", origin),
        _read_line_of(row, "publisher", origin),
        _read_line_of(row, "url", origin),
    )
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(f"{origin} holds half a character at {error.start:,}; write the text in UTF-8") from None
    _check_size(raw, origin)
    return _make_of_text(raw, origin, given.title or "article", ".txt", given)


def _check_size(raw: bytes, origin: str) -> None:
    if len(raw) > MOST_BYTES:
        raise ArticleError(f"{origin} holds {len(raw):,} bytes, more than an article ({MOST_BYTES:,}); split it")


def _list_names(names: list[str]) -> str:
    shown = ", ".join(escape_invisible(name)[:40] for name in names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"


def _read_line_of(row: Mapping[str, Any], column: str, origin: str) -> str | None:
    value = row.get(column)
    if value is None or isinstance(value, str):
        return make_one_line(value, longest=2000 if column == "url" else 300)
    raise ArticleError(f"{origin}: {column} is {type(value).__name__}, not a text; put it in quotes")


def _read_day(value: Any, origin: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        written = value.strip()
        return (
            datetime.fromisoformat(written).date()
            if len(written) > 10
            else date.fromisoformat(written)
            if written
            else None
        )
    except (AttributeError, ValueError):
        raise ArticleError(
            f"{origin}: published_on is {escape_invisible(value)[:40]!r}, which is no date; write YYYY-MM-DD"
        ) from None
