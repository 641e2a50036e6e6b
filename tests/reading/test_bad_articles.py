"""Every kind of bad article, made in the real file system, with its defined answer; docs/articles.md lists them."""

import os
import random
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import ArticleError, SeedError
from pipelines.reading.articles import MOST_BYTES, list_articles, read_article, read_file, read_given_details
from pipelines.reading.claims import find_claims
from pipelines.reading.invisible import escape_invisible, make_one_line
from tests.conftest import hedui

BODY = "美国财政部周三公布，2025财年联邦预算赤字为1.8万亿美元，国会对此表示担忧，市场的反应不大。\n"


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ArticleError) as raised:
        read_article(path)
    return str(raised.value)


def reasons(folder: Path) -> dict[str, str]:
    return {Path(rejected.path).name: rejected.reason for rejected in list_articles([folder]).rejected}


def names(folder: Path) -> list[str]:
    return [path.name for path, _ in list_articles([folder]).articles]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ("\u3000\u3000\n".encode(), "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "zero byte at 8"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Filter/FlateDecode>>stream\nx\x9c\xed", "save it as UTF-8"),
        (random.Random(1).randbytes(5000).replace(b"\0", b"\1"), "save it as UTF-8"),
        (BODY.encode() + b"\0", "zero byte"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 50, "control characters"),
        (BODY.encode() * 300 + b"\x01\x02\x03\x04" * 2000, "control characters"),
        (BODY.encode("utf-16-le"), "zero byte"),
        (BODY.encode("utf-32"), "UTF-32"),
        (b"\xff\xfe" + b"\x00\xd8" * 40, "save it as UTF-8"),
        (b"\xff\xfe\x00\x01binary", "save the article as UTF-8"),
        (BODY.encode()[:-6] + BODY.encode(), "save it as UTF-8"),
        (BODY.encode()[:-5], "save it as UTF-8"),
        (BODY.encode() + BODY.encode("gb18030"), "save it as UTF-8"),
        (b"\xff\xfa\x80\x81" * 40, "save it as UTF-8"),
        ("国债为\u202e18\u202c万亿美元。", "bidirectional override at character 3"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path, content, word):
    told = refusal(write(tmp_path / "bad.txt", content))
    assert word in told
    assert "bad.txt" in told


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings_that_can_be_told_are_read(tmp_path, codec):
    article = read_article(write(tmp_path / "a.txt", BODY.encode(codec)))
    assert article.text.removeprefix("\ufeff") == BODY


def test_utf_16_of_the_other_byte_order_is_read(tmp_path):
    article = read_article(write(tmp_path / "a.txt", b"\xfe\xff" + BODY.encode("utf-16-be")))
    assert (article.text, article.encoding) == ("\ufeff" + BODY, "utf-16")


@pytest.mark.parametrize(
    "text",
    [
        "国债为3\u200b8万亿美元，\u2066失业率\u2069为4.1%\u200f。",
        "<script>alert('38万亿美元')</script>\n" + BODY,
        "'; DROP TABLE articles; -- 国债为38万亿美元。",
        "=cmd|' /C calc'!A0 国债为38万亿美元。",
        "{0} {unit} %s %(x)s $(reboot) `reboot` 国债为38万亿美元。",
        "[red]国债[/red]为38万亿美元。\x1b[31m\x07",
        "国债\u0301\u0302\u0303为38万亿美元。" + "\u0301" * 5000,
        "<div>" * 20_000 + BODY,
        "<!--" * 20_000 + BODY,
        "[" * 20_000 + BODY,
        "(" * 20_000 + "。" + BODY,
        "![" * 20_000 + BODY,
        "---\n" * 5_000 + BODY,
        "9" * 30_000 + BODY,
        "一" * 30_000 + BODY,
        "万亿" * 15_000 + BODY,
        BODY.replace("\n", "") * 300,
    ],
)
def test_odd_text_is_read_as_it_stands_and_every_quote_stands_at_its_offsets(tmp_path, text):
    article = read_article(write(tmp_path / "odd.txt", text))
    assert article.text == text
    reading = find_claims(article)
    assert all(text[claim.quote_start : claim.quote_end] == claim.quote for claim in reading.claims)
    assert all(text[p.passage_start : p.passage_end] == p.passage for p in reading.rejected_passages)


def test_titles_and_publishers_are_one_visible_line(tmp_path):
    html = "<html><head><title>国债\u202e38\u200b万亿\x1b[31m\n\t=1+1 </title></head><body>" + BODY
    path = write(tmp_path / "a.html", html.replace("\u202e", "&#8238;"))
    assert read_article(path).title == "国债38万亿[31m =1+1"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("a\nb", "a\\nb"), ("\x1b[2J", "\\x1b[2J"), ("\u202e", "\\u202e"), ("\udcff", "\\udcff"), ("国", "国")],
)
def test_invisible_characters_are_shown_as_escapes(written, shown):
    assert escape_invisible(written) == shown


