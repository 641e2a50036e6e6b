from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import ArticleError, SeedError
from pipelines.places import SEEDS
from pipelines.reading.articles import (
    GivenDetails,
    describe_article,
    find_articles,
    list_article_files,
    read_article,
    read_given_details,
)
from pipelines.reading.furniture import make_visible, mark_furniture

BODY = "美国财政部周三公布，2025财年联邦预算赤字为1.8万亿美元，国会对此表示担忧，市场的反应不大。\n"
TRADITIONAL = "美國財政部週三公布，聯邦預算赤字為一兆八千億美元，國會對此表示擔憂，市場的反應不大。\n"


def kinds(text: str) -> dict[str, str]:
    return {text[start:end]: kind for start, end, kind in mark_furniture(text)}


@pytest.mark.parametrize("content", [BODY, "\ufeff" + BODY, BODY.replace("\n", "\r\n"), TRADITIONAL])
def test_utf8_text_is_kept_as_stored(tmp_path, content):
    path = tmp_path / "a.txt"
    path.write_bytes(content.encode())
    with path.open(encoding="utf-8", newline="") as file:
        assert read_article(path).text == file.read()


@pytest.mark.parametrize(
    ("codec", "content", "encoding"),
    [
        ("utf-8-sig", BODY, "utf-8-sig"),
        ("utf-8", BODY, "utf-8"),
        ("gb18030", BODY, "gb18030"),
        ("gb2312", BODY, "gb18030"),
        ("big5", TRADITIONAL, "big5"),
        ("utf-16", BODY, "utf-16"),
    ],
)
def test_encoding_is_recognised(tmp_path, codec, content, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(content.encode(codec))
    article = read_article(path)
    assert article.encoding == encoding
    assert article.text.removeprefix("\ufeff") == content


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "zero byte"),
        (BODY.encode("utf-32"), "UTF-32"),
        (b"\xff\xfa\x80\x81" * 40, "save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_the_cure(tmp_path, content, word):
    path = tmp_path / "broken.txt"
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=word) as raised:
        read_article(path)
    assert "broken.txt" in str(raised.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ArticleError, match=r"nowhere\.txt"):
        read_article(tmp_path / "nowhere.txt")


@pytest.mark.parametrize(
    ("text", "day", "basis"),
    [
        ("标题\n发布时间：2025-11-19 10:19\n" + BODY, date(2025, 11, 19), "stated"),
        ("标题\n2025年3月5日\n" + BODY, date(2025, 3, 5), "stated"),
        ("# Title\n`3/20/2024 6:10 PM UTC`\n" + BODY, date(2024, 3, 20), "stated"),
        (
            '<html><head><meta property="article:published_time" content="2024-05-06T08:00:00Z"></head><body><p>'
            + BODY
            + "</p>",
            date(2024, 5, 6),
            "stated",
        ),
        ("2024年8月2日，美国劳工部公布了数据。\n随后，8月5日股市大跌。\n", date(2024, 8, 5), "inferred"),
        ("到2030年12月，美国债务预计将达50万亿美元。2025年6月，法案通过。", date(2025, 6, 1), "inferred"),
        ("美国经济正在放缓。", None, "unknown"),
        ("2000年3月泡沫破裂，2022年通胀又起。", None, "unknown"),
        ("13月40日不是日期，2025年13月也不是。", None, "unknown"),
    ],
)
def test_published_day_says_how_it_is_known(text, day, basis):
    article = describe_article(text, article_id="x")
    assert (article.published_on, article.published_on_basis) == (day, basis)


def test_given_details_win():
    article = describe_article(
        "发布时间：2025-11-19\n" + BODY, article_id="x", given=GivenDetails(date(2020, 1, 1), "题", "社")
    )
    assert (article.published_on, article.published_on_basis, article.title, article.publisher) == (
        date(2020, 1, 1),
        "given",
        "题",
        "社",
    )


def test_days_of_a_list_of_other_articles_are_not_the_articles_own():
    text = (
        BODY
        + "相关文章\n别的文章讲的是别的事情，写到这里就断了...\n2025-12-30 0\n再有一篇文章，也写到这里就断了...\n2025-12-29 3\n"
    )
    assert describe_article(text, article_id="x").published_on_basis == "unknown"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 美债突破三十八万亿\n\n" + BODY, "美债突破三十八万亿"),
        ("<html><head><title>美债 &amp; 赤字</title></head><body>" + BODY, "美债 & 赤字"),
        ('---\ntitle: "赤字"\n---\n' + BODY, "赤字"),
        ("![](a.png)\n美债突破三十八万亿\n" + BODY, "美债突破三十八万亿"),
        ("大家好，今天我们来谈谈美债。\n" + BODY, None),
    ],
)
def test_title(text, title):
    assert describe_article(text, article_id="x").title == title


