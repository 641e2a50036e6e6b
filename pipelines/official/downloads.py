"""Sending requests: the only user of `requests`.

What is polite and bounded about the traffic is here: timeouts, a deadline, a size cap, retries, pace, one look whether
a source can be reached at all. Complete answers are kept, compressed, under their hash.
"""

import gzip
import hashlib
import json
import logging
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self
from urllib.parse import quote, quote_plus, urlsplit

import requests
import urllib3

from pipelines.errors import DownloadError
from pipelines.official.exchange import Answer, Request
from pipelines.official.settings import Limits

HIDDEN = "[redacted]"
KEPT_HEADERS = ("content-type", "content-length", "date", "etag", "last-modified", "retry-after")
MAX_REDIRECTS = 5


class _CannotConnectError(Exception):
    """No connection could be opened; the source is passed over for the rest of the run."""


class _FailedAttemptError(Exception):
    """The attempt failed; `again`: a repetition may cure it; `wait`: the seconds that the service asks for."""

    def __init__(self, what: str, *, wait: float | None = None, again: bool = True) -> None:
        super().__init__(what)
        self.wait = wait
        self.again = again


class Downloader:
    """Sends requests and keeps the answers; used as a context manager for one run.

    Args:
        folder: Answers are kept as `<source>/<sha256>.gz` with a record `<source>/<sha256>.json`.
        limits: How long, how much, how often.
        sleep: Waits; a test may count instead.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, sleep: Callable[[float], None] = time.sleep) -> None:
        self.requests_sent: Counter[str] = Counter()
        self._folder = folder
        self._limits = limits or Limits()
        self._sleep = sleep
        self._session = requests.Session()
        self._session.max_redirects = MAX_REDIRECTS
        self._session.headers["User-Agent"] = f"hedui/{_own_version()}"
        self._redaction = _Redaction()
        self._unreachable: dict[str, str] = {}
        self._reached: set[str] = set()
        self._last_sent_at: dict[str, float] = {}

    def __enter__(self) -> Self:
        """Start hiding secrets in what the HTTP library logs."""
        for name in _HTTP_LOGGERS:
            logging.getLogger(name).addFilter(self._redaction)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()
        for name in _HTTP_LOGGERS:
            logging.getLogger(name).removeFilter(self._redaction)

    def fetch(self, request: Request) -> Answer:
        """Send a request until it is answered completely, within the limits.

        Args:
            request: What to ask.

        Returns:
            The answer, of any status except 429 and 5xx.

        Raises:
            DownloadError: No usable answer; the message names the address without its secret part.
        """
        self._redaction.secrets.update(value for _, value in request.secret_params if value)
        if request.source in self._unreachable:
            raise DownloadError(self._unreachable[request.source])
        try:
            return self._fetch(request)
        except (_CannotConnectError, _FailedAttemptError) as failure:
            if isinstance(failure, _CannotConnectError):
                message = (
                    f"{urlsplit(request.url).netloc or request.url} cannot be reached: {failure}; check the network"
                )
                self._unreachable[request.source] = message
            else:
                message = self._redaction.hide(f"{request.shown_url}: {failure}; the next refresh asks again")
        # Outside of the `except`, so that no exception that quotes the key hangs on to this one.
        raise DownloadError(message)

    def _fetch(self, request: Request) -> Answer:
        self._reach(request)
        deadline = time.monotonic() + self._limits.total_seconds
        wait = self._limits.first_wait_seconds
        for attempts_left in reversed(range(self._limits.attempts)):
            try:
                answer = self._attempt(request, deadline)
                if request.is_busy(answer.body):
                    wanted = _asked_wait(answer.headers)
                    raise _FailedAttemptError("the service says that it is too busy", wait=wanted)  # noqa: TRY301
            except _FailedAttemptError as failure:
                pause = wait if failure.wait is None else failure.wait
                too_long = pause > self._limits.max_wait_seconds or time.monotonic() + pause > deadline
                if attempts_left == 0 or too_long or not failure.again:
                    raise
                self._sleep(pause)
                wait = min(2 * wait, self._limits.max_wait_seconds)
            else:
                self._keep(request.source, answer)
                return answer
        raise _FailedAttemptError("never sent: attempts is 0")

    def _reach(self, request: Request) -> None:
        """Open and close a connection, in a thread because looking up a name cannot be given a time limit."""
        if request.source in self._reached:
            return
        proxy = requests.utils.select_proxy(request.url, requests.utils.get_environ_proxies(request.url))
        address = urlsplit(proxy if proxy and "://" in proxy else f"//{proxy}" if proxy else request.url)
        if address.scheme not in {"http", "https"} and not proxy:
            raise _CannotConnectError("the address begins neither with https:// nor with http://")
        port = address.port or (80 if address.scheme == "http" else 443)
        failures: list[str] = ["no connection within the time limit"]

        def look() -> None:
            try:
                socket.create_connection((address.hostname or "", port), self._limits.reach_seconds).close()
                failures.clear()
            except OSError as error:
                failures.append(f"no connection ({error.strerror or error})")

        thread = threading.Thread(target=look, name=f"reach {request.source}", daemon=True)
        thread.start()
        thread.join(self._limits.reach_seconds)
        if failures:
            raise _CannotConnectError(failures[-1])
        self._reached.add(request.source)

    def _attempt(self, request: Request, deadline: float) -> Answer:
        self._keep_pace(urlsplit(request.url).hostname or "")
        self.requests_sent[request.source] += 1
        problem: Exception
        try:
            with self._session.get(
                request.url,
                params=[*request.params, *request.secret_params],
                headers=dict(request.headers),
                stream=True,
                timeout=(self._limits.connect_seconds, self._limits.read_seconds),
            ) as response:
                headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
                if response.status_code == 429 or response.status_code >= 500:
                    raise _FailedAttemptError(f"status {response.status_code}", wait=_asked_wait(headers))
                body = self._read_body(response, deadline)
                return self._to_answer(request, response.status_code, headers, body)
        except (
            requests.exceptions.SSLError,
            requests.exceptions.ProxyError,
            requests.exceptions.ConnectTimeout,
        ) as error:
            problem = _CannotConnectError(f"no connection ({type(error).__name__})")
        except requests.exceptions.ConnectionError as error:
            never_opened = bool(error.args) and isinstance(error.args[0], urllib3.exceptions.MaxRetryError)
            problem = (
                _CannotConnectError("no connection")
                if never_opened
                else _FailedAttemptError("the connection was closed before the answer")
            )
        except requests.exceptions.TooManyRedirects:
            problem = _FailedAttemptError(f"more than {MAX_REDIRECTS} redirects", again=False)
        except requests.exceptions.Timeout:
            problem = _FailedAttemptError(f"silent for {self._limits.read_seconds:g} s")
        except requests.exceptions.RequestException as error:
            problem = _FailedAttemptError(f"the request failed ({type(error).__name__})", again=False)
        except urllib3.exceptions.HTTPError as error:
            problem = _FailedAttemptError(f"the answer broke off or is garbled ({type(error).__name__})")
        raise problem

    def _read_body(self, response: requests.Response, deadline: float) -> bytes:
        body = bytearray()
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if time.monotonic() > deadline:
                raise _FailedAttemptError(f"not complete after {self._limits.total_seconds:g} s")
            if len(body) > self._limits.max_bytes:
                raise _FailedAttemptError(f"larger than {self._limits.max_bytes} bytes", again=False)
        return bytes(body)

    def _to_answer(self, request: Request, status: int, headers: dict[str, str], body: bytes) -> Answer:
        body = self._redaction.hide_bytes(body)
        return Answer(
            url=request.shown_url,
            status=status,
            headers={name: self._redaction.hide(text) for name, text in headers.items()},
            retrieved_at=datetime.now(UTC),
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
        )

    def _keep_pace(self, host: str) -> None:
        if host in self._last_sent_at:
            free_at = self._last_sent_at[host] + self._limits.pace_seconds.get(host, 0.0)
            self._sleep(max(0.0, free_at - time.monotonic()))
        self._last_sent_at[host] = time.monotonic()

    def _keep(self, source: str, answer: Answer) -> None:
        record = {
            "url": answer.url,
            "status": answer.status,
            "headers": answer.headers,
            "retrieved_at": answer.retrieved_at.isoformat(),
            "bytes": len(answer.body),
        }
        folder = self._folder / source
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / f"{answer.sha256}.json").exists():
                _write(folder / f"{answer.sha256}.gz", gzip.compress(answer.body, mtime=0))
                _write(folder / f"{answer.sha256}.json", json.dumps(record, indent=1).encode())
        except OSError as error:
            what = f"the answer cannot be kept under {folder} ({error.strerror})"
            raise _FailedAttemptError(what, again=False) from error


_HTTP_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")


class _Redaction(logging.Filter):
    """Hides secrets in texts, bytes and log records."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def hide(self, text: str) -> str:
        for secret in self._forms():
            text = text.replace(secret, HIDDEN)
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        for secret in self._forms():
            body = body.replace(secret.encode(), HIDDEN.encode())
        return body

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.hide(record.getMessage()), ()
        return True

    def _forms(self) -> list[str]:
        forms = {form for secret in self.secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        return sorted(forms, key=len, reverse=True)


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Read `Retry-After`, in seconds or as a date; `None` if it is absent or makes no sense."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _own_version() -> str:
    try:
        return version("hedui")
    except PackageNotFoundError:
        return "source"