def test_a_line_of_nothing_visible_is_no_title():
    assert make_one_line("\u200b \u202e\n") is None


def test_a_file_larger_than_an_article_is_refused_without_being_read(tmp_path):
    path = write(tmp_path / "huge.txt", "")
    os.truncate(path, 200_000_000)
    started = time.perf_counter()
    assert f"holds 200,000,000 bytes, more than an article ({MOST_BYTES:,})" in refusal(path)
    assert time.perf_counter() - started < 0.5


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "is a pipe, not a file" in refusal(tmp_path / "pipe.txt")
    assert "it is a pipe" in reasons(tmp_path)["pipe.txt"]


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        assert "is a socket, not a file" in refusal(tmp_path / "socket.txt")


def test_a_device_is_refused(tmp_path):
    assert "is a device, not a file" in refusal(Path("/dev/zero"))
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    assert "leads out of the folder" in reasons(tmp_path)["zero.txt"]


def test_a_folder_named_like_an_article_is_told_and_other_folders_are_passed_over(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "page_files").mkdir()
    write(tmp_path / "a.txt", BODY)
    assert reasons(tmp_path) == {"folder.txt": "it is a folder, not a file; save the text in a file"}
    assert "is a folder" in refusal(tmp_path / "folder.txt")


def test_links_that_lead_out_of_the_folder_or_nowhere_are_refused(tmp_path):
    outside = write(tmp_path / "secret.txt", BODY)
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / "a.txt", BODY)
    (folder / "inside.txt").symlink_to("a.txt")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    (folder / "round.txt").symlink_to("round.txt")
    assert names(folder) == ["a.txt", "inside.txt"]
    assert set(reasons(folder)) == {"out.txt", "up.txt", "nowhere.txt", "round.txt"}


def test_a_folder_that_is_itself_a_link_is_read(tmp_path):
    (tmp_path / "real").mkdir()
    write(tmp_path / "real" / "a.txt", BODY)
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a.txt"]


@pytest.mark.parametrize(
    "name", ['it\'s "quoted".txt', "a..b.txt", "-rf.txt", "$(reboot).txt", "%s{0}.txt", "=1+1.txt", "国债 38万亿.TXT"]
)
def test_file_names_that_can_be_seen_are_names(tmp_path, name):
    path = write(tmp_path / name, BODY)
    assert names(tmp_path) == [name]
    assert read_article(path).article_id == path.stem


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"line\nbreak.txt", "line\\nbreak.txt"),
        (b"\x1b[31mred.txt", "\\x1b[31mred.txt"),
        ("txt.\u202eexe.txt".encode(), "txt.\\u202eexe.txt"),
        (b"\xff\xfe.txt", "\\udcff\\udcfe.txt"),
    ],
)
def test_file_names_that_cannot_be_seen_are_refused_and_shown_escaped(tmp_path, name, shown):
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123  # no path of text holds such a name
        file.write(BODY.encode())
    write(tmp_path / "a.txt", BODY)
    assert names(tmp_path) == ["a.txt"]
    ((path, reason),) = reasons(tmp_path).items()
    assert path == shown
    assert "rename it" in reason


def test_a_file_named_by_itself_is_refused_for_such_a_name_too(tmp_path):
    path = write(tmp_path / "line\nbreak.txt", BODY)
    assert [rejected.path for rejected in list_articles([path]).rejected] == [f"{tmp_path}/line\\nbreak.txt"]


def test_other_files_in_the_folder_are_told_but_for_notes_and_hidden_ones(tmp_path):
    for name in ("a.txt", "report.pdf", "a.txt~", "README", "notes.md", "LICENSE", ".DS_Store", "Notes on debt.txt"):
        write(tmp_path / name, BODY)
    assert names(tmp_path) == ["Notes on debt.txt", "a.txt"]
    assert set(reasons(tmp_path)) == {"report.pdf", "a.txt~"}


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    path = write(tmp_path / "closed.txt", BODY)
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # nobody: root may read everything
    try:
        assert "closed.txt cannot be read (Permission denied); check its permissions" in refusal(path)
    finally:
        if is_root:
            os.seteuid(0)


def test_a_file_whose_disk_fails_is_refused():
    assert "cannot be read" in refusal(Path("/proc/self/mem"))


