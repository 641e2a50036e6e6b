import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipelines.orchestration.alerts import FILE, Alert, alert_of_failure, alerts_of_refresh, post_alerts, raise_alerts
from tests.conftest import hedui
from tests.orchestration.test_refresh import rows_of

LATE = Alert(
    "source_stale treasury 2025-01-01", "source_stale", "the newest figure is old", "2026-11-20T18:00:00+00:00"
)


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FILE).read_text(encoding="utf-8").splitlines()]


class _Hook:
    """A webhook on this machine that keeps what it is sent and answers with a status of the test's choosing."""

    def __init__(self) -> None:
        self.status, self.received = 200, list[dict[str, Any]]()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/hook?token=verysecret"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def hook() -> Iterator[_Hook]:
    hook = _Hook()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


def test_an_alert_is_raised_once(tmp_path):
    assert [raise_alerts(tmp_path, [LATE, LATE]), raise_alerts(tmp_path, [LATE])] == [[LATE], []]
    assert [line["alert_id"] for line in lines_of(tmp_path)] == [LATE.alert_id]


def test_alerts_are_posted_for_people_and_for_programs(tmp_path, hook, monkeypatch):
    monkeypatch.setenv("HEDUI_ALERTS", hook.address)
    failed = alert_of_failure("run-1", "the disk is full")
    raise_alerts(tmp_path, [failed])
    raise_alerts(tmp_path, [failed])
    (post,) = hook.received
    assert post["text"] == "hedui: the refresh run-1 failed: the disk is full"
    assert [alert["kind"] for alert in post["alerts"]] == ["refresh_failed"]


def test_what_could_not_be_posted_is_posted_with_the_next_refresh(tmp_path, hook, monkeypatch):
    monkeypatch.setenv("HEDUI_ALERTS", hook.address)
    hook.status = 503
    raise_alerts(tmp_path, [alert_of_failure("run-1", "why")])
    hook.status = 200
    raise_alerts(tmp_path, [])
    raise_alerts(tmp_path, [])
    assert [len(post["alerts"]) for post in hook.received] == [1, 1]
    assert [line["failure"] for line in lines_of(tmp_path) if "failure" in line] == ["HEDUI_ALERTS: status 503"]


def test_old_news_is_not_posted_when_a_hook_is_set_for_the_first_time(tmp_path, hook, monkeypatch):
    raise_alerts(tmp_path, [Alert("refresh_failed old", "refresh_failed", "long ago", "2020-01-01T00:00:00+00:00")])
    monkeypatch.setenv("HEDUI_ALERTS", hook.address)
    raise_alerts(tmp_path, [])
    assert hook.received == []


def test_the_address_with_its_secret_is_written_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("HEDUI_ALERTS", "http://127.0.0.1:1/hook?token=verysecret")
    raise_alerts(tmp_path, [alert_of_failure("run-1", "why")])
    assert "verysecret" not in (tmp_path / FILE).read_text(encoding="utf-8")
    assert "verysecret" not in (post_alerts("http://127.0.0.1:1/hook?token=verysecret", [LATE]) or "")


def test_a_line_left_unfinished_by_a_killed_process_is_passed_over(tmp_path):
    (tmp_path / FILE).write_text('{"alert_id": "refresh_fai\n', encoding="utf-8")
    assert raise_alerts(tmp_path, [LATE]) == [LATE]
    assert raise_alerts(tmp_path, [LATE]) == []


def test_a_refresh_gives_an_alert_for_each_source_whose_newest_figure_is_too_old(published):
    ((run_id,),) = rows_of(published, "SELECT refresh_id FROM refreshes ORDER BY started_at DESC LIMIT 1")
    kinds = {(alert.kind, alert.alert_id.split()[1]) for alert in alerts_of_refresh(published, run_id)}
    assert ("source_stale", "treasury") in kinds
    assert alerts_of_refresh(published, "another run") == []


def test_the_command_raises_the_alerts_of_its_refresh(published):
    assert {line["kind"] for line in lines_of(published)} == {"source_stale"}


def test_a_failed_refresh_raises_an_alert_that_says_why(tmp_path, article_folder):
    (article_folder / "articles.csv").write_text("article,published_on\ndebt,someday\n", encoding="utf-8")
    assert hedui("refresh", "--offline", "--articles", article_folder, "--data-dir", tmp_path / "d").returncode == 1
    (line,) = lines_of(tmp_path / "d")
    assert line["kind"] == "refresh_failed"
    assert "someday" in line["message"]
