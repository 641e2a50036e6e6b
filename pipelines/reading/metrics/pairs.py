"""Figures that state one official metric by another: of which two, and how (占联邦支出的14%, 是年收入的7倍, 比2年期高0.5个百分点)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.reading.metrics.lexicon import UNITED_STATES, Metric
from pipelines.reading.metrics.mentions import ArticleMentions, Mention, SubjectMention
from pipelines.reading.metrics.owners import OwnerFinder
from pipelines.reading.metrics.pair_words import PairWords, Shape, compile_pattern, read_pair_words
from pipelines.reading.periods.dates import remove_times
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence

_HOLDERS = ("Federal Reserve", "foreigners", "China", "Japan", "United Kingdom")
_NAMES = frozenset(["words", "words_with_subject", "when"])
_MOST_BETWEEN = 40  # characters between two of the three
_MOST_WORDS = 20  # characters of them that are no time, bracket, figure or name
_HOLDER_REACH = 10
_TWO = 2
_BRACKETED = re.compile(r"\([^()\n]{0,60}\)")
_IGNORED = re.compile(r"[\s\"“”「」*]")
_LISTED = re.compile(r"(?:[和与及跟、加]|以及|加上|连同|或)\s?$")
_LINKS = re.compile(
    "[利息]差|用于|占比|比例|比重"
)  # of the words of a pair those that are elsewhere signs of something else
_RELATED = frozenset(["percent", "ratio"])
_OTHER_KINDS = ("country", "group", "region", "company", "company_group")


class Side(NamedTuple):
    """One of the two metrics: where it stands in the sentence, where its word stands (before it, if it is left out), and what it says."""

    start: int
    end: int
    word: tuple[int, int]
    metric: Metric
    names_subject: bool


class _Holder(NamedTuple):
    """Who holds, and where it is named."""

    name: str
    start: int


class Pair(NamedTuple):
    """Two metrics of which a figure states one by the other; `ratio_to`, `exceeds`, `falls_short_of` or `differs_from`."""

    upper: Side
    base: Side
    relation: str


class PairFinder:
    """Finds the pairs of one sentence's figures.

    Args:
        article: the words of the whole article.
        owners: finds whose figures the sentence's are.
        sentence: the sentence.
        figures: its figures in order.
        topic: what the sentence before was about, if this one may go on about it.
    """

    def __init__(
        self,
        article: ArticleMentions,
        owners: OwnerFinder,
        sentence: Sentence,
        figures: Sequence[Quantity],
        topic: Mention | None,
    ) -> None:
        self._article = article
        self._visible = article.visible
        self._sentence = sentence
        self._figures = figures
        self._topic = topic
        self._owners = owners
        self._sides: list[Side] | None = None
        self._told: list[Side] = []
        self._told_bases: list[Side] = []

    @property
    def _words(self) -> PairWords:
        return read_pair_words()

    def find(self, figure: Quantity) -> Pair | None:
        """Return the two metrics that a figure states one by the other; None unless the text names both, of the United States, and nothing else."""
        if figure.unit not in ("percent", "ratio", "percentage_point", "USD"):
            return None
        if self._sides is None:
            self._sides = self._list_sides()
        if len(self._sides) < _TWO:
            return None
        before = [
            side
            for side in sorted([*self._sides, *self._told], key=lambda side: side.end)
            if figure.start - 3 * _MOST_BETWEEN <= side.start and side.end <= figure.start
        ]
        after = [side for side in self._sides if figure.end <= side.start <= figure.end + _MOST_BETWEEN]
        for shape in self._words.shapes:
            if not _may_fit(shape, figure):
                continue
            first = self._told_bases if shape.order == "tnf" else before
            second = after if shape.order == "bfn" else before
            for pair in self._list_pairs(shape, figure, first, second):
                if self._is_sure(pair, figure):
                    # what is said next may be of the same (相当于联邦支出的14%, 也相当于国防支出的106%) or by the same (利息占14%, 国防占13%)
                    self._told.append(pair.upper._replace(start=figure.end, end=figure.end))
                    if pair.relation == "ratio_to":
                        self._told_bases.append(pair.base._replace(start=figure.end, end=figure.end))
                    return pair
        return None

    def _list_pairs(self, shape: Shape, figure: Quantity, first: list[Side], second: list[Side]) -> list[Pair]:
        """The pairs of one shape, the nearest first."""
        found: list[Pair] = []
        for one in reversed(first):
            for other in second:
                upper, base = (one, other) if shape.order == "nbf" else (other, one)
                if not self._can_pair(upper.metric, base.metric, figure, shape):
                    continue
                if shape.order == "tnf" and (upper.metric.name, base.metric.name) not in self._words.beside:
                    continue
                if shape.order == "bfn":
                    gaps = (one.end, figure.start), (figure.end, other.start)
                elif one.end <= other.start:
                    gaps = (one.end, other.start), (other.end, figure.start)
                else:
                    continue
                if self._fits(shape.first, *gaps[0], between=True) and self._fits(shape.second, *gaps[1]):
                    pair = self._orient(shape, upper, base)
                    if pair is not None and self._is_of_one_time(shape, gaps):
                        found.append(pair)
        return found

    def _orient(self, shape: Shape, upper: Side, base: Side) -> Pair | None:
        """Of a spread the longer term less the shorter, whichever is named first; only rates of known terms can be inverted."""
        if not shape.orders_by_term:
            return Pair(upper, base, shape.relation)
        terms = [self._words.by_term.get(side.metric.name) for side in (upper, base)]
        if terms[0] is None or terms[1] is None:
            return Pair(upper, base, shape.relation) if shape.orders_by_term > 0 else None
        if (terms[0] - terms[1]) * shape.orders_by_term < 0:
            upper, base = base, upper
        return Pair(upper, base, "exceeds")

    def _fits(self, pattern: str, start: int, end: int, *, between: bool = False) -> bool:
        """Whether nothing but the words of a pattern stands in a stretch, times, brackets, other figures and the country's name left out."""
        if not 0 <= end - start <= _MOST_BETWEEN:
            return False
        written = remove_times(self._leave_out(start, end, between=between))
        return len(written) <= _MOST_WORDS and compile_pattern(pattern).fullmatch(written) is not None

    def _leave_out(self, start: int, end: int, *, between: bool) -> str:
        written, position = "", start
        # a share between the two is of the first of them, which is then a base itself
        cut = [(figure.start, figure.end) for figure in self._figures if not (between and figure.unit in _RELATED)]
        cut += [
            (named.start, named.end)
            for named in self._article.list_all_subjects(start, end)
            if any(subject.name == UNITED_STATES for subject in named.subjects)
        ]
        for first, last in sorted(cut):
            if start <= first and last <= end and first >= position:
                written += self._visible[position:first]
                position = last
        return _IGNORED.sub("", _BRACKETED.sub("", written + self._visible[position:end]))

    def _is_of_one_time(self, shape: Shape, gaps: tuple[tuple[int, int], tuple[int, int]]) -> bool:
        """Whether no time of its own stands beside the second of the two (比去年的国防支出多); of a share it may be the only one."""
        if not any(self._tells_time(*gap) for gap in gaps):
            return True
        return shape.relation == "ratio_to" and not (
            self._tells_time(*gaps[0]) and self._tells_time(self._sentence.start, gaps[0][0])
        )

    def _tells_time(self, start: int, end: int) -> bool:
        written = self._words.same_time.sub("", self._visible[start:end])
        return remove_times(written) != written

    # --- what can stand on either side --------------------------------------------------------------------------------------

    def _list_sides(self) -> list[Side]:
        """The metrics that the sentence names, in order; what a word means beside another one of the sentence counts, too."""
        start, end = self._sentence.start, self._sentence.end
        sides = [side for mention in self._article.list_measures(start, end) for side in self._read_mention(mention)]
        words = [
            (first, last, word)
            for first, last in self._words.side_finder.find(self._visible, start, end)
            for word in self._words.side_words[self._visible[first:last]]
        ]
        named = {side.metric.name for side in sides} | {word.metric for _, _, word in words}
        for first, last, word in words:
            if named.isdisjoint(word.beside) or any(side.start <= first and last <= side.end for side in sides):
                continue
            sides.append(Side(first, last, (first, last), self._article.metric(word.metric), names_subject=False))
        sides += self._list_elided_holdings(sides)
        sides += list(self._list_anaphors(sides))
        if self._topic is not None:
            # 这相当于联邦支出的14%: as if it stood where the sentence begins
            sides += [
                side._replace(start=start, end=start) for side in self._read_mention(self._topic, conditional=False)
            ]
        return sorted(sides, key=lambda side: (side.start, side.end))

    def _list_anaphors(self, sides: Sequence[Side]) -> Iterator[Side]:
        """What 前者 and 后者 stand for, where exactly two metrics are named before them."""
        for place, pattern in enumerate((self._words.former, self._words.latter)):
            for match in pattern.finditer(self._visible, self._sentence.start, self._sentence.end):
                before = sorted((side for side in sides if side.end <= match.start()), key=lambda side: side.start)
                named = list({side.metric.name: side for side in reversed(before)}.values())[::-1]
                if len(named) == 2:
                    yield named[place]._replace(start=match.start(), end=match.end())

    def _list_elided_holdings(self, sides: Sequence[Side]) -> list[Side]:
        """The holders named beside a holding whose own is left out: 日本持有的美债是中国的1.6倍."""
        held = {side.metric.name for side in sides if side.metric.subject in _HOLDERS}
        if not held:
            return []
        own = [(side.start - _HOLDER_REACH, side.end) for side in sides if side.metric.name in held]

        def find_end(found: SubjectMention) -> int:
            holding = self._words.holding.match(self._visible, found.end)
            return holding.end() if holding else found.end

        return [
            Side(found.start, find_end(found), (found.start, found.end), metric, names_subject=False)
            for found in self._article.list_all_subjects(self._sentence.start, self._sentence.end)
            for subject in found.subjects
            if subject.name in _HOLDERS and not any(start <= found.start and found.end <= end for start, end in own)
            for metric in self._article.list_metrics_of(subject.name)
        ]

    def _read_mention(self, mention: Mention, *, conditional: bool = True) -> list[Side]:
        sides: list[Side] = []
        for word in mention.words:
            if word.metric is None or word.kind not in _NAMES or (word.near is not None and not conditional):
                continue
            if word.near is not None and not word.near.search(self._visible, self._sentence.start, self._sentence.end):
                continue
            metric = self._article.metric(word.metric)
            start = mention.start
            if metric.subject in _HOLDERS:
                holder = self._find_holder(mention)
                if holder is None or holder.name != metric.subject:
                    continue
                start = min(start, holder.start)
            elif metric.subject != UNITED_STATES:
                continue
            names_subject = word.kind == "words_with_subject"
            sides.append(Side(start, mention.end, (mention.start, mention.end), metric, names_subject))
        return sides

    def _find_holder(self, mention: Mention) -> _Holder | None:
        """The holder named last right before, or in, the word of a holding."""
        start = max(self._sentence.start, mention.start - _HOLDER_REACH)
        holder = None
        for found in self._article.list_all_subjects(start, mention.end):
            names = [subject.name for subject in found.subjects]
            if set(names) != {UNITED_STATES}:
                holder = _Holder(next((name for name in names if name in _HOLDERS), names[0]), found.start)
        return holder

    def _can_pair(self, upper: Metric, base: Metric, figure: Quantity, shape: Shape) -> bool:
        """Whether the two can be held against each other: amounts of dollars by shares and amounts, rates by points."""
        if upper.name == base.name or upper.is_growth or base.is_growth:
            return False
        held = [metric for metric in (upper, base) if metric.subject in _HOLDERS]
        if len(held) == 1 and not self._words.held_of.intersection((upper.name, base.name)):
            return False  # 日本持有的美债相当于其GDP的…: of Japan's
        if figure.unit == "percentage_point":
            return "percent" in upper.units and "percent" in base.units
        if shape.relation == "differs_from" and figure.unit != "USD":
            return False
        return "USD" in upper.units and "USD" in base.units

    # --- whether both are what they seem ------------------------------------------------------------------------------------

    def _is_sure(self, pair: Pair, figure: Quantity) -> bool:
        """Whether both are whole, of the United States, not members of a list, and nothing beside them says that something else is meant."""
        first = min(pair.upper.start, pair.base.start)
        last = max(pair.upper.end, pair.base.end, figure.end)
        if _LISTED.search(self._visible, max(self._sentence.start, first - 3), first):
            return False
        for side in (pair.upper, pair.base):
            if self._article.names_part(side.metric, side.start, side.end, self._find_clause_start(side.start)):
                return False
            if self._is_contradicted(side.metric, pair, first, last):
                return False
        return not self._names_others(pair, last) and self._is_american(pair, figure)

    def _find_clause_start(self, offset: int) -> int:
        start = self._sentence.start
        return max(start, *(self._visible.rfind(mark, start, offset) + 1 for mark in ",;:。"))

    def _is_contradicted(self, metric: Metric, pair: Pair, first: int, last: int) -> bool:
        """Whether one of the words that say that the metric is not meant stands outside the words of the pair."""
        if metric.not_near is None:
            return False
        written = list(self._visible[first:last])
        for side in (pair.upper, pair.base):
            written[side.start - first : side.end - first] = "。" * (side.end - side.start)
        return metric.not_near.search(_LINKS.sub("。", "".join(written))) is not None

    def _names_others(self, pair: Pair, last: int) -> bool:
        """Whether another country, or a company, is named up to the figure that is not the holder of one of the two."""
        holders = {side.metric.subject for side in (pair.upper, pair.base)}
        return any(
            subject.kind in _OTHER_KINDS and subject.name != UNITED_STATES and subject.name not in holders
            for found in self._article.list_all_subjects(self._sentence.start, last)
            for subject in found.subjects[:1]
        )

    def _is_american(self, pair: Pair, figure: Quantity) -> bool:
        """Whether the text says, of one of the two, that it is of the United States; what is held are American bonds."""
        sides = (pair.upper, pair.base)
        country = self._article.find_country(self._sentence, figure.start)
        if country not in {None, UNITED_STATES, *(side.metric.subject for side in sides)}:
            return False
        if any(side.names_subject or side.metric.subject in _HOLDERS for side in sides):
            return True
        return any(
            self._owners.find_owner(side.metric, Mention(side.start, side.end, ()), figure) == UNITED_STATES
            for side in sides
        )


def _may_fit(shape: Shape, figure: Quantity) -> bool:
    """Whether a figure of its unit can be of that shape."""
    if shape.needs == "ratio":
        return figure.unit in _RELATED
    if shape.needs == "points":
        return figure.unit == "percentage_point"
    return figure.unit in ("USD", "percentage_point", "percent")
