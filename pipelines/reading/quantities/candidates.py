"""Finds the numbers of a text, Arabic, Chinese and mixed, and reads their digits and scales."""

import re

from pipelines.reading.quantities.figures import INEXACT, NO_NUMBER, PERCENT, RATIO, Figure
from pipelines.reading.quantities.numerals import (
    CHINESE_NUMERAL,
    MOST_DIGITS,
    Numeral,
    find_latin_exponent,
    make_numeral,
    parse_chinese,
    split_pair,
    sum_scales,
)
from pipelines.reading.quantities.surroundings import attach_sign, attach_unit
from pipelines.reading.quantities.units import UnitWords, load_unit_words

_DIGIT = "零〇一二三四五六七八九"
_SCALE = "十百千万亿兆拾佰仟"
_SCALES = frozenset(_SCALE)
_ARABIC = r"(?:[0-9]{1,3}(?:[,，' ][0-9]{3}){1,7}+(?![0-9])|[0-9]++)(?:\.[0-9]++)?"
_START = re.compile(rf"[0-9hw几数上好半{CHINESE_NUMERAL[1:-1]}]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]++")
_CHAIN = re.compile(
    r"(?P<chain>[0-9]{1,5}(?:(?:-[0-9]{1,9}){2,5}+|(?:/[0-9]{1,5}){2,5}+|(?:\.[0-9]{1,5}){2,5}+)(?![0-9]))"
    r"|(?P<clock>[0-9]{1,2}(?::[0-5][0-9]){1,2}+(?![0-9.]))"
)
_CHAINED = frozenset("-/.:")
_ARABIC_NUMERAL = re.compile(
    rf"""
    (?P<number>{_ARABIC})
    (?:[ ]?(?P<infix>[多余来几])?(?:个(?=[万亿]))?(?P<scale>[{_SCALE}]++)(?!分[之点])
       (?P<more>(?:[ ]?[0-9]{{1,4}}(?:,[0-9]{{3}})?(?:\.[0-9]+)?(?:[{_SCALE}]++|(?![0-9年月日.,%:/-]))){{1,3}}+)?
    )?""",
    re.VERBOSE,
)
_VAGUE = re.compile(
    rf"(?:好?几|(?<![指人总次多少倍参函系代分岁户件常点张单双份位基奇偶无])数|(?<!以)上)(?:个(?=[万亿]))?(?=[{_SCALE}])[{_SCALE}]++"
)
_CHINESE = re.compile(
    rf"(?!一(?!{CHINESE_NUMERAL}|[倍半成码厘番折元美块吨桶%]|个(?:百分点|基点|点|亿|万亿)|分之|点[{_DIGIT}]|(?<=息.)次))"
    rf"{CHINESE_NUMERAL}++(?:点[{_DIGIT}]++[{_SCALE}]*+)?(?:[多余来几](?:个(?=[万亿]))?[{_SCALE}]++|几)?"
)
_USUAL_REACH = 100  # a longer row of numerals is looked through once only, not again for each 一一 in it
_HALF = re.compile(r"半(?=(?:个百分点|个基点|个点|码|厘|成)|数)|(?<=[过近逾超约])半(?=[数的,，。、;])")
_MIXED_PART = re.compile(rf"[ ]?([0-9,.]+)([{_SCALE}]*)")
_NUMERATOR = re.compile(rf"[ ]?(?:(?P<arabic>{_ARABIC})|(?P<chinese>{CHINESE_NUMERAL}++(?:点[{_DIGIT}]++)?))")
_ADVERBS_OF_ONE = ("下子", "下", "跃", "举", "直", "度", "路", "口气")
_LATIN_SCALE = re.compile(
    r"[ -]?(thousand|millions?|mln|mn|mil|billions?|bln|bn|trillions?|trn|tn|[kKmMbBtT])(?![A-Za-z])", re.IGNORECASE
)
_FRACTION = re.compile(r"([0-9]{1,3})/([0-9]{1,4})(?![0-9/年月日])")
_FRACTION_BEFORE = frozenset("的为是约近占到至于过达仅只了有出降升不低高即")


