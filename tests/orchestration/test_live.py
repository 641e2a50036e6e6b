import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import hedui
from tests.official.local_services import LocalServices, answers


@pytest.fixture
def services():
    with LocalServices() as local:
        local.keep_only("UNRATE", "A191RL1Q225SBEA", debt_days=700)
        yield local


def refresh(services: LocalServices, articles: Path, data: Path, *options: str):
    return hedui("refresh", "--articles", articles, "--data-dir", data, *options, **services.environment)


def rows_of(data: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_live_figures_of_all_services_reach_the_verdicts_and_the_key_reaches_no_file(
    services, article_folder, tmp_path
):
    data = tmp_path / "data"
    done = refresh(services, article_folder, data)
    assert done.returncode == 0, done.stderr
    states = dict(rows_of(data, "SELECT source, state FROM sources"))
    assert states == dict.fromkeys(("fred", "treasury", "cbo", "sec"), "live")
    ((origin, sha256),) = rows_of(
        data,
        "SELECT origin, download_sha256 FROM observations WHERE series_id = 'DEBT_TO_PENNY.total' AND period_end = DATE '2025-01-15' AND known_until IS NULL",
    )
    assert origin == "live"
    assert list((data / "downloads").rglob(f"*{sha256}*"))
    (journal,) = (data / "downloads" / "runs").glob("*.jsonl")
    given = json.loads(journal.read_text(encoding="utf-8").splitlines()[0])
    assert given["as_of"]["UNRATE"] == ["2025-01-15"]  # the day of the article that speaks of it
    assert rows_of(data, "SELECT verdict_when_published FROM claim_checks WHERE metric = 'federal_debt'") == [
        ("supported",)
    ]
    written = [path for path in data.rglob("*") if path.is_file() and services.fred.key.encode() in path.read_bytes()]
    assert written == []
    assert services.fred.key not in done.stdout + done.stderr


def test_an_unchanged_service_changes_nothing_and_a_revision_opens_one_row(services, article_folder, tmp_path):
    data, unrate = (
        tmp_path / "data",
        "SELECT value, known_until FROM observations WHERE series_id = 'UNRATE' AND period_start = DATE '2026-06-01' ORDER BY known_from",
    )
    assert refresh(services, article_folder, data).returncode == 0
    before = rows_of(data, "FROM observations ORDER BY ALL")
    assert "Nothing had changed" in refresh(services, article_folder, data).stdout
    services.fred.revise("UNRATE", "2026-06-01", "9.9", services.today, at=datetime.now(UTC))
    assert refresh(services, article_folder, data).returncode == 0
    after = rows_of(data, "FROM observations ORDER BY ALL")
    assert len(after) == len(before) + 1
    *_, (_, closed_on), (newest, still_open) = rows_of(data, unrate)
    assert (newest, still_open) == (9.9, None)
    assert closed_on is not None


def test_a_day_on_which_every_service_fails_is_told_and_changes_no_figure_and_a_replay_gives_them_again(
    services, article_folder, tmp_path
):
    data, everything = tmp_path / "data", "FROM observations ORDER BY ALL"
    assert refresh(services, article_folder, data).returncode == 0
    figures, answered = (
        rows_of(data, everything),
        rows_of(data, "SELECT series_id, answered_at FROM series_states ORDER BY ALL"),
    )
    services.fail("", *[answers(403, "<html>Forbidden</html>", "text/html")] * 500)
    failed = refresh(services, article_folder, data)
    assert failed.returncode == 0
    assert {state for (state,) in rows_of(data, "SELECT state FROM sources")} == {"failed"}
    assert "sources_answered" in failed.stdout
    assert services.fred.key not in failed.stdout + failed.stderr
    assert rows_of(data, everything) == figures
    assert rows_of(data, "SELECT series_id, answered_at FROM series_states ORDER BY ALL") == answered
    services.requests.clear()
    replayed = refresh(services, article_folder, data, "--replay")
    assert replayed.returncode == 0, replayed.stderr
    assert services.requests == []
    assert rows_of(data, everything) == figures


def test_a_replay_and_offline_exclude_each_other(tmp_path):
    told = hedui("refresh", "--replay", "--offline", "--data-dir", tmp_path)
    assert told.returncode == 2
    assert "asks nobody anyway" in told.stderr
