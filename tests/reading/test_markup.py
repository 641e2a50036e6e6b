from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Reading, find_claims


def read(body: str) -> Reading:
    page = f"<html><body>{body}</body></html>"
    given = GivenDetails(published_on=date(2025, 11, 20))
    reading = find_claims(describe_article(page, article_id="x", given=given))
    for claim in reading.claims:
        assert page[claim.quote_start : claim.quote_end] == claim.quote
    for passage in reading.rejected_passages:
        assert page[passage.passage_start : passage.passage_end] == passage.passage
    return reading


@pytest.mark.parametrize(
    ("body", "quote", "value", "unit"),
    [
        ("<p>美国失业率升至4.<b>5</b>%。</p>", "4.<b>5</b>%", 4.5, "percent"),
        ("<p>国债达<span class='x'>38</span>.1万亿<i>美元</i>。</p>", "38</span>.1万亿<i>美元", 38.1e12, "USD"),
        ("<p>赤字为<strong>1.8</strong>&nbsp;万亿美元。</p>", "1.8</strong>&nbsp;万亿美元", 1.8e12, "USD"),
        ("<p>通胀率为<a href='/a?id=77'>3&#37;</a>。</p>", "3&#37;", 3.0, "percent"),
        ("<p>通胀率为3<!-- 2 -->%。</p>", "3<!-- 2 -->%", 3.0, "percent"),
    ],
)
def test_tag_inside_a_number(body, quote, value, unit):
    claim = next(claim for claim in read(body).claims if claim.kind == "quantity")
    assert (claim.quote, claim.value_low, claim.unit) == (quote, value, unit)


def test_mark_of_a_note_is_no_digit():
    assert read("<p>国债达38<sup>1</sup>万亿美元。</p>").claims[0].value_low != 381e12


def test_number_in_a_tag_inside_a_quote_is_not_told_twice():
    assert read("<p>约2<font size='3'>50</font>万美元</p>").rejected_passages == ()


def test_number_in_a_tag_elsewhere_is_furniture():
    passages = read("<p style='width:30px'>失业率为4%。</p>").rejected_passages
    assert [(passage.passage, passage.reason) for passage in passages] == [("30", "furniture")]


def test_sentence_is_without_tags():
    claim = read("<p>美国10月<b>失业率</b>升至<i>4.5%</i>。</p>").claims[0]
    assert claim.sentence == "美国10月失业率升至4.5%。"
    assert claim.metric == "unemployment_rate"


def test_end_of_a_paragraph_ends_a_sentence():
    claims = read("<p>美国失业率升至4.5%</p><p>日本也在上升</p>").claims
    assert claims[0].sentence == "美国失业率升至4.5%"


PIECES = ["<b>", "</b>", "<p>", "</p>", "<br>", "&nbsp;", "&#37;", "&lt;", "<!--", "-->", "<td>", "</td>", "<tr>", "38", ".1", "万亿",
          "美元", "%", "年", "，", "。", "\r\n", "失业率", "超过", " "]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_quotes_are_as_stored_in_any_page(body):
    read(body)


def test_a_head_that_is_not_closed_ends_where_the_body_begins():
    page = "<html><head><title>x</title><script>var a='9%'</script><body><p>美国失业率为4.1%。</p></body></html>"
    assert [claim.quote for claim in find_claims(describe_article(page, article_id="a")).claims] == ["4.1%"]
