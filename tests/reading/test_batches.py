import os
from collections.abc import Iterator

import pytest

from pipelines.errors import ArticleError
from pipelines.reading import batches
from pipelines.reading.articles import GivenDetails
from pipelines.reading.batches import ArticleFile, ArticleText, read_claims
from pipelines.reading.claims import Reading

MONTHS = [f"美国{month}月失业率为{month}.{number % 10}%，非农就业增加{number}万人。" for number in range(60) for month in (3, 4, 5)]  # fmt: skip
ARTICLES = [ArticleText(f"{number:03d}", text) for number, text in enumerate(MONTHS)]


class Failing(ArticleText):
    """An article on which the reader breaks down."""

    def read(self) -> Reading:
        raise ZeroDivisionError("by some fault")


class Killing(ArticleText):
    """An article that takes its process with it, as one too large for the memory would; here it is read."""

    def read(self) -> Reading:
        if self.text != str(os.getpid()):
            os._exit(9)
        return Reading((), ())


@pytest.fixture
def few_pay(monkeypatch):
    """Let little text pay for processes, in small batches."""
    monkeypatch.setattr(batches, "PAYS_FROM", 1000)
    monkeypatch.setattr(batches, "_BATCH_ARTICLES", 7)


def test_several_processes_give_what_one_gives_in_the_same_order(few_pay):
    plain = [(article, article.read()) for article in ARTICLES]
    assert list(read_claims(ARTICLES, processes=1)) == plain
    assert list(read_claims(ARTICLES, processes=2)) == plain


def test_a_little_text_is_read_in_this_process(monkeypatch):
    monkeypatch.setattr(batches, "_read_in_processes", lambda *_: pytest.fail("started processes"))
    assert len(list(read_claims(ARTICLES, processes=2))) == len(ARTICLES)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_article_that_breaks_the_reader_leaves_the_others_alone(few_pay, processes):
    articles: list[ArticleText] = [*ARTICLES[:50], Failing("broken", "3%"), *ARTICLES[50:]]
    outcomes = [outcome for _, outcome in read_claims(articles, processes=processes)]
    broken = outcomes.pop(50)
    assert isinstance(broken, ArticleError)
    assert "broken makes the reader fail (ZeroDivisionError" in str(broken)
    assert outcomes == [article.read() for article in ARTICLES]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_that_is_gone_or_is_no_text_leaves_the_others_alone(few_pay, tmp_path, processes):
    (tmp_path / "good.txt").write_text(MONTHS[0] * 20, encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2")
    names = ["good", "gone", "bad", "good"]
    given = GivenDetails(publisher="Somebody")
    read = list(read_claims([ArticleFile(tmp_path / f"{name}.txt", given) for name in names], processes=processes))
    assert [type(outcome) for _, outcome in read] == [Reading, ArticleError, ArticleError, Reading]
    assert "gone.txt does not exist" in str(read[1][1])
    assert [article.name for article, _ in read] == [str(tmp_path / f"{name}.txt") for name in names]


def test_a_process_that_is_killed_costs_nothing(few_pay):
    articles: list[ArticleText] = [*ARTICLES[:50], Killing("large", str(os.getpid())), *ARTICLES[50:]]
    outcomes = [outcome for _, outcome in read_claims(articles, processes=2)]
    assert outcomes.pop(50) == Reading((), ())
    assert outcomes == [article.read() for article in ARTICLES]


def test_articles_are_taken_only_as_they_are_needed(few_pay):
    taken = 0

    def count() -> Iterator[ArticleText]:
        nonlocal taken
        for _ in range(100):
            for article in ARTICLES:
                taken += 1
                yield article

    read = read_claims(count(), processes=2)
    for _ in range(20):
        next(read)
    read.close()
    assert taken < 300
