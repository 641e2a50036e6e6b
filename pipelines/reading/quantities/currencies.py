"""Whose money an amount is that does not say it, and whether a bare amount is money at all."""

import re
from bisect import bisect_left
from collections import Counter

from pipelines.reading.quantities.figures import Figure
from pipelines.reading.quantities.units import load_unit_words
from pipelines.reading.script import detect_script

_SENTENCE_END = re.compile("[。！？!?\n]")
_NEARBY = 80  # characters
_MONEY = re.compile(
    "债|赤字|逆差|顺差|投资|投入|亏|营收|收入|盈利|利润|净利|资金|融资|市值|估值|砸|花|钱|成本|支出|预算|利息|贷款|存款|资产|"
    "负债|资本|GDP|产值|补贴|拨款|罚|售价|销售额|成交额|交易额|贸易额|进口|出口|外储|外汇储备|缩表|购债|财政|税|薪|工资|价值|"
    "蒸发|斥资|募|筹|捐|费|美元"
)
_COUNT = re.compile(
    "人口|人数|用户|户数|销量|产量|就业|非农|失业|的人[会将]?[增减]|辆|申请|岗位|职位|职缺|空缺|播放|订阅|下载|观众|粉丝|人次|流量|库存|产能|总数|数量|股数"
)
_COUNT_AFTER_LONGEST = 8
# 4200万低收入者: those who are counted, named behind the number
_PEOPLE_AFTER = re.compile(r"[^，。,;；、0-9的]{0,6}?(?:者|人(?!民币|均)|居民|民众|儿童|学生|选民|家庭|工人|雇员)")
_MOST_PEOPLE = 8  # the exponent of 亿
_FAR = 500  # characters over which a currency once told still holds for a state's money
_PUBLIC_MONEY = re.compile(
    "财政|联邦|国债|美债|赤字|关税|利息|军费|国防|社会保障|社会安全|社安|开支|支出|岁[入出]|海关|逆差|债务|税[收款入]"
)
_NOUN_REACH = 8
_AT_HOME = re.compile("台[湾币股积北]|新台|港[元币府股交人]|香港|恒[生指]|内地|大陆|中国|人民币|日[本元圆]|韩")
_HONG_KONG = ("港元", "港股", "恒生", "恒指", "港币", "金管局", "厘")
_TAIWAN = ("台币", "台股", "台湾", "台积电")


def resolve_currencies(text: str, stored: str, figures: list[Figure]) -> None:
    """Name the currency of amounts that leave it out, and turn the other bare numbers with a scale into counts.

    Args:
        text: the normalised text.
        stored: the text as stored, whose script tells a Taiwanese 元 from a mainland one.
        figures: joined figures in order; changed in place (`currency`, or `reason` no_unit).
    """
    resolver = _Resolver(text, stored, figures)
    for place, figure in enumerate(figures):
        if figure.reason:
            continue
        unit = figure.unit
        if unit is None:
            resolver.resolve_bare(place)
        elif unit.kind in {"currency", "currency_before"} and not unit.unit:
            figure.currency = resolver.find_owner(figure, unit.word)


