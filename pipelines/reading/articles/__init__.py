"""A file -> an Article: decoded, described, its furniture marked; the text stays as it is stored."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines.errors import ArticleError
from pipelines.reading.articles.details import GivenDetails, read_given_details
from pipelines.reading.articles.encodings import decode_article
from pipelines.reading.articles.files import MOST_BYTES, read_file
from pipelines.reading.articles.folders import (
    Listing,
    RejectedFile,
    find_articles,
    list_article_files,
    list_articles,
)
from pipelines.reading.bylines import find_publication_day, find_publisher, find_title
from pipelines.reading.furniture import Span, make_visible, mark_furniture
from pipelines.reading.invisible import escape_invisible, make_one_line
from pipelines.reading.script import detect_script

__all__ = [
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "Article",
    "GivenDetails",
    "Listing",
    "RejectedFile",
    "check_length",
    "decode_article",
    "describe_article",
    "detect_language",
    "find_articles",
    "list_article_files",
    "list_articles",
    "read_article",
    "read_file",
    "read_given_details",
]

MOST_CHARACTERS = 300_000
"""The longest text of an article, furniture left out: half a long novel. A figure in every word of more would be read for minutes."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_KANA = re.compile(r"[\u3040-\u30ff]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_LATIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as stored, with what its file says about itself.

    Attributes:
        article_id: the file's stem.
        sha256: of the file's bytes.
        published_on_basis: stated (a dateline), inferred (the newest day that the text speaks of as past), given (beside the text)
            or unknown.
        script: hans, hant or mixed.
        language: zh, ja, ko, en or other, by its letters.
        encoding: utf-8, utf-8-sig (UTF-8 with a byte order mark), utf-16 (with one), gb18030 or big5.
        text: the decoded file. Offsets are code points; line ends and a byte order mark are kept, so that a UTF-8 file reads the
            same with `open(path, encoding="utf-8", newline="")`.
        furniture: spans (start, end, kind) that are not the article's own text.
        url: where it appeared, if that is given.
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
    url: str | None = None


def read_article(path: Path, *, given: GivenDetails | None = None) -> Article:
    """Read one article file.

    Args:
        path: a text, Markdown or HTML file in UTF-8 (with or without byte order mark), UTF-16 with one, GB18030 or Big5.
        given: details from outside the text; they win over what the text says.

    Raises:
        ArticleError: the file is missing, no regular file, too large, too long, changing, empty, binary, in no known encoding, or written so that
            people see other figures than are stored.
    """
    raw = read_file(path)
    text, encoding = decode_article(raw, where=str(path))
    article = describe_article(text, article_id=path.stem, given=given)
    check_length(article, where=str(path))
    return replace(article, path=str(path), sha256=hashlib.sha256(raw).hexdigest(), encoding=encoding)


def check_length(article: Article, *, where: str) -> None:
    """Refuse an article whose own text is longer than `MOST_CHARACTERS`.

    Args:
        article: as described.
        where: its file, for the message.

    Raises:
        ArticleError: it is longer.
    """
    own = len(article.text) - sum(end - start for start, end, _ in article.furniture)
    if own > MOST_CHARACTERS:
        raise ArticleError(
            f"{escape_invisible(where)} holds a text of {own:,} characters, more than an article ({MOST_CHARACTERS:,} characters); split it"
        )


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
        title=make_one_line(given.title or find_title(text, furniture)),
        publisher=make_one_line(given.publisher or find_publisher(text, furniture)),
        published_on=published_on,
        published_on_basis=basis,
        script=detect_script(text),
        language=detect_language(text),
        encoding="utf-8",
        text=text,
        furniture=furniture,
        url=given.url,
    )


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
