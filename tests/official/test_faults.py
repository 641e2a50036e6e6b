"""Whatever goes wrong at a service: yesterday's figures stay, the run says what failed and why, the others go on, in bounded time."""

import csv
import gzip
import io
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest

from pipelines.official.catalogue import Series
from pipelines.official.observations import OBSERVATION_SCHEMA, Gathered, SourceOutcome, gather_observations
from pipelines.official.offline import COLUMNS
from pipelines.official.settings import Limits
from tests.official import local_services as local
from tests.official.conftest import QUICK, TODAY
from tests.official.local_services import LocalServices
from tests.official.local_services.server import Handler

IDS = (
    "UNRATE",
    "DEBT_TO_PENNY.total",
    "CBO.net_interest",
    "CBO_ACTUAL.revenues",
    "SEC.MSFT.net_income.annual",
)
SOURCES = ("fred", "treasury", "cbo", "sec")
PATHS = {"fred": "/fred/", "treasury": "/services/api/", "cbo": "/US-CBO/", "sec": "/api/xbrl/"}
# For services that say nothing, and for those that answer, on however busy a machine.
IMPATIENT = replace(QUICK, failure_seconds=0.5, trouble_seconds=2.0)
PATIENT = replace(QUICK, read_seconds=3.0, failure_seconds=6.0, total_seconds=10.0)


def gather(
    services: LocalServices,
    catalogue: tuple[Series, ...],
    folder: Path,
    known: Gathered | None = None,
    *,
    limits: Limits = PATIENT,
    report: Callable[[str], None] = lambda _: None,
    **changes: Any,
) -> Gathered:
    settings = replace(services.settings(limits), **changes)
    offline_folder = folder / "offline"  # without a figure: whatever is known comes from the services
    offline_folder.mkdir(exist_ok=True)
    for source in SOURCES:
        (offline_folder / f"{source}.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    return gather_observations(
        catalogue,
        OBSERVATION_SCHEMA.to_frame() if known is None else known.observations,
        settings=settings,
        downloads_folder=folder / "downloads",
        offline_folder=offline_folder,
        now=datetime(TODAY.year, TODAY.month, TODAY.day, 6, tzinfo=UTC),
        offline=False,
        report=report,
    )


def outcomes(gathered: Gathered) -> dict[str, SourceOutcome]:
    return {one.source: one for one in gathered.sources}


@pytest.fixture(scope="module")
def catalogue(series_by_id: dict[str, Series]) -> tuple[Series, ...]:
    return tuple(series_by_id[name] for name in IDS)


@pytest.fixture(scope="module")
def few_figures() -> Iterator[LocalServices]:
    with LocalServices(today=TODAY) as services:
        services.keep_only("UNRATE", debt_days=30)
        yield services


@pytest.fixture
def all_services(few_figures: LocalServices) -> LocalServices:
    """The services without a fault."""
    few_figures.faults.clear()
    return few_figures


