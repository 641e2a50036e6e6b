"""Characters that cannot be seen, and what they would do in a name, a title or a message: break lines, turn text round, steer a terminal."""

import re

# Control characters, soft hyphen, zero-width characters, line and paragraph separators, bidirectional marks, tags, half characters.
_RANGES = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{_RANGES}]")
_RUN = re.compile(rf"[{_RANGES}\s]+")
_TURNS_DIGITS = re.compile("[\u202d\u202e]")


def find_invisible(text: str) -> str | None:
    """Return the first invisible character of a text, None if there is none."""
    found = _INVISIBLE.search(text)
    return found.group() if found else None


def find_override(text: str) -> int | None:
    """Return where the first bidirectional override stands, which shows `81` for the digits `18`; None if there is none."""
    found = _TURNS_DIGITS.search(text)
    return found.start() if found else None


def escape_invisible(text: object) -> str:
    """Return a text as one line that can be printed anywhere: each invisible character becomes its escape, such as `u202e` behind a backslash."""
    return _INVISIBLE.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), str(text))


def make_one_line(text: str | None, *, longest: int = 300) -> str | None:
    """Return a name or title as one line without invisible characters; None if nothing is left.

    Args:
        text: as found in an article or given with it.
        longest: in code points; the rest is cut.
    """
    line = _INVISIBLE.sub(
        "", _RUN.sub(lambda run: " " if any(char.isspace() for char in run.group()) else "", text or "")
    )
    return line.strip()[:longest].strip() or None
