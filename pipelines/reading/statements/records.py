"""Since when a record stands: 2008年以来最高, 近20年来的新低, 2003年来首次, 历史新高."""

import re
from datetime import date
from typing import NamedTuple

from pipelines.reading.periods.calendars import parse_small

_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_LEAD = re.compile(
    r"(?:自|从|创下?|为)?\s?(?:"
    r"(?P<year>(?:1[89]|20)\d\d)\s?年\s?(?:(?P<month>1[0-2]|0?[1-9])\s?月(?:份)?)?[^,;。]{0,16}?(?:以来|年来|月来|来|之后|后)"
    r"|(?:(?P<century>上|20|21|二十|二十一)(?:个)?世纪)?\s?(?P<tens>[1-9]0|[一二三四五六七八九]十)\s?年代(?:初|末|中期?|后期)?以?来"
    r"|(?P<ago>去|前|今)年\s?(?P<ago_month>1[0-2]|0?[1-9])\s?月(?:份)?以来"
    r"|(?P<this_year>年内|今年(?:以?来)?)"
    r"|(?P<bare_month>1[0-2]|[1-9])\s?月(?:份)?以来"
    rf"|近?\s?(?<!\d)(?P<count>{_COUNT})\s?(?:多|余)?\s?(?P<unit>年|个月|个季度|周)(?:多)?(?:以?来)?"
    r"|(?P<ever>有史以来|有(?:纪录|记录|统计)以来|历史|史上|创?纪录|创?记录)"
    r")(?:的|上|之|中)?\s?$"
)
_UNDATED = re.compile(r"(?:自|从)?[^,;。自从]{2,12}以来(?:的)?\s?$")
_REACH = 34
_DAYS = {"周": 7, "个月": 30.4375, "个季度": 91.3125, "年": 365.25}


class RecordSpan(NamedTuple):
    """What tells since when: where it begins, and the first day; None of the day where it is all of history or not dated."""

    start: int
    since: date | None


def find_record_span(visible: str, clause_start: int, end: int, published_on: date | None) -> RecordSpan | None:
    """Return what stands right before `end` and says since when, None if nothing does.

    Args:
        visible: the text, normalised.
        clause_start: how far back it may reach.
        end: where the word of the record (最高, 新低, 第一次) begins.
        published_on: the article's day, from which 近20年来 is counted.
    """
    start = max(clause_start, end - _REACH)
    match = _LEAD.search(visible, start, end)
    if match is None:
        undated = _UNDATED.search(visible, start, end)
        return RecordSpan(undated.start(), None) if undated is not None else None
    return RecordSpan(match.start(), _find_first_day(match, published_on))


def _find_first_day(match: re.Match[str], published_on: date | None) -> date | None:
    if match["year"]:
        return date(int(match["year"]), int(match["month"] or 1), 1)
    if match["tens"]:
        tens = parse_small(match["tens"])
        return date((2000 if match["century"] in ("21", "二十一") else 1900) + tens, 1, 1)
    return _count_back(match, published_on) if published_on is not None else None


def _count_back(match: re.Match[str], published_on: date) -> date | None:
    if match["ago"]:
        return date(published_on.year - "今去前".index(match["ago"]), int(match["ago_month"]), 1)
    if match["this_year"]:
        return date(published_on.year, 1, 1)
    if match["bare_month"]:
        month = int(match["bare_month"])
        return date(published_on.year - (month >= published_on.month), month, 1)
    if match["count"]:
        days = parse_small(match["count"]) * _DAYS[match["unit"]]
        ordinal = published_on.toordinal() - round(days)
        return date.fromordinal(ordinal) if ordinal > 0 else None
    return None
