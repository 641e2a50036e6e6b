"""Figures that state one official metric by another: which two the text names, and how the figure holds one against the other."""

import csv
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import SeedError
from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims
from pipelines.reading.metrics import pair_words
from pipelines.reading.metrics.pair_words import read_pair_words
from pipelines.reading.words import WordFile

with Path(__file__).with_name("pairs.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def read(text: str, quote: str, day: str = "2025-11-20") -> Claim:
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date.fromisoformat(day)))
    return next(claim for claim in find_claims(article).claims if claim.quote == quote and claim.kind == "quantity")


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}-{row['quote']}" for number, row in enumerate(ROWS)])
def test_both_metrics_of_a_sentence_are_read_or_the_base_stays_open(row):
    claim = read(row["text"], row["quote"], row["written_on"])
    assert (claim.base_metric or "", claim.relation or "") == (row["base_metric"], row["relation"])
    if row["base_metric"]:
        assert claim.metric is None
        assert (claim.relates_to, claim.definition or "") == (row["relates_to"], row["definition"])


@pytest.mark.parametrize(
    ("text", "quote", "metric"),
    [
        ("美国国债总额是GDP的1.2倍。", "1.2倍", "federal_debt_to_gdp"),
        ("美国2025财年净利息支出占联邦收入的18.5%。", "18.5%", "federal_interest_to_receipts"),
        ("2025财年联邦收入的18.5%用于支付国债利息。", "18.5%", "federal_interest_to_receipts"),
        ("美国联邦赤字相当于GDP的6%。", "6%", "federal_deficit_to_gdp"),
    ],
)
def test_a_ratio_that_is_a_metric_of_its_own_stays_one(text, quote, metric):
    claim = read(text, quote)
    assert (claim.metric, claim.base_metric, claim.relation) == (metric, None, None)


def test_a_figure_beyond_the_bounds_of_such_a_ratio_is_no_share_of_the_two_either():
    claim = read("美国债务占GDP的比例会从现在的5100%一下子升至156%。", "5100%")
    assert (claim.metric, claim.base_metric) == (None, None)


@pytest.mark.parametrize(
    ("text", "quote", "definitions"),
    [
        ("国会预算办公室称，2025财年利息支出占联邦支出的14%。", "14%", ("net", None)),
        ("2025财年国防支出比净利息支出少500亿美元。", "500亿美元", (None, "net")),
    ],
)
def test_the_definition_of_each_side_is_the_one_named_of_it(text, quote, definitions):
    claim = read(text, quote)
    assert claim.base_metric is not None
    assert (claim.definition, claim.base_definition) == definitions


@pytest.mark.parametrize(
    ("written", "changed", "error"),
    [
        ('metric = "federal_receipts"', 'metric = "receipts"', "'receipts' is no metric"),
        ('beside = ["federal_outlays"]', 'beside = ["outlays"]', "'outlays' is no metric"),
        ("[same_time]", "[same_times]", "is not a table of this file"),
        ('within = ["中"', 'amid = ["中"', "has no words|is not a key"),
        ('from_short_to_long = ["treasury_yield_2y"', 'from_short_to_long = ["treasury_yield_20y"', "is no metric"),
    ],
)
def test_a_word_file_that_does_not_say_what_it_must_is_refused(tmp_path, monkeypatch, written, changed, error):
    text = WordFile("pairs.toml").path.read_text(encoding="utf-8")
    assert written in text
    path = tmp_path / "pairs.toml"
    path.write_text(text.replace(written, changed, 1), encoding="utf-8")
    monkeypatch.setattr(pair_words, "WordFile", lambda _: WordFile(path))
    with pytest.raises(SeedError, match=error):
        read_pair_words.__wrapped__()
