"""Whether a figure is said of what is or was, of what is to come, or of a condition: by words alone."""

import re
from collections import deque

from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Span

# Here and below a look behind stands after the character that it is about, so that the search can leap to the characters that begin a word.
# How a condition begins; 若 not as part of 倘若 twice, 每上升1个百分点 is a rule of thumb.
_CONDITION = re.compile(
    "(?:风险|悲观|极端|压力|衰退|最坏|最差|尾部)的?(?:情景|情形|情况|假设)(?=下|中|[:：，,])|如果|假如|假使|假设|假定|倘若|倘|要(?<![主重首只需]要)是|若是|若(?![干无])|一旦|万一(?<![0-9零〇一二两三四五六七八九十百千几数半.]万一)(?!元|亿)|除非|只要|设若|每当|"
    "每(?:持续|延长|延迟|推迟|拖延|上升|下降|增加|减少|提高|降低|上涨|下跌|上调|下调|变动|(?:升|降|涨|跌|加|减|增|多|少|高|低)(?=息|[0-9一二两三四五半]|$))"
)
_FROM = re.compile("(?:从|由)(?:现行|目前|现在|当前)?的? ?$")  # the base from which something would change
_ESTIMATE = re.compile("估计|估算|测算|推算|预算办公室")
_CONDITION_ENDS = re.compile("[；;]|否则")
_ARITHMETIC = re.compile("乘以|除以|换算|折算")
# Forecasts, plans, promises: they hold for the rest of their sentence.
_FORECAST = re.compile(
    "预计|预期(?<!通胀预期)(?<!通膨预期)(?![，。,、;；时之内外差]|的(?! ?[0-9约近])|回报|寿命)|预测|预估|预料|预想|预示|预言|预判|预报|料(?=将|会|今|明|可|达|增|升|降|在|于|至|联|美|央|欧|局|全|年|第|整|两|三)|料(?<![资材原燃饮塑饲布染肥史颜涂辅香调意]料)(?=按兵|[举发借支裁新减加]|维持|保持|不变|再|仍|继续|放缓|回落|录得|连续|(?:19|20)[0-9]{2}年|[0-9]{1,2}月)|有望|可望|看好|看到(?=[0-9])|上看|下看|看至|看涨至|看跌至|"
    "展望|指引|点阵图|以为(?=会|将|能|可|是|要|[^，。,;；]{0,4}[0-9])|"
    "料想|推估|推测|全年(?:的)?[^，。,;；]{0,14}?(?:[上下]调|调[高低升降]|[上下]修)[至到为]|"
    "打算|计划(?=[在于投向对发扩增购建收裁减将到至支斥加从今明再总用未通利花采进以额每回募招新关])|计划(?:中|是|为)|拟(?![定于人合态])|承诺|允诺|答应|威胁(?=[要将对称说加，,])|扬言|"
    "提议|提案|建议|同意(?=[向投支以出付购将对，,在提增减采])|力争|争取|旨在|目标(?!区间|利率|范围|公司|价格?[为]?是?已)|准备(?!金)|寻求|谋求|考虑(?!到)|希望|呼吁|主张|要求|有意|意欲|意在|誓言|立志|"
    "宣布(?=(?:将|要|计划|拟|未来|投资|建立|建设|兴建|新建|增资|追加|斥资|收购|回购|裁员|在[^，。]{1,12}(?:投资|建)))|"
    "应[该当](?=[^，。,;；]{0,6}(?:[上下调降升减加增提]|维持))|"
    "dot plot|forecast|expect|project(?:ed|s)|plans? to|target|will "
)
# Weaker words: they hold for their own clause.
_MODAL = re.compile(
    "可能(?!性)|猜(?!测)|或将|或会|或许|或(?=达|[上抬攀走]|升|降|超|减|增|跌|涨|回|触|至|突破|高达|逼近|需|要|使|令|扩|收[窄缩]|维持|放缓)|恐将|恐怕|恐(?=达|升|降|增|跌|超|会|使|需|突破|再|进)|势将|势必|将会|即将|未来(?![^，。,;；]{0,8}?[概机几]率)|明年|后年|今后|届时|"
    "有机会|也许|大概率|很可能|不排除|"
    "将(?![领军士官近来帅才门相棋])(?![0-9一二两三四五六七八九十百千万亿几数][^，。,;；]{1,14}(?:投入|投[到向进]|存入|存[到进]|捐[给出]|转[给入到]|借给|汇给|用于|注入))(?!其|(?![使令让导推拖拉把])[^，。,;；0-9从由在于会可再进继大持]{2,14}?(?:[从由][^，。,;；]{1,20}?)?(?:[上下]调|调[升降高低整]|提[高升]|降[低至到]|减[少至]|升[至到]|增[至加]|削减|[拉推][高到升至]|"
    "定[为在]|设[为定在]|纳入|排除|乘|除以|压[低到]|扩大|缩|列|视|称|当|用|改|分|归|转))|"
    "会(?<=[还也都就才便仍更则又再必可不只均]会)(?![议计员长面见晤])|会(?=达|升|降|超|增|减|跌|涨|飙|攀|突破|从|由|是|有|让|使|推|拉|在|掉|逼近|接近|达|落到|变成|少|多|只)(?<![议社机国委协学工商大年峰])|能(?<![智可功性产动职效潜本]能)(?=达|稳定|升|降|突破|超|提升|增|减|让)"
)
_FUTURE_AFTER = re.compile(
    "(?:的|之)?(?:概率|机率|几率|可能性)|[^，。,;；！？\n0-9]{0,30}?(?:将(?=筹|会|被|成|在|于|达|接|新|建|投|获|受|继|转|陆|用|继续)|正在规划|规划中|筹备中|筹建|待建|有望|预计|计划(?=在|于|建|投))"
)
_AIM_AFTER = re.compile(
    "[^，。,;；0-9]{0,8}?(?<![于过出合及])(?:目标|预期|预测|预估|规划|承诺|提议|计划(?!已))(?!区间)"
)
# 维持全年降息3次、合计75bp的判断: a view that is kept
_KEPT = re.compile("(?:维持|坚持|重申|上调|下调)[^，。,;；]{0,30}$")
_VIEW_AFTER = re.compile("[^，。,;；]{0,16}的(?:判断|预判|预测|看法|观点)")
# 预期的3.4% speaks of its own figure only.
_LOCAL = re.compile(
    "(?:预期(?<!通胀预期)(?<!通膨预期)|预测|预估|预计|估计|目标|共识|预想)(?:值|中值|中位数|均值)?(?:的|为|是|约|)? ?(?:的|为|是|约|在)? ?"
    "(?:新增|增[加长]?|减少?|[上]?升|[下]?降|多出)? ?$"
)
_AND = frozenset("与和及、")
_LISTED_WITH = re.compile("[0-9.,]+(?:[%％]|[^，。,;；0-9]{1,4}?)[与和及、]$")  # 预期的3.1%与0.3%
_LOCAL_EARLIER = re.compile(
    "(?:预期|预测|预估|预计)(?:值|中值|中位数|均值)?的? ?[约近]?"
    # a year, month or quarter is no figure of the forecast's own (预计2025年第四季度GDP增长5.1%)
    "(?!(?:[0-9]{1,2} ?[-—–~至到] ?[0-9]{1,2}|[0-9]{1,4}|[零〇一二三四五六七八九十]{1,4}) ?(?:[年月日号季]|个?季度|财年|财政))[0-9一二三四五六七八九十百]"
)
_COMPARED = re.compile(
    "[超低高好差优劣逊如胜落不符大小合](?:(?<=[超低高好差优劣逊如胜])|(?<=落)后|(?<=不)[及如]|(?<=符)合|(?<=[大小逊])于|(?<=合)乎)[于过出合]?(?:市场|此前|外界|分析师|经济学家|华尔街|普遍|的|机构|原先|各界)*(?:预期|预测|预估|预料)(?![的为值]? ?[0-9])"
)
_BASE = re.compile(
    "(?:现在|目前|当前|如今|当下|现有|现行|现时|现今|眼下|原本|原先|原来|此前|之前|去年|上年|上月|今年初|去年底)[^，。,;；预料测估]{0,6}$"
)
_DONE = re.compile(
    "(?:已经?|完成|达成|曾|实际|录得|公布|去年|上月|上季|截至|此前|目前|现在|当前)[^，。,;；]{0,16}$|[增减升降涨跌加投花亏][^，。,;；的将]{0,2}了[^，。,;；]{0,6}$|完成的[^，。,;；]{0,4}$"
)
_CLAUSE_MARKS = "，,。；;：:！？!?\n"
_CLAUSE_END = re.compile(f"[{_CLAUSE_MARKS}]")
_CARRIES_ON = re.compile(
    "[，,] ?(?:其中|并|占|每次|相当于|增幅|涨幅|降幅|同比|年增|即|约|较|或|甚至|达|至|超过|更|进而|从而|由此|也|而|合|裁|创造|带来|新增|增[加长]|减少|提供|建|导致|使|令|推[高动]|拉动|每年|最终|节省|降[低至]|提高|上升|下降|升|涨|跌)"
)
_CAUSES = re.compile("(?:将会?|会|可能会?|恐将?|势必)(?:再|进一步)?(?:使|令|让|导致|造成|带来)")
_COMMA = re.compile("[，,；;]")
_EFFECT = re.compile(
    "(?!.{0,8}(?:已|曾|目前|现))[^，。,;；0-9了]{1,8}?(?:增|减|升|降|跌|涨|削|缩|扩|多|少)[^，。,;；0-9了]{0,6}(?=[0-9约近逾一二两三四五六七八九十]|$)"
)
_SUBJECT_ALONE = re.compile("[^\\s，。,;；：:0-9增减升降涨跌报收录已了至]{1,8}[为是约]?")
_ENDS_CLAUSE = re.compile("[；;，,。、（(]|$")
_PAST = re.compile("去年|过去|当时|当初|曾|前年|上月|上季|早在|倒退")
_LONGEST_SENTENCE = 400  # characters before a figure that are looked at


