import hashlib
import json
import subprocess
import sys
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


def test_a_statement_alone_is_judged(published):
    options = ("--published-on", "2025-11-19", "--format", "json", "--data-dir", published)
    (claim,) = judged(hedui("check", "美国国债总额持续上升。", *options))
    assert (claim["kind"], claim["verdict_today"]) == ("direction", "supported")


def test_a_check_loads_nothing_that_only_a_refresh_needs():
    code = "import sys, pipelines.orchestration.text_checks; print(sorted({'dagster', 'pandera', 'polars', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_explanation_comes_in_each_language(published):
    options = ("--published-on", "2025-11-19", "--data-dir", published, "--language")
    told = {code: hedui("check", DEBT, *options, code).stdout for code in ("en", "zh", "zh_hant")}
    assert "Today: supported." in told["en"]
    assert "今日：属实。" in told["zh"]
    assert "今日：屬實。" in told["zh_hant"]


def test_the_help_names_the_languages():
    assert "zh_hant" in hedui("check", "--help", COLUMNS="200").stdout


def test_a_checked_claim_comes_with_page_and_licence_of_its_source(published):
    options = ("--published-on", "2025-11-19", "--format", "json", "--data-dir", published)
    (claim,) = judged(hedui("check", DEBT, *options))
    assert claim["source_url"].startswith("https://fiscaldata.treasury.gov/")
    assert "public domain" in claim["source_licence"]
    assert (claim["warning_en"], claim["same_story_as"]) == (None, None)


# What is said of well-known figures, and what a careful statistician would sign of it by the figures held offline: then, today.
SIGNED = [
    ("2020-05-09", "美国4月失业率飙升至14.7%。", "supported", "supported"),  # 14.8 now: within the last digit
    (
        "2022-07-14",
        "美国6月CPI同比上涨9.1%。",
        "not_enough_evidence",
        "not_enough_evidence",
    ),  # adjusted for the season: 9.0
    ("2022-07-29", "美国第二季度GDP环比折年率下降0.9%。", "supported", "refuted"),
    ("2025-10-31", "2025年9月，美国国债平均利率为3.36%。", "not_enough_evidence", "not_enough_evidence"),
    ("2025-03-01", "2024财年，美国净利息支出占GDP的3.1%。", "not_enough_evidence", "not_enough_evidence"),
    ("2025-11-19", "截至2025年10月底，美国国债总额为35万亿美元。", "refuted", "refuted"),
    ("2024-09-07", "美国8月非农就业人口增加14.2万人。", "not_enough_evidence", "refuted"),  # first published as 142,000
    ("2025-10-20", "2025财年美国联邦赤字为1.78万亿美元。", "supported", "supported"),
    ("2025-10-20", "2025财年美国联邦赤字达2.5万亿美元。", "not_enough_evidence", "refuted"),
    ("2025-10-20", "2025财年，美国联邦赤字同比减少3%。", "supported", "supported"),
    ("2025-03-01", "预计到2035年美国联邦债务将达到GDP的180%。", "refuted", "not_enough_evidence"),
]


def test_verdicts_on_well_known_figures_are_such_as_one_would_sign(published, tmp_path):
    by_day: dict[str, list[tuple[str, str, str]]] = {}
    for day, text, then, today in SIGNED:
        by_day.setdefault(day, []).append((text, then, today))
    for day, said in by_day.items():
        file = tmp_path / f"{day}.txt"
        file.write_text("\n\n".join(text for text, _, _ in said), encoding="utf-8")
        options = ("--published-on", day, "--format", "json", "--data-dir", published)
        claims = [claim for claim in judged(hedui("check", file, *options)) if claim["kind"] == "quantity"]
        found = [(claim["sentence"], claim["verdict_when_published"], claim["verdict_today"]) for claim in claims]
        assert found == said
