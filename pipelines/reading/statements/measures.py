"""Which metric a statement without a figure speaks of: the words of metrics.toml, and looser ones of statements.toml."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.reading.metrics.lexicon import ANYONE, COMPANY, UNITED_STATES, Metric, Word, read_lexicon
from pipelines.reading.metrics.mentions import ArticleMentions
from pipelines.reading.sentences import Sentence, Span
from pipelines.reading.statements.statement_words import LOOSE, LOOSE_WITH_SUBJECT, LooseMeasure, read_statement_words

_NAMES_GROWTH = re.compile(
    r"(?:[率速]|增长|成长|增幅|涨幅|通胀|通膨|膨胀|通胀压力|通膨压力|基本面|状况|形势|景气|inflation|growth)$"
)
_GROWTH_FOLLOWS = re.compile(  # CPI年增率, 零售销售同比增速
    r"\s?的?(?:同比|环比|按年|按月|年|月|季|折年)*(?:增长?|成长|上涨|上升|涨|升|扩张)?(?:率|幅|速度?)"
)
_PASSIVE = re.compile(r"被[^,;]{0,16}$")
_BLANK = re.compile(r"(?<=[a-z]) (?=[一-鿿])")
_AMOUNT = re.compile(r"[\d十百千万亿兆%](?=美元)")
CENTRAL_BANK = "Federal Reserve"  # as subjects.toml names it
_OWNER_REACH = 1200
_COMPANY_REACH = 4
_SURE_KINDS = ("words", "words_with_subject", LOOSE, LOOSE_WITH_SUBJECT)


class Candidate(NamedTuple):
    """A name of a measure in the text, with all that it can stand for."""

    start: int
    end: int
    words: tuple[Word, ...]
    loose: tuple[LooseMeasure, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A metric as a statement names it.

    Attributes:
        start, end: where the name stands.
        metric: the metric.
        subject: whose it is: United States, a holder, or the company as written.
        is_level: the metric is a growth and the name is that of the thing that grows (GDP, 零售销售).
    """

    start: int
    end: int
    metric: str
    subject: str | None
    is_level: bool


