from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SeedError
from pipelines.places import SEEDS
from pipelines.reading.articles import GivenDetails, describe_article
from pipelines.reading.claims import Claim, find_claims
from pipelines.reading.metrics.lexicon import read_lexicon
from pipelines.reading.words import WordFile, WordFinder, compile_words, expand_word


def read_all(text: str) -> tuple[Claim, ...]:
    article = describe_article(text, article_id="x", given=GivenDetails(published_on=date(2025, 6, 30)))
    return find_claims(article).claims


def read(text: str, quote: str) -> Claim:
    return next(claim for claim in read_all(text) if claim.quote == quote)


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
        ("美国2024财年净利息支出占联邦收入的17.9%。", "17.9%", "net"),
        ("美国6月工业产出环比增长0.5%。", "0.5%", "month_over_month"),
        ("美国一季度非农生产率按年率下降4.9%。", "4.9%", "annual_rate"),
        ("美国5月通胀率为2.4%。", "2.4%", "year_over_year"),
        ("美国5月通胀率环比上升0.1%。", "0.1%", "month_over_month"),
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
        ("本港4月失业率为3.5%。", "3.5%"),
        ("上季香港经济增长3.1%。", "3.1%"),
        ("內地首季經濟增長5.4%。", "5.4%"),
        ("全国5月城镇失业率为5.0%。", "5.0%"),
        ("2025年第一季度，全国GDP同比增长5.4%。", "5.4%"),
        ("政府統計處公布，5月綜合消費物價指數按年升1.9%。", "1.9%"),
        ("5月CPI同比下降0.1%，国家统计局数据显示。", "0.1%"),
        ("主计总处公布，5月CPI年增1.55%。", "1.55%"),
        ("法国国家统计局公布，5月CPI同比上涨0.7%。", "0.7%"),
        ("澳洲联储将基准利率下调至3.85%。", "3.85%"),
        ("加拿大10年期国债收益率为3.3%。", "3.3%"),
        ("加拿大5月新增非农就业8800人。", "8800人"),
        ("加州5月失业率为5.3%。", "5.3%"),
        ("在德克萨斯，失业率5月升至4.1%。", "4.1%"),
        ("纽约市5月失业率为5.0%。", "5.0%"),
        ("佛罗里达州5月新增非农就业8800人。", "8800人"),
    ],
)
def test_figure_of_another_country_or_of_a_state_is_no_us_metric(text, quote):
    assert read("美国经济放缓。" + text, quote).metric is None


@pytest.mark.parametrize(
    "text",
    [
        "美国5月失业率为4.2%，其中加州为5.3%。",
        "密歇根大学公布调查的同一天，美国5月失业率为4.2%。",
        "加州大学教授指出，美国5月失业率为4.2%。",
        "加州失业率上升，但全美5月失业率为4.2%。",
        "旧金山联储主席说，美国5月失业率为4.2%。",
    ],
)
def test_place_beside_a_figure_of_the_country_leaves_it_one(text):
    assert read("美国经济放缓。" + text, "4.2%").metric == "unemployment_rate"


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
        ("美国5月零售业新增就业2.1万人。", "2.1万人"),
    ],
)
def test_neighbour_of_a_metric_is_not_the_metric(text, quote):
    assert read(text, quote).metric is None


@pytest.mark.parametrize(
    ("text", "quote", "metric"),
    [
        ("美国5月青少年失业率为13.4%。", "13.4%", "unemployment_rate"),
        ("美国5月大学毕业生的失业率为5.8%。", "5.8%", "unemployment_rate"),
        ("美国5月能源CPI同比下降3.5%。", "3.5%", "cpi_inflation"),
        ("美国5月CPI中的食品分项同比上涨2.9%。", "2.9%", "cpi_inflation"),
        ("美国4月贸易逆差收窄，商品逆差为870亿美元。", "870亿美元", "trade_balance"),
        ("美国5月非洲裔失业率升至6.0%。", "6.0%", "unemployment_rate"),
        ("美国西班牙裔5月失业率为5.1%。", "5.1%", "unemployment_rate"),
        ("美国原住民失业率为7.2%。", "7.2%", "unemployment_rate"),
        ("美国25至34岁失业率为4.8%。", "4.8%", "unemployment_rate"),
        ("美国20到24岁人群的失业率为8.2%。", "8.2%", "unemployment_rate"),
        ("美国低收入家庭失业率为9%。", "9%", "unemployment_rate"),
        ("美国自由职业者的失业率为7%。", "7%", "unemployment_rate"),
        ("美国铁锈地区失业率为7%。", "7%", "unemployment_rate"),
    ],
)
def test_part_of_a_metric_only_relates_to_it(text, quote, metric):
    claim = read(text, quote)
    assert (claim.metric, claim.relates_to) == (None, metric)


