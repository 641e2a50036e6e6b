"""Resolves expressions of time that depend on the article's day or on what was told before: 去年底, 上个月, 周五, 3月."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.reading.periods.calendars import (
    Days,
    Parts,
    cut_month,
    find_fiscal_quarter,
    find_part_of_year,
    find_stretch_before,
    make_days,
    month_of,
    parse_small,
    shift_month,
    shift_year,
)

NEAR_AHEAD = 45  # days: 6月18日 said on the 16th is to come, not a year ago
_QUARTER_AHEAD = 100  # days
_QUARTER_NUMBER = re.compile(r"[第季度Qq\s]")


@dataclass(slots=True)
class TimeContext:
    """What earlier expressions leave to later ones.

    Attributes:
        article_day: the day of the article, None if unknown.
        fiscal_year_end: for the offset of a fiscal year, the month in which it ends (9 for the federal government).
        told: the last dated mention, None at first.
        told_is_relative: it was resolved against the article's day (去年).
        told_is_fiscal: it was a fiscal year or part of one.
        told_earlier: it stood in an earlier sentence.
        speaks_ahead: the clause has a word of forecasts.
        told_day: the last single day told.
        newest_day: the newest one told, up to the article's day.
        company_quarter: the quarter at hand is one of a company's results (Q3财报), of its own fiscal year.
        told_in_paragraph: `told` stood in the paragraph at hand.
        report: the month, quarter or week of the report at hand, which 当季 and 前月 mean though an earlier one was told since.
        told_fiscal: the last fiscal year told, which 整个财年 means.
        told_week: the last week told, which 全周 means; a week of trading has five days.
        is_as_of: 截至 stands before: the newest day of that date, whatever earlier sentences told.
    """

    article_day: date | None
    fiscal_year_end: Callable[[int], int]
    told: Days | None = None
    told_is_relative: bool = False
    told_is_fiscal: bool = False
    told_earlier: bool = False
    speaks_ahead: bool = False
    told_day: date | None = None
    newest_day: date | None = None
    company_quarter: bool = False
    is_as_of: bool = False
    told_in_paragraph: bool = False
    report: Days | None = None
    told_fiscal: Days | None = None
    told_week: Days | None = None


def resolve_calendar(group: Parts, context: TimeContext, offset: int) -> tuple[Days | None, bool]:
    """A year, fiscal year or part of one; a part without a year takes the year of the context."""
    told = _find_told_fiscal(group, context)
    if told is not None:
        return told, True
    fiscal_end = 12
    relative = False
    year: int | None
    if group["fy"] or group["fy2"]:
        written = group["fy"] or group["fy2"]
        year = parse_small(written)
        year += 2000 if year < 100 else 0
        fiscal_end = context.fiscal_year_end(offset)
    elif group["rel_fy"]:
        fiscal_end = context.fiscal_year_end(offset)
        year, relative = _resolve_relative_fiscal_year(group["rel_fy"], fiscal_end, context), True
    elif group["year"] or group["year_open"]:
        year = parse_small(group["year"] or group["year_open"])
    elif group["roc"]:
        year = int(group["roc"]) + 1911
    elif group["short_year"]:
        year = 2000 + int(group["short_year"])
    elif group["rel_year"]:
        year, relative = _resolve_relative_year(group["rel_year"], context), True
    elif group["quarter"] and context.company_quarter and context.fiscal_year_end(offset) not in (9, 12):
        number = parse_small(_QUARTER_NUMBER.sub("", group["quarter"]).replace("首", "1")) or 4
        return _find_quarter_near(number, context.fiscal_year_end(offset), context), True
    else:
        return _resolve_without_year(group, context), True
    if year is None:
        return None, relative
    days = find_part_of_year(group, year, fiscal_end)
    today, federal_end = context.article_day, context.fiscal_year_end(offset)
    if group["firsts"] and days is not None and today is not None and days[1] > today and federal_end != fiscal_end:
        return find_part_of_year(group, year, federal_end), relative  # 今年前九个月 said in July is of the fiscal year
    return days, relative


def _find_told_fiscal(group: Parts, context: TimeContext) -> Days | None:
    """The fiscal year that 全年 and 整个财年 mean, or the one before it (前一年), after one was told."""
    if group["rel_fy"]:
        return context.told_fiscal if group["rel_fy"].startswith(("整", "该", "全")) else None
    if context.told is None:
        return None
    if group["rel_year"].startswith("全") and context.told_fiscal is not None:
        is_last_month = context.told == month_of(context.told_fiscal[1])
        return context.told_fiscal if is_last_month or context.told == context.told_fiscal else None
    if not context.told_is_fiscal:
        return None
    first, last = shift_year(context.told)
    is_before = group["rel_year"] in ("前一年", "上年度") and not (group["quarter"] or group["month"] or group["half"])
    return (first, last) if is_before and first and last else None


def _lies_ahead(group: Parts, first: date, today: date, context: TimeContext) -> bool:
    """A forecast about a month that begins within five months is about the coming one, not about last year's."""
    return bool(group["month"]) and context.speaks_ahead and (first - today).days <= 153


