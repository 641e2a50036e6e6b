"""What an article's file says about itself: its title, its publisher, the day on which it appeared."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pipelines.reading.furniture import Span, blank_spans, make_visible, read_furniture_words
from pipelines.reading.words import WordFile, compile_words

_EDGE = 900  # characters of head and foot in which a dateline or a publisher may stand
_OLDEST = 1980
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_MONTH_DAY_YEAR = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?!\d)(\s*,?\s*\d{1,2}:\d\d(?::\d\d)?\s*(?:[AP]M|UTC))?",
    re.IGNORECASE,
)
_ENGLISH_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_ENGLISH_DAY = re.compile(
    r"(?<![A-Za-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\d\d)",
    re.IGNORECASE,
)
_META_DAY = re.compile(
    r"""<meta[^>]{0,200}(?:published_time|publishdate|pubdate|datePublished|date)["'][^>]{0,200}content=["']\s*((?:19|20)\d\d-\d\d-\d\d)"""
    r"""|<time[^>]{0,200}datetime=["']\s*((?:19|20)\d\d-\d\d-\d\d)|"datePublished"\s*:\s*"((?:19|20)\d\d-\d\d-\d\d)""",
    re.IGNORECASE,
)
_HTML_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,300}?)</title>", re.IGNORECASE | re.DOTALL)
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.{0,8000}?)\n---", re.DOTALL)
_FRONT_TITLE = re.compile(r"""^title:\s*["']?(.{1,300}?)["']?\s*$""", re.MULTILINE)
_FULL_DAY = re.compile(
    r"([12](?<!\d\d)(?:(?<=1)9|(?<=2)0)\d\d)\s?年\s?(1[0-2]|0?[1-9])\s?月(?:\s?(3[01]|[12]\d|0?[1-9])\s?[日号]|(上旬|中旬|下旬|初|中|底|末))?"
)
_YEAR_OR_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?年|(?<!\d)(1[0-2]|0?[1-9])\s?月\s?(3[01]|[12]\d|0?[1-9])\s?[日号]")
_FORWARD = re.compile(
    r"将|预计|预期|预测|计划|到期|截止|目标|明年|后年|展望|未来|之前要|前要|最迟|deadline", re.IGNORECASE
)
_PART_DAYS = {"上旬": 5, "初": 1, "中旬": 15, "中": 15, "下旬": 25}
_NAME = re.compile(r"[^\s,，。;；:：/|【】\[\]()（）“”\"「」'’]{2,16}")


def find_title(text: str, furniture: Iterable[Span]) -> str | None:
    """Return the title: of the page, of the front matter, else the first line that reads like one; None if there is none."""
    page = _HTML_TITLE.search(text, 0, 20_000)
    if page:
        return html.unescape(" ".join(page[1].split())) or None
    front = _FRONT_MATTER.match(text)
    named = _FRONT_TITLE.search(front[1]) if front else None
    if named:
        return named[1]
    visible = blank_spans(text, furniture)
    for line in visible.splitlines():
        stripped = line.strip(" \t#*`　\ufeff")
        if any(char.isalpha() for char in stripped):
            return stripped if _reads_like_title(stripped, is_heading=line.lstrip().startswith("#")) else None
    return None


def _reads_like_title(line: str, *, is_heading: bool) -> bool:
    if is_heading:
        return len(line) <= 120
    if len(line) > 70 or line.endswith((",", "，", ";", "；", "...", "…")):
        return False
    return line.count("。") <= 1 and not re.match(r"(大家好|哈喽|哈囉|各位|你好)", line)


@cache
def _read_publisher_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    file = WordFile("furniture.toml")
    entry = file.tables.get("publisher", {})
    before = file.read_words("publisher", entry, "before", needed=True)
    names = file.read_words("publisher", entry, "names", needed=True)
    return compile_words(before), compile_words(names)


