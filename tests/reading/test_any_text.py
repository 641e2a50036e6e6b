"""What must hold for every number and every text: numbers come back as written, offsets hold, long texts end soon."""

import math
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.reading.articles import describe_article
from pipelines.reading.claims import Reading, find_claims
from pipelines.reading.periods.dates import _EXPRESSION, _find_expressions
from pipelines.reading.quantities import Quantity, find_quantities
from tests.reading.test_numerals import FORMAL, write_chinese

AMOUNTS = st.one_of(st.integers(2, 10**16 - 1), st.builds(lambda lead, zeros: lead * 10**zeros, st.integers(2, 9999), st.integers(0, 12)))  # fmt: skip
FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
# Characters that offsets are easily lost with: beyond the first plane, alone in a pair, of no width, turned into two when lowered,
# combining, full width, line ends of all kinds.
HARD = "\ud83d\udc00🙂𠀀\u200b\u200d\ufeffİŉßﬁé\u0301\u20dd\ufe0f\u3000\xa0\r\n\r\n\x0b\x0c\x1c\x85\u2028\u2029\u202e½²①〇Ⅳ㎡％＄"
# Pieces whose numbers are read, without a word that would make furniture of their line.
FIGURES = ("失业率为４.３％", "国债达三十八万亿美元", "新增就业23.6万人", "約６０００億美元", "GDP增长百分之二点八")


def read(text: str) -> Reading:
    return find_claims(describe_article(text, article_id="any"))


def find_only(written: str) -> Quantity:
    text = f"总额为{written}。"
    (quantity,), _ = find_quantities(text)
    assert text[quantity.start : quantity.end] == written
    return quantity


@given(AMOUNTS)
def test_arabic_numbers_with_and_without_commas_come_back(number):
    for written in (f"{number}美元", f"{number:,}美元", f"{number}美元".translate(FULL_WIDTH), f"${number:,}"):
        assert find_only(written).low == float(number)


@given(AMOUNTS)
def test_numbers_with_a_scale_and_decimals_come_back(number):
    for scale, names in ((4, "万萬"), (8, "亿億"), (12, "兆")):
        whole, rest = divmod(number, 10**scale)
        decimals = f".{rest:0{scale}d}".rstrip("0").rstrip(".")
        for name in names:
            assert math.isclose(find_only(f"{whole}{decimals}{name}美元").low, number, rel_tol=1e-14)


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(0, 9999))
def test_numbers_in_several_parts_come_back(hundred_millions, ten_thousands, ones):
    number = hundred_millions * 10**8 + ten_thousands * 10**4
    assert find_only(f"{hundred_millions}亿{ten_thousands}万美元").low == float(number)
    if ones >= 1000:
        assert find_only(f"{ten_thousands}万{ones}人").low == ten_thousands * 10**4 + ones


@given(AMOUNTS)
def test_chinese_and_formal_numerals_come_back(number):
    written = write_chinese(number)
    for form in (written, written.translate(FORMAL), written.replace("万", "萬").replace("亿", "億")):
        assert find_only(f"{form}美元").low == float(number)


@given(st.integers(0, 99), st.integers(0, 99))
def test_percentages_come_back_in_all_their_forms(whole, hundredths):
    value = whole + hundredths / 100
    digits = "".join("零一二三四五六七八九"[int(digit)] for digit in f"{hundredths:02d}")
    for written in (f"{whole}.{hundredths:02d}%", f"{whole}.{hundredths:02d}％", f"百分之{whole}.{hundredths:02d}", f"百分之{write_chinese(whole)}点{digits}"):  # fmt: skip
        quantity = find_only(written)
        assert quantity.unit == "percent"
        assert math.isclose(quantity.low, value, abs_tol=1e-12)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec=None), max_size=200))
@example("\ud800３％\udfff")
@example("e\u0301" * 30 + "5%\r\n\r\n6%")
def test_offsets_hold_in_any_unicode(text):
    reading = read(text)
    for claim in reading.claims:
        assert text[claim.quote_start : claim.quote_end] == claim.quote
        assert claim.sentence in text
    for passage in reading.rejected_passages:
        assert text[passage.passage_start : passage.passage_end] == passage.passage


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.text(HARD, max_size=12), st.sampled_from(FIGURES)), min_size=1, max_size=8))
def test_figures_are_found_at_their_place_among_characters_that_shift_offsets(parts):
    text = "".join(f"{before}，{figure}，" for before, figure in parts)
    reading = read(text)
    place = 0
    for before, figure in parts:
        start = place + len(before) + 1
        place = start + len(figure) + 1
        assert any(start <= claim.quote_start and claim.quote_end == start + len(figure) for claim in reading.claims)


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.sampled_from(
            "年月日季初底末中上下前后个第今去本一二三两十几数1290.-/~至到以来近最过在这其从此任期世纪周天财度同FYQHmayjncovdep 的明次新头首那现目曾历未已"
        ),
        max_size=30,
    )
)
@example("0周前")
@example("两天前")
@example("1和二月")
@example("一及十月")
def test_expressions_of_time_are_found_as_if_tried_at_every_character(text):
    tried = [match.span() for match in _EXPRESSION.finditer(text) if match.end() > match.start()]
    assert [match.span() for match in _find_expressions(text, 0, len(text))] == tried


@pytest.mark.parametrize("unit", ["7", "一", "１", "12,", "3.", "5 ", "万", "(", "百分之"])
def test_ten_times_the_text_takes_no_more_than_some_ten_times_as_long(unit):
    def measure(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        read(text)
        return time.process_time() - start

    measure(1_000)
    assert measure(50_000) < 3 * 10 * max(measure(5_000), 0.01)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["7", "１", "一"])
def test_ten_megabytes_of_digits_end_in_seconds(unit):
    text = unit * (10_000_000 // len(unit.encode()))
    start = time.process_time()
    reading = read(text)
    assert time.process_time() - start < 60
    covered = sum(passage.passage_end - passage.passage_start for passage in reading.rejected_passages)
    assert covered >= len(text) - 1  # a last 一 alone is an article
