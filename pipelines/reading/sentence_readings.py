"""Reads an article sentence by sentence: each figure and statement with its metric, period, modality and speaker."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from pipelines.reading.hedges import Hedge, find_hedge
from pipelines.reading.metrics import MetricLinker
from pipelines.reading.metrics.governing import Link
from pipelines.reading.metrics.lexicon import COMPANY, read_lexicon
from pipelines.reading.modality import find_modality
from pipelines.reading.periods import PeriodReader
from pipelines.reading.periods.dated_figures import DatedFigure, Period
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, split_sentences
from pipelines.reading.speakers import SpeakerReader
from pipelines.reading.statements import StatementFinder
from pipelines.reading.statements.statement import Statement

_DECIDES = re.compile("宣布|决定|决议|议决")
# What is priced and traded every day, and how a trading day begins and ends.
_MARKET = re.compile(
    r"收[涨跌盘报于高低]|市值|[开早午尾]盘|盘[中初前后]|日内|期货|现货|收益率|殖利率|债息|股价|[美股]股|[道纳标恒沪]指|标普|那斯达克|纳斯达克|道琼|罗素2000|(?:半导体|综合|加权)指数|股指|美元指数|美汇|恐慌指数"
    r"|兑美元|美元兑|汇率|[金油币铜银]价|原油|黄金(?!等|制品|进口|储备|首饰)|布伦特|布兰特|WTI|比特币"
)
_LONGER = re.compile(
    r"[全今去上本前]年|年初|[本上当][月季周]|[0-9]+年(?!期)|累计|以来|[一二三四]季度?|季报|财报|[0-9]月(?!期货|合约|交割)(?:份)?[^0-9日]"
)
_MOVES = re.compile("[涨跌升挫扬](?:逾|近|约|超)?$")
_SHARE_MOVES = re.compile(
    r"(?:\([^()]{1,12}\))?(?:股价|盘后|绩后|盘前|昨|今|早盘|盘中|收盘|一度)*[大劲急重微收再续飙暴猛]?[涨跌升挫扬](?:逾|近|约|超)?"
)
_MARKET_REACH = 40
_FAR_AHEAD = 92  # days
_SHORTEST_YEAR, _NEARLY_OVER = 360, 14  # days
_EXPECTED = re.compile(
    r"预期|预测|预估|预计|估计值|指引|以为|目标|原先|原本|展望|(?<![资材原燃饮塑饲布染肥史颜涂辅香调意])料(?=.?(?:19|20)\d\d年|.?\d{1,2}月)"
)
_ESTIMATED = re.compile(r"[估推测]计|[估推测预]算|预估")
_RESTATES = re.compile(r"[,;:。]?\s?(?:占|相当于|约合?|即|较|比|高于|低于|多于|少于)")  # 赤字将达1.9万亿，占GDP的6.2%
_FORETOLD = re.compile(r"(?:预期|预测|预估|预计|展望)(?:报告|模型)?(?:显示|认为|称|指出|,|:)+$")


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure with what the article says of it."""

    quantity: Quantity
    sentence: Sentence
    hedge: Hedge
    modality: str
    link: Link
    period: Period
    speaker: str | None


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement without a magnitude, with what the article says of it."""

    statement: Statement
    sentence: Sentence
    modality: str
    period: Period
    speaker: str | None


class Found(NamedTuple):
    """All that an article claims, in the order of the text."""

    figures: list[FoundFigure]
    statements: list[FoundStatement]


def read_sentences(
    text: str, published_on: date | None, normalised: str, visible: str, quantities: Sequence[Quantity]
) -> Found:
    """Return what each figure measures and each statement says, when, how firmly and by whom.

    Args:
        text: the article's text as it is read.
        published_on: its day, None if unknown.
        normalised: the text, normalised, furniture blanked.
        visible: the same in lower case, with one kind of comma.
        quantities: its figures in order.
    """
    reader = _ArticleReader(text, published_on, normalised, visible)
    sentences = split_sentences(visible)
    by_sentence = _group_by_sentence(sentences, quantities)
    # Only paragraphs with figures, the one before each, and headings can say anything of a figure.
    paragraphs = {sentences[number].paragraph for number in by_sentence}
    for number, sentence in enumerate(sentences):
        figures = by_sentence.get(number, [])
        links: list[Link] = []
        is_near = sentence.paragraph in paragraphs or sentence.paragraph + 1 in paragraphs
        if is_near or sentence.paragraph == 0 or sentence.kind == "heading":
            links = reader.read_figures(sentence, figures)
        reader.read_statements(sentence, figures, links)
    return Found(_date_headings(reader.figures), reader.statements)


class _ArticleReader:
    """Reads one article, sentence by sentence in order."""

    def __init__(self, text: str, published_on: date | None, normalised: str, visible: str) -> None:
        self._text = text
        self._published_on = published_on
        self._normalised = normalised
        self._visible = visible
        self._linker = MetricLinker(visible)
        self._speaker_reader = SpeakerReader(text, visible)
        self._period_reader = PeriodReader(visible, published_on, self._linker.find_fiscal_year_end)
        self._statement_finder = StatementFinder(self._linker.mentions, published_on)
        self.figures: list[FoundFigure] = []
        self.statements: list[FoundStatement] = []

    def read_figures(self, sentence: Sentence, figures: Sequence[Quantity]) -> list[Link]:
        """Read the figures of the next sentence and return what each measures."""
        speakers = self._speaker_reader.find_speakers(sentence, figures)
        links = self._linker.link_sentence(sentence, figures, speakers)
        if not figures:
            self._period_reader.read_sentence(sentence, [])
            return links
        modalities = [
            _find_modality(self._normalised, sentence, figure, link)
            for figure, link in zip(figures, links, strict=True)
        ]
        dated = [
            DatedFigure(
                start=figure.start,
                end=figure.end,
                unit=figure.unit,
                noun=figure.noun,
                modality=modality,
                is_linked=bool(link.metric or link.relates_to),
                is_change=link.is_change,
                is_growth=link.is_growth,
                is_flow=link.is_flow,
                is_result=_is_of_company(link),
                is_daily=link.daily or link.decided or figure.unit == "index" or self._is_of_market(sentence, figure),
            )
            for figure, link, modality in zip(figures, links, modalities, strict=True)
        ]
        periods = self._period_reader.read_sentence(sentence, dated)
        for figure, modality, link, period, speaker in zip(figures, modalities, links, periods, speakers, strict=True):
            settled = self._settle_modality(modality, sentence, figure.start, period)
            if settled == "actual" and link.is_growth and _is_unfinished_year(period, self._published_on):
                settled = "projection"
            hedge = find_hedge(self._normalised, figure, self._text)
            self.figures.append(FoundFigure(figure, sentence, hedge, settled, link, period, speaker))
        return links

    def _is_of_market(self, sentence: Sentence, figure: Quantity) -> bool:
        """Whether a figure is a price of a market or its move on a day: by the words of its clause and the one before."""
        start = max(sentence.start, figure.start - _MARKET_REACH)
        found = None
        for found in _MARKET.finditer(self._visible, start, figure.start):  # noqa: B007  the last one is wanted
            pass
        if found is None:
            return self._is_of_share(sentence, figure)
        clause_start = max(start, self._visible.rfind(",", start, found.start()) + 1)
        return _LONGER.search(self._visible, clause_start, figure.start) is None

    def _is_of_share(self, sentence: Sentence, figure: Quantity) -> bool:
        """Whether a percentage is by how much a company's share moved on a day: 辉达涨2.2%."""
        if figure.unit != "percent" or not _MOVES.search(self._visible, max(0, figure.start - 3), figure.start):
            return False
        start = max(sentence.start, *(self._visible.rfind(mark, sentence.start, figure.start) + 1 for mark in ",;:"))
        named = read_lexicon().subject_pattern.match(self._visible, start, figure.start)
        if named is None or all(one.kind != COMPANY for one in read_lexicon().subjects.get(named.group(), ())):
            return False
        return _SHARE_MOVES.fullmatch(self._visible, named.end(), figure.start) is not None

    def read_statements(self, sentence: Sentence, figures: Sequence[Quantity], links: Sequence[Link]) -> None:
        """Read the statements of the sentence whose figures were read last, or of one without figures."""
        statements = self._statement_finder.find_statements(sentence, figures, links)
        if not statements:
            return
        words = [statement.word for statement in statements]
        speakers = self._speaker_reader.find_speakers(sentence, words, of_statements=True)
        modalities = [find_modality(self._normalised, (sentence.start, sentence.end), word) for word in words]
        dated = [
            DatedFigure(
                word.start, word.end, "", None, is_linked=True, is_change=False, is_daily=False, modality=modality
            )
            for word, modality in zip(words, modalities, strict=True)
        ]
        since = [statement.since for statement in statements]
        periods = self._period_reader.date_statements(sentence, dated, since)
        for statement, modality, period, speaker in zip(statements, modalities, periods, speakers, strict=True):
            settled = self._settle_modality(modality, sentence, statement.word.start, period)
            self.statements.append(FoundStatement(statement, sentence, settled, period, speaker))

    def _settle_modality(self, modality: str, sentence: Sentence, place: int, period: Period) -> str:
        """What lies wholly before the article is actual, whatever 将 a translation put in; what was expected stays a projection.

        An estimate (估计), which can be one of the present, is a projection where the time is still to come; so is whatever is said
        of a time far ahead, whether a word says so or not.
        """
        published_on, ended_on = self._published_on, period.end
        if modality == "actual" and published_on is not None and period.start is not None:
            is_far_ahead = (period.start - published_on).days > _FAR_AHEAD and period.basis != "context"
            is_far_ahead = is_far_ahead or _is_long_ahead(period, published_on)
            is_estimate = period.start > published_on and _ESTIMATED.search(self._visible, sentence.start, place)
            return "projection" if is_far_ahead or is_estimate else modality
        if modality != "projection" or published_on is None or ended_on is None or ended_on >= published_on:
            return modality
        start = sentence.start
        clause_start = max(start, *(self._visible.rfind(mark, start, place) for mark in ",;:。"))
        if _RESTATES.match(self._visible, clause_start):
            clause_start = max(start, self._visible.rfind(";", start, place) + 1)
        foretold = _FORETOLD.search(self._visible, max(start, clause_start - 12), min(clause_start + 1, place))
        return modality if foretold or _EXPECTED.search(self._visible, clause_start, place) else "actual"


