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
from pipelines.reading.modality import find_modality
from pipelines.reading.periods import PeriodReader
from pipelines.reading.periods.sentence_times import DatedFigure, Period
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, split_sentences
from pipelines.reading.speakers import SpeakerReader
from pipelines.reading.statements import StatementFinder
from pipelines.reading.statements.statement import Statement

_DECIDES = re.compile("宣布|决定|决议|议决")
_EXPECTED = re.compile(
    r"预期|预测|预估|预计|估计值|目标|原先|原本|展望|(?<![资材原燃饮塑饲布染肥史颜涂辅香调意])料(?=.?(?:19|20)\d\d年|.?\d{1,2}月)"
)
_ESTIMATED = re.compile(r"[估推测]计|[估推测预]算|预估")
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
    # Only paragraphs with figures, and the one before each, can say anything of a figure.
    paragraphs = {sentences[number].paragraph for number in by_sentence}
    for number, sentence in enumerate(sentences):
        figures = by_sentence.get(number, [])
        links: list[Link] = []
        if sentence.paragraph in paragraphs or sentence.paragraph + 1 in paragraphs:
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
                is_daily=link.daily or figure.unit == "index",
            )
            for figure, link, modality in zip(figures, links, modalities, strict=True)
        ]
        periods = self._period_reader.read_sentence(sentence, dated)
        for figure, modality, link, period, speaker in zip(figures, modalities, links, periods, speakers, strict=True):
            settled = self._settle_modality(modality, sentence, figure.start, period)
            hedge = find_hedge(self._normalised, figure, self._text)
            self.figures.append(FoundFigure(figure, sentence, hedge, settled, link, period, speaker))
        return links

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

        An estimate (估计), which can be one of the present, is a projection where the time is still to come.
        """
        published_on, ended_on = self._published_on, period.end
        if modality == "actual" and published_on is not None and period.start is not None:
            is_ahead = period.start > published_on and _ESTIMATED.search(self._visible, sentence.start, place)
            return "projection" if is_ahead else modality
        if modality != "projection" or published_on is None or ended_on is None or ended_on >= published_on:
            return modality
        start = sentence.start
        clause_start = max(start, *(self._visible.rfind(mark, start, place) for mark in ",;:。"))
        foretold = _FORETOLD.search(self._visible, max(start, clause_start - 12), min(clause_start + 1, place))
        return modality if foretold or _EXPECTED.search(self._visible, clause_start, place) else "actual"


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
