"""What the statements of one sentence can be about: its clauses, the metrics it names, and what the sentence before was about."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pipelines.reading.metrics.governing import Link
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span, split_clauses
from pipelines.reading.statements.measures import Candidate, Named, StatementMeasures

FAR = 8
"""How many characters of substance may stand between a metric and a word that need not follow it at once."""

_LONGEST_GAP = 40
_POINTS_BACK = re.compile(r"\s?(?:这|此|该|其|它|上述|(?:同比|环比|年)?[涨跌升降增]幅|增速|环比|同比)")
_CARRIES_ON = re.compile(
    r"\s?(?:并|且|而|但|也|亦|却|已|被|仍|正|再|又|还|更|甚至|继续|持续|一路|增速|创|刷|为|是|成|结束|终结|打破|扭转|止)"
)
_MARKS = ' \t\r\n　"“”‘’「」『』()（）【】[]、*#>|-'


class Previous(NamedTuple):
    """The sentence before, from which a metric may be carried on."""

    sentence: Sentence
    links: Sequence[Link]


class SentenceTopics:
    """The clauses and metrics of one sentence.

    Args:
        visible: the article's own text, normalised.
        sentence: the sentence.
        figures: its figures.
        measures: the measures of the article.
        previous: the sentence before.
    """

    def __init__(
        self,
        visible: str,
        sentence: Sentence,
        figures: Sequence[Quantity],
        measures: StatementMeasures,
        previous: Previous | None,
    ) -> None:
        self.visible = visible
        self.sentence = sentence
        self._figures = figures
        self._measures = measures
        self._previous = previous
        self._candidates: list[Candidate] | None = None

    # --- what it speaks of ---------------------------------------------------------------------------------------------------------

    @cached_property
    def clauses(self) -> Sequence[Span]:
        """The clauses of the sentence, in order; at least one."""
        start, end = self.sentence.start, self.sentence.end
        return split_clauses(self.visible, start, end) or [Span(start, end)]

    def find_before(self, place: int, reach: int, beside: Span | Candidate | None = None) -> Named | None:
        """The metric named last before a place, in its clause or, where the clause goes on about it, in what stands before.

        Args:
            place: where it must have been named.
            reach: how many characters of substance may stand between.
            beside: another name that it is compared with, whose words rule nothing out.
        """
        clause = self.find_clause(place - 1 if place > self.sentence.start else place)
        inside = [one for one in self.list_candidates() if clause.start <= one.start and one.end <= place]
        if inside:
            if place - inside[-1].end > _LONGEST_GAP or not self._measures.is_close(inside[-1].end, place, reach):
                return None
            return self._measures.choose(inside[-1], self.sentence, place, beside)
        if place - clause.start > _LONGEST_GAP or not self._goes_on(clause, reach):
            return None
        before = self.clause_before(clause)
        if before is None:
            return self._find_in_previous() if self._measures.is_close(clause.start, place, reach) else None
        earlier = [one for one in self.list_candidates() if one.end <= clause.start]
        is_near = earlier and earlier[-1].start >= (self.clause_before(before) or before).start
        if is_near and self._measures.is_close(clause.start, place, reach):
            return self._measures.choose(earlier[-1], self.sentence, place, beside)
        return None

    def _goes_on(self, clause: Span, reach: int) -> bool:
        """Whether a clause can go on about what stands before it: the sentence before only if it points back."""
        if _POINTS_BACK.match(self.visible, clause.start):
            return True
        return clause.start > self.clauses[0].start and (
            reach == FAR or _CARRIES_ON.match(self.visible, clause.start) is not None
        )

    def _find_in_previous(self) -> Named | None:
        """The metric that the sentence before was about: that of its last linked figure, else of its last name."""
        previous = self._previous
        if previous is None or previous.sentence.paragraph != self.sentence.paragraph:
            return None
        for link in reversed(previous.links):
            if link.metric or link.relates_to:
                metric = link.metric or link.relates_to or ""
                return Named(self.sentence.start, self.sentence.start, metric, link.subject, is_level=False)
        candidates = self._measures.list_candidates(previous.sentence.start, previous.sentence.end)
        if previous.links or not candidates:
            return None
        named = self._measures.choose(candidates[-1], previous.sentence, candidates[-1].end)
        return None if named is None else replace(named, start=self.sentence.start, end=self.sentence.start)

    def points_back(self) -> bool:
        """Whether the sentence begins by pointing back to the one before (这, 它)."""
        return _POINTS_BACK.match(self.visible, self.sentence.start) is not None

    def find_between(self, start: int, end: int) -> Named | None:
        """Return the first metric that is named between two places."""
        for candidate in self.list_candidates():
            if start <= candidate.start and candidate.end <= end:
                named = self._measures.choose(candidate, self.sentence, candidate.end)
                if named is not None:
                    return named
        return None

    def list_candidates(self) -> list[Candidate]:
        """Return the names of measures in the sentence, in order."""
        if self._candidates is None:
            self._candidates = self._measures.list_candidates(self.sentence.start, self.sentence.end)
        return self._candidates

    def holds_figure(self, start: int, end: int) -> bool:
        """Whether a figure begins between two places."""
        return any(start <= figure.start < end for figure in self._figures)

    def is_bare(self, start: int, end: int) -> bool:
        """Whether nothing but marks stands between two places."""
        return not self.visible[start:end].strip(_MARKS)

    # --- where it stands -----------------------------------------------------------------------------------------------------------

    def find_clause(self, offset: int) -> Span:
        """Return the clause that holds an offset."""
        return next((clause for clause in self.clauses if offset < clause.end), self.clauses[-1])

    def clause_before(self, clause: Span) -> Span | None:
        """Return the clause before another, None before the first."""
        place = self.clauses.index(clause)
        return self.clauses[place - 1] if place else None

    def clause_after(self, clause: Span) -> Span | None:
        """Return the clause after another, None after the last."""
        place = self.clauses.index(clause) + 1
        return self.clauses[place] if place < len(self.clauses) else None
