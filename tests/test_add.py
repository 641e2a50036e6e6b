import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.errors import ArticleError
from pipelines.places import ROOT, SEEDS
from pipelines.reading.inbox import Inbox, OpenInbox
from pipelines.reading.inbox.pages import PageReader
from pipelines.reading.inbox.submissions import Refusal, Submission, read_stream, read_submissions
from tests.conftest import hedui

DEBT = "美国财政部数据显示，美国国债总额已突破36万亿美元。\n失业率为9.9%，为多年来的最高水平。\n"
PAGE = """<html><head><title>美债 &amp; 赤字</title><meta property="article:published_time" content="2024-05-06T08:00:00Z">
<meta property="og:site_name" content="新华网"><link rel="canonical" href="https://example.org/a"></head>
<body><nav><a href="/">首页</a></nav><article><h1>美债</h1>
<p>美国财政部周三公布，2025财年联邦预算赤字为1.8万亿美元，国会对此表示担忧，市场的反应不大。</p>
<p>经济学家认为，利息支出将继续增加，而国会两党对如何削减开支仍然存在很大的分歧。</p></article>
<script>document.write("38万亿")</script><footer>版权所有</footer></body></html>"""


def inbox_of(folder: Path) -> list[str]:
    """The articles of an inbox by name."""
    return sorted(path.name for path in (folder / "inbox").iterdir() if path.suffix in (".txt", ".md"))


def details_of(folder: Path, article_id: str) -> dict[str, Any]:
    details: dict[str, Any] = json.loads((folder / "inbox" / f"{article_id}.details.json").read_text(encoding="utf-8"))
    return details


def refusals(path: Path) -> list[str]:
    with PageReader(most_seconds=3) as pages:
        return [item.reason for item in read_submissions(path, pages) if isinstance(item, Refusal)]


@contextmanager
def opened(folder: Path) -> Iterator[OpenInbox]:
    with Inbox(folder / "inbox").open(on_wait=print) as inbox:
        yield inbox


def submit(text: str, name: str = "a", origin: str = "test") -> Submission:
    ((submission,),) = ([item for item in read_stream(text.encode(), PageReader()) if isinstance(item, Submission)],)
    return Submission(origin, name, ".txt", submission.raw, submission.text, submission.given)


def add_text(folder: Path, text: str, name: str = "a") -> str:
    """The article_id, whether it was added or known."""
    with opened(folder) as inbox:
        outcome = inbox.add(submit(text, name), added_at="2025-01-01T00:00:00+00:00")
    return outcome.article.article_id if hasattr(outcome, "article") else outcome.article_id