def find_publisher(text: str, furniture: Iterable[Span]) -> str | None:
    """Return the publisher as written near the head or the foot: after words such as 来源, or by a known name; else None."""
    before, names = _read_publisher_words()
    normalised = make_visible(text, [span for span in furniture if span[2] == "teaser"])
    head, foot = (0, min(_EDGE // 3, len(text))), (max(0, len(text) - _EDGE), len(text))
    for start, end in (head, foot):
        for match in before.finditer(normalised, start, end):
            known = names.match(normalised, match.end())
            name = known or _NAME.match(normalised, match.end())
            if name and (known or match.group().endswith((":", "/"))):
                return text[name.start() : name.end()]
    for start, end in (head, foot):
        known = names.search(normalised, start, end)
        if known:
            return text[known.start() : known.end()]
    return None


def find_publication_day(text: str, visible: str, furniture: Iterable[Span]) -> tuple[date | None, str]:
    """Return the day on which the article appeared, and how it is known: stated, inferred or unknown.

    Stated is a dateline near the head or the foot, or a page's own metadata. Inferred is the newest day that the text speaks of as
    past: a lower bound, since an article appears no earlier than what it reports.

    Args:
        text: the article as stored.
        visible: its own text, normalised and of the same length, furniture blanked.
        furniture: the marked spans.
    """
    stated = _find_stated_day(text, furniture)
    if stated is not None:
        return stated, "stated"
    inferred = _infer_day(visible)
    return (inferred, "inferred") if inferred is not None else (None, "unknown")


def _find_stated_day(text: str, furniture: Iterable[Span]) -> date | None:
    meta = _META_DAY.search(text, 0, 50_000)
    if meta:
        written = meta[1] or meta[2] or meta[3]
        try:
            return date.fromisoformat(written)
        except ValueError:
            return None
    normalised = make_visible(text, ())
    words = read_furniture_words().dateline
    datelines = [(start, end) for start, end, kind in furniture if kind in ("dateline", "markup") and end - start < 400]
    # A list of other articles carries their days; a dateline of the article itself stands outside such a list.
    listed = [(start, end) for start, end, kind in furniture if kind == "teaser"]
    for start, end in datelines:
        if start < _EDGE and not _follows_list(start, listed):
            day = next(_parse_days(normalised[start:end]), None)
            if day:
                return day
    first_list = min((start for start, _ in listed if start >= _EDGE), default=len(text))
    for start, end in ((0, min(_EDGE, len(text))), (max(0, first_list - _EDGE), first_list)):
        for match in words.finditer(normalised, start, end):
            day = next(_parse_days(normalised[match.end() : match.end() + 24]), None)
            if day:
                return day
    for start, end in datelines:
        if start >= max(0, first_list - _EDGE) and end <= first_list:
            day = next(_parse_days(normalised[start:end]), None)
            if day:
                return day
    return None


def _follows_list(start: int, listed: list[tuple[int, int]]) -> bool:
    """Two teasers before a dateline make a list; a single one is what a page shows above its article."""
    return sum(end <= start for _, end in listed) >= 2


def _parse_days(written: str) -> Iterator[date]:
    """Every full date in a short piece of text, in order of the ways to write it."""
    for match in _YEAR_MONTH_DAY.finditer(written):
        yield from _make_day(int(match[1]), int(match[2]), int(match[3]))
    for match in _ENGLISH_DAY.finditer(written):
        yield from _make_day(int(match[3]), _ENGLISH_MONTHS[match[1].lower()], int(match[2]))
    for match in _MONTH_DAY_YEAR.finditer(written):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if match[4] or second > 12:  # a clock of twelve hours or UTC goes with the American order
            yield from _make_day(year, first, second)
        elif first > 12:
            yield from _make_day(year, second, first)


def _make_day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _infer_day(visible: str) -> date | None:
    """The newest day or month spoken of as past; a month stands for its first day, a third of a month for its middle."""
    days: list[date] = []
    for match in _FULL_DAY.finditer(visible):
        if _is_ahead(visible, match):
            continue
        number = int(match[3]) if match[3] else _PART_DAYS.get(match[4] or "", 1)
        if match[4] in ("底", "末"):
            number = 28
        days += [day for day in _make_day(int(match[1]), int(match[2]), number) if day.year >= _OLDEST]
    if not days:
        return None
    newest = max(days)
    years = [int(match[1]) for match in _YEAR_OR_DAY.finditer(visible) if match[1] and not _is_ahead(visible, match)]
    if max(years, default=0) > newest.year:
        return None  # a later year is told without its month: the newest day told is an old one
    told = 0
    for match in _YEAR_OR_DAY.finditer(visible):
        # A day without a year belongs to the year told last before it; it counts if it carries that year on.
        if match[1]:
            told = int(match[1])
        elif told == newest.year and not _is_ahead(visible, match):
            newest = max([newest, *_make_day(told, int(match[2]), int(match[3]))])
    return newest


def _is_ahead(visible: str, match: re.Match[str]) -> bool:
    """Whether a date is spoken of as still to come: a word of plans or forecasts in its own clause."""
    start = max(visible.rfind(mark, max(0, match.start() - 40), match.start()) for mark in ",。;\n") + 1
    ends = [place for mark in ",。;\n" if (place := visible.find(mark, match.end(), match.end() + 20)) >= 0]
    clause = visible[max(start, match.start() - 20) : min(ends, default=match.end() + 20)]
    return clause.strip().startswith("到") or _FORWARD.search(clause) is not None
