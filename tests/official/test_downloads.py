import gzip
import hashlib
import json
import logging
import socket
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import DownloadError
from pipelines.official.downloads import Downloader
from pipelines.official.exchange import Answer, Request
from pipelines.official.journal import Journal, RunGiven
from pipelines.official.settings import Limits, SourceSettings
from tests.official import local_services as local
from tests.official.conftest import QUICK
from tests.official.local_services import LocalServices

SECRET = "feedfacefeedfacefeedfacefeedface"


def open_journal(folder: Path) -> Journal:
    return Journal(folder, RunGiven.of(datetime(2026, 11, 22, tzinfo=UTC), SourceSettings(), {}, {}))


def journal_lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in (folder / "runs").iterdir() for line in path.read_text().splitlines()[1:]]


@pytest.fixture
def downloader(tmp_path: Path) -> Iterator[Downloader]:
    with Downloader(open_journal(tmp_path), QUICK) as one:
        yield one


def request_for(services: LocalServices, **changes: object) -> Request:
    request = Request(
        source="fred",
        url=f"{services.url}/fred/series/observations",
        params=(("series_id", "UNRATE"),),
        secret_params=(("api_key", SECRET),),
    )
    return replace(request, **changes)  # type: ignore[arg-type]  # any field


def fetch(downloader: Downloader, services: LocalServices) -> Answer:
    return downloader.fetch(request_for(services))


OK = local.answers(200, b'{"fine": true}')


