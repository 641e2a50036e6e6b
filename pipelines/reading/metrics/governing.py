"""Which word of a sentence governs a figure, and whether the figure is a value of what the word names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reading.metrics.changes import (
    is_average,
    is_changed_by,
    is_of_many_years,
    is_share,
    is_variant,
    tells_change,
    tells_revision,
)
from pipelines.reading.metrics.lexicon import ANYONE, COMPANY, UNITED_STATES, Definition, Metric
from pipelines.reading.metrics.mentions import ArticleMentions, Mention
from pipelines.reading.metrics.owners import OwnerFinder
from pipelines.reading.metrics.pairs import Pair, PairFinder, Side
from pipelines.reading.metrics.ratios import RatioFinder
from pipelines.reading.metrics.respective import RespectiveWords
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span, find_clause, split_clauses

_SAME_CLAUSE_LIMIT = 12
_EARLIER_CLAUSE_LIMIT = 16
_DEFINITION_REACH = 4


@dataclass(frozen=True, slots=True)
class Link:
    """What a figure measures.

    Attributes:
        metric: its metric, None where none, or more than one, comes into question.
        definition: the official definition that the text names, else None.
        relates_to: the metric that it is a change or share of; beside a base, the one that it states by that base.
        base_metric, base_definition: of a share, multiple or difference of two metrics, the other one and the official definition named of it.
        relation: how the two stand to one another: ratio_to, exceeds, falls_short_of or differs_from.
        candidates: where the metric stays open, those that come into question.
        subject: whose figure it is, as far as the text says: a country or the company as written.
        is_change: it states a difference, not a level.
        daily: it is the price or yield of a day.
        decided: an authority sets it.
        is_flow: it is an amount of a year.
        is_growth: it is a change by nature, so that it is known only once its time is over.
    """

    metric: str | None = None
    definition: str | None = None
    relates_to: str | None = None
    base_metric: str | None = None
    base_definition: str | None = None
    relation: str | None = None
    candidates: tuple[str, ...] = ()
    subject: str | None = None
    is_change: bool = False
    daily: bool = False
    decided: bool = False
    is_growth: bool = False
    is_flow: bool = False


class SentenceLinker:
    """The linking of one sentence's figures.

    Args:
        article: the words of the whole article.
        sentence: the sentence.
        figures: its figures in order.
        last_topic: what the sentence before was about, if this one may go on about it.
    """

    def __init__(
        self, article: ArticleMentions, sentence: Sentence, figures: Sequence[Quantity], last_topic: Mention | None
    ) -> None:
        self._article = article
        self._visible = article.visible
        self._sentence = sentence
        self._respective = RespectiveWords(article, sentence, figures)
        self._owners = OwnerFinder(article, sentence, self._respective.owners)
        self._pairs = PairFinder(article, self._owners, sentence, figures, last_topic)
        self._mentions = article.list_measures(sentence.start, sentence.end, with_verbs=True)
        self._last_topic = last_topic
        self._figures = figures
        self._clauses = split_clauses(self._visible, sentence.start, sentence.end) or (
            Span(sentence.start, sentence.end),
        )
        self._ratios = RatioFinder(article, sentence, figures, self._clauses, last_topic)
        self._bases = {mention.start for mention in self._mentions if self._is_base(mention)}
        self._topics: dict[int, Mention | None] = {}
        self.topic: Mention | None = None

    def link(self, figure: Quantity, speaker: str | None) -> Link:
        """Return the link of a figure, the next of the sentence; `speaker` is who is said to have said it."""
        link = self._link(figure, speaker)
        self._topics[figure.start] = self.topic
        return link

    def _link(self, figure: Quantity, speaker: str | None) -> Link:
        is_change = tells_change(self._visible, figure, self._find_clause(figure.start).start)
        ratio = self._ratios.find(figure)
        if ratio is not None:
            metric, numerator = ratio
            self.topic = numerator
            return self._accept(figure, metric, numerator, speaker, is_change=is_change)
        pair = self._pairs.find(figure)
        if pair is not None:
            return self._link_pair(pair, figure, speaker)
        refused: int | None = None
        for mention in self._list_governing(figure):
            if all(word.metric is None for word in mention.words):
                self.topic = mention
                return Link(is_change=is_change)
            metrics = self._choose_metrics(mention, figure)
            if refused is not None and mention.end <= refused and mention.start < figure.start:
                break  # past a nearer word of another clause, what stands before that is about something else
            if not metrics:
                if mention.start < figure.start and self._find_clause(mention.start) == self._find_clause(figure.start):
                    refused = None
                elif mention.start < figure.start:
                    refused = self._find_clause(mention.start).start
                continue
            self.topic = mention
            if len(metrics) > 1:
                return Link(candidates=tuple(sorted(metric.name for metric in metrics)), is_change=is_change)
            return self._accept(figure, metrics[0], mention, speaker, is_change=is_change)
        return Link(is_change=is_change)

    def _accept(
        self, figure: Quantity, metric: Metric, mention: Mention | None, speaker: str | None, *, is_change: bool
    ) -> Link:
        """The link to a metric whose word governs the figure, if the figure is a value of it and the owner is the right one."""
        subject = self._owners.find_owner(metric, mention, figure)
        counts_other = figure.unit == "count" and metric.nouns and figure.noun and not metric.nouns.search(figure.noun)
        if subject is None and metric.subject == UNITED_STATES and not counts_other:
            return self._leave_open(metric, mention, figure, is_change=is_change)
        if subject is None or counts_other or metric.subject not in (subject, ANYONE, COMPANY):
            return Link(is_change=is_change, subject=subject)
        is_change = is_change or (
            mention is not None
            and not metric.is_growth
            and is_changed_by(self._visible, figure, mention, self._sentence.start)
        )
        of_several = metric.subject == COMPANY and self._owners.names_several(subject)
        if of_several or not self._is_value(metric, mention, figure, is_change=is_change):
            return Link(relates_to=metric.name, subject=subject, is_change=is_change)
        if not metric.lowest <= figure.low <= figure.high <= metric.highest:
            return Link(candidates=(metric.name,), relates_to=metric.name, subject=subject, is_change=is_change)
        return Link(
            metric=metric.name,
            definition=self._find_definition(metric.definitions, figure, speaker),
            subject=subject,
            is_change=is_change and not metric.is_growth,
            daily=metric.daily,
            decided=metric.decided,
            is_growth=metric.is_growth,
            is_flow=metric.is_flow,
        )

    def _link_pair(self, pair: Pair, figure: Quantity, speaker: str | None) -> Link:
        """The link of a figure that states one metric by another; where the catalogue has their ratio, that is its metric."""
        upper, base = pair.upper, pair.base
        mention = Mention(upper.start, upper.end, ())
        for ratio in self._article.ratio_metrics(figure.unit) if pair.relation == "ratio_to" else ():
            over = ratio.over.fullmatch(self._visible, base.start, base.end) if ratio.over else None
            if over and upper.metric.name in ratio.numerator:
                return self._accept(figure, ratio, mention, speaker, is_change=False)
        return Link(
            relates_to=upper.metric.name,
            definition=self._find_side_definition(upper, speaker),
            base_metric=base.metric.name,
            base_definition=self._find_side_definition(base, speaker),
            relation=pair.relation,
            subject=self._owners.find_owner(upper.metric, mention, figure) or UNITED_STATES,
        )

    def _leave_open(self, metric: Metric, mention: Mention | None, figure: Quantity, *, is_change: bool) -> Link:
        """The link where nothing says whose figure it is: the metric only comes into question."""
        fits = metric.lowest <= figure.low <= figure.high <= metric.highest
        is_candidate = fits and self._is_value(metric, mention, figure, is_change=is_change)
        return Link(candidates=(metric.name,) if is_candidate else (), is_change=is_change)

    def _is_value(self, metric: Metric, mention: Mention | None, figure: Quantity, *, is_change: bool) -> bool:
        """Whether the figure is a value of the metric: not a change, share, part or variant of it, and in one of its units."""
        if (
            figure.unit not in metric.units
            or (is_change and not metric.is_growth)
            or is_variant(self._visible, figure, self._sentence.start)
        ):
            return False
        clause_start = self._find_clause(figure.start).start
        if tells_revision(self._visible, figure, clause_start) or is_average(self._visible, figure, clause_start):
            return False
        if metric.is_flow and is_of_many_years(self._visible, figure, self._sentence.start):
            return False
        if mention is not None and self._article.names_part(
            metric, mention.start, mention.end, self._find_clause(mention.start).start
        ):
            return False
        may_be_share = metric.over is None and mention is not None and figure.unit in ("percent", "ratio")
        return not (
            may_be_share and mention is not None and is_share(self._visible, figure, max(clause_start, mention.end))
        )

    def _find_clause(self, offset: int) -> Span:
        return find_clause(self._clauses, offset)

    # --- the governing word -------------------------------------------------------------------------------------------------

    def _list_governing(self, figure: Quantity) -> list[Mention]:
        """The mentions that may govern the figure, the likeliest first: right after it with 的, then the nearest before it."""
        own = self._respective.measures.get(figure.start) or self._topics.get(
            self._respective.twins.get(figure.start, -1)
        )
        if own is not None:
            return [own]
        governing: list[Mention] = []
        after = self._find_after(figure)
        if after is not None:
            governing.append(after)
        clause = self._find_clause(figure.start)
        cut = [(other.start, other.end) for other in self._figures]
        cut += [
            (mention.start, mention.end)
            for mention in self._mentions
            if mention.end <= figure.start and mention.start in self._bases
        ]
        clause_cut = list(cut)
        for mention in reversed(self._mentions):
            if mention.end > figure.start or mention.start in self._bases or self._is_spent(mention, figure):
                continue
            if mention.end > clause.start:
                if self._article.is_close(mention.end, figure.start, _SAME_CLAUSE_LIMIT, cut):
                    governing.append(mention)
            elif self._article.is_close(clause.start, figure.start, 2, clause_cut) and self._article.is_close(
                mention.end, figure.start, _EARLIER_CLAUSE_LIMIT, cut
            ):
                governing.append(mention)
            else:
                return governing
            if any(word.metric is None for word in mention.words):
                return governing
            cut.append((mention.start, mention.end))
        topic = self._last_topic if self.topic is None else self.topic
        if topic is not None and self._article.is_close(self._sentence.start, figure.start, 3, cut):
            governing.append(topic)
        return governing

    def _find_after(self, figure: Quantity) -> Mention | None:
        clause_end = self._find_clause(figure.start).end
        tail = self._visible[figure.end : min(clause_end, figure.end + 12)]
        tail = tail.lstrip(' )）"”」')
        joined = tail.startswith(("的", "之"))
        for mention in self._mentions:
            if figure.start < mention.start < figure.end:
                return mention  # the thing counted belongs to the quote: 11.9万个就业岗位
            if mention.start < figure.end:
                continue
            if mention.start >= min(clause_end, figure.end + 14):
                return None
            between = self._visible[figure.end : mention.start]
            if not joined:
                return mention if not between.strip(' "“”「」)') else None
            if self._article.is_close(figure.end, mention.start, 4):
                return mention
            return None
        return None

    def _is_base(self, mention: Mention) -> bool:
        """Whether the mention is what another is a share of: 占GDP, GDP的百分之百."""
        if self._visible.startswith("占", mention.start - 1) or self._visible.startswith("相当于", mention.start - 3):
            return True
        rest = self._visible[mention.end : mention.end + 4].lstrip("的 ")
        at = mention.end + len(self._visible[mention.end : mention.end + 4]) - len(rest)
        if rest.startswith(("比例", "比重", "比率", "之比")):
            return True
        return any(
            figure.start == at and figure.unit in ("percent", "ratio") and self._visible.startswith("的", mention.end)
            for figure in self._figures
        )

    def _is_spent(self, mention: Mention, figure: Quantity) -> bool:
        """Whether the mention was said after another figure as its noun (7100亿美元的贸易逆差) and does not reach on."""
        for other in self._figures:
            if (
                other.end <= mention.start <= other.end + 2
                and other.end < figure.start
                and self._visible.startswith("的", other.end)
            ):
                clause = self._find_clause(mention.start)
                return self._find_clause(figure.start) == clause
        return False

    def _choose_metrics(self, mention: Mention, figure: Quantity) -> list[Metric]:
        """The metrics that the mention can stand for with this figure."""
        metrics: dict[str, Metric] = {}
        full: set[str] = set()  # those named by more than a short word: 赤字 beside 财年 is no trade deficit
        short = [word.metric for word in mention.words if word.kind == "short_words" and word.metric]
        recent = self._article.find_recent(short, mention.start) if short else None
        for word in mention.words:
            if word.metric is None or word.kind == "numerator_words":
                continue
            metric = self._article.metric(word.metric)
            if word.kind == "short_words" and metric.name != recent and recent is not None:
                continue
            if word.near is not None and not word.near.search(self._visible, self._near_start(), self._sentence.end):
                continue
            if metric.not_near is not None and self._stands_near(metric.not_near, mention, figure):
                continue
            if not self._fits_unit(metric, figure):
                continue
            if metric.subject not in (UNITED_STATES, ANYONE, COMPANY) and metric.subject != self._owners.find_holder(
                metric, figure
            ):
                continue
            metrics[metric.name] = metric
            if word.kind != "short_words":
                full.add(metric.name)
        if (
            short
            and recent is None
            and len(metrics) == 1
            and all(word.kind == "short_words" for word in mention.words if word.metric)
        ):
            only = next(iter(metrics.values()))
            return (
                [only]
                if len(short) == 1 and self._article.find_country(self._sentence, figure.start) == UNITED_STATES
                else []
            )
        if len(metrics) > 1 and not full.isdisjoint(metrics):
            metrics = {name: metric for name, metric in metrics.items() if name in full}
        exact = [metric for metric in metrics.values() if figure.unit in metric.units]
        return exact or list(metrics.values())

    def _near_start(self) -> int:
        """The sentence before counts as near if it stands in the same paragraph."""
        return self._owners.find_paragraph_start(80)

    def _fits_unit(self, metric: Metric, figure: Quantity) -> bool:
        """A change or share may have another unit than the metric: the metric is then what it relates to."""
        if figure.unit in metric.units:
            return True
        return figure.unit in ("percent", "ratio", "percentage_point") and not metric.is_growth

    def _stands_near(self, pattern: re.Pattern[str], mention: Mention, figure: Quantity) -> bool:
        """Whether one of the words stands in the figure's clause or in that of the mention, outside the mention itself."""
        listed = self._respective.listed.get(mention.start)
        spans = {listed or self._find_clause(figure.start)}
        if listed is None and self._sentence.start <= mention.start < self._sentence.end:
            spans.add(self._find_clause(mention.start))
        for span in spans:
            for match in pattern.finditer(self._visible, span.start, span.end):
                if not (mention.start <= match.start() and match.end() <= mention.end):
                    return True
        return False

    def _find_side_definition(self, side: Side, speaker: str | None) -> str | None:
        """The definition that the words of one side of a pair, or right before them, name, else that of the speaker."""
        named_start, named_end = side.word
        start = max(0, named_start - _DEFINITION_REACH)
        for definition in side.metric.definitions:
            if any(match.end() > named_start for match in definition.words.finditer(self._visible, start, named_end)):
                return definition.name
        for definition in side.metric.definitions:
            if speaker is not None and definition.speakers.search(speaker):
                return definition.name
        return None

    # --- by which definition ------------------------------------------------------------------------------------------------

    def _find_definition(self, definitions: Sequence[Definition], figure: Quantity, speaker: str | None) -> str | None:
        """The definition whose word stands nearest before the figure, else after it in its clause, else that of the speaker."""
        nearest: tuple[int, str] | None = None
        for definition in definitions:
            for match in definition.words.finditer(self._visible, self._sentence.start, figure.start):
                if nearest is None or match.end() > nearest[0]:
                    nearest = (match.end(), definition.name)
        if nearest is not None:
            return nearest[1]
        clause = self._find_clause(figure.start)
        for definition in definitions:
            if definition.words.search(self._visible, figure.end, clause.end):
                return definition.name
        for definition in definitions:
            if speaker is not None and definition.speakers.search(speaker):
                return definition.name
        return None
