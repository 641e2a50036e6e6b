"""The expressions of time of one sentence, sorted by what they do, and the choice among them for each figure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from pipelines.reading.enumerations import RESPECTIVELY, list_row
from pipelines.reading.periods.calendars import parse_small, shift_year
from pipelines.reading.periods.dated_figures import UNKNOWN, DatedFigure, Period
from pipelines.reading.periods.dates import TimeMention
from pipelines.reading.periods.figure_words import CONDITION, FROM, FigureWords
from pipelines.reading.sentences import Sentence, Span

# A time with one of these words soon after it is when somebody spoke, not what the figure is about.
_SPEECH = re.compile(
    r"[^,;。]{0,16}?(?:公布|发布|发表|宣布|表示|说(?!明)|声称|称|指出|报道|报导|作证|透露|披露|警告|刊文|撰文|发文|披露|采访|讲话|演讲|点名|要求|呼吁|敦促|威胁|抨击|批评|写道|签署)|(?:的|出炉的)[^,;。\d]{0,8}(?:报告|财报)"
)
# 此前公布的1.6%: when it was said, not what it is about
_EARLIER_SPEECH = re.compile(
    r"(?:此前|先前|早前|之前|以前|原先)[^,;。\d]{0,8}?(?:公布|公告|报告|报道|发布|预[测期计估料]|估[计算]|[初终]值|修正|宣布|披露|显示)"
)
_DECIDES = re.compile(r"宣布|决定|决议|加征|开征|升息|降息|加息|减息")
_FORECAST = re.compile(r"[时的所会议点阵图\s]{0,4}(?:预期|预测|预估|估计|预计|预想)")
_FORECAST_WORD = re.compile(r"预期|预测|预估|预计|展望")
_REVISED = re.compile(r"[^,;。]{0,30}(?:上调|下调|上修|下修|调高|调低|调降|调升|提高|降低)")
_CONTRASTED = re.compile(
    r"(?:从|由|自|低于|高于|少于|多于|超过|不及|逊于|优于|较|比|而非|而不是|相对于|降至|升至|增至|减至|跌至|涨至|到|至|于|与|和)\s?$"
)
_TO_FIGURE = re.compile(
    r"(?:(?:官方|政府|初步|最初)?(?:公布|发布|报告|录得|修正后|修订后)|高峰|峰值|[高低]点|顶峰|谷底|[高低]位|水平|水准|纪录)?[的之嘅]?\s?(?:约|近|大约|逾|超过|将近|不到|接近|至少|仅|的)?\s?"
)
_BASE_TO_FIGURE = re.compile(rf"(?:{_TO_FIGURE.pattern})(?:则|仅|只|尚|还)?(?:为|是|有)?(?:仅|约|近)?\s?")
_FLOW = re.compile(r"支出|投资|营收|收入|销售|产量|发行|融资|花费|投入|赤字|累计|借款|采购")
_UP_TO = re.compile(r"(?:到|至|截至|截止)\s?$")
_THAN_YEAR_BEFORE = re.compile(r"[比较](?:前一年|上一年|上年|去年同期|一年前)")
_REVISED_VALUE = re.compile(r"终值|修正值|修正后")
_IS = re.compile(r"(?:是|为|系|达|约|近|相当于)\s?$")
_IN_A_ROW = re.compile(
    r"连续\s?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?个?(?P<unit>周|月|季度?|年)"
    r"|(?P<mean>\d{1,2}|[二两三四五六七八九十])\s?周(?:移动)?(?:平均|均值)"
)
_BEFORE = re.compile("[之以]?前")
_AS_OF_ALONE = re.compile(r"\s*(?:截[至止]|在|到)?\s*[。)]?\s*")
_TWELVE_MONTHS = re.compile(r"(?:12|十二)个月.{0,2}$")
_NOW_CONTRAST = ("现", "现在", "目前", "如今", "当前", "眼下", "现时", "现今", "时下", "当下")


class SentenceTimes(FigureWords):
    """The times of one sentence, sorted by what they do, and the choice among them for each figure."""

    def __init__(
        self,
        visible: str,
        sentence: Sentence,
        figures: Sequence[DatedFigure],
        mentions: Sequence[TimeMention],
        *,
        today: date | None,
    ) -> None:
        super().__init__(visible, sentence, figures)
        self._today = today
        self._governing: list[TimeMention] = []
        self._speech: list[TimeMention] = []
        self._local: dict[int, TimeMention] = {}
        self._listed: dict[int, Period] = {}
        for mention in mentions:
            self._sort(mention)
        self._distribute()

    def _sort(self, mention: TimeMention) -> None:
        if mention.kind == "previous":
            if _REVISED_VALUE.search(self._visible, self._sentence.start, mention.start):
                return  # 终值3.8%，前值3.3%: an earlier reading of the same quarter
            clause = self._find_clause_of(mention.start)
            inside = [i for i, figure in enumerate(self._figures) if mention.end <= figure.start < clause.end]
            self._local.update(dict.fromkeys(inside, mention))
            return
        index = self._find_figure_after(mention)
        if self._is_of_saying(mention, index):
            return
        own = self._find_owner(mention, index)
        if own is not None:
            self._local[own] = mention
        elif mention.kind == "dated" and index is None and self._is_speech(mention):
            self._speech.append(mention)
        elif mention.kind not in ("base", "record"):
            self._governing.append(mention)

    def _is_of_saying(self, mention: TimeMention, index: int | None) -> bool:
        """Whether a time is when a figure was forecast, published or revised, not what it is about."""
        visible, end = self._visible, self._sentence.end
        past = mention.last is not None and self._today is not None and mention.last < self._today
        if mention.kind == "dated" and past and _FORECAST.match(visible, mention.end, end):
            return True
        if mention.kind == "open" and _EARLIER_SPEECH.match(visible, mention.start, end):
            return True
        if index is None:
            return False
        is_told = _IS.search(visible, max(0, mention.start - 3), mention.start) is not None  # 是上年度的2.5倍
        of_multiple = self._figures[index].unit == "ratio" and (mention.kind == "base" or is_told)
        return of_multiple or self._is_revision(mention, index, past=past)  # 约为去年同月的四倍 is said of this month

    def _find_owner(self, mention: TimeMention, index: int | None) -> int | None:
        """The one figure that a time belongs to: what it is compared with, or that it stands behind in brackets."""
        before = self._visible[max(self._sentence.start, mention.start - 5) : mention.start]
        is_contrast = mention.kind == "base" or (
            mention.kind == "now" and self._visible[mention.start : mention.end] in _NOW_CONTRAST
        )
        if index is not None and mention.kind != "open" and (is_contrast or _CONTRASTED.search(before)):
            return index
        behind = self._visible[mention.end : mention.end + 3].lstrip("止日的份")
        if not (before.endswith("(") and behind.startswith(")")):
            return None
        return next(
            (i for i, figure in enumerate(self._figures) if mention.start - 2 <= figure.end <= mention.start), None
        )

    def _is_speech(self, mention: TimeMention) -> bool:
        match = _SPEECH.match(self._visible, mention.end, self._sentence.end)
        return match is not None and not any(mention.end <= figure.start < match.end() for figure in self._figures)

    def _is_revision(self, mention: TimeMention, index: int, *, past: bool) -> bool:
        """从12月的2.4%上调至2.6% of a forecast: December is when it was made."""
        figure = self._figures[index]
        return (
            past
            and _REVISED.match(self._visible, figure.end, self._sentence.end) is not None
            and _FORECAST_WORD.search(self._visible, self._sentence.start, mention.start) is not None
        )

    def _find_figure_after(self, mention: TimeMention) -> int | None:
        """The figure that stands right after the mention, with 的 or a hedge between."""
        for index, figure in enumerate(self._figures):
            if figure.start >= mention.end:
                between = self._visible[mention.end : figure.start]
                pattern = _BASE_TO_FIGURE if mention.kind == "base" else _TO_FIGURE
                return index if len(between) <= 7 and pattern.fullmatch(between) else None
        return None

    def _distribute(self) -> None:
        """分别: as many times as figures, each its own."""
        shared: list[Period] = []
        matches = list(RESPECTIVELY.finditer(self._visible, self._sentence.start, self._sentence.end))
        for match, following in zip_longest(matches, matches[1:]):
            limit = following.start() if following else self._sentence.end
            indices = [
                index
                for index in list_row(self._visible, self._figures, match.end())
                if self._figures[index].start < limit
            ]
            # of a third figure behind a comma (…分别为2.9%和2.7%，核心为2.8%) no time is told
            for count in range(len(indices), 1, -1):
                own = self._expand_times(match.start(), count)
                shared = own or shared
                if len(shared) == count:
                    self._listed.update(zip(indices[:count], shared, strict=True))
                    break

    def _expand_times(self, before: int, count: int) -> list[Period]:
        mentions = [
            m
            for m in self._governing
            if m.end <= before
            and not self._is_hypothetical_condition(m)
            and m.first is not None
            and m.last is not None
            and m.kind == "dated"
        ]
        listed = mentions[-count:]
        if len(mentions) >= count and not any(
            listed[0].end <= figure.start < listed[-1].start for figure in self._figures
        ):
            return [_make_period(mention) for mention in listed]
        if mentions:
            last = mentions[-1]
            if last.first is None or last.last is None or last.fiscal:
                return []
            years = range(last.first.year, last.last.year + 1)
            is_whole = (last.first, last.last) == (date(years[0], 1, 1), date(years[-1], 12, 31))
            if is_whole and len(years) == count:
                return [Period(date(year, 1, 1), date(year, 12, 31), _make_period(last).basis) for year in years]
        return []

    def choose(self, index: int, last_sentence: Period) -> Period | None:
        """Return the period of a figure that its own sentence gives, None if it gives none.

        Args:
            index: the figure.
            last_sentence: what the last dated sentence spans, for 在此期间.
        """
        figure = self._figures[index]
        if index in self._local:
            is_unknown = (
                self._local[index].kind == "previous" and figure.is_daily and figure.unit != "index"
            )  # of a price: of which day is not said
            return UNKNOWN if is_unknown else _make_period(self._local[index])
        if index in self._listed:
            return self._listed[index]
        mention = self._find_governing(index)
        if mention is None:
            mention = self._find_following(figure)
        if mention is None or mention.kind == "open":
            return None if mention is None else UNKNOWN
        if mention.kind == "anaphor" and any(m.end <= mention.start and m.kind == "dated" for m in self._governing):
            return _make_period(mention)
        if mention.kind == "anaphor" and "期" in self._visible[mention.start : mention.end] and last_sentence.start:
            return (
                None
                if self.follows_from(index) or (index and self.follows_from(index - 1))
                else replace(last_sentence, basis="context")
            )
        return self._widen(mention, figure)

    def _find_governing(self, index: int) -> TimeMention | None:
        figure = self._figures[index]
        clause = self._find_clause(figure)
        candidates = [
            m
            for m in self._governing
            if m.end <= figure.start
            and not self._is_in_condition(m, figure, clause)
            and not (figure.is_daily and figure.modality == "actual" and self._is_ahead(m) and m.end < clause.start)
        ]
        if self.tells_chance(index):
            first = next(i for i in range(index + 1) if self.tells_chance(i))
            begun = self._find_clause(self._figures[first]).start
            candidates = [m for m in candidates if m.start >= begun or (m.is_day and not self._is_ahead(m))]
        dated = [m for m in candidates if m.kind != "now" and (m.kind != "open" or self._open_reaches(m, clause))]
        now = [m for m in self._governing if m.kind == "now" and not self._is_in_condition(m, figure, clause)]
        contrasting = [m for m in now if m.end <= figure.start and self._visible[m.start : m.end] in _NOW_CONTRAST]
        if (
            dated
            and contrasting
            and contrasting[-1].start > dated[-1].end
            and self._find_clause_of(contrasting[-1].start) != self._find_clause_of(dated[-1].start)
        ):
            return contrasting[-1]
        if dated:
            return self._find_main(dated, figure)
        if now and figure.modality == "actual":
            return now[-1]
        return None

    def _find_main(self, dated: Sequence[TimeMention], figure: DatedFigure) -> TimeMention:
        """The nearest; but after a semicolon the sentence is back at its main time, if it only looked back from that (7月修订为0.6%；…)."""
        nearest, main = dated[-1], dated[0]
        if figure.is_daily and not figure.is_change and _is_week(nearest):
            days = [m for m in dated if m.is_day]
            return days[-1] if days else nearest  # 截至周五收盘，标普全周上涨2.9%，报5686点
        if main.last is None or nearest.last is None or nearest.kind != "dated":
            return nearest
        is_back = self._visible.rfind(";", nearest.end, figure.start) >= 0
        is_further = nearest.first is not None and nearest.first > main.last  # 今年4.8%，明年4.2%；日本1.1%
        is_within = nearest.is_day and main.first is not None and main.first <= nearest.last <= main.last
        if is_back and self._is_ahead(nearest) and (is_further or is_within):
            return main
        if nearest.last >= main.last:
            return nearest
        alike = (
            nearest.first is not None
            and main.first is not None
            and (nearest.last - nearest.first).days + 4 > (main.last - main.first).days
        )
        return main if is_back and alike else nearest

    def _is_ahead(self, mention: TimeMention) -> bool:
        return self._today is not None and mention.first is not None and mention.first > self._today

    def _open_reaches(self, mention: TimeMention, clause: Span) -> bool:
        """之前 and the like govern their own clause; 过去一年 governs the sentence."""
        return (
            mention.start >= clause.start
            or "过去" in self._visible[mention.start : mention.end]
            or "未来" in self._visible[mention.start : mention.end]
        )

    def _is_in_condition(self, mention: TimeMention, figure: DatedFigure, clause: Span) -> bool:
        if figure.modality != "hypothetical" or mention.start >= clause.start:
            return False
        return (
            CONDITION.search(
                self._visible, self._find_clause_of(mention.start).start, self._find_clause_of(mention.start).end
            )
            is not None
        )

    def _is_hypothetical_condition(self, mention: TimeMention) -> bool:
        clause = self._find_clause_of(mention.start)
        return CONDITION.search(self._visible, clause.start, clause.end) is not None

    def _find_following(self, figure: DatedFigure) -> TimeMention | None:
        clause = self._find_clause(figure)
        limit = min([clause.end, *(other.start for other in self._figures if other.start >= figure.end)])
        after = [m for m in self._governing if figure.end <= m.start and m.kind in ("dated", "since")]
        if after and after[0].start < limit:
            return after[0]
        last = not any(other.start >= figure.end for other in self._figures)
        return after[0] if after and last and self._is_clause_of_its_own(after[0]) else None

    def _is_clause_of_its_own(self, mention: TimeMention) -> bool:
        """Whether a time is all that its clause says, as a translation puts it: …抹去了91万个岗位，截至今年3月的12个月."""
        clause = self._find_clause_of(mention.start)
        rest = self._visible[clause.start : mention.start] + self._visible[mention.end : clause.end]
        return _AS_OF_ALONE.fullmatch(rest) is not None

    def _widen(self, mention: TimeMention, figure: DatedFigure) -> Period:
        """A flow up to the end of a year, or a move before it, is that of the year, a growth over twelve months that of the last of them."""
        period = _make_period(mention)
        if (
            (figure.is_growth or figure.is_change)
            and figure.unit == "percent"
            and mention.last is not None
            and _TWELVE_MONTHS.search(self._visible, mention.start, mention.end)
        ):
            return replace(period, start=mention.last.replace(day=1))
        before = self._visible[max(self._sentence.start, mention.start - 3) : mention.start]
        closes_year = mention.is_day and mention.last is not None and (mention.last.month, mention.last.day) == (12, 31)
        is_flow = _UP_TO.search(before) and _FLOW.search(self._visible, mention.end, figure.start)
        is_move = figure.unit in ("count", "percentage_point") and _BEFORE.match(self._visible, mention.end)
        if closes_year and period.end and (is_flow or is_move):  # 年底前再降两次
            return replace(period, start=date(period.end.year, 1, 1))
        return self.count_back(self._figures.index(figure), period)

    def count_back(self, index: int, period: Period) -> Period:
        """连续三周 before a figure reaches back as many weeks as it says."""
        clause = self._find_clause(self._figures[index])
        match = _IN_A_ROW.search(self._visible, clause.start, self._figures[index].start)
        if match is None or period.start is None or period.end is None:
            return period
        length = (period.end - period.start).days
        count = parse_small(match["count"] or match["mean"])
        if (match["mean"] or match["unit"] == "周") and length == 6 and 1 < count < 100:
            return replace(period, start=period.start - timedelta(weeks=count - 1))
        return period

    def has_own_time(self, index: int) -> bool:
        """Whether a time stands between the figure before, if there is one, and this one."""
        figure = self._figures[index]
        start = self._figures[index - 1].end if index else self._sentence.start
        return index in self._local or any(
            start <= m.start and m.end <= figure.start and m.kind != "now" for m in self._governing
        )

    def has_time_at(self, index: int) -> bool:
        """Whether a time belongs to this figure alone (从9月的4.3%)."""
        return index in self._local or index in self._listed

    def find_year_before(self, index: int, levels: Sequence[Period]) -> Period | None:
        """Return for 比前一年多了… after a level of one day the year up to that day.

        Args:
            index: the figure.
            levels: the periods told before it, the newest last.
        """
        clause = self._find_clause(self._figures[index])
        if _THAN_YEAR_BEFORE.search(self._visible, clause.start, self._figures[index].start) is None:
            return None
        last = levels[-1].end if levels else None
        if last is None or levels[-1].start != last or levels[-1].basis == "article_date":
            return None
        begun, _ = shift_year((last, last))
        return Period(begun + timedelta(days=1), last, "context") if begun else None

    def find_pair(self, periods: Sequence[Period]) -> tuple[Period, Period] | None:
        """The two dates of 从7月初的…降至月底的…."""
        for index, mention in self._local.items():
            before = self._visible[max(0, mention.start - 2) : mention.start]
            if FROM.search(before) and index + 1 < len(periods) and periods[index].start and periods[index + 1].start:
                first, last = periods[index], periods[index + 1]
                if first.start != last.start:
                    return first, last
        return None

    def find_speech_day(self, index: int) -> Period | None:
        """The day of an announcement, for what is decided or begins with it."""
        figure = self._figures[index]
        for mention in reversed(self._speech):
            if mention.end <= figure.start and (
                not (mention.is_day or _is_week(mention)) or _DECIDES.search(self._visible, mention.end, figure.start)
            ):
                return _make_period(mention)
        return None

    def is_open(self, index: int) -> bool:
        """Whether an undated past or future governs the figure."""
        mention = self._find_governing(index)
        return mention is not None and mention.kind == "open"


def _is_week(mention: TimeMention) -> bool:
    return mention.first is not None and mention.last is not None and 3 <= (mention.last - mention.first).days <= 6


def _make_period(mention: TimeMention) -> Period:
    if mention.first is None or mention.last is None:
        return UNKNOWN
    basis = (
        "article_date"
        if mention.kind == "now"
        else "context"
        if mention.kind == "anaphor"
        else "relative"
        if mention.relative
        else "stated"
    )
    return Period(mention.first, mention.last, basis)
