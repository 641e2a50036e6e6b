"""Reads the statements of one sentence: streaks, records, comparisons and directions, in this order of precedence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipelines.reading.periods.calendars import parse_small
from pipelines.reading.sentences import Span
from pipelines.reading.statements.measures import Named, StatementMeasures
from pipelines.reading.statements.records import find_record_span
from pipelines.reading.statements.statement import Statement, Trigger
from pipelines.reading.statements.statement_words import COMPARISONS, MOVEMENTS, RECORDS, read_statement_words
from pipelines.reading.statements.topics import FAR, SentenceTopics

_COUNT = r"[一二两三四五六七八九十]{1,3}|\d{1,2}"
_UNIT = r"季度?|月|周|星期|年度?|财年|交易日|天|日|次"
# Each begins with one of 连接已, so that the search can leap to them.
STREAK = re.compile(
    rf"[连接已](?:(?:(?<=连)续|(?<=接)连)\s?(?:了\s?)?第?\s?(?P<count>{_COUNT})\s?(?:多|余)?\s?个?\s?(?P<unit>{_UNIT})"
    rf"|(?<=已)(?P<lasts>经?(?:连续|持续)?了?\s?(?P<count2>{_COUNT})\s?多?\s?个?(?P<unit2>季度?|月|年)(?:了|之久))"
    r"|(?<=连)(?P<way>[涨升阳跌降阴增减])(?!接|续))"
)
_BEFORE_JOINED = re.compile(rf"(?P<count>{_COUNT})\s?个?(?P<unit>月|周|日|天|季|年)?$")
_WAYS = {**dict.fromkeys("涨升阳增", "rises"), **dict.fromkeys("跌降阴减", "falls")}
_UNIT_NAMES = {
    **dict.fromkeys(("季", "季度"), "quarter"), **dict.fromkeys(("年", "年度", "财年"), "year"), **dict.fromkeys(("周", "星期"), "week"),
    **dict.fromkeys(("交易日", "天", "日"), "day"), "月": "month", "次": "time",
}  # fmt: skip
_TREASURIES = re.compile(
    r"(?:了)?(?:大量|更多|部分|手中)?(?:其|自己)?(?:所)?(?:持有?)?(?:有)?的?(?:美国)?(?:国债|国库券|国库证券|公债|债券|政府债|美债)"
)
_JOINS = re.compile(r"(?:和|与|跟|同|比|较|及|对比)\s?")
_QUESTION = re.compile(r"[?？吗呢]")
_WHEN = re.compile(r"\s?(?:而|但)?当(?![时年前天日月地局选中然今初])")
_PACE = re.compile(r"增[速幅长]|[涨升跌降]幅|速度|步伐")  # of what moves, so that it is the pace that moves
_PURPOSE = ("以", "来", "去")
_MARKS = ' \t\r\n　"“”‘’「」『』()（）【】[]、*#>|-'
_LONGEST_QUOTE = 60
_COMPARED_REACH = 3
_STREAK_REACH = 18
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

    def find(self) -> list[Statement]:
        """Return them in order of the text; what a streak, record or comparison says is not said again as a direction."""
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
        for kind, read in (
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
                    and not self._is_no_claim(trigger)
                ):
                    found.append(statement)
        return sorted(found, key=lambda statement: (statement.start, statement.end))

    def _needs_no_name(self, trigger: Trigger) -> bool:
        """Whether an act may stand for the metric (连续三次加息, 减持美债)."""
        return bool(trigger.kinds & {"streak", "holding"})

    def _repeats(self, statement: Statement, other: Statement) -> bool:
        """A direction inside a streak, record or comparison is part of it; so is one that says the same again."""
        if statement.metric != other.metric:
            return False
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

    # --- streak: 连续两个季度负增长 -------------------------------------------------------------------------------------------------

    def _read_streak(self, trigger: Trigger) -> Statement | None:
        match = trigger.streak
        if match is None:
            return None
        counted: re.Match[str] | None = match
        if match["way"]:
            counted = _BEFORE_JOINED.search(self._visible, max(self._sentence.start, match.start() - 6), match.start())
            trigger = trigger._replace(start=counted.start()) if counted is not None else trigger
        if counted is None:
            return None
        written, unit = counted["count"], counted["unit"]
        if match["lasts"]:
            written, unit = match["count2"], match["unit2"]
        count = parse_small(written)
        if not 2 <= count <= 99:
            return None
        statement = self._read_streak_of_act(trigger) or self._read_streak_of_movement(trigger)
        if statement is None:
            return None
        return replace(
            statement,
            relation=f"consecutive_{statement.relation}",
            streak_length=count,
            streak_unit=_UNIT_NAMES.get(unit or ""),
        )

    def _read_streak_of_act(self, trigger: Trigger) -> Statement | None:
        """连续三次加息; 失业率上升,已经五个月了; 连续四个月减持美债."""
        start, end = self._bound_streak(trigger)
        for match in self._words.act_pattern.finditer(self._visible, start, end):
            act = self._words.acts[match.group()][0]
            named = Named(match.start(), match.end(), act.metric, None, is_level=False)
            if self._measures.is_of_united_states(self._sentence, trigger.start):
                return self._make(trigger, named, "streak", act.relation)
        for other in self._triggers:
            holding = self._find_holding(other) if start <= other.start < end else None
            if holding is not None:
                return self._make(trigger, holding[0], "streak", holding[1])
        return None

    def _bound_streak(self, trigger: Trigger) -> Span:
        """Where the movement of a streak may stand: after it in its clause, or before it where nothing follows (…,已经16年了)."""
        clause = self._topics.find_clause(trigger.start)
        if trigger.streak is not None and trigger.streak["lasts"]:
            return Span(max(self._sentence.start, trigger.start - _STREAK_REACH), trigger.start)
        if self._topics.is_bare(trigger.end, clause.end):
            following = self._topics.clause_after(clause)
            return Span(trigger.end, following.end if following else clause.end)
        return Span(trigger.end, min(clause.end, trigger.end + _STREAK_REACH))

    def _read_streak_of_movement(self, trigger: Trigger) -> Statement | None:
        way = trigger.streak["way"] if trigger.streak is not None else None
        if way:
            named = self._topics.find_before(trigger.start, _COMPARED_REACH)
            return self._make(trigger, named, "streak", _WAYS[way]) if named else None
        start, end = self._bound_streak(trigger)
        for other in self._triggers:
            if other.streak is not None or not start <= other.start < end:
                continue
            if any(role.key == "before" for role in other.roles) or self._topics.holds_figure(trigger.end, other.start):
                return None
            if not any(role.table in MOVEMENTS for role in other.roles):
                continue
            named = self._topics.find_between(trigger.end, other.start) or self._topics.find_before(trigger.start, FAR)
            relation = self._choose_movement(other, named) if named else None
            return self._make(trigger, named, "streak", relation) if named and relation else None
        return None

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
        named = self._measures.choose(second, self._sentence, second.end)
        first = self._topics.find_before(trigger.start, FAR) if named is not None else None
        return (first, named) if first is not None and named is not None else None

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
        named = self._measures.choose(second, self._sentence, second.end)
        first = self._topics.find_before(joins[-1].start(), FAR) if named is not None else None
        return (first, named) if first is not None and named is not None else None

    # --- direction: 正在下降, 高于去年同期 -------------------------------------------------------------------------------------------

    def _read_direction(self, trigger: Trigger) -> Statement | None:
        clause = self._topics.find_clause(trigger.start)
        for role in trigger.roles:
            if role.key == "before" and role.table in ("exceeds", "falls_short_of"):
                past = self._words.own_past.match(self._visible, trigger.end, clause.end)
                if past is None or self._topics.holds_figure(trigger.end, clause.end):
                    continue
                named = self._topics.find_before(trigger.start, _COMPARED_REACH)
                if named is not None:
                    return self._make(trigger, named, "direction", "rises" if role.table == "exceeds" else "falls")
        holding = self._find_holding(trigger)
        if holding is not None and not self._topics.holds_figure(trigger.end, clause.end):
            return self._make(trigger, holding[0], "direction", holding[1])
        if not any(role.table in MOVEMENTS for role in trigger.roles) or self._topics.holds_figure(
            trigger.start, clause.end
        ):
            return None
        return self._read_moved(trigger, clause) or self._read_caused(trigger, clause)

    def _read_moved(self, trigger: Trigger, clause: Span) -> Statement | None:
        """职位空缺正在下降."""
        keys = {role.key for role in trigger.roles if role.table in MOVEMENTS}
        if not keys & {"words", "transitive"} or self._modifies(trigger, clause):
            return None
        if "words" not in keys and not self._is_passive(trigger, clause) and not self._ends(trigger, clause):
            return None
        start = self._find_negation(trigger, clause)
        named = self._topics.find_before(start, 0)
        if named is None or self._topics.holds_figure(max(named.end, clause.start), trigger.start):
            return None
        if not self._measures.is_growth(named.metric) and _PACE.search(self._visible, named.end, trigger.start):
            return None
        relation = "stays" if start < trigger.start else self._choose_movement(trigger, named)
        return self._make(trigger, named, "direction", relation) if relation else None

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

    def _find_holding(self, trigger: Trigger) -> tuple[Named, str] | None:
        """What a holder does with Treasuries: 中国持续减持美债."""
        for role in trigger.roles:
            if role.table not in ("buys", "sells"):
                continue
            match = _TREASURIES.match(self._visible, trigger.end, self._sentence.end)
            holder = self._measures.find_holder(self._sentence, trigger.start) if match else None
            if match is not None and holder is not None:
                named = Named(trigger.start, match.end(), holder[0], holder[1], is_level=False)
                return named, "rises" if role.table == "buys" else "falls"
        return None

    def _choose_movement(self, trigger: Trigger, named: Named) -> str | None:
        """The relation that a movement is for a metric: a fall of what grows is a growth below nought."""
        tables = {(role.table, role.key) for role in trigger.roles if role.table in MOVEMENTS}
        is_growth = self._measures.is_growth(named.metric)
        for table, instead in (("negative", "falls"), ("positive", "rises")):
            if (table, "level") in tables and named.is_level:
                return table
            if (table, "words") in tables:
                return table if is_growth else instead
        return next((table for table, key in sorted(tables) if key in ("words", "transitive", "causes")), None)

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