@pytest.mark.parametrize(
    ("text", "quote", "metric"),
    [
        ("美国4月贸易逆差收窄，商品和服务逆差为616亿美元。", "616亿美元", "trade_balance"),
        ("剔除食品和能源价格的美国5月核心CPI同比上涨2.8%。", "2.8%", "core_cpi_inflation"),
        ("美国5月16岁及以上人口的失业率为4.2%。", "4.2%", "unemployment_rate"),
        ("非裔失业率上升，美国整体失业率为4.2%。", "4.2%", "unemployment_rate"),
    ],
)
def test_whole_told_by_its_parts_is_the_metric(text, quote, metric):
    assert read(text, quote).metric == metric


@pytest.mark.parametrize(
    "text",
    [
        "5月失业率为4.2%。",
        "据全国广播公司报道，5月失业率为4.2%。",
        "全国5月失业率为4.2%。",
        "5月失业率为4.2%。\n\n" + "天气晴朗。" * 100 + "\n\n美国总统来访。",
    ],
)
def test_metric_stays_open_where_nothing_says_whose_it_is(text):
    claim = read(text, "4.2%")
    assert (claim.metric, claim.metric_candidates) == (None, ("unemployment_rate",))


@pytest.mark.parametrize(
    "text",
    [
        "美国就业报告\n\n" + "天气晴朗。" * 100 + "\n\n5月失业率为4.2%。",
        "美国经济放缓，美联储按兵不动，白宫不满。" + "天气晴朗。" * 100 + "\n\n全国5月失业率为4.2%。",
        "5月失业率为4.2%。美国劳工部周五公布了报告。",
        "美国与中国谈判。美国就业市场降温。全国广播公司报道，5月失业率为4.2%。",
    ],
)
def test_article_about_the_united_states_says_whose_it_is(text):
    assert read(text, "4.2%").metric == "unemployment_rate"


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
    ("text", "metrics"),
    [
        (
            "美国6月新增非农就业由2.7万人下修至-1.3万人，两月合计下修2.1万人。",
            ["payroll_employment_change"] * 2 + [None],
        ),
        ("未来十年，美国国债利息支出将升至14万亿美元。", [None]),
        ("美国8月贸易逆差为596亿美元，其中对瑞士逆差扩大至27亿美元。", ["trade_balance", None]),
        ("联邦赤字占GDP的5.9%，高于过去50年3.8%的平均水平。", ["federal_deficit_to_gdp", None]),
        ("美国国债方面，日本增持89亿美元至1.189万亿美元。", [None, "treasuries_held_by_japan"]),
        ("英伟达三季报：数据中心营收512亿美元，总营收570亿美元。", [None, "company_revenue"]),
        ("微软的资本支出为349亿美元，Meta今年约700亿美元。", ["company_capex", "company_capex"]),
        ("2025财年财政收入5.2万亿美元，支出7万亿美元。", ["federal_receipts", "federal_outlays"]),
        ("美国失业率从8月的4.3%上升到4.4%。", ["unemployment_rate"] * 2),
    ],
)
def test_figure_is_a_value_of_its_metric_or_of_none(text, metrics):
    assert [claim.metric for claim in read_all(text) if claim.kind == "quantity"] == metrics


@settings(deadline=None)
@given(st.text("ai失业率国债5年期10.o", max_size=24))
def test_finder_finds_what_the_pattern_of_the_same_words_finds(text):
    words = ["ai", "ai国债", "失业", "失业率", "国", "国债", "5年期", "10年期", "a业"]
    assert list(WordFinder(words).find(text)) == [match.span() for match in compile_words(words).finditer(text)]


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


@pytest.mark.parametrize("model", ["treasuries_held_by_nobody", "treasuries_held_by_japan"])
def test_a_metric_can_only_be_like_one_that_is_written_out(tmp_path, monkeypatch, model):
    for name in ("metrics.toml", "subjects.toml"):
        content = (SEEDS / name).read_text(encoding="utf-8")
        content = content.replace('like = "treasuries_held_by_foreigners"', f'like = "{model}"', 1)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr("pipelines.reading.words.SEEDS", tmp_path)
    with pytest.raises(SeedError, match=f"china.like: '{model}' is no metric written out in full"):
        read_lexicon.__wrapped__()
