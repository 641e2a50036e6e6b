import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import SeedError
from pipelines.places import SEEDS
from pipelines.reading import stories as module
from pipelines.reading.articles import describe_article
from pipelines.reading.stories import Stories, find_same_stories, read_story_rule, read_wording

SAMPLES = {path.stem[:3]: path.read_text(encoding="utf-8") for path in sorted((SEEDS / "articles").glob("*.txt"))}
WEEKLY = (
    "美国劳工部周四公布的数据显示，截至{day}当周，初次申请失业救济人数为{first}万人，预期为{second}万人，前值修正为{third}万人。"
    "四周移动平均值为{fourth}万人，续请失业救济人数为{fifth}万人，创{month}以来的新高。劳动力市场继续显示出放缓的迹象，美联储官员对此表示关注。"
)


def tell_the_same(one: str, other: str) -> bool:
    stories = Stories()
    stories.add("one", read_wording(describe_article(one, article_id="one")))
    return stories.find(read_wording(describe_article(other, article_id="other"))) == "one"


def sentences(text: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[。！？\n])", text) if piece.strip()]


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "某网站首页\n责任编辑：某人\n" + text + "\n本文来自某站，仅供参考，欢迎转载。",
        lambda text: "".join(sentences(text)[len(sentences(text)) // 5 :]),
        lambda text: "".join(piece for number, piece in enumerate(sentences(text)) if number % 4),
        lambda text: text.replace("，", ",").replace("。", "．").replace("\n", "\r\n"),
    ],
    ids=["head and foot", "head cut", "every fourth sentence cut", "other punctuation"],
)
def test_the_same_text_on_another_site_is_the_same_story(sample, edit):
    assert tell_the_same(sample, edit(sample))


@pytest.mark.parametrize("one", SAMPLES)
@pytest.mark.parametrize("other", SAMPLES)
def test_other_articles_about_the_same_subject_are_other_stories(one, other):
    assert tell_the_same(SAMPLES[one], SAMPLES[other]) == (one == other)


def test_a_report_with_new_figures_in_the_old_sentences_is_another_story():
    weeks = [
        WEEKLY.format(day=f"{n}月{n}日", first=21.5 + n, second=22 + n, third=20 + n, fourth=23 + n, fifth=190 + n, month=f"{n}月")
        for n in (1, 2)
    ]  # fmt: skip
    assert not tell_the_same(*weeks)


def test_a_digest_of_many_stories_is_none_of_them():
    heads = [text[:400] for text in SAMPLES.values()]
    assert not any(tell_the_same("\n".join(heads), head) for head in heads)


def test_the_earliest_told_it_first_and_unknown_days_come_last():
    wording = read_wording(describe_article(SAMPLES["001"], article_id="x"))
    told = [("c", None, wording), ("b", date(2025, 1, 2), wording), ("a", date(2025, 1, 3), wording)]
    assert find_same_stories(told) == {"a": "b", "c": "b"}


def test_one_figure_changed_makes_it_no_copy():
    texts = (f"美国劳工部数据显示，失业率为4.{n}%，市场的反应不大。" for n in (1, 2))
    assert len({read_wording(describe_article(text, article_id="x")).copy_key for text in texts}) == 2


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("shared_figures", "shared_figurs", "no part of the rule"),
        ("fewest_characters = 60", "", "fewest_characters: is missing"),
        ("= 0.33", "= 33", "no sensible number"),
        ("[same_story]", "[story]", "not a table"),
    ],
)
def test_a_rule_that_is_wrong_is_refused(tmp_path: Path, monkeypatch, old, new, word):
    written = (SEEDS / "stories.toml").read_text(encoding="utf-8").replace(old, new)
    (tmp_path / "stories.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(module, "RULE", tmp_path / "stories.toml")
    read_story_rule.cache_clear()
    try:
        with pytest.raises(SeedError, match=word):
            read_story_rule()
    finally:
        read_story_rule.cache_clear()
