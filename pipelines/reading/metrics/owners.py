"""Whose figure it is: the country, holder or company that a sentence names for it."""

import re

from pipelines.reading.metrics.lexicon import ANYONE, COMPANY, UNITED_STATES, Metric
from pipelines.reading.metrics.mentions import ArticleMentions, Mention
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence

_OWN_COUNTRY_AFTER = re.compile(r"(?:的)?(?:财政部)?(?:国债|公债|债券|国库券|国库证券|债务|政府债)")
_LIST_JOIN = re.compile(r"(?:\s?\([^)]{0,20}\))?\s?[、,和与及以跟]\s?(?:及)?")


class OwnerFinder:
    """Finds the owners of one sentence's figures.

    Args:
        article: the words of the whole article.
        sentence: the sentence.
    """

    def __init__(self, article: ArticleMentions, sentence: Sentence) -> None:
        self._article = article
        self._sentence = sentence

    def find_owner(self, metric: Metric, mention: Mention | None, figure: Quantity) -> str | None:
        """Return whose figure it is by the rules of the metric's subject: a country, the holder, or the company as written; else None."""
        if metric.subject == ANYONE:
            return ANYONE
        if metric.subject == COMPANY:
            return self._find_company(mention, figure)
        if metric.subject != UNITED_STATES:
            return self.find_holder(metric, figure)
        others = [
            subject.name
            for named in self._article.list_subjects(self._sentence.start, self._sentence.end)
            for subject in named.subjects[:1]
            if subject.kind == "country" and subject.name != UNITED_STATES
        ]
        if metric.alone and others:
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
        return self._article.find_country(self._sentence, figure.start)

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
        for named in reversed(self._article.list_subjects(self.find_paragraph_start(400), figure.start)):
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
        """The company or companies named before the figure, as written; None where a group without names is nearer."""
        before = mention.start if mention is not None and mention.start < figure.start else figure.start
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
        if not named or named[-1].subjects[0].kind == "company_group":
            return None
        if not self._article.is_close(named[-1].end, before, 10):
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