def test_a_file_that_keeps_changing_is_refused_and_read_once_it_is_written(tmp_path):
    path = write(tmp_path / "growing.txt", BODY * 40_000)
    grow = "import sys; file = open(sys.argv[1], 'ab', buffering=0)\nwhile True: file.write(b'x' * 10); file.truncate(5_000_000) if file.tell() > 9_000_000 else None"
    writer = subprocess.Popen([sys.executable, "-c", grow, str(path)])
    try:
        deadline, told = time.monotonic() + 60, ""
        while not told and time.monotonic() < deadline:
            try:
                read_file(path)
            except ArticleError as error:
                told = str(error)
        assert "changes while it is read" in told
    finally:
        writer.kill()
        writer.wait()
    assert len(read_file(path)) == path.stat().st_size


def test_a_text_longer_than_any_article_is_refused(tmp_path):
    assert "300,000 characters" in refusal(write(tmp_path / "long.txt", BODY * 8_000))


def test_the_command_tells_what_of_a_folder_it_does_not_read_and_reads_the_rest(tmp_path):
    write(tmp_path / "a.txt", BODY)
    os.mkfifo(tmp_path / "pipe.txt")
    done = hedui("read", tmp_path)
    assert done.returncode == 1
    assert "pipe.txt: it is a pipe" in done.stderr
    assert '"quote": "1.8万亿美元"' in done.stdout


def test_ten_thousand_tiny_files_are_listed_in_a_few_seconds(tmp_path):
    for number in range(10_000):
        (tmp_path / f"{number:05}.txt").write_bytes(b"x")
    started = time.perf_counter()
    assert len(list_articles([tmp_path]).articles) == 10_000
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("article,published_on,publised_on\na,,\n", "nothing reads a column 'publised_on'; write published_on"),
        ("article,published_on,title,title\na,,,\n", "stands there twice"),
        ("article,published_on\na,2025-01-01,too,many\n", "line 2: it has more cells"),
        ("article,published_on\na,2025-13-01\n", "line 2.*YYYY-MM-DD"),
        ('article,published_on\n"a,2025-01-01\n' + "x" * 200_000, "is not CSV"),
        ("article,published_on\n\0,\n", "articles.csv"),
    ],
)
def test_a_list_of_details_that_is_wrong_stops_with_its_line(tmp_path, content, message):
    path = write(tmp_path / "articles.csv", content)
    with pytest.raises(SeedError, match=message):
        read_given_details(path)


def test_columns_of_ones_own_do_no_harm(tmp_path):
    path = write(
        tmp_path / "articles.csv", "article,published_on,script,topic,notes\na,2025-01-01,hant,jobs,read twice\n"
    )
    assert read_given_details(path)["a"].published_on == date(2025, 1, 1)


def test_a_list_of_details_that_leads_out_of_the_folder_is_refused(tmp_path):
    write(tmp_path / "a.txt", BODY)
    (tmp_path / "articles.csv").symlink_to("/etc/passwd")
    with pytest.raises(SeedError, match="leads out of the folder"):
        list_articles([tmp_path])


def test_a_list_of_details_that_is_a_pipe_is_refused(tmp_path):
    write(tmp_path / "a.txt", BODY)
    os.mkfifo(tmp_path / "articles.csv")
    with pytest.raises(SeedError, match="is a pipe"):
        list_articles([tmp_path])


def test_details_of_articles_that_are_not_there_are_told_with_their_line(tmp_path):
    write(tmp_path / "a.txt", BODY)
    write(tmp_path / "articles.csv", "article,published_on\na,2025-01-01\nmissing,2025-01-01\n")
    ((path, reason),) = reasons(tmp_path).items()
    assert path == "articles.csv, line 3"
    assert "names missing" in reason


def test_details_of_a_refused_article_are_not_told_twice(tmp_path):
    write(tmp_path / "a.txt", BODY)
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "articles.csv", "article,published_on\npipe,2025-01-01\n")
    assert set(reasons(tmp_path)) == {"pipe.txt"}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "no JSON object"),
        ('{"publised_on": "2025-01-01"}', "nothing reads 'publised_on'"),
        ('{"published_on": "soon"}', "no date"),
        ('{"title": 5}', "is no text"),
        (b"\xff", "is not JSON"),
    ],
)
def test_an_article_whose_details_are_broken_is_refused_and_the_others_are_read(tmp_path, content, word):
    write(tmp_path / "a.txt", BODY)
    write(tmp_path / "b.txt", BODY)
    write(tmp_path / "a.details.json", content)
    assert names(tmp_path) == ["b.txt"]
    assert word in reasons(tmp_path)["a.txt"]