def test_an_answer_is_whole_and_carries_no_secret(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", OK)
    answer = fetch(downloader, services)
    assert (answer.status, answer.body) == (200, b'{"fine": true}')
    assert answer.sha256 == hashlib.sha256(answer.body).hexdigest()
    assert SECRET not in repr(answer)
    assert SECRET in services.requests[0]


def test_the_bytes_are_kept_with_a_line_in_the_journal(
    downloader: Downloader, services: LocalServices, tmp_path: Path
) -> None:
    services.fail("UNRATE", local.answers(200, b"bytes", ETag='"v1"'))
    answer = fetch(downloader, services)
    assert gzip.decompress((tmp_path / "fred" / f"{answer.sha256}.gz").read_bytes()) == b"bytes"
    (line,) = journal_lines(tmp_path)
    assert line["url"] == f"{services.url}/fred/series/observations?series_id=UNRATE"
    assert (line["status"], line["headers"]["etag"], line["bytes"]) == (200, '"v1"', 5)
    assert (line["sha256"], line["retrieved_at"]) == (answer.sha256, answer.retrieved_at.isoformat())


def test_the_same_bytes_are_kept_once_and_told_twice(
    downloader: Downloader, services: LocalServices, tmp_path: Path
) -> None:
    services.fail("UNRATE", OK, OK)
    fetch(downloader, services)
    fetch(downloader, services)
    assert len(list((tmp_path / "fred").iterdir())) == 1
    assert len(journal_lines(tmp_path)) == 2


def test_what_has_not_changed_is_not_sent_again(
    downloader: Downloader, services: LocalServices, tmp_path: Path
) -> None:
    services.fail("UNRATE", local.answers(200, b"bytes", ETag='"v1"', Last_Modified="Fri, 20 Nov 2026 00:00:00 GMT"))
    first = fetch(downloader, services)
    services.fail("UNRATE", local.answers(304, b"", ETag='"v1"'))
    with Downloader(open_journal(tmp_path), QUICK) as later:
        again = fetch(later, services)
    sent = services.request_headers[-1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Fri, 20 Nov 2026 00:00:00 GMT")
    assert (again.status, again.body, again.sha256) == (200, b"bytes", first.sha256)
    assert again.retrieved_at > first.retrieved_at


def test_conditions_are_sent_only_with_the_body_at_hand(
    downloader: Downloader, services: LocalServices, tmp_path: Path
) -> None:
    services.fail("UNRATE", local.answers(200, b"bytes", ETag='"v1"'), OK)
    first = fetch(downloader, services)
    (tmp_path / "fred" / f"{first.sha256}.gz").write_bytes(b"cut short")
    with Downloader(open_journal(tmp_path), QUICK) as later:
        assert fetch(later, services).body == b'{"fine": true}'
    assert "if-none-match" not in services.request_headers[-1]


def test_an_answer_that_nobody_asked_to_be_unchanged_fails(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", *[local.answers(304, b"")] * 9)
    with pytest.raises(DownloadError, match="status 304"):
        fetch(downloader, services)


@pytest.mark.parametrize(
    "fault",
    [
        local.answers(500, "oops"),
        local.answers(503, "<html>"),
        local.answers(429, "slow", Retry_After="0"),
        local.answers(429, "slow", Retry_After="Fri, 20 Nov 2020 00:00:00 GMT"),
        local.breaks_off,
        local.hangs_up,
        local.answers(200, b"no gzip", Content_Encoding="gzip"),
        local.keeps_silent(0.5),
    ],
)
def test_a_passing_fault_is_tried_again(downloader: Downloader, services: LocalServices, fault: local.Fault) -> None:
    services.fail("UNRATE", fault, OK)
    assert fetch(downloader, services).body == b'{"fine": true}'
    assert downloader.requests_sent["fred"] == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (local.answers(500, "oops"), "status 500"),
        (local.answers(429, "slow"), "status 429"),
        (local.breaks_off, "broke off"),
        (local.hangs_up, "closed before the answer"),
    ],
)
def test_a_lasting_fault_ends_after_the_attempts(
    downloader: Downloader, services: LocalServices, fault: local.Fault, words: str
) -> None:
    services.fail("UNRATE", *[fault] * 9)
    with pytest.raises(DownloadError, match=words):
        fetch(downloader, services)
    assert downloader.requests_sent["fred"] == QUICK.attempts


def test_retry_after_is_waited_for(services: LocalServices, tmp_path: Path) -> None:
    services.fail("UNRATE", local.answers(429, "slow", Retry_After="7"), OK)
    waits: list[float] = []
    with Downloader(
        open_journal(tmp_path), replace(QUICK, max_wait_seconds=10, total_seconds=60), waits.append
    ) as downloader:
        fetch(downloader, services)
    assert 7.0 in waits


def test_a_wait_beyond_the_bound_is_not_waited_for(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", local.answers(429, "slow", Retry_After="3600"), OK)
    with pytest.raises(DownloadError, match="status 429"):
        fetch(downloader, services)
    assert len(services.requests) == 1


def test_waits_grow_between_repetitions(services: LocalServices, tmp_path: Path) -> None:
    services.fail("UNRATE", *[local.answers(500, "oops")] * 3, OK)
    waits: list[float] = []
    limits = replace(QUICK, attempts=4, first_wait_seconds=2, max_wait_seconds=30, total_seconds=60, failure_seconds=60)
    with Downloader(open_journal(tmp_path), limits, waits.append) as downloader:
        fetch(downloader, services)
    assert [wait for wait in waits if wait] == [2, 4, 8]


def test_busy_inside_200_is_tried_again(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", local.answers(200, b"busy"), OK)
    answer = downloader.fetch(replace(request_for(services), is_busy=lambda body: body == b"busy"))
    assert answer.body == b'{"fine": true}'


def test_a_drip_of_bytes_ends_at_the_deadline(services: LocalServices, tmp_path: Path) -> None:
    services.fail("UNRATE", *[local.drips] * 3)
    started = time.monotonic()
    with (
        Downloader(open_journal(tmp_path), replace(QUICK, total_seconds=0.4)) as downloader,
        pytest.raises(DownloadError, match=r"not complete after 0\.4 s"),
    ):
        fetch(downloader, services)
    assert time.monotonic() - started < 1.5


def test_a_body_too_large_is_refused_at_once(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", local.answers(200, b"x" * 3_100_000), OK)
    with pytest.raises(DownloadError, match="larger than"):
        fetch(downloader, services)
    assert len(services.requests) == 1


def test_compression_does_not_hide_a_body_too_large(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", local.answers(200, gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"))
    with pytest.raises(DownloadError, match="larger than"):
        fetch(downloader, services)


def test_redirects_without_end_are_left(downloader: Downloader, services: LocalServices) -> None:
    services.fail("UNRATE", *[local.redirects_to_itself] * 30)
    with pytest.raises(DownloadError, match="more than 5 redirects"):
        fetch(downloader, services)
    assert len(services.requests) == 6


@pytest.mark.parametrize("status", [400, 403, 404, 423])
def test_a_refusal_is_an_answer(downloader: Downloader, services: LocalServices, status: int) -> None:
    services.fail("UNRATE", local.answers(status, b"no"))
    assert fetch(downloader, services).status == status


@pytest.fixture
def dead_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def deaf_url() -> Iterator[str]:
    """A port that takes no connection: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
            waiting.append(client)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for client in waiting:
            client.close()


def test_a_source_out_of_reach_is_tried_once_a_run(
    downloader: Downloader, services: LocalServices, dead_url: str
) -> None:
    for _ in range(3):
        with pytest.raises(DownloadError, match=r"127\.0\.0\.1:\d+ cannot be reached"):
            downloader.fetch(request_for(services, url=dead_url))
    assert downloader.requests_sent["fred"] == 0


def test_a_port_that_does_not_answer_costs_little(
    downloader: Downloader, services: LocalServices, deaf_url: str
) -> None:
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(DownloadError, match="cannot be reached"):
            downloader.fetch(request_for(services, url=deaf_url))
    assert time.monotonic() - started < QUICK.reach_seconds + 1


def test_a_name_that_does_not_exist_is_out_of_reach(downloader: Downloader, services: LocalServices) -> None:
    with pytest.raises(DownloadError, match=r"no\.such\.host\.invalid cannot be reached"):
        downloader.fetch(request_for(services, url="https://no.such.host.invalid/"))


def test_a_server_without_tls_is_out_of_reach_for_https(downloader: Downloader, services: LocalServices) -> None:
    with pytest.raises(DownloadError, match="cannot be reached"):
        downloader.fetch(request_for(services, url=services.url.replace("http:", "https:")))


def test_an_address_without_scheme_says_so(downloader: Downloader, services: LocalServices) -> None:
    with pytest.raises(DownloadError, match="neither with https://"):
        downloader.fetch(request_for(services, url="localhost:80/x"))


def test_one_source_out_of_reach_does_not_bar_another(
    downloader: Downloader, services: LocalServices, dead_url: str
) -> None:
    with pytest.raises(DownloadError):
        downloader.fetch(request_for(services, url=dead_url, source="treasury"))
    services.fail("UNRATE", OK)
    assert fetch(downloader, services).status == 200


def test_the_pace_of_a_host_is_kept(services: LocalServices, tmp_path: Path) -> None:
    services.fail("UNRATE", OK, OK, OK)
    with Downloader(open_journal(tmp_path), replace(QUICK, pace_seconds={"127.0.0.1": 0.1})) as downloader:
        started = time.monotonic()
        for _ in range(3):
            fetch(downloader, services)
    assert time.monotonic() - started >= 0.2


def test_the_pace_of_fred_is_below_two_requests_a_second() -> None:
    assert Limits().pace_seconds["api.stlouisfed.org"] >= 0.6


def test_the_default_limits_keep_a_source_out_of_reach_below_ten_seconds() -> None:
    assert Limits().reach_seconds < Limits().failure_seconds <= 10


FAULTS = [
    local.answers(500, "oops"),
    local.breaks_off,
    local.hangs_up,
    local.redirects_to_itself,
    local.keeps_silent(0.4),
    local.answers(200, f"your key was {SECRET}", Last_Modified=SECRET),
    local.answers(302, "", Location=f"http://127.0.0.1:1/?api_key={SECRET}"),
    local.answers(302, "", Location=f"nonsense://{SECRET}"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_secret_is_nowhere(
    services: LocalServices, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: local.Fault
) -> None:
    caplog.set_level(logging.DEBUG)
    services.fail("UNRATE", *[fault] * 10)
    told = []
    with Downloader(open_journal(tmp_path), QUICK) as downloader:
        try:
            told.append(repr(fetch(downloader, services)))
        except DownloadError as error:
            told += traceback.format_exception(error)
            chain: BaseException | None = error
            while chain is not None:
                told += [repr(chain), str(chain), *map(str, chain.args)]
                chain = chain.__cause__ or chain.__context__
    kept = [gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.gz")]
    kept += [path.read_bytes() for path in (tmp_path / "runs").glob("*")]
    assert told
    assert SECRET not in "".join(told) + caplog.text
    assert SECRET.encode() not in b"".join(kept)
    assert "api_key" in services.requests[0]
