"""Whose figure it is: the country, holder or company that a sentence names for it."""

import re
from collections.abc import Mapping

from pipelines.reading.metrics.lexicon import ANYONE, COMPANY, UNITED_STATES, Metric
from pipelines.reading.metrics.mentions import ArticleMentions, Mention, SubjectMention
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence

_OWN_COUNTRY_AFTER = re.compile(r"(?:的)?(?:财政部)?(?:国债|公债|债券|国库券|国库证券|债务|政府债)")
_FISCAL_YEAR = re.compile(r"财年|财政年度")
_NEAREST_OF_SEVERAL, _ONLY_ONE = 10, 16  # characters of substance from a company to what its figure measures
_LIST_JOIN = re.compile(r"(?:\s?\([^)]{0,20}\))?\s?[、,和与及以跟]\s?(?:及)?")


class OwnerFinder:
    """Finds the owners of one sentence's figures.

    Args:
        article: the words of the whole article.
        sentence: the sentence.
        shared_out: where a figure begins -> the one of several owners that 分别 gives it.
    """

    def __init__(self, article: ArticleMentions, sentence: Sentence, shared_out: Mapping[int, SubjectMention]) -> None:
        self._article = article
        self._sentence = sentence
        self._shared_out = shared_out

    def find_owner(self, metric: Metric, mention: Mention | None, figure: Quantity) -> str | None:
        """Return whose figure it is by the rules of the metric's subject: a country, the holder, or the company as written; else None."""
        if metric.subject == ANYONE:
            return ANYONE
        own = self._shared_out.get(figure.start)
        if metric.subject == COMPANY:
            return self._article.visible[own.start : own.end] if own else self._find_company(mention, figure)
        if metric.subject != UNITED_STATES:
            return self.find_holder(metric, figure)
        others = [own.subjects[0].name] if own else self._list_others(figure) if metric.alone else []
        if others:
            return others[0]
        if (
            mention is not None
            and mention.start < figure.start
            and any(word.kind == "words_with_subject" for word in mention.words)
        ):
            between = [
                subject.name
                for named in self._article.list_subjects(mention.end, figure.start)
                for subject in named.subjects[:1]
                if subject.kind in ("country", "group", "region")
            ]
            return between[-1] if between else self._find_named_before(mention) or UNITED_STATES
        return self._find_country(figure)

    def _find_country(self, figure: Quantity) -> str | None:
        country = self._article.find_country(self._sentence, figure.start)
        is_budget = country is None and figure.unit == "USD" and self._tells_fiscal_year()
        return UNITED_STATES if is_budget else country

    def _tells_fiscal_year(self) -> bool:
        """Whether the sentence reckons by fiscal years: in dollars, and with no country named anywhere, that is the federal budget."""
        return _FISCAL_YEAR.search(self._article.visible, self._sentence.start, self._sentence.end) is not None

    def _list_others(self, figure: Quantity) -> list[str]:
        """The other countries of the sentence, also those that are only the other side (对瑞士的逆差) in the figure's own clause."""
        visible, sentence = self._article.visible, self._sentence
        clause_start = max(sentence.start, *(visible.rfind(mark, sentence.start, figure.start) + 1 for mark in ",;"))
        named = [
            *self._article.list_subjects(sentence.start, sentence.end),
            *self._article.list_all_subjects(clause_start, figure.start),
        ]
        return [
            subject.name
            for mention in named
            for subject in mention.subjects[:1]
            if subject.kind == "country" and subject.name != UNITED_STATES
        ]

    def _find_named_before(self, mention: Mention) -> str | None:
        """The country right before a word that is otherwise American: 加拿大10年期国债收益率; None where the word itself says 美."""
        visible = self._article.visible
        if "美" in visible[mention.start : mention.end]:
            return None
        for named in reversed(self._article.list_subjects(self._sentence.start, mention.start)):
            gap = visible[named.end : mention.start]
            if "," in gap or not self._article.is_close(named.end, mention.start, 0):
                return None
            if named.subjects[0].kind in ("country", "group", "region"):
                return named.subjects[0].name
        return None

    def find_holder(self, metric: Metric, figure: Quantity) -> str | None:
        """The holder nearest before the figure; the United States only issue the debt, unless their central bank holds it."""
        before = self._article.list_subjects(self.find_paragraph_start(400), figure.start)
        right_before = self._article.list_all_subjects(max(0, figure.start - 8), figure.start)
        if right_before and self._article.visible[right_before[-1].end : figure.start] == "的":
            before = [*before, right_before[-1]]  # 超越中国的7654亿
        own = self._shared_out.get(figure.start)
        for named in reversed(before) if own is None else (own,):
            names = {subject.name for subject in named.subjects if subject.kind in ("country", "group", "holder")}
            if metric.subject in names:
                return metric.subject
            if not names or names == {UNITED_STATES}:
                continue
            if UNITED_STATES in names and _OWN_COUNTRY_AFTER.match(self._article.visible, named.end):
                continue
            return next(iter(names))
        return None

    def _find_company(self, mention: Mention | None, figure: Quantity) -> str | None:
        """The company or companies named before the figure, as written, else the one that the text is about; None where a group is nearer."""
        before = mention.start if mention is not None and mention.start < figure.start else figure.start
        if mention is not None and mention.start < figure.start:
            later = [
                self._article.visible[named.start : named.end]
                for named in self._article.list_subjects(max(mention.end, self._sentence.start), figure.start)
                if named.subjects[0].kind == "company"
            ]
            if later:
                return later[-1]  # 微软的资本支出349亿, Meta 720亿
        named = [
            subject
            for subject in self._article.list_subjects(self._sentence.start, before)
            if subject.subjects[0].kind in ("company", "company_group")
        ]
        while (
            named
            and named[-1].subjects[0].kind == "company_group"
            and self._article.visible[max(0, named[-1].start - 2) : named[-1].start].strip('“"「') == "等"
        ):
            named.pop()
        if not named:
            return self._article.find_only_company(self._sentence)
        if named[-1].subjects[0].kind == "company_group":
            return None
        names = {mention.subjects[0].name for mention in named}
        if not self._article.is_close(named[-1].end, before, _NEAREST_OF_SEVERAL if len(names) > 1 else _ONLY_ONE):
            return None
        first = last = named[-1]
        for subject in reversed(named[:-1]):
            if subject.subjects[0].kind != "company" or not _LIST_JOIN.fullmatch(
                self._article.visible[subject.end : first.start]
            ):
                break
            first = subject
        return self._article.visible[first.start : last.end]

    def names_several(self, subject: str) -> bool:
        """Tell whether a subject as written names more than one company."""
        return len({named.group() for named in self._article.subject_pattern.finditer(subject)}) > 1

    def find_paragraph_start(self, reach: int) -> int:
        """Where the paragraph of the sentence begins, at most `reach` characters before the sentence."""
        start = max(0, self._sentence.start - reach)
        return max(start, self._article.visible.rfind("\n", start, self._sentence.start) + 1)
