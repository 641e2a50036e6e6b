"""Bare readings: numbers whose unit is left out because their subject has only one (PMI报50.3, 美元兑日元报155.2, 美元指数跌至99.4)."""

import functools
import re

from pipelines.reading.quantities.figures import Figure
from pipelines.reading.quantities.units import UnitWord, load_unit_words

_REACH = 64  # characters before a number in which its subject is looked for
_CLAUSE_END = re.compile(r"[。;；!?！？\n|]|[,，、](?![0-9]{3})")
# What stands between the subject and its number: a verb of level, a word for one of its values, or nothing.
_LEVEL = re.compile(
    r"(?:(?:收|暂|现|最新|另)?[报录](?:得|收|价|于)?|收[于在盘]|[为是达至到在]|等于|录得|触及|重[回返上]|回[到至]|[上下]探|[低高]见|站[上稳]|失守|突破|跌破|升破|升穿|跌穿|升越|逼近|低于|高于|徘徊[于在]|盘旋[于在]|处[于在]|位于|维持在|险守|企[于在稳]"
    r"|[初终前现]值|修正值|中值|预期|预测|预估|读数|[从由自](?:[^,，。;；\n0-9]{0,6}[0-9]{0,2}月?(?:份)?的)?|(?:此前|预期|预测|前值|上月|前月|上个月|月份?|一个月前)的)"
    r"[了过]?\s?(?:[:：约近逾]|大约|将近|左右|仅|只有)?\s?$"
)
_VALUE = re.compile(
    r"^\s?(?:[低高]于|不及|逊于|好于|优于|超出|超过|符合|较|比|[低高]见|最[低高]|曾|一度|前次)?(?:市场|外界|机构)?(?:普遍|一致)?(?:预期|预测|预估|前值|[初终]值|修正值|荣枯线|前次|上次)?[为是报的:：均]{0,2}\s?$"
)
_NOTHING = re.compile(r"^(?:\s|[(（][^()（）\n]{0,24}[)）]|[:：*]|指数|[初终]值)*$")
_NOT_BETWEEN = re.compile(r"的(?:概率|权重|成分|涨幅|跌幅|升幅|降幅)|分项|权重|点位|目标")
_TOO_LARGE = 10_000_000


def read_bare(text: str, figures: list[Figure]) -> None:
    """Give the numbers without a unit the unit of their subject, where seeds/units.csv lists it as a `reading`.

    Args:
        text: the normalised text.
        figures: joined figures in order; changed in place.
    """
    words = load_unit_words()
    last: Figure | None = None  # the reading before, whose unit 预期 and 前值 share
    for figure in figures:
        if figure.reason or figure.unit is not None or figure.scale or figure.vague or not text[figure.start].isascii():
            continue
        if figure.low.value > _TOO_LARGE:
            continue
        start = max(0, figure.start - _REACH)
        unit = _find_subject(text[start : figure.start])
        if unit is None and last is not None and last.end >= start:
            unit = last.unit if _shares_unit(text[last.end : figure.start]) else None
        if unit is not None and words.after.find_after(text, figure.end) is None:
            figure.unit = unit
            last = figure


def _shares_unit(between: str) -> bool:
    """Whether a number goes on about the reading before it: 预期52, 从49.1降至48.7."""
    parts = _CLAUSE_END.split(between)
    if len(parts) == 1:
        return re.fullmatch(r"[^0-9%元]{0,10}", between) is not None and _LEVEL.search(between) is not None
    return len(parts) <= 2 and not parts[0].strip() and (_VALUE.match(parts[-1]) is not None)


def _find_subject(before: str) -> UnitWord | None:
    """The subject that a number is a reading of: in its clause, with a verb of level before the number."""
    ends = [found.end() for found in _CLAUSE_END.finditer(before)]
    clause_start = ends[-1] if ends else 0
    named = list(_find_readings().finditer(before, clause_start))
    if not named:
        return None
    between = before[named[-1].end() :]
    if _NOT_BETWEEN.search(between) or not (_NOTHING.match(between) or _LEVEL.search(between)):
        return None
    return load_unit_words().readings[named[-1].group()]


@functools.cache
def _find_readings() -> re.Pattern[str]:
    words = sorted(load_unit_words().readings, key=len, reverse=True)
    return re.compile("|".join(_bound(word) for word in words) or "(?!)")


def _bound(word: str) -> str:
    """A Latin word stands alone."""
    left = "(?<![A-Za-z])" if word[0].isascii() else ""
    right = "(?![A-Za-z])" if word[-1].isascii() else ""
    return f"{left}{re.escape(word)}{right}"
