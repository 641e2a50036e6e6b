"""Why a number is no magnitude: dates, ordinals, names, list numbers and the other things that numerals are used for."""

import re

from pipelines.reading.quantities.figures import CHINESE_DIGITS, INEXACT, Figure
from pipelines.reading.quantities.units import UnitWord, UnitWords

_REASONS = {"duration": "duration", "date": "date", "clock": "time", "age": "age", "group": "group", "other": "name"}
_COUNTS = frozenset({"classifier", "noun"})
_ORDINAL_BEFORE = re.compile(r"(?:第|[Nn][Oo]\.?|#|№|编号|排名|名列|位列|位居|高居|[Vv]ol\.?)[ ]?$")
_ORDINAL_LAST = frozenset("第.#№号名列居oOlL")
_WEEKDAY_BEFORE = re.compile(r"(?:周|星期|礼拜|[年月]初|双)$")
_WEEKDAY_LAST = frozenset("周期拜初双")
_BACK_REFERENCE = re.compile(r"(?:[这那该此]|上述|前述|上面|以上|其他|其它|其余|任何|哪|最[后初]|头)[ ]?$")
_BACK_LAST = frozenset("这那该此述面上他它余何哪后初头")
_RANK_BEFORE = re.compile(r"(?<![此之日年月目天周期以提空])前[ ]?$")
_OWN_NOUNS = frozenset("国州省市县城店院校区村岸党会地侧端头边者方用性样极家")
_IN_PAIRS = frozenset("头面手口路边端旁侧")  # 两头, 两面 and 两手 count nothing
_MONEY_GOES_ON = re.compile(r"$|[，。,;；、!?！？\n”」）)]|[的就是了都呢吧左上多出就花买还]|起步")
_GROUPED = frozenset("家者国个位")
_TAKEN_TOGETHER = re.compile(r"加起来|合计|加总|相加|总计|之[和间]|都|均|皆")  # 四家加起来: those named before
_CASUALTY_AFTER = re.compile(r"[^，。,;；]{0,4}(?:死|伤|遇难|失踪|丧生|身亡|被捕|获救|确诊)")
_CLOCK_BEFORE = re.compile(r"(?:上午|下午|凌晨|清晨|中午|晚上|晚间|傍晚|深夜|午夜|早上|早间|早晨|时间|[日天晚早])[ ]?$")
_CLOCK_AFTER = frozenset("钟整半许0123456789")
_INDEX_BEFORE = re.compile(
    r"指数|[道纳沪深恒标]指|[股指][^。\n]{0,6}[升跌涨挫]|点位|大盘|标普|道琼|恒生|上证|PMI|信心|[升跌涨挫收报]|[0-9]%?[或,、(]"
)
_RATE_NEARBY = re.compile(r"息|利率|联准会|联储|Fed|FED|央行|升|降|缩|宽松")
_LIST_BEFORE = re.compile(r"(?:^|\n)[ >*#-]*[(\[]?$")
_LIST_AFTER = re.compile(r"[.、)\]:](?![0-9])")
_BRACKETED = {"(": ")", "[": "]", "【": "】"}
_AMOUNT_BEFORE = frozenset("近逾超过破约达")
_LONGEST_PHRASE = 5


def find_reason_of_bare(text: str, start: int, end: int, words: UnitWords) -> str:
    """Return why a number without scale and unit is no magnitude; empty if a neighbour may lend it a unit.

    Args:
        text: the normalised text.
        start: where the number begins.
        end: where it ends.
        words: the words of seeds/units.csv.
    """
    before = text[max(0, start - 6) : start]
    if _is_ordinal(before):
        return "ordinal"
    if _numbers_list(text, before, end) and before[-1:] != "[":
        return "list_number"
    if text[start].isascii():
        return _find_reason_of_digits(text, start, end, words)
    if text[end : end + 1] in {"是", "则"}:
        return "list_number"
    return "date" if before[-1:] in _WEEKDAY_LAST and _WEEKDAY_BEFORE.search(before) else ""


def _is_ordinal(before: str) -> bool:
    return before.rstrip()[-1:] in _ORDINAL_LAST and _ORDINAL_BEFORE.search(before) is not None


def _numbers_list(text: str, before: str, end: int) -> bool:
    return _LIST_AFTER.match(text, end) is not None and _LIST_BEFORE.search(before) is not None


def _find_reason_of_digits(text: str, start: int, end: int, words: UnitWords) -> str:
    before, last = text[start - 2 : start - 1], text[start - 1 : start]
    if words.index_names.find_before(text, start - (last == " ")):
        return "name"
    if last in _BRACKETED and text[end : end + 1] == _BRACKETED[last] and end - start < 4:
        return "reference" if last == "[" else "list_number"
    if last == "-" and before.isascii() and before.isalpha():
        return "name"
    return "date" if _is_year(text[start:end]) else ""


def _is_year(written: str) -> bool:
    return len(written) == 4 and written.isdigit() and "1800" <= written <= "2100"


