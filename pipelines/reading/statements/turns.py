"""Turns: what stops or begins to rise or fall (停止缩表, 重启降息, 结束连续下跌, 由升转降, 转负)."""

import re

from pipelines.reading.sentences import Span
from pipelines.reading.statements.measures import Named, StatementMeasures
from pipelines.reading.statements.statement import Trigger
from pipelines.reading.statements.statement_words import MOVEMENTS, TURNS, StatementWords
from pipelines.reading.statements.topics import SentenceTopics

_NUMBER = r"[一二两三四五六七八九十\d]"
# What may stand between the word that ends or begins a movement and the movement, before it and behind it.
_LEADS = re.compile(
    rf"(?:此前|之前|长达|历时|持续|连续|连|本轮|这一?轮|新一?轮|近|超过|约|过去|大幅|小幅|激进|自?{_NUMBER}{{2,4}}年(?:{_NUMBER}{{1,2}}月)?以?来"
    rf"|{_NUMBER}{{1,3}}个?多?(?:年|季度|季|月|周|天|日|次)多?|以来|的|地|其|它的|{_NUMBER}码)*"
)
_TRAILS = re.compile(
    rf"(?:周期|进程|行动|计划|步伐|操作|政策|循环|之路|于|在|至|从|也|又|已经?|实际上|事实上|本身|即?将|终于|今年|去年|上?个?月|{_NUMBER}{{1,4}}(?:年|月份?|日)|[初底末中起]|正式|全面)*"
)
_REACH = 24
_NEAR = 3
_SIGNED = frozenset({"company_net_income"})


class TurnReader:
    """Reads the turns of one sentence.

    Args:
        topics: the clauses of the sentence and what they name.
        measures: the measures of the article.
        words: the words of statements.
    """

    def __init__(self, topics: SentenceTopics, measures: StatementMeasures, words: StatementWords) -> None:
        self._topics = topics
        self._measures = measures
        self._words = words

    def read(self, trigger: Trigger) -> tuple[Trigger, Named, str] | None:
        """Return the words that carry the turn, what turns and how, None if the word tells of none."""
        clause = self._topics.find_clause(trigger.start)
        if any(role.table in TURNS for role in trigger.roles):
            return self._read_word(trigger)
        for role in trigger.roles:
            if role.table == "act":
                return self._read_act(trigger, clause)
            if role.table in MOVEMENTS and role.key in ("words", "transitive"):
                return self._read_ended_movement(trigger, role.table, clause)
        return None

    def _read_word(self, trigger: Trigger) -> tuple[Trigger, Named, str] | None:
        """非农就业由增转减."""
        clause = self._topics.find_clause(trigger.start)
        named = self._topics.find_before(trigger.start, _NEAR)
        if named is None or self._topics.holds_figure(max(named.end, clause.start), trigger.start):
            return None
        is_growth = self._measures.is_growth(named.metric)
        tables = {(role.table, role.key) for role in trigger.roles if role.table in TURNS}
        for table, key in sorted(tables, key=lambda one: one[1]):  # of the thing that grows first
            if key == "level" and is_growth and named.is_level:
                return trigger, named, table
            if key == "words" and (
                table not in ("turns_positive", "turns_negative") or is_growth or named.metric in _SIGNED
            ):
                return trigger, named, table
        return None

    def _read_act(self, trigger: Trigger, clause: Span) -> tuple[Trigger, Named, str] | None:
        """停止缩表, 降息周期重启."""
        act = self._words.acts[self._topics.visible[trigger.start : trigger.end]][0]
        turned = self._find_turn(trigger, clause) if act.relation != "stays" else None
        if turned is None or not self._measures.is_of_united_states(self._topics.sentence, trigger.start):
            return None
        named = Named(trigger.start, trigger.end, act.metric, None, is_level=False)
        return turned[0], named, f"{turned[1]}_{act.relation.replace('rises', 'rising').replace('falls', 'falling')}"

    def _read_ended_movement(self, trigger: Trigger, table: str, clause: Span) -> tuple[Trigger, Named, str] | None:
        """结束了连续三个月的下跌."""
        if table not in ("rises", "falls"):
            return None
        start = self._find_before(self._words.stops_before, trigger.start, clause)
        if start is None:
            return None
        named = self._topics.find_before(start, _NEAR)
        relation = "stops_rising" if table == "rises" else "stops_falling"
        return (trigger._replace(start=start), named, relation) if named is not None else None

    def _find_turn(self, trigger: Trigger, clause: Span) -> tuple[Trigger, str] | None:
        """The word that ends or begins an act, before or behind it, with the act."""
        for stem, before in (("stops", self._words.stops_before), ("starts", self._words.starts_before)):
            start = self._find_before(before, trigger.start, clause)
            if start is not None:
                return trigger._replace(start=start), stem
        visible = self._topics.visible
        trail = _TRAILS.match(visible, trigger.end, clause.end)
        place = trail.end() if trail is not None else trigger.end
        for stem, after in (("stops", self._words.stops_after), ("starts", self._words.starts_after)):
            found = after.match(visible, place, clause.end)
            if found is not None and self._topics.is_bare(found.end(), clause.end):
                return trigger._replace(start=found.start(), end=found.end()), stem  # 即将 stands before it
        return None

    def _find_before(self, words: re.Pattern[str], end: int, clause: Span) -> int | None:
        """Where one of the words stands in the clause, with nothing but how long and how strong up to `end`; None too if it is denied."""
        visible = self._topics.visible
        for found in words.finditer(visible, max(clause.start, end - _REACH), end):
            if _LEADS.fullmatch(visible, found.end(), end):
                denied = self._words.not_moving_at_end.search(
                    visible, max(clause.start, found.start() - 8), found.start()
                )
                return None if denied else found.start()
        return None