def find_modality(normalised: str, sentence: tuple[int, int], quantity: Quantity | Span) -> str:
    """Return what a figure is said of, by the words of its sentence.

    Args:
        normalised: the normalised text.
        sentence: start and end of the sentence that holds the figure.
        quantity: the figure, or the words that carry a statement.

    Returns:
        `actual` of the past or present, `projection` of a forecast, plan, promise or target, `hypothetical` of a condition or
        rule of thumb.
    """
    start, end = max(sentence[0], quantity.start - _LONGEST_SENTENCE), sentence[1]
    left = normalised[start : quantity.start]
    through = normalised[start : min(end, quantity.end + 24)]
    right = normalised[quantity.end : min(end, quantity.end + 48)]
    is_view = _VIEW_AFTER.match(right) and _KEPT.search(left)
    if _LOCAL.search(left[-12:]) or _is_listed_with_expected(left) or _AIM_AFTER.match(right) or is_view:
        return "projection"
    condition = _judge_condition(left)
    if condition:
        return condition
    return "projection" if _is_projection(left, right, through) else "actual"


def _is_listed_with_expected(left: str) -> bool:
    """Whether the figure is the second of two that were expected: 预期的3.1%与3.0%."""
    return left[-1:] in _AND and _LOCAL.search(_LISTED_WITH.sub("", left[-40:])[-12:]) is not None


