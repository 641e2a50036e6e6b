import itertools
import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SeedError
from pipelines.reading.hedges import find_hedge
from pipelines.reading.modality import find_modality
from pipelines.reading.quantities import REASONS, find_quantities
from pipelines.reading.quantities.units import KINDS, convert_physical, load_unit_words, read_unit_words
from pipelines.reading.script import normalise

SENTENCES = [json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text("utf-8").splitlines()]
FIGURE_LIKE = st.lists(
    st.sampled_from(
        [
            "0",
            "1",
            "9",
            "12",
            "2025",
            "3.5",
            "1,000",
            ".",
            ",",
            "，",
            ":",
            "-",
            "/",
            "%",
            "$",
            "(",
            ")",
            "、",
            "和",
            "至",
            "到",
            "~",
            "一",
            "两",
            "十",
            "百",
            "千",
            "万",
            "亿",
            "兆",
            "点",
            "半",
            "成",
            "五",
            "几",
            "数",
            "上",
            "多",
            "余",
            "倍",
            "个",
            "元",
            "美元",
            "百分之",
            "分之",
            "个百分点",
            "基点",
            "码",
            "年",
            "月",
            "日",
            "第",
            "每",
            "约",
            "近",
            "超过",
            "以上",
            "人",
            "家",
            "瓦",
            "兆瓦",
            "US$",
            "bn",
            "billion",
            "x",
            "\n",
        ]
    ),
    max_size=40,
).map("".join)


def read_figures(text: str) -> list[tuple[str, float, float, str, str, str, bool]]:
    normalised = normalise(text)
    figures = []
    for quantity in find_quantities(text, normalised)[0]:
        start = max((normalised.rfind(mark, 0, quantity.start) for mark in "。！？\n"), default=-1) + 1
        ends = [place for mark in "。！？\n" if (place := normalised.find(mark, quantity.end)) >= 0]
        figures.append(
            (
                text[quantity.start : quantity.end],
                quantity.low,
                quantity.high,
                quantity.unit,
                find_hedge(normalised, quantity, text).bound,
                find_modality(normalised, (start, min(ends, default=len(text))), quantity),
                quantity.vague,
            )
        )
    return figures


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(
            sentence,
            id=f"{sentence['style']}-{number}",
            marks=[pytest.mark.xfail(reason=sentence["known_miss"])] if "known_miss" in sentence else [],
        )
        for number, sentence in enumerate(SENTENCES, start=1)
    ],
)
def test_sentence(sentence):
    found = read_figures(sentence["text"])
    wanted = [tuple(figure) for figure in sentence["figures"]]
    assert [figure[:1] + figure[3:] for figure in found] == [figure[:1] + figure[3:] for figure in wanted]
    for figure, other in zip(found, wanted, strict=True):
        assert math.isclose(figure[1], other[1], rel_tol=1e-9)
        assert math.isclose(figure[2], other[2], rel_tol=1e-9)


@given(st.one_of(st.text(st.characters(codec=None), max_size=80), FIGURE_LIKE))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_without_overlap_and_every_digit_is_accounted_for(text):
    quantities, rejected = find_quantities(text)
    spans = sorted(
        [(found.start, found.end) for found in quantities] + [(found.start, found.end) for found in rejected]
    )
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(place in covered for place, char in enumerate(normalise(text)) if char in "0123456789")
    assert all(found.low <= found.high and math.isfinite(found.high) for found in quantities)
    assert all(found.reason in REASONS for found in rejected)


@given(FIGURE_LIKE)
@settings(max_examples=200, deadline=None)
def test_hedge_and_modality_are_of_their_closed_lists_for_any_text(text):
    for figure in read_figures(text):
        assert figure[4] in {"eq", "approx", "below", "above", "range"}
        assert figure[5] in {"actual", "projection", "hypothetical"}


@given(
    st.integers(1, 10**7),
    st.sampled_from(["万", "亿", "万亿", "億", "萬億", "兆"]),
    st.sampled_from(["美元", "美金", "歐元", "元人民幣"]),
)
def test_amounts_of_money_go_there_and_back(number, scale, currency):
    factor = {"万": 1e4, "亿": 1e8, "億": 1e8, "万亿": 1e12, "萬億": 1e12, "兆": 1e12}[scale]
    unit = {"美元": "USD", "美金": "USD", "歐元": "EUR", "元人民幣": "CNY"}[currency]
    text = f"共計{number:,}{scale}{currency}。"
    (quantity,), _ = find_quantities(text)
    assert text[quantity.start : quantity.end] == f"{number:,}{scale}{currency}"
    assert math.isclose(quantity.low, number * factor, rel_tol=1e-12)
    assert (quantity.unit, quantity.unit_basis) == (unit, "stated")


