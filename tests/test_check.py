import hashlib
import json
import subprocess
from typing import Any

import duckdb

from pipelines.places import ROOT
from tests.conftest import hedui

DEBT = "美国国债已突破38万亿美元"


def judged(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    claims: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    return claims


def test_a_text_is_judged_at_once(published):
    (claim,) = judged(hedui("check", DEBT, "--published-on", "2025-11-19", "--format", "json", "--data-dir", published))
    assert (claim["quote"], claim["metric"]) == ("38万亿美元", "federal_debt")
    assert (claim["verdict_when_published"], claim["verdict_today"]) == ("supported", "supported")
    assert claim["official_when_published"] > 38e12


def test_the_day_decides_what_was_known(published):
    options = ("--published-on", "2023-06-30", "--format", "json", "--data-dir", published)
    (claim,) = judged(hedui("check", f"截至2023年6月29日，{DEBT}", *options))
    assert claim["verdict_when_published"] == "refuted"


def test_the_same_text_comes_from_a_file_or_from_standard_input(published, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(DEBT, encoding="utf-8")
    options = ("--published-on", "2025-11-19", "--format", "json", "--data-dir", published)
    verdicts = [
        judged(hedui("check", file, *options)),
        judged(hedui("check", "-", *options, stdin=DEBT)),
        judged(hedui("check", *options, stdin=DEBT)),
    ]
    assert [[claim["explanation_en"] for claim in claims] for claims in verdicts] == 3 * [
        [claim["explanation_en"] for claim in verdicts[0]]
    ]


def test_saved_html_is_read_as_an_article(published, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><head><script>var x='99万亿美元'</script></head><body><p>{DEBT}。</p></body></html>", encoding="utf-8"
    )
    claims = judged(hedui("check", page, "--published-on", "2025-11-19", "--format", "json", "--data-dir", published))
    assert [claim["quote"] for claim in claims] == ["38万亿美元"]


def test_an_article_gets_the_verdicts_that_a_refresh_gives_it(published):
    article = next((ROOT / "seeds" / "articles").glob("002_*.txt"))
    columns = ("claim_id", "verdict_when_published", "verdict_today", "explanation_en", "flips_at")
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as warehouse:
        day, refreshed = (
            warehouse.execute(query).fetchall()
            for query in (
                f"SELECT published_on::VARCHAR FROM articles WHERE article_id = '{article.stem}'",
                f"SELECT {', '.join(columns)} FROM claim_checks WHERE article_id = '{article.stem}' ORDER BY ALL",
            )
        )
    checked = judged(hedui("check", article, "--published-on", day[0][0], "--format", "json", "--data-dir", published))
    assert sorted(tuple(claim[name] for name in columns) for claim in checked) == refreshed


def test_the_warehouse_is_not_touched(published):
    before = hashlib.sha256((published / "warehouse.duckdb").read_bytes()).digest()
    files = sorted(path.name for path in published.iterdir())
    assert hedui("check", DEBT, "--data-dir", published).returncode == 0
    assert hashlib.sha256((published / "warehouse.duckdb").read_bytes()).digest() == before
    assert sorted(path.name for path in published.iterdir()) == files


def test_people_read_verdict_and_reason_on_the_terminal(published):
    done = hedui("check", DEBT, "--published-on", "2025-11-19", "--data-dir", published)
    assert "then supported  today supported" in done.stdout
    assert "Claimed: over $38 trillion" in done.stdout
    assert "published 2025-11-19, as given; 1 claim" in done.stdout


def test_without_a_warehouse_the_cure_is_named(tmp_path):
    done = hedui("check", DEBT, "--data-dir", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `hedui refresh` first" in done.stderr


def test_an_empty_text_is_wrong_usage(published):
    assert hedui("check", "-", "--data-dir", published, stdin=" \n").returncode == 2


def test_a_text_without_claims_gives_none(published):
    done = hedui("check", "今天天气很好。", "--data-dir", published)
    assert (done.returncode, "0 claims" in done.stdout) == (0, True)
