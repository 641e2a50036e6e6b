"""hedui.log in the data folder: one line of JSON for each decision of a refresh that matters, for people with grep and for programs."""

import json
import logging
from datetime import UTC, datetime
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "hedui.log"
_MOST_BYTES = 5_000_000
_FILES_KEPT = 4


class _JsonLine(logging.Formatter):
    """What was decided as one line; JSON escapes line breaks and quotes, so that no text can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, "event": record.msg} | record.__dict__["fields"], ensure_ascii=False, default=str)


@cache
def _logger_of(folder: Path) -> logging.Logger:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / FILE,
        maxBytes=_MOST_BYTES,
        backupCount=_FILES_KEPT,
        encoding="utf-8",
        errors="backslashreplace",
        delay=True,
    )
    handler.setFormatter(_JsonLine())
    logger = logging.Logger("hedui.decisions", logging.INFO)
    logger.addHandler(handler)
    return logger


def log_decision(folder: Path, event: str, **fields: object) -> None:
    """Write a line.

    Args:
        folder: the data folder.
        event: what was decided, such as table_written.
        fields: what belongs to it; never a key or an address that may hold one.
    """
    _logger_of(folder).info(event, extra={"fields": fields})
