"""Keeping keys out of whatever is written, kept or shown."""

import logging
from typing import Self
from urllib.parse import quote, quote_plus

HIDDEN = "[redacted]"
_HTTP_LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")


class Redaction(logging.Filter):
    """Hides secrets in texts, bytes and log records."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def __enter__(self) -> Self:
        """Hide secrets in what the HTTP library logs."""
        for name in _HTTP_LOGGERS:
            logging.getLogger(name).addFilter(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Hide them no longer."""
        for name in _HTTP_LOGGERS:
            logging.getLogger(name).removeFilter(self)

    def hide(self, text: str) -> str:
        """A text without the secrets."""
        for secret in self._forms():
            text = text.replace(secret, HIDDEN)
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """A body without the secrets."""
        for secret in self._forms():
            body = body.replace(secret.encode(), HIDDEN.encode())
        return body

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without the secrets."""
        record.msg, record.args = self.hide(record.getMessage()), ()
        return True

    def _forms(self) -> list[str]:
        forms = {form for secret in self.secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        return sorted(forms, key=len, reverse=True)
