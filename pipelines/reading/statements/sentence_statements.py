"""Reads the statements of one sentence: turns, streaks, records, comparisons and directions, in this order of precedence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipelines.reading.sentences import Span
from pipelines.reading.statements.measures import Candidate, Named, StatementMeasures
from pipelines.reading.statements.movements import MovementReader
from pipelines.reading.statements.records import find_record_span
from pipelines.reading.statements.statement import Statement, Trigger
from pipelines.reading.statements.statement_words import COMPARISONS, MOVEMENTS, RECORDS, read_statement_words
from pipelines.reading.statements.streaks import StreakReader
from pipelines.reading.statements.topics import FAR, SentenceTopics
from pipelines.reading.statements.turns import TurnReader

_JOINS = re.compile(r"(?:和|与|跟|同|比|较|及|对比|在)\s?")
_QUESTION = re.compile(r"[?？吗呢]")
_WHEN = re.compile(r"\s?(?:而|但)?当(?![时年前天日月地局选中然今初])")
_PACE = re.compile(r"增[速幅长]|[涨升跌降]幅|速度|步伐")  # of what moves, so that it is the pace that moves
_PURPOSE = ("以", "来", "去")
_MARKS = ' \t\r\n　"“”‘’「」『』()（）【】[]、*#>|-'
_INVERTED = "倒挂"  # of two yields: the shorter stands above the longer, whichever is named first
_LONG = ("treasury_yield_10y", "treasury_yield_30y")
_EXPECTED = ("预期", "展望", "预测", "预估", "目标")
_LIKENS = tuple("与和跟同比较")
_LONGEST_QUOTE = 60
_COMPARED_REACH = 3
_LONGEST_PAIR = 40


class SentenceStatements:
    """The statements of one sentence.

    Args:
        topics: the clauses of the sentence and what they name.
        triggers: the words of statements in it, in order.
        measures: the measures of the article.
        published_on: the article's day, from which 近20年来 is counted; None if unknown.
    """

    def __init__(
        self,
        topics: SentenceTopics,
        triggers: Sequence[Trigger],
        measures: StatementMeasures,
        published_on: date | None,
    ) -> None:
        self._topics = topics
        self._visible = topics.visible
        self._sentence = topics.sentence
        self._triggers = triggers
        self._measures = measures
        self._published_on = published_on
        self._words = read_statement_words()
        self._movements = MovementReader(topics, measures)
        self._turns = TurnReader(topics, measures, self._words)
        self._compared: list[tuple[Named, Named]] = []

    def find(self) -> list[Statement]:
        """Return them in order of the text; what a turn, streak, record or comparison says is not said again as a direction."""
        if not (
            self._measures.can_name_metric(self._sentence.start, self._sentence.end)
            or self._topics.points_back()
            or any(self._needs_no_name(trigger) for trigger in self._triggers)
        ):
            return []
        names = self._topics.list_candidates()
        found: list[Statement] = []
        self._triggers = [
            trigger
            for trigger in self._triggers
            if not any(name.start <= trigger.start and trigger.end <= name.end for name in names)
        ]
        self._streaks = StreakReader(self._topics, self._triggers, self._measures, self._words)
        for kind, read in (
            ("turn", self._read_turn),
            ("streak", self._read_streak),
            ("record", self._read_record),
            ("comparison", self._read_comparison),
            ("direction", self._read_direction),
        ):
            for trigger in self._triggers:
                statement = read(trigger) if kind in trigger.kinds else None
                if (
                    statement is not None
                    and not any(self._repeats(statement, other) for other in found)
                    and not self._is_no_claim(trigger._replace(end=statement.word.end))
                ):
                    found.append(statement)
        return sorted(found, key=lambda statement: (statement.start, statement.end))

    def _needs_no_name(self, trigger: Trigger) -> bool:
        """Whether an act may stand for the metric (连续三次加息, 停止缩表, 减持美债)."""
        return bool(trigger.kinds & {"streak", "holding", "act"})

    def _repeats(self, statement: Statement, other: Statement) -> bool:
        """A direction inside a turn, streak, record or comparison is part of it; so is one that says the same again."""
        if statement.metric != other.metric:
            return False
        if statement.kind == "streak" and other.kind == "turn":  # 结束连续三个月的下跌
            return other.word.start <= statement.word.start < other.word.end
        if statement.kind == "direction" and (
            other.kind in ("record", "comparison")
            or (other.kind == "streak" and not other.relation.endswith(statement.relation))
        ):  # 失业率继续上升,创四年新高: two statements
            return self._topics.find_clause(statement.word.start) == self._topics.find_clause(other.word.start)
        if statement.kind == "direction" and other.kind != "direction":
            return statement.start < other.end and other.start < statement.end
        return statement.kind == other.kind and statement.relation == other.relation

    def _is_no_claim(self, trigger: Trigger) -> bool:
        """Whether the word stands in a condition, wish, fear, possibility or question."""
        clause = self._topics.find_clause(trigger.start)
        asked = clause is self._topics.clauses[-1] and _QUESTION.search(
            self._visible, clause.end - 1, self._sentence.end
        )
        if asked or _WHEN.match(self._visible, clause.start, clause.end):
            return True
        start = self._find_negation(trigger, clause)
        if self._visible.startswith("会", start - 1):  # 失业率会下降: what it does, not what it did
            return True
        since = max(self._sentence.start, self._visible.rfind(";", self._sentence.start, trigger.start) + 1)
        return (
            self._words.no_claim_in_sentence.search(self._visible, since, start) is not None
            or self._words.no_claim_in_clause.search(self._visible, clause.start, start) is not None
            or self._words.no_claim_after.match(self._visible, trigger.end, clause.end) is not None
        )

    def _find_negation(self, trigger: Trigger, clause: Span) -> int:
        """Where the word begins with the negation that stands right before it."""
        found = self._words.not_moving_at_end.search(self._visible, max(clause.start, trigger.start - 8), trigger.start)
        return found.start() if found is not None else trigger.start

    # --- turn: 停止缩表, 由升转降 ----------------------------------------------------------------------------------------------------

    def _read_turn(self, trigger: Trigger) -> Statement | None:
        turned = self._turns.read(trigger)
        if turned is None or self._topics.holds_figure(trigger.end, self._topics.find_clause(trigger.start).end):
            return None
        words, named, relation = turned
        return self._make(words, named, "turn", relation)

    # --- streak: 连续两个季度负增长 -------------------------------------------------------------------------------------------------

    def _read_streak(self, trigger: Trigger) -> Statement | None:
        streak = self._streaks.read(trigger)
        if streak is None:
            return None
        statement = self._make(streak.trigger, streak.named, "streak", streak.relation)
        return replace(statement, streak_length=streak.length, streak_unit=streak.unit)

    # --- record: 创历史新高, 2003年来首次 ----------------------------------------------------------------------------------------

    def _read_record(self, trigger: Trigger) -> Statement | None:
        for role in trigger.roles:
            if role.table not in RECORDS:
                continue
            clause = self._topics.find_clause(trigger.start)
            span = find_record_span(self._visible, clause.start, trigger.start, self._published_on)
            if span is None and role.table == "first":
                before = self._topics.clause_before(clause)
                since = (
                    find_record_span(self._visible, before.start, before.end, self._published_on) if before else None
                )
                span = since if since is not None and since.since is not None else None
            if span is None and role.key != "alone":
                continue
            start = min(span.start, trigger.start) if span else trigger.start
            named = self._topics.find_before(start, FAR)
            if named is None and role.table == "first":
                following = (
                    self._topics.clause_after(clause) if self._topics.is_bare(trigger.end, clause.end) else clause
                )
                named = self._topics.find_between(trigger.end, following.end if following else clause.end)
            if named is not None:
                statement = self._make(trigger, named, "record", role.table)
                return replace(statement, since=span.since if span else None)
        return None

    # --- comparison: 超过军费, 和军费差不多 -----------------------------------------------------------------------------------------

    def _read_comparison(self, trigger: Trigger) -> Statement | None:
        for role in trigger.roles:
            if role.table not in COMPARISONS:
                continue
            pair = self._find_pair_after(trigger) if role.key == "before" else self._find_pair_before(trigger)
            if pair is None or pair[0].metric == pair[1].metric:
                continue
            if self._visible.startswith(_INVERTED, trigger.start) and pair[0].metric in _LONG:
                pair = pair[::-1]
            self._compared.append(pair)
            statement = self._make(trigger, pair[0], "comparison", role.table)
            return replace(statement, compared_metric=pair[1].metric)
        return None

    def _find_pair_after(self, trigger: Trigger) -> tuple[Named, Named] | None:
        """A超过B: the second right after the word, the first before it."""
        clause = self._topics.find_clause(trigger.start)
        if self._topics.holds_figure(trigger.start, clause.end):
            return None
        second = next((one for one in self._topics.list_candidates() if trigger.end <= one.start < clause.end), None)
        if second is None or not self._measures.is_close(trigger.end, second.start, _COMPARED_REACH):
            return None
        contribution = self._measures.choose_contribution(second, self._sentence)
        if contribution is not None:
            first = self._find_contribution(trigger.start)
            return (first, contribution) if first is not None else None
        return self._pair(second, trigger.start)

    def _pair(self, second: Candidate, first_end: int) -> tuple[Named, Named] | None:
        """The metric named before a place and the second of a comparison; what either is called rules out nothing of the other (核心通胀高于整体通胀)."""
        first = self._topics.find_before(first_end, FAR, second)
        if first is None:
            return None
        # 利息已经超过军费,也超过了联邦医疗保险: still the interest
        for earlier, other in self._compared:
            if other.start == first.start and other.end == first.end:
                first = earlier
        named = self._measures.choose(second, self._sentence, second.end, Span(first.start, first.end))
        return (first, named) if named is not None else None

    def _find_contribution(self, place: int) -> Named | None:
        for candidate in reversed(self._topics.list_candidates()):
            if candidate.end <= place:
                named = self._measures.choose_contribution(candidate, self._sentence)
                if named is not None:
                    return named
        return None

    def _find_pair_before(self, trigger: Trigger) -> tuple[Named, Named] | None:
        """A和B差不多: both before the word, joined by 和."""
        clause = self._topics.find_clause(trigger.start)
        inside = [
            one for one in self._topics.list_candidates() if clause.start <= one.start and one.end <= trigger.start
        ]
        if not inside or self._topics.holds_figure(clause.start, trigger.start):
            return None
        second = inside[-1]
        if not self._measures.is_close(second.end, trigger.start, _COMPARED_REACH):
            return None
        joins = list(_JOINS.finditer(self._visible, clause.start, second.start))
        if not joins or not self._measures.is_close(joins[-1].end(), second.start, _COMPARED_REACH):
            return None
        return self._pair(second, joins[-1].start())

    # --- direction: 正在下降, 高于去年同期 -------------------------------------------------------------------------------------------

    def _read_direction(self, trigger: Trigger) -> Statement | None:
        clause = self._topics.find_clause(trigger.start)
        for role in trigger.roles:
            if role.key == "before" and role.table in ("exceeds", "falls_short_of"):
                past = self._words.own_past.match(self._visible, trigger.end, clause.end)
                is_other = past is not None and self._visible.startswith("的", past.end())  # 高于上月的预期
                if past is None or is_other or self._topics.holds_figure(trigger.end, clause.end):
                    continue
                named = self._topics.find_before(trigger.start, _COMPARED_REACH)
                if named is not None:
                    return self._make(trigger, named, "direction", "rises" if role.table == "exceeds" else "falls")
        if "act" in trigger.kinds:
            return self._read_rest(trigger)
        holding = self._movements.find_holding(trigger)
        if holding is not None and not self._topics.holds_figure(trigger.end, clause.end):
            return self._make(trigger, holding[0], "direction", holding[1])
        if not any(role.table in MOVEMENTS for role in trigger.roles) or self._topics.holds_figure(
            trigger.start, clause.end
        ):
            return None
        return self._read_moved(trigger, clause) or self._read_caused(trigger, clause)

    def _read_rest(self, trigger: Trigger) -> Statement | None:
        """美联储按兵不动, 下调了利率; 降息 alone may be a plan, a cycle, a hope."""
        written = self._visible[trigger.start : trigger.end]
        act = self._words.acts[written][0]
        if (act.relation != "stays" and not written.endswith("利率")) or not self._measures.is_of_united_states(
            self._sentence, trigger.start
        ):
            return None
        named = Named(trigger.start, trigger.end, act.metric, None, is_level=False)
        return self._make(trigger, named, "direction", act.relation)

    def _read_moved(self, trigger: Trigger, clause: Span) -> Statement | None:
        """职位空缺正在下降."""
        keys = {role.key for role in trigger.roles if role.table in MOVEMENTS}
        if not keys & {"words", "transitive", "like"} or self._modifies(trigger, clause):
            return None
        if not keys & {"words", "like"} and not self._is_passive(trigger, clause) and not self._ends(trigger, clause):
            return None
        start = self._find_negation(trigger, clause)
        named = self._topics.find_before(start, 0)
        if named is None or self._is_of_another(named, trigger, clause):
            return None
        # 与上月一致, 比四月份高了: the time of what moves stands before it
        past = self._find_past_before(trigger, named, clause)
        if keys == {"like"} and past == trigger.start:
            return None
        relation = "stays" if start < trigger.start else self._movements.choose_movement(trigger, named)
        return self._make(trigger._replace(start=past), named, "direction", relation) if relation else None

    def _is_of_another(self, named: Named, trigger: Trigger, clause: Span) -> bool:
        """Whether what moves is a figure, what the metric is compared with (较10年期收益率更高), what is expected of it, or its pace."""
        return (
            self._topics.holds_figure(max(named.end, clause.start), trigger.start)
            or self._visible[named.start - 1 : named.start] in ("比", "较")
            or self._visible.startswith(_EXPECTED, named.end)
            or (
                not self._measures.is_growth(named.metric)
                and _PACE.search(self._visible, named.end, trigger.start) is not None
            )
        )

    def _find_past_before(self, trigger: Trigger, named: Named, clause: Span) -> int:
        """Where the word begins with its own past that it is held against, else where it begins itself."""
        start = max(named.end, clause.start)
        for found in self._words.own_past.finditer(self._visible, start, trigger.start):
            if self._visible[max(start, found.start() - 1) : found.start()] in _LIKENS:
                return found.start() - 1
        return trigger.start

    def _modifies(self, trigger: Trigger, clause: Span) -> bool:
        """The movement is an attribute of something else: 上升的趋势线."""
        return self._visible.startswith("的", trigger.end) and trigger.end + 1 < clause.end

    def _is_passive(self, trigger: Trigger, clause: Span) -> bool:
        return self._visible.find("被", clause.start, trigger.start) >= 0

    def _ends(self, trigger: Trigger, clause: Span) -> bool:
        return self._measures.is_close(trigger.end, clause.end, 0)

    def _read_caused(self, trigger: Trigger, clause: Span) -> Statement | None:
        """推高国债收益率."""
        relation = next((role.table for role in trigger.roles if role.key == "causes"), None)
        after = next((one for one in self._topics.list_candidates() if trigger.end <= one.start < clause.end), None)
        if self._visible[trigger.start - 1 : trigger.start] in _PURPOSE:
            return None
        if relation is None or after is None or not self._measures.is_close(trigger.end, after.start, 0):
            return None
        named = self._measures.choose(after, self._sentence, after.end)
        if named is None or not self._measures.is_close(named.end, clause.end, 0):
            return None
        return self._make(trigger, named, "direction", relation)

    def _make(self, trigger: Trigger, named: Named, kind: str, relation: str) -> Statement:
        start, end = self._topics.find_clause(trigger.start)
        end = max(end, trigger.end)
        for clause in (
            self._topics.find_clause(named.start),
            self._topics.find_clause(max(named.start, named.end - 1)),
        ):
            if max(end, clause.end) - min(start, clause.start) <= _LONGEST_PAIR:
                start, end = min(start, clause.start), max(end, clause.end)
        if end - start > _LONGEST_QUOTE:
            inside = start <= named.start and named.end <= end
            start = min(named.start, trigger.start) if inside else trigger.start
            end = max(named.end, trigger.end) if inside else trigger.end
        while start < end - 1 and self._visible[start] in _MARKS:
            start += 1
        while end > start + 1 and self._visible[end - 1] in _MARKS:
            end -= 1
        return Statement(start, end, Span(trigger.start, trigger.end), kind, named.metric, named.subject, relation)
