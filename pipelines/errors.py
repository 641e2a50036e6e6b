"""One class a failure.

Every message says three things in one sentence or two: the culprit, where it came from, and what to do about it.
"""


class HeduiError(Exception):
    """Any failure that this program foresees; the command prints it without a traceback."""


class ArticleError(HeduiError):
    """An article file cannot be read: missing, not text, in no known encoding, or too large."""


class SeedError(HeduiError):
    """A file under seeds/ does not say what it must; the message names the file, the entry and the cure."""


class ParseError(HeduiError):
    """An official answer has another shape, unit or type than the service documents."""


class DownloadError(HeduiError):
    """An official service gave no usable answer: unreachable, refused, too slow, too large or with an error status."""


class ContractError(HeduiError):
    """Rows break their table's contract beyond the declared share, or the columns are others than declared."""


class WarehouseError(HeduiError):
    """The warehouse cannot be opened, locked or published."""
