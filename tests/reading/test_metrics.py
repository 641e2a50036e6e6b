from datetime import date

import pytest

from pipelines.errors import SeedError
from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims
from pipelines.reading.metrics.lexicon import read_lexicon
from pipelines.reading.words import WordFile, compile_words, expand_word


def read(text: str, quote: str) -> Claim:
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date(2025, 6, 30)))
    return next(claim for claim in find_claims(article).claims if claim.quote == quote)


@pytest.mark.parametrize(
    ("text", "quote", "definition"),
    [
        ("美国5月CPI环比上涨0.1%，同比上涨2.4%。", "0.1%", "month_over_month"),
        ("美国5月CPI环比上涨0.1%，同比上涨2.4%。", "2.4%", "year_over_year"),
        ("国会预算办公室预计，美国债务占GDP的比例今年将达100%。", "100%", "held_by_public"),
        ("美国公众持有的联邦债务占GDP的98%。", "98%", "held_by_public"),
        ("美国联邦政府总债务占GDP的124%。", "124%", "gross"),
        ("美国2024财年净利息支出为8820亿美元。", "8820亿美元", "net"),
        ("美国联邦基金利率目标区间为4.25%至4.5%。", "4.25%至4.5%", "target_range"),
        ("美国第一季度GDP环比折年率下降0.5%。", "0.5%", "annual_rate"),
        ("美国债务占GDP的124%。", "124%", None),
    ],
)
def test_definition_that_the_text_names(text, quote, definition):
    claim = read(text, quote)
    assert claim.metric is not None
    assert claim.definition == definition


@pytest.mark.parametrize(
    ("text", "quote", "metric"),
    [
        ("过去一年美国国债增加了2万亿美元。", "2万亿美元", "federal_debt"),
        ("美国联邦预算赤字同比减少410亿美元。", "410亿美元", "federal_deficit"),
        ("美国失业率上升0.2个百分点。", "0.2个百分点", "unemployment_rate"),
        ("中国持有的美国国债减少了82亿美元。", "82亿美元", "treasuries_held_by_china"),
        ("微软、亚马逊和谷歌今年的资本支出合计将超过2000亿美元。", "2000亿美元", "company_capex"),
    ],
)
def test_change_or_sum_only_relates_to_the_metric(text, quote, metric):
    claim = read(text, quote)
    assert (claim.metric, claim.relates_to) == (None, metric)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("德国5月失业率为6.3%。", "6.3%"),
        ("欧元区5月CPI同比上涨1.9%，美国股市应声上涨。", "1.9%"),
        ("与美国相比，日本政府债务高达9万亿美元。", "9万亿美元"),
        ("全球债务总额达到324万亿美元，美国也在其中。", "324万亿美元"),
        ("巴西持有的美国国债为2010亿美元。", "2010亿美元"),
        ("加拿大央行将基准利率下调至2.75%。", "2.75%"),
        ("英国的贸易逆差为200亿英镑，约合270亿美元。", "270亿美元"),
    ],
)
def test_figure_of_another_country_is_no_us_metric(text, quote):
    assert read("美国经济放缓。" + text, quote).metric is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("美国非裔失业率为6.0%。", "6.0%"),
        ("美国人均国债负担超过10万美元。", "10万美元"),
        ("美国家庭平均信用卡债务为1万美元。", "1万美元"),
        ("美联储的通胀目标是2%。", "2%"),
        ("美国5月PPI同比上涨2.6%。", "2.6%"),
        ("美国私营部门5月新增就业3.7万人。", "3.7万人"),
        ("美国债务上限提高至41.1万亿美元。", "41.1万亿美元"),
    ],
)
def test_neighbour_of_a_metric_is_not_the_metric(text, quote):
    assert read(text, quote).metric is None


def test_short_word_stands_for_what_was_named_last():
    assert read("美国贸易逆差扩大。4月赤字为616亿美元。", "616亿美元").metric == "trade_balance"
    assert read("美国联邦预算赤字扩大。5月赤字为3160亿美元。", "3160亿美元").metric == "federal_deficit"


def test_impossible_value_stays_open_with_its_candidate():
    claim = read("美国失业率高达350%。", "350%")
    assert (claim.metric, claim.metric_candidates) == (None, ("unemployment_rate",))


def test_every_metric_of_the_word_file_is_sound():
    metrics = read_lexicon().metrics
    assert len(metrics) > 50
    assert all(metric.units and metric.lowest < metric.highest for metric in metrics.values())


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("赤字", {"赤字"}),
        ("国(债|库券)", {"国债", "国库券"}),
        ("债务?", {"债务", "债"}),
        ("(联邦)?赤字", {"联邦赤字", "赤字"}),
        ("a(b(c|d))?", {"a", "abc", "abd"}),
    ],
)
def test_word_stands_for_its_forms(word, forms):
    assert set(expand_word(word)) == forms


@pytest.mark.parametrize("word", ["(a", "a)", "?a", "a|b", "(a)?", "", "(a|b|c|d|e|f|g|h)" * 6])
def test_word_that_is_none_is_refused(word):
    with pytest.raises(ValueError, match=r"."):
        expand_word(word)


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("ai", "openai", None),
        ("ai", "air", None),
        ("ai", "用ai的", "ai"),
        ("10年期", "110年期", None),
        ("债…总额", "债务的总额", "债务的总额"),
    ],
)
def test_words_are_found_whole(word, text, found):
    match = compile_words([word]).search(text)
    assert (match.group() if match else None) == found


def test_longest_word_is_found():
    assert compile_words(["失业", "失业率"]).findall("失业率与失业") == ["失业率", "失业"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a = [", "not TOML"),
        ("[[other]]\n", "other.*not a table"),
        ("[[metric]]\nnmae = 'x'\n", "nmae"),
        ("[metric]\n", "not a list of entries"),
    ],
)
def test_slip_in_a_word_file_is_named_with_its_cure(tmp_path, content, message):
    path = tmp_path / "words.toml"
    path.write_text(content, encoding="utf-8")

    def load() -> None:
        file = WordFile(path)
        file.check_tables(["metric"])
        file.read_entries("metric", ["name"])

    with pytest.raises(SeedError, match=message) as raised:
        load()
    assert "words.toml" in str(raised.value)
