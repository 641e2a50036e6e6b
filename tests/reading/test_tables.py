from datetime import date
from time import process_time

import pytest

from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims


def read(text: str) -> dict[str, Claim]:
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date(2025, 11, 20)))
    reading = find_claims(article)
    for claim in reading.claims:
        assert text[claim.quote_start : claim.quote_end] == claim.quote
    places = [(claim.quote_start, claim.quote_end) for claim in reading.claims]
    places += [(passage.passage_start, passage.passage_end) for passage in reading.rejected_passages]
    assert len(set(places)) == len(places)
    return {claim.quote: claim for claim in reading.claims}


COLUMNS = """
| 年份 | 美国失业率（%） | 国债总额（萬億美元） |
|---|---|---|
| 2023 | 3.6 | 33.2 |
| 2024 | 4.0 | 35.5 |
"""
TABS = "年份\t美国失业率(%)\t国债总额(万亿美元)\n2023\t3.6\t33.2\n2024\t4.0\t35.5\n"
ROWS = (
    "美国财政：\n\n| 指标（单位：万亿美元） | 2023财年 | 2024财年 |\n| --- | --- | --- |\n| 联邦赤字 | 1.70 | 1.83 |\n"
)
PAGE = (
    "<html><body><table><tr><th>年份</th><th>美国失业率(%)</th></tr>"
    "<tr><td>2023</td><td><b>3.6</b></td></tr><tr><td>2024</td><td>4.0</td></tr></table></body></html>"
)
ABOVE = "单位：%\n| 月份 | 美国失业率 |\n|---|---|\n| 2025-08 | 4.3 |\n| 2025-09 | 4.4 |\n"
OWN_UNITS = "| 月份 | 美国失业率 |\n|---|---|\n| 2025-08 | 4.3% |\n| 2025-09 | 4.4% |\n"
UNIT_ROW = "| 期限 | 美债收益率 |\n|---|---|\n| | % |\n| 3M | 3.90 |\n| 10Y | 4.10 |\n"
INDICES = "| 指标 | 最新 | 预期 |\n|---|---|---|\n| ISM制造业PMI（10月） | 48.7 | 49.5 |\n"


@pytest.mark.parametrize(
    ("table", "quote", "expected", "days"),
    [
        (COLUMNS, "3.6", (3.6, "percent", "unemployment_rate"), (date(2023, 1, 1), date(2023, 12, 31))),
        (COLUMNS, "35.5", (35.5e12, "USD", "federal_debt"), (date(2024, 1, 1), date(2024, 12, 31))),
        (TABS, "33.2", (33.2e12, "USD", "federal_debt"), (date(2023, 1, 1), date(2023, 12, 31))),
        (ROWS, "1.83", (1.83e12, "USD", "federal_deficit"), (date(2023, 10, 1), date(2024, 9, 30))),
        (PAGE, "4.0", (4.0, "percent", "unemployment_rate"), (date(2024, 1, 1), date(2024, 12, 31))),
        (ABOVE, "4.3", (4.3, "percent", "unemployment_rate"), (date(2025, 8, 1), date(2025, 8, 31))),
        (OWN_UNITS, "4.4%", (4.4, "percent", "unemployment_rate"), (date(2025, 9, 1), date(2025, 9, 30))),
        (UNIT_ROW, "4.10", (4.1, "percent", "treasury_yield_10y"), (date(2025, 11, 20), date(2025, 11, 20))),
        (INDICES, "48.7", (48.7, "index", None), (date(2025, 10, 1), date(2025, 10, 31))),
    ],
)
def test_cell_under_a_head_with_unit(table, quote, expected, days):
    claim = read(table)[quote]
    assert (claim.value_low, claim.unit, claim.metric) == expected
    assert (claim.period_start, claim.period_end) == days


def test_sentence_of_a_cell_is_made_of_its_heads():
    assert read(COLUMNS)["4.0"].sentence == "2024年美国失业率为4.0%。"


@pytest.mark.parametrize(
    "table",
    [
        "| 名次 | 得分 |\n|---|---|\n| 甲 | 3.6 |\n| 乙 | 4.0 |\n",
        "| 项目 | 失业人数（同比） |\n|---|---|\n| 2023 | 3.6 |\n",
        "| 等级 | 收益率(%) |\n|---|---|\n| 甲3 | 3.6 |\n",
        "失业率(%) | 3.6\n",
    ],
)
def test_cell_without_a_unit_or_with_a_head_that_cannot_be_read_is_no_claim(table):
    assert read(table) == {}


def test_cell_with_a_unit_of_its_own_keeps_it():
    claims = read("| 年份 | 债务（亿美元） |\n|---|---|\n| 2024 | 35.5万亿美元 |\n")
    assert [(claim.quote, claim.value_low) for claim in claims.values()] == [("35.5万亿美元", 35.5e12)]


def test_text_around_a_table_is_read_as_before():
    claims = read("美国失业率为4.1%。\n" + COLUMNS + "\n美国10月CPI同比上涨3.0%。")
    assert claims["4.1%"].metric == "unemployment_rate"
    assert claims["3.0%"].metric == "cpi_inflation"


def test_time_grows_with_the_number_of_tables_only():
    def measure(count: int) -> float:
        start = process_time()
        find_claims(describe_article(COLUMNS * count, article_id="x"))
        return process_time() - start

    measure(10)
    assert measure(400) < 3 * 10 * max(measure(40), 0.01)
