"""分别: of several figures in a row, which of the words listed before them each belongs to."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from pipelines.reading.enumerations import RESPECTIVELY, list_row
from pipelines.reading.metrics.mentions import ArticleMentions, Mention, SubjectMention
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span

_Listed = TypeVar("_Listed", Mention, SubjectMention)

# 均低于市场预期的3.1%与3.0%: what was expected of the figures before, in their order
_ALL_AGAINST = re.compile(
    r"(?:分别|均|都|皆|双双)[^,;。\d]{0,8}?(?:预期|预估|预测|共识|前值|前月|上月|前期|初值)[^,;。\d]{0,4}"
)
_BETWEEN_WORDS = re.compile(r"[^,;。\d]{0,8}?[、和及与跟][^,;。\d]{0,8}")
_TO_MARK = re.compile(r"[^,;。\d]{0,14}")


class RespectiveWords:
    """What the figures of one sentence are shared out among.

    Args:
        article: the words of the whole article.
        sentence: the sentence.
        figures: its figures in order.

    Attributes:
        measures: where a figure begins -> the word of the measure that is its own.
        listed: where such a word begins -> the stretch of the list that is about it.
        owners: where a figure begins -> the owner that is its own.
        twins: where a figure begins -> where the earlier figure begins that measures the same.
    """

    def __init__(self, article: ArticleMentions, sentence: Sentence, figures: Sequence[Quantity]) -> None:
        self._visible = article.visible
        self._figures = figures
        self.measures: dict[int, Mention] = {}
        self.listed: dict[int, Span] = {}
        self.owners: dict[int, SubjectMention] = {}
        self.twins: dict[int, int] = {}
        if len(figures) < 2:
            return
        for mark in _ALL_AGAINST.finditer(self._visible, sentence.start, sentence.end):
            row = self._list_row(mark.end())
            before = [figure.start for figure in figures if figure.end <= mark.start()][-len(row) :]
            if 2 <= len(row) == len(before):
                self.twins.update(zip(row, before, strict=True))
        for mark in RESPECTIVELY.finditer(self._visible, sentence.start, sentence.end):
            row = self._cut_row(self._list_row(mark.end()), article)
            measures = self._list_words(article.list_measures(sentence.start, mark.start()), mark.start())
            if 2 <= len(measures) <= len(row):
                self.measures.update(_share(row, measures))
                bounds = [measures[0].start, *(word.end for word in measures[:-1]), mark.start()]
                self.listed.update(
                    {word.start: Span(*span) for word, span in zip(measures, pairwise(bounds), strict=True)}
                )
                continue
            owners = self._list_words(article.list_subjects(sentence.start, mark.start()), mark.start())
            if 2 <= len(owners) <= len(row):
                self.owners.update(_share(row, owners))

    def _list_row(self, start: int) -> list[int]:
        """Where the figures begin that follow one another from a place on."""
        return [self._figures[number].start for number in list_row(self._visible, self._figures, start)]

    def _cut_row(self, row: list[int], article: ArticleMentions) -> list[int]:
        """The figures of a row as far as no further measure is named among them."""
        named = article.list_measures(row[0], row[-1]) if row else []
        return [start for start in row if not named or start < named[0].start]

    def _list_words(self, words: Sequence[_Listed], mark: int) -> list[_Listed]:
        """The words joined to one another by 和 and the like, the last of them just before the mark."""
        listed: list[_Listed] = []
        end, between = mark, _TO_MARK
        for word in reversed(words):
            if not between.fullmatch(self._visible, word.end, end):
                break
            listed.append(word)
            end, between = word.start, _BETWEEN_WORDS
        return listed[::-1]


def _share(row: Sequence[int], words: list[_Listed]) -> dict[int, _Listed]:
    """Each figure's word, in order; a second round of as many figures (分别涨0.5%和0.6%，报6910点和23562点) begins anew."""
    rounds = len(row) // len(words) if len(row) % len(words) == 0 else 1
    return dict(zip(row, words * rounds, strict=False))
