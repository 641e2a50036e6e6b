import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.places import ROOT
from tests.conftest import hedui

ARTICLES = sorted((ROOT / "seeds" / "articles").glob("*.txt"))


def test_read_prints_one_json_object_a_claim_with_the_passage_at_its_offsets():
    done = hedui("read", *ARTICLES)
    assert done.returncode == 0, done.stderr
    texts = {path.stem: path.read_text(encoding="utf-8") for path in ARTICLES}
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    assert {claim["article"] for claim in claims} == set(texts)
    assert all(texts[claim["article"]][claim["start"] : claim["end"]] == claim["quote"] for claim in claims)


def test_read_prints_statements_without_a_figure_only_where_asked(tmp_path):
    article = tmp_path / "jobs.txt"
    article.write_text("美国失业率连续三个月上升，现为4.1%。", encoding="utf-8")
    kinds = {
        options: [json.loads(line)["kind"] for line in hedui("read", article, *options).stdout.splitlines()]
        for options in ((), ("--statements",))
    }
    assert kinds == {(): ["quantity"], ("--statements",): ["streak", "quantity"]}


def test_read_heeds_the_days_beside_a_file_and_the_one_on_the_command_line(article_folder):
    assert "2025-01-15" in hedui("read", article_folder / "debt.txt").stdout
    assert "2024-12-31" in hedui("read", article_folder / "debt.txt", "--published-on", "2024-12-31").stdout


def test_read_goes_on_after_a_file_that_it_cannot_read(article_folder):
    done = hedui("read", article_folder / "missing.txt", article_folder / "debt.txt")
    assert done.returncode == 1
    assert "missing.txt does not exist" in done.stderr.replace("\n", " ")
    assert len(done.stdout.splitlines()) >= 2


def test_read_loads_neither_dagster_nor_a_database_nor_the_network():
    code = (
        "import sys; from typer.testing import CliRunner; from pipelines.cli import app\n"
        f"result = CliRunner().invoke(app, ['read', {str(ARTICLES[0])!r}])\n"
        "assert result.exit_code == 0 and result.stdout\n"
        "print(sorted(set(sys.modules) & {'dagster', 'duckdb', 'requests', 'polars'}))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout.strip()
        == "[]"
    )


def test_sql_answers_as_csv_json_and_table(published):
    query = "SELECT article_id, count(*) AS claims FROM claims GROUP BY ALL ORDER BY ALL"
    as_csv = list(csv.reader(io.StringIO(hedui("sql", query, "--format", "csv", "--data-dir", published).stdout)))
    as_json = json.loads(hedui("sql", query, "--format", "json", "--data-dir", published).stdout)
    assert as_csv[0] == ["article_id", "claims"]
    assert [[row["article_id"], str(row["claims"])] for row in as_json] == as_csv[1:]
    assert as_csv[1][0] in hedui("sql", query, "--data-dir", published).stdout


def test_sql_reads_the_query_from_standard_input(published):
    assert hedui("sql", "-f", "csv", "--data-dir", published, stdin="SELECT 6 * 7 AS answer;").stdout == "answer\n42\n"


@pytest.mark.parametrize("query", ["DELETE FROM claims", "SELECT nonsense FROM claims", "SELEC"])
def test_sql_refuses_what_it_cannot_do_and_says_why(published, query):
    done = hedui("sql", query, "--data-dir", published)
    assert done.returncode == 1
    assert done.stderr.startswith("hedui:")
    assert "Traceback" not in done.stderr


def test_sql_without_a_warehouse_says_what_to_do(tmp_path):
    done = hedui("sql", "SELECT 1", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert "hedui refresh" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["refresh", "--articles", "no/such/file.txt"],
        ["refresh", "--nonsense"],
        ["read"],
        ["sql", "--format", "xml", "SELECT 1"],
        ["read", "x.txt", "--published-on", "soon"],
    ],
)
def test_wrong_usage_ends_with_2(arguments, tmp_path):
    assert hedui(*arguments).returncode == 2


@pytest.mark.parametrize("command", [[], ["refresh"], ["read"], ["sql"], ["ui"]])
def test_help_teaches(command):
    done = hedui(*command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_values_from_articles_cannot_style_the_terminal(published):
    done = hedui("sql", "SELECT '[red]x[/red]' AS a", "--data-dir", published)
    assert "[red]x[/red]" in done.stdout


def test_a_command_ends_with_all_of_its_output_and_its_exit_code(published):
    done = hedui("sql", "SELECT range FROM range(100_000)", "-f", "csv", "--data-dir", published)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 100_001)


def test_a_command_whose_reader_goes_away_shows_no_traceback(published):
    command = [sys.executable, "-m", "pipelines.cli", "sql", "SELECT range FROM range(100_000)", "-f", "csv"]
    with subprocess.Popen(
        [*command, "--data-dir", str(published)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as done:
        assert done.stdout
        assert done.stderr
        assert done.stdout.readline() == "range\n"
        done.stdout.close()
        assert "Traceback" not in done.stderr.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_that_cannot_be_written_ends_with_its_cause(published):
    command = [sys.executable, "-m", "pipelines.cli", "sql", "FROM claims", "--data-dir", str(published)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert "could not be written: No space left" in done.stderr
    assert "Traceback" not in done.stderr
