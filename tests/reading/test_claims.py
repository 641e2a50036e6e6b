import csv
import io
import json
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.places import SEEDS
from pipelines.reading.articles import Article, GivenDetails, describe_article, list_article_files, read_article
from pipelines.reading.claims import Claim, find_claims, to_json_line

TABLE = Path(__file__).with_name("linked_sentences.csv")
ROWS = [tuple(row) for row in csv.reader(io.StringIO(TABLE.read_text(encoding="utf-8"), newline=""))][1:]
PIECES = st.sampled_from(
    ["美国", "3月", "2024年", "CPI", "同比", "上涨", "3.5%", "，", "。", "38万亿美元", "联邦债务", "占GDP的", "百分之百", "据", "财政部", "表示",
     "从", "降至", "\r\n", "\n", "|", "![](", "<p>", "&nbsp;", "　", "\ud800", "é", "🙂", "(", ")", "《", "》", "1,234", "分别为", "、", "去年同期", "。\n\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


def describe(text: str, day: date | None = date(2025, 6, 30)) -> Article:
    return describe_article(text, article_id="example", given=GivenDetails(published_on=day))


def read(text: str, quote: str, day: date | None = date(2025, 6, 30)) -> Claim:
    return next(claim for claim in find_claims(describe(text, day)).claims if claim.quote == quote)


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row[1]}" for number, row in enumerate(ROWS)])
def test_sentence_is_linked_dated_and_attributed(row):
    written_on, quote, metric, start, end, speaker, text = row
    claim = read(text, quote, date.fromisoformat(written_on))
    assert (claim.metric or "") == metric
    assert (claim.attributed_to or "") == speaker
    if start or claim.period_basis != "article_date":
        assert (str(claim.period_start or ""), str(claim.period_end or "")) == (start, end)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_read_and_every_offset_holds(text):
    reading = find_claims(describe(text))
    for claim in reading.claims:
        assert text[claim.quote_start : claim.quote_end] == claim.quote
        assert claim.quote in claim.sentence
    for passage in reading.rejected_passages:
        assert text[passage.passage_start : passage.passage_end] == passage.passage


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_ascii_digit_vanishes(text):
    reading = find_claims(describe(text))
    spans = [(claim.quote_start, claim.quote_end) for claim in reading.claims]
    spans += [(passage.passage_start, passage.passage_end) for passage in reading.rejected_passages]
    for place, char in enumerate(text):
        if char in "0123456789":
            assert any(start <= place < end for start, end in spans)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_claim_ids_are_unique_and_stable(text):
    first, again = (find_claims(describe(text)).claims for _ in range(2))
    assert first == again
    assert len({claim.claim_id for claim in first}) == len(first)


def test_claim_id_survives_changes_elsewhere():
    text = "美国3月失业率为3.5%。"
    alone = read(text, "3.5%")
    later = read("一段新加的话，与此无关。\n" + text, "3.5%")
    assert alone.claim_id == later.claim_id
    assert alone.quote_start != later.quote_start


def test_same_sentence_twice_gives_two_ids():
    claims = find_claims(describe("美国3月失业率为3.5%。\n美国3月失业率为3.5%。")).claims
    assert len({claim.claim_id for claim in claims}) == 2


def test_numbers_in_furniture_are_rejected_as_such():
    reading = find_claims(describe("美国失业率为4.1%。\n相关文章\n某公司营收100亿美元的秘密...\n2025-06-30 12"))
    assert [claim.quote for claim in reading.claims] == ["4.1%"]
    assert {"100"} <= {passage.passage for passage in reading.rejected_passages if passage.reason == "furniture"}


def test_past_period_is_actual_whatever_will_a_translation_put_in():
    assert read("2024年，美国GDP将增长2.8%。", "2.8%").modality == "actual"


def test_expectation_of_a_past_month_stays_a_projection():
    assert read("美国5月CPI同比上涨2.4%，低于市场预期的2.5%。", "2.5%").modality == "projection"


@pytest.mark.parametrize(
    "text",
    [
        "亚特兰大联储GDPNow模型预计2024年第四季度美国GDP增长5.1%。",
        "模型预测显示，2024年第四季度美国GDP增长5.1%。",
        "高盛料2024年第四季度美国GDP增长5.1%。",
    ],
)
def test_forecast_of_a_past_quarter_stays_a_projection(text):
    assert read(text, "5.1%").modality == "projection"


def test_heading_takes_the_date_of_its_body():
    claim = read("## 美国失业率升至4.3%\n\n美国劳工部公布，7月失业率升至4.3%。", "4.3%", date(2024, 8, 2))
    assert (claim.period_start, claim.period_end) == (date(2024, 7, 1), date(2024, 7, 31))


def test_plain_present_falls_back_on_the_articles_day_and_says_so():
    claim = read("美国国债总额高达36万亿美元。", "36万亿美元")
    assert (claim.period_start, claim.period_basis) == (date(2025, 6, 30), "article_date")


def test_nothing_is_dated_by_an_unknown_day():
    claim = read("美国国债总额高达36万亿美元。", "36万亿美元", None)
    assert (claim.period_start, claim.period_basis) == (None, None)


def test_json_line_begins_with_the_names_of_hand_labels():
    line = json.loads(to_json_line(read("美国国债总额高达36万亿美元。", "36万亿美元")))
    names = "article quote start end low high unit bound modality vague metric period_start period_end attributed_to"
    assert list(line)[:14] == names.split()
    assert line["low"] == 36e12


def test_every_seed_article_is_read_and_its_offsets_hold():
    for path in list_article_files(SEEDS / "articles"):
        article = read_article(path)
        for claim in find_claims(article).claims:
            assert article.text[claim.quote_start : claim.quote_end] == claim.quote


def test_long_text_takes_linear_time():
    def measure(times: int) -> float:
        article = describe("美国3月CPI上涨3.5%，失业率为4.1%，" * times)
        begun = perf_counter()
        find_claims(article)
        return perf_counter() - begun

    measure(50)
    assert measure(1600) < 4 * 4 * max(measure(400), 0.01)


@pytest.mark.parametrize(
    "piece",
    [
        "1234567890",
        "3.5%，",
        (" " * 5000) + "1",
        "![](",
        "((",
        "<",
        "|1|\n",
        "占GDP的百分之",
        "2025年",
        "一二三",
        "据",
        "，",
    ],
)
def test_no_pile_of_anything_takes_more_than_seconds(piece):
    article_text = piece * (40_000 // len(piece))
    begun = perf_counter()
    find_claims(describe(article_text))
    assert perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("估计2026年美国联邦赤字为2万亿美元。", "projection"),
        ("機構估計，到2030年淨利息支出為1.5萬億美元。", "projection"),
        ("据测算，明年利息支出为1.2万亿美元。", "projection"),
        ("估计美国联邦债务为38万亿美元。", "actual"),
        ("估计2024年美国联邦赤字为1.8万亿美元。", "actual"),
        ("2026年社保税率为12.4%。", "actual"),
    ],
)
def test_estimate_of_a_time_to_come_is_a_projection(text, modality):
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date(2025, 11, 20)))
    assert [claim.modality for claim in find_claims(article).claims if claim.kind == "quantity"] == [modality]
