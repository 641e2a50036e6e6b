"""Numbers as written, Arabic, Chinese and mixed, to exact decimal values."""

import re
from typing import NamedTuple

SCALES = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3, "万": 4, "亿": 8, "兆": 12}
_BIG = "万亿兆"
_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0, "两": 2, "廿": 20, "卅": 30, "卌": 40, "参": 3,
}  # fmt: skip
MOST_DIGITS = 24  # a longer run of digits is a code, whatever stands after it
_LATIN_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "millions": 6, "mln": 6, "mn": 6, "mil": 6, "m": 6, "mm": 6,
    "billion": 9, "billions": 9, "bln": 9, "bn": 9, "b": 9, "trillion": 12, "trillions": 12, "trn": 12, "tn": 12, "tr": 12, "t": 12,
}  # fmt: skip
_CHINESE_DIGIT = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
CHINESE_NUMERAL = f"[{_CHINESE_DIGIT}廿卅卌十拾百佰千仟万亿兆]"
_PAIR = re.compile(
    "(?<![零〇一二三四五六七八九])(?:一[二两]|[二两]三|三四|三五|四五|五六|六七|七八|八九)(?![零〇一二三四五六七八九])"
)


class Numeral(NamedTuple):
    """A number as written.

    Attributes:
        mantissa: all digits as one integer; 1.50 is 150.
        exponent: of ten, scale included; 1.50亿 is 150 and 6.
        significant_zeros: reads as rounded: one significant digit, or a zero at the end of a whole number before its scale.
    """

    mantissa: int
    exponent: int
    significant_zeros: bool

    @property
    def value(self) -> float:
        """The number's value, correctly rounded."""
        return scale_by_ten(self.mantissa, self.exponent)

    @property
    def half_width(self) -> float:
        """Half a unit of the last written digit."""
        return scale_by_ten(5, self.exponent - 1)


def scale_by_ten(mantissa: int, exponent: int) -> float:
    """Return mantissa × 10**exponent, correctly rounded."""
    return float(mantissa * 10**exponent) if exponent >= 0 else mantissa / 10**-exponent


def make_numeral(digits: str, exponent: int) -> Numeral:
    """Return the number that Arabic digits write.

    Args:
        digits: ASCII digits with at most one point, separators of thousands taken out.
        exponent: of the scale words after them; 万 is 4.
    """
    whole, point, fraction = digits.partition(".")
    written = whole + fraction
    rounded = len(written.strip("0")) <= 1 or (not point and written[-1] == "0")
    return Numeral(int(written), exponent - len(fraction), rounded)


def find_latin_exponent(word: str) -> int | None:
    """Return the power of ten that an English scale word or letter stands for, in any case; None if it is none."""
    return _LATIN_SCALES.get(word.lower())


def sum_scales(scales: str, *, mega: bool = False) -> int:
    """Return the power of ten of scale words in a row (万亿 is 12).

    Args:
        scales: Only characters of `SCALES`.
        mega: Whether a 兆 at the end is mega, as before a physical unit.
    """
    exponent = sum(SCALES[scale] for scale in scales)
    return exponent - 6 if mega and scales.endswith("兆") else exponent


def parse_chinese(written: str, *, mega: bool = False) -> Numeral | None:
    """Return the number that a Chinese numeral writes.

    Args:
        written: Simplified numeral without vague parts: 三十八万亿, 一点五万亿, 二〇二五, 一万八, 壹佰贰拾.
        mega: Whether a 兆 at the end is mega.

    Returns:
        None if it is no numeral.
    """
    if not written:
        return None
    whole, point, after = written.partition("点")
    if point:
        return _parse_decimal(whole, after, mega=mega)
    if not whole.strip(_CHINESE_DIGIT):
        return make_numeral("".join(str(_DIGITS[char]) for char in whole), 0)
    return _parse_sections(whole, mega=mega)


def _parse_sections(whole: str, *, mega: bool) -> Numeral | None:
    body = whole.rstrip(_BIG)
    trailing = whole[len(body) :]
    exponent = sum_scales(trailing, mega=mega)
    if not body:
        return make_numeral("1", exponent)
    if trailing and max((SCALES[char] for char in body if char in _BIG), default=0) >= SCALES[trailing[0]]:
        coefficient = _add_sections(whole)  # 六亿五千万: the scale at the end belongs to its own section only
        return None if coefficient is None else make_numeral(str(coefficient[0] // 10**exponent), exponent)
    coefficient = _add_sections(body)
    if coefficient is None:
        return None
    amount, cut = coefficient
    return make_numeral(str(amount), exponent + cut)


def _parse_decimal(whole: str, after: str, *, mega: bool) -> Numeral | None:
    digits = after.rstrip("".join(SCALES))
    exponent = sum_scales(after[len(digits) :], mega=mega)
    before = parse_chinese(whole)
    if before is None or not digits or any(char not in _CHINESE_DIGIT for char in digits):
        return None
    units = before.mantissa * 10**before.exponent
    return make_numeral(f"{units}." + "".join(str(_DIGITS[char]) for char in digits), exponent)


def _add_sections(body: str) -> tuple[int, int] | None:
    """Return the value of a numeral as (amount, power of ten): 一万八 is 18 and 3, 三百五十 is 350 and 0."""
    total, section, digit, last_big = 0, 0, 0, 10**20
    pending = False  # a digit was read that no scale has taken up
    last_scale, after_zero = 1, False
    for char in body:
        value = _DIGITS.get(char)
        if value is not None:
            if pending and digit:
                return None
            digit, pending = value, value != 0 or digit != 0
            if value >= 20:
                section, digit, pending, last_scale = section + value, 0, False, 10
            after_zero = after_zero or value == 0
            continue
        scale = 10 ** SCALES[char]
        if char in _BIG:
            amount = section + digit
            if scale > last_big:
                total = (total + amount) * scale
            else:
                total += (amount or (1 if not total else 0)) * scale
            section, last_big = 0, scale
        else:
            section += (digit if pending else 1) * scale
        digit, pending, after_zero, last_scale = 0, False, False, scale
    total += section
    if pending and not after_zero and last_scale >= 100:
        step = last_scale // 10  # 一万八 is 18,000
        return (total + digit * step) // step, len(str(step)) - 1
    return total + digit, 0


def split_pair(written: str) -> tuple[str, str] | None:
    """Return both ends of an approximate pair: 三四百亿 gives 三百亿 and 四百亿, 十五六 gives 十五 and 十六; else None."""
    if not 2 <= len(written) <= 16:
        return None
    found = _PAIR.search(written)
    if found is None or (found.start() and written[found.start() - 1] == "点"):
        return None
    before, pair, after = written[: found.start()], found.group(), written[found.end() :]
    return before + pair[0] + after, before + pair[1] + after
