import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.quantities.numerals import make_numeral, parse_chinese, split_pair, sum_scales

FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def write_chinese(number: int) -> str:
    """Write a whole number from 0 to under 10**16 as a Chinese numeral with 万 and 亿."""
    if number == 0:
        return "零"
    written, zero = "", False
    for scale, name in ((10**12, "万"), (10**8, "亿"), (10**4, "万"), (1, "")):
        section = number // scale % 10**4
        if section == 0:
            zero = zero or bool(written)
            if scale == 10**8 and written:
                written, zero = written + "亿", False
            continue
        if written and (zero or section < 1000):
            written += "零"
        written += write_section(section) + name
        zero = False
    return written


def write_section(section: int) -> str:
    written, zero = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = section // scale % 10
        if digit:
            written += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif written:
            zero = True
    return written


@given(st.integers(0, 10**16 - 1))
def test_chinese_numerals_go_there_and_back(number):
    numeral = parse_chinese(write_chinese(number))
    assert numeral is not None
    assert numeral.mantissa * 10**numeral.exponent == number


@given(st.integers(1, 10**16 - 1))
def test_formal_numerals_say_the_same(number):
    assert parse_chinese(write_chinese(number).translate(FORMAL)) == parse_chinese(write_chinese(number))


@given(st.integers(0, 9999), st.integers(0, 99), st.sampled_from(["", "万", "亿", "万亿", "兆"]))
def test_chinese_decimals_go_there_and_back(whole, hundredths, scale):
    digits = "".join("零一二三四五六七八九"[int(digit)] for digit in f"{hundredths:02d}")
    numeral = parse_chinese(f"{write_chinese(whole)}点{digits}{scale}")
    assert numeral is not None
    assert numeral.mantissa == whole * 100 + hundredths
    assert numeral.exponent == sum_scales(scale) - 2


@given(st.text("零〇一二三四五六七八九两十百千万亿兆点壹廿", max_size=20))
def test_no_row_of_numerals_raises(written):
    parse_chinese(written)
    split_pair(written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三十八万亿", 38e12),
        ("三万五千亿", 3.5e12),
        ("六亿五千万", 6.5e8),
        ("一兆二千亿", 1.2e12),
        ("一点五万亿", 1.5e12),
        ("二〇二五", 2025),
        ("一九九八", 1998),
        ("一万八", 18000),
        ("两千三", 2300),
        ("三百五", 350),
        ("一万零八", 10008),
        ("两万五千", 25000),
        ("廿五", 25),
        ("卅", 30),
        ("十", 10),
        ("壹佰贰拾叁亿", 123e8),
        ("百万", 1e6),
        ("万亿", 1e12),
    ],
)
def test_parse_chinese(written, value):
    numeral = parse_chinese(written)
    assert numeral is not None
    assert numeral.value == value


def test_a_mega_before_a_physical_unit_is_a_million():
    numeral = parse_chinese("五百兆", mega=True)
    assert numeral is not None
    assert numeral.value == 5e8


@pytest.mark.parametrize("written", ["", "点五", "三点", "一二三万"])
def test_what_is_no_numeral_gives_none(written):
    assert parse_chinese(written) is None


@pytest.mark.parametrize(
    ("digits", "exponent", "half_width", "rounded"),
    [
        ("38", 12, 5e11, False),
        ("4.8", 0, 0.05, False),
        ("1", 12, 5e11, True),
        ("100", 0, 0.5, True),
        ("3500", 8, 5e7, True),
        ("4.0", 0, 0.05, True),
        ("5.50", 0, 0.005, False),
        ("236000", 0, 0.5, True),
    ],
)
def test_stated_precision(digits, exponent, half_width, rounded):
    numeral = make_numeral(digits, exponent)
    assert numeral.half_width == pytest.approx(half_width)
    assert numeral.significant_zeros is rounded


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("三四百亿", ("三百亿", "四百亿")),
        ("十五六", ("十五", "十六")),
        ("两三", ("两", "三")),
        ("七八", ("七", "八")),
        ("三五", ("三", "五")),
        ("二〇二五", None),
        ("三百", None),
        ("二五", None),
    ],
)
def test_split_pair(written, ends):
    assert split_pair(written) == ends
