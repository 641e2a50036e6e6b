"""Finds expressions of time and resolves them to days: 2025财年第一季, 去年底, 截至10月22日, 7月至9月, 上世纪90年代.

The rules follow the labelling rules of the project: a fiscal year of the federal government runs from October to September, 年底 is
31 December, 7月初 its first day, a decade its ten years, 自2022年以来 reaches to the article's day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.reading.periods.calendars import (
    Days,
    Parts,
    find_decade,
    make_days,
    month_of,
    parse_small,
    shift_month,
    shift_year,
    year_days,
)
from pipelines.reading.periods.relative_dates import (
    TimeContext,
    resolve_calendar,
    resolve_fiscal_quarter,
    resolve_relative,
)
from pipelines.reading.sentences import Span

_N = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"  # a month
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_Y = r"(?:(?<!\d)(?:1[89]|20)\d\d|[一二][九零〇○][零〇○一二三四五六七八九]{2})"
_TO = r"\s?(?:至|到|-|~|—|–|―)\s?"
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_SUB = (
    r"(?:(?P<quarter>(?:第\s?)?[一二三四1-4]\s?季(?!之)度?|第[一二三](?=[、和及与]\s?第?[二三四]季)|Q[1-4](?!\d)|[1-4]Q|[首头末]季度?)"
    r"|(?P<half>[上下]半年度?|H[12](?!\d))"
    rf"|(?P<firsts>(?<!元)[前头首]\s?(?!一|1\s?个)(?P<firsts_n>{_N}|两)\s?个?(?P<firsts_of>月|季度?))"
    rf"|(?<![\d.])(?P<month_open>{_N})(?=[、和及与]\s?{_N}月)"
    rf"|(?P<month>{_N})\s?(?:(?:月份?)?{_TO}(?P<month2>{_N})\s?月份?(?!\s?\d{{1,2}}\s?[日号])"
    rf"|月份?(?:\s?(?P<day>{_D})\s?(?:[日号]?{_TO}(?P<day2>{_D})\s?)?[日号]|(?P<part>上旬|中旬|下旬|初(?!值)|底|末|中(?![国共美央期旬下])))?)"
    r"|(?P<year_part>(?:(?<=年)|(?<![一这每几数两三四五六七八九十该百\d])年)(?:初|底|末|中(?![国共美央期旬下]))))"
)
_YEAR = (
    rf"(?:FY\s?(?P<fy>(?:19|20)?\d\d)(?!\d)|(?P<fy2>{_Y})\s?年?\s?(?:财政?年度?|会计年度|预算年度)"
    r"|(?P<rel_fy>本|上一?个?|下一?个?|今|当前|新|前一|整个?|该|全)个?(?:财政?年度?|会计年度|预算年度)"
    rf"|(?P<year>{_Y})\s?年(?:度|份)?|(?P<year_open>{_Y})(?={_TO}{_Y}\s?年|\s?[QH][1-4])|民国\s?(?P<roc>\d{{2,3}})\s?年"
    r"|(?<![\d.])(?P<short_year>\d\d)年(?=第?[一二三四1-4]季|[上下]半年|\d{1,2}月|[底末初])"
    r"|(?P<rel_year>今年|(?<![一二两三四五六七八九十几数多\d])年内|(?<![成资日基根])本年度?|去年|上年度?|前年|明年|后年|来年|次年|翌年|同年|当年|该年|上一年|前一年|(?<![和与比占的于])全年度?))"
)
# A year that stands alone: the same groups under names with a line after them, since a name may be given only once.
_YEAR_ALONE = re.sub(r"\?P<(\w+)>", r"?P<\1_>", _YEAR)
_EXPRESSION = re.compile(
    rf"(?P<same_period>(?:去年|上年|前一年|上一年|上一?个?财政?年度?|上一?个?年度|(?P<same_year>{_Y})\s?年)同(?:期|月|季|周|日)|(?<=[比较于同和与跟])一年(?:之|以)?前(?:同期)?)|"
    rf"(?P<iso>(?<!\d)(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d))"
    r"|(?P<decade>(?:(?P<century>\d\d|[一二]十一?|十九|上)(?:个)?世纪)?(?P<tens>[1-9]0|[一二三四五六七八九]十)年代)"
    rf"|(?P<fiscal_quarter>(?:(?P<fq_year>{_Y})\s?(?:财年|年)?)?(?:第?(?P<fq_n>[一二三四1-4首])\s?财(?:政年度)?季度?|(?P<fq_last>上一?个?|本)财季))"
    rf"|(?:{_YEAR}(?:的|,)?\s?)?{_SUB}(?:(?<=[月季度半年])|(?!\d))|{_YEAR_ALONE}"
    r"|(?P<english_month>(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s(?:(?P<english_day>\d{1,2}),?\s)?(?P<english_year>(?:19|20)\d\d))"
    r"|(?P<english_year_only>(?<=in )(?:19|20)\d\d(?!\d))"
    r"|(?P<rel_month>(?<![成资日基根])本月份?|这个月|上上个月|上个?月份?|下个?月份?|前一?个?月(?!份?前)|次月|当月|同月)(?P<rel_part>上旬|中旬|下旬|初|底|末)?"
    r"|(?P<bare_part>月(?:初|底|末|中))"
    r"|(?P<before_that>前值|修正前值)"
    r"|(?P<rel_quarter>(?<![成资日基根])[本今]季度?|上一?个?季度?|前一季度?|下一?个?季度?|当季)"
    r"|(?P<weekday>(?P<week>本|这|上|下|当)?(?:周|星期|礼拜)(?P<weekday_n>[一二三四五六日天]))"
    r"|(?P<rel_week>(?<![成资日基根])本周|这周|上一?周|下周|当周|前一周|上星期|(?:今|这|上|下)个(?:星期|礼拜)|本星期|[全整]周)"
    r"|(?P<rel_day>今天|今日|今[晨早晚夜]|[今昨]\s?\(\d{1,2}\)\s?[日晚早晨]|昨夜|昨天|昨日|昨晚|[琴寻][日晚]|听日|昨(?=[收跌涨升降挫上下大重劲终急暴报]|尾盘|开盘|早盘)|前天|前日|明天|明日|当天|当日|同日|同一天)"
    rf"|(?P<bare_day>(?<![\d.月年第])(?<![\d月]\s)\d{{1,2}}\s?[日号](?![本元圆币线楼]))"
    r"|(?P<event>(?<=停摆|关门|停工|关闭|疫情|流行|战争|危机|衰退|封锁|封城|罢工|任职|执政)期间)"
    r"|(?P<anaphor>同一?期间?|在此期间|此期间|其间|这期间|当时|那时|那一年|彼时)"
    r"|(?P<now>现在|目前|如今|当前|眼下|现时|现今|[迄至]今(?![年天日晨早晚夜])|当下|时下|已经|截至今(?![年天日晨早晚夜])|现(?=[为报有存仅达]))"
    r"|(?P<recent>(?:最近|近)(?:[一二两三四五六七八九十]{1,2}|\d{1,2})\s?(?P<recent_of>年|个月|个季度))(?=[,的来里间内以])"
    r"|(?P<vague>(?:在)?过去(?:的)?(?:[一二两三四五六七八九十几数]{1,3}|\d{1,3})?(?:年|个月|个季度|周|天|十年)?半?(?:里|间|内|中)?|未来(?:的)?[一二两三四五六七八九十几数\d]{1,3}年(?!的?通[胀膨]预期)"
    r"|[一二两三四五六七八九十几数百\d]{1,3}多?年(?:前|后|来)|[一二两三四五六七八九十几数\d]{1,3}多?(?:个?(?:月|星期|季度?)|周|天)(?:之|以)?前(?!的?[一二两三四五六七八九十\d])|几十年来|近年来?|早前|此前|以前|从前|之前|先前|曾经|近期|最近[几数]?(?:周|天|个月|年)|历史上|(?:第?[一二三首])?(?:个)?任期内?|年代初)",
    re.IGNORECASE,
)
# Where an expression can begin: its first characters, with what follows them. Trying the grammar only there is many times faster.
_NUMERAL_GOES_ON = r"[一二两三四五六七八九十几数百零〇○0-9多年月季周天星、和及与财个任世至到\-~—–―\s]"
_DIGIT_GOES_ON = r"(?:(?=[0-9]?[、和及与]\s?[0-9一二三四五六七八九十]{1,2}月)|(?=[0-9]{0,4}+(?:\s{0,2}[年月日号季个周天星世财会预第首上本至到\-~—–―/.QHqh多一二两三四五六七八九十几数百]|\s[1-4]))|(?<=in [12]))"
_BEGINNINGS = {
    "0123456789": _DIGIT_GOES_ON, "一二两三四五六七八九十几数百": _NUMERAL_GOES_ON, "上": "[年世一个财会预半月季周星礼上]",
    "下": "[一个财会预半月季周星礼]", "本": "[财会预个年月季周星礼]", "前": r"[一二两三四五六七八九十0-9\s年月个值天日]",
    "首": r"[季\s一二两三四五六七八九十0-9财个任]", "头": r"[季\s一二两三四五六七八九十0-9]", "末": "(?:季|(?<=年末))", "初底中": "(?<=年.)",
    "第": r"[\s一二三四首1-4]", "今": r"(?:[个季财会预年天日晨早晚夜]|\s?\()", "去后来翌": "年", "该": "[年个财会预]", "次": "[年月]", "同": "[年月日一期]",
    "当": "[前年月季周星礼天日时下]", "新": "[个财会预]", "民": "国", "年": "[初底末中代内]", "月": "[初底末中]", "这": "[个期周星礼]",
    "琴寻": "[日晚]", "听": "日", "昨": "[天日晚夜收跌涨升降挫上下大重劲终急暴报尾开早(]", "明": "[年天日]", "周": "[一二三四五六日天]", "星": "期", "礼": "拜", "在": "[过此]", "过": "去", "未": "来",
    "近": "[一二两三四五六七八九十0-9年期]", "最": "近", "此": "[前期]", "早以从之先目": "前", "曾已": "经", "历": "史", "任": "期", "个": "任",
    "全": "[年个财会预周]", "整": "[个财会预周]", "其": "间", "期": "间", "那": "[时一]", "彼": "时", "现": "[在时今为报有存仅达]", "如迄至": "今", "眼时": "下", "截": "至", "修": "正",
    "fF": "[yYeE]", "qQ": "[1-4]", "hH": "[12]", "jJ": "[aAuU]", "mM": "[aA]", "aA": "[pPuU]", "sS": "[eE]", "oO": "[cC]", "nN": "[oO]",
    "dD": "[eE]",
}  # fmt: skip
_BEGINNING = re.compile("|".join(char + goes_on for chars, goes_on in _BEGINNINGS.items() for char in chars))
_GROUP_NAMES = tuple(_EXPRESSION.groupindex)
_ALONE_NAMES = tuple(name for name in _GROUP_NAMES if name.endswith("_"))
_RELATIVE_GROUPS = (
    "rel_month", "bare_part", "rel_quarter", "weekday", "rel_week", "rel_day", "bare_day", "recent", "before_that",
)  # fmt: skip
_WEEK_ENDING = re.compile(
    r"\s?(?:止|为止)?\s?的?\s?(?:当周|那周|一周|该周|这一周|之周|(?P<weeks>[二两三四五六八])周(?:[内里间]|移动平均)?)"
)
_SINCE = re.compile(r"[^,;。]{0,24}?(?:以来|至今|迄今|到现在|到目前|后(?=,)|起(?=,))")
_SINCE_NEAR = re.compile(r"(?:[^,;。\d]{0,16}?(?:以来|至今|迄今)|年?来(?=的?(?:最|首|新|第一)))")
_RECORD = re.compile(r"[^,;。]{0,4}(?:最|新[高低]|首[次度个见]|第一次|历史|之最|纪录|未见|罕见|仅见|不曾)")
_FIRST_TIME = re.compile(r"[^;。]{0,30}(?:首次|首度|第一次)")
_UNTIL = re.compile(r"(?:(?<!截)[到至]|直到)$")
_FORECAST = re.compile(
    r"假[设定]|停止|[日月]起|生效|启动|终止|预计|预期|有望|料将|将于|展望|预测|押注|可能|[降减加升]息|议息|[概机几]率|再[降加减升]|[会将](?:再|连续|都|各)?[降升加减]|(?:各|再|连续)[降升加减](?!了|至)"
)
_COMPARED = re.compile(r"[比较]\s?$")
_WITH, _SAME = (
    re.compile(r"[与和同跟]\s?$"),
    re.compile(r"(?:的?(?:水平|水准|数字|读数|数值|同期))?(?:基本|大致|大体|几乎)?(?:相同|持平|相当|一致|一样|相若|相近|接近|相比|相较|比较|对比|比起来)"),
)  # fmt: skip
_ABOVE, _ENDS = re.compile(r"[高低多少快慢好差优逊强弱]于\s?$"), re.compile(r"(?:同期|水平|水准)?(?:[,;。!?]|$)")
_RANGE_JOIN = re.compile(r"\s?(?:至|到|-|~|—|–|―|直到)\s?")
_TAKEN_TOGETHER = re.compile(
    r"(?:两个?月|三个?月|两年)?的?(?:数据|数字|数值|读数|就业|非农|人数|新增|岗位|职位|的){0,3}(?:合计|累计|总计|一共|共计)|(?:会|将|已)?(?:都|均|皆|各(?!为|自)|连续|接连)"
)
_CONTRACT = re.compile(r"(?:交割)?的?(?:期货|合约|期[油金铜]|原油|黄金)")  # 12月期货: which one, not when
_RESULTS = re.compile(r"(?:的)?(?:财报|业绩|财务|季报|营收|营业收入|净利|指引|revenue|results)", re.IGNORECASE)
_LAST_WEEK = re.compile(r"(?:[上当该]周|一周|上星期)\s?\(?\s?(?:截?[至止]|到)\s?$")
_UP_TO = re.compile(r"截[至止]|到$")
_PEAK = re.compile(
    r"的?(?:峰值|高峰|[高低]点|顶峰|谷底|谷值|纪录|历史[高低][点位])"
)  # a time looked back at: no frame for what follows
_ENDS_FISCAL_YEAR = re.compile(
    r"(?:[底末]|\d{1,2}[日号])?(?:止|为止)?的?(?:上一个?|该|整个)?(?:财政?年度?|会计年度|预算年度)"
)  # 截至9月底止的财政年度
# 截至今年3月的12个月, 到5月底为止的三个月: the months up to the one named
_MONTHS_ENDING = re.compile(
    r"(?:[底末])?(?:止|为止)?的?(?:过去|此前|之前|前)?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})个月(?:[内里间中]|期间|里)?"
)
_SHORTEST_YEAR, _LONGEST_WEEK = 360, 7  # days
_EVENT_REACH = 12  # characters
_END_OF_YEAR = re.compile(r"\s?(?:结束时?|终了|末|底|届满)")


@dataclass(frozen=True, slots=True)
class TimeMention:
    """An expression of time in the text.

    Attributes:
        start, end: its offsets.
        first, last: the days it names, inclusive; None where it names none (过去一年).
        kind: dated, now (现在), open (a past or future that is not dated), anaphor (同期), since (自2022年以来), record (2008年以来最高),
            base (较去年同期: what the figure is compared with) or previous (前值: the stretch before the one told, for its clause alone).
        relative: resolved against the article's day or another expression.
        is_day: names single days.
        fiscal: a fiscal year or part of one.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    kind: str
    relative: bool = False
    is_day: bool = False
    fiscal: bool = False