def find_reason(text: str, figure: Figure, word: UnitWord, end: int, words: UnitWords) -> str:
    """Return why a number before a unit word is no magnitude; empty if it is one.

    Args:
        text: the normalised text.
        figure: the number.
        word: what stands after it.
        end: where that word ends.
        words: the words of seeds/units.csv.
    """
    kind, start = word.kind, figure.start
    before = text[max(0, start - 6) : start]
    if _is_ordinal(before):
        return "ordinal"
    if kind in _REASONS:
        return "date" if word.word == "年" and figure.end - start == 4 and not figure.scale else _REASONS[kind]
    if before.rstrip()[-1:] == "每":
        return "denominator"
    if before[-1:] == "(" and text[end : end + 1] == ")" and not text[start : figure.end].strip("十百千万亿兆"):
        return "no_number"  # the head of a column: 持有量(十亿美元)
    if kind in _COUNTS:
        return _find_reason_of_count(text, figure, word, end, words)
    return _find_reason_of_measure(text, figure, word, end)


def _find_reason_of_measure(text: str, figure: Figure, word: UnitWord, end: int) -> str:
    """Judge the units that are units only in some surroundings."""
    start = figure.start
    if word.kind == "index":
        return _find_reason_of_points(text, figure, end)
    if (
        (word.word == "码" and not _RATE_NEARBY.search(text, max(0, start - 24), end + 12))
        or (word.kind == "doubling" and text[start - 1 : start] not in {"翻", "了"})
        or (word.kind == "half" and text[start : figure.end] != "一")
    ):
        return "no_unit"
    if word.word == "块" and not _MONEY_GOES_ON.match(text, end):
        return "no_unit"  # three pieces of something
    return "word" if is_word(text, figure, word) else ""


def is_word(text: str, figure: Figure, word: UnitWord) -> bool:
    """Whether a lone scale word with what follows is a word of its own (每千瓦, 百元店), or 一成 part of 一成不变."""
    start, end = figure.start, figure.end
    if figure.vague and end - start == 1 and text[start] in CHINESE_DIGITS:
        return text[start - 1 : start] not in _AMOUNT_BEFORE and text[end : end + 1] not in INEXACT
    return word.word == "成" and text.startswith("不变", end + 1)


def reads_as_amount(text: str, start: int, end: int) -> bool:
    """Whether scale words alone (百亿, 万亿) are an amount although no unit follows: 逾百亿, 千亿级."""
    return text[start - 1 : start] in _AMOUNT_BEFORE or text[end : end + 1] in {"级", "规"}


def _find_reason_of_points(text: str, figure: Figure, end: int) -> str:
    """Tell index points from hours and from a text's own points."""
    if figure.low.value >= 100 or figure.low.exponent < 0:
        return ""
    before = text[max(0, figure.start - 16) : figure.start]
    if _CLOCK_BEFORE.search(before) or text[end : end + 1] in _CLOCK_AFTER:
        return "time"
    if _INDEX_BEFORE.search(before):
        return ""
    if text[figure.start] in CHINESE_DIGITS:
        return "own_points"
    return "time" if figure.low.value <= 24 else ""


def _find_reason_of_count(text: str, figure: Figure, word: UnitWord, end: int, words: UnitWords) -> str:
    start = figure.start
    before = text[max(0, start - 4) : start]
    last = before.rstrip()[-1:]
    if last in _BACK_LAST and _BACK_REFERENCE.search(before):
        return "back_reference"
    if last == "前" and _RANK_BEFORE.search(before):
        return "ordinal"
    if last in _WEEKDAY_LAST and text[start] in CHINESE_DIGITS and _WEEKDAY_BEFORE.search(before):
        return "date"
    reason = (_find_reason_of_noun if word.kind == "noun" else _find_reason_of_classifier)(
        text, figure, word, end, words
    )
    if not reason and figure.low.value <= 12 and _counts_own_points(text, end, words):
        return "own_points"
    return reason


def _find_reason_of_noun(text: str, figure: Figure, word: UnitWord, end: int, words: UnitWords) -> str:
    """Judge a number with a noun but no classifier (27国, 1000人)."""
    start, written = figure.start, text[figure.start : figure.end]
    if not figure.scale and _is_year(written):
        return "date"
    if words.index_names.find_before(text, start - (text[start - 1 : start] == " ")):
        return "name"
    if written in {"零", "〇"} or is_word(text, figure, word):
        return "word"
    alone = len(written) == 1 and written in CHINESE_DIGITS and len(word.word) == 1
    return "back_reference" if alone and (word.word in _OWN_NOUNS or not _CASUALTY_AFTER.match(text, end)) else ""


def _find_reason_of_classifier(text: str, figure: Figure, word: UnitWord, end: int, words: UnitWords) -> str:
    """Judge a number with a classifier: 一个 is an article, 两头 an idiom."""
    written = text[figure.start : figure.end]
    article = written == "一" and word.word != "次"
    if len(written) == 1 and word.word in _GROUPED and _TAKEN_TOGETHER.match(text, end):
        return "back_reference"
    pair = written in {"两", "二"} and word.word in _IN_PAIRS and words.nouns.find_after(text, end) is None
    return "word" if article or pair or written in {"零", "〇"} or is_word(text, figure, word) else ""


def _counts_own_points(text: str, position: int, words: UnitWords) -> bool:
    """Whether 问题, 原因 or the like follows within the phrase (两个棘手问题)."""
    for place in range(position, position + _LONGEST_PHRASE):
        if text[place : place + 1] in {"", "的", ",", "，", "。", "、", "\n"}:
            return False
        if words.own_points.find_after(text, place):
            return True
        if place == position and words.nouns.find_after(text, place):
            return False
    return False
