"""Numbers that stand together: ranges, lists that share scale or unit, a number said twice."""

import re

from pipelines.reading.quantities.figures import PERCENT, RATIO, Figure
from pipelines.reading.quantities.numerals import Numeral
from pipelines.reading.quantities.units import MAGNITUDES, load_unit_words

_RANGE = frozenset({"-", "--", "~", "—", "至", "到", "乃至", "~~", "to", "到了"})
_LIST = frozenset({"、", "和", "与", "及", "以及", "或", "或者", "跟", "或是", "and", "or", "、甚至", "甚至", "、乃至"})
_BETWEEN = frozenset({"和", "与", "及"})
# 增持89亿美元至1.189万亿美元: a change and the level that it leads to, no range
_REACHES = frozenset({"至", "到", "到了"})
_CHANGED_BY = re.compile(
    r"(?:[增减]持|[增减]加|增|减少?|[上下回]?[升降涨跌]|[上下]调|[上下]修|提高|降低|削减|回落|攀升|扩大|收窄|缩小|放缓|走[高低阔]|[调升贬]升?|弹升|急[升跌]|大[增减幅涨跌]|[激骤暴飙剧锐微][增减升降涨跌])"
    r"(?:了|约|近|逾)?\s?$"
)
_SMALL_PART = 0.34  # of what follows it: a change by so little is no end of a range
_TINY_PART = 0.15  # the same where only the second has a unit, as the end of a range does
_LEAST_PLAIN = 1000  # a smaller number without scale and unit takes those of the next (10至15万人)
_LONGEST_GAP = 6
_TWICE = re.compile(r" ?[(=] ?")
_SHAREABLE = MAGNITUDES | {"currency_before"}
_DATES = frozenset({"date", "duration", "age", "time"})


def join_figures(text: str, figures: list[Figure]) -> list[Figure]:
    """Join the ends of ranges, share scale and unit along lists and take a number said twice as one.

    Args:
        text: the normalised text.
        figures: what `find_figures` found, in order; changed in place.

    Returns:
        The figures, a range as one.
    """
    joined: list[Figure] = []
    for figure in reversed(figures):
        if joined and 0 <= joined[-1].start - figure.end <= _LONGEST_GAP:
            following = joined[-1]
            gap = text[figure.end : following.start].strip(" ")
            if _join(text, figure, following, gap):
                joined[-1] = figure
                continue
        joined.append(figure)
    joined.reverse()
    return joined


def _join(text: str, figure: Figure, following: Figure, gap: str) -> bool:
    """Relate two neighbours; whether the second has become part of the first."""
    if following.reason:
        if (
            not figure.reason
            and figure.unit is None
            and not figure.scale
            and following.reason in _DATES
            and (gap in _RANGE or gap in _LIST)
        ):
            figure.reason = following.reason
        return False
    if figure.reason:
        if (
            figure.reason == "ordinal"
            and (gap in _LIST or gap in _RANGE)
            and following.unit is not None
            and following.unit.unit == "count"
        ):
            following.reason = "ordinal"
        return False
    if gap in _REACHES and _changes_to(text, figure, following):
        if figure.unit is None and following.unit is not None and following.unit.kind in MAGNITUDES:
            figure.unit, figure.denominator = following.unit, 1.0
        return False
    if gap in _RANGE or (gap in _BETWEEN and text.startswith(("之间", "间", " 之间"), following.end)):
        return _join_range(figure, following)
    if gap in _LIST:
        _share_list(figure, following)
    elif gap in {"(", "="}:
        return _join_twice(text, figure, following)
    return False


def _changes_to(text: str, figure: Figure, following: Figure) -> bool:
    """Whether a verb of change makes of the first number a change and of the second the level after it."""
    if not _CHANGED_BY.search(text[max(0, figure.start - 6) : figure.start]):
        return False
    if figure.unit is not None and following.unit is not None and figure.unit.unit != following.unit.unit:
        return True
    if figure.unit is None and not figure.scale and figure.low.value < _LEAST_PLAIN:
        return False
    most = _TINY_PART if figure.unit is None and following.unit is not None else _SMALL_PART
    return 0 < figure.low.value <= most * following.low.value


def _join_range(figure: Figure, following: Figure) -> bool:
    if not _may_span_range(figure, following):
        return False
    low = _share_scale(figure, following)
    if low.value / figure.denominator > following.low.value / following.denominator:
        return False
    figure.low, figure.high = low, following.low
    if figure.unit is None or figure.unit.kind == "currency_before":
        figure.unit = following.unit or figure.unit
    figure.end, figure.noun, figure.scale = following.end, following.noun, max(figure.scale, following.scale)
    return True


def _may_span_range(figure: Figure, following: Figure) -> bool:
    """Whether two numbers are single, of one unit and size, and one of them states it."""
    if figure.high is not None or following.high is not None or figure.vague != following.vague:
        return False
    if figure.unit is None or following.unit is None:
        # 百分之五到七 and $5-10 billion state it first only; 5%到10 does not
        first_only = following.unit is None and figure.unit is not None
        return (
            not first_only
            or figure.unit in {PERCENT, RATIO}
            or (figure.unit is not None and figure.unit.kind == "currency_before")
        )
    return (
        _same_unit(figure, following)
        and figure.denominator == following.denominator
        and figure.unit.size == following.unit.size
    )


def _same_unit(figure: Figure, following: Figure) -> bool:
    return (
        figure.unit is not None
        and following.unit is not None
        and (figure.unit.unit == following.unit.unit or not following.unit.unit or not figure.unit.unit)
    )


def _share_scale(figure: Figure, following: Figure) -> Numeral:
    """Return the first number with the second's scale where it has none and stays below (3,000–4,000億)."""
    if figure.scale or not following.scale:
        return figure.low
    shared = Numeral(figure.low.mantissa, figure.low.exponent + following.scale, figure.low.significant_zeros)
    return shared if shared.value <= following.low.value else figure.low


def _share_list(figure: Figure, following: Figure) -> None:
    """Give the first of two numbers the scale and unit that only the last of a list states (2.1和2.4万亿美元)."""
    unit = following.unit
    if (
        figure.unit is not None
        or (unit is None and not following.scale)
        or (unit is not None and unit.kind not in _SHAREABLE)
    ):
        return
    if (
        figure.scale == 0
        and figure.low.exponent == 0
        and 1800 <= figure.low.mantissa <= 2100
        and not 1800 <= following.low.value <= 2100
    ):
        return
    if not figure.scale and following.scale and not following.vague:
        figure.low = Numeral(figure.low.mantissa, figure.low.exponent + following.scale, figure.low.significant_zeros)
        figure.scale = following.scale
    if unit is not None and unit.kind != "currency_before":
        figure.unit, figure.denominator = unit, 1.0


def _join_twice(text: str, figure: Figure, following: Figure) -> bool:
    """Take `1,000,000 (一百万)美元` and `百分之五(5%)` as one number."""
    if (
        following.unit is None
        and figure.unit is None
        and text.startswith(")", following.end)
        and figure.low.value == following.low.value
    ):
        figure.end = following.end + 1
        unit = load_unit_words().after.find_after(text, figure.end)
        if unit is not None and unit[0].kind in MAGNITUDES:
            figure.unit, figure.end = unit
        figure.scale = max(figure.scale, following.scale)
        return True
    same = figure.unit is not None and following.unit is not None and _same_unit(figure, following)
    if same and figure.low.value == following.low.value and figure.high is None and text.startswith(")", following.end):
        following.reason = "said_twice"
    return False