def find_time_mentions(visible: str, start: int, end: int, context: TimeContext) -> list[TimeMention]:
    """Return the expressions of time between `start` and `end`, in order, and note in `context` what they tell.

    Args:
        visible: the text, normalised.
        start: where the stretch to look at, usually a sentence, begins.
        end: where it ends.
        context: what is known before; it is updated.
    """
    context.told_earlier = True
    mentions: list[TimeMention] = []
    for match in _find_expressions(visible, start, end):
        if match["month"] and _CONTRACT.match(visible, match.end(), end):
            continue
        _note_surroundings(match, context, visible, Span(start, end))
        mention = _resolve(match, context)
        if mention is None or _is_told_already(visible, mentions, mention, is_event=bool(match["event"])):
            continue
        if mention.kind == "dated" and _is_compared(visible, start, mention, end):
            mention = replace(mention, kind="base")
        elif mention.kind == "dated":
            mention = _extend(visible, mention, end, context)
            mention = _join_range(visible, mentions, mention)
            if mention.kind == "dated" and mention.first is not None and mention.last is not None:
                context.told = (mention.first, mention.last)
                context.told_in_paragraph = True
                context.told_is_relative, context.told_earlier = mention.relative, False
                context.told_is_fiscal = mention.fiscal
                if mention.fiscal and (mention.last - mention.first).days > _SHORTEST_YEAR:
                    context.told_fiscal = context.told
                is_week = 3 < (mention.last - mention.first).days < 7
                if is_week and (context.told_week is None or mention.first >= context.told_week[0]):
                    context.told_week = context.told
                today = context.article_day
                if mention.first == mention.last and (today is None or mention.first <= today):
                    context.told_day = mention.first
                    context.newest_day = max(mention.first, context.newest_day or mention.first)
        mentions.append(mention)
    return mentions