def _judge_condition(left: str) -> str:
    """Return what a condition before the figure makes of it; empty if none holds."""
    last = _find_last(_CONDITION, left)
    since = left[last.end() :] if last is not None else ""
    if last is None or _CONDITION_ENDS.search(since):
        return ""
    clause_end = _CLAUSE_END.search(since)
    if _FROM.search(left) or (clause_end is None and _ARITHMETIC.search(since)):
        return "actual"
    if clause_end is None:
        return "hypothetical"
    condition, outcome = since[: clause_end.start()], since[clause_end.end() :]
    if _BASE.search(outcome[-12:]):
        return "actual"
    expected = (
        _FORECAST.search(left[: last.start()])
        or _ESTIMATE.search(left[: last.start()])
        or _FORECAST.search(outcome)
        or _MODAL.search(outcome)
    )
    if expected is None or _PAST.search(condition):
        return "hypothetical"
    return "projection"


def _find_last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _is_projection(left: str, right: str, through: str) -> bool:
    clause_start = max(map(left.rfind, _CLAUSE_MARKS)) + 1
    clause = left[clause_start:]
    forecast, topic = _find_forecast(left)
    if topic or _BASE.search(clause[-12:]):
        return topic
    # 将 tells by what follows whether it means will or takes an object, so the search looks past the figure
    modal = [found.end() for found in _MODAL.finditer(through, clause_start) if found.start() < len(left)]
    if modal:
        return not _DONE.search(left, min(modal[-1], len(left)))
    if forecast >= 0 and not _FUTURE_AFTER.match(right):
        return not _DONE.search(left, forecast)
    if _FUTURE_AFTER.match(right) is not None or _carries_on(left, clause_start):
        return True
    return _is_listed_effect(left) or _leaves_out_verb(left, right)