@pytest.mark.parametrize(
    ("text", "publisher"),
    [("来源：新华社\n" + BODY, "新华社"), (BODY + "本文为财新网独家报道。", "财新网"), (BODY, None)],
)
def test_publisher(text, publisher):
    assert describe_article(text, article_id="x").publisher == publisher


@pytest.mark.parametrize(
    ("text", "piece", "kind"),
    [
        (BODY + "![图1](http://a.cn/2024.png)\n" + BODY, "![图1](http://a.cn/2024.png)", "image"),
        (BODY + "见[报告](http://a.cn/2024)。\n", "(http://a.cn/2024)", "link"),
        (BODY + "服务热线\n400-123-4567\n", "400-123-4567", "phone"),
        (BODY + "未经许可不得转载。\n", "未经许可不得转载。", "notice"),
        (BODY + "阅读 12345\n", "阅读 12345", "counter"),
        (BODY + "上一篇：某人2024\n", "上一篇：某人2024", "footer"),
        ("<p>" + BODY + "</p><script>x=38</script>", "<script>x=38</script>", "markup"),
    ],
)
def test_furniture_is_marked_with_its_kind(text, piece, kind):
    assert kinds(text)[piece] == kind


def test_prose_is_not_furniture():
    assert mark_furniture(BODY + TRADITIONAL) == ()


@given(st.text(max_size=200))
def test_furniture_lies_inside_the_text_sorted_and_apart(text):
    done = 0
    for start, end, _ in mark_furniture(text):
        assert done <= start < end <= len(text)
        done = end


@given(st.text(max_size=200))
def test_visible_text_is_as_long_as_the_text(text):
    assert len(make_visible(text, mark_furniture(text))) == len(text)


def test_folder_gives_its_articles_without_notes(tmp_path):
    for name in ("b.txt", "a.md", "c.html", "README.md", "notes.txt", "articles.csv", ".hidden.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in list_article_files(tmp_path)] == ["a.md", "b.txt", "c.html"]


def test_folder_without_articles_is_refused(tmp_path):
    with pytest.raises(ArticleError, match="holds no article"):
        list_article_files(tmp_path)


def test_given_details_are_read(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text("article,published_on,title\na.txt,2025-01-02,题\nb,,\n", encoding="utf-8")
    assert read_given_details(path) == {"a": GivenDetails(date(2025, 1, 2), "题"), "b": GivenDetails()}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("article\na\n", "published_on"),
        ("article,published_on\na,3 May\n", "line 2.*YYYY-MM-DD"),
        ("article,published_on\na,\na,\n", "twice"),
        ("article,published_on\n,2025-01-01\n", "no article"),
    ],
)
def test_wrong_given_details_are_refused_with_their_line(tmp_path, content, message):
    path = tmp_path / "articles.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SeedError, match=message):
        read_given_details(path)


def test_seed_articles_have_their_days():
    folder = SEEDS / "articles"
    details = read_given_details(folder / "articles.csv")
    days = {path.stem[:3]: read_article(path, given=details.get(path.stem)) for path in list_article_files(folder)}
    assert {key: (str(article.published_on), article.published_on_basis) for key, article in days.items()} == {
        "000": ("2025-12-15", "given"), "001": ("2025-12-30", "stated"), "002": ("2025-11-19", "stated"),
        "003": ("2025-08-31", "given"), "004": ("2025-11-03", "given"),
    }  # fmt: skip


def test_what_is_written_by_hand_wins_over_the_file_of_details_where_it_says_something(tmp_path):
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "a.details.json").write_text(
        '{"published_on": "2025-01-01", "title": "甲", "url": "https://example.org"}', encoding="utf-8"
    )
    assert find_articles([tmp_path]) == [
        (tmp_path / "a.txt", GivenDetails(date(2025, 1, 1), "甲", url="https://example.org"))
    ]
    (tmp_path / "articles.csv").write_text("article,published_on,publisher\na,2025-02-02,乙\n", encoding="utf-8")
    assert find_articles([tmp_path]) == [
        (tmp_path / "a.txt", GivenDetails(date(2025, 2, 2), "甲", "乙", "https://example.org"))
    ]


def test_korean_is_no_chinese():
    assert describe_article("한국은행은 기준금리를 연 3.5%로 동결했다.", article_id="x").language == "ko"
