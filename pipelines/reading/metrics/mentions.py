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
    r"生产总值|贸易|供应链|市场|金融|经济危机|大流行|疫情|病毒|最大|第[一二三](?!个?季)|各地|范围|商品|局势|央行年会|杯|籍|裔|人(?![均口])"
    r"|联储|联邦储备|大学|理工|仪器|时间|交易所|期货|州长|州务卿"
)
_HOME_IN_NAME = re.compile(r"[^,;。的\d]{0,10}(?:协会|公司|联合会|联盟|委员会|人大|政协|局)|性|各")  # 全国广播公司
_BRACKETED = re.compile(r"\([^()\n]{0,60}\)")
_APPOSITION = re.compile(r"(?:^|[,;])(?:即|也就是)[^,;]{0,40}")
_REACH_BACK = 120
_CONTEXT_REACH = 300  # characters over which the name of a country still holds
_OFTEN = 3  # so often an article names the United States if it is about them wherever it does not say so
_TELLS = re.compile(r"[^,;。\d]{0,12}(?:公布|发布|数据|显示|统计)")
_OFFICES = ("统计局", "统计处", "统计总处", "主计处", "主计总处")
_OF_COMPANY = re.compile(r"公司|业绩|财报|财季|营收|净利|毛利")
_RESULTS_REACH = 16
_PART_REACH = 16
_PART_JOIN = re.compile(r"(?:的|分项|价格|部门|行业)*")
_PART_AFTER = re.compile(r"中?的?")
_PART_NAME = re.compile(r"(?:类|价格)?(?:分项|分类|指数|部分|通胀)")
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
            Mention(start, end, self._lexicon.measures[visible[start:end]])
            for start, end in self._lexicon.measure_finder.find(visible)
        ]
        self._starts = [mention.start for mention in self._mentions]
        self._subjects = [
            SubjectMention(match.start(), match.end(), self._lexicon.subjects[match.group().lower()])
            for match in self._lexicon.subject_pattern.finditer(visible)
        ]
        self._subject_starts = [mention.start for mention in self._subjects]
        self._owning: dict[int, bool] = {}
        self._american = self._list_american()
        self._countries = self._count_countries()

    def list_measures(self, start: int, end: int, *, with_verbs: bool = False) -> list[Mention]:
        """The words of measures that begin in a stretch of the text, with or without verbs that only say what a figure is of."""
        found = self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return found if with_verbs else [mention for mention in found if mention.words[0].kind != "verbs"]

    def _count_countries(self) -> Counter[str]:
        """How often the article speaks of each country."""
        counts = Counter(
            subject.name for mention in self._subjects for subject in mention.subjects if subject.kind == "country"
        )
        counts[UNITED_STATES] = len(self._american)
        return +counts

    def _list_american(self) -> list[int]:
        """Where the article names the United States, as such or by a word that names them with a measure (非农), in order."""
        named = [
            mention.start
            for mention in self._subjects
            if any(subject == (UNITED_STATES, "country", subject.fiscal_year_ends) for subject in mention.subjects)
        ]
        measured = [
            mention.start
            for mention in self._mentions
            if any(
                word.kind == "words_with_subject"
                and word.metric
                and self._lexicon.metrics[word.metric].subject == UNITED_STATES
                for word in mention.words
            )
        ]
        return sorted(named + measured)

    def _find_main_country(self) -> str | None:
        """The country that the article speaks of most, if it is clearly one: half as often again as of all others together."""
        if not self._countries:
            return None
        name, count = self._countries.most_common(1)[0]
        return name if count >= 1.5 * (self._countries.total() - count) else None

    def find_fiscal_year_end(self, offset: int) -> int:
        """Return the month in which a fiscal year told at `offset` ends: of the company or country before it, else of the federal government."""
        start = max(0, offset - 60)
        start = max(start, *(self.visible.rfind(mark, start, offset) + 1 for mark in "\n。;"))
        named = self.list_subjects(start, offset)
        companies = [mention for mention in named if mention.subjects[0].kind in ("company", "company_group")]
        if companies:
            # Several companies have several fiscal years; the calendar year stands for them.
            names = {mention.subjects[0].name for mention in companies}
            return companies[0].subjects[0].fiscal_year_ends if len(names) == 1 else 12
        if not named and _OF_COMPANY.search(self.visible, start, offset + _RESULTS_REACH):
            begun = max(0, offset - _CONTEXT_REACH, self.visible.rfind("\n", 0, offset) + 1)
            title_end = min(max(0, self.visible.find("\n")), begun)
            around = [*self.list_subjects(0, title_end), *self.list_subjects(begun, offset)]
            ends = {one.subjects[0].fiscal_year_ends for one in around if one.subjects[0].kind == "company"}
            if len(ends) == 1:
                return ends.pop()
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
        return [mention for mention in self.list_all_subjects(start, end) if self._can_own(mention)]

    def list_all_subjects(self, start: int, end: int) -> list[SubjectMention]:
        """The subjects named in a stretch, whatever they are in it."""
        found = self._subjects[bisect_left(self._subject_starts, start) : bisect_left(self._subject_starts, end)]
        return [mention for mention in found if mention.end <= end]

    def find_only_company(self, sentence: Sentence) -> str | None:
        """The company as written that a sentence without one goes on about: the only one of its paragraph so far and of the title."""
        start = max(0, sentence.start - _CONTEXT_REACH)
        start = max(start, self.visible.rfind("\n", start, sentence.start) + 1)
        title_end = min(max(0, self.visible.find("\n")), sentence.start)
        named = [*self.list_subjects(0, title_end), *self.list_subjects(start, sentence.start)]
        companies = [mention for mention in named if mention.subjects[0].kind in ("company", "company_group")]
        names = {mention.subjects[0].name for mention in companies}
        is_one = len(names) == 1 and companies[0].subjects[0].kind == "company"
        return self.visible[companies[-1].start : companies[-1].end] if is_one else None

    def _can_own(self, mention: SubjectMention) -> bool:
        owns = self._owning.get(mention.start)
        if owns is None:
            owns = self._owning[mention.start] = self._judge_owner(mention)
        return owns

    def _judge_owner(self, mention: SubjectMention) -> bool:
        if _NO_SUBJECT_AFTER.match(self.visible, mention.end) and mention.subjects[0].kind != "company":
            return False
        if mention.subjects[0].kind == "home" and _HOME_IN_NAME.match(self.visible, mention.end):
            return False
        if self.visible.endswith(_OFFICES, mention.start, mention.end) and self._follows_country(mention):
            return False  # 法国国家统计局 is one of France
        before = self.visible[max(0, mention.start - 3) : mention.start]
        return not (_OBJECT.search(before) and not self.visible.startswith("的", mention.end)) or before.endswith(
            ("与", "和", "跟", "同")
        )

    def _follows_country(self, mention: SubjectMention) -> bool:
        place = bisect_left(self._subject_starts, mention.start) - 1
        return (
            place >= 0
            and self._subjects[place].end == mention.start
            and self._subjects[place].subjects[0].kind == "country"
        )

    def find_country(self, sentence: Sentence, before: int) -> str | None:
        """The country or group that a general figure belongs to.

        The nearest before it in the sentence or shortly before in the paragraph; else the one whose office is named after it; else
        the one that the article is clearly about; else the one named last before it. None where the text leaves it open.
        """
        before_it = max(0, sentence.start - _REACH_BACK)
        for start in (sentence.start, max(before_it, self.visible.rfind("\n", before_it, sentence.start) + 1)):
            for mention in reversed(self.list_subjects(start, before)):
                subject = mention.subjects[0]
                if subject.kind == "home":
                    return self._find_home(start, mention)
                if subject.kind in ("country", "group", "region"):
                    return subject.name
            if start == sentence.start and (teller := self._find_teller(before, sentence.end)) is not None:
                return teller
        main = self._find_main_country()
        if main is not None and (main != UNITED_STATES or self._is_set_in_america(before)):
            return main
        for mention in reversed(self.list_subjects(max(0, before - _CONTEXT_REACH), before)):
            if mention.subjects[0].kind == "country":
                return mention.subjects[0].name
        return None

    def _is_set_in_america(self, before: int) -> bool:
        """Whether the United States are named often, in the title, or near a place: not just somewhere else."""
        if len(self._american) >= _OFTEN:
            return True
        title_end = self.visible.find("\n")
        return any(start < title_end or abs(start - before) <= _CONTEXT_REACH for start in self._american)

    def _find_home(self, start: int, home: SubjectMention) -> str | None:
        """The country that 全国 stands for: one named before it in the sentence, or the only one of which the article speaks."""
        for mention in reversed(self.list_subjects(start, home.start)):
            if mention.subjects[0].kind == "country":
                return mention.subjects[0].name
        if len(self._countries) == 1:
            name, count = self._countries.most_common(1)[0]
            return name if name != UNITED_STATES or count >= _OFTEN else None
        return None

    def _find_teller(self, after: int, end: int) -> str | None:
        """The country whose office is said after a figure to have told it: …，国家统计局数据显示."""
        for mention in self.list_subjects(after, end):
            is_office = self.visible.endswith(_OFFICES, mention.start, mention.end)
            if mention.subjects[0].kind == "country" and (is_office or _TELLS.match(self.visible, mention.end, end)):
                return mention.subjects[0].name
        return None

    def metric(self, name: str) -> Metric:
        """The metric of a name."""
        return self._lexicon.metrics[name]

    def list_metrics_of(self, subject: str) -> list[Metric]:
        """The metrics that are of a subject alone, such as what a country holds."""
        return [metric for metric in self._lexicon.metrics.values() if metric.subject == subject]

    def ratio_metrics(self, unit: str) -> Sequence[Metric]:
        """The metrics that are ratios and can have the unit."""
        return self._lexicon.ratios.get(unit, ())

    def names_part(self, metric: Metric, start: int, end: int, clause_start: int) -> bool:
        """Tell whether a word beside a measure leaves only a part of it: 青少年失业率, 能源类CPI, CPI中的食品分项.

        Args:
            metric: the metric that the word names.
            start: where the word begins.
            end: where it ends.
            clause_start: where its clause begins.
        """
        parts = self._lexicon.parts
        after = _PART_AFTER.match(self.visible, end)
        named = after and parts.after.match(self.visible, after.end())
        if named and _PART_NAME.match(self.visible, named.end()):
            return True
        for match in parts.before.finditer(self.visible, max(clause_start, start - _PART_REACH), start):
            if not _PART_JOIN.fullmatch(remove_times(self.visible[match.end() : start])):
                continue
            if metric.not_part is not None and metric.not_part.fullmatch(match.group()):
                continue  # the federal government's deficit is the federal deficit
            return not (
                parts.whole.search(self.visible, clause_start, match.start())
                or parts.total.search(self.visible, max(clause_start, match.start() - _PART_REACH), match.end())
            )
        return False

    def is_close(self, start: int, end: int, most: int, cut: Sequence[tuple[int, int]] = ()) -> bool:
        """Tell whether at most so many characters of substance stand between two places.

        Times, subjects, brackets, verbs of level and the like (`between` in metrics.toml) are of no substance.

        Args:
            start: the first place.
            end: the second.
            most: how many characters.
            cut: stretches that do not count either, such as figures.
        """
        if end - start <= most:
            return True
        written = self._leave_out(start, end, cut)
        if len(written) <= most:
            return True
        if "(" in written:
            written = _BRACKETED.sub("", written)
        written = remove_times(_APPOSITION.sub(",", written))
        if len(written) <= most:
            return True
        between = self._lexicon.between
        written = _NOT_CONTENT.sub(
            " ", self._lexicon.between_long.sub(" ", self._lexicon.subject_pattern.sub("", written))
        )
        # A single character such as 以 is a word of its own only where nothing else stands beside it (not in 以太币).
        return sum(len(run) for run in written.split() if between.sub("", run)) <= most

    def _leave_out(self, start: int, end: int, cut: Sequence[tuple[int, int]]) -> str:
        """The text between two places without the cut stretches, a space for each."""
        pieces, position = [], start
        for first, last in sorted(cut):
            if last > position and first < end:
                pieces.append(self.visible[position : max(position, first)])
                position = max(position, last)
        pieces.append(self.visible[position:end] if position < end else "")
        return " ".join(pieces)

    @property
    def subject_pattern(self) -> re.Pattern[str]:
        """Finds the words of subjects."""
        return self._lexicon.subject_pattern