def test_a_text_is_kept_to_the_byte_and_what_was_understood_is_said(tmp_path):
    source = tmp_path / "debt.txt"
    source.write_bytes(DEBT.encode("gb18030"))
    done = hedui("add", source, "--published-on", "2025-01-15", "--publisher", "某社", "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    (name,) = inbox_of(tmp_path / "data")
    assert (tmp_path / "data" / "inbox" / name).read_bytes() == source.read_bytes()
    assert name.startswith("debt_")
    for said in ("published 2025-01-15 (given)", "by 某社", "simplified", "2 figures", "debt.txt", "1 added"):
        assert said in done.stdout
    details = details_of(tmp_path / "data", Path(name).stem)
    assert (details["published_on"], details["publisher"]) == ("2025-01-15", "某社")


def test_a_saved_page_becomes_its_article_with_what_the_page_says_of_it(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    done = hedui("add", tmp_path / "page.html", "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    (name,) = inbox_of(tmp_path / "data")
    text = (tmp_path / "data" / "inbox" / name).read_text(encoding="utf-8")
    assert "1.8万亿美元" in text
    assert not any(outside in text for outside in ("38万亿", "版权", "<"))
    details = details_of(tmp_path / "data", Path(name).stem)
    assert (details["title"], details["published_on"], details["publisher"], details["url"]) == (
        "美债 & 赤字",
        "2024-05-06",
        "新华网",
        "https://example.org/a",
    )
    (original,) = (tmp_path / "data" / "inbox" / "originals").iterdir()
    assert original.read_text(encoding="utf-8") == PAGE


def test_a_day_that_a_page_does_not_state_is_not_guessed(tmp_path):
    html = PAGE.replace('<meta property="article:published_time" content="2024-05-06T08:00:00Z">', "")
    with PageReader() as pages:
        assert pages.read(html.encode(), where="page").details.published_on is None


def test_json_lines_hold_many_articles(tmp_path):
    rows = [
        {"text": f"美国失业率为4.{n}%，第{n}次报告。", "title": f"报告{n}", "published_on": "2025-02-07"}
        for n in range(5)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert hedui("add", tmp_path / "many.jsonl", "--data-dir", tmp_path / "data").returncode == 0
    assert len(inbox_of(tmp_path / "data")) == 5


def test_parquet_holds_many_articles_and_unused_columns_are_told(tmp_path):
    frame = pl.DataFrame(
        {
            "text": [DEBT, None, "美国失业率为4.1%，低于预期。"],
            "title": ["债", "无", None],
            "published_on": pl.Series(["2025-01-15", "2025-01-15", None]).str.to_date(),
            "author": ["甲", "乙", "丙"],
        }
    )
    frame.write_parquet(tmp_path / "many.parquet")
    done = hedui("add", tmp_path / "many.parquet", "--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert len(inbox_of(tmp_path / "data")) == 2
    assert "nothing reads the columns author" in done.stdout
    assert "row 2 has no text" in done.stderr


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("nope", "not one JSON object"),
        ("[]", "no JSON object"),
        ("[" * 100_000, "not one JSON object"),
        ('{"text": 5}', "has no text"),
        ('{"title": "x"}', "has no text"),
        ('{"text": "\\ud800国债为36万亿美元"}', "half a character"),
        ('{"text": "国债为36万亿美元\\u0000"}', "zero byte"),
        ('{"text": "国债为36万亿美元", "published_on": "soon"}', "no date"),
        ('{"text": "国债为36万亿美元", "published_on": 20250101}', "no date"),
        ('{"text": "国债为36万亿美元", "title": ["x"]}', "title is list"),
        ('{"text": "国债为36万亿美元", "author": "x"}', "nothing reads author"),
        ('{"text": "' + "国" * 4_000_000 + '"}', "longer than an article"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_added(tmp_path, line, word):
    path = tmp_path / "many.jsonl"
    path.write_text(f"{line}\n" + json.dumps({"text": DEBT}) + "\n", encoding="utf-8")
    with PageReader() as pages:
        items = list(read_submissions(path, pages))
    assert items[-1].origin.endswith("line 2")
    assert isinstance(items[-1], Submission)
    first = items[0]
    assert isinstance(first, Refusal)
    assert first.origin.endswith("line 1")
    assert word in first.reason


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"not parquet at all" * 10])
def test_a_broken_parquet_file_is_refused(tmp_path, content):
    (tmp_path / "x.parquet").write_bytes(content)
    assert "cannot be read as Parquet" in refusals(tmp_path / "x.parquet")[0]


def test_a_parquet_file_without_texts_is_refused(tmp_path):
    pl.DataFrame({"body": ["x"]}).write_parquet(tmp_path / "x.parquet")
    assert "no column text" in refusals(tmp_path / "x.parquet")[0]


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<html><body></body></html>", "no article was found"),
        ("<div>" * 200_000 + "<p>国债为36万亿美元。", "no article was found"),
        ("<html><body><article><p>" + "<span>国</span>" * 60_000, "no article was found within 3 seconds"),
        ("\0" + PAGE, "zero byte"),
    ],
)
def test_a_page_in_which_nothing_is_found_is_refused_in_time(tmp_path, html, word):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    started = time.monotonic()
    assert word in refusals(tmp_path / "page.html")[0]
    assert time.monotonic() - started < 20


def test_pages_are_read_on_after_one_that_took_too_long(tmp_path):
    slow = ("<html><body><article><p>" + "<span>国</span>" * 100_000).encode()
    with PageReader(most_seconds=10) as pages:
        with pytest.raises(ArticleError, match="within 10 seconds"):
            pages.read(slow, where="slow.html")
        assert "1.8万亿美元" in pages.read(PAGE.encode(), where="page.html").text


@pytest.mark.parametrize(
    ("content", "added"),
    [(DEBT, 1), (PAGE, 1), (json.dumps({"text": DEBT}) + "\n" + json.dumps({"text": DEBT + "又及，赤字为2%。"}), 2)],
)
def test_standard_input_is_a_text_a_page_or_json_lines(tmp_path, content, added):
    done = hedui("add", "-", "--data-dir", tmp_path / "data", stdin=content)
    assert done.returncode == 0, done.stderr
    assert f"{added} added" in done.stdout


def test_of_a_folder_the_articles_csv_is_heeded_and_what_is_no_article_told(tmp_path):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "debt.txt").write_text(DEBT, encoding="utf-8")
    (folder / "articles.csv").write_text(
        "article,published_on,title,url\ndebt,2025-01-15,国债,https://example.org/d\n", encoding="utf-8"
    )
    (folder / "scan.pdf").write_bytes(b"%PDF")
    os.mkfifo(folder / "pipe.txt")
    done = hedui("add", folder, "--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert "scan.pdf" in done.stderr
    assert "is a pipe" in done.stderr
    (name,) = inbox_of(tmp_path / "data")
    details = details_of(tmp_path / "data", Path(name).stem)
    assert (details["published_on"], details["title"], details["url"]) == (
        "2025-01-15",
        "国债",
        "https://example.org/d",
    )


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    (tmp_path / "debt.txt").write_text(DEBT, encoding="utf-8")
    tried = hedui("add", tmp_path / "debt.txt", "--dry-run", "--data-dir", tmp_path / "data")
    assert "1 would be added" in tried.stdout
    assert not (tmp_path / "data").exists()
    done = hedui("add", tmp_path / "debt.txt", "--data-dir", tmp_path / "data")
    assert done.stdout.splitlines()[:-1] == tried.stdout.splitlines()[:-1]


@pytest.mark.parametrize(
    "copy",
    [
        DEBT,
        "\ufeff" + DEBT.replace("\n", "\r\n"),
        DEBT.replace("，", ", ").replace("3", "３"),
        DEBT.replace("国债", "國債").replace("数据", "數據"),
        DEBT.replace("国债", "国\u200b债"),
        "![图](https://example.org/a.png)\n" + DEBT + "\n阅读 12345\n",
    ],
)
def test_the_same_words_are_not_added_twice(tmp_path, copy):
    first = add_text(tmp_path, DEBT)
    assert add_text(tmp_path, copy, "b") == first
    assert len(inbox_of(tmp_path)) == 1


def test_an_article_that_stands_among_the_seeds_is_not_added(tmp_path):
    done = hedui("add", SEEDS / "articles", "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "0 added, 5 known already, 0 refused" in done.stdout
    assert inbox_of(tmp_path / "data") == []


def test_a_file_without_words_is_refused(tmp_path):
    with opened(tmp_path) as inbox, pytest.raises(ArticleError, match="no text to read"):
        inbox.add(submit("……！！？？"), added_at="x")


def test_nothing_is_ever_overwritten(tmp_path):
    article_id = add_text(tmp_path, DEBT)
    file = tmp_path / "inbox" / f"{article_id}.txt"
    file.write_text("手工改过的另一篇文章，说的是别的事情。", encoding="utf-8")
    second = add_text(tmp_path, DEBT)
    assert second == f"{article_id}_2"
    assert file.read_text(encoding="utf-8").startswith("手工改过")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\nb", "=1+1", "..", "", "\u202egnp", "x" * 5000, "国" * 5000, "a/b\\c"]
)
def test_names_in_the_inbox_are_safe_whatever_the_source_was_called(tmp_path, name):
    article_id = add_text(tmp_path, DEBT, name)
    assert inbox_of(tmp_path) == [f"{article_id}.txt"]
    assert article_id.replace("_", "").replace("-", "").isalnum()
    assert len(f"{article_id}.details.json".encode()) < 255
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox"]


def test_a_title_for_many_articles_is_wrong_usage(tmp_path):
    assert hedui("add", tmp_path, "--title", "x", "--data-dir", tmp_path / "data").returncode == 2


def test_what_is_printed_of_an_article_cannot_steer_the_terminal(tmp_path):
    (tmp_path / "a.txt").write_text("# 国债\x1b]0;owned\x07\n" + DEBT, encoding="utf-8")
    done = hedui("add", tmp_path / "a.txt", "--data-dir", tmp_path / "data")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    (tmp_path / "debt.txt").write_text(DEBT, encoding="utf-8")
    done = hedui("add", tmp_path / "debt.txt", "--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_removing_keeps_the_files_beside_and_the_name_can_be_added_again(tmp_path):
    article_id = add_text(tmp_path, DEBT)
    done = hedui("remove", article_id, "no/such", "../x", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("is not in the inbox") == 2
    assert inbox_of(tmp_path) == []
    removed = tmp_path / "inbox" / "removed"
    assert {path.name for path in removed.iterdir()} == {f"{article_id}.txt", f"{article_id}.details.json"}
    assert add_text(tmp_path, DEBT) == article_id
    assert hedui("remove", article_id, "--data-dir", tmp_path).returncode == 0
    assert len(list(removed.iterdir())) == 4


def test_an_article_of_the_seeds_is_not_removed(tmp_path):
    done = hedui("remove", "000_65bdd269d1e7a802", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert "stands in another folder" in done.stderr


def test_details_left_by_a_killed_command_are_put_away(tmp_path):
    article_id = add_text(tmp_path, DEBT)
    (tmp_path / "inbox" / f"{article_id}.txt").unlink()
    (tmp_path / "inbox" / ".adding-1").write_bytes(b"half")
    with opened(tmp_path):
        pass
    assert sorted(path.name for path in (tmp_path / "inbox").iterdir() if not path.is_dir()) == [".lock"]


def run_add(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipelines.cli", "add", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def write_many(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"第{number}号报告：美国失业率为{number / 100:.2f}%，国债为{number}亿美元，市场的反应不大。"
            file.write(json.dumps({"text": text, "title": f"报告{number}", "published_on": "2025-01-01"}) + "\n")


def test_two_adds_at_once_add_everything_once(tmp_path):
    write_many(tmp_path / "many.jsonl", 300)
    both = [run_add(tmp_path / "many.jsonl", "--data-dir", tmp_path / "data") for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert len(inbox_of(tmp_path / "data")) == 300
    assert sum("300 known already" in out for out, _ in told) == 1


@pytest.mark.slow
def test_an_add_killed_at_any_moment_leaves_whole_articles_and_the_next_one_completes_it(tmp_path):
    write_many(tmp_path / "many.jsonl", 2_000)
    moments = random.Random(11)
    data = tmp_path / "data"
    for _ in range(15):
        adding = run_add(tmp_path / "many.jsonl", "--data-dir", data)
        time.sleep(moments.uniform(0.4, 2.5))
        adding.send_signal(signal.SIGKILL)
        adding.communicate()
        if not (data / "inbox").exists():
            continue
        for name in inbox_of(data):
            details = details_of(data, Path(name).stem)
            assert details["published_on"] == "2025-01-01"
            assert (data / "inbox" / name).read_text(encoding="utf-8").endswith("市场的反应不大。")
    assert hedui("add", tmp_path / "many.jsonl", "--data-dir", data).returncode == 0
    assert len(inbox_of(data)) == 2_000
    assert list((data / "inbox").glob(".adding-*")) == []
    assert len(list((data / "inbox").glob("*.details.json"))) == 2_000


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_refresh_reads_the_inbox_and_keeps_the_last_verdicts_of_what_was_removed(tmp_path):
    data = tmp_path / "data"
    (tmp_path / "debt.txt").write_text(DEBT, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert hedui("add", tmp_path / "page.html", "--data-dir", data).returncode == 0
    assert hedui("add", tmp_path / "debt.txt", "--published-on", "2025-01-15", "--data-dir", data).returncode == 0
    os.mkfifo(data / "inbox" / "pipe.txt")
    done = hedui("refresh", "--offline", "--quiet", "--data-dir", data)
    assert done.returncode == 0, done.stderr
    article_id = next(Path(name).stem for name in inbox_of(data) if name.startswith("debt_"))
    assert rows_of(data, "SELECT count(*), count(url) FROM articles") == [(7, 1)]
    assert rows_of(data, "SELECT reason FROM rejected_articles") == [
        ("it is a pipe, not a file; save the text in a file",)
    ]
    last = rows_of(
        data,
        f"SELECT claim_id, verdict_today FROM claims JOIN verdicts USING (claim_id) WHERE article_id = '{article_id}' ORDER BY ALL",
    )
    assert last
    (data / "inbox" / "pipe.txt").unlink()
    assert hedui("remove", article_id, "--data-dir", data).returncode == 0
    assert hedui("refresh", "--offline", "--quiet", "--data-dir", data).returncode == 0
    assert rows_of(data, "SELECT count(*) FROM articles") == [(6,)]
    assert rows_of(data, "SELECT article_id, published_on::VARCHAR FROM removed_articles") == [
        (article_id, "2025-01-15")
    ]
    assert rows_of(data, "SELECT claim_id, verdict_today FROM removed_claims ORDER BY ALL") == last
