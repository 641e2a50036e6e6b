from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import hedui
from tests.official.local_services import LocalServices


@pytest.fixture
def services():
    with LocalServices() as local:
        local.keep_only("UNRATE", "A191RL1Q225SBEA", debt_days=700)
        yield local


def refresh(services: LocalServices, articles: Path, data: Path):
    return hedui(
        "refresh", "--articles", articles, "--data-dir", data,
        HEDUI_FRED_URL=services.fred_url, HEDUI_FISCALDATA_URL=services.fiscaldata_url, FRED_API_KEY=services.fred_key,
    )  # fmt: skip


def rows_of(data: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_live_figures_of_both_services_reach_the_verdicts_and_the_key_reaches_no_file(
    services, article_folder, tmp_path
):
    data = tmp_path / "data"
    done = refresh(services, article_folder, data)
    assert done.returncode == 0, done.stderr
    states = dict(rows_of(data, "SELECT source, state FROM sources WHERE source IN ('fred', 'treasury')"))
    assert states == {"fred": "live", "treasury": "live"}
    ((origin, sha256),) = rows_of(
        data,
        "SELECT origin, download_sha256 FROM observations WHERE series_id = 'DEBT_TO_PENNY.total' AND period_end = DATE '2025-01-15' AND known_until IS NULL",
    )
    assert origin == "live"
    assert list((data / "downloads").rglob(f"*{sha256}*"))
    assert rows_of(data, "SELECT verdict_when_published FROM claim_checks WHERE metric = 'federal_debt'") == [
        ("supported",)
    ]
    written = [path for path in data.rglob("*") if path.is_file() and services.fred_key.encode() in path.read_bytes()]
    assert written == []
    assert services.fred_key not in done.stdout + done.stderr


def test_an_unchanged_service_changes_nothing_and_a_revision_opens_one_row(services, article_folder, tmp_path):
    data, unrate = (
        tmp_path / "data",
        "SELECT value, known_until FROM observations WHERE series_id = 'UNRATE' AND period_start = DATE '2026-06-01' ORDER BY known_from",
    )
    assert refresh(services, article_folder, data).returncode == 0
    before = rows_of(data, "FROM observations ORDER BY ALL")
    assert "Nothing had changed" in refresh(services, article_folder, data).stdout
    services.revise("UNRATE", "2026-06-01", "9.9", services.today)
    assert refresh(services, article_folder, data).returncode == 0
    after = rows_of(data, "FROM observations ORDER BY ALL")
    assert len(after) == len(before) + 1
    *_, (_, closed_on), (newest, still_open) = rows_of(data, unrate)
    assert (newest, still_open) == (9.9, None)
    assert closed_on is not None
