"""What the words around a figure say of it beside its time: a growth, a rate, where a change begins, a turn to something else."""

import re
from collections.abc import Sequence

from pipelines.reading.periods.dated_figures import DatedFigure
from pipelines.reading.sentences import Sentence, Span, split_clauses

CONDITION = re.compile(r"如果|假如|假设|倘若|要是|若|一旦|排除")
_REFERENCE = re.compile(r"[“「]?(?:这|该|此|其|同时|当时|与此同时|它|他们)")
_PART_OF_GROWTH = re.compile(r"增速|[增涨降跌升]幅|贡献|拉动|拖累")
_GROWTH = re.compile(r"同比|环比|年增|月增|按年|按月|季增|年减|月减")
# How far back a change up to a day reaches: 一个季度里增加, 环比增, 较5月增加
_OVER_QUARTER = re.compile(r"[一单当]个?季(?:度|之)?[里内间中来]?|季[增减升]|按季|[较比][上前]一?个?季")
_OVER_MONTH = re.compile(
    r"[一单当]个?月[里内间中来]?|月[增减升]|按月|[较比](?:[上前]一?个?|1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
)
_ON_MONTH_OR_QUARTER = re.compile(r"环比")
_SAME_AGAIN = re.compile(
    r"的?[,(、]?\s?(?:[即或合至]|也就是|相当于|约合|折合|达到?|[升降增减涨跌]至|和|与|以及)(?:约|近|逾|超过)?\s?"
)
_ITEM = re.compile(r"[-*•·●]\s?\**[^,;。:\d]{1,12}\**\s?[:]\s?\**(?:约|近|逾)?\s?")
_CHANCE = re.compile(r"[概机几]率|可能性|(?:[降减加升]息|胜算)的?机会")
_STOCK = re.compile(r"余额|欠款|拖欠|逾期|违约|[车房学]贷|学生贷款|未偿|存量")
_PART_OF_STOCK = re.compile(r"拖欠|逾期|违约|占比")
_AIM = re.compile(r"\s?的?(?:政策|通胀|通膨|长期|官方)?目标(?!区间|利率|范围|价)")
_RATE = re.compile(r"(?:参与|失业|就业|离职|辞职|招聘|雇佣|空置|拖欠|违约|开工|利用|储蓄|中签|渗透)率[^,;。]{0,10}$")
_TURN = re.compile(r"(?:[^,;。]{1,8}方面|另外|此外|另据|至于)")
_MOVED_TO = re.compile(r"[^,;。]{0,4}?(?:[升降涨跌增减]|回[升落]|放[慢缓]|扩大|收窄|[下上]滑)[^,;。]{0,3}[至到]\s?")
FROM = re.compile(r"(?:从|由|自)\s?(?:约|近|大约)?\s?$")


