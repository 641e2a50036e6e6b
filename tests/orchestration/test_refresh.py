import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.places import ROOT, SQL
from pipelines.warehouse.contracts import columns_of, description_of
from pipelines.warehouse.queries import read_questions
from pipelines.warehouse.tables import CONTRACTS
from tests.conftest import hedui

LABELS = ROOT / "tests" / "labels"
HISTORY = {"refreshes"}


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_table_is_published_with_its_comments(published, name):
    described = rows_of(
        published,
        f"SELECT comment FROM duckdb_tables() WHERE table_name = '{name}' UNION ALL SELECT comment FROM duckdb_views() WHERE view_name = '{name}'",
    )
    assert described == [(description_of(CONTRACTS[name]),)]
    columns = rows_of(
        published,
        f"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '{name}' ORDER BY column_index",
    )
    assert [column for column, _ in columns] == [column.name for column in columns_of(CONTRACTS[name])]
    assert all(comment for _, comment in columns)


def test_claim_checks_has_a_row_for_every_claim_of_the_five_articles(published):
    assert rows_of(published, "SELECT (SELECT count(*) FROM claims) = (SELECT count(*) FROM claim_checks)") == [(True,)]
    assert rows_of(published, "SELECT count(DISTINCT article_id) FROM claim_checks") == [(5,)]


@pytest.mark.parametrize(
    "label",
    [json.loads(line) for line in (LABELS / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()],
    ids=lambda label: f"{label['article'][:3]}-{label['quote'][:12]}",
)
def test_verdicts_are_those_that_a_careful_judge_could_give(published, label):
    found = rows_of(
        published,
        "SELECT verdict_when_published, verdict_today, explanation_en FROM claim_checks JOIN claims USING (claim_id, article_id) "
        f"WHERE article_id = '{label['article']}' AND claims.quote_start < {label['end']} AND claims.quote_end > {label['start']} AND claims.kind = 'quantity'",
    )
    quantities = {
        (json.loads(line)["article"], json.loads(line)["start"])
        for line in (LABELS / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
    }
    if (label["article"], label["start"]) not in quantities:
        return  # a statement without a magnitude, which no claim of a quantity covers
    assert len(found) == 1
    assert found[0][0] in label["accept_when_published"], found[0][2]
    assert found[0][1] in label["accept_today"], found[0][2]


def test_no_claim_of_the_five_articles_is_wrongly_refuted(published):
    judged = rows_of(
        published,
        "SELECT article_id, quote_start, quote FROM claim_checks WHERE 'refuted' IN (verdict_today, verdict_when_published)",
    )
    labels = [json.loads(line) for line in (LABELS / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    allowed = {
        (label["article"], label["start"])
        for label in labels
        if "refuted" in label["accept_today"] + label["accept_when_published"]
    }
    assert [row for row in judged if row[:2] not in allowed] == []


@pytest.mark.parametrize("question", read_questions(SQL / "questions"), ids=lambda question: question.name)
def test_ready_questions_have_answers(published, question):
    assert question.title.endswith("?")
    answered = rows_of(published, question.text)
    assert answered or question.name in ("contradicted_claims", "verdicts_that_differ_between_the_days")


def test_every_evidence_query_shows_the_deciding_value(published):
    told = rows_of(
        published,
        "SELECT v.evidence_sql, c.basis, c.series_id, c.official_value FROM verdicts v JOIN comparisons c USING (claim_id, series_id)",
    )
    assert told
    for query, basis, series_id, value in told:
        evidence = [row[2] for row in rows_of(published, query) if row[:2] == (basis, series_id)]
        assert any(value == pytest.approx(found, rel=1e-12) for found in evidence), query


def test_a_second_refresh_does_no_work_twice_and_changes_only_its_own_record(published, tmp_path):
    before = {name: rows_of(published, f'FROM "{name}" ORDER BY ALL') for name in CONTRACTS}
    again = hedui("refresh", "--offline", "--data-dir", published)
    assert again.returncode == 0, again.stderr
    assert "Nothing had changed" in again.stdout
    after = {name: rows_of(published, f'FROM "{name}" ORDER BY ALL') for name in CONTRACTS}
    assert {name for name in CONTRACTS if before[name] != after[name]} == HISTORY
    assert len(after["refreshes"]) == len(before["refreshes"]) + 1


def test_an_article_that_cannot_be_read_is_noted_and_does_not_stop_the_others(article_folder, tmp_path):
    (article_folder / "broken.txt").write_bytes(b"\xff\xfe\x00\x01binary")
    done = hedui("refresh", "--offline", "--articles", article_folder, "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert rows_of(tmp_path / "data", "SELECT article_id FROM articles") == [("debt",)]
    ((path, reason),) = rows_of(tmp_path / "data", "FROM rejected_articles")
    assert path.endswith("broken.txt")
    assert "UTF-8" in reason
    assert "not read" in done.stdout


def test_days_given_beside_the_articles_are_used(article_folder, tmp_path):
    assert (
        hedui("refresh", "--offline", "--quiet", "--articles", article_folder, "--data-dir", tmp_path / "data").stdout
        == ""
    )
    ((day, basis),) = rows_of(tmp_path / "data", "SELECT published_on::VARCHAR, published_on_basis FROM articles")
    assert (day, basis) == ("2025-01-15", "given")
    ((verdict, official),) = rows_of(
        tmp_path / "data",
        "SELECT verdict_when_published, official_when_published FROM claim_checks WHERE metric = 'federal_debt'",
    )
    assert verdict == "supported"
    assert 36.0e12 < official < 36.4e12


def test_a_reread_article_that_changed_leaves_the_unchanged_first_reading_time(article_folder, tmp_path):
    (article_folder / "rates.txt").write_text("美国10年期国债收益率为4.5%。", encoding="utf-8")
    hedui("refresh", "--offline", "--quiet", "--articles", article_folder, "--data-dir", tmp_path / "data")
    before = dict(rows_of(tmp_path / "data", "SELECT article_id, ingested_at::VARCHAR FROM articles"))
    (article_folder / "rates.txt").write_text("美国10年期国债收益率为4.6%。", encoding="utf-8")
    hedui("refresh", "--offline", "--quiet", "--articles", article_folder, "--data-dir", tmp_path / "data")
    after = dict(rows_of(tmp_path / "data", "SELECT article_id, ingested_at::VARCHAR FROM articles"))
    assert after["debt"] == before["debt"]
    assert after["rates"] != before["rates"]


def test_a_service_out_of_reach_is_said_and_the_figures_held_serve(tmp_path, article_folder):
    done = hedui("refresh", "--articles", article_folder, "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    states = {
        source: (state, reason)
        for source, state, reason in rows_of(tmp_path / "data", "SELECT source, state, reason FROM sources")
    }
    assert states["treasury"][0] == "failed"
    assert "FRED_API_KEY" in states["fred"][1]
    assert rows_of(tmp_path / "data", "SELECT count(*) > 20000 FROM observations") == [(True,)]


def test_a_folder_without_articles_fails_and_publishes_nothing(tmp_path):
    (tmp_path / "empty").mkdir()
    done = hedui("refresh", "--offline", "--articles", tmp_path / "empty", "--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert "holds no article" in done.stderr
    assert not (tmp_path / "data" / "warehouse.duckdb").exists()
