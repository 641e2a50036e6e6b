"""A saved web page -> the article in it, by trafilatura, in a process of its own that is ended where a page keeps it busy for too long.

A few hundred kilobytes of markup can keep an HTML extractor busy for minutes (a hundred thousand attributes, or spans, do).
"""

import contextlib
import multiprocessing
import resource
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from pipelines.errors import ArticleError
from pipelines.reading.articles import GivenDetails, decode_article, describe_article
from pipelines.reading.invisible import escape_invisible, make_one_line

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType

MOST_SECONDS = 30.0
"""How long one page may take; an ordinary one takes some hundredths of a second."""

_MOST_SECONDS_TO_START = 120.0  # a busy machine takes its time to load the extraction; that is no page's fault
_MOST_MEMORY = 4_000_000_000  # bytes of address space
_SHORTEST = 10  # characters: what is shorter is a button, not an article
_FIRST_PAGE = "<html><body><article><p>" + "国债" * 50 + "</p></article></body></html>"


@dataclass(frozen=True, slots=True)
class Page:
    """The article in a saved page.

    Attributes:
        text: its paragraphs, a line each.
        details: what the page says of it; the day only where the page states it, never one that is guessed.
    """

    text: str
    details: GivenDetails


class PageReader:
    """Reads saved pages, one after the other; a context manager that ends its process.

    Args:
        most_seconds: how long one page may take.
    """

    def __init__(self, *, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self._end()

    def read(self, raw: bytes, *, where: str) -> Page:
        """Return the article in a page.

        Args:
            raw: the page's bytes.
            where: the file, for the message.

        Raises:
            ArticleError: the bytes are no text, no article can be found in them, or finding it takes too long.
        """
        html, _ = decode_article(raw, where=where)
        shown = escape_invisible(where)
        try:
            connection = self._connection or self._start()
            connection.send((html, shown))
            if not connection.poll(self._most_seconds):
                self._end()
                raise ArticleError(
                    f"{shown} is a page in which no article was found within {self._most_seconds:g} seconds; save its text instead"
                )
            answer = connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._end()
            raise ArticleError(f"{shown} is a page that breaks the extraction; save its text instead") from None
        if isinstance(answer, Page):
            return answer
        raise ArticleError(str(answer))

    def _start(self) -> "Connection[Any, Any]":
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_answer, args=(other,), daemon=True)
        self._process.start()
        other.close()
        if not self._connection.poll(_MOST_SECONDS_TO_START):
            raise EOFError
        self._connection.recv()
        return self._connection

    def _end(self) -> None:
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _answer(connection: "Connection[Any, Any]") -> None:
    """Take pages and send back what was found, until the other end closes."""
    with contextlib.suppress(OSError, ValueError):  # some systems have no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    extract_page(_FIRST_PAGE, where="")  # what the extraction loads for its first page is no page's time
    connection.send("ready")
    while True:
        try:
            html, shown = connection.recv()
        except EOFError:
            return
        answer: Page | str
        try:
            answer = extract_page(html, where=shown)
        except ArticleError as error:
            answer = str(error)
        except (Exception, MemoryError) as error:  # a fault in one page costs that page, not the thousand others
            answer = (
                f"{shown} is a page that the extraction cannot read ({type(error).__name__}); save its text instead"
            )
        connection.send(answer)


def extract_page(html: str, *, where: str) -> Page:
    """Return the article in a page, in this process.

    Args:
        html: the decoded page.
        where: the file, for the message.

    Raises:
        ArticleError: no article can be found in it.
    """
    from trafilatura import bare_extraction, load_html  # noqa: PLC0415  # loaded only where there is a page

    tree = load_html(html)
    found = bare_extraction(tree, with_metadata=False, include_comments=False) if tree is not None else None
    text = getattr(found, "text", None) or ""
    if sum(char.isalnum() for char in text) < _SHORTEST:
        raise ArticleError(f"{where} is a page in which no article was found; save its text instead")
    said = describe_article(html, article_id="page")
    site, address = _find_meta(load_html(html))
    return Page(
        text,
        GivenDetails(
            # trafilatura's own guess makes the first of January of any year that the text names.
            published_on=said.published_on if said.published_on_basis == "stated" else None,
            title=said.title,
            publisher=site or said.publisher,
            url=address,
        ),
    )


def _find_meta(tree: Any) -> tuple[str | None, str | None]:
    """The site's name and the page's address, as the page gives them."""

    def find(*paths: str) -> str | None:
        for path in paths:
            for value in tree.xpath(path):
                line = make_one_line(str(value), longest=2000)
                if line:
                    return line
        return None

    site = find("//meta[@property='og:site_name']/@content", "//meta[@name='application-name']/@content")
    address = find("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
    return site, address if address and address.lower().startswith(("https://", "http://")) else None
