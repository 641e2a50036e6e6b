"""What a statement is, and the word in the text that may carry one."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipelines.reading.sentences import Span
from pipelines.reading.statements.statement_words import COMPARISONS, MOVEMENTS, RECORDS, TURNS, Role

RELATIONS = (
    *MOVEMENTS, *(f"consecutive_{movement}" for movement in MOVEMENTS), *RECORDS, *COMPARISONS, *TURNS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A checkable statement without a magnitude.

    Attributes:
        start, end: the shortest stretch of whole clauses that carries it.
        word: where the words stand that carry it (正在下降, 超过, 新高).
        kind: comparison, streak, record, direction or turn.
        metric: what it is about; subject: whose.
        relation: one of RELATIONS.
        compared_metric: of a comparison, the other metric.
        streak_length, streak_unit: of a streak, how many quarter, month, week, day, year or time in a row.
        since: of a record, the first day that it reaches back to; None where it is all of history.
    """

    start: int
    end: int
    word: Span
    kind: str
    metric: str
    subject: str | None
    relation: str
    compared_metric: str | None = None
    streak_length: int | None = None
    streak_unit: str | None = None
    since: date | None = None


class Trigger(NamedTuple):
    """A word of statements in the text, with all that it can do; or a streak."""

    start: int
    end: int
    roles: tuple[Role, ...]
    kinds: frozenset[str]
    streak: re.Match[str] | None = None
