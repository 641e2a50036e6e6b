"""Bring Traditional, full-width and look-alike characters to one form, one character for one, so that offsets hold."""

import functools
import re
import unicodedata
from collections.abc import Iterable

import opencc

_IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_SAME_CHARACTER_TWICE = (
    range(0x2F00, 0x2FE0),
    range(0xF900, 0xFB00),
)  # radicals and compatibility forms, as PDFs leave them

# What OpenCC's dictionary leaves alone, and the look-alikes that figures are written with.
_FURTHER_FORMS = {
    "餘": "余",
    "馀": "余",
    "両": "两",
    "圜": "圆",
    "隣": "邻",
    "○": "〇",
    "◯": "〇",
    "﹪": "%",
    "％": "%",
    "﹩": "$",
    "￥": "¥",
    "￡": "£",
    "￦": "₩",
    "￠": "¢",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "﹣": "-",
    "―": "—",
    "─": "—",
    "〜": "~",
    "∼": "~",
    "˜": "~",
    "∽": "~",
    "’": "'",
    "‘": "'",
    "•": "·",
    "‧": "·",
    "・": "·",
    "﹒": ".",
    "﹑": "、",
    "﹐": ",",
    "\u3000": " ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\u200a": " ",
    "\u202f": " ",
    "\t": " ",
}
_KEPT_FULL_WIDTH = "，"  # else `3，500人` (3, then 500 people) would read as 3500


@functools.lru_cache(maxsize=4)  # every step of a reading begins with the same text
def normalise(text: str) -> str:
    """Return `text` in Simplified characters and ASCII digits, letters and symbols.

    Args:
        text: Any string, lone surrogates included.

    Returns:
        A string of the same length, character for character: Traditional becomes Simplified (OpenCC's first choice),
        full width becomes ASCII except the full-width comma, dashes become `-` (`—` stays), spaces other than line
        breaks become a space.
    """
    return text.translate(_forms())


def detect_script(text: str) -> str:
    """Say which script a text is written in.

    Args:
        text: The text as stored.

    Returns:
        `hans` (Simplified, also where no character tells), `hant` (Traditional), or `mixed` where the rarer of the two makes up a
        tenth or more of the characters that tell them apart.
    """
    traditional = sum(map(len, _traditional_only().findall(text)))
    if not traditional:
        return "hans"  # the other direction's dictionary need not be loaded
    simplified = sum(map(len, _simplified_only().findall(text)))
    if min(traditional, simplified) * 10 >= traditional + simplified > 0:
        return "mixed"
    return "hant" if traditional > simplified else "hans"


@functools.cache
def _forms() -> tuple[int, ...]:
    """What each character below U+10000 becomes, by its number: as a table three times as fast as a dictionary of the changes."""
    forms: dict[int, str] = {ord(traditional): simplified for traditional, simplified in _changes("t2s").items()}
    for block in _SAME_CHARACTER_TWICE:
        for point in block:
            usual = unicodedata.normalize("NFKC", chr(point))
            if len(usual) == 1 and usual != chr(point):
                forms[point] = forms.get(ord(usual), usual)
    for point in range(0xFF01, 0xFF5F):
        if chr(point) not in _KEPT_FULL_WIDTH:
            forms[point] = chr(point - 0xFEE0)
    forms.update({ord(written): usual for written, usual in _FURTHER_FORMS.items()})
    return tuple(ord(forms[point]) if point in forms else point for point in range(0x10000))


@functools.cache
def _traditional_only() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(_changes('t2s')))}]+")


@functools.cache
def _simplified_only() -> re.Pattern[str]:
    only = _changes("s2t").keys() - _changes("t2s").keys() - set("台后里干面只几斗谷丑范松板游家云余征咸")
    return re.compile(f"[{''.join(sorted(only))}]+")


@functools.cache
def _changes(conversion: str) -> dict[str, str]:
    """Return the ideographs that an OpenCC conversion changes, with what each becomes."""
    written = list(_characters(_IDEOGRAPHS))
    converted = opencc.OpenCC(conversion).convert("\n".join(written)).split("\n")
    return {
        before: after for before, after in zip(written, converted, strict=True) if before != after and len(after) == 1
    }


def _characters(blocks: Iterable[range]) -> Iterable[str]:
    return (chr(point) for block in blocks for point in block)
