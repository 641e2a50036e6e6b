"""Calendar arithmetic: years, fiscal years, quarters, months and parts of them, each as first and last day."""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, inclusive."""

Parts = Mapping[str, str]
"""The written parts of an expression of time by name (quarter, half, firsts, month, day, day2, part, year_part); empty where absent."""

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


def parse_small(written: str) -> int:
    """Return a number below 100 or a year as written in digits or in Chinese (十二, 二〇二五); 0 if it is none."""
    if written.isdigit() and written.isascii():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    number = 0
    for char in written:
        number = number * 10 + _DIGITS.get(char, 0)
    return number


def make_days(year: int, month: int, day: int) -> Days | None:
    """Return a single day, or with day 0 the month; None where the calendar has no such day."""
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        return month_days(year, month, month)
    except ValueError:
        return None


def year_days(year: int) -> Days:
    """Return the calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def month_days(year: int, first: int, last: int) -> Days:
    """Return the months `first` to `last` of a year."""
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def month_of(day: date) -> Days:
    """Return the month that holds a day."""
    return month_days(day.year, day.month, day.month)


def shift_month(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(max(1, index // 12), index % 12 + 1, 1)


def shift_year(days: Days | None, back: int = 1) -> tuple[date | None, date | None]:
    """Return the same days so many years earlier (a 29 February becomes the 28th)."""
    if days is None or not 1 <= days[0].year - back <= days[1].year - back < 9999:
        return None, None
    first, last = (
        day.replace(year=day.year - back, day=min(day.day, calendar.monthrange(day.year - back, day.month)[1]))
        for day in days
    )
    return first, last


def find_stretch_before(days: Days) -> Days | None:
    """Return the week before a week, the month before a month, the quarter before a quarter; None for other stretches."""
    first, last = days
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if (last - first).days == 6:
        return first - timedelta(days=7), last - timedelta(days=7)
    if first.day == 1 and months in (1, 3):
        return shift_month(first, -months), first - timedelta(days=1)
    return None


def find_decade(century: str, tens: int) -> Days | None:
    """Return the ten years of 20世纪90年代 (century 20, tens 90), 上世纪… or a decade alone (of the last century from 30 on)."""
    if century == "上":
        base = 1900
    elif century:
        base = (parse_small(century) - 1) * 100
    else:
        base = 1900 if tens >= 30 else 2000
    if not 1000 <= base <= 2100:
        return None
    return date(base + tens, 1, 1), date(base + tens + 9, 12, 31)


def find_part_of_year(parts: Parts, year: int, fiscal_end: int = 12) -> Days | None:
    """Return the part of a year that is written: a quarter, half, the first months, a month or day, its beginning or end, or all.

    Args:
        parts: as written; none of them means the whole year.
        year: a fiscal year is named after the calendar year in which it ends.
        fiscal_end: the month in which the year ends. A named month is always that of the calendar year.
    """
    if not 2 <= year <= 9990:
        return None
    if parts["month"]:
        return _find_part_of_month(parts, year)
    start = shift_month(date(year, fiscal_end, 1), -11)
    first, count = _find_months(parts)
    begun = shift_month(start, first)
    days = begun, shift_month(begun, count) - timedelta(days=1)
    edge = parts["year_part"]
    if not edge:
        return days
    if "初" in edge:
        return days[0], days[0]
    middle = shift_month(start, 6) - timedelta(days=1)
    return (middle, middle) if "中" in edge else (days[1], days[1])


def _find_months(parts: Parts) -> tuple[int, int]:
    """The first month of a part, counted from 0, and how many months it has."""
    if parts["quarter"]:
        return 3 * (parse_quarter(parts["quarter"]) - 1), 3
    if parts["half"]:
        return (0 if parts["half"][0] == "上" or parts["half"].upper() == "H1" else 6), 6
    if parts["firsts"]:
        count = parse_small(parts["firsts_n"]) * (3 if parts["firsts_of"].startswith("季") else 1)
        return 0, min(count, 12) or 12
    return 0, 12


def parse_quarter(written: str) -> int:
    """Return the number of a quarter as written (第三季度, Q3, 首季, 末季)."""
    if written[0] in "首头":
        return 1
    if written[0] == "末":
        return 4
    return min(max(parse_small(re.sub(r"[第季度Qq\s]", "", written)), 1), 4)


def find_fiscal_quarter(year: int, number: int, fiscal_end: int) -> Days:
    """Return a quarter of a fiscal year that ends in the month `fiscal_end` of the calendar year `year`."""
    first = shift_month(date(year, fiscal_end, 1), -11 + 3 * (number - 1))
    return first, shift_month(first, 3) - timedelta(days=1)


def _find_part_of_month(parts: Parts, year: int) -> Days | None:
    month = parse_small(parts["month"])
    if not 1 <= month <= 12:
        return None
    if parts["month2"]:
        last = parse_small(parts["month2"])
        return month_days(year, month, last) if month <= last <= 12 else None
    if parts["day"]:
        days = make_days(year, month, parse_small(parts["day"]))
        return _reach_day(days, parse_small(parts["day2"])) if days and parts["day2"] else days
    return cut_month(month_days(year, month, month), parts["part"])


def _reach_day(days: Days, last: int) -> Days | None:
    """6月17—18日, or into the next month: 6月30日至4日."""
    first = days[0]
    month = first if last >= first.day else shift_month(first, 1)
    end = make_days(month.year, month.month, last)
    return (first, end[1]) if end else None


def cut_month(month: Days, part: str) -> Days:
    """Return the part of a month that is written: 初, 上旬, 中, 中旬, 下旬, 底, or all."""
    first, last = month
    parts = {
        "初": (first, first),
        "上旬": (first, first.replace(day=10)),
        "中": (first.replace(day=15), first.replace(day=15)),
        "中旬": (first.replace(day=11), first.replace(day=20)),
        "下旬": (first.replace(day=21), last),
        "底": (last, last),
        "末": (last, last),
    }
    return parts.get(part or "", month)
