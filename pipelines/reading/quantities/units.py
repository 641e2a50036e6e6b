"""What may stand after (or, for currencies and names, before) a number: seeds/units.csv, and finding its words in a text."""

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import SeedError
from pipelines.places import SEEDS

if TYPE_CHECKING:
    import pint

FILE = SEEDS / "units.csv"
KINDS = {
    "currency": "money after the number; without a unit where the text around says whose",
    "currency_before": "money before the number",
    "money_noun": "an amount that it follows is money",
    "percent": "hundredths",
    "percentage_point": "a difference of percentages",
    "ratio": "a multiple or share",
    "doubling": "番: a power of two",
    "half": "半 after 一 and the like",
    "index": "points of an index",
    "physical": "a physical unit; size is an expression that Pint understands",
    "classifier": "counts things",
    "noun": "a thing that is counted",
    "own_points": "a thing of which a text counts its own",
    "duration": "how long",
    "date": "when",
    "clock": "a time of day",
    "age": "how old",
    "group": "names of groups",
    "other": "no magnitude",
    "index_name": "with the number after it a name",
    "reading": "a subject whose bare numbers have the unit",
    "idiom": "a set phrase that begins with a numeral",
}
MAGNITUDES = frozenset(
    {"currency", "percent", "percentage_point", "ratio", "doubling", "half", "index", "physical", "classifier", "noun"}
)
_BEFORE = frozenset({"currency_before", "index_name"})
_ON_OTHER_GROUNDS = frozenset({"money_noun", "own_points", "idiom", "reading"})
# Pint reckons in these; the symbol is what `unit` says.
_PINT_UNITS = {
    "W": "watt", "Wh": "watt_hour", "J": "joule", "t": "metric_ton", "kg": "kilogram", "m": "meter", "m²": "meter ** 2",
    "m³": "meter ** 3", "L": "liter", "°C": "degree_Celsius", "Hz": "hertz", "B": "byte", "V": "volt", "A": "ampere",
    "Ah": "ampere_hour", "Pa": "pascal", "N": "newton", "m/s": "meter / second",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitWord:
    """One entry of seeds/units.csv.

    Attributes:
        word: as it stands in a text that was normalised.
        kind: one of `KINDS`.
        unit: the unit's symbol as in the claims (`USD`, `percent`, `W`), empty where the text around decides.
        size: how many of `unit` one of the word is, as written in the file.
    """

    word: str
    kind: str
    unit: str
    size: str


class WordIndex:
    """Finds the longest of many words at a place of a text, in time that does not grow with their number.

    Args:
        words: the entries to look for.
    """

    def __init__(self, words: Iterable[UnitWord]) -> None:
        self._entries: dict[str, UnitWord] = {}
        first: dict[str, set[int]] = {}
        last: dict[str, set[int]] = {}
        for entry in words:
            for written in _list_cases(entry.word):
                self._entries[written] = entry
                first.setdefault(written[0], set()).add(len(written))
                last.setdefault(written[-1], set()).add(len(written))
        self._lengths_by_first = {char: tuple(sorted(lengths, reverse=True)) for char, lengths in first.items()}
        self._lengths_by_last = {char: tuple(sorted(lengths, reverse=True)) for char, lengths in last.items()}

    def find_after(self, text: str, position: int) -> tuple[UnitWord, int] | None:
        """Return the longest word that begins at `position`, with the position after it; Latin words must end there."""
        for length in self._lengths_by_first.get(text[position : position + 1], ()):
            written = text[position : position + length]
            end = position + len(written)
            entry = self._entries.get(written)
            if entry is not None:
                if (
                    written[-1].isascii()
                    and written[-1].isalnum()
                    and text[end : end + 1].isascii()
                    and text[end : end + 1].isalpha()
                ):
                    continue
                return entry, end
        return None

    def find_before(self, text: str, position: int) -> tuple[UnitWord, int] | None:
        """Return the longest word that ends at `position`, with the position where it begins; Latin words must begin there."""
        if not position:
            return None
        for length in self._lengths_by_last.get(text[position - 1], ()):
            start = position - length
            written = text[start:position] if start >= 0 else ""
            entry = self._entries.get(written)
            if entry is not None:
                if (
                    written[0].isascii()
                    and written[0].isalpha()
                    and start
                    and text[start - 1].isascii()
                    and text[start - 1].isalpha()
                ):
                    continue
                return entry, start
        return None


def _list_cases(word: str) -> set[str]:
    """Short units keep their case: M is no metre, and mW no megawatt."""
    return {word} if sum(char.isascii() and char.isalpha() for char in word) < 3 else {word, word.upper(), word.lower()}


@dataclass(frozen=True, slots=True)
class UnitWords:
    """seeds/units.csv, ready for looking up.

    Attributes:
        after: what stands directly after a number.
        nouns: what a count counts, after number and classifier.
        money_nouns: what makes an amount without a currency money.
        own_points: of what a text counts its own.
        currencies_before: currencies before a number.
        index_names: names that a number belongs to.
        idioms: set phrases that begin with a numeral.
        readings: by its word, a subject whose bare numbers have a unit of its own.
    """

    after: WordIndex
    nouns: WordIndex
    money_nouns: WordIndex
    own_points: WordIndex
    currencies_before: WordIndex
    index_names: WordIndex
    idioms: WordIndex
    readings: dict[str, UnitWord]


def read_unit_words(path: Path = FILE) -> list[UnitWord]:
    """Return the entries of a units file, checked.

    Raises:
        SeedError: the file is missing, is no CSV in UTF-8 with the columns word, kind, unit, size, note, or has an entry
            of an unknown kind, without a word, twice, or of a size that cannot be reckoned.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != ["word", "kind", "unit", "size", "note"]:
                raise SeedError(f"{path}, line 1: the columns are {rows.fieldnames}; write word,kind,unit,size,note")
            entries = [_check_row(path, rows.line_num, row) for row in rows]
    except FileNotFoundError:
        raise SeedError(f"{path} is missing; restore it from the repository") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path} is not CSV in UTF-8 ({error}); save it as CSV in UTF-8") from None
    seen: set[tuple[str, str]] = set()
    for line, entry in enumerate(entries, start=2):
        place = entry.kind if entry.kind in _BEFORE | _ON_OTHER_GROUNDS else "noun" if entry.kind == "noun" else "after"
        if (entry.word, place) in seen:
            raise SeedError(f"{path}, line {line}: {entry.word} is there twice; leave one of the two")
        seen.add((entry.word, place))
    return entries


def _check_row(path: Path, line: int, row: dict[str | None, str]) -> UnitWord:
    if None in row or None in row.values():
        raise SeedError(f"{path}, line {line}: not five columns; write word,kind,unit,size,note")
    entry = UnitWord(row["word"], row["kind"], row["unit"], row["size"])
    if not entry.word.strip():
        raise SeedError(f"{path}, line {line}: no word; write one or remove the line")
    if entry.kind not in KINDS:
        raise SeedError(f"{path}, line {line}: {entry.kind!r} is no kind; use one of {', '.join(KINDS)}")
    if entry.kind == "physical":
        if entry.unit not in _PINT_UNITS:
            raise SeedError(f"{path}, line {line}: {entry.unit!r} is no base unit; use one of {', '.join(_PINT_UNITS)}")
        return entry
    try:
        positive = float(entry.size) > 0
    except ValueError:
        positive = False
    if not positive:
        raise SeedError(f"{path}, line {line}: the size {entry.size!r} is no positive number; write one, such as 0.01")
    return entry


@functools.cache
def load_unit_words() -> UnitWords:
    """Return seeds/units.csv ready for looking up; read once.

    Raises:
        SeedError: see `read_unit_words`.
    """
    entries = read_unit_words()
    chosen = {entry.word: entry for entry in entries if entry.kind == "noun"}
    chosen |= {entry.word: entry for entry in entries if entry.kind not in _BEFORE | _ON_OTHER_GROUNDS | {"noun"}}
    return UnitWords(
        after=WordIndex(chosen.values()),
        nouns=_index_kind(entries, "noun"),
        money_nouns=_index_kind(entries, "money_noun"),
        own_points=_index_kind(entries, "own_points"),
        currencies_before=_index_kind(entries, "currency_before"),
        index_names=_index_kind(entries, "index_name"),
        idioms=_index_kind(entries, "idiom"),
        readings={entry.word: entry for entry in entries if entry.kind == "reading"},
    )


def _index_kind(entries: Iterable[UnitWord], kind: str) -> WordIndex:
    return WordIndex(entry for entry in entries if entry.kind == kind)


@functools.cache
def _load_pint() -> "tuple[pint.UnitRegistry[float], type[Exception]]":
    """Pint's units and its error, once a text states a physical unit: few do, and importing it is a third of the reader's imports."""
    import pint  # noqa: PLC0415 - see above

    return pint.UnitRegistry(), pint.PintError


@functools.cache
def convert_physical(word: UnitWord) -> tuple[float, float]:
    """Return factor and offset that bring an amount in a physical unit to its base unit (an offset only for temperatures).

    Raises:
        SeedError: Pint does not know the unit, or it is of another dimension than its base unit.
    """
    registry, pint_error = _load_pint()
    try:
        base = (
            registry.parse_units(_PINT_UNITS[word.unit])
            if word.unit == "°C"
            else registry.parse_expression(_PINT_UNITS[word.unit])
        )
        if word.unit == "°C":
            nought, one = (registry.Quantity(amount, word.size).to(base).magnitude for amount in (0.0, 1.0))
            return float(one - nought), float(nought)
        return float((registry.parse_expression(word.size) / base).to("dimensionless").magnitude), 0.0
    except (pint_error, AttributeError) as error:
        raise SeedError(
            f"{FILE}, {word.word}: Pint cannot turn {word.size!r} into {word.unit} ({error}); mend unit or size"
        ) from None
