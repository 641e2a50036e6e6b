import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.script import detect_script, normalise

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


@given(ANY_TEXT)
def test_normalise_keeps_every_offset(text):
    assert len(normalise(text)) == len(text)


@given(ANY_TEXT)
def test_normalise_changes_nothing_the_second_time(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("三十八萬億美元", "三十八万亿美元"),
        ("餘額約兩億", "余额约两亿"),
        ("５０．５％", "50.5%"),
        ("−0.4﹪", "-0.4%"),
        ("3,000–4,000億", "3,000-4,000亿"),
        ("２５～５０個基點", "25~50个基点"),
        ("⼆〇⼆五年", "二〇二五年"),
        ("美\u3000元\u00a0（100）", "美 元 (100)"),
        ("3，500人", "3，500人"),
    ],
)
def test_normalise_brings_look_alikes_to_one_form(written, usual):
    assert normalise(written) == usual


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("美国债务规模突破历史纪录", "hans"),
        ("美國債務規模突破歷史紀錄", "hant"),
        ("美國債務規模突破历史纪录时间", "mixed"),
        ("GDP 3.2%", "hans"),
        ("", "hans"),
    ],
)
def test_detect_script(text, script):
    assert detect_script(text) == script