def _resolve_relative_fiscal_year(word: str, fiscal_end: int, context: TimeContext) -> int | None:
    today = context.article_day
    if word.startswith("前") and context.told_is_fiscal and context.told is not None:
        return context.told[1].year + (1 if context.told[1].month > fiscal_end else 0) - 1
    if today is None:
        return None
    running = today.year + (1 if today.month > fiscal_end else 0)
    return running + (
        -1 if word.startswith(("上", "前", "整", "该", "全")) else 1 if word.startswith(("下", "新")) else 0
    )


def _resolve_relative_year(word: str, context: TimeContext) -> int | None:
    if word.startswith("全"):
        day = context.told[1] if context.told is not None else context.article_day
        return day.year if day is not None else None
    if word in ("次年", "翌年", "同年", "当年", "该年", "前一年"):
        if context.told is None:
            return None
        told = context.told[1].year
        return told + (1 if word in ("次年", "翌年") else -1 if word == "前一年" else 0)
    if context.article_day is None:
        return None
    shifts = {"今": 0, "年": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1, "来": 1, "后": 2}
    return context.article_day.year + shifts[word[0]]


def resolve_fiscal_quarter(group: Parts, context: TimeContext, offset: int) -> Days | None:
    """第三财季: of the year told, else the newest one that had ended before the article's day."""
    fiscal_end = context.fiscal_year_end(offset)
    today = context.article_day
    if today is None and not group["fq_year"]:
        return None
    year = parse_small(group["fq_year"]) or (today or date.min).year + 1
    if group["fq_last"]:
        quarters = [find_fiscal_quarter(y, n, fiscal_end) for y in (year - 2, year - 1, year) for n in (1, 2, 3, 4)]
        ended = [days for days in quarters if today is not None and days[1] < today]
        return ended[-1] if ended else None
    number = 1 if group["fq_n"] == "首" else parse_small(group["fq_n"]) or 1
    if group["fq_year"]:
        return find_fiscal_quarter(year, number, fiscal_end)
    return _find_quarter_near(number, fiscal_end, context)


def _find_quarter_near(number: int, fiscal_end: int, context: TimeContext) -> Days | None:
    """The newest fiscal quarter of a number that had ended before the article's day; of a forecast the first that had not."""
    today = context.article_day
    if today is None:
        return None
    quarters = [find_fiscal_quarter(today.year + shift, number, fiscal_end) for shift in (1, 0, -1, -2)]
    if context.speaks_ahead:
        return next((days for days in reversed(quarters) if days[1] >= today), None)
    return next((days for days in quarters if days[1] < today), None)


def _resolve_without_year(group: Parts, context: TimeContext) -> Days | None:
    """A month or part of a year with no year: inside what was told last, else the newest one up to the article's day.

    A fiscal year that is running or has just ended is no frame for the months named after it: they may lie in the next one.
    """
    today = context.article_day
    is_frame = context.told is not None and not (
        context.told_is_fiscal and today is not None and context.told[1].year >= today.year - 1
    )
    if (
        context.told is not None
        and is_frame
        and not (context.is_as_of and context.told_earlier)
        and not (context.told_earlier and today is not None and context.told[0] > today and group["month"])
        and (context.told_in_paragraph or context.told[1].year >= (today or context.told[1]).year - 1)
        and not group["year_part"]
        and not (context.told_is_relative and context.told_earlier)
    ):
        first, last = context.told
        for year in (last.year, first.year):
            days = find_part_of_year(group, year)
            ahead = today is not None and days is not None and days[0] > today >= first
            if days is not None and days[0] <= last and days[1] >= first and not ahead:
                return days
        if today is None or (last.year < today.year - 1):
            return find_part_of_year(group, last.year)
    return None if today is None else _resolve_by_year_of(today, group, context)


def _resolve_by_year_of(today: date, group: Parts, context: TimeContext) -> Days | None:
    """The part of the year that the article's day lies in, or of a coming one that the sentence has told."""
    if group["year_part"] and context.told is not None and not context.told_earlier and context.told[0] > today:
        return find_part_of_year(group, context.told[1].year)  # 2026年上半年见顶，年底回落
    days = find_part_of_year(group, today.year)
    told = context.told
    is_month_ahead = (
        told is not None and not context.told_earlier and told[0] > today and told[0].day == 1 < told[1].day
    )
    if group["month"] and told is not None and is_month_ahead and context.speaks_ahead:
        later = [find_part_of_year(group, told[0].year + shift) for shift in (0, 1)]
        return next((one for one in later if one is not None and one[0] >= told[0]), days)  # 预计3月和6月各降25基点
    if days is not None and group["quarter"] and (days[0] - today).days > _QUARTER_AHEAD and not context.speaks_ahead:
        return find_part_of_year(group, today.year - 1)  # 三季度 said in January
    if days is not None and days[0] > today and group["month"]:
        if (days[0] - today).days <= 1 and days[0] == days[1]:
            return today, today
        is_near = bool(group["day"]) and (days[0] - today).days <= NEAR_AHEAD
        is_ahead = is_near or _lies_ahead(group, days[0], today, context)
        return days if is_ahead else find_part_of_year(group, today.year - 1)
    return days


