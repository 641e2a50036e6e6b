"""Whether a figure is something else than a level: a change, a revision, a share, a variant, or a sum over several years."""

import re

from pipelines.reading.metrics.mentions import Mention
from pipelines.reading.quantities import Quantity

_CHANGE_TAIL = re.compile(
    r"(?:增加|增长|增多|净增|净减|年增|月增|季增|年减|月减|增|减少|减|上升|上涨|上扬|升|涨|下降|下跌|下滑|降|跌|攀升|飙升|激增|暴增|骤降|扩大|缩小|收窄"
    r"|提高|降低|削减|[增减]持(?:美债|美国国债|国债|公债|债券)?|裁减|裁|拖累|拉低|推高|多出|多|少|高出|超出|蒸发|翻|重挫|大跌|抛售|新增|成长|增幅|涨幅|降幅|升幅|跌幅|增速|增长率|差额|相差|涨价|[跌降]价|贵)(?:了|约|近|逾|超过|超|大约|达|将近|至少|额外|又|再|为|是|仅|的|近乎|\s)*$"
)
# 累计减息1厘: by how much a rate was cut, told in the unit of its level
_RATE_TAIL = re.compile(r"[加减升降]息(?:了|约|共|合计|累计|\s)*$")
# 合计下修2.1万人: by how much a figure was revised, which is no value even of a metric that is a change itself
_REVISED_TAIL = re.compile(
    r"(?:[上下]修|[上下]调|调[升降高低]|修[正订])(?:幅度(?:为|是|达)?)?(?:了|约|近|逾|超过|大约|达|共|合计|累计|总计|将近|至少|共计|\s)*$"
)
_MANY_YEARS = re.compile(
    r"(?:未来|过去|今后|此后|接下来|往后|最近|近)的?\s?(?:[二两三四五六七八九十]{1,3}|\d{1,3})\s?[多几]?年|(?:[二两三四五六七八九十]|\d)年(?:间|内|里|下来|累计|合计|总计)"
)
_AVERAGE_AFTER = re.compile(r"\s?的(?:历史|长期)?(?:平均|均值)")
# of several years: 过去50年平均; the average of one (2024年平均失业率) is its figure
_AVERAGE_BEFORE = re.compile(
    r"(?:(?<!\d{4})(?<![〇零一二三四五六七八九]{4})(?<![去今全上明财前])年|历史|长期)的?(?:平均|均值)[^,;。]{0,6}$"
)
_BY_YEAR = re.compile(r"每年|年年|[均都]|连续|平均|年均|一度")
_SUM_REACH = 40
_REACH = 24
_COMPARED_TAIL = re.compile(r"[比较][^,;。]{0,20}[高低](?:了|约|近|逾|出|\s)*$")
_CHANGE_LAST = frozenset(
    "持债券累裁加长多增减少升涨扬降跌滑大小窄高低出发翻挫售幅速率额差价贵了约近逾过超达少外又再为是仅的乎"
)
_CHANGE_AFTER = re.compile(
    r"\s?的?(?:速度|幅度|年率|步伐)?(?:增幅|涨幅|降幅|跌幅|升幅|增长|增加|减少|降低|差额|上升|下降|变化|减幅)(?![至到为了约近逾超\d一二两三四五六七八九十半几])"
)
_CHANGING = re.compile(r"(?:增加|减少|削减|扩大|缩小|推高|推升|降低|压缩|节省|新增|缩减)(?:了|约)?(?:美国|联邦)?$")
_LEFT_OUT = re.compile(r"(?:如果|若|假如|要是)[^。;]{0,30}(?:排除|剔除|扣除|不计|不算)")
_SHARE = re.compile(r"占(?!领|用)[^,;。]*$")
_SHARE_AFTER = re.compile(r"\s?的?(?:份额|比重|比例|占比)")


def tells_change(visible: str, figure: Quantity, clause_start: int) -> bool:
    """Return whether the words around a figure make a difference of it (增加2.1万, 2.1万的增幅, 比去年高0.3).

    Args:
        visible: the article's own text, normalised.
        figure: the figure.
        clause_start: where its clause begins.
    """
    if _CHANGE_AFTER.match(visible, figure.end) or tells_revision(visible, figure, clause_start):
        return True
    if figure.unit == "percent" and _RATE_TAIL.search(visible, max(clause_start, figure.start - 6), figure.start):
        return True
    last = visible[figure.start - 1 : figure.start]
    if last not in _CHANGE_LAST and not last.isspace():
        return False
    before = visible[max(clause_start, figure.start - _REACH) : figure.start]
    return _CHANGE_TAIL.search(before) is not None or _COMPARED_TAIL.search(before) is not None


def tells_revision(visible: str, figure: Quantity, clause_start: int) -> bool:
    """Return whether a figure says by how much another was revised (合计下修2.1万人)."""
    return _REVISED_TAIL.search(visible, max(clause_start, figure.start - _REACH), figure.start) is not None


def is_changed_by(visible: str, figure: Quantity, mention: Mention, sentence_start: int) -> bool:
    """Return whether the verb stands before the word and the figure right after it: 增加联邦赤字2.4万亿."""
    is_close = 0 <= figure.start - mention.end <= 3
    start = max(sentence_start, mention.start - 6)
    return is_close and _CHANGING.search(visible, start, mention.start) is not None


def is_variant(visible: str, figure: Quantity, sentence_start: int) -> bool:
    """Return whether it is not the official figure but one with something left out (如果排除…)."""
    return _LEFT_OUT.search(visible, sentence_start, figure.start) is not None


def is_share(visible: str, figure: Quantity, start: int) -> bool:
    """Return whether the words from `start` on make a share of a figure (占…的12%, 12%的份额)."""
    return (
        _SHARE.search(visible, start, figure.start) is not None or _SHARE_AFTER.match(visible, figure.end) is not None
    )


def is_average(visible: str, figure: Quantity, clause_start: int) -> bool:
    """Return whether a figure is an average over several values (过去50年3.8%的平均水平)."""
    before = _AVERAGE_BEFORE.search(visible, max(clause_start, figure.start - _REACH), figure.start)
    return before is not None or _AVERAGE_AFTER.match(visible, figure.end) is not None


def is_of_many_years(visible: str, figure: Quantity, sentence_start: int) -> bool:
    """Return whether a figure is a sum where its metric is reckoned by the year (未来十年)."""
    found = _MANY_YEARS.search(visible, max(sentence_start, figure.start - _SUM_REACH), figure.start)
    return found is not None and not _BY_YEAR.search(visible, found.start(), figure.start)
