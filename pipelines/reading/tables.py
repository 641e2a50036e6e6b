"""Spells out the cells of tables by their heads: under 失业率(%), beside 2024, a cell 4.0 says 2024年失业率为4.0%.

The sentences are put behind their table, each character with its place in the text as stored, so that all that reads sentences reads
them too. A cell may have a unit of its own (4.0%), take that of a head, or have none where its head has only one (PMI). It is left
alone where a head holds a number that is no time and no term (10Y).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipelines.reading.furniture import blank_spans
from pipelines.reading.markup import OwnText, TextBuilder
from pipelines.reading.periods.dates import remove_times
from pipelines.reading.quantities import find_quantities
from pipelines.reading.script import normalise

_NUMBER = re.compile(r"[+-]?\d[\d,]{0,20}(?:\.\d{1,9})?")
_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
# Where a head states the unit: (万亿美元), (单位:%), 失业率,% and 失业率/% at its end, a bare 失业率%.
_UNIT_NOTE = re.compile(r"[(\[]\s*(?:单位\s?[::]?\s?)?([^()\[\]\d]{1,12}?)\s*[)\]]|[,，/:]\s?([^,，/:()\d]{1,8})$|(%)$")
_UNIT_LINE = re.compile(r"[^\n|]{0,30}?单位\s?[::]\s?([^\s\d(),，。|]{1,10})[^\n|]{0,10}")
_TERM = re.compile(r"(?<![A-Za-z\d])(\d{1,2})\s?(?:(Y|yr|year)|(M|mo|month))s?(?![A-Za-z\d])", re.IGNORECASE)
_NAMED = re.compile(r"\d{1,3}(?:年|个月|月)期|(?:标普|罗素|纳斯达克|纳指|沪深|日经)\s?\d{2,4}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-~至]\s?(?:19|20)\d\d)?")
_YEAR_FIRST = re.compile(r"^((?:19|20)\d\d)\s+(?=[^\d\s年])")
_YEAR_AND_MONTH = re.compile(r"((?:19|20)\d\d)[-/.](1[0-2]|0?[1-9])")
_FORETOLD = re.compile("预[测期估]|展望|forecast|projection", re.IGNORECASE)
_MARKS = " \t*_`#"
_LONGEST_HEAD = 30
_LONGEST_VALUE = 24
_FEWEST_MARKS = 6  # of two rows with two cells


class _Cell(NamedTuple):
    start: int
    end: int
    text: str  # normalised, without the marks around it


class _Head(NamedTuple):
    """What a head says: what its cells measure, or when, and in which unit."""

    words: str
    unit: str
    is_time: bool


class _Spelled(NamedTuple):
    """A cell with the words that make a sentence of it."""

    cell: _Cell
    before: str
    unit: str


class Tables(NamedTuple):
    """A text with its tables spelled out.

    Attributes:
        own: the text; the same as before where there was nothing to spell out.
        added: the stretches that were put in, in order.
        values: where in them the numbers of the cells begin.
    """

    own: OwnText
    added: tuple[tuple[int, int], ...] = ()
    values: frozenset[int] = frozenset()

    def is_added(self, offset: int) -> bool:
        """Whether a place was put in."""
        place = bisect_right(self.added, (offset, len(self.own.text))) - 1
        return place >= 0 and offset < self.added[place][1]


def spell_out_tables(own: OwnText) -> Tables:
    """Return a text with a sentence behind its table for each number whose unit only a head states.

    Args:
        own: the text as it is read.
    """
    if "\t" not in own.text and own.text.count("|") < _FEWEST_MARKS:
        return Tables(own)
    builder = TextBuilder(own)
    added: list[tuple[int, int]] = []
    values: set[int] = set()
    done = 0
    furniture = iter((*own.furniture, (len(own.text), len(own.text), "")))
    span = next(furniture)
    for end, spelled in _find_tables(blank_spans(own.text, own.furniture)):
        while span[0] < end:
            builder.copy(done, span[0])
            builder.copy(*span)
            done, span = span[1], next(furniture)
        builder.copy(done, end)
        done, first = end, builder.length
        for cell, before, unit in spelled:
            start, stop = own.find_stored(cell.start, cell.end)
            builder.put(f"\n\n{before}", start, stop)
            values.add(builder.length)
            builder.copy(cell.start, cell.end)
            builder.put(f"{unit}。", stop, stop)
        builder.put("\n\n", stop, stop)
        added.append((first, builder.length))
    if not added:
        return Tables(own)
    while span[0] < len(own.text):
        builder.copy(done, span[0])
        builder.copy(*span)
        done, span = span[1], next(furniture)
    builder.copy(done, len(own.text))
    return Tables(builder.build(), tuple(added), frozenset(values))


def _find_tables(text: str) -> Iterator[tuple[int, list[_Spelled]]]:
    """Where each table ends that has something to spell out, with its cells; blank lines between rows are passed over."""
    rows: list[list[_Cell]] = []
    above, end, position = "", 0, 0
    for line in [*text.splitlines(keepends=True), "\n\n。"]:
        cells = _split_row(line, position)
        written = line.strip()
        if cells and (not rows or len(cells) == len(rows[0])):
            rows.append(cells)
            end = position + len(line.rstrip("\r\n"))
        elif written and not (rows and _RULE.fullmatch(written)):
            spelled = _spell_out(rows, above) if len(rows) > 1 else []
            if spelled:
                yield end, spelled
            rows, end = ([cells], position + len(line.rstrip("\r\n"))) if cells else ([], 0)
            above = "" if cells else written
        position += len(line)


def _split_row(line: str, position: int) -> list[_Cell]:
    """The cells of a row of Markdown or of tabs; none where the line is no row, or only draws a rule."""
    stripped = line.strip()
    mark = "|" if stripped.startswith("|") and stripped.count("|") > 2 else "\t" if "\t" in stripped else ""
    if not mark or _RULE.fullmatch(stripped):
        return []
    cells = []
    start = position + line.index(stripped[0])
    for part in stripped.strip("|").split(mark) if mark == "\t" else stripped[1:].removesuffix("|").split("|"):
        first = start + (mark == "|")
        inside = part.strip(_MARKS)
        place = first + (part.index(inside) if inside else 0)
        cells.append(_Cell(place, place + len(inside), normalise(inside)))
        start += len(part) + 1
    return cells


def _spell_out(rows: list[list[_Cell]], above: str) -> list[_Spelled]:
    heads = [_read_head(cell.text) for cell in rows[0]]
    if any(_NUMBER.fullmatch(cell.text) and not _YEARS.fullmatch(cell.text) for cell in rows[0]):
        return []
    noted = _UNIT_LINE.fullmatch(normalise(above))
    general = _check_unit(noted[1]) if noted else ""
    units = [_check_unit(cell.text.strip("()")) for cell in rows[1][1:]]
    has_unit_row = any(units) and all(
        unit or not cell.text.strip("-—/") for unit, cell in zip(units, rows[1][1:], strict=True)
    )
    if has_unit_row:
        heads[1:] = [head._replace(unit=head.unit or unit) for head, unit in zip(heads[1:], units, strict=True)]
    foretold = "预计" if _FORETOLD.search(rows[0][0].text) else ""  # | 经济预测 | 2025 | 2026 |
    spelled = []
    for row in rows[2 if has_unit_row else 1 :]:
        side = _read_head(row[0].text)
        for cell, head in zip(row[1:], heads[1:], strict=True):
            if not (cell.text[-1:] and _is_plain(side) and _is_plain(head)):
                continue
            unit = head.unit or side.unit or heads[0].unit or general
            first, second = (head, side) if head.is_time else (side, head)
            before = f"{foretold if head.is_time else ''}{first.words}{second.words}为"
            if _NUMBER.fullmatch(cell.text):
                if unit or _has_own_unit(f"{before}{cell.text}", len(before)):
                    spelled.append(_Spelled(cell, before, unit))
            elif len(cell.text) <= _LONGEST_VALUE and _has_own_unit(cell.text, 0):
                spelled.append(_Spelled(cell, before, ""))
    return spelled


def _has_own_unit(written: str, start: int) -> bool:
    """Whether what stands from `start` to the end is one quantity without any help."""
    if not any(char.isdigit() for char in written[start:]):
        return False
    quantities, _ = find_quantities(written)
    return any(
        quantity.start == start and quantity.end == len(written) and quantity.unit_basis == "stated"
        for quantity in quantities
    )


@lru_cache(maxsize=256)  # the heads of a table are read for every row
def _read_head(written: str) -> _Head:
    noted = _UNIT_NOTE.search(written)
    unit = _check_unit(next(filter(None, noted.groups()))) if noted else ""
    words = (written[: noted.start()] + written[noted.end() :] if noted and unit else written).strip()
    words = _YEAR_FIRST.sub(r"\1年", words)
    words = _YEAR_AND_MONTH.sub(r"\1年\2月", words)
    words = _TERM.sub(lambda term: f"{term[1]}{'年' if term[2] else '个月'}期", words)
    if _YEARS.fullmatch(words):
        words += "年"
    return _Head(words, unit, is_time=bool(words) and not remove_times(words.lower()).strip())


def _check_unit(written: str) -> str:
    """A unit as a head states it, empty if it is none; 4.4% is a value."""
    if any(char.isdigit() for char in written):
        return ""
    quantities, _ = find_quantities(f"1{written}")
    is_unit = len(quantities) == 1 and quantities[0].end == len(written) + 1 and quantities[0].unit_basis == "stated"
    return written if is_unit else ""


def _is_plain(head: _Head) -> bool:
    """Whether a head can be part of a sentence: not too long, and without a number that is no time."""
    words = _NAMED.sub("", head.words)
    return len(words) <= _LONGEST_HEAD and not any(char.isdigit() for char in remove_times(words.lower()))
