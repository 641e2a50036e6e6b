"""Streaks: 连续两个季度负增长, 连降十个月, 六连涨, 连续第五次会议维持利率不变."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.reading.periods.calendars import parse_small
from pipelines.reading.sentences import Span
from pipelines.reading.statements.measures import Named, StatementMeasures
from pipelines.reading.statements.movements import MovementReader
from pipelines.reading.statements.statement import Trigger
from pipelines.reading.statements.statement_words import MOVEMENTS, StatementWords
from pipelines.reading.statements.topics import FAR, SentenceTopics

_COUNT = r"[一二两三四五六七八九十]{1,3}|\d{1,2}"
_UNIT = r"季度?|月|周|星期|年度?|财年|交易日|天|日|次|度|回"
_MEETING = r"\s?(?:议息|议事|政策|货币政策|利率|fomc)?(?:会议|例会)"
# Each begins with one of 连接已, so that the search can leap to them.
STREAK = re.compile(
    rf"[连接已](?:(?:(?<=连)(?:续|着|(?<![相大牵关串]连))|(?<=接)连)\s?(?:了\s?)?(?:第\s?)?(?P<count>{_COUNT})\s?(?:多|余)?\s?个?\s?(?P<unit>{_UNIT})(?P<meeting>{_MEETING})?"
    rf"|(?<=连)续(?P<what>[^\W\d一二两三四五六七八九十第连了]{{2,4}})了?\s?(?P<count5>{_COUNT})\s?个?\s?(?P<unit5>{_UNIT})"
    rf"|(?<=已)(?P<lasts>经?(?:连续|持续)?了?\s?(?P<count2>{_COUNT})\s?多?\s?个?(?P<unit2>季度?|月|年)(?:了|之久))"
    rf"|(?<=连)(?P<way>[涨升阳跌降阴增减])(?!接|续)(?:了?\s?(?P<count3>{_COUNT})\s?个?\s?(?P<unit3>{_UNIT}))?"
    rf"|(?<=连)(?P<count4>{_COUNT})(?P<way4>[涨升扬跌降冻])(?!息))"
)
_BEFORE_JOINED = re.compile(rf"(?P<count>{_COUNT})\s?个?(?P<unit>月|周|日|天|季|年)?$")
_WAYS = {**dict.fromkeys("涨升扬阳增", "rises"), **dict.fromkeys("跌降阴减", "falls"), "冻": "stays"}
_UNIT_NAMES = {
    **dict.fromkeys(("季", "季度"), "quarter"), **dict.fromkeys(("年", "年度", "财年"), "year"), **dict.fromkeys(("周", "星期"), "week"),
    **dict.fromkeys(("交易日", "天", "日"), "day"), "月": "month", **dict.fromkeys(("次", "度", "回"), "time"),
}  # fmt: skip
_REACH = 18
_NEAR = 3
_POLICY_RATE = "federal_funds_rate"


class Streak(NamedTuple):
    """A streak as it is read: the words that carry it, of what, which way, and how many of what in a row."""

    trigger: Trigger
    named: Named
    relation: str
    length: int
    unit: str | None


class StreakReader:
    """Reads the streaks of one sentence.

    Args:
        topics: the clauses of the sentence and what they name.
        triggers: the words of statements in it, in order.
        measures: the measures of the article.
        words: the words of statements.
    """

    def __init__(
        self,
        topics: SentenceTopics,
        triggers: Sequence[Trigger],
        measures: StatementMeasures,
        words: StatementWords,
    ) -> None:
        self._topics = topics
        self._visible = topics.visible
        self._sentence = topics.sentence
        self._triggers = triggers
        self._measures = measures
        self._movements = MovementReader(topics, measures)
        self._words = words

    def read(self, trigger: Trigger) -> Streak | None:
        """Return the streak that a match of STREAK tells of, None if it tells of none."""
        match = trigger.streak
        if match is None:
            return None
        written, unit = match["count"] or match["count2"] or match["count3"] or match["count4"] or match["count5"], None
        if match["way"] and written is None:
            counted = _BEFORE_JOINED.search(self._visible, max(self._sentence.start, match.start() - 6), match.start())
            if counted is None:
                return None
            trigger = trigger._replace(start=counted.start())
            written, unit = counted["count"], counted["unit"]
        count, unit = parse_small(written), unit or match["unit"] or match["unit2"] or match["unit3"] or match["unit5"]
        if not 2 <= count <= 99:
            return None
        moved = self._read_act(trigger) or self._read_movement(trigger, match)
        if moved is None:
            return None
        return Streak(trigger, moved[0], f"consecutive_{moved[1]}", count, _UNIT_NAMES.get(unit or ""))

    def _read_act(self, trigger: Trigger) -> tuple[Named, str] | None:
        """连续三次加息; 失业率上升,已经五个月了; 连续四个月减持美债."""
        start, end = self._bound(trigger)
        for match in self._words.act_pattern.finditer(self._visible, start, end):
            act = self._words.acts[match.group()][0]
            if self._measures.is_of_united_states(self._sentence, trigger.start):
                return Named(match.start(), match.end(), act.metric, None, is_level=False), act.relation
        for other in self._triggers:
            holding = self._movements.find_holding(other) if start <= other.start < end else None
            if holding is not None:
                return holding
        return None

    def _bound(self, trigger: Trigger) -> Span:
        """Where the movement of a streak may stand: after it in its clause, or before it where nothing follows (…,已经16年了)."""
        clause = self._topics.find_clause(trigger.start)
        if trigger.streak is not None and trigger.streak["what"]:  # 连续加息八次
            return Span(*trigger.streak.span("what"))
        if trigger.streak is not None and trigger.streak["lasts"]:
            return Span(max(self._sentence.start, trigger.start - _REACH), trigger.start)
        if self._topics.is_bare(trigger.end, clause.end):
            following = self._topics.clause_after(clause)
            return Span(trigger.end, following.end if following else clause.end)
        return Span(trigger.end, min(clause.end, trigger.end + _REACH))

    def _read_movement(self, trigger: Trigger, match: re.Match[str]) -> tuple[Named, str] | None:
        way = match["way"] or match["way4"]
        if way:
            named = self._topics.find_before(trigger.start, _NEAR)
            if named is None and (match["unit3"] == "次" or match["way4"]):
                named = self._find_policy_rate(trigger)
            return (named, _WAYS[way]) if named else None
        start, end = self._bound(trigger)
        for other in self._triggers:
            if other.streak is not None or not start <= other.start < end:
                continue
            if any(role.key == "before" for role in other.roles) or self._topics.holds_figure(trigger.end, other.start):
                return None
            if not any(role.table in MOVEMENTS for role in other.roles):
                continue
            named = self._topics.find_between(trigger.end, other.start) or self._topics.find_before(trigger.start, FAR)
            if named is None and match["meeting"] and self._measures.is_of_united_states(self._sentence, trigger.start):
                named = Named(trigger.start, trigger.end, _POLICY_RATE, None, is_level=False)
            relation = self._movements.choose_movement(other, named) if named else None
            return (named, relation) if named and relation else None
        return None

    def _find_policy_rate(self, trigger: Trigger) -> Named | None:
        """美联储连降三次: the central bank moves nothing but its rate."""
        if not self._measures.is_of_central_bank(self._sentence, trigger.start):
            return None
        return Named(trigger.start, trigger.end, _POLICY_RATE, None, is_level=False)