def _is_told_already(visible: str, mentions: list[TimeMention], mention: TimeMention, *, is_event: bool) -> bool:
    """Whether a time is part of the one before: 第二季度(4月、5月和6月), 10月1日至11月12日停摆期间."""
    if not mentions:
        return False
    before = mentions[-1]
    if mention.start < before.end or (
        is_event and before.kind == "dated" and mention.start - before.end < _EVENT_REACH
    ):
        return True
    if before.first is None or before.last is None or mention.first is None or mention.last is None:
        return False
    is_long = (before.last - before.first).days > _LONGEST_WEEK and not mention.is_day
    is_inside = is_long and before.first <= mention.first and mention.last <= before.last
    opened = visible.rfind("(", before.end, mention.start)
    return is_inside and before.end <= opened < before.end + 2 and visible.find(")", opened, mention.start) < 0


def _is_compared(visible: str, start: int, mention: TimeMention, end: int) -> bool:
    """Whether something is only held against a time: 较7月, 与3月相同, 高于去年."""
    reach = max(start, mention.start - 3), mention.start
    if _COMPARED.search(visible, *reach):
        return True
    pattern = _SAME if _WITH.search(visible, *reach) else _ENDS if _ABOVE.search(visible, *reach) else None
    return pattern is not None and pattern.match(visible, mention.end, end) is not None


