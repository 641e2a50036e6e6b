"""What is asked of a service and what it answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Request:
    """A GET request to an official service.

    Attributes:
        source: The provider, as in the catalogue.
        url: Address without a query.
        params: The query, in order.
        headers: Further headers.
        secret_params: The part of the query that must be shown and kept nowhere, such as a key.
        is_busy: Whether a body says "later, please" although its status does not.
    """

    source: str
    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    secret_params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    is_busy: Callable[[bytes], bool] = field(default=lambda _: False, repr=False, compare=False)

    @property
    def shown_url(self) -> str:
        """The address with its query, without the secret part."""
        return f"{self.url}?{urlencode(self.params)}" if self.params else self.url


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever its status.

    Attributes:
        url: The request's `shown_url`.
        status: HTTP status.
        headers: The headers worth keeping, names in lower case.
        retrieved_at: When it was received, UTC.
        body: The bytes, content encoding undone.
        sha256: Hash of the body, hexadecimal.
    """

    url: str
    status: int
    headers: dict[str, str]
    retrieved_at: datetime
    body: bytes = field(repr=False)
    sha256: str


Send = Callable[[Request], Answer]
