"""What a local service is asked and what it replies; a service is a plain function from the one to the other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Asked:
    """A GET request.

    Attributes:
        path: The path, unquoted, without the query.
        query: The query, the last value of each name.
        headers: The headers, names in lower case.
        today: The day it is for the services.
    """

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    today: date


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; with `etag` the server adds an ETag of the body and answers 304 to whoever has it already."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: bool = False


def as_json(content: Any, status: int = 200, content_type: str = "application/json") -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), content_type)


def not_found(asked: Asked) -> Reply:
    return Reply(404, f"<html><body>{asked.path} was not found</body></html>".encode(), "text/html")


class Service(Protocol):
    """One of the official services.

    Attributes:
        paths: Beginnings of the paths it serves; no two services share one.
    """

    paths: ClassVar[tuple[str, ...]]

    def respond(self, asked: Asked) -> Reply:
        """Answer a request as the service's documentation says."""
        ...
