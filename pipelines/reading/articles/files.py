"""The bytes of a file that anybody may have put there: a regular file of a sensible size, read whole and unchanged, or an error that says why not."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.errors import ArticleError
from pipelines.reading.invisible import escape_invisible

MOST_BYTES = 10_000_000
"""The largest article: a dozen thick books. What is larger is no article, and would hold up all others."""

_ATTEMPTS = 3
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def name_kind(mode: int) -> str | None:
    """Return what a file that is no regular file is ("a pipe"); None for a regular file.

    Args:
        mode: as of `os.stat`.
    """
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), None)


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading; never waits for the other end of a pipe.

    Raises:
        ArticleError: it is missing, no regular file, or cannot be opened.
    """
    shown = escape_invisible(path)
    try:
        # What a name leads to is looked at before it is opened, since opening some devices does something, and again afterwards.
        _refuse_irregular(path.stat().st_mode, shown)
        opened = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY), "rb")
    except FileNotFoundError:
        raise ArticleError(f"{shown} does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArticleError(f"{shown} cannot be read ({reason}); check its permissions") from None
    with opened:
        _refuse_irregular(os.fstat(opened.fileno()).st_mode, shown)
        yield opened


def _refuse_irregular(mode: int, shown: str) -> None:
    kind = name_kind(mode)
    if kind == "a folder":
        raise ArticleError(f"{shown} is a folder, not an article; name a file in it")
    if kind:
        raise ArticleError(f"{shown} is {kind}, not a file; save the text in a file")


def read_file(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file, as they all stood there at one moment.

    Args:
        path: the file.
        most_bytes: a larger one is refused without being read.

    Raises:
        ArticleError: it is missing, no regular file, too large, cannot be read, or keeps changing while it is read.
    """
    with open_regular(path) as file:
        try:
            for _ in range(_ATTEMPTS):
                before = os.fstat(file.fileno())
                if before.st_size > most_bytes:
                    raise ArticleError(
                        f"{escape_invisible(path)} holds {before.st_size:,} bytes, more than an article ({most_bytes:,}); split it"
                    )
                file.seek(0)
                content = file.read(most_bytes + 1)
                after = os.fstat(file.fileno())
                if len(content) == before.st_size and _state_of(before) == _state_of(after):
                    return content
        except OSError as error:
            raise ArticleError(
                f"{escape_invisible(path)} cannot be read ({error.strerror}); check its permissions"
            ) from None
    raise ArticleError(
        f"{escape_invisible(path)} changes while it is read; it is read by the next refresh once it is written"
    )


def _state_of(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
