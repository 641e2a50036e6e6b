import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SeedError
from pipelines.places import SEEDS
from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims
from pipelines.reading.statements.statement import RELATIONS
from pipelines.reading.statements.statement_words import read_statement_words

TABLE = Path(__file__).with_name("statements.csv")
ROWS = [tuple(row) for row in csv.reader(io.StringIO(TABLE.read_text(encoding="utf-8"), newline=""))][1:]
PIECES = st.sampled_from(
    ["美国", "失业率", "国债收益率", "通胀", "上升", "连续", "三个月", "创", "历史新高", "2008年以来", "最低", "首次", "超过", "军费", "和", "差不多",
     "被", "推高", "还没有", "中国", "减持", "美债", "，", "。", "？", "\r\n", "\ud800", "é", "🙂", "的", "3.5%", "已经16年了", "负增长", "　"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=50).map("".join))


def find(text: str) -> list[Claim]:
    details = GivenDetails(published_on=date(2025, 6, 30))
    article = describe_article(text, article_id="example", given=details)
    return [claim for claim in find_claims(article).claims if claim.kind != "quantity"]


@pytest.mark.parametrize(("kind", "metric", "relation", "compared", "length", "since", "text"), ROWS)
def test_sentence_makes_its_statement_or_none(kind, metric, relation, compared, length, since, text):  # noqa: PLR0917  the columns of the table
    found = [
        (claim.kind, claim.metric, claim.relation, claim.compared_metric or "", str(claim.streak_length or ""))
        for claim in find(text)
    ]
    if not kind:
        assert found == []
        return
    assert (kind, metric, relation, compared, length) in found
    if since:
        assert since in [str(claim.since) for claim in find(text)]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_read_and_every_offset_holds(text):
    for claim in find(text):
        assert text[claim.quote_start : claim.quote_end] == claim.quote
        assert claim.relation in RELATIONS
        assert claim.value_low is None
        assert claim.value_high is None
        assert claim.unit is None


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_ids_are_unique(text):
    ids = [claim.claim_id for claim in find(text)]
    assert len(set(ids)) == len(ids)


def test_statement_is_dated_attributed_and_judged_for_modality():
    (claim,) = find("国会预算办公室预计，2027年美国联邦赤字将继续扩大。")
    assert (claim.kind, claim.modality, claim.attributed_to) == ("direction", "projection", "国会预算办公室")
    assert (claim.period_start, claim.period_end) == (date(2026, 10, 1), date(2027, 9, 30)) or claim.period_end == date(
        2027, 12, 31
    )


def test_since_is_not_the_period():
    (claim,) = [claim for claim in find("美国失业率降至1969年以来的最低水平。") if claim.kind == "record"]
    assert claim.since == date(1969, 1, 1)
    assert claim.period_end == date(2025, 6, 30)


def test_number_of_years_back_is_counted_from_the_article():
    (claim,) = [claim for claim in find("美元指数跌至三年来新低。") if claim.kind == "record"]
    assert claim.since == date(2022, 6, 30)


def test_streak_names_its_unit():
    (claim,) = [claim for claim in find("美国GDP连续两个季度负增长。") if claim.kind == "streak"]
    assert (claim.streak_length, claim.streak_unit) == (2, "quarter")


def test_quote_is_the_clause_that_carries_the_statement():
    (claim,) = find("股市一片欢腾，但美国职位空缺正在减少，工厂也在裁人。")
    assert claim.quote == "但美国职位空缺正在减少"


def test_pronoun_is_resolved_to_the_sentence_before():
    claims = find("美国联邦利息支出一年接近一万亿美元。这已经超过了军费。")
    assert [(claim.metric, claim.compared_metric) for claim in claims] == [("federal_interest", "defense_outlays")]


def test_statements_leave_quantities_as_they_are():
    text = "美国失业率连续三个月上升，3月升至4.2%，创2021年以来新高。"
    article = describe_article(text, article_id="example", given=GivenDetails(published_on=date(2025, 6, 30)))
    claims = find_claims(article).claims
    assert [claim.quote for claim in claims if claim.kind == "quantity"] == ["4.2%"]
    assert {claim.kind for claim in claims} == {"quantity", "streak", "record"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[rises]\n", '[rises]\nword = ["上升"]\n', "unknown key 'word'"),
        ("[rises]\n", "[ascends]\n", "ascends: is not a table"),
        ('metric = "sp500"', 'metric = "sp"', "'sp' is no metric"),
        ('relation = "rises"', 'relation = "up"', 'write "rises", "falls" or "stays"'),
    ],
)
def test_slip_in_the_word_file_is_named_with_its_cure(tmp_path, monkeypatch, before, after, told):
    for name in ("metrics.toml", "subjects.toml", "statements.toml"):
        content = (SEEDS / name).read_text(encoding="utf-8")
        content = content.replace(before, after) if name == "statements.toml" else content
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr("pipelines.reading.words.SEEDS", tmp_path)
    read_statement_words.cache_clear()
    with pytest.raises(SeedError, match=re.escape(told)):
        read_statement_words()
    read_statement_words.cache_clear()
