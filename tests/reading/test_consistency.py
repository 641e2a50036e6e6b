from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SeedError
from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims
from pipelines.reading.consistency import read_magnitudes

PIECES = st.sampled_from(
    ["总额", "100亿美元", "5万美元", "3亿美元", "市值", "突破", "其中", "包括", "、", "，", "。", "和", "美国", "联邦债务", "为", "2024年", "失业率",
     "4.1%", "9.8%", "国债", "3.6万美元", "\r\n", "全球GDP", "零", "-5%"]
)  # fmt: skip


def read(text: str) -> list[Claim]:
    details = GivenDetails(published_on=date(2025, 6, 30))
    return list(find_claims(describe_article(text, article_id="example", given=details)).claims)


def list_marked(text: str) -> list[str]:
    return [claim.quote for claim in read(text) if claim.inconsistency]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("苹果公司的市值首次突破3万美元。", ["3万美元"]),
        ("這家晶片巨頭的總市值已超過4萬美元，創下紀錄。", ["4萬美元"]),
        ("全球GDP约为100亿美元。", ["100亿美元"]),
        ("全球人口已达80万人。", ["80万人"]),
        ("截至去年底，美国国债总额达到36亿美元。", ["36亿美元"]),
        ("这笔预算总额100亿美元，其中国防80亿美元、教育60亿美元。", ["100亿美元", "80亿美元", "60亿美元"]),
        ("全国共有300座電廠，其中包括400座燃氣電廠。", ["300座電廠", "400座"]),
        ("2024年美国失业率为4.1%。\n换到结尾，2024年美国失业率为9.8%。", ["4.1%", "9.8%"]),
        ("2023年10月，美国职位空缺为873万个。到了文末，2023年10月美国职位空缺是1240万个。", ["873万个", "1240万个"]),
    ],
)
def test_what_does_not_fit_is_marked(text, quotes):
    assert list_marked(text) == quotes


@pytest.mark.parametrize(
    "text",
    [
        "苹果公司的市值首次突破3万亿美元。",
        "每位股东持有的市值约5万美元。",
        "该公司市值蒸发了5万美元。",
        "美国国债总额达到36万亿美元。",
        "总额100亿美元，其中国防60亿美元、教育40亿美元。",
        "总额100亿美元，其中国防60亿美元，去年为70亿美元。",
        "总额100亿美元，比去年增加20亿美元，其中国防增加30亿美元。",
        "营收100亿美元，净利120亿美元。",
        "2024年5月美国失业率为4.1%，6月为4.3%。",
        "2024年美国失业率为4.1%，而2023年为3.6%。",
        "美国5月CPI环比上涨0.1%，同比上涨2.4%。",
        "美国4月非农就业人数由17.7万下修至14.7万。",
        "据甲机构，2024年美国失业率为4.1%。据乙机构，2024年美国失业率为5.9%。",
        "标普500指数6月2日开盘5900点，收盘6100点。",
        "美国失业率预计2026年为4.5%。美国失业率可能在2026年为6%。",
        "美國預算9000億美元，其中包括社安金約9000億美元。",
    ],
)
def test_what_fits_or_may_fit_is_left_alone(text):
    assert list_marked(text) == []


def test_mark_tells_the_arithmetic_and_keeps_the_value():
    (claim,) = read("苹果公司的市值首次突破3万美元。")
    assert claim.value_low == 30_000
    assert claim.inconsistency is not None
    assert "30,000 USD" in claim.inconsistency
    assert "1,000,000" in claim.inconsistency


def test_parts_are_summed():
    claims = read("这笔预算总额100亿美元，其中国防80亿美元、教育60亿美元。")
    assert {claim.inconsistency for claim in claims} == {
        "parts 8,000,000,000 + 6,000,000,000 = 14,000,000,000 exceed the whole 10,000,000,000 USD"
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read(text):
    for claim in read(text):
        assert claim.inconsistency is None or claim.kind == "quantity"


def test_bounds_without_order_are_refused(tmp_path, monkeypatch):
    written = '[[thing]]\nname = "x"\nwords = ["市值"]\nunit = "USD"\nlowest = 5\nhighest = 1\n'
    (tmp_path / "magnitudes.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr("pipelines.reading.words.SEEDS", tmp_path)
    read_magnitudes.cache_clear()
    with pytest.raises(SeedError, match="has no bounds"):
        read_magnitudes()
    read_magnitudes.cache_clear()