@pytest.fixture(scope="module", params=["with a key", "without a key"])
def key(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {} if request.param == "with a key" else {"fred_key": None}


@pytest.fixture(scope="module")
def yesterday(key: dict[str, Any], catalogue: tuple[Series, ...], tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """What is known after a day on which all went well."""
    with LocalServices(today=TODAY) as services:
        services.keep_only("UNRATE", debt_days=30)
        gathered = gather(services, catalogue, tmp_path_factory.mktemp("settled"), **key)
    assert {one.state for one in gathered.sources} == {"live"}
    return gathered


# --- answers that are none -------------------------------------------------------------------------------------------


def answers_gzip_garbage(handler: Handler) -> None:
    local.answers(200, b"\x1f\x8b\x08 no gzip", Content_Encoding="gzip")(handler)


def drips_headers(handler: Handler) -> None:
    """A header line that never ends."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    try:
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


NO_ANSWERS: dict[str, tuple[local.Fault, str]] = {
    "400": (local.answers(400, "Bad Request"), ""),
    "403": (local.answers(403, "<html>Forbidden</html>", "text/html"), ""),
    "404": (local.answers(404, "<html>Not Found</html>", "text/html"), ""),
    "423": (local.answers(423, "Locked"), ""),
    "429": (local.answers(429, "Too Many Requests"), "status 429"),
    "429 with Retry-After": (local.answers(429, "Too Many Requests", Retry_After="0"), "status 429"),
    "429 with a long Retry-After": (local.answers(429, "Too Many Requests", Retry_After="3600"), "status 429"),
    "500": (local.answers(500, "oops"), "status 500"),
    "503 with Retry-After": (local.answers(503, "<html>", "text/html", Retry_After="0"), "status 503"),
    "html with 200": (local.answers(200, "<!DOCTYPE html><html>Maintenance</html>", "text/html"), ""),
    "nothing with 200": (local.answers(200, b""), ""),
    "an empty list": (local.answers(200, b"[]"), ""),
    "an empty object": (local.answers(200, b"{}"), ""),
    "bytes that are no text": (local.answers(200, b"\xff\xfe\x00\x80" * 50), ""),
    "silent": (local.keeps_silent(0.6), "silent|no answer within"),
    "a drip": (local.drips, "bytes in"),
    "a drip of headers": (drips_headers, "silent|no answer within"),
    "breaks off": (local.breaks_off, "broke off"),
    "hangs up": (local.hangs_up, "closed before"),
    "too large": (local.answers(200, b"x" * 3_100_000), "larger than"),
    "gzip garbage": (answers_gzip_garbage, "garbled"),
    "too large when unpacked": (
        local.answers(200, gzip.compress(b"x" * 9_000_000), Content_Encoding="gzip"),
        "larger than",
    ),
    "redirects without end": (local.redirects_to_itself, "redirects"),
    "304 that nobody asked for": (local.answers(304, b""), "status 304"),
}


@pytest.mark.parametrize(("fault", "words"), NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_no_answer_changes_nothing(  # noqa: PLR0917 fixtures
    all_services: LocalServices,
    catalogue: tuple[Series, ...],
    yesterday: Gathered,
    key: dict[str, Any],
    tmp_path: Path,
    fault: local.Fault,
    words: str,
) -> None:
    all_services.fail("", *[fault] * 200)
    started = time.monotonic()
    gathered = gather(all_services, catalogue, tmp_path, yesterday, limits=IMPATIENT, **key)
    elapsed = time.monotonic() - started
    assert {name: one.state for name, one in outcomes(gathered).items()} == dict.fromkeys(SOURCES, "failed")
    for one in gathered.sources:
        assert one.reason
        assert pl.Series([one.reason]).str.contains(words).item(), one.reason
    assert gathered.observations.equals(yesterday.observations)
    assert {one.state for one in gathered.series} == {"failed"}
    assert elapsed < len(SOURCES) * (IMPATIENT.failure_seconds + 0.6)


# --- answers that are wrong ------------------------------------------------------------------------------------------

Rows = list[dict[str, Any]]
Change = Callable[[Rows, str, str], Rows]  # rows, the column of the value, the column of the period


def wrong(change: Change) -> local.Fault:
    """The right answer of whichever service, with its rows changed and its counts kept true."""

    def fault(handler: Handler) -> None:
        reply, path = handler.find_reply(), unquote(urlsplit(handler.path).path)
        if reply.status != 200:
            handler.give(reply)
            return
        edit = _edit_csv if path.startswith(("/US-CBO/", "/graph/")) else _edit_json
        handler.give(replace(reply, body=edit(reply.body, change), headers={}))

    return fault


def _edit_csv(body: bytes, change: Change) -> bytes:
    rows: Rows = list(csv.DictReader(io.StringIO(body.decode())))
    columns = list(rows[0])
    period = next(name for name in columns if name.endswith(("fiscal_year", "observation_date")))
    changed = change(rows, columns[-1], period)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(changed[0]) if changed else columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(changed)
    return text.getvalue().encode()


def _edit_json(body: bytes, change: Change) -> bytes:
    content = json.loads(body)
    if "observations" in content:
        content["observations"] = change(content["observations"], "value", "date")
        content["count"] = len(content["observations"])
    elif "data" in content:
        content["data"] = change(content["data"], "tot_pub_debt_out_amt", "record_date")
        content["meta"].update({"count": len(content["data"]), "total-count": len(content["data"])})
    elif "units" in content:
        content["units"]["USD"] = change(content["units"]["USD"], "val", "end")
    return json.dumps(content).encode()


def _each(value: Callable[[Any], Any]) -> Change:
    return lambda rows, column, _: [row | {column: value(row[column])} for row in rows]


def _rename(rows: Rows, column: str, _: str) -> Rows:
    return [{"amount" if name == column else name: cell for name, cell in row.items()} for row in rows]


def _lose_periods(rows: Rows, _: str, period: str) -> Rows:
    """The first and the last, whichever the series ends in."""
    ends = {min(row[period] for row in rows), max(row[period] for row in rows)}
    return [row for row in rows if row[period] not in ends]


def _times_a_thousand(value: Any) -> Any:
    return value * 1000 if isinstance(value, int) else str(float(value) * 1000)


WRONG: dict[str, Change] = {
    "no rows": lambda *_: [],
    "another schema": _rename,
    "another unit": _each(_times_a_thousand),
    "words for numbers": _each(lambda _: "n/a"),
    "lists for numbers": _each(lambda value: [value]),
    "periods less": _lose_periods,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_changes_nothing(  # noqa: PLR0917 fixtures
    all_services: LocalServices,
    catalogue: tuple[Series, ...],
    yesterday: Gathered,
    key: dict[str, Any],
    tmp_path: Path,
    change: Change,
) -> None:
    all_services.fail("", *[wrong(change)] * 200)
    gathered = gather(all_services, catalogue, tmp_path, yesterday, **key)
    assert {name: one.state for name, one in outcomes(gathered).items()} == dict.fromkeys(SOURCES, "failed")
    assert all(one.reason for one in gathered.series)
    assert gathered.observations.equals(yesterday.observations)


# What a careful reader may take for what it is, as long as it comes to the same figures.
ODD: dict[str, Change] = {
    "every row twice": lambda rows, *_: [row for row in rows for _ in range(2)],
    "numbers and their texts swapped": _each(lambda value: str(value) if isinstance(value, int) else float(value)),
    "rows in another order": lambda rows, *_: rows[::-1],
    "a column more": lambda rows, *_: [row | {"note": "new"} for row in rows],
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD.keys())
def test_an_odd_answer_gives_the_same_figures_or_is_refused(  # noqa: PLR0917 fixtures
    all_services: LocalServices,
    catalogue: tuple[Series, ...],
    yesterday: Gathered,
    key: dict[str, Any],
    tmp_path: Path,
    change: Change,
) -> None:
    all_services.fail("", *[wrong(change)] * 200)
    gathered = gather(all_services, catalogue, tmp_path, yesterday, **key)
    told = ["series_id", "period_start", "period_end", "value", "known_from", "known_until"]
    assert gathered.observations.select(told).equals(yesterday.observations.select(told))


@pytest.mark.parametrize(
    ("source", "part", "pages"), [("fred", "offset=", "realtime"), ("treasury", "page[number]=", "fiscaldata")]
)
def test_a_table_that_changes_while_it_is_paged_is_not_taken(  # noqa: PLR0917 fixtures
    monkeypatch: pytest.MonkeyPatch,
    catalogue: tuple[Series, ...],
    tmp_path: Path,
    source: str,
    part: str,
    pages: str,
) -> None:
    monkeypatch.setattr(f"pipelines.official.{source}.{pages}.PAGE_SIZE", 20)

    def grow(handler: Handler) -> None:
        services.fred.revise("UNRATE", "2026-08-01", "4.4", TODAY)
        services.fiscaldata.debt["2026-11-20"] = {"tot_pub_debt_out_amt": "39000000000000.00"}
        handler.give(handler.find_reply())

    def answer(handler: Handler) -> None:
        handler.give(handler.find_reply())

    with LocalServices(today=TODAY) as services:
        services.keep_only("UNRATE", debt_days=30)
        services.fail(part, answer, grow)
        gathered = gather(services, catalogue, tmp_path)
    states = {name: one.state for name, one in outcomes(gathered).items()}
    assert states == {name: "failed" if name == source else "live" for name in SOURCES}
    assert "while" in (outcomes(gathered)[source].reason or "")


# --- no service at all -----------------------------------------------------------------------------------------------


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def deaf_port() -> Iterator[str]:
    """A port that takes no connection: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for client in waiting:
            client.close()


@pytest.fixture
def mute_port() -> Iterator[str]:
    """A port that takes every connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> str:
    """A name whose address nobody comes to know."""
    look_up = socket.getaddrinfo

    def wait(host: Any, *rest: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            time.sleep(5)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    return "http://slow.invalid"


def everywhere(address: str) -> dict[str, Any]:
    names = ("fred_url", "fredgraph_url", "alfred_url", "fiscaldata_url", "cbo_url", "sec_url")
    return dict.fromkeys(names, address)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("closed_port", "cannot be reached"),
        ("deaf_port", "cannot be reached"),
        ("mute_port", "silent|no answer within|Nothing more is asked"),
        ("slow_names", "cannot be reached"),
        ("https", "cannot be reached"),
        ("no_name", "cannot be reached"),
        ("no_scheme", "neither with https://"),
    ],
)
def test_without_a_service_all_stays_and_little_time_is_lost(  # noqa: PLR0917 fixtures
    request: pytest.FixtureRequest,
    all_services: LocalServices,
    catalogue: tuple[Series, ...],
    yesterday: Gathered,
    key: dict[str, Any],
    tmp_path: Path,
    place: str,
    words: str,
) -> None:
    addresses = {
        "https": all_services.url.replace("http:", "https:"),
        "no_name": "https://no.such.host.invalid",
        "no_scheme": "localhost:80/x",
    }
    address = addresses.get(place) or request.getfixturevalue(place)
    started = time.monotonic()
    gathered = gather(all_services, catalogue, tmp_path, yesterday, limits=IMPATIENT, **everywhere(address), **key)
    elapsed = time.monotonic() - started
    assert {one.state for one in gathered.sources} == {"failed"}
    assert [one.reason for one in gathered.sources if not pl.Series([one.reason]).str.contains(words).item()] == []
    assert gathered.observations.equals(yesterday.observations)
    bound = len(SOURCES) * IMPATIENT.failure_seconds if place == "mute_port" else IMPATIENT.reach_seconds
    assert elapsed < bound + 1.5


def test_the_defaults_let_a_source_that_says_nothing_cost_ten_seconds_at_most(
    all_services: LocalServices, series_by_id: dict[str, Series], mute_port: str, tmp_path: Path
) -> None:
    """Several series and requests: what counts is the source, not each of them. The defaults, a tenth as long."""
    usual = Limits()
    scaled = replace(
        usual,
        reach_seconds=usual.reach_seconds / 10,
        connect_seconds=usual.connect_seconds / 10,
        read_seconds=usual.read_seconds / 10,
        failure_seconds=usual.failure_seconds / 10,
        first_wait_seconds=usual.first_wait_seconds / 10,
    )
    sec = tuple(series for series in series_by_id.values() if series.provider == "sec")
    started = time.monotonic()
    gathered = gather(all_services, sec, tmp_path, limits=scaled, sec_url=mute_port)
    assert time.monotonic() - started < 1.0 + 0.6  # ten seconds, a tenth as long, and the program's own time
    assert gathered.sources[0].state == "failed"


# --- one and the others ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_one_bad_source_stops_no_other(
    all_services: LocalServices, catalogue: tuple[Series, ...], tmp_path: Path, source: str
) -> None:
    all_services.fail(PATHS[source], *[local.answers(500, "oops")] * 100)
    states = {name: one.state for name, one in outcomes(gather(all_services, catalogue, tmp_path)).items()}
    assert states == {name: "failed" if name == source else "live" for name in SOURCES}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_comes_back_is_taken_up_again(
    all_services: LocalServices, catalogue: tuple[Series, ...], tmp_path: Path, source: str
) -> None:
    all_services.fail(PATHS[source], *[local.answers(500, "oops")] * 100)
    first = gather(all_services, catalogue, tmp_path)
    all_services.faults.clear()
    second = gather(all_services, catalogue, tmp_path, first)
    assert {one.state for one in second.sources} == {"live"}
    assert second.observations["origin"].unique().to_list() == ["live"]


def test_a_fault_that_passes_is_not_even_told(
    all_services: LocalServices, catalogue: tuple[Series, ...], tmp_path: Path
) -> None:
    for path in PATHS.values():
        all_services.fail(path, local.answers(503, "later"), local.hangs_up)
    gathered = gather(all_services, catalogue, tmp_path)
    assert {one.state for one in gathered.sources} == {"live"}
    assert {one.state for one in gathered.series} == {"live"}


def test_no_fault_brings_the_key_to_light(
    all_services: LocalServices, catalogue: tuple[Series, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = all_services.fred.key
    told: list[str] = []
    for fault, _ in NO_ANSWERS.values():
        all_services.faults.clear()
        all_services.fail(PATHS["fred"], *[fault] * 50)
        told.append(repr(gather(all_services, catalogue[:1], tmp_path, limits=IMPATIENT, report=told.append)))
    all_services.faults.clear()
    all_services.fail(PATHS["fred"], *[local.answers(200, f'{{"your key": "{secret}"}}', ETag=secret)] * 50)
    told.append(repr(gather(all_services, catalogue[:1], tmp_path, limits=IMPATIENT, report=told.append)))
    kept = [path.read_bytes() for path in tmp_path.rglob("*.part")]
    kept += [gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.gz")]
    assert kept
    assert secret not in "".join(told) + caplog.text
    assert secret.encode() not in b"".join(kept)


def test_no_thread_is_left_behind_by_what_was_answered(
    all_services: LocalServices, catalogue: tuple[Series, ...], tmp_path: Path
) -> None:
    before = set(threading.enumerate())  # what hung in an earlier test may hang still
    gather(all_services, catalogue, tmp_path)
    started = set(threading.enumerate()) - before
    assert [thread.name for thread in started if thread.name.startswith(("ask ", "look at"))] == []