class FigureWords:
    """The words around the figures of one sentence.

    Args:
        visible: the article's own text, normalised.
        sentence: the sentence.
        figures: its figures in order.
    """

    def __init__(self, visible: str, sentence: Sentence, figures: Sequence[DatedFigure]) -> None:
        self._visible = visible
        self._sentence = sentence
        self._figures = figures
        self._clauses = split_clauses(visible, sentence.start, sentence.end) or (Span(sentence.start, sentence.end),)

    def _find_clause(self, figure: DatedFigure) -> Span:
        return self._find_clause_of(figure.start)

    def _find_clause_of(self, offset: int) -> Span:
        for clause in self._clauses:
            if offset < clause.end:
                return clause
        return self._clauses[-1]

    def follows_from(self, index: int) -> bool:
        """Whether the figure is the first of 从…降至…."""
        start = self._figures[index].start
        return FROM.search(self._visible, max(self._sentence.start, start - 6), start) is not None

    def starts_from(self, index: int) -> bool:
        """Whether the figure is what something rose or fell from to the next one (从4.3%升至4.4%), not what was revised."""
        if not self.follows_from(index) or index + 1 >= len(self._figures) or self._figures[index].modality != "actual":
            return False
        return _MOVED_TO.fullmatch(self._visible, self._figures[index].end, self._figures[index + 1].start) is not None

    def points_back(self, index: int) -> bool:
        """Whether the sentence or the figure's clause begins by pointing back: 这, 其中, 当时."""
        starts = (self._sentence.start, self._find_clause(self._figures[index]).start)
        return any(_REFERENCE.match(self._visible, start, self._sentence.end) for start in starts)

    def tells_chance(self, index: int) -> bool:
        """Whether the figure is how likely something is (12月降息的机率约83%), which is said now of what is to come."""
        figure = self._figures[index]
        start = max(self._find_clause(figure).start, figure.start - 16)
        if figure.unit not in ("percent", "ratio"):
            return False
        found = _CHANCE.search(self._visible, start, figure.start) or _CHANCE.match(self._visible, figure.end + 1)
        return found is not None

    def tells_stock(self, index: int) -> bool:
        """Whether the figure is of what is outstanding or held on a day (余额, 欠款, 逾期)."""
        figure = self._figures[index]
        if figure.unit not in ("USD", "percent"):
            return False
        clause = self._find_clause(figure)
        pattern = _STOCK if figure.unit == "USD" else _PART_OF_STOCK
        return pattern.search(self._visible, max(self._sentence.start, clause.start - 12), clause.end) is not None

    def goes_on_from_last(self, index: int) -> bool:
        """Whether the figure says the same once more, or where it has led: 增长5.3%，即3858亿美元，达到30.35万亿美元."""
        if not index:
            return False
        return (
            _SAME_AGAIN.fullmatch(self._visible, self._figures[index - 1].end, self._figures[index].start) is not None
        )

    def is_item(self, index: int) -> bool:
        """Whether an amount is what an item of a list gives for the holder or thing it names (- 日本：1.08万亿)."""
        figure = self._figures[index]
        if index or figure.unit != "USD" or figure.is_change or figure.modality != "actual":
            return False
        return _ITEM.fullmatch(self._visible, self._sentence.start, figure.start) is not None

    def tells_aim(self, index: int) -> bool:
        """Whether the figure is a standing aim (2%的目标), which is of no time."""
        return _AIM.match(self._visible, self._figures[index].end, self._sentence.end) is not None

    def turns_elsewhere(self) -> bool:
        """Whether the sentence turns to something else: 香港方面, 另外."""
        return _TURN.match(self._visible, self._sentence.start, self._sentence.end) is not None

    def tells_rate(self, index: int) -> bool:
        """Whether the figure is a rate of the labour market or the like (劳动参与率, 产能利用率), right behind its name."""
        start = max(self._find_clause(self._figures[index]).start, self._figures[index].start - 16)
        return _RATE.search(self._visible, start, self._figures[index].start) is not None

    def tells_part_of_growth(self, index: int) -> bool:
        """Whether the figure is by how much something grew or added to growth (增速, 拉动)."""
        clause = self._find_clause(self._figures[index])
        return _PART_OF_GROWTH.search(self._visible, clause.start, self._figures[index].start) is not None

    def tells_growth(self, index: int) -> bool:
        """Whether the figure is a growth by the month or the year (同比, 月增)."""
        clause = self._find_clause(self._figures[index])
        return _GROWTH.search(self._visible, clause.start, self._figures[index].start) is not None

    def count_months_back(self, index: int) -> int:
        """Over how many months the words of its clause say that a change up to a day reaches (一个季度里增加: 3); 0 if they do not."""
        clause, place = self._find_clause(self._figures[index]), self._figures[index].start
        if _OVER_QUARTER.search(self._visible, clause.start, place):
            return 3
        if _OVER_MONTH.search(self._visible, clause.start, place):
            return 1
        if _ON_MONTH_OR_QUARTER.search(self._visible, clause.start, place):
            return 3 if "季" in self._visible[self._sentence.start : place] else 1
        return 0

    def has_condition(self, index: int) -> bool:
        """Whether a condition stands in the sentence before the figure."""
        return CONDITION.search(self._visible, self._sentence.start, self._figures[index].start) is not None