@pytest.mark.parametrize(
    "unit", ["7", "1,111,", "1.", "1/", "一二", "万", "1万", "百分之", "5%", "1、", "http://", "第1", "1至"]
)
def test_time_grows_with_the_text_only(unit):
    def measure(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        find_quantities(text)
        return time.process_time() - start

    measure(1000)
    short, long = (min(measure(length) for _ in range(2)) for length in (8_000, 64_000))
    assert long < 40 * max(short, 0.002)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025年", "date"),
        ("2025-10-03", "date"),
        ("第三季", "ordinal"),
        ("16年", "duration"),
        ("十个交易日", "duration"),
        ("47岁", "age"),
        ("21:30", "time"),
        ("下午3点", "time"),
        ("第3次", "ordinal"),
        ("GPT-4o", "name"),
        ("标普500指数", "name"),
        ("3. 结论", "list_number"),
        ("（二）财政", "list_number"),
        ("[12]", "reference"),
        ("400-820-8820", "code"),
        ("192.168.1.1", "code"),
        ("https://a.example/1", "address"),
        ("每千人", "denominator"),
        ("两个问题", "own_points"),
        ("这三家", "back_reference"),
        ("七大巨头", "group"),
        ("三驾马车", "idiom"),
        ("报50.3。", "no_unit"),
        ("9" * 30, "code"),
    ],
)
def test_what_is_no_magnitude_is_rejected_with_its_reason(text, reason):
    quantities, rejected = find_quantities(text)
    assert quantities == []
    assert reason in {found.reason for found in rejected}


@pytest.mark.parametrize(
    ("text", "unit", "basis"),
    [
        ("赤字达1.8万亿，债务38万亿美元", "USD", "context"),
        ("售價31.5元，台股大漲", "TWD", "context"),
        ("成交2,300億元，港股上揚", "HKD", "context"),
        ("售价31.5元", "CNY", "context"),
        ("¥500，日本央行", "JPY", "context"),
        ("新增就业23万", "count", "stated"),
    ],
)
def test_what_the_text_leaves_out_comes_from_the_text_around(text, unit, basis):
    quantity = find_quantities(text)[0][0]
    assert (quantity.unit, quantity.unit_basis) == (unit, basis)


def test_a_mega_and_a_trillion_are_told_apart():
    (power, money), _ = find_quantities("500兆瓦，5兆美元")
    assert (power.low, power.unit, money.low, money.unit) == (5e8, "W", 5e12, "USD")


def test_stated_precision_goes_with_the_quantity():
    (debt, rate, vague), _ = find_quantities("38万亿美元，4.8%，几千亿美元")
    assert [found.half_width for found in (debt, rate, vague)] == [5e11, pytest.approx(0.05), None]


@pytest.mark.parametrize(
    ("text", "half_width"),
    [
        ("3至3.5万亿美元", 5e11),
        ("3.25%-4.5%", 0.05),
        ("0至4.25%", 0.005),
        ("1,000–1,550亿美元", 5e7),
        ("2,000至2,500人", 0.5),
    ],
)
def test_precision_of_a_range_is_that_of_its_less_precise_end(text, half_width):
    assert find_quantities(text)[0][0].half_width == pytest.approx(half_width)


def test_digits_left_out_of_one_end_of_a_range_are_those_of_the_other():
    assert find_quantities("4.75%至5%")[0][0].half_width == pytest.approx(0.005)


def test_a_change_is_told_from_a_level_where_the_words_before_say_so():
    (change, level, points), _ = find_quantities("增加了2万亿美元，至38万亿美元，降0.5个百分点")
    assert [found.role for found in (change, level, points)] == ["change", "level", "change"]


def test_every_physical_unit_is_known_to_pint():
    for word in read_unit_words():
        if word.kind == "physical":
            assert convert_physical(word)[0] > 0


def test_unit_words_are_loaded_once():
    assert load_unit_words() is load_unit_words()


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("美元,money,USD,1,", "is no kind"),
        (",currency,USD,1,", "no word"),
        ("美元,currency,USD,-1,", "no positive number"),
        ("瓦,physical,horse,watt,", "no base unit"),
        ("美元,currency,USD,1", "not five columns"),
        ("美元,currency,USD,1,\n美元,currency,USD,1,", "line 3: 美元 is there twice"),
    ],
)
def test_a_bad_units_file_names_line_and_cure(tmp_path, line, trouble):
    path = tmp_path / "units.csv"
    path.write_text(f"word,kind,unit,size,note\n{line}\n", "utf-8")
    with pytest.raises(SeedError, match=trouble):
        read_unit_words(path)


def test_the_kinds_are_described():
    assert all(KINDS.values())