def find_figures(text: str) -> list[Figure]:
    """Return every number of a normalised text with its unit or the reason why it is no magnitude, in order, not overlapping."""
    words = load_unit_words()
    figures: list[Figure] = []
    add, search, readers = figures.append, _START.search, _READERS
    position = free_from = 0
    while (start := search(text, position)) is not None:
        position = start.start()
        figure = readers.get(text[position], _read_chinese)(text, position, words)
        if figure is None:
            position += 1
        else:
            if figure.start < free_from:  # the currency before it is the one after the number before
                figure.start = position
                figure.unit = None if figure.unit is None or figure.unit.kind == "currency_before" else figure.unit
            add(figure)
            position = free_from = max(figure.end, position + 1)
    return figures


def _read_address(text: str, position: int, words: UnitWords) -> Figure | None:  # noqa: ARG001 - one of the readers
    found = _ADDRESS.match(text, position)
    return Figure(position, found.end(), NO_NUMBER, reason="address") if found else None


def _name_chain(found: re.Match[str]) -> str:
    if found.lastgroup == "clock":
        return "time"
    parts = re.split(r"[-/.]", found.group())
    if len(parts) == 3 and any(len(part) == 4 and part[:2] in {"19", "20"} for part in (parts[0], parts[2])):
        return "date"
    return "code"


def _read_arabic(text: str, start: int, words: UnitWords) -> Figure | None:
    found = _ARABIC_NUMERAL.match(text, start)
    if found is None:
        return None
    number = found["number"]
    if (text[found.end("number") : found.end("number") + 1] in _CHAINED or "." in number) and (
        chain := _CHAIN.match(text, start)
    ):
        return Figure(start, chain.end(), NO_NUMBER, reason=_name_chain(chain))
    whole = True
    if "，" in number or " " in number:
        number, whole = _check_groups(number)
    digits = number if number.isdigit() else number.replace(",", "").replace("'", "")
    if len(digits) > MOST_DIGITS:
        return Figure(start, found.end(), NO_NUMBER, reason="code")
    if not whole:
        return attach_unit(text, Figure(start, start + len(number), make_numeral(digits, 0)), words)
    if found["scale"] is None:
        return _read_unscaled(text, start, found.end(), digits, words)
    exponent = sum_scales(found["scale"])
    figure = Figure(
        start, found.end("scale"), make_numeral(digits, exponent), scale=exponent, vague=found["infix"] == "几"
    )
    if found["more"]:
        _add_parts(figure, found)
    return attach_unit(text, figure, words)


def _read_unscaled(text: str, start: int, end: int, digits: str, words: UnitWords) -> Figure:
    """Read Arabic digits without 万 and the like: a plain number, part of a fraction, or before an English scale word."""
    if text.startswith("分之", end):
        return _read_fraction(text, start, end, make_numeral(digits, 0))
    if text.startswith("/", end) and (fraction := _FRACTION.match(text, start)):
        return _read_slash(text, fraction, words)
    figure = Figure(start, end, make_numeral(digits, 0))
    if latin := _LATIN_SCALE.match(text, end):
        _take_latin_scale(text, figure, latin, digits, words)
    return attach_unit(text, figure, words)


def _check_groups(number: str) -> tuple[str, bool]:
    """Tell whether full-width commas or spaces separate thousands; else return the first number only."""
    groups = re.split("[,， ]", number.partition(".")[0])
    if len(groups) > 2 or groups[1].startswith("0"):
        return number.replace("，", ",").replace(" ", ","), True
    return groups[0], False


def _take_latin_scale(text: str, figure: Figure, latin: re.Match[str], digits: str, words: UnitWords) -> None:
    """Take `billion`, and `bn` or `B` where money or a counted thing stands beside it (5B is a name, $5B an amount)."""
    word = latin[1]
    if len(word) == 1:
        start = figure.start - (text[figure.start - 1 : figure.start] == " ")
        after = latin.end() + (text[latin.end() : latin.end() + 1] == " ")
        beside = words.currencies_before.find_before(text, start) or words.after.find_after(text, after)
        if beside is None or beside[0].kind not in {"currency_before", "currency", "classifier"}:
            return
    exponent = find_latin_exponent(word) or 0
    figure.low, figure.scale, figure.end = make_numeral(digits, exponent), exponent, latin.end()


