"""Which stretch of time a figure speaks about: the expression of time that governs it, else what the sentences before told."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile
from typing import NamedTuple

from pipelines.reading.periods.calendars import shift_year
from pipelines.reading.periods.comparing import (
    LONGEST_REPORT,
    PEOPLE_AND_POSTS,
    find_before,
    find_start,
    is_alike,
    is_end_of,
    is_same,
    is_year_after,
    may_change_by,
    span,
)
from pipelines.reading.periods.dated_figures import UNKNOWN, DatedFigure, Period
from pipelines.reading.periods.dates import TimeMention, find_time_mentions
from pipelines.reading.periods.relative_dates import NEAR_AHEAD, TimeContext
from pipelines.reading.periods.sentence_times import SentenceTimes
from pipelines.reading.sentences import Sentence

_CARRY_SENTENCES = 3
_CARRY_FIGURES = 24
_REPORT_SENTENCES = 8
_REPORT_NAME = re.compile(
    r"[^,;。\n\d]{0,10}?(?:非农|CPI|PPI|PCE|GDP|PMI|通[胀膨]|物价|就业|失业|零售|财报|业绩|季报|成绩单|成绩|营收|报告|数据|进出口|[进出]口|赤字|资本流动|成屋|新屋|贸易)",
    re.IGNORECASE,
)
_REPORT_NAME_BEFORE = re.compile(
    r"(?:摘要|报告|形势|[月季快简]报|公报|数据|统计|概况|GDP|CPI|收支)[\s(:—-]{1,3}$", re.IGNORECASE
)
_SHORTEST_YEAR, _FISCAL_START = 360, 10  # days; the month in which the federal government's year begins
_HEADING = ""  # the unit of what stands for a heading among the figures
_SHORTEST_REPORT = 27  # days from first to last: a month


class _Dated(NamedTuple):
    """A figure whose period is known, and the number of its sentence."""

    figure: DatedFigure
    period: Period
    number: int


class PeriodReader:
    """Reads the periods of one article's figures, sentence by sentence in order.

    Args:
        visible: the article's own text, normalised.
        article_day: the day on which it appeared, None if unknown.
        fiscal_year_end: for the offset of a fiscal year, the month in which it ends.
    """

    def __init__(self, visible: str, article_day: date | None, fiscal_year_end: Callable[[int], int]) -> None:
        self._visible = visible
        self._today = article_day if article_day and 1900 <= article_day.year <= 2200 else None
        self._context = TimeContext(self._today, fiscal_year_end)
        self._dated: list[_Dated] = []  # of this paragraph, the newest last
        self._report: _Dated | None = None
        self._report_used = 0  # the number of the last sentence that went on with it
        self._budget: _Dated | None = None  # the fiscal year whose accounts the text goes through
        self._stock: _Dated | None = None  # the last day of a month or quarter for which it tells what is outstanding
        self._under_heading = False
        self._of_paragraph = range(0)  # the numbers of the sentences of this paragraph
        self._paragraph = -1
        self._pair: tuple[Period, Period] | None = None
        self._number = 0
        self._read_last: tuple[Sentence | None, list[TimeMention]] = (None, [])

    def read_sentence(self, sentence: Sentence, figures: Sequence[DatedFigure]) -> list[Period]:
        """Return the period of each figure of the sentence; without figures, only note the times that it tells.

        Args:
            sentence: the next sentence of the article.
            figures: its figures in order.
        """
        self._number += 1
        if self._report and self._number - max(self._report.number, self._report_used) > _REPORT_SENTENCES:
            self._report = None
        if sentence.paragraph != self._paragraph:
            self._context.told_in_paragraph = False
        told_day = self._context.newest_day
        report = self._report.period if self._report is not None else UNKNOWN
        self._context.report = (report.start, report.end) if report.start and report.end else None
        mentions = find_time_mentions(self._visible, sentence.start, sentence.end, self._context)
        self._read_last = (sentence, mentions)
        if sentence.paragraph != self._paragraph:
            self._dated, self._pair, self._paragraph = [], None, sentence.paragraph
            is_under_heading = (
                self._report is not None and self._report.number == self._number - 1 and self._under_heading
            )
            self._of_paragraph = range(self._number - is_under_heading, self._number)
            self._under_heading = False
        self._of_paragraph = range(self._of_paragraph.start, self._number + 1)
        if sentence.kind == "heading" or sentence.paragraph == 0:
            self._note_heading(mentions)
        if not figures:
            return []
        self._dated = [
            dated for dated in self._dated[-_CARRY_FIGURES:] if self._number - dated.number <= _CARRY_SENTENCES
        ]
        choice = SentenceTimes(self._visible, sentence, figures, mentions, today=self._today)
        periods = self._fill(figures, choice, told_day)
        dated = [
            _Dated(figure, period, self._number)
            for figure, period in zip(figures, periods, strict=True)
            if period.start is not None and period.basis != "article_date"
        ]
        if dated:
            self._pair = choice.find_pair(periods) or (self._pair if self._dated else None)
            self._dated += dated
        self._note_report(figures, periods, choice)
        return periods

    def date_statements(
        self, sentence: Sentence, statements: Sequence[DatedFigure], since: Sequence[date | None]
    ) -> list[Period]:
        """Return the period of each statement of a sentence, from its own times alone; nothing is noted for later figures.

        Args:
            sentence: the sentence read last, or one without figures.
            statements: where the words stand that carry its statements, in order.
            since: for each the day that a record reaches back to, which is not its period.
        """
        read_last, mentions = self._read_last
        if read_last is not sentence:
            mentions = find_time_mentions(self._visible, sentence.start, sentence.end, replace(self._context))
        choice = SentenceTimes(self._visible, sentence, statements, mentions, today=self._today)
        return [
            self._date_statement(choice, index, statement, first)
            for index, (statement, first) in enumerate(zip(statements, since, strict=True))
        ]

    def _date_statement(self, choice: SentenceTimes, index: int, statement: DatedFigure, since: date | None) -> Period:
        period = choice.choose(index, UNKNOWN) or choice.find_speech_day(index)
        if period is None or (since is not None and period.start is not None and period.start <= since):
            return self._fall_back(statement)
        if period.start is None or period.end is None or self._today is None or period.start <= self._today:
            return period
        is_near_day = period.start == period.end and (period.start - self._today).days <= NEAR_AHEAD  # 自12月1日起停止
        if statement.modality != "actual" or period.basis != "relative" or is_near_day:
            return period
        # What has happened is not ahead: the month named is that of the year before.
        first, last = shift_year((period.start, period.end))
        return replace(period, start=first, end=last)

    def _list_last_sentence(self) -> list[Period]:
        """The periods of the last sentence that dated a figure."""
        return [dated.period for dated in self._dated if dated.number == self._dated[-1].number]

    def _fill(self, figures: Sequence[DatedFigure], choice: SentenceTimes, told_day: date | None) -> list[Period]:
        """The period of each figure: by its own sentence, else by what the context offers, else by the article's day."""
        filled: list[Period] = []
        last_sentence = span(self._list_last_sentence())
        for index, figure in enumerate(figures):
            period = choice.choose(index, last_sentence)
            if figure.is_change and not choice.has_own_time(index):
                period = self._span_levels(figures, filled, choice) or period
            if choice.tells_aim(index) and not choice.has_own_time(index):
                period = UNKNOWN
            if period is None:
                period = (
                    self._carry(figure, choice, index)
                    or (filled[-1] if choice.goes_on_from_last(index) and filled[-1].start else None)
                    or choice.find_speech_day(index)
                    or self._find_trading_day(figure, told_day)
                )
            if period is None and not choice.is_open(index):
                days = [
                    other for other in filled if other.basis == "context" and other.start and other.start == other.end
                ]
                period = days[-1] if days else None
            is_yield = figure.is_daily and figure.unit == "percent"
            is_own = choice.has_own_time(index) if is_yield else choice.has_time_at(index)
            if period is not None and choice.starts_from(index) and not is_own:
                period = find_before(period) or period
            filled.append(period or self._fall_back(figure))
        return filled

    def _span_levels(
        self, figures: Sequence[DatedFigure], filled: Sequence[Period], choice: SentenceTimes
    ) -> Period | None:
        """A change told after two levels of different dates runs from the first to the last; 比前一年 is the year up to the level."""
        index = len(filled)
        carried = [(dated.figure, dated.period) for dated in self._dated]
        before = list(zip(figures[:index], filled, strict=True))
        year = choice.find_year_before(index, [period for _, period in [*carried, *before]])
        if year is not None:
            return year
        levels = [period for figure, period in [*carried, *before] if not figure.is_change and period.start]
        months = choice.count_months_back(index)
        if months and levels and is_end_of(levels[-1], months):
            return Period(find_start(levels[-1], months), levels[-1].end, "context")
        if choice.tells_growth(index) or figures[index].is_daily:
            return None
        if index and figures[index - 1].is_change and filled[-1].basis == "context":
            return filled[-1]
        unit = figures[index].unit
        told = [*carried, *before]
        since_change = list(takewhile(lambda one: not one[0].is_change, reversed(told)))[::-1]
        levels = [
            period
            for figure, period in since_change
            or told  # 减少5.1%，为3,404亿；出口增0.1%: the change of something else came between
            if not figure.is_change and period.start and may_change_by(figure.unit, unit)
        ][-2:]
        # 5.1% between amounts is the change between them only where it stands beside them; elsewhere it is a growth of its own.
        is_told_here = any(figure.unit != figures[index].unit and not figure.is_change for figure in figures[:index])
        if (
            len(levels) < 2
            or (figures[index].unit == "percent" and not is_told_here)
            or is_year_after(levels[0], levels[1])
            or levels[0].start == levels[1].start
            or any(level.basis == "article_date" for level in levels)
        ):
            return None
        return replace(span(levels), basis="context")

    def _carry(self, figure: DatedFigure, choice: SentenceTimes, index: int) -> Period | None:
        """What the sentences before dated, if this one goes on about it."""
        if choice.is_open(index):
            return None
        if choice.is_item(index) or not (self._dated and self._goes_on(figure, choice, index)):
            return self._find_frame(figure, choice, index)
        if figure.modality == "hypothetical" and choice.has_condition(index):
            return None
        if self._pair is not None and figure.unit == self._dated[-1].figure.unit:
            return self._share_pair(self._pair, choice, index)
        alike = [dated for dated in self._dated if self._may_share(dated, figure) and _fits_day(dated, figure)]
        if not choice.points_back(index):
            alike = [dated for dated in alike if not self._reaches_to_today(dated)]
        alike = [dated for dated in alike if dated.figure.modality == figure.modality] or alike
        levels = [dated for dated in alike if dated.figure.is_change <= figure.is_change]
        for dated in reversed(levels or alike):
            period = self._find_frame(figure, choice, index) if self._looked_back(dated) else None
            if period is None and figure.is_linked and not figure.is_daily and self._looked_back(dated):
                period = replace(self._report.period, basis="context") if self._report else None  # 低于预期的3.0%
            return period or replace(choice.count_back(index, dated.period), basis="context")
        return self._find_frame(figure, choice, index)

    def _reaches_to_today(self, dated: _Dated) -> bool:
        """Whether a figure was told of all the time since a day (自1月以来已减少…), which is its own."""
        first, last = dated.period.start, dated.period.end
        if first is None or last is None or last != self._today:
            return False
        return (last - first).days > _SHORTEST_REPORT

    def _looked_back(self, dated: _Dated) -> bool:
        """Whether a figure is of a stretch before that of the report in this paragraph: its time holds for itself only."""
        report = self._report
        if report is None or report.number not in self._of_paragraph or report.period.start is None:
            return False
        first, last = dated.period.start, dated.period.end
        if dated.figure.is_change and first is not None and first < report.period.start:
            return True
        return last is not None and last < report.period.start

    def _find_frame(self, figure: DatedFigure, choice: SentenceTimes, index: int) -> Period | None:
        """The month, quarter or week of the report that the text gives figures of, for its further figures.

        In the paragraph that opens the report these are all but stocks that have a series of their own (debt), after it only changes,
        growths and counts of people and posts.
        """
        report, budget, stock = self._report, self._budget, self._stock
        if figure.modality == "actual" and not figure.is_change:
            if figure.is_flow and budget is not None and self._number - budget.number <= _REPORT_SENTENCES:
                return replace(budget.period, basis="context")
            is_stock = choice.tells_stock(index) or choice.is_item(index)
            if stock is not None and self._number - stock.number <= _REPORT_SENTENCES and is_stock:
                return replace(stock.period, basis="context")
        if report is None or figure.modality != "actual" or figure.is_daily or choice.tells_chance(index):
            return None
        counts_people = figure.unit == "count" and (figure.noun is None or PEOPLE_AND_POSTS.search(figure.noun))
        is_growth = figure.is_change or choice.tells_growth(index) or choice.tells_part_of_growth(index)
        is_statistic = is_growth or choice.tells_rate(index) or counts_people
        is_near = self._number - report.number <= _CARRY_SENTENCES
        goes_on = is_near and figure.unit in ("USD", "count") and is_alike(report.figure, figure)
        is_told_here = report.number in self._of_paragraph or any(
            dated.figure.unit == figure.unit and is_same(dated.period, report.period) for dated in self._dated
        )
        in_paragraph = goes_on or (is_told_here and not figure.is_linked)
        is_result = figure.is_result and report.figure.unit == _HEADING
        if is_result or is_statistic or figure.is_growth or (in_paragraph and not choice.turns_elsewhere()):
            self._report_used = self._number
            return replace(report.period, basis="context")
        return None

    def _note_heading(self, mentions: Sequence[TimeMention]) -> None:
        """A heading that names a report with its month or quarter (美国8月非农, 英伟达第三财季财报) opens it."""
        for mention in mentions:
            if mention.kind != "dated" or mention.first is None or mention.last is None or mention.is_day:
                continue
            is_over = self._today is not None and mention.last < self._today
            is_stretch = _SHORTEST_REPORT <= (mention.last - mention.first).days <= LONGEST_REPORT
            is_named = _REPORT_NAME.match(self._visible, mention.end) or _REPORT_NAME_BEFORE.search(
                self._visible, max(0, mention.start - 8), mention.start
            )
            if is_over and is_stretch and is_named:
                period = Period(mention.first, mention.last, "context")
                placeholder = DatedFigure(mention.start, mention.end, _HEADING, None, True, False, False, "actual")
                self._report = _Dated(placeholder, period, self._number)
                self._under_heading = True

    def _note_report(self, figures: Sequence[DatedFigure], periods: Sequence[Period], choice: SentenceTimes) -> None:
        """The newest month, quarter or week of which the text gives statistics is that of its report."""
        for index, (figure, period) in enumerate(zip(figures, periods, strict=True)):
            if period.basis not in ("stated", "relative") or period.start is None or period.end is None:
                continue
            if (
                figure.is_flow
                and (period.end - period.start).days > _SHORTEST_YEAR
                and period.start.month == _FISCAL_START
            ):
                self._budget = _Dated(figure, period, self._number)
            is_stock = figure.is_linked and figure.unit == "USD" and not figure.is_daily and figure.modality == "actual"
            if is_stock and period.start == period.end and (period.end + timedelta(days=1)).day == 1:
                self._stock = _Dated(figure, period, self._number)
            is_statistic = figure.is_linked or figure.is_change or choice.tells_growth(index)
            if figure.is_daily or figure.modality != "actual" or not is_statistic:
                continue
            is_stretch = _SHORTEST_REPORT <= (period.end - period.start).days <= LONGEST_REPORT
            if is_stretch and (self._report is None or self._is_newer(period, self._report.period)):
                self._report = _Dated(figure, period, self._number)

    @staticmethod
    def _is_newer(period: Period, report: Period) -> bool:
        """Whether a report is to be taken for a newer one than that before; a week in a report of a month is none."""
        if period.start is None or period.end is None or report.start is None or report.end is None:
            return False
        is_shorter = (period.end - period.start).days + 14 < (report.end - report.start).days
        return period.end >= report.end and not is_shorter

    def _share_pair(self, pair: tuple[Period, Period], choice: SentenceTimes, index: int) -> Period:
        """After 从7月初的…降至月底的…: another 从…降至… has the same two days, a change the time between them."""
        if choice.follows_from(index):
            return replace(pair[0], basis="context")
        if index and choice.follows_from(index - 1):
            return replace(pair[1], basis="context")
        return replace(span(pair), basis="context")

    def _goes_on(self, figure: DatedFigure, choice: SentenceTimes, index: int) -> bool:
        """Whether the sentence speaks on about what was dated: a metric, the same things counted, the same growth, or 这, 其中."""
        if self._pair is not None or choice.points_back(index) or choice.tells_growth(index):
            return True
        if figure.is_linked and any(dated.figure.is_linked for dated in self._dated):
            return True
        newest = self._dated[-1].number
        if figure.is_change and figure.unit == "percent" and self._dated[-1].figure.is_daily:
            return self._number - newest <= 1
        return figure.unit == "count" and any(
            dated.number == newest and is_alike(dated.figure, figure) for dated in self._dated
        )

    def _may_share(self, dated: _Dated, figure: DatedFigure) -> bool:
        """Figures of one unit share a period; so do statistics of a month (jobs and the jobless rate), prices of a day not."""
        if is_alike(dated.figure, figure):
            return True
        return (
            dated.figure.is_linked
            and figure.is_linked
            and {dated.figure.unit, figure.unit} == {"count", "percent"}
            and not (dated.figure.is_daily or figure.is_daily or dated.figure.is_change)
        )

    def _find_trading_day(self, figure: DatedFigure, told_day: date | None) -> Period | None:
        """A closing price without a day is that of the day told last, if that is close to the article's."""
        if not figure.is_daily or told_day is None or self._today is None:
            return None
        basis = "article_date" if told_day == self._today else "context"
        return Period(told_day, told_day, basis) if 0 <= (self._today - told_day).days <= 7 else None

    def _fall_back(self, figure: DatedFigure) -> Period:
        """A statement without any time is one of the article's day; a forecast without one stays open."""
        if figure.modality != "actual" or self._today is None:
            return UNKNOWN
        return Period(self._today, self._today, "article_date")


def _fits_day(dated: _Dated, figure: DatedFigure) -> bool:
    """Whether a price of a day takes its day from another, and what is no price of a day no day from one."""
    one, other = dated.figure.is_daily, figure.is_daily
    first, last = dated.period.start, dated.period.end
    is_day = first == last
    is_week = first is not None and last is not None and (last - first).days == 6
    if not other:
        return not (one and is_day) or figure.is_change
    return is_day or (figure.is_change and (one or (dated.figure.is_change and not is_week)))
