"""Cuts a text into paragraphs, sentences and clauses, all as offsets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# A sentence ends at 。!?… with the quotes and brackets that close after it; an ASCII full stop only before a space or the end,
# and not after a single letter or a digit (U.S. 3.5). Here and below the character to be found stands first, so that the search leaps to it.
_SENTENCE_END = re.compile(
    r"[。!?….](?:(?<=[。!?])[。!?]*|(?<=…)…+|(?<=\.)(?:\.{5}|(?<=[^\W\d_]{2}\.)(?=\s|$)))[”’」』\"')\]】》]*"
)
_CLAUSE_END = re.compile(
    r"[,;:。!?\n|—─ ](?:(?<=[;:。!?\n|])|(?<=,)(?:(?<!\d,)|(?!\d))|(?<=[—─])[—─]+|(?<=[一-鿿] )(?=[一-鿿]{2}))"
)
_HEADING = re.compile(r"\s*#{1,6}\s")
_LIST_ITEM = re.compile(
    r"\s*(?:[-*+•·●▪◆]|\d{1,2}[.、)]|[(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)\s*"
)
_QUESTION = re.compile(r"[^。!?]+[?!]+")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_LONGEST = 400  # so that the work on a sentence is bounded
_WRAP_WIDTHS = 30  # a line shorter than this is not taken for one broken to fit a page


class Span(NamedTuple):
    """A stretch of the text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading or table row.

    Attributes:
        start, end: offsets into the text.
        paragraph: the number of its paragraph, counted from 0.
        kind: prose, heading or table.
    """

    start: int
    end: int
    paragraph: int
    kind: str


class _Paragraph(NamedTuple):
    start: int
    end: int
    kind: str


def split_sentences(visible: str) -> list[Sentence]:
    """Return the sentences of a text in order; blank stretches belong to none.

    A line is a paragraph, except where a block of lines of one width shows that they were broken to fit a page.

    Args:
        visible: the text, normalised, with its furniture blanked.
    """
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(_split_paragraphs(visible)):
        start = paragraph.start
        if paragraph.kind == "prose":
            for match in _SENTENCE_END.finditer(visible, paragraph.start, paragraph.end):
                _add_sentence(sentences, visible, Span(start, match.end()), number, paragraph.kind)
                start = match.end()
        _add_sentence(sentences, visible, Span(start, paragraph.end), number, paragraph.kind)
    return sentences


def _add_sentence(sentences: list[Sentence], visible: str, span: Span, paragraph: int, kind: str) -> None:
    """Add the span without its surrounding space, if anything is left; what goes on without end is cut at a comma."""
    while span.end - span.start > _LONGEST:
        cut = max(visible.rfind(mark, span.start + _LONGEST // 2, span.start + _LONGEST) for mark in ",;") + 1
        middle = cut or span.start + _LONGEST
        _add_sentence(sentences, visible, Span(span.start, middle), paragraph, kind)
        span = Span(middle, span.end)
    content = visible[span.start : span.end]
    stripped = content.strip()
    if stripped:
        start = span.start + len(content) - len(content.lstrip())
        sentences.append(Sentence(start, start + len(stripped), paragraph, kind))


def _split_paragraphs(visible: str) -> Iterator[_Paragraph]:
    block: list[Span] = []
    position = 0
    for raw in visible.splitlines(keepends=True):
        line = Span(position, position + len(raw))
        position += len(raw)
        if raw.strip():
            block.append(line)
            continue
        yield from _split_block(visible, block)
        block = []
    yield from _split_block(visible, block)


def _split_block(visible: str, block: list[Span]) -> Iterator[_Paragraph]:
    if _is_wrapped(visible, block):
        yield _Paragraph(block[0].start, block[-1].end, "prose")
        return
    for number, line in enumerate(block):
        content = visible[line.start : line.end]
        kind = _classify_line(content, alone=len(block) == 1 or number == 0, is_first=line.start == 0)
        yield _Paragraph(line.start, line.end, kind)


def _classify_line(content: str, *, alone: bool, is_first: bool) -> str:
    if _TABLE_ROW.match(content):
        return "table"
    if _HEADING.match(content):
        return "heading"
    stripped = content.strip()
    if is_first and _QUESTION.fullmatch(stripped):
        stripped = stripped.rstrip("?!")  # a title may ask
    ended = stripped.endswith(("。", "!", "?", ".", ";", ",", ":", "”", "」", "…"))
    if alone and len(stripped) <= 40 and not ended and not _LIST_ITEM.match(content):
        return "heading"
    return "prose"


def _is_wrapped(visible: str, block: list[Span]) -> bool:
    """Whether the lines of a block are one paragraph: three or more, all but the last of one width, none a list item or heading."""
    if len(block) < 3:
        return False
    widths = [len(visible[line.start : line.end].rstrip()) for line in block]
    if min(widths[:-1]) < _WRAP_WIDTHS or max(widths[:-1]) - min(widths[:-1]) > 3 or widths[-1] > max(widths[:-1]) + 1:
        return False
    lines = [visible[line.start : line.end] for line in block]
    if any(pattern.match(line) for line in lines for pattern in (_TABLE_ROW, _HEADING, _LIST_ITEM)):
        return False
    return any(not line.rstrip().endswith(("。", "!", "?")) for line in lines[:-1])


@lru_cache(maxsize=2)  # several steps ask for those of one sentence in turn
def split_clauses(visible: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the clauses of a stretch of text, without the marks between them.

    Args:
        visible: the text, normalised.
        start: where the stretch, usually a sentence, begins.
        end: where it ends.
    """
    clauses: list[Span] = []
    position = start
    for match in _CLAUSE_END.finditer(visible, start, end):
        if match.start() > position:
            clauses.append(Span(position, match.start()))
        position = match.end()
    if end > position:
        clauses.append(Span(position, end))
    return tuple(clauses)


def find_clause(clauses: Sequence[Span], offset: int) -> Span:
    """Return the clause in which a place lies, the last one for what lies behind them all."""
    for clause in clauses:
        if offset < clause.end:
            return clause
    return clauses[-1]