def _add_parts(figure: Figure, found: re.Match[str]) -> None:
    """Add what follows a first part: the 6000 of 41万7000, the 5000万 of 1亿5000万."""
    total, smallest = figure.low.mantissa * 10 ** max(figure.low.exponent, 0), figure.scale
    if figure.low.exponent < 0:
        return
    for part in _MIXED_PART.finditer(found["more"]):
        digits, scales = part[1].replace(",", ""), part[2]
        scale = sum_scales(scales)
        if scale >= smallest or not digits[0].isdigit() or digits.endswith(".") or digits.count(".") > 1:
            return
        if not scales and "." in digits:
            _add_decimals(figure, total, digits, found.start("more") + part.end())
            return
        if not scales and "." not in digits and len(digits) == 1 and smallest == 4:
            scale = 3  # 3万5 is 35,000
        added = make_numeral(digits, scale)
        if added.exponent < 0 or added.value >= 10**smallest:
            return
        total, smallest = total + added.mantissa * 10**added.exponent, min(scale, smallest)
        figure.end = found.start("more") + part.end()
        figure.low = make_numeral(str(total // 10**scale), scale)
        figure.scale = scale


def _add_decimals(figure: Figure, total: int, digits: str, end: int) -> None:
    """Add the 3958.47 of 2万3958.47."""
    last = make_numeral(digits, 0)
    if last.exponent < 0 and last.value < 10**figure.scale:
        mantissa = total * 10**-last.exponent + last.mantissa
        figure.low, figure.end, figure.scale = Numeral(mantissa, last.exponent, significant_zeros=False), end, 0


def _read_chinese(text: str, start: int, words: UnitWords) -> Figure | None:
    found = _CHINESE.match(text, start, start + _USUAL_REACH)
    if found is None:
        return None
    idiom = words.idioms.find_after(text, start)
    if idiom is not None and text[idiom[1] - 1 : idiom[1] + 1] == "分之":
        idiom = None
    if idiom is None and found.end() > start + _USUAL_REACH // 2:
        found = _CHINESE.match(text, start) or found
    written, end = found.group(), found.end()
    # With the scales between its digits (一万四千五百四十四亿…) a numeral is up to twice as long as its number.
    too_long = len(written) > MOST_DIGITS and (len(written) > 2 * MOST_DIGITS or not _SCALES.intersection(written))
    if idiom is not None or too_long:
        return Figure(start, idiom[1] if idiom else end, NO_NUMBER, reason="idiom" if idiom else "code")
    for place, char in enumerate(written):
        if char in INEXACT:
            return _read_inexact(text, found, place, words)
    mega = written[-1] == "兆" and _stands_before_physical(text, end, words)
    low, high = (parse_chinese(part, mega=mega) for part in split_pair(written) or (written, written))
    if low is None or high is None:
        return Figure(start, end, NO_NUMBER, reason="word")
    if text.startswith("分之", end):
        return _read_fraction(text, start, end, low)
    figure = Figure(start, end, low, high if high != low else None, scale=_find_scale(written))
    figure.vague = written.strip("百千万亿兆") == ""
    return attach_unit(text, figure, words)


def _read_inexact(text: str, found: re.Match[str], place: int, words: UnitWords) -> Figure:
    """Read 三十多亿 and 十几万: the part before 多, 余, 来 or 几 times the scale after it."""
    written = found.group()
    numeral = parse_chinese(written[:place])
    if numeral is None:
        return Figure(found.start(), found.end(), NO_NUMBER, reason="word")
    scale = sum_scales(written[place + 1 :].removeprefix("个"))
    low = Numeral(numeral.mantissa, numeral.exponent + scale, numeral.significant_zeros)
    figure = Figure(found.start(), found.end(), low, scale=scale + _find_scale(written[:place]))
    figure.vague = written[place] == "几" or written[:place].strip("百千万亿兆") == ""
    return attach_unit(text, figure, words)


def _find_scale(written: str) -> int:
    body = written.rstrip("万亿兆")
    return sum_scales(written[len(body) :])


def _read_vague(text: str, start: int, words: UnitWords) -> Figure | None:
    found = _VAGUE.match(text, start)
    if found is None:
        return None
    scales = found.group().lstrip("好几数上个")
    if text.startswith("分之", found.end()):
        start = found.end() - len(scales)
        return _read_fraction(text, start, found.end(), make_numeral("1", sum_scales(scales)))
    exponent = sum_scales(scales, mega=scales[-1] == "兆" and _stands_before_physical(text, found.end(), words))
    figure = Figure(found.start(), found.end(), make_numeral("1", exponent), scale=exponent, vague=True)
    return attach_unit(text, figure, words)


def _read_half(text: str, start: int, words: UnitWords) -> Figure | None:
    found = _HALF.match(text, start)
    if found is None:
        return None
    figure = Figure(found.start(), found.end(), make_numeral("0.5", 0))
    after = words.after.find_after(text, found.end())
    if after is not None and after[0].kind in {"percentage_point", "percent"}:
        return attach_unit(text, figure, words)
    figure.unit = RATIO
    figure.end += text.startswith("数", figure.end)
    return figure


def _read_fraction(text: str, start: int, end: int, denominator: Numeral) -> Figure:
    """Read 三分之二, 百分之七 and the like, from the 分之 at `end`."""
    found = _NUMERATOR.match(text, end + 2)
    if found is None:
        return Figure(start, end + 2, NO_NUMBER, reason="no_number")
    written = found.group().strip()
    if len(written) > 1 and written[-1] == "一" and text.startswith(_ADVERBS_OF_ONE, found.end()):
        written, end_of_number = written[:-1], found.end() - 1  # 百分之一一下子
    else:
        end_of_number = found.end()
    pair = None if found["arabic"] else split_pair(written)
    low, high = (_parse_any(part) for part in pair or (written, written))
    if low is None or high is None or denominator.mantissa == 0:
        return Figure(start, found.end(), NO_NUMBER, reason="no_number")
    figure = Figure(start, end_of_number, low, high if pair else None, unit=RATIO)
    if denominator.value == 100:
        figure.unit = PERCENT
    else:
        figure.denominator = denominator.value
        after = load_unit_words().after.find_after(text, end_of_number)
        if after is not None and after[0].kind == "percentage_point":
            figure.unit, figure.end = after  # 四分之一个百分点
    return attach_sign(text, figure)


def _parse_any(written: str) -> Numeral | None:
    if not written[0].isascii():
        return parse_chinese(written)
    digits = re.sub("[,，' ]", "", written)
    return make_numeral(digits, 0) if len(digits) <= MOST_DIGITS else None


def _read_slash(text: str, fraction: re.Match[str], words: UnitWords) -> Figure:
    """Read 1/8, where what stands beside it says that it is no date and no score."""
    above, below = int(fraction[1]), int(fraction[2])
    figure = Figure(
        fraction.start(), fraction.end(), make_numeral(fraction[1], 0), unit=RATIO, denominator=float(below or 1)
    )
    before = text[max(0, fraction.start() - 2) : fraction.start()].rstrip(" ")[-1:]
    after = text[fraction.end() : fraction.end() + 2].lstrip(" ")[:1]
    if 0 < above < below and (
        before in _FRACTION_BEFORE or after in {"的", "强", "弱", "以"} or text.startswith("左右", fraction.end())
    ):
        points = words.after.find_after(text, fraction.end() + (after == " "))
        if points is not None and points[0].kind == "percentage_point":
            figure.unit, figure.end = points[0], points[1]
        return figure
    figure.reason = "date" if above <= 12 and below <= 31 else "no_unit"
    return figure


def _stands_before_physical(text: str, position: int, words: UnitWords) -> bool:
    found = words.after.find_after(text, position)
    return found is not None and found[0].kind == "physical"


_READERS = {
    **dict.fromkeys("0123456789", _read_arabic),
    **dict.fromkeys("几数上好", _read_vague),
    **dict.fromkeys("hw", _read_address),
    "半": _read_half,
}