def resolve_relative(group: Parts, written: str, context: TimeContext, offset: int) -> Days | None:
    """Return the days of an expression such as 上个月, 周五, 当天, 22日; None where what it leans on is unknown.

    Args:
        group: the groups of the grammar that matched.
        written: the expression.
        context: the article's day, and what was told before.
        offset: where it stands, which tells whose quarter 上季 is.
    """
    if _leans_on_told(group, written, context):
        return _resolve_by_told(group, written, context)
    if context.article_day is None:
        return None
    if group["rel_quarter"]:
        return _resolve_quarter(written, context.article_day, context.fiscal_year_end(offset))
    return _resolve_by_today(group, written, context.article_day)


def _leans_on_told(group: Parts, written: str, context: TimeContext) -> bool:
    if group["rel_week"]:
        if written.startswith(("全", "整", "当")):
            return context.told_week is not None
        is_week = context.told is not None and (context.told[1] - context.told[0]).days == 6
        return is_week and written.startswith("前一")
    if group["rel_quarter"] and written.startswith(("当", "前")):
        return context.told is not None and 80 < (context.told[1] - context.told[0]).days < 93
    return bool(
        group["bare_part"]
        or group["before_that"]
        or (group["rel_day"] and written.startswith(("当", "同")))
        or (group["rel_month"] and written.startswith(("当", "同", "前", "次")))
    )


def _resolve_by_told(group: Parts, written: str, context: TimeContext) -> Days | None:
    if group["rel_day"]:
        return (context.told_day, context.told_day) if context.told_day else None
    told = context.told_week if group["rel_week"] and not written.startswith("前") else context.told
    if told is None:
        return None
    if context.told_earlier and context.report is not None and context.report[0] > told[1]:
        is_alike = abs((context.report[1] - context.report[0]) - (told[1] - told[0])).days < 4
        told = context.report if is_alike else told
    if group["rel_month"]:
        shift = -1 if written.startswith("前") else 1 if written.startswith("次") else 0
        return month_of(shift_month(told[1].replace(day=1), shift))
    if (group["rel_quarter"] or group["rel_week"]) and not written.startswith("前"):
        return told
    if group["bare_part"]:
        return cut_month(month_of(told[1]), group["bare_part"][1:])
    return find_stretch_before(told)


def _resolve_by_today(group: Parts, written: str, today: date) -> Days | None:
    if group["rel_day"]:
        day = today + timedelta(days={"今": 0, "昨": -1, "琴": -1, "寻": -1, "前": -2, "明": 1, "听": 1}[written[0]])
        return day, day
    if group["rel_month"]:
        shift = {"本": 0, "这": 0, "上": -1, "下": 1}[written[0]] - written.startswith("上上")
        return cut_month(month_of(shift_month(today.replace(day=1), shift)), group["rel_part"])
    if group["recent"]:
        count = parse_small(re.sub(r"[最近年个月季度\s]", "", written))
        months = count * {"年": 12, "个月": 1, "个季度": 3}[group["recent_of"]]
        return (shift_month(today.replace(day=1), -months), today) if 0 < months < 1200 else None
    if group["bare_day"]:
        return _resolve_bare_day(parse_small(written[:-1].strip()), today)
    return _resolve_week(group, today)


def _resolve_quarter(written: str, today: date, fiscal_end: int) -> Days:
    """上季 and 本季: of the calendar, or of the fiscal year of the company that is spoken of."""
    shift = {"本": 0, "今": 0, "当": 0, "上": -1, "前": -1, "下": 1}[written[0]]
    into_quarter = (today.month - 1 - fiscal_end) % 3
    first = shift_month(today.replace(day=1), 3 * shift - into_quarter)
    return first, shift_month(first, 3) - timedelta(days=1)


def _resolve_bare_day(number: int, today: date) -> Days | None:
    """22日 is the last 22nd up to the article's day; the day after it (another time zone) is the article's day."""
    if number == today.day + 1:
        return today, today
    month = today if number <= today.day else shift_month(today.replace(day=1), -1)
    return make_days(month.year, month.month, number)


def _resolve_week(group: Parts, today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    if group["weekday"]:
        wanted = "一二三四五六日".index((group["weekday_n"] or "一").replace("天", "日"))
        if group["week"] in ("上", "下"):
            day = monday + timedelta(days=wanted + (-7 if group["week"] == "上" else 7))
        else:
            day = today - timedelta(days=(today.weekday() - wanted) % 7)
        return day, day
    word = group["rel_week"]
    shift = -1 if word.startswith(("上", "前")) else 1 if word.startswith("下") else 0
    first = monday + timedelta(days=7 * shift)
    return first, first + timedelta(days=6)