class StatementMeasures:
    """The measures of one article, for statements.

    Args:
        article: the words of the whole article.
    """

    def __init__(self, article: ArticleMentions) -> None:
        self._article = article
        self._visible = article.visible
        self._words = read_statement_words()
        self._loose = [match.span() for match in self._words.measure_pattern.finditer(self._visible)]
        self._loose_starts = [start for start, _ in self._loose]
        self._holdings = {
            metric.subject: metric.name
            for metric in read_lexicon().metrics.values()
            if metric.subject not in (UNITED_STATES, COMPANY, ANYONE)
        }

    def can_name_metric(self, start: int, end: int) -> bool:
        """Whether anything between two places can stand for a metric: tells most sentences without one apart at little cost."""
        return bool(self._list_loose(start, end)) or any(
            word.metric is not None for mention in self._article.list_measures(start, end) for word in mention.words
        )

    def list_candidates(self, start: int, end: int) -> list[Candidate]:
        """Return the names that stand between two places, in order; of names that overlap the longest."""
        found = [Candidate(*mention) for mention in self._article.list_measures(start, end) if mention.end <= end]
        for first, last in self._list_loose(start, end):
            if last > end or _AMOUNT.match(self._visible, first - 1):
                continue
            loose = self._words.measures[self._visible[first:last]]
            same = [one for one in found if (one.start, one.end) == (first, last)]
            if same:
                found[found.index(same[0])] = same[0]._replace(loose=loose)
                continue
            over = [one for one in found if one.start < last and first < one.end]
            if all(one.end - one.start < last - first for one in over):
                found = [one for one in found if one not in over]
                found.append(Candidate(first, last, (), loose))
        return sorted(found)

    def _list_loose(self, start: int, end: int) -> list[tuple[int, int]]:
        """The loose names that begin between two places."""
        return self._loose[bisect_left(self._loose_starts, start) : bisect_left(self._loose_starts, end)]

    def choose(
        self, candidate: Candidate, sentence: Sentence, place: int, beside: Span | Candidate | None = None
    ) -> Named | None:
        """Return the one metric that a name stands for in a statement, None if none or more than one comes into question.

        Args:
            candidate: the name.
            sentence: its sentence.
            place: where the statement's word stands.
            beside: the other name of a comparison, whose words rule nothing out (核心 in 整体通胀低于核心通胀).
        """
        sure: dict[str, tuple[Metric, str | None]] = {}
        clause_start = self._find_clause_start(candidate, sentence)
        for word in self._list_words(candidate, sentence, beside):
            metric = self._article.metric(word.metric or "")
            if metric.over is not None and word.kind not in ("words", "words_with_subject"):
                continue
            if self._stands_near(metric.not_near, candidate, sentence, beside):
                continue
            if self._article.names_part(metric, candidate.start, candidate.end, clause_start):
                continue
            subject = self._find_subject(metric, word, candidate, sentence, place)
            if subject is not None:
                sure[metric.name] = (metric, subject)
        growing = [name for name, (metric, _) in sure.items() if metric.is_growth]
        names = list(sure) if len(sure) == 1 else growing
        if len(names) != 1:
            return None
        metric, subject = sure[names[0]]
        return self._name(candidate, metric, subject)

    def choose_contribution(self, candidate: Candidate, sentence: Sentence) -> Named | None:
        """Return the contribution to growth that a name stands for in a sentence that speaks of such (对GDP增长的贡献)."""
        words = [*candidate.words, *(loose.word for loose in candidate.loose)]
        for word in words:
            if word.metric is None or word.kind not in ("numerator_words", LOOSE):
                continue
            metric = self._article.metric(word.metric)
            near = word.near is None or word.near.search(self._visible, sentence.start, sentence.end)
            if (
                metric.over is not None
                and metric.is_growth
                and near
                and metric.over.search(_BLANK.sub("", self._visible[sentence.start : sentence.end]))
                and self.is_of_united_states(sentence, candidate.start)
            ):
                return self._name(candidate, metric, UNITED_STATES)
        return None

    def is_growth(self, metric: str) -> bool:
        """Whether a metric is itself a growth, so that it can be below nought."""
        return self._article.metric(metric).is_growth

    def is_of_united_states(self, sentence: Sentence, place: int) -> bool:
        """Whether what is said at a place without an owner is said of the United States."""
        country = self._article.find_country(sentence, place)
        if country is not None:
            return country == UNITED_STATES
        for mention in reversed(self._article.list_subjects(max(0, sentence.start - _OWNER_REACH), place)):
            if mention.subjects[0].kind in ("country", "home", "group", "region"):
                return mention.subjects[0].name == UNITED_STATES
        return False

    def is_of_central_bank(self, sentence: Sentence, place: int) -> bool:
        """Whether the Federal Reserve is what the sentence named last before a place."""
        named = self._article.list_subjects(sentence.start, place)
        return bool(named) and any(subject.name == CENTRAL_BANK for subject in named[-1].subjects)

    def find_holder(self, sentence: Sentence, place: int) -> tuple[str, str] | None:
        """Return metric and name of the holder of Treasuries named last before a place, None if no series counts what it holds."""
        for mention in reversed(self._article.list_subjects(sentence.start, place)):
            names = [subject.name for subject in mention.subjects]
            held = [(self._holdings[name], name) for name in names if name in self._holdings]
            if held:
                return held[0]
            if UNITED_STATES not in names:
                return None
        return None

    def is_close(self, start: int, end: int, most: int) -> bool:
        """Tell whether at most so many characters of substance stand between two places, words of `between` in statements.toml aside."""
        if end - start <= most:
            return True
        passive = _PASSIVE.search(self._visible, start, end)
        stop = passive.start() if passive else end
        words = [match.span() for match in self._words.between.finditer(self._visible, start, stop)]
        return self._article.is_close(start, stop, most, words)

    def _name(self, candidate: Candidate, metric: Metric, subject: str | None) -> Named:
        written = self._visible[candidate.start : candidate.end]
        names_growth = _NAMES_GROWTH.search(written) or _GROWTH_FOLLOWS.match(self._visible, candidate.end)
        is_level = metric.is_growth and not names_growth
        return Named(candidate.start, candidate.end, metric.name, subject, is_level)

    def _list_words(self, candidate: Candidate, sentence: Sentence, beside: Span | Candidate | None) -> list[Word]:
        """The words that hold here: loose ones only if no full name stands there, short ones only for a name used before."""
        listed = [word for word in candidate.words if word.metric is not None and word.kind != "numerator_words"]
        short = [word.metric for word in listed if word.kind == "short_words" and word.metric]
        recent = self._article.find_recent(short, candidate.start) if short else None
        held = [
            word
            for word in listed
            if (word.kind != "short_words" or word.metric == recent)
            and (word.near is None or word.near.search(self._visible, sentence.start, sentence.end))
        ]
        if any(word.kind in _SURE_KINDS for word in held):
            return held
        return held + [
            loose.word
            for loose in candidate.loose
            if (loose.word.near is None or loose.word.near.search(self._visible, sentence.start, sentence.end))
            and not self._stands_near(loose.not_near, candidate, sentence, beside)
        ]

    def _stands_near(
        self,
        pattern: re.Pattern[str] | None,
        candidate: Candidate,
        sentence: Sentence,
        beside: Span | Candidate | None,
    ) -> bool:
        """Whether one of the words stands in the clause of the name, outside the name itself and the one that it is compared with."""
        if pattern is None:
            return False
        start = self._find_clause_start(candidate, sentence)
        ends = [self._visible.find(mark, candidate.end, sentence.end) for mark in ",;:。"]
        end = min([found for found in ends if found >= 0], default=sentence.end)
        own = [candidate] if beside is None else [candidate, beside]
        return any(
            not any(name.start <= match.start() and match.end() <= name.end for name in own)
            for match in pattern.finditer(self._visible, start, end)
        )

    def _find_clause_start(self, candidate: Candidate, sentence: Sentence) -> int:
        return max(sentence.start, *(self._visible.rfind(mark, sentence.start, candidate.start) for mark in ",;:"))

    def _find_subject(
        self, metric: Metric, word: Word, candidate: Candidate, sentence: Sentence, place: int
    ) -> str | None:
        if metric.subject == ANYONE:
            return ANYONE
        if metric.subject == COMPANY:
            return self._find_company(candidate, sentence)
        if metric.subject != UNITED_STATES:
            holder = self.find_holder(sentence, candidate.end)
            return metric.subject if holder is not None and holder[0] == metric.name else None
        before = max(place, candidate.end)
        if word.kind in ("words_with_subject", LOOSE_WITH_SUBJECT):
            named = self._article.list_subjects(candidate.end, before)
            kinds = [subject.name for mention in named for subject in mention.subjects[:1] if subject.kind == "country"]
            return UNITED_STATES if not kinds or kinds[-1] == UNITED_STATES else None
        return UNITED_STATES if self.is_of_united_states(sentence, candidate.end) else None

    def _find_company(self, candidate: Candidate, sentence: Sentence) -> str | None:
        """The company named right before the measure, or the list of companies that ends there, as written."""
        named = [
            mention
            for mention in self._article.list_subjects(sentence.start, candidate.start)
            if mention.subjects[0].kind in ("company", "company_group")
        ]
        if not named or named[-1].subjects[0].kind != "company":
            return None
        if not self.is_close(named[-1].end, candidate.start, _COMPANY_REACH):
            return None
        first = named[-1]
        for mention in reversed(named[:-1]):
            between = self._visible[mention.end : first.start]
            if mention.subjects[0].kind != "company" or len(between) > 16 or ("," in between or "。" in between):
                break
            first = mention
        return self._visible[first.start : named[-1].end]
