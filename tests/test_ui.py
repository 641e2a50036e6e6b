import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.places import ROOT
from tests.conftest import hedui

pytestmark = pytest.mark.slow
CHROMIUM = Path("/usr/bin/chromium")
# Pictures for README and docs/ui are kept where this says; else they go with the test.
PICTURES = os.environ.get("HEDUI_PICTURES")
SCREEN = {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def address(published):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "ui", "--port", str(port), "--data-dir", str(published)],
        cwd=ROOT,
        start_new_session=True,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{base}/server_info", timeout=1).read()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.25)
        else:
            pytest.fail("the UI did not come up within a minute")
        yield base
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


@pytest.fixture(scope="module")
def page(address):
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        page = browser.new_page(viewport=SCREEN)
        page.set_default_timeout(45_000)
        yield page
        browser.close()


def ask(address: str, query: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{address}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)["data"]
    return found


def open_page(page, url: str, *visible: str) -> None:
    page.goto(url)
    for text in visible:
        page.get_by_text(text).first.wait_for(state="visible")


def keep_picture(page, name: str, tmp_path: Path) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=str(Path(PICTURES or tmp_path) / f"{name}.png"))


def test_the_lineage_leads_from_sources_to_the_published_warehouse(page, address, tmp_path):
    names = [
        "article_files",
        "treasury",
        "fred",
        "offline_figures",
        "claims",
        "observations",
        "comparisons",
        "verdicts",
        "claim_checks",
    ]
    page.set_viewport_size({"width": 1500, "height": 1400})  # all of it fits
    open_page(page, f"{address}/assets/warehouse?view=lineage&lineageScope=upstream&lineageDepth=12", *names)
    keep_picture(page, "lineage", tmp_path)
    page.set_viewport_size(SCREEN)


def test_an_asset_shows_its_description_columns_rows_and_checks(page, address, tmp_path):
    open_page(
        page,
        f"{address}/assets/verdicts?view=overview",
        "One row is the verdict on a claim",
        "verdict_when_published",
        "flips_at",
    )
    keep_picture(page, "columns", tmp_path)
    open_page(page, f"{address}/assets/verdicts?view=checks", "contract", "every_claim_has_a_verdict")
    open_page(
        page,
        f"{address}/assets/series_states?view=checks&checkDetail=figures_are_fresh",
        "sql/checks/figures_are_fresh.sql",
    )
    keep_picture(page, "checks", tmp_path)


def test_the_groups_show_the_whole_way_at_a_glance(page, address, tmp_path):
    open_page(page, f"{address}/asset-groups", "sources", "articles", "official", "judging", "publication")
    keep_picture(page, "groups", tmp_path)


def test_the_verdicts_are_summed_up_where_they_are_made(page, address, tmp_path):
    open_page(page, f"{address}/assets/verdicts?view=events", "not_enough_evidence", "changed")
    keep_picture(page, "verdicts", tmp_path)


def test_the_run_is_shown(page, address):
    open_page(page, f"{address}/runs", "Success")


def test_the_schedule_is_shown_and_running(page, address):
    open_page(page, f"{address}/automation", "daily_refresh")


def test_a_source_says_when_it_is_stale_and_where_its_page_is(page, address, tmp_path):
    open_page(page, f"{address}/assets/treasury?view=overview", "Stale after 7 days", "fiscaldata.treasury.gov")
    open_page(page, f"{address}/assets/treasury?view=checks", "is_up_to_date", "newest_period_end", "age_days")
    keep_picture(page, "stale-source", tmp_path)


def test_a_failed_run_says_what_was_wrong_and_what_cures_it(page, address, published, tmp_path):
    (tmp_path / "empty").mkdir()
    failed = hedui("refresh", "--offline", "--articles", tmp_path / "empty", "--data-dir", published)
    assert failed.returncode == 1
    open_page(page, f"{address}/runs", "Failure", "Success")
    keep_picture(page, "runs", tmp_path)
    run_id = ask(address, "{ runsOrError(limit: 1) { ... on Runs { results { runId } } } }")["runsOrError"]["results"][
        0
    ]["runId"]
    open_page(page, f"{address}/runs/{run_id}?logs=type%3ASTEP_FAILURE", "no article", "build_articles")
    keep_picture(page, "failed-run", tmp_path)


def test_the_sensors_are_shown_and_running(page, address, tmp_path):
    open_page(page, f"{address}/automation", "new_articles", "tell_of_refresh", "tell_of_failure")
    keep_picture(page, "automation", tmp_path)


def test_a_run_started_in_the_ui_is_run_by_the_daemon_and_published(address, published):
    job = '{repositoryLocationName: "pipelines.definitions", repositoryName: "__repository__", jobName: "refresh"}'
    started = ask(
        address,
        f'mutation {{ launchRun(executionParams: {{selector: {job}, runConfigData: "{{}}"}}) {{ ... on LaunchRunSuccess {{ run {{ runId }} }} }} }}',
    )
    run_id, status = started["launchRun"]["run"]["runId"], ""
    for _ in range(120):
        status = ask(address, f'{{ runOrError(runId: "{run_id}") {{ ... on Run {{ status }} }} }}')["runOrError"][
            "status"
        ]
        if status in ("SUCCESS", "FAILURE", "CANCELED"):
            break
        time.sleep(0.5)
    assert status == "SUCCESS"
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM refreshes WHERE refresh_id = ?", [run_id]).fetchall() == [(1,)]
