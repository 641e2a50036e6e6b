"""Sending requests: the only user of `requests`.

What is polite and bounded about the traffic is here: timeouts, deadlines, a size cap, retries, pace, conditional
requests, one look whether the sources can be reached at all, and what a source may cost that gives nothing. Complete
answers go into the journal.
"""

import hashlib
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3

from pipelines.errors import DownloadError
from pipelines.official.exchange import Answer, Request
from pipelines.official.journal import Journal, KeptAnswer
from pipelines.official.redaction import Redaction
from pipelines.official.settings import Limits

KEPT_HEADERS = ("content-type", "content-length", "date", "etag", "last-modified", "retry-after")
MAX_REDIRECTS = 5
# How a kept answer's headers become conditions of the next request.
_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_POLL_SECONDS = 0.05


class _CannotConnectError(Exception):
    """No connection could be opened; the address is passed over for the rest of the run."""


class _FailedAttemptError(Exception):
    """The attempt failed.

    Attributes:
        wait: The seconds that the service asks for.
        is_busy: Whether the service is there and asks for patience.
        again: Whether a repetition may cure it.
    """

    def __init__(self, what: str, *, wait: float | None = None, is_busy: bool = False, again: bool = True) -> None:
        super().__init__(what)
        self.wait = wait
        self.is_busy = is_busy or wait is not None
        self.again = again