def _note_surroundings(match: re.Match[str], context: TimeContext, visible: str, sentence: Span) -> None:
    """Tell the context what the words around a month or quarter say of it."""
    context.speaks_ahead = context.is_as_of = context.company_quarter = False
    if not (match["month"] or match["quarter"] or match["fiscal_quarter"]):
        return
    before = visible[max(sentence.start, match.start() - 2) : match.start()]
    reach = max(sentence.start, match.start() - 16), min(sentence.end, match.end() + 12)
    is_until = match["month"] is not None and _UNTIL.search(before) is not None
    context.speaks_ahead = is_until or _FORECAST.search(visible, *reach) is not None
    context.is_as_of = before.endswith(("截至", "截止"))
    is_quarter = match["quarter"] is not None
    context.company_quarter = is_quarter and _RESULTS.match(visible, match.end(), sentence.end) is not None


def _extend(visible: str, mention: TimeMention, end: int, context: TimeContext) -> TimeMention:
    """Take in what follows: the week that ends on the day, or 以来 up to the article's day."""
    if mention.is_day and mention.last is not None:
        if _LAST_WEEK.search(visible, max(0, mention.start - 8), mention.start):
            return replace(mention, first=mention.last - timedelta(days=6), is_day=False)  # 上周(至9月6日)
        week = _WEEK_ENDING.match(visible, mention.end, end)
        if week:
            weeks = parse_small(week["weeks"] or "一")
            first = mention.last - timedelta(days=7 * weeks - 1)
            mention = replace(mention, end=week.end(), first=first, is_day=False)
            if not _SINCE_NEAR.match(visible, mention.end, end):
                return mention
    stretch = _extend_year(visible, mention, end) or _extend_months(visible, mention, end)
    if stretch is not None:
        return stretch
    if _PEAK.match(visible, mention.end, end):
        return replace(mention, kind="peak")
    opened = visible[max(0, mention.start - 2) : mention.start]
    pattern = _SINCE if "自" in opened or "从" in opened else _SINCE_NEAR
    since = pattern.match(visible, mention.end, end)
    if since:
        last = context.article_day
        known = mention.first is not None and last is not None and mention.first <= last
        is_record = _RECORD.match(visible, since.end(), end) or _FIRST_TIME.match(visible, since.end(), end)
        kind = (
            "record" if is_record or not since.group().endswith(("以来", "今", "现在", "目前", "后", "起")) else "since"
        )
        return replace(
            mention, end=since.end(), last=last if known else None, first=mention.first if known else None, kind=kind
        )
    return mention