class _Resolver:
    def __init__(self, text: str, stored: str, figures: list[Figure]) -> None:
        self._text = text
        self._stored = stored
        self._figures = figures
        self._stated = [
            (figure.start, figure.unit.unit)
            for figure in figures
            if _states_currency(figure) and figure.unit is not None
        ]
        self._starts = [start for start, _ in self._stated]
        usual = Counter(unit for _, unit in self._stated).most_common(1)
        self._usual = usual[0][0] if usual else ""
        self._home = ""

    def resolve_bare(self, place: int) -> None:
        """Say what a number without unit is: an amount of money, a count, or nothing that can be known."""
        figure = self._figures[place]
        if figure.scale < 3:
            figure.reason = "no_unit" if self._text[figure.start].isascii() else "word"
            return
        words, text = load_unit_words(), self._text
        after = figure.end + (text[figure.end : figure.end + 1] in {"的", " "})
        if words.money_nouns.find_after(text, figure.end) or words.money_nouns.find_after(text, after):
            figure.currency = self._find_nearby(figure) or self._guess()
            return
        noun = words.nouns.find_after(text, after)
        if noun is not None:
            figure.noun = noun[0].word
            if after == figure.end:
                figure.end = noun[1]
            return
        if figure.scale <= _MOST_PEOPLE and _PEOPLE_AFTER.match(text, figure.end):
            return
        if self._reads_as_money(figure):
            figure.currency = self._find_nearby(figure) or self._guess()

    def _reads_as_money(self, figure: Figure) -> bool:
        start, end = self._find_sentence(figure)
        money = count = -1
        for found in _MONEY.finditer(self._text, start, figure.start):
            money = found.start()
        for found in _COUNT.finditer(self._text, start, figure.start):
            count = found.start()
        if money == count == -1:
            if _COUNT.search(self._text, figure.end, min(end, figure.end + _COUNT_AFTER_LONGEST)):
                return False
            return (
                bool(self._find_nearby(figure)) or figure.scale >= 8 or bool(_MONEY.search(self._text, figure.end, end))
            )
        return money > count

    def find_owner(self, figure: Figure, word: str) -> str:
        """Say whose 元, 块 or ¥ is meant."""
        near = self._text[max(0, figure.start - 24) : figure.end + 6]
        if word == "¥":
            return "JPY" if "日" in near and "人民币" not in near else "CNY"
        if "人民币" in near:
            return "CNY"
        if word.startswith("块") and (told := self._find_nearby(figure)):
            return told
        if "港元" in near or "港股" in near:
            return "HKD"
        return self._find_told(figure) or self._find_home()

    def _find_told(self, figure: Figure) -> str:
        """Return the foreign currency in which a text in Traditional characters has just reckoned a state's money, if 元 goes on in it."""
        place = bisect_left(self._starts, figure.start)
        if not place or figure.start - self._stated[place - 1][0] > _FAR:
            return ""
        told_at, told = self._stated[place - 1]
        start, _ = self._find_sentence(figure)
        if _AT_HOME.search(self._text, min(told_at, start), figure.start) or detect_script(self._stored) == "hans":
            return ""
        return told if _PUBLIC_MONEY.search(self._text, start, figure.end + _NOUN_REACH) else ""

    def _find_home(self) -> str:
        """Return the money of the place where the text was written; looked up once."""
        if not self._home:
            if detect_script(self._stored) == "hans":
                self._home = "CNY"
            else:
                hong_kong, taiwan = (sum(map(self._text.count, words)) for words in (_HONG_KONG, _TAIWAN))
                self._home = "HKD" if hong_kong > taiwan else "TWD"
        return self._home

    def _find_sentence(self, figure: Figure) -> tuple[int, int]:
        start = max(0, figure.start - _NEARBY)
        for found in _SENTENCE_END.finditer(self._text, start, figure.start):
            start = found.end()
        ending = _SENTENCE_END.search(self._text, figure.end, figure.end + _NEARBY)
        return start, ending.start() if ending else min(len(self._text), figure.end + _NEARBY)

    def _find_nearby(self, figure: Figure) -> str:
        """Return the currency stated last before, else first after, in the same sentence."""
        start, end = self._find_sentence(figure)
        place = bisect_left(self._starts, figure.start)
        if place and self._starts[place - 1] >= start:
            return self._stated[place - 1][1]
        if place < len(self._starts) and self._starts[place] < end:
            return self._stated[place][1]
        return ""

    def _guess(self) -> str:
        return self._usual or "USD"  # what we read is about the United States


def _states_currency(figure: Figure) -> bool:
    return (
        not figure.reason
        and figure.unit is not None
        and figure.unit.kind.startswith("currency")
        and bool(figure.unit.unit)
    )