class Downloader:
    """Sends requests and keeps the answers; used as a context manager for one run.

    Args:
        journal: Where complete answers are kept.
        limits: How long, how much, how often.
        sleep: Waits; a test may count instead.
    """

    def __init__(
        self, journal: Journal, limits: Limits | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.requests_sent: Counter[str] = Counter()
        self._journal = journal
        self._limits = limits or Limits()
        self._sleep = sleep
        self._session = _open_session()
        self._redaction = Redaction()
        self._passed_over: dict[tuple[str, str], str] = {}
        self._reached: set[str] = set()
        self._last_sent_at: dict[str, float] = {}
        # Seconds that a source has cost without an answer: since its last one, and with asked waits in the whole run.
        self._lost_in_a_row: defaultdict[str, float] = defaultdict(float)
        self._lost_in_all: defaultdict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        """Start hiding secrets in what the HTTP library logs."""
        self._redaction.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()
        self._redaction.__exit__()

    def look(self, addresses: Mapping[str, str]) -> None:
        """See at once which sources can be reached, so that a machine without network waits once and not for each.

        Args:
            addresses: The address of each source.
        """
        looks = {source: _Look(address, self._limits.reach_seconds) for source, address in addresses.items()}
        for look in looks.values():
            look.start()
        until = time.monotonic() + self._limits.reach_seconds
        for source, look in looks.items():
            look.join(max(0.0, until - time.monotonic()))
            place = _place(addresses[source])
            if look.failure is None:
                self._reached.add(place)
            else:
                self._passed_over[source, place] = _out_of_reach(addresses[source], look.failure)

    def fetch(self, request: Request) -> Answer:
        """Send a request until it is answered completely, within the limits.

        Args:
            request: What to ask.

        Returns:
            The answer, of any status except 304, 429 and 5xx. If the service says that nothing has changed since the
            last answer, that one again.

        Raises:
            DownloadError: No usable answer; the message names the address without its secret part.
        """
        self._redaction.secrets.update(value for _, value in request.secret_params if value)
        source, place = request.source, _place(request.url)
        if place not in self._reached and (source, place) not in self._passed_over:
            self.look({source: request.url})
        if (source, place) in self._passed_over:
            raise DownloadError(self._passed_over[source, place])
        try:
            return self._fetch(request)
        except _CannotConnectError as failure:
            message = self._passed_over[source, place] = _out_of_reach(request.url, str(failure))
        except _FailedAttemptError as failure:
            message = self._redaction.hide(f"{request.shown_url}: {failure}; the next refresh asks again")
            if self._is_spent(source):
                self._passed_over[source, place] = f"{message}. Nothing more is asked of it until then"
        # Outside of the `except`, so that no exception that quotes the key hangs on to this one.
        raise DownloadError(message)

    def _fetch(self, request: Request) -> Answer:
        deadline = time.monotonic() + self._limits.total_seconds
        wait = self._limits.first_wait_seconds
        for attempts_left in reversed(range(self._limits.attempts)):
            self._keep_pace(urlsplit(request.url).hostname or "")
            started = time.monotonic()
            try:
                answer = self._attempt(request, deadline)
                self._keep(request.source, answer)
            except _CannotConnectError:
                raise
            except _FailedAttemptError as failure:
                pause = wait if failure.wait is None else failure.wait
                self._lose(request.source, time.monotonic() - started, failure)
                too_long = pause > self._limits.max_wait_seconds or time.monotonic() + pause > deadline
                if (
                    attempts_left == 0
                    or too_long
                    or not failure.again
                    or self._is_spent(request.source, pause, failure)
                ):
                    raise
                self._sleep(pause)
                self._lose(request.source, pause, failure)
                wait = min(2 * wait, self._limits.max_wait_seconds)
            else:
                self._lost_in_a_row[request.source] = 0.0
                return answer
        raise _FailedAttemptError("never sent: attempts is 0")

    def _lose(self, source: str, seconds: float, failure: _FailedAttemptError) -> None:
        self._lost_in_all[source] += seconds
        if not failure.is_busy:
            self._lost_in_a_row[source] += seconds

    def _is_spent(self, source: str, pause: float = 0.0, failure: _FailedAttemptError | None = None) -> bool:
        """Whether a source has cost too much without giving an answer, or would after a pause."""
        in_a_row = self._lost_in_a_row[source] + (0.0 if failure and failure.is_busy else pause)
        return (
            in_a_row >= self._limits.failure_seconds
            or self._lost_in_all[source] + pause >= self._limits.trouble_seconds
        )

    def _attempt(self, request: Request, deadline: float) -> Answer:
        """Send once, on a thread of its own: looking up a name or reading headers cannot be given a time limit."""
        last = self._journal.find_last(request.source, request.shown_url)
        conditions = {
            _CONDITIONS[name]: last[0].headers[name] for name in _CONDITIONS if last and name in last[0].headers
        }
        left = max(self._limits.failure_seconds - self._lost_in_a_row[request.source], _POLL_SECONDS)
        exchange = _Exchange(self._session, request, conditions, self._limits, left)
        self.requests_sent[request.source] += 1
        exchange.start()
        while exchange.is_alive():
            exchange.join(_POLL_SECONDS)
            if exchange.is_alive() and (late := exchange.find_delay(deadline)):
                self._session = _open_session()  # the old one is left to the thread that hangs in it
                raise _FailedAttemptError(late)
        if exchange.failure is not None:
            raise exchange.failure
        if exchange.status == 304 and last is not None:
            answer = self._renew(request, *last, exchange.headers)
        else:
            answer = self._to_answer(request, exchange.status, exchange.headers, bytes(exchange.body))
        if request.is_busy(answer.body):
            wanted = _asked_wait(answer.headers)
            raise _FailedAttemptError("the service says that it is too busy", wait=wanted, is_busy=True)
        return answer

    def _renew(self, request: Request, kept: KeptAnswer, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The last answer again, received now."""
        return self._to_answer(request, kept.status, {**kept.headers, **headers}, body)

    def _to_answer(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
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
        try:
            self._journal.keep(source, answer)
        except OSError as error:
            what = f"the answer cannot be kept ({error.strerror}: {error.filename}); make room or mend its folder"
            raise _FailedAttemptError(what, again=False) from error


class _Look(threading.Thread):
    """Opens and closes a connection to an address."""

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__(name=f"look at {_place(address)}", daemon=True)
        self.failure: str | None = "no connection within the time limit"
        self._address = address
        self._seconds = seconds

    def run(self) -> None:
        try:
            proxy = requests.utils.select_proxy(self._address, requests.utils.get_environ_proxies(self._address))
            parts = urlsplit(proxy if proxy and "://" in proxy else f"//{proxy}" if proxy else self._address)
            if parts.scheme not in {"http", "https"} and not proxy:
                self.failure = "the address begins neither with https:// nor with http://"
                return
            port = parts.port or (80 if parts.scheme == "http" else 443)
            socket.create_connection((parts.hostname or "", port), self._seconds).close()
        except (OSError, ValueError) as error:
            self.failure = f"no connection ({getattr(error, 'strerror', None) or error})"
        else:
            self.failure = None


class _Exchange(threading.Thread):
    """One request and what comes of it: `failure`, or `status`, `headers` and `body`.

    Args:
        session: Sends it.
        request: What to ask.
        conditions: Headers that let the service say that nothing has changed.
        limits: How long and how much.
        patience_seconds: How long the service may take until it begins to answer.
    """

    def __init__(
        self,
        session: requests.Session,
        request: Request,
        conditions: Mapping[str, str],
        limits: Limits,
        patience_seconds: float,
    ) -> None:
        super().__init__(name=f"ask {request.source}", daemon=True)
        self.failure: Exception | None = None
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self._session = session
        self._request = request
        self._conditions = conditions
        self._limits = limits
        self._patience = patience_seconds
        self._silence = min(limits.read_seconds, patience_seconds)
        self._sent_at = time.monotonic()
        self._began_to_answer: float | None = None

    def find_delay(self, deadline: float) -> str | None:
        """Say which time limit is exceeded, if one is."""
        now = time.monotonic()
        if now > deadline:
            return f"not complete after {self._limits.total_seconds:g} s"
        if self._began_to_answer is None:
            return f"no answer within {self._patience:.3g} s" if now - self._sent_at > self._patience else None
        elapsed = now - self._began_to_answer
        is_slow = elapsed > self._silence and len(self.body) < self._limits.least_bytes_per_second * elapsed
        return f"only {len(self.body)} bytes in {elapsed:.3g} s" if is_slow else None

    def run(self) -> None:
        try:
            self._send()
        except _FailedAttemptError as failure:
            self.failure = failure
        except (
            requests.exceptions.SSLError,
            requests.exceptions.ProxyError,
            requests.exceptions.ConnectTimeout,
        ) as error:
            self.failure = _CannotConnectError(f"no connection ({type(error).__name__})")
        except requests.exceptions.ConnectionError as error:
            never_opened = bool(error.args) and isinstance(error.args[0], urllib3.exceptions.MaxRetryError)
            self.failure = (
                _CannotConnectError("no connection")
                if never_opened
                else _FailedAttemptError("the connection was closed before the answer")
            )
        except requests.exceptions.TooManyRedirects:
            self.failure = _FailedAttemptError(f"more than {MAX_REDIRECTS} redirects", again=False)
        except requests.exceptions.Timeout:
            self.failure = _FailedAttemptError(f"silent for {self._silence:g} s")
        except requests.exceptions.RequestException as error:
            self.failure = _FailedAttemptError(f"the request failed ({type(error).__name__})", again=False)
        except urllib3.exceptions.HTTPError as error:
            self.failure = _FailedAttemptError(f"the answer broke off or is garbled ({type(error).__name__})")
        except Exception as error:  # what ends a thread without a word would look like an answer
            self.failure = _FailedAttemptError(f"the request failed ({type(error).__name__})", again=False)

    def _send(self) -> None:
        with self._session.get(
            self._request.url,
            params=[*self._request.params, *self._request.secret_params],
            headers={**dict(self._request.headers), **self._conditions},
            stream=True,
            timeout=(self._limits.connect_seconds, self._silence),
        ) as response:
            self.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            status = response.status_code
            if status == 429 or status >= 500 or (status == 304 and not self._conditions):
                raise _FailedAttemptError(f"status {status}", wait=_asked_wait(self.headers), is_busy=status == 429)
            self.status = status
            self._began_to_answer = time.monotonic()
            while piece := response.raw.read1(65536, decode_content=True):
                self.body += piece
                if len(self.body) > self._limits.max_bytes:
                    raise _FailedAttemptError(f"larger than {self._limits.max_bytes} bytes", again=False)


def _open_session() -> requests.Session:
    session = requests.Session()
    session.max_redirects = MAX_REDIRECTS
    session.headers["User-Agent"] = f"hedui/{_own_version()}"
    return session


def _place(address: str) -> str:
    return urlsplit(address).netloc or address


def _out_of_reach(address: str, failure: str) -> str:
    return f"{_place(address)} cannot be reached: {failure}; check the network"


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Read `Retry-After`, in seconds or as a date; `None` if it is absent or makes no sense."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _own_version() -> str:
    try:
        return version("hedui")
    except PackageNotFoundError:
        return "source"
