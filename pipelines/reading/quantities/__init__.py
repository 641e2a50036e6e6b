"""Text in, quantities out: every number that states a magnitude, and every number that does not, with the reason."""

import re
from typing import NamedTuple

from pipelines.reading.quantities.candidates import find_figures
from pipelines.reading.quantities.currencies import resolve_currencies
from pipelines.reading.quantities.figures import Figure
from pipelines.reading.quantities.numerals import Numeral
from pipelines.reading.quantities.ranges import join_figures
from pipelines.reading.quantities.readings import read_bare
from pipelines.reading.quantities.units import convert_physical
from pipelines.reading.script import normalise

REASONS = {
    "address": "part of a web address",
    "age": "how old somebody is",
    "back_reference": "refers back to things named before (这两家)",
    "code": "a code, telephone number or run of digits too long for a number",
    "date": "a day, month, quarter or year",
    "denominator": "what something is reckoned per (每千人)",
    "idiom": "a set phrase (三驾马车)",
    "duration": "how long something takes",
    "group": "the name of a group (七大巨头)",
    "list_number": "numbers the points of a list",
    "name": "part of a name (GPT-4o, 标普500) or a word",
    "no_number": "a unit without a number",
    "no_unit": "a number without a unit",
    "ordinal": "says which, not how many",
    "own_points": "counts the text's own points (两个问题)",
    "reference": "refers to a note",
    "said_twice": "says the number before it once more",
    "time": "a time of day",
    "word": "part of a word",
}
_CHANGE_BEFORE = re.compile(
    r"(?:[增减升降涨跌挫扩缩少多][加少长减幅升降涨跌]?|上[涨升调扬]|下[跌降调滑挫]|提高|提升|降低|回落|扩大|缩小|飙升|暴跌|大跌|翻|高出|低)(?:了|逾|近|约|超过|大约|达|为)*$"
)
_DIGITS_LEFT_OUT = 99.0  # two digits, but for rounding
_CHANGE_LAST = frozenset("增减升降涨跌挫扩缩少多加长幅调扬滑高低大翻出小了逾近约过达为")


class Quantity(NamedTuple):
    """A magnitude that a text states.

    Attributes:
        start: offset of the quote in the text as stored.
        end: offset behind it; text[start:end] is the shortest passage that holds number, scale and unit.
        low: the value in base units: dollars, percent points, plain ratio or count, W, Wh, …
        high: the upper end of a range, else `low`.
        unit: ISO 4217 code, `percent`, `percentage_point`, `ratio`, `count`, `index` or the SI symbol.
        half_width: half a unit of the last written digit in base units, of a range that of the less precise end; None where vague or a
            plain fraction.
        significant_zeros: the number reads as rounded.
        is_range: two ends are stated.
        vague: only the order of magnitude is said.
        unit_basis: `stated`, or `context` where the text around says the currency.
        noun: what a count counts, normalised, if it stands next to it.
        role: `change` where the words directly before say that it is a difference, else `level`.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    half_width: float | None
    significant_zeros: bool
    is_range: bool
    vague: bool
    unit_basis: str
    noun: str | None
    role: str


class Rejected(NamedTuple):
    """A passage with a digit or numeral that is no magnitude, or could not be read.

    Attributes:
        start: offset in the text as stored.
        end: offset behind it.
        reason: one of `REASONS`.
    """

    start: int
    end: int
    reason: str


def find_quantities(text: str, normalised: str | None = None) -> tuple[list[Quantity], list[Rejected]]:
    """Return what a text states in figures.

    Args:
        text: any string, as stored.
        normalised: `normalise(text)`, where the caller has it already.

    Returns:
        The quantities and the numbers that are none, each sorted by place, none overlapping.
    """
    if normalised is None:
        normalised = normalise(text)
    figures = join_figures(normalised, find_figures(normalised))
    read_bare(normalised, figures)
    resolve_currencies(normalised, text, figures)
    quantities: list[Quantity] = []
    rejected: list[Rejected] = []
    for figure in figures:
        if figure.reason:
            rejected.append(Rejected(figure.start, figure.end, figure.reason))
        else:
            quantities.append(_make_quantity(normalised, figure))
    return quantities, rejected


def _make_quantity(text: str, figure: Figure) -> Quantity:
    unit, factor, offset, basis = _find_factor(figure)
    divisor = figure.denominator
    low = _convert(figure.low, factor, offset, divisor)
    high = low if figure.high is None else _convert(figure.high, factor, offset, divisor)
    if figure.negative:
        low, high = -low, -high
    exact = (
        figure.vague
        or divisor != 1.0
        or (unit == "ratio" and figure.unit is not None and figure.unit.word in {"分之", "番"})
    )
    half_width = None if exact else _find_half_width(figure) * factor
    zeros = figure.low.significant_zeros and (figure.high is None or figure.high.significant_zeros)
    start = figure.start
    change = unit == "percentage_point" or (
        text[start - 1 : start] in _CHANGE_LAST and _CHANGE_BEFORE.search(text[max(0, start - 8) : start]) is not None
    )
    return Quantity(
        figure.start, figure.end, min(low, high), max(low, high), unit, half_width, zeros,
        figure.high is not None, figure.vague, basis, figure.noun, "change" if change else "level",
    )  # fmt: skip


def _find_half_width(figure: Figure) -> float:
    """Half a unit of the last digit, of a range that of its less precise end; nought says nothing of precision.

    Where one end has two more digits than the other, those of the other were left out (4.75%至5%).
    """
    if figure.high is None:
        return figure.low.half_width
    ends = [end for end in (figure.low, figure.high) if end.mantissa] or [figure.low]
    finest, coarsest = min(end.half_width for end in ends), max(end.half_width for end in ends)
    return finest if coarsest >= _DIGITS_LEFT_OUT * finest else coarsest


def _convert(numeral: Numeral, factor: float, offset: float, divisor: float) -> float:
    if divisor != 1.0:
        return numeral.value * factor / divisor
    return numeral.value if factor == 1.0 and not offset else _round_noise(numeral.value * factor + offset)


def _round_noise(value: float) -> float:
    """Take away what binary floating point adds in the seventeenth digit (0.07 × 100)."""
    return float(f"{value:.15g}")


def _find_factor(figure: Figure) -> tuple[str, float, float, str]:
    """Return unit, factor and offset to base units, and whether the unit is stated."""
    word = figure.unit
    if word is None:
        return (figure.currency, 1.0, 0.0, "context") if figure.currency else ("count", 1.0, 0.0, "stated")
    if word.kind == "physical":
        factor, offset = convert_physical(word)
        return word.unit, factor, offset, "stated"
    return word.unit or figure.currency, float(word.size), 0.0, "stated" if word.unit else "context"
