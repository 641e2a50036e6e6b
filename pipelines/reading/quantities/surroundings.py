"""What stands directly around a number: its unit, a currency before it, a sign, the thing that is counted."""

import re

from pipelines.reading.quantities.exclusions import find_reason, find_reason_of_bare, reads_as_amount
from pipelines.reading.quantities.figures import CHINESE_DIGITS, INEXACT, RATIO, Figure
from pipelines.reading.quantities.numerals import CHINESE_NUMERAL, Numeral, make_numeral, parse_chinese
from pipelines.reading.quantities.units import UnitWord, UnitWords

_COUNTS = frozenset({"classifier", "noun"})
_STRONG_LINE_BREAK = frozenset({"currency", "percent", "percentage_point"})
# The digits after 厘, unless they begin a number of their own (四厘一年, 三厘五個).
_HUNDREDTHS = re.compile(rf"[零一二三四五六七八九]{{1,3}}(?!{CHINESE_NUMERAL}|[年月日周天个成次倍点%厘家名项季])")
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{3,8}$")  # IORB32bp, MBS2.07万亿: what is measured, not the letters of a name
_NEGATIVES = frozenset({"%", "-", "元", "倍", "成"})  # before a hyphen that joins a range


def attach_unit(text: str, figure: Figure, words: UnitWords) -> Figure:
    """Give a number the unit that stands beside it, or the reason why it is no magnitude.

    Args:
        text: the normalised text.
        figure: the number, `end` behind its last digit or scale word; it is changed in place.
        words: the words of seeds/units.csv.

    Returns:
        The same figure; its quote now reaches over sign, currency before it, unit and what is counted.
    """
    start = figure.start
    before = text[start - 1] if start else ""
    if before.isascii() and before.isalpha() and not _take_currency_before(text, figure, words):
        stands_alone = _ACRONYM.search(text[max(0, start - 8) : start]) and (
            figure.scale >= 4 or _is_share(text, figure, words)
        )
        if not stands_alone:
            return _reject_name(text, figure)
    found, at = _find_unit(text, figure, words)
    if found is None:
        return _read_without_unit(text, figure, words)
    word, end = found
    reason = find_reason(text, figure, word, end, words)
    if reason:
        figure.reason, figure.end = reason, end if word.kind != "other" else figure.end
        return figure
    if word.kind == "half":
        figure.unit, figure.low, figure.end = RATIO, make_numeral("0.5", 0), at + 1  # 一半
        return figure
    figure.unit, figure.end = word, end
    _refine_unit(text, figure, words, at)
    if word.kind in _COUNTS:
        _take_noun(text, figure, words)
    elif word.kind == "currency":
        _take_currency_before(text, figure, words)
    return attach_sign(text, figure)


def attach_sign(text: str, figure: Figure) -> Figure:
    """Take a minus sign that belongs to the number (-0.4%, 负0.4%) into the quote."""
    start = figure.start
    before = text[start - 1 : start]
    if before == "负" and text[start - 2 : start - 1] not in {"胜", "欠"}:
        figure.negative, figure.start = True, start - 1
    elif before == "-":
        earlier = text[start - 2 : start - 1]
        if (
            earlier not in CHINESE_DIGITS
            and not (earlier.isascii() and earlier.isalnum())
            and earlier not in _NEGATIVES
        ):
            figure.negative, figure.start = True, start - 1
    return figure


def _find_unit(text: str, figure: Figure, words: UnitWords) -> tuple[tuple[UnitWord, int] | None, int]:
    """Return the unit word after a number, over spaces, one line break and 多, with the place where it begins."""
    at = figure.end
    char = text[at : at + 1]
    broken = False
    if char in {" ", "\n", "\r"}:
        while at < figure.end + 3 and text[at : at + 1] in {" ", "\n", "\r"}:
            broken = broken or text[at] != " "
            at += 1
        char = text[at : at + 1]
    if not char:
        return None, at
    found = words.after.find_after(text, at)
    if char in INEXACT and (found is None or found[0].kind == "other"):
        further = words.after.find_after(text, at + 1 + (text[at + 1 : at + 2] == " "))
        if further is not None and further[0].kind != "other":
            found = further
            figure.vague = figure.vague or char == "几"
    if (
        found is not None
        and broken
        and (found[0].kind not in _STRONG_LINE_BREAK or (found[0].kind == "currency" and not figure.scale))
    ):
        return None, at
    if found is not None and figure.scale and (found[0].word == "级" or text.startswith("大关", at)):
        return None, at
    if found is not None and found[0].kind == "physical":
        if text[found[1] : found[1] + 1].isdigit():
            return None, at
        if text[figure.end - 1] == "兆" and figure.low.exponent >= 6 and text[figure.start] in "0123456789":
            figure.low = Numeral(figure.low.mantissa, figure.low.exponent - 6, figure.low.significant_zeros)
            figure.scale -= 6
    return found, at


