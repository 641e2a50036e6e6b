"""Checkable statements without a magnitude: one metric above another, a streak, a record, a direction, a turn.

The relations, a closed list:
    direction   rises, falls, stays, positive, negative (of a metric that is itself a growth: above or below nought)
    streak      consecutive_rises, consecutive_falls, consecutive_stays, consecutive_positive, consecutive_negative
    record      highest, lowest, first, largest_rise, largest_fall
    comparison  exceeds, falls_short_of, equals, moves_with, diverges_from
    turn        stops_rising, stops_falling, starts_rising, starts_falling, turns_up, turns_down, turns_positive, turns_negative
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from pipelines.reading.metrics.governing import Link
from pipelines.reading.metrics.mentions import ArticleMentions
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence
from pipelines.reading.statements.measures import StatementMeasures
from pipelines.reading.statements.sentence_statements import SentenceStatements
from pipelines.reading.statements.statement import Statement, Trigger
from pipelines.reading.statements.statement_words import read_statement_words
from pipelines.reading.statements.streaks import STREAK
from pipelines.reading.statements.topics import Previous, SentenceTopics

_STREAKS = frozenset({"streak"})


class StatementFinder:
    """Finds the statements of one article, sentence by sentence in order.

    Args:
        article: the words of the whole article.
        published_on: the article's day, None if unknown.
    """

    def __init__(self, article: ArticleMentions, published_on: date | None) -> None:
        self._visible = article.visible
        self._published_on = published_on
        self._words = read_statement_words()
        self._measures = StatementMeasures(article)
        triggers = [
            Trigger(*match.span(), *self._words.roles[match.group()])
            for match in self._words.role_pattern.finditer(self._visible)
        ]
        triggers += [Trigger(*match.span(), (), _STREAKS, match) for match in STREAK.finditer(self._visible)]
        self._triggers = sorted(triggers, key=lambda trigger: trigger.start)
        self._starts = [trigger.start for trigger in self._triggers]
        self._previous: Previous | None = None

    def find_statements(
        self, sentence: Sentence, figures: Sequence[Quantity], links: Sequence[Link]
    ) -> list[Statement]:
        """Return the statements of the next sentence, in order.

        Args:
            sentence: the next sentence of the article.
            figures: its figures in order; what they say is theirs, not a statement's.
            links: what each figure measures.
        """
        triggers = self._triggers[bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)]
        found: list[Statement] = []
        if triggers:
            topics = SentenceTopics(self._visible, sentence, figures, self._measures, self._previous)
            found = SentenceStatements(topics, triggers, self._measures, self._published_on).find()
        self._previous = Previous(sentence, links)
        return found