def _carries_on(left: str, clause_start: int) -> bool:
    """Whether the figure's clause goes on with what the clause before says of the future (将关闭500家门店，裁员900人)."""
    if not clause_start or not _CARRIES_ON.match(left, clause_start - 1) or _DONE.search(left, clause_start):
        return False
    return _MODAL.search(_CLAUSE_END.split(left[: clause_start - 1])[-1]) is not None


def _is_listed_effect(left: str) -> bool:
    """Whether the figure's clause lists a further effect: 将使赤字增加2.4兆，税收减少3.67兆，支出则削减…."""
    causing = _find_last(_CAUSES, left) if "将" in left or "会" in left or "恐" in left or "势必" in left else None
    if causing is None:
        return False
    _, *listed = _COMMA.split(left[causing.end() :])
    return bool(listed) and all(_EFFECT.match(clause) for clause in listed)


def _leaves_out_verb(left: str, right: str) -> bool:
    """Whether after a semicolon only the subject is new (预计中国增长4.8%；日本1.1%), so that the forecast before it goes on."""
    mark = max(left.rfind(";"), left.rfind("；"))
    if mark < 0 or not _SUBJECT_ALONE.fullmatch(left, mark + 1) or not _ENDS_CLAUSE.match(right):
        return False
    before = left[:mark]
    figure = before.rstrip("0123456789.%％ ")
    return len(figure) < len(before) and _is_projection(figure, ";", figure)


def _find_forecast(left: str) -> tuple[int, bool]:
    """Return where the last forecasting word ends, and whether it is what is spoken of (今年的通胀预测，由…改为).

    A word used up by a figure of its own (预期的5%), a comparison (高于预期) and what stands before a semicolon do not count: -1.
    """
    after = max(left.rfind("；"), left.rfind(";")) + 1
    forecasts = list(_FORECAST.finditer(left, after))
    if not forecasts:
        return -1, False
    used = {found.start() for found in _LOCAL_EARLIER.finditer(left, after)}
    used.update(found.end() - 2 for found in _COMPARED.finditer(left, after))
    last = next((found for found in reversed(forecasts) if found.start() not in used), None)
    if last is None:
        return -1, False
    topic = last.group() in {"预测", "预期", "预估"} and left[last.end() : last.end() + 1] in {
        "，",
        ",",
        "从",
        "由",
        "为",
        "中",
        "分",
        "值",
        "上",
        "下",
    }
    return last.end(), topic
