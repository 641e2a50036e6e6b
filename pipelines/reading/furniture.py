"""Marks what stands in an article's file without being the article's own text; nothing is deleted."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.reading.script import normalise
from pipelines.reading.words import WordFile, compile_words

Span = tuple[int, int, str]

_HTML_BLOCKS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|nav|footer|aside|form|iframe|svg|head)\b.*?(?:</\1\s*>|(?=<body\b)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_HTML_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,1000}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_LOOKS_LIKE_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p|article|span|table|h1)\b", re.IGNORECASE)
_MARKUP_FORMS = (
    r"[!(hw:](?:(?<=!)(?P<image>\[[^\]\n]{0,200}\](?:\([^()\n]{0,500}\))?)"
    r"|(?<=\]\()(?P<link>[^()\s]{0,500}(?: \"[^\"\n]{0,200}\")?\))"
    r"|(?P<address>(?:(?<=h)ttps?://|(?<=w)ww\.)[^\s)\]>，。、；“”]{1,500})"
    r"|(?<=:)(?P<emoji>[a-z][a-z_]{1,30}:))"
)
_MARKUP = re.compile(_MARKUP_FORMS)
_MARKUP_AND_MAIL = re.compile(
    _MARKUP_FORMS + r"|(?P<mail>[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})"
)  # slow: any word may begin one
_MARKUP_KINDS = {"emoji": "markup", "mail": "address"}
_PHONE = re.compile(r"[^\w\n]*(?:\+?\d{1,4}[- ])?(?:\(?\d{2,4}\)?[- ])?\d{3,4}[- ]\d{3,4}(?:[- ]\d{2,4})?[^\w\n]*")
_COUNT = re.compile(r"[\s:：()（）\d,.万千+]+$|^[\d\s,.]+")
_BARE_NUMBER = re.compile(r"\s*[\d,.]{1,7}\s*(?:次|人|阅读|评论)?\s*")
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_STAMP = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]*\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{1,2}/\d{1,2}/(?:19|20)\d\d(?:[ ,]*\d{1,2}:\d\d(?::\d\d)? *(?:[AP]M)?(?: *UTC)?)?",
    re.IGNORECASE,
)
_ELLIPSIS = ("...", "……", "…", "。。。")
_SENTENCE = re.compile(r"[^。!?\n]+[。!?]*")
_BLANK = " \t\r\n\v\f　\ufeff"
_PROSE = 60  # characters from which on a line is prose rather than a title


class _Line(NamedTuple):
    start: int
    end: int
    first: int  # where the text begins
    text: str  # normalised, without the surrounding spaces


class _FurnitureWords(NamedTuple):
    lines: tuple[tuple[str, re.Pattern[str]], ...]
    line_starts: tuple[tuple[str, re.Pattern[str]], ...]
    sentences: tuple[tuple[str, re.Pattern[str]], ...]
    rests: tuple[tuple[str, re.Pattern[str]], ...]
    sections: tuple[tuple[str, re.Pattern[str]], ...]
    dateline: re.Pattern[str]


@cache
def read_furniture_words() -> _FurnitureWords:
    """Read seeds/furniture.toml.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile("furniture.toml")
    file.check_tables(["line", "line_start", "sentence", "rest_of_line", "section", "dateline", "publisher"])

    def compile_table(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        entries = file.read_entries(table, ["kind", "words"])
        compiled = []
        for number, entry in enumerate(entries, start=1):
            kind = entry.get("kind")
            if not isinstance(kind, str) or not kind:
                raise file.fail(f"{table} {number}", "has no kind", 'give one, such as kind = "footer"')
            compiled.append((kind, compile_words(file.read_words(f"{table} {number}", entry, "words", needed=True))))
        return tuple(compiled)

    dateline = file.read_words("dateline", file.tables.get("dateline", {}), "words", needed=True)
    return _FurnitureWords(
        compile_table("line"), compile_table("line_start"), compile_table("sentence"), compile_table("rest_of_line"),
        compile_table("section"), compile_words(dateline),
    )  # fmt: skip


def mark_furniture(text: str) -> tuple[Span, ...]:
    """Return the spans of `text` that are not the article's own text, with their kinds, sorted and not overlapping.

    Kinds: markup, image, link, address, navigation, counter, footer, notice, teaser, dateline, phone.

    Args:
        text: the article as stored.
    """
    normalised = make_visible(text, ())
    spans: list[Span] = []
    if _LOOKS_LIKE_HTML.search(text, 0, 20_000):
        spans += [(match.start(), match.end(), "markup") for match in _HTML_BLOCKS.finditer(text)]
        spans += [(match.start(), match.end(), "markup") for match in _HTML_TAG.finditer(text)]
    spans += _mark_front_matter(text)
    for match in (_MARKUP_AND_MAIL if "@" in normalised else _MARKUP).finditer(normalised):
        group = match.lastgroup or "markup"
        spans.append((match.start(), match.end(), _MARKUP_KINDS.get(group, group)))
    lines = list(_split_lines(blank_spans(normalised, spans)))
    spans += _mark_sections(lines)  # first: a day inside a list of other articles is part of the list
    spans += _mark_lines(lines)
    return _join_spans(spans)


def make_visible(text: str, furniture: Iterable[Span]) -> str:
    """Return the article's own text as it is searched, as long as before: normalised, lower case, one kind of comma, furniture blank.

    Args:
        text: the article as stored.
        furniture: its marked spans.
    """
    return blank_spans(_make_searchable(text), furniture)


@lru_cache(maxsize=4)  # the steps of describing and reading an article blank different spans of the same text
def _make_searchable(text: str) -> str:
    written = normalise(text).replace("，", ",")
    lowered = written.lower()  # a few letters of other scripts become two
    return lowered if len(lowered) == len(text) else written.translate(_LOWER)


def blank_spans(text: str, spans: Iterable[Span]) -> str:
    """Return `text`, as long as before, with a space for every character of the spans (line breaks stay)."""
    pieces: list[str] = []
    done = 0
    for start, end, _ in sorted(spans):
        if end <= done:
            continue
        first = max(start, done)
        pieces.append(text[done:first])
        inside = text[first:end]
        pieces.append("\n".join(" " * len(part) for part in inside.split("\n")))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _mark_front_matter(text: str) -> list[Span]:
    match = re.match(r"\ufeff?---[ \t]*\r?\n(?:[^\n]{0,500}\n){0,60}?---[ \t]*(?:\r?\n|\Z)", text)
    return [(match.start(), match.end(), "markup")] if match else []


def _split_lines(normalised: str) -> Iterator[_Line]:
    start = 0
    for raw in normalised.splitlines(keepends=True):
        first = start + len(raw) - len(raw.lstrip(_BLANK))
        yield _Line(start, start + len(raw.rstrip("\r\n")), first, raw.strip(_BLANK))
        start += len(raw)


def _mark_lines(lines: list[_Line]) -> Iterator[Span]:
    words = read_furniture_words()
    filled = [line for line in lines if line.text]
    for place, line in enumerate(filled):
        near_edge = place < 12 or place >= len(filled) - 12
        kind = _find_line_kind(line.text, words, near_edge=near_edge)
        if kind is None and _is_truncated(line.text) and _has_stamp_neighbour(filled, place):
            kind = "teaser"
        if kind is None and place == len(filled) - 1 and place > 0 and _is_run_of_titles(line.text):
            kind = "teaser"
        if kind is not None:
            yield (line.start, line.end, kind)
            continue
        yield from _mark_within_line(line, words)


def _find_line_kind(text: str, words: _FurnitureWords, *, near_edge: bool) -> str | None:
    bare = text.strip(" :：|·•>»-—#*`[]()【】").strip()
    short = len(text) <= 40
    if short:
        for kind, pattern in words.lines:
            if pattern.fullmatch(bare) or (kind == "counter" and pattern.fullmatch(_COUNT.sub("", bare))):
                return kind
    for kind, pattern in words.line_starts:
        if pattern.match(bare):
            return kind
    if len(text) <= 60 and _PHONE.fullmatch(text) and sum(char.isdigit() for char in text) >= 7:
        return "phone"
    if near_edge and short and _BARE_NUMBER.fullmatch(text):
        return "counter"
    return "dateline" if _is_dateline(text, words) else None


def _is_dateline(text: str, words: _FurnitureWords) -> bool:
    """A short line made of a date, and at most a source, a counter or words such as 发布时间 around it."""
    stamp = _STAMP.search(text) if len(text) <= 160 else None
    if stamp is None:
        return False
    rest = (text[: stamp.start()] + text[stamp.end() :]).strip(" :：|·•-—`[]()【】")
    if len(rest) <= 4:
        return True
    if stamp.start() <= 1 and ":" in stamp.group() and "。" not in rest:
        return True
    return len(rest) <= 40 and words.dateline.search(text[: stamp.start()]) is not None and "。" not in text


def _has_stamp_neighbour(lines: list[_Line], place: int) -> bool:
    neighbours = [lines[index].text for index in (place - 1, place + 1) if 0 <= index < len(lines)]
    return any(len(text) <= 30 and _STAMP.match(text) for text in neighbours)


def _is_truncated(text: str) -> bool:
    return len(text) >= 12 and text.rstrip().endswith(_ELLIPSIS)


def _is_run_of_titles(text: str) -> bool:
    """Link titles set without anything between them: long, and with hardly a mark of punctuation."""
    if len(text) < 90 or any(mark in text for mark in "。;|"):
        return False
    return sum(text.count(mark) for mark in ",、.!?") * 60 <= len(text)


def _mark_within_line(line: _Line, words: _FurnitureWords) -> Iterator[Span]:
    for kind, pattern in words.rests:
        match = pattern.search(line.text)
        if match:
            yield (line.first + match.start(), line.end, kind)
    for kind, pattern in words.sentences:
        if not pattern.search(line.text):
            continue
        for sentence in _SENTENCE.finditer(line.text):
            if pattern.search(sentence.group()):
                yield (line.first + sentence.start(), line.first + sentence.end(), kind)


def _mark_sections(lines: list[_Line]) -> Iterator[Span]:
    words = read_furniture_words()
    filled = [line for line in lines if line.text]
    open_kind: str | None = None
    for line in filled:
        bare = line.text.strip(" :：|·•>»-—#*`[]()【】0123456789.").strip()
        opened = next((kind for kind, pattern in words.sections if len(bare) <= 20 and pattern.fullmatch(bare)), None)
        if opened is not None:
            open_kind = opened
        elif open_kind is not None and _is_prose(line.text):
            open_kind = None
        if open_kind is not None:
            yield (line.start, line.end, open_kind)


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE and text.endswith(("。", "!", "?", "”", "」", ";", '"')) and not text.endswith(_ELLIPSIS)


def _join_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort; where two overlap, the one that starts first, or is longer, stays whole and the other keeps its rest."""
    joined: list[Span] = []
    done = 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        first = max(start, done)
        if first < end:
            joined.append((first, end, kind))
            done = end
    return tuple(joined)
