"""What can go wrong on the way, instead of an answer or with it."""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.official.local_services.exchange import Reply

if TYPE_CHECKING:
    from tests.official.local_services.server import Handler

Fault = Callable[["Handler"], None]


def answers(status: int, body: bytes | str, content_type: str = "application/json", **headers: str) -> Fault:
    """A complete answer of any kind; header names with `_` for `-`."""

    def fault(handler: "Handler") -> None:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        handler.give(Reply(status, body.encode() if isinstance(body, str) else body, content_type, named))

    return fault


def edits(change: Callable[[Any], object]) -> Fault:
    """The right answer, with its JSON changed in place."""

    def fault(handler: "Handler") -> None:
        reply = handler.find_reply()
        content = json.loads(reply.body)
        change(content)
        handler.give(replace(reply, body=json.dumps(content).encode()))

    return fault


def rewrites(change: Callable[[str], str]) -> Fault:
    """The right answer, with its text changed."""

    def fault(handler: "Handler") -> None:
        reply = handler.find_reply()
        handler.give(replace(reply, body=change(reply.body.decode()).encode()))

    return fault


def breaks_off(handler: "Handler") -> None:
    """An answer shorter than it says."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"realtime_start":')
    handler.close_connection = True


def hangs_up(handler: "Handler") -> None:
    """No answer at all."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def keeps_silent(seconds: float) -> Fault:
    def fault(handler: "Handler") -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def drips(handler: "Handler") -> None:
    """An answer of one byte every now and then."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True


def redirects_to_itself(handler: "Handler") -> None:
    handler.give(Reply(302, b"", "text/plain", {"Location": handler.path}))
