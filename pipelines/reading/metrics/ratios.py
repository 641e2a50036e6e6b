"""Which ratio of the catalogue a figure is: debt to GDP, interest to receipts, what a component adds to growth."""

import re
from collections.abc import Sequence

from pipelines.reading.metrics.lexicon import Metric
from pipelines.reading.metrics.mentions import ArticleMentions, Mention
from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span, find_clause

_RATIO_WORD = re.compile(r"的?(?:比例|比重|比率|占比|之比|比值|比)|占|相当于|百分之|达到|等于|将")
_RATIO_BEFORE = ("占", "/", "相当于", "等于", "达到", "等同于", "超过", "接近")
_ADDS_TO = ("拉动", "拉升", "推升", "带动")
_GROWS = re.compile(r"(?:的)?(?:实际|实质)?(?:增长|成长|增速|萎缩|下滑|收缩|扩张|年率|季率)")


class RatioFinder:
    """Finds the ratios among one sentence's figures.

    Args:
        article: the words of the whole article.
        sentence: the sentence.
        figures: its figures in order.
        clauses: its clauses in order.
        topic: what the sentence before was about, if this one may go on about it.
    """

    def __init__(
        self,
        article: ArticleMentions,
        sentence: Sentence,
        figures: Sequence[Quantity],
        clauses: Sequence[Span],
        topic: Mention | None,
    ) -> None:
        self._article = article
        self._visible = article.visible
        self._sentence = sentence
        self._figures = figures
        self._mentions = article.list_measures(sentence.start, sentence.end, with_verbs=True)
        self._clauses = clauses
        self._last_topic = topic

    def find(self, figure: Quantity) -> tuple[Metric, Mention] | None:
        """Return the ratio that a figure is, with the word of its upper part: its lower part stands before it (占GDP的…) or after (…的GDP), its upper part in the sentence."""
        if figure.unit not in ("percent", "ratio", "percentage_point"):
            return None
        clause = find_clause(self._clauses, figure.start)
        found: list[tuple[Metric, Mention]] = []
        for metric in self._article.ratio_metrics(figure.unit):
            over = self._find_over(metric, figure, clause)
            numerator = None if over is None else self._find_numerator(metric, figure, clause, over)
            if numerator is None:
                continue
            if metric.not_near is not None and metric.not_near.search(self._visible, clause.start, clause.end):
                continue
            if metric.lowest <= figure.low <= figure.high <= metric.highest:
                found.append((metric, numerator))
        return max(found, key=lambda ratio: ratio[1].start, default=None)

    def _find_over(self, metric: Metric, figure: Quantity, clause: Span) -> Span | None:
        if metric.over is None:
            return None
        cut = [(other.start, other.end) for other in self._figures]
        matches = list(metric.over.finditer(self._visible, self._sentence.start, figure.start))
        if matches:
            match = matches[-1]
            rest = self._visible[match.end() : figure.start]
            if not metric.is_growth and _GROWS.match(rest):
                return None
            own = match.end() >= clause.start or self._article.is_close(clause.start, figure.start, 2, cut)
            before = self._visible[self._sentence.start : match.start()].rstrip(" ")
            related = (
                before.endswith(_RATIO_BEFORE)
                or _RATIO_WORD.match(rest)
                or rest.startswith("的")
                or self._tells_contribution(match, figure)
            )
            if own and related and self._article.is_close(match.end(), figure.start, 6, cut):
                return Span(match.start(), match.end())
        after = metric.over.match(self._visible, figure.end + 1) if self._visible.startswith("的", figure.end) else None
        return Span(after.start(), after.end()) if after else None

    def _tells_contribution(self, over: re.Match[str], figure: Quantity) -> bool:
        """对GDP增长贡献, 拉动GDP增长: what a component adds to growth; what it takes away (拖累) is written without its sign."""
        adds = self._visible.endswith(_ADDS_TO, 0, over.start())
        return adds or "贡献" in self._visible[over.start() : figure.start]

    def _find_numerator(self, metric: Metric, figure: Quantity, clause: Span, over: Span) -> Mention | None:
        def names(mention: Mention) -> bool:
            return any(
                word.metric in metric.numerator or (word.metric == metric.name and word.kind == "numerator_words")
                for word in mention.words
            )

        before = [
            m for m in self._mentions if m.start < figure.start and not over.start <= m.start < over.end and names(m)
        ]
        after = [m for m in self._mentions if figure.end <= m.start < clause.end and names(m)]
        topic = self._last_topic
        nearer = [m for m in self._mentions if clause.start <= m.start and m.end <= over.start]
        if (
            before
            and nearer
            and nearer[-1].start > before[-1].start
            and not any(word.metric for word in nearer[-1].words)
        ):
            return None  # 消费支出增长3.5%,库存对GDP增长贡献0.5个百分点
        if before or after:
            return before[-1] if before else after[0]
        return topic if topic is not None and names(topic) and not self._mentions_before(over.start) else None

    def _mentions_before(self, offset: int) -> bool:
        return any(mention.end <= offset for mention in self._mentions)
