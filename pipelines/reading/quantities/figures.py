"""A number as found in one place of a text: what the steps of reading hand on."""

from dataclasses import dataclass

from pipelines.reading.quantities.numerals import Numeral, make_numeral
from pipelines.reading.quantities.units import UnitWord

PERCENT = UnitWord("%", "percent", "percent", "1")
RATIO = UnitWord("分之", "ratio", "ratio", "1")
CHINESE_DIGITS = frozenset("零〇一二三四五六七八九十两廿卅百千万亿兆")
INEXACT = frozenset("多余来几")  # between a number and its scale or unit


@dataclass(slots=True)
class Figure:
    """A number with its unit, as found in one place.

    Attributes:
        start: where the quote begins.
        end: where it ends.
        low: the number, scale included.
        high: the other end of a pair or range.
        scale: the power of ten of its scale words.
        unit: what stands after it, or before it.
        vague: only the order of magnitude is said.
        denominator: of a fraction.
        noun: what a count counts.
        negative: a minus sign belongs to it.
        currency: of an amount whose text does not say it, from the text around.
        reason: why it is no magnitude; empty if it is or may be one.
    """

    start: int
    end: int
    low: Numeral
    high: Numeral | None = None
    scale: int = 0
    unit: UnitWord | None = None
    vague: bool = False
    denominator: float = 1.0
    noun: str | None = None
    negative: bool = False
    currency: str = ""
    reason: str = ""


NO_NUMBER = make_numeral("0", 0)
