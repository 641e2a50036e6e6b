"""Where an article speaks of measures and of whose they are: the words of the lexicon in the text, found once."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.reading.metrics.lexicon import UNITED_STATES, Metric, Subject, Word, read_lexicon
from pipelines.reading.periods.dates import remove_times
from pipelines.reading.sentences import Sentence

_OBJECT = re.compile(r"(?:超过|高于|低于|落后于?|领先于?|比|不及|相较于?|较|针对|对|向|与|和|跟|同|由于)\s?$")
_NO_SUBJECT_AFTER = re.compile(
    r"贸易|供应链|市场|金融|经济危机|大流行|疫情|病毒|最大|第[一二三]|各地|范围|商品|局势|央行年会|杯|籍|裔|人(?![均口])"
)
_BRACKETED = re.compile(r"\([^()\n]{0,60}\)")
_APPOSITION = re.compile(r"(?:^|[,;])(?:即|也就是)[^,;]{0,40}")
_REACH_BACK = 120
_NOT_CONTENT = re.compile(r"[\W\d_]+")


class Mention(NamedTuple):
    """A word of a measure in the text, with all that it can say."""

    start: int
    end: int
    words: tuple[Word, ...]


class SubjectMention(NamedTuple):
    """A word of a subject in the text, with all that it can name."""

    start: int
    end: int
    subjects: tuple[Subject, ...]


class ArticleMentions:
    """Every word of a measure and of a subject in one article, and what is to be known of them.

    Args:
        visible: the article's own text, normalised.
    """

    def __init__(self, visible: str) -> None:
        self.visible = visible
        self._lexicon = read_lexicon()
        self._mentions = [
            Mention(match.start(), match.end(), self._lexicon.measures[match.group().lower()])
            for match in self._lexicon.measure_pattern.finditer(visible)
        ]
        self._starts = [mention.start for mention in self._mentions]
        self._subjects = [
            SubjectMention(match.start(), match.end(), self._lexicon.subjects[match.group().lower()])
            for match in self._lexicon.subject_pattern.finditer(visible)
        ]
        self._subject_starts = [mention.start for mention in self._subjects]
        self._main_country = self._find_main_country()

    def list_measures(self, start: int, end: int) -> list[Mention]:
        """The words of measures that begin in a stretch of the text."""
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _find_main_country(self) -> str | None:
        """The country that the article speaks of most, if it is clearly one."""
        counts = Counter(
            subject.name for mention in self._subjects for subject in mention.subjects if subject.kind == "country"
        )
        counts[UNITED_STATES] += sum(
            any(word.kind == "words_with_subject" for word in mention.words) for mention in self._mentions
        )
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] == 0:
            return None
        return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= 1.5 * ranked[1][1] else None

    def find_fiscal_year_end(self, offset: int) -> int:
        """Return the month in which a fiscal year told at `offset` ends: of the company or country before it, else of the federal government."""
        start = max(0, offset - 60)
        start = max(start, *(self.visible.rfind(mark, start, offset) + 1 for mark in "\n。"))
        named = self.list_subjects(start, offset)
        companies = [mention for mention in named if mention.subjects[0].kind in ("company", "company_group")]
        if companies:
            # Several companies have several fiscal years; the calendar year stands for them.
            return companies[0].subjects[0].fiscal_year_ends if len(companies) == 1 else 12
        if named and named[-1].subjects[0].kind == "country" and offset - named[-1].end <= 6:
            return named[-1].subjects[0].fiscal_year_ends
        return 9

    def find_recent(self, metrics: Sequence[str], before: int) -> str | None:
        """Of several metrics, the one whose full name was used last before an offset; a short word stands for that."""
        place = bisect_left(self._starts, before) - 1
        for mention in reversed(self._mentions[max(0, place - 400) : place + 1]):
            for word in mention.words:
                if word.metric in metrics and word.kind in ("words", "words_with_subject"):
                    return word.metric
        return None

    def list_subjects(self, start: int, end: int) -> list[SubjectMention]:
        """The subjects named in a stretch that can be the owner of a figure: no objects of a comparison, no attributes."""
        found = self._subjects[bisect_left(self._subject_starts, start) : bisect_left(self._subject_starts, end)]
        return [mention for mention in found if mention.end <= end and self._can_own(mention)]

    def _can_own(self, mention: SubjectMention) -> bool:
        if _NO_SUBJECT_AFTER.match(self.visible, mention.end) and mention.subjects[0].kind != "company":
            return False
        before = self.visible[max(0, mention.start - 3) : mention.start]
        return not (_OBJECT.search(before) and not self.visible.startswith("的", mention.end)) or before.endswith(
            ("与", "和", "跟", "同")
        )

    def find_country(self, sentence: Sentence, before: int) -> str | None:
        """The country or group that a general figure belongs to: the nearest before it in the sentence, else the main one."""
        before_it = max(0, sentence.start - _REACH_BACK)
        for start in (sentence.start, max(before_it, self.visible.rfind("\n", before_it, sentence.start) + 1)):
            for mention in reversed(self.list_subjects(start, before)):
                subject = mention.subjects[0]
                if subject.kind in ("country", "group"):
                    return subject.name
        if self._main_country is not None:
            return self._main_country
        for mention in reversed(self.list_subjects(max(0, before - 300), before)):
            if mention.subjects[0].kind == "country":
                return mention.subjects[0].name
        return None

    def metric(self, name: str) -> Metric:
        """The metric of a name."""
        return self._lexicon.metrics[name]

    def ratio_metrics(self, unit: str) -> list[Metric]:
        """The metrics that are ratios and can have the unit."""
        return [metric for metric in self._lexicon.metrics.values() if metric.over is not None and unit in metric.units]

    def measure_residue(self, start: int, end: int, cut: Sequence[tuple[int, int]]) -> int:
        """How many characters of substance stand between two places: without times, figures, subjects, verbs of level and the like."""
        if end <= start:
            return 0
        pieces, position = [], start
        for first, last in sorted(cut):
            if last > position and first < end:
                pieces.append(self.visible[position : max(position, first)])
                position = max(position, last)
        pieces.append(self.visible[position:end] if position < end else "")
        written = _BRACKETED.sub("", " ".join(pieces))
        written = _APPOSITION.sub(",", written)
        written = remove_times(written)
        written = self._lexicon.subject_pattern.sub("", written)
        rest = _NOT_CONTENT.sub(
            " ", self._lexicon.between.sub(lambda match: " " if len(match.group()) > 1 else match.group(), written)
        )
        # A single character such as 以 is a word of its own only where nothing else stands beside it (not in 以太币).
        return sum(len(run) for run in rest.split() if self._lexicon.between.sub("", run))

    @property
    def subject_pattern(self) -> re.Pattern[str]:
        """Finds the words of subjects."""
        return self._lexicon.subject_pattern