def _extend_year(visible: str, mention: TimeMention, end: int) -> TimeMention | None:
    """The fiscal year up to a month (截至9月底止的财年), or the last day of a fiscal year or quarter."""
    if mention.last is None:
        return None
    fiscal_year = _ENDS_FISCAL_YEAR.match(visible, mention.end, end)
    if fiscal_year and _UP_TO.search(visible, max(0, mention.start - 2), mention.start):
        _, last = month_of(mention.last)
        first = shift_month(last.replace(day=1), -11)
        return replace(mention, end=fiscal_year.end(), first=first, last=last, is_day=False, fiscal=True)
    ends_quarter = visible.startswith(("末", "底"), mention.end) and visible[mention.end - 1] in "季度"
    closing = _END_OF_YEAR.match(visible, mention.end, end) if mention.fiscal or ends_quarter else None
    return replace(mention, end=closing.end(), first=mention.last, is_day=True) if closing else None


def _extend_months(visible: str, mention: TimeMention, end: int) -> TimeMention | None:
    """The months up to one that is named: 截至今年3月的12个月. A growth over a year is that of its last month, as prices are told."""
    if mention.last is None or not _UP_TO.search(visible, max(0, mention.start - 2), mention.start):
        return None
    months = _MONTHS_ENDING.match(visible, mention.end, end)
    count = parse_small(months["count"]) if months else 0
    if months is None or not 1 < count <= 60:
        return None
    first, last = month_of(mention.last)
    return replace(mention, end=months.end(), first=shift_month(first, 1 - count), last=last, is_day=False)


