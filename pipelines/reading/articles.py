"""A file -> an Article: decoded, described, its furniture marked; the text stays as it is stored."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines.errors import ArticleError, SeedError
from pipelines.reading.bylines import find_publication_day, find_publisher, find_title
from pipelines.reading.furniture import Span, make_visible, mark_furniture
from pipelines.reading.script import detect_script

SUFFIXES = (".txt", ".md", ".html", ".htm")
NOT_ARTICLES = re.compile(r"(readme|notes?|changelog|licen[cs]e|contributing)", re.IGNORECASE)
MOST_BYTES = 64_000_000
# Characters that make up about a third of any Chinese text, in both scripts: how a wrong decoding is told from a right one.
_FREQUENT = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們到作地于於出就分对對成会會可主年发發经經十三之进進着著等部度家而多能说說,，。、：年月日美元"
)
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
_KANA = re.compile(r"[぀-ヿ]+")
_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class GivenDetails:
    """What is known of an article from outside its text; None leaves it to the text."""

    published_on: date | None = None
    title: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article as stored, with what its file says about itself.

    Attributes:
        article_id: the file's stem.
        sha256: of the file's bytes.
        published_on_basis: stated (a dateline), inferred (the newest day that the text speaks of as past), given (articles.csv)
            or unknown.
        script: hans, hant or mixed.
        language: zh, ja, ko, en or other, by its letters.
        encoding: utf-8, utf-8-sig (UTF-8 with a byte order mark), gb18030 or big5.
        text: the decoded file. Offsets are code points; line ends and a byte order mark are kept, so that a UTF-8 file reads the
            same with `open(path, encoding="utf-8", newline="")`.
        furniture: spans (start, end, kind) that are not the article's own text.
    """

    article_id: str
    path: str
    sha256: str
    title: str | None
    publisher: str | None
    published_on: date | None
    published_on_basis: str
    script: str
    language: str
    encoding: str
    text: str
    furniture: tuple[Span, ...]


def read_article(path: Path, *, given: GivenDetails | None = None) -> Article:
    """Read one article file.

    Args:
        path: a text, Markdown or HTML file in UTF-8 (with or without byte order mark), GB18030 or Big5.
        given: details from outside the text; they win over what the text says.

    Raises:
        ArticleError: the file is missing, a folder, too large, empty, binary or in no known encoding.
    """
    raw = _read_bytes(path)
    text, encoding = decode_article(raw, where=str(path))
    article = describe_article(text, article_id=path.stem, given=given)
    return replace(article, path=str(path), sha256=hashlib.sha256(raw).hexdigest(), encoding=encoding)


