"""Reads many articles, in order, in several processes where there is enough text to pay for them."""

import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pipelines.errors import ArticleError
from pipelines.reading.articles import GivenDetails, describe_article, read_article
from pipelines.reading.claims import Reading, find_claims

PAYS_FROM = 3_000_000
"""Bytes of text from which on several processes pay: each needs half a second or more to load the words (benchmarks/reading.py shows it)."""

_BATCH_BYTES = 100_000
_BATCH_ARTICLES = 64
_BATCHES_A_PROCESS = 3  # in flight, so that none waits for work and memory stays flat


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article that is still in its file.

    Attributes:
        path: the file.
        given: details from outside the text.
    """

    path: Path
    given: GivenDetails | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path)

    def measure(self) -> int:
        """Its size in bytes; 0 where it cannot be had, which reading it will tell."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def read(self) -> Reading:
        """Read it and find its claims."""
        return find_claims(read_article(self.path, given=self.given))


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article whose text is at hand.

    Attributes:
        article_id: its name.
        text: as stored.
        given: details from outside the text.
    """

    article_id: str
    text: str
    given: GivenDetails | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.article_id

    def measure(self) -> int:
        """Its size in bytes, taken as Chinese text."""
        return 3 * len(self.text)

    def read(self) -> Reading:
        """Find its claims."""
        return find_claims(describe_article(self.text, article_id=self.article_id, given=self.given))


Source = TypeVar("Source", bound=ArticleFile | ArticleText)
Outcome = Reading | ArticleError


def read_claims(articles: Iterable[Source], *, processes: int | None = None) -> Generator[tuple[Source, Outcome]]:
    """Read articles and find their claims, one after the other as they come, in their order.

    Only a few batches are held at a time, so that memory does not grow with the number of articles. An article that cannot be read
    gives its error and leaves the others alone. Up to `PAYS_FROM` bytes everything is read in this process.

    Args:
        articles: files and texts; taken as they are needed.
        processes: how many processes may read at once; None means as many as this one may use processors, 1 this one only.

    Yields:
        Each article with its Reading, or with the ArticleError that says why there is none.
    """
    waiting = iter(articles)
    workers = _count_processors() if processes is None else processes
    first, enough = _take_first(waiting) if workers > 1 else ([], False)
    if enough:
        yield from _read_in_processes(chain(first, waiting), workers)
    else:
        yield from ((article, _read_one(article)) for article in chain(first, waiting))


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _take_first(waiting: Iterator[Source]) -> tuple[list[Source], bool]:
    """The first articles, and whether they are enough for several processes (else they are all)."""
    taken: list[Source] = []
    size = 0
    for article in waiting:
        taken.append(article)
        size += article.measure()
        if size >= PAYS_FROM:
            return taken, True
    return taken, False


def _read_one(article: ArticleFile | ArticleText) -> Outcome:
    try:
        return article.read()
    except ArticleError as error:
        return error
    except Exception as error:  # a fault of ours in one article costs that article, not the thousand others
        return ArticleError(f"{article.name} makes the reader fail ({error!r}); report it with the article")


def _read_batch(articles: Sequence[ArticleFile | ArticleText]) -> list[Outcome]:
    return [_read_one(article) for article in articles]


def _make_batches(articles: Iterable[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += article.measure()
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_ARTICLES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_in_processes(articles: Iterable[Source], workers: int) -> Iterator[tuple[Source, Outcome]]:
    """The processes are started afresh (spawn): whoever calls may have threads, which a fork would leave in pieces."""
    executor = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    running: deque[tuple[list[Source], Future[list[Outcome]] | None]] = deque()
    try:
        for batch in _make_batches(articles):
            running.append((batch, _submit(executor, batch)))
            if len(running) >= workers * _BATCHES_A_PROCESS:
                yield from _finish(*running.popleft())
        while running:
            yield from _finish(*running.popleft())
    finally:
        executor.shutdown(cancel_futures=True)


def _submit(executor: ProcessPoolExecutor, batch: list[Source]) -> Future[list[Outcome]] | None:
    try:
        return executor.submit(_read_batch, batch)
    except BrokenProcessPool:
        return None


def _finish(batch: list[Source], future: Future[list[Outcome]] | None) -> Iterator[tuple[Source, Outcome]]:
    """Wait for a batch; one whose process was killed, for want of memory perhaps, is read here, where nothing else is in hand."""
    try:
        outcomes = future.result() if future else _read_batch(batch)
    except BrokenProcessPool:
        outcomes = _read_batch(batch)
    yield from zip(batch, outcomes, strict=True)
