"""Which metric a figure is a value of: the word that governs it, whether it is a value at all, and whose it is."""

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.reading.metrics.governing import Link, SentenceLinker
from pipelines.reading.metrics.mentions import ArticleMentions, Mention
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence

_TOPIC_SENTENCES = 2


class _Topic(NamedTuple):
    """What the last figure was about, for a sentence that leaves it out."""

    mention: Mention
    paragraph: int
    number: int


class MetricLinker:
    """Links the figures of one article, sentence by sentence in order.

    Args:
        visible: the article's own text, normalised.
    """

    def __init__(self, visible: str) -> None:
        self.mentions = ArticleMentions(visible)
        self._topic: _Topic | None = None
        self._number = 0

    def find_fiscal_year_end(self, offset: int) -> int:
        """Return the month in which a fiscal year told at `offset` ends."""
        return self.mentions.find_fiscal_year_end(offset)

    def link_sentence(
        self, sentence: Sentence, figures: Sequence[Quantity], speakers: Sequence[str | None]
    ) -> list[Link]:
        """Return the link of each figure of the sentence; without figures, only note what it speaks of.

        Args:
            sentence: the next sentence of the article.
            figures: its figures in order.
            speakers: who is said to have said each, for definitions that go with a speaker.
        """
        self._number += 1
        if not figures:
            self._note_topic(sentence)
            return []
        reading = SentenceLinker(self.mentions, sentence, figures, self._find_topic(sentence))
        links = [reading.link(figure, speaker) for figure, speaker in zip(figures, speakers, strict=True)]
        if reading.topic is not None:
            self._topic = _Topic(reading.topic, sentence.paragraph, self._number)
        elif sentence.kind == "heading":
            self._note_topic(sentence)
        return links

    def _note_topic(self, sentence: Sentence) -> None:
        """A sentence without a linked figure is about what it names last; a heading may be followed by any paragraph."""
        if mentions := self.mentions.list_measures(sentence.start, sentence.end):
            paragraph = -1 if sentence.kind == "heading" else sentence.paragraph
            self._topic = _Topic(mentions[-1], paragraph, self._number)

    def _find_topic(self, sentence: Sentence) -> Mention | None:
        """The mention that a sentence without one may be about."""
        topic = self._topic
        if (
            topic is None
            or self._number - topic.number > _TOPIC_SENTENCES
            or topic.paragraph not in (sentence.paragraph, -1)
        ):
            return None
        return topic.mention