def _is_of_company(link: Link) -> bool:
    """Whether a figure is what a company's results tell, or a change of it."""
    metric = read_lexicon().metrics.get(link.metric or link.relates_to or "")
    return metric is not None and metric.subject == COMPANY


def _is_unfinished_year(period: Period, published_on: date | None) -> bool:
    """Whether a stated year still runs: its growth can only be a forecast."""
    if published_on is None or period.start is None or period.end is None or period.basis != "stated":
        return False
    return (period.end - period.start).days > _SHORTEST_YEAR and (period.end - published_on).days > _NEARLY_OVER


def _is_long_ahead(period: Period, published_on: date) -> bool:
    """Whether a stretch of several years lies ahead but for its first."""
    if period.start is None or period.end is None or period.basis == "context":
        return False
    return period.start.year >= published_on.year and period.end.year > published_on.year + 1


def _group_by_sentence(sentences: Sequence[Sentence], quantities: Sequence[Quantity]) -> dict[int, list[Quantity]]:
    starts = [sentence.start for sentence in sentences]
    grouped: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        grouped.setdefault(max(0, bisect_right(starts, quantity.start) - 1), []).append(quantity)
    return grouped


def _find_modality(normalised: str, sentence: Sentence, figure: Quantity, link: Link) -> str:
    """What an authority has announced or decided (a target range) is actual, though 将 stands before it."""
    modality = find_modality(normalised, (sentence.start, sentence.end), figure)
    if modality == "projection" and link.decided and _DECIDES.search(normalised, sentence.start, figure.start):
        return "actual"
    return modality


def _date_headings(found: list[FoundFigure]) -> list[FoundFigure]:
    """A figure in a heading without a time of its own takes that of the first such figure in the text under it."""
    dated: list[FoundFigure] = []
    for number, item in enumerate(found):
        if (
            item.sentence.kind == "heading"
            and item.period.basis in (None, "article_date")
            and item.modality != "hypothetical"
        ):
            body = [
                other
                for other in found[number + 1 : number + 40]
                if other.sentence.kind != "heading"
                and other.quantity.unit == item.quantity.unit
                and other.period.basis not in (None, "article_date")
            ]
            same = [other for other in body if other.quantity.low == item.quantity.low] or [
                other for other in body if other.sentence.paragraph == item.sentence.paragraph + 1
            ]
            if same:
                dated.append(replace(item, period=replace(same[0].period, basis="context")))
                continue
        dated.append(item)
    return dated
