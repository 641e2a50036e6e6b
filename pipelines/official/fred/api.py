"""FRED API v1: what every request and every refusal of the service has in common.

Documented at https://fred.stlouisfed.org/docs/api/fred/ and .../docs/api/fred/errors.html.
"""

import json
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from pipelines.errors import DownloadError, ParseError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send


@dataclass(frozen=True, slots=True)
class FredApi:
    """The service as one user sees it.

    Attributes:
        send: Sends a request and returns the complete answer.
        base_url: Such as `https://api.stlouisfed.org`.
        key: The user's key; it travels in the query, the service takes it nowhere else.
    """

    send: Send
    base_url: str
    key: str

    def request(self, endpoint: str, *params: tuple[str, str]) -> Request:
        """Build a request for a JSON answer.

        Args:
            endpoint: Such as `series/observations`.
            params: The query without key and file type, in order.
        """
        return Request(
            source="fred",
            url=f"{self.base_url.rstrip('/')}/fred/{endpoint}",
            params=(*params, ("file_type", "json")),
            secret_params=(("api_key", self.key),),
            is_busy=is_busy,
        )

    def ask(self, request: Request) -> "Answer | Refusal":
        """Send a request.

        Returns:
            An answer of status 200 that states no error, or the error that the service states.

        Raises:
            DownloadError: No answer, or one of another status that states no error.
        """
        answer = self.send(request)
        refusal = read_refusal(answer.body)
        if refusal is not None:
            return refusal
        if answer.status != 200:
            raise DownloadError(f"FRED answered {answer.url} with status {answer.status}; try again later")
        return answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that the service states in its answer, whatever the HTTP status says."""

    code: int
    message: str

    @property
    def concerns_key(self) -> bool:
        """Whether every further request with this key would be refused, too (423 is a locked key)."""
        return "api_key" in self.message or self.code in {401, 403, 423}

    @property
    def too_many_vintages(self) -> bool:
        """Whether the window holds more vintage dates than one answer may."""
        return "exceeds the maximum number of vintage dates" in self.message

    @property
    def without_vintages(self) -> bool:
        """Whether the series exists but its vintages are not kept."""
        return "does not exist in ALFRED" in self.message


class RefusedError(DownloadError):
    """The service answers, but refuses this request."""


class KeyRefusedError(RefusedError):
    """The service refuses the key; no other series needs to be asked."""


def refused(refusal: Refusal, series: Series | None = None) -> RefusedError:
    """Make an error of a refusal, with its cure.

    Args:
        refusal: What the service states.
        series: The series that was asked for, if it was one.
    """
    what = series.provider_code if series else "the list of updated series"
    stated = f"FRED refuses {what} ({refusal.code}: {refusal.message})"
    if refusal.concerns_key:
        return KeyRefusedError(f"{stated}; check FRED_API_KEY")
    cure = f"check provider_code in seeds/series.csv or {series.url}" if series else "every series is asked instead"
    return RefusedError(f"{stated}; {cure}")


def read_refusal(body: bytes) -> Refusal | None:
    """Find the error in an answer; the service sends it as JSON or XML whatever the content type says.

    Returns:
        The refusal, or `None` if the answer states none.
    """
    text = body.lstrip()
    if text.startswith(b"{"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if "error_message" not in content and "error_code" not in content:
            return None
        code = content.get("error_code")
        return Refusal(code if isinstance(code, int) else 0, str(content.get("error_message", "no message")))
    if text.startswith(b"<") and b"<!DOCTYPE" not in text and b"<!ENTITY" not in text:
        try:
            element = ET.fromstring(text)  # noqa: S314 without a DOCTYPE there are no entities to expand
        except (ET.ParseError, LookupError, ValueError):  # broken, or in an encoding that does not exist
            return None
        if element.tag == "error":
            code_text = element.get("code", "")
            code = int(code_text) if code_text.isascii() and code_text.isdecimal() else 0
            return Refusal(code, element.get("message", "no message"))
    return None


def is_busy(body: bytes) -> bool:
    """Whether the answer says 429, which the service also sends with status 200."""
    refusal = read_refusal(body) if len(body) < 10_000 else None
    return refusal is not None and refusal.code == 429


def unlike_documentation(answer: Answer, what: str) -> ParseError:
    """An error for an answer of another shape than documented; `what` is the difference."""
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return ParseError(
        f"FRED answered {answer.url} unlike its documentation ({what}; it begins {beginning!r}); "
        "if that persists, pipelines/official/fred has to follow the service"
    )