def describe_article(text: str, *, article_id: str, given: GivenDetails | None = None) -> Article:
    """Return the Article of a text that is already decoded and comes from no file.

    Args:
        text: the text as stored.
        article_id: its name.
        given: details from outside the text.
    """
    given = given or GivenDetails()
    furniture = mark_furniture(text)
    visible = make_visible(text, furniture)
    published_on, basis = given.published_on, "given"
    if published_on is None:
        published_on, basis = find_publication_day(text, visible, furniture)
    return Article(
        article_id=article_id,
        path="",
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        title=given.title or find_title(text, furniture),
        publisher=given.publisher or find_publisher(text, furniture),
        published_on=published_on,
        published_on_basis=basis,
        script=detect_script(text),
        language=detect_language(text),
        encoding="utf-8",
        text=text,
        furniture=furniture,
    )


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ArticleError(f"{path} holds {size:,} bytes, more than an article ({MOST_BYTES:,}); split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise ArticleError(f"{path} does not exist; check the path") from None
    except IsADirectoryError:
        raise ArticleError(f"{path} is a folder, not an article; name a file in it") from None
    except OSError as error:
        raise ArticleError(f"{path} cannot be read ({error.strerror}); check its permissions") from None


def decode_article(raw: bytes, *, where: str) -> tuple[str, str]:
    """Return the text of an article's bytes and the name of its encoding, with nothing translated or left out.

    Args:
        raw: the file's bytes.
        where: the file, for the message.

    Raises:
        ArticleError: empty, binary, or in no known encoding.
    """
    if not raw.strip():
        raise ArticleError(f"{where} is empty; save the article's text in it or remove it")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ArticleError(f"{where} is in UTF-16; save it as UTF-8")
    if b"\0" in raw:
        raise ArticleError(
            f"{where} is not text (it holds a zero byte at {raw.index(0):,}); give a text, Markdown or HTML file"
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(raw, where=where, position=error.start)
    if sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in text[:4096]) > len(text[:4096]) // 10:
        raise ArticleError(
            f"{where} is not text (it is full of control characters); give a text, Markdown or HTML file"
        )
    return text, "utf-8-sig" if text.startswith("﻿") else "utf-8"


def _decode_legacy(raw: bytes, *, where: str, position: int) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    for name, codec in (("gb18030", "gb18030"), ("big5", "big5hkscs"), ("big5", "cp950")):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        likeness = _measure_chinese(text)
        if best is None or likeness > best[0]:
            best = (likeness, text, name)
    if best is None or best[0] < 0.08:
        raise ArticleError(
            f"{where} is not UTF-8 (byte {position:,} breaks it) and reads neither as GB18030 nor as Big5; save it as UTF-8"
        )
    return best[1], best[2]


def _measure_chinese(text: str) -> float:
    """The share of frequent Chinese characters among those that are not ASCII, in the first 20,000."""
    letters = [char for char in text[:20_000] if char > "\x7f"]
    if not letters or any("" <= char <= "" for char in letters):
        return 0.0
    return sum(char in _FREQUENT for char in letters) / len(letters)


def detect_language(text: str) -> str:
    """Return zh, ja, ko, en or other: by the letters of the first 20,000 characters."""
    sample = text[:20_000]
    han, kana, hangul, latin = (sum(map(len, pattern.findall(sample))) for pattern in (_HAN, _KANA, _HANGUL, _LATIN))
    if kana > 0.1 * (han + kana):
        return "ja"
    if hangul > han:
        return "ko"
    if han and han * 4 >= latin:
        return "zh"
    return "en" if latin else "other"


def read_given_details(folder_csv: Path) -> dict[str, GivenDetails]:
    """Read an `articles.csv`: columns article, published_on (YYYY-MM-DD), and if wanted title and publisher.

    Args:
        folder_csv: the file.

    Returns:
        By article (its file's stem).

    Raises:
        SeedError: the file cannot be read, lacks a column, names an article twice or has a date that is none.
    """
    try:
        content = folder_csv.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SeedError(f"{folder_csv} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SeedError(f"{folder_csv} cannot be read ({error.strerror}); check the path") from None
    rows = csv.DictReader(io.StringIO(content, newline=""))
    for column in ("article", "published_on"):
        if column not in (rows.fieldnames or []):
            raise SeedError(f"{folder_csv}, line 1: the column {column!r} is missing; begin with article,published_on")
    details: dict[str, GivenDetails] = {}
    for row in rows:
        where = f"{folder_csv}, line {rows.line_num}"
        article = (row["article"] or "").strip()
        if not article:
            raise SeedError(f"{where}: no article is named; write the file's name without its ending")
        article = Path(article).stem if article.endswith(SUFFIXES) else article
        if article in details:
            raise SeedError(f"{where}: {article} stands there twice; keep one line")
        details[article] = GivenDetails(
            published_on=_parse_day(row, where), title=_take(row, "title"), publisher=_take(row, "publisher")
        )
    return details


def _take(row: Mapping[str, str | None], column: str) -> str | None:
    return (row.get(column) or "").strip() or None


def _parse_day(row: Mapping[str, str | None], where: str) -> date | None:
    written = _take(row, "published_on")
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise SeedError(f"{where}: {written!r} is no date; write YYYY-MM-DD") from None


def list_article_files(path: Path) -> list[Path]:
    """Return the article files of a path: the file itself, or of a folder its .txt, .md and .html files without its notes, sorted.

    Raises:
        ArticleError: the path does not exist, or the folder holds no article.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise ArticleError(f"{path} does not exist; check the path")
    files = sorted(
        file
        for file in path.iterdir()
        if file.is_file()
        and file.suffix.lower() in SUFFIXES
        and not NOT_ARTICLES.match(file.stem)
        and not file.name.startswith(".")
    )
    if not files:
        raise ArticleError(f"{path} holds no article; put .txt, .md or .html files in it")
    return files


def find_articles(paths: Iterable[Path]) -> list[tuple[Path, GivenDetails | None]]:
    """Return the article files of files and folders, each with what an `articles.csv` beside it says of it.

    Raises:
        ArticleError: a path does not exist, or a folder holds no article.
        SeedError: an articles.csv is not as it must be.
    """
    details: dict[Path, dict[str, GivenDetails]] = {}
    found = []
    for file in (file for path in paths for file in list_article_files(path)):
        beside = file.parent / "articles.csv"
        if beside not in details:
            details[beside] = read_given_details(beside) if beside.is_file() else {}
        found.append((file, details[beside].get(file.stem)))
    return found
