"""What a word of movement does to the metric that it is said of: 上升, 萎缩, 减持美债."""

import re

from pipelines.reading.statements.measures import Named, StatementMeasures
from pipelines.reading.statements.statement import Trigger
from pipelines.reading.statements.statement_words import MOVEMENTS
from pipelines.reading.statements.topics import SentenceTopics

_TREASURIES = re.compile(
    r"(?:了)?(?:大量|更多|部分|手中)?(?:其|自己)?(?:所)?(?:持有?)?(?:有)?的?(?:美国)?(?:国债|国库券|国库证券|公债|债券|政府债|美债)"
)


class MovementReader:
    """Reads the words of movement of one sentence.

    Args:
        topics: the clauses of the sentence and what they name.
        measures: the measures of the article.
    """

    def __init__(self, topics: SentenceTopics, measures: StatementMeasures) -> None:
        self._topics = topics
        self._measures = measures

    def find_holding(self, trigger: Trigger) -> tuple[Named, str] | None:
        """Return the metric of a holder's Treasuries and what happens to it, None if no holding is spoken of: 中国持续减持美债."""
        sentence = self._topics.sentence
        for role in trigger.roles:
            if role.table not in ("buys", "sells"):
                continue
            match = _TREASURIES.match(self._topics.visible, trigger.end, sentence.end)
            holder = self._measures.find_holder(sentence, trigger.start) if match else None
            if match is not None and holder is not None:
                named = Named(trigger.start, match.end(), holder[0], holder[1], is_level=False)
                return named, "rises" if role.table == "buys" else "falls"
        return None

    def choose_movement(self, trigger: Trigger, named: Named) -> str | None:
        """Return the relation that a movement is for a metric: a fall of what grows is a growth below nought."""
        tables = {(role.table, role.key) for role in trigger.roles if role.table in MOVEMENTS}
        is_growth = self._measures.is_growth(named.metric)
        for table, instead in (("negative", "falls"), ("positive", "rises")):
            if (table, "level") in tables and named.is_level:
                return table
            if (table, "words") in tables:
                return table if is_growth else instead
        return next((table for table, key in sorted(tables) if key in ("words", "transitive", "causes", "like")), None)
