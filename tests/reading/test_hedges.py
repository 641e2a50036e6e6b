import pytest

from pipelines.errors import SeedError
from pipelines.reading.hedges import Hedge, find_hedge, read_hedge_words
from pipelines.reading.quantities import find_quantities
from pipelines.reading.script import normalise


def hedge_of(text: str, which: int = 0) -> Hedge:
    normalised = normalise(text)
    return find_hedge(normalised, find_quantities(text, normalised)[0][which], text)


@pytest.mark.parametrize(
    ("text", "bound", "word"),
    [
        ("约5%", "approx", "约"),
        ("大約為5%", "approx", "大约"),
        ("合约5000亿美元", "eq", None),
        ("纽约5%的人", "eq", None),
        ("最近5%的人", "eq", None),
        ("接近5%", "below", "接近"),
        ("逼近了可支配所得的150%", "below", "逼近"),
        ("超過市場預期的3.4%", "eq", None),
        ("低於預期的7.1%", "eq", None),
        ("占到全球产能的61%左右", "approx", "左右"),
        ("不到一半", "below", "不到"),
        ("想不到5%的人", "eq", None),
        ("一半不到", "below", "不到"),
        ("不超过5%", "below", "不超过"),
        ("没有超过5%", "below", "没有超过"),
        ("不低于5%", "above", "不低于"),
        ("突破了17万亿欧元", "above", "突破"),
        ("跌破60美元", "below", "跌破"),
        ("高达50%", "eq", "高达"),
        ("高达50%以上", "above", "以上"),
        ("约50%以上", "above", "以上"),
        ("5%以上", "above", "以上"),
        ("5%以上述为准", "eq", None),
        ("350兆瓦（MW）以上", "above", "以上"),
        ("90多个国家", "above", "多"),
        ("一百余家企业", "above", "余"),
        ("二十来个国家", "approx", "来"),
        ("两倍多", "above", "多"),
        ("5%多数人", "eq", None),
        ("12%起跳", "above", "起跳"),
        ("12%起来", "eq", None),
        ("突破每盎司4000美元", "above", "突破"),
        ("几乎达到了640亿美元", "below", "几乎达到"),
        ("几乎是去年的两倍", "approx", "几乎是"),
        ("上百亿美元", "approx", None),
        ("超过上百亿美元", "above", "超过"),
        ("约35%到45%", "range", "约"),
        (">30%", "above", ">"),
        ("30%+", "above", "+"),
        ("~5%", "approx", "~"),
        ("more than 5%", "above", "more than"),
        ("5亿、8亿、乃至数百亿级别的订单", "approx", "级别"),
    ],
)
def test_hedge(text, bound, word):
    hedge = hedge_of(text)
    assert (hedge.bound, hedge.word) == (bound, word)


def test_a_hedge_reaches_its_own_figure_only():
    assert hedge_of("约5%和7%", which=1).bound == "eq"


def test_the_texts_must_be_of_one_length():
    quantity = find_quantities("约5%")[0][0]
    with pytest.raises(ValueError, match="one length"):
        find_hedge("约5%", quantity, "约 5%")


def test_every_word_reaches_where_its_bound_says():
    for entry in read_hedge_words():
        if entry.bound == "below":
            assert entry.reach_below > entry.reach_above, entry.word
        elif entry.bound == "above":
            assert entry.reach_above > entry.reach_below, entry.word
        elif entry.bound == "approx":
            assert entry.reach_above == entry.reach_below > 0, entry.word
        else:
            assert entry.reach_above == entry.reach_below == 0, entry.word


def test_every_word_is_written_as_it_is_looked_up():
    assert all(normalise(entry.word) == entry.word for entry in read_hedge_words())


@pytest.mark.parametrize(
    ("text", "bound", "word"),
    [
        ("失业率并未超过5%", "below", "未超过"),
        ("失业率不可能超过5%", "below", "不超过"),
        ("通胀率没有真正突破3%", "below", "不超过"),
        ("失业率没有低于4%", "above", "不低于"),
        ("油价从未跌破60美元", "above", "不低于"),
        ("赤字没有接近2万亿美元", "below", "不超过"),
        ("债务绝不可能突破GDP的100%", "below", "不超过"),
        ("通胀还没有降到2%以下", "above", "不低于"),
        ("增速未能回升到3%以上", "below", "不超过"),
        ("通胀率还没有降到2%", "above", "不低于"),
        ("工资增速未能升至4%", "below", "不超过"),
        ("增速并未达到3%", "below", "未达到"),
        ("人数不会少于5000人", "above", "不会少于"),
        ("未来超过5%", "above", "超过"),
        ("占比不到5%", "below", "不到"),
        ("没有人知道，失业率超过5%", "above", "超过"),
        ("并非主流，超过5%的人", "above", "超过"),
    ],
)
def test_negated_hedge_is_turned_round(text, bound, word):
    hedge = hedge_of(text)
    assert (hedge.bound, hedge.word) == (bound, word)


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("约,beside,approx,0.05,0.05,", "position 'beside'"),
        ("约,before,roughly,0.05,0.05,", "bound 'roughly'"),
        ("约,before,approx,5%,0.05,", "reach '5%'"),
        ("约,before,approx,0.05,1,", "reach '1'"),
        (",before,approx,0.05,0.05,", "no word"),
        ("约,before,approx,0.05,0.05", "not six columns"),
        ("约,before,approx,0.05,0.05,\n约,after,approx,0.05,0.05,", "line 3: 约 is there twice"),
    ],
)
def test_a_bad_hedge_file_names_line_and_cure(tmp_path, line, trouble):
    path = tmp_path / "hedges.csv"
    path.write_text(f"word,position,bound,reach_below,reach_above,note\n{line}\n", "utf-8")
    with pytest.raises(SeedError, match=trouble):
        read_hedge_words(path)


def test_a_missing_hedge_file_is_named(tmp_path):
    with pytest.raises(SeedError, match="hedges\\.csv is missing"):
        read_hedge_words(tmp_path / "hedges.csv")