def _is_share(text: str, figure: Figure, words: UnitWords) -> bool:
    unit = words.after.find_after(text, figure.end)
    return unit is not None and unit[0].kind in {"percent", "percentage_point"}


def _reject_name(text: str, figure: Figure) -> Figure:
    """A number that letters run into: GPT-4o, H20, FY2025, Q3."""
    before = text[max(0, figure.start - 3) : figure.start]
    quarter = before.endswith(("Q", "H")) and figure.low.value <= 4
    figure.reason = "date" if quarter or before.endswith(("FY", "CY")) else "name"
    return figure


def _take_currency_before(text: str, figure: Figure, words: UnitWords) -> bool:
    """Take `US$`, `RMB` or 人民币 before a number; a unit of its own after it has the last word."""
    start = figure.start
    position = start - 1 if text[start - 1 : start] == " " else start
    found = words.currencies_before.find_before(text, position)
    if found is None:
        return False
    word, begin = found
    weak = not (word.word[-1] in "$¥€£₩₹₽₺₫฿₪" or word.word in {"人民币", "港币", "新台币", "台币", "RMB", "NTD"})
    if weak and not (figure.scale >= 4 or word.word.isascii()):
        return False
    if figure.unit is None or (figure.unit.kind == "currency" and not figure.unit.unit):
        figure.unit = (
            word if figure.unit is None else UnitWord(figure.unit.word, "currency", word.unit, figure.unit.size)
        )
        figure.start = begin
    return True


def _read_without_unit(text: str, figure: Figure, words: UnitWords) -> Figure:
    start, end = figure.start, figure.end
    if figure.unit is not None or _take_currency_before(text, figure, words):
        return attach_sign(text, figure)
    after = text[end : end + 1]
    if after.isascii() and after.isalpha() and text[end - 1].isascii():
        figure.reason = "name"
    elif not figure.scale:
        figure.reason = find_reason_of_bare(text, start, end, words)
    elif (
        figure.vague
        and text[start] in CHINESE_DIGITS
        and (end - start == 1 or not after or not reads_as_amount(text, start, end))
    ):
        figure.reason = "word"
    elif text[start - 1 : start] == "每":
        figure.reason = "denominator"
    return figure


def _refine_unit(text: str, figure: Figure, words: UnitWords, at: int) -> None:
    """Add what follows some units: the 五 of 七成五, the 半 of 一倍半; and rule on 折 and 番."""
    unit = figure.unit
    if unit is None or unit.kind not in {"ratio", "percent", "percentage_point", "doubling"}:
        return
    after = text[figure.end : figure.end + 1]
    if after == "半" and unit.word in {"倍", "成", "码", "厘"} and figure.low.exponent == 0:
        figure.low, figure.end = Numeral(figure.low.mantissa * 10 + 5, -1, significant_zeros=False), figure.end + 1
    elif (
        unit.word == "成"
        and after
        and after in "一二三四五六七八九123456789"
        and text[figure.end + 1 : figure.end + 2] not in CHINESE_DIGITS
    ):
        digit = "一二三四五六七八九".find(after) + 1 or int(after)
        if figure.low.exponent == 0 and not words.after.find_after(text, figure.end + 1):
            figure.low, figure.end = (
                Numeral(figure.low.mantissa * 10 + digit, -1, significant_zeros=False),
                figure.end + 1,
            )
    elif unit.word == "厘" and (hundredths := _HUNDREDTHS.match(text, figure.end)):
        digits = parse_chinese(hundredths.group())  # 三厘七五 is 3.75 percent as it is said in Hong Kong
        if digits is not None and figure.low.exponent == 0:
            count = len(hundredths.group())
            mantissa = figure.low.mantissa * 10**count + digits.mantissa
            figure.low, figure.end = Numeral(mantissa, -count, significant_zeros=False), hundredths.end()
    elif unit.word == "折" and figure.low.value >= 10:
        figure.low = Numeral(figure.low.mantissa, figure.low.exponent - 1, figure.low.significant_zeros)
    elif unit.kind == "doubling" and at:
        figure.low = make_numeral(str(2 ** min(int(figure.low.value), 40)), 0)


def _take_noun(text: str, figure: Figure, words: UnitWords) -> None:
    """Take the thing that a count counts into the quote, if it stands next to it."""
    if figure.unit is not None and figure.unit.kind == "noun":
        figure.noun = figure.unit.word
        return
    position = figure.end + (text[figure.end : figure.end + 1] == " ")
    found = words.nouns.find_after(text, position)
    longer = words.after.find_after(text, position)
    if found is not None and (longer is None or longer[0].kind != "other" or longer[1] <= found[1]):
        figure.noun, figure.end = found[0].word, found[1]
    elif figure.unit is not None and figure.unit.word in {"人", "股", "桶", "人次"}:
        figure.noun = figure.unit.word
