"""Reads a page as a browser shows it: without the tags of HTML, each place with the way back to the text as stored."""

import html
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.reading.furniture import Span

# Tags that leave no trace in the text, inside of a word or number too.
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strike", "strong", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_SHOWN = {
    "<tr": "\n| ", "</tr": "", "<td": "", "</td": " | ", "<th": "", "</th": " | ",  # the row of a table
    "<sup": " ", "</sup": " ", "<sub": " ", "</sub": " ",  # the mark of a note is no digit of the number before it
}  # fmt: skip


class OwnText(NamedTuple):
    """A text as it is read.

    Attributes:
        text: the article's text; of a page in HTML without its tags.
        furniture: spans of it that are not the article's own text.
        starts, ends: where each character of `text` begins and ends in the text as stored; empty where the two are the same.
    """

    text: str
    furniture: tuple[Span, ...]
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def find_stored(self, start: int, end: int) -> tuple[int, int]:
        """Return where a passage `text[start:end]`, which must not be empty, stands in the text as stored."""
        return (self.starts[start], self.ends[end - 1]) if self.starts else (start, end)


class TextBuilder:
    """Makes a text out of pieces of another one and of what is put in between, each character with its place as stored.

    Args:
        source: the text that pieces are copied from.
    """

    def __init__(self, source: OwnText) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._furniture: list[Span] = []

    @property
    def length(self) -> int:
        """How many characters the new text has so far."""
        return len(self._starts)

    def copy(self, start: int, end: int, kind: str = "") -> None:
        """Add `source.text[start:end]`, as furniture of a kind if one is given."""
        self._pieces.append(self._source.text[start:end])
        if kind:
            self._furniture.append((self.length, self.length + end - start, kind))
        if self._source.starts:
            self._starts += self._source.starts[start:end]
            self._ends += self._source.ends[start:end]
        else:
            self._starts += range(start, end)
            self._ends += range(start + 1, end + 1)

    def put(self, shown: str, start: int, end: int) -> None:
        """Add words that stand for the passage `text[start:end]` of the text as stored."""
        self._pieces.append(shown)
        self._starts += [start] * len(shown)
        self._ends += [end] * len(shown)

    def build(self) -> OwnText:
        """Return the new text."""
        return OwnText("".join(self._pieces), tuple(self._furniture), self._starts, self._ends)


def take_out_markup(text: str, furniture: tuple[Span, ...]) -> OwnText:
    """Return an article's text without the tags of HTML.

    A tag such as `<b>` leaves nothing, a block (`<p>`, `<br>`) a line break, the cells of a table the marks of one; an entity becomes
    its character.

    Args:
        text: as stored.
        furniture: its marked spans, sorted and not overlapping; only those of kind `markup` that begin like HTML are taken out.
    """
    stored = OwnText(text, furniture)
    if not any(_is_html(text, span) for span in furniture):
        return stored
    builder = TextBuilder(stored)
    done = 0
    for span in furniture:
        start, end, kind = span
        builder.copy(done, start)
        if _is_html(text, span):
            builder.put(_show(text[start:end]), start, end)
        else:
            builder.copy(start, end, kind)
        done = end
    builder.copy(done, len(text))
    return builder.build()


def _is_html(text: str, span: Span) -> bool:
    return span[2] == "markup" and text[span[0]] in "<&"


def _show(written: str) -> str:
    """What a browser shows for a tag or an entity."""
    if written.startswith("&"):
        shown = html.unescape(written)
        return shown if len(shown) == 1 and shown.isprintable() else " "
    if written.startswith("<!--"):
        return ""
    tag = _TAG.match(written)
    if tag is None or tag[1].lower() in _INLINE:
        return ""
    return _SHOWN.get(tag.group().lower(), "\n")