def _join_range(visible: str, mentions: list[TimeMention], mention: TimeMention) -> TimeMention:
    """Make one of 2024年 and 2026年 with 至 between them."""
    if not mentions or mentions[-1].kind != "dated":
        return mention
    before = mentions[-1]
    between = visible[before.end : mention.start]
    is_range = _RANGE_JOIN.fullmatch(between) or (
        between.strip() in ("和", "与", "及", "、") and _TAKEN_TOGETHER.match(visible, mention.end)
    )
    if not is_range or before.first is None or mention.last is None:
        return mention
    first, last = before.first, mention.last
    if first > last:
        return mention
    mentions.pop()
    joined = replace(mention, start=before.start, first=first, is_day=False)
    earlier = mentions[-1] if mentions else None
    if earlier is not None and earlier.kind == "dated" and earlier.first is not None:
        is_listed = visible[earlier.end : joined.start].strip() == "、" and earlier.first <= first
        if is_listed:  # 9月、11月和12月连续
            mentions.pop()
            joined = replace(joined, start=earlier.start, first=earlier.first)
    return joined


def _find_expressions(visible: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The matches of the grammar in order."""
    position = start
    while True:
        begun = _BEGINNING.search(visible, position, end)
        if begun is None:
            return
        match = _EXPRESSION.match(visible, begun.start(), end)
        if match is not None and match.end() > match.start():
            yield match
            position = match.end()
        else:
            position = begun.start() + 1


def remove_times(written: str) -> str:
    """Return a short piece of text without its expressions of time."""
    pieces, position = [], 0
    for match in _find_expressions(written, 0, len(written)):
        pieces.append(written[position : match.start()])
        position = match.end()
    return "".join(pieces) + written[position:] if pieces else written


def _resolve(match: re.Match[str], context: TimeContext) -> TimeMention | None:
    start, end = match.span()
    today = context.article_day
    group = _read_groups(match)
    if group["year_part"] and match.group() == group["year_part"] and "年" not in match.group():
        return None  # the 中 of 一年中, the 初 of 当初: part of a year only right after it
    if group["now"] or group["vague"] or group["event"]:
        is_now = bool(group["now"])
        days = (today, today) if is_now else (None, None)
        return TimeMention(start, end, *days, "now" if is_now else "open", relative=is_now)
    if group["anaphor"] or group["same_period"]:
        told = context.told
        if group["same_period"] and context.told_earlier and told and today and told[0] > today and context.report:
            told = context.report  # a forecast came between
        back = told[0].year - parse_small(group["same_year"]) if group["same_year"] and told else 1
        first, last = shift_year(told, back) if group["same_period"] else told or (None, None)
        return TimeMention(start, end, first, last, "base" if group["same_period"] else "anaphor", relative=True)
    named, relative = _resolve_days(group, match, context)
    if named is None:
        return TimeMention(start, end, None, None, "open", relative=True)
    if group["before_that"]:
        return TimeMention(start, end, *named, "previous", relative=True)
    fiscal = bool(group["fy"] or group["fy2"] or group["rel_fy"])
    return TimeMention(start, end, *named, "dated", relative, is_day=named[0] == named[1], fiscal=fiscal)


def _resolve_days(group: Parts, match: re.Match[str], context: TimeContext) -> tuple[Days | None, bool]:
    """The days of an expression that names some, and whether they depend on the article's day or an earlier expression."""
    if group["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/.]", group["iso"]))
        return make_days(year, month, day), False
    if group["decade"]:
        return find_decade(group["century"], parse_small(group["tens"])), False
    if group["english_month"] or group["english_year_only"]:
        return _resolve_english(group), False
    if group["fiscal_quarter"]:
        return resolve_fiscal_quarter(group, context, match.start()), not group["fq_year"]
    if any(group[name] for name in _RELATIVE_GROUPS):
        return resolve_relative(group, match.group(), context, match.start()), True
    return resolve_calendar(group, context, match.start())


def _resolve_english(group: Parts) -> Days | None:
    if group["english_year_only"]:
        return year_days(int(group["english_year_only"]))
    month = _MONTH_NAMES.index(group["english_month"][:3]) + 1
    return make_days(int(group["english_year"]), month, int(group["english_day"] or 0))


def _read_groups(match: re.Match[str]) -> dict[str, str]:
    """The groups by name, a lone year's under the plain name; empty where a group did not match."""
    written = match.groups("")
    groups = dict(zip(_GROUP_NAMES, written, strict=True))
    groups["month"] = groups["month"] or groups["month_open"]
    groups.update((name.rstrip("_"), groups[name]) for name in _ALONE_NAMES if groups[name])
    return groups
