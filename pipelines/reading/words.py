"""The word files under seeds/: how a word is written there, and how the files are read and checked.

A word is Simplified Chinese or Latin text in which `(a|b)` means one of several, `?` that the character or group before it may be
left out, and `…` up to twelve further characters of the same clause. Everything else stands for itself.
"""

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.errors import SeedError
from pipelines.places import SEEDS

MOST_FORMS = 1000  # of one word: more is a slip, and would only make the search slow
GAP = "…"
_SIGNS = frozenset("(|)?")
_NUMERIC = frozenset("0123456789.")
_GAP_PATTERN = "[^,，。;；:：!?！？\n]{0,12}?"


class _Split(NamedTuple):
    forms: list[str]
    position: int


@lru_cache(maxsize=10_000)  # a word is expanded once to be checked and again to be used
def expand_word(word: str) -> tuple[str, ...]:
    """Return every plain form of a word as written in a word file (`国(债|库券)?` gives 国, 国债, 国库券).

    Raises:
        ValueError: brackets that do not match, `?` after nothing, an empty word, or more forms than are sensible.
    """
    forms, position = ([word], len(word)) if _SIGNS.isdisjoint(word) else _expand_alternatives(word, 0, inside=False)
    if position != len(word):
        raise ValueError(f"has a ')' too many at character {position + 1}")
    if not all(form.strip(GAP + " ") for form in forms):
        raise ValueError("can be left out altogether, so that it would be found everywhere")
    return tuple(dict.fromkeys(forms))


def _expand_alternatives(word: str, position: int, *, inside: bool) -> _Split:
    alternatives: list[str] = []
    sequence = [""]
    while position < len(word):
        char = word[position]
        if char == ")":
            break
        if char == "|":
            if not inside:
                raise ValueError("has a '|' outside brackets; write (a|b)")
            alternatives += sequence
            sequence = [""]
            position += 1
            continue
        if char == "?":
            raise ValueError(f"has a '?' after nothing at character {position + 1}")
        part, position = _expand_part(word, position)
        sequence = [before + after for before, after in itertools.product(sequence, part)]
        if len(sequence) > MOST_FORMS:
            raise ValueError(f"stands for more than {MOST_FORMS} words; write it as several")
    return _Split(alternatives + sequence, position)


def _expand_part(word: str, position: int) -> _Split:
    """One character or bracket at `position` with the `?` that may follow it."""
    if word[position] == "(":
        part, position = _expand_alternatives(word, position + 1, inside=True)
        if position >= len(word):
            raise ValueError("has a '(' that is not closed")
    else:
        part = [word[position]]
    position += 1
    if word[position : position + 1] == "?":
        part = [*part, ""]
        position += 1
    return _Split(part, position)


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that finds the longest of the words at a place in a text in lower case; Latin words stand alone.

    The forms are folded into a prefix tree, so that the search does not grow with their number.
    """
    plain: set[str] = set()
    with_gap: set[str] = set()
    for word in words:
        for form in expand_word(word):
            (with_gap if GAP in form else plain).add(form.lower())
    parts = ["".join(_GAP_PATTERN if char == GAP else re.escape(char) for char in form) for form in sorted(with_gap)]
    if plain:
        parts.append(_fold_tree(plain))
    if not parts:
        return re.compile(r"(?!)")
    return re.compile("(?:" + "|".join(parts) + ")")


def _fold_tree(forms: set[str]) -> str:
    tree: dict[str, Any] = {}
    for form in forms:
        node = tree
        for char in form:
            node = node.setdefault(char, {})
        node[""] = form[-1]
    # A Latin word or a number begins where it begins: AI is not found in OPENAI, 10年期 not in 110年期.
    # The condition stands behind the character, so that the search can leap to the characters that words begin with.
    branches = [re.escape(char) + _find_start(char) + _fold_node(below) for char, below in sorted(tree.items())]
    return "(?:" + "|".join(branches) + ")"


def _find_start(char: str) -> str:
    if char.isascii() and char.isalpha():
        return f"(?<![a-z]{char})"
    return f"(?<![0-9.]{char})" if char.isdigit() else ""


def _fold_node(node: dict[str, Any]) -> str:
    branches = []
    for char, below in sorted((char, below) for char, below in node.items() if char):
        branches.append(re.escape(char) + _fold_node(below))
    end = node.get("")
    # A Latin word ends where its letters end: AI is not found in AIR.
    stop = r"(?![a-z])" if end is not None and end.isascii() and end.isalpha() else ""
    if not branches:
        return stop
    folded = branches[0] if len(branches) == 1 and end is None else "(?:" + "|".join(branches) + ")"
    if end is None:
        return folded
    return f"(?:{folded}|{stop})" if stop else f"{folded}?"


class WordFinder:
    """Finds the longest of many plain words at each place of a text in lower case; Latin words stand alone.

    It finds what the pattern of `compile_words` does, without the half second that a pattern of thousands of words takes to compile: two
    characters that words begin with are searched for, then the words of each length looked up.

    Args:
        forms: plain words in lower case, as `expand_word` gives them.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = frozenset(forms)
        lengths: dict[str, set[int]] = {}
        for form in self._forms:
            lengths.setdefault(form[:2], set()).add(len(form))
        self._lengths = {
            begun: tuple(sorted(found | lengths.get(begun[0], set()), reverse=True)) for begun, found in lengths.items()
        }
        first, second, alone = (
            re.escape("".join(sorted({begun[place] for begun in lengths if len(begun) == long})))
            for place, long in ((0, 2), (1, 2), (0, 1))
        )
        pairs = f"[{first}][{second}]" if first else "(?!)"
        self._begin = re.compile(f"{pairs}|[{alone}]" if alone else pairs)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Yield the places of the words in a stretch of a text, in order, none overlapping.

        Args:
            text: the text, in lower case.
            start: where the stretch begins.
            end: where it ends; None means with the text.
        """
        end = len(text) if end is None else end
        search, lengths, forms = self._begin.search, self._lengths, self._forms
        position = start
        while (begun := search(text, position, end)) is not None:
            first = begun.start()
            position = first + 1
            for length in lengths.get(begun.group()) or lengths.get(text[first], ()):
                last = first + length
                if text[first:last] not in forms or last > end:
                    continue
                if (text[first] > "\x7f" and text[last - 1] > "\x7f") or _stands_alone(text, first, last, end):
                    yield first, last
                    position = last
                    break


def _stands_alone(text: str, start: int, stop: int, end: int) -> bool:
    """Whether no letter runs on before or behind a Latin word (AI in OPENAI or AIR), no digit before a number."""
    first, last = text[start], text[stop - 1]
    before, behind = text[start - 1 : start], text[stop : stop + 1] if stop < end else ""
    if first.isascii() and (("a" <= before <= "z" and first.isalpha()) or (before in _NUMERIC and first.isdigit())):
        return False
    return not ("a" <= behind <= "z" and last.isascii() and last.isalpha())


class WordFile:
    """One TOML file of words, with the errors that name the file and the entry.

    Args:
        name: the file's name under seeds/, or a path.
    """

    def __init__(self, name: str | Path) -> None:
        self.path = SEEDS / name
        try:
            with self.path.open("rb") as file:
                self.tables: Mapping[str, Any] = tomllib.load(file)
        except FileNotFoundError:
            raise SeedError(f"{self.path} is missing; restore it from the repository") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SeedError(f"{self.path} is not TOML in UTF-8 ({error}); mend the line it names") from None

    def fail(self, entry: str, trouble: str, cure: str) -> SeedError:
        """Return the error for an entry of this file, to be raised."""
        return SeedError(f"{self.path}, {entry}: {trouble}; {cure}")

    def check_tables(self, known: Iterable[str]) -> None:
        """Refuse tables that nothing reads (a misspelt name would otherwise do nothing, silently).

        Raises:
            SeedError: the file has a table or key of another name.
        """
        known = sorted(known)
        for name in self.tables:
            if name not in known:
                raise self.fail(name, "is not a table of this file", f"use one of {', '.join(known)}")

    def read_entries(self, table: str, keys: Iterable[str]) -> list[dict[str, Any]]:
        """Return the entries of an array of tables (`[[metric]]`), each with no other than the known keys.

        Raises:
            SeedError: the table is none, or an entry has an unknown key.
        """
        known = sorted(keys)
        entries = self.tables.get(table, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.fail(table, "is not a list of entries", f"write [[{table}]] before each")
        for number, entry in enumerate(entries, start=1):
            for key in entry:
                if key not in known:
                    raise self.fail(
                        f"{table} {number} ({entry.get('name', '')})",
                        f"unknown key {key!r}",
                        f"use one of {', '.join(known)}",
                    )
        return entries

    def read_words(self, where: str, entry: Mapping[str, Any], key: str, *, needed: bool = False) -> list[str]:
        """Return the words under a key, checked; an absent key gives none unless it is needed.

        Raises:
            SeedError: not a list of words, or a word that cannot be expanded.
        """
        words = entry.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self.fail(f"{where}.{key}", "is not a list of words", 'write ["…", "…"]')
        if needed and not words:
            raise self.fail(f"{where}.{key}", "has no words", "give at least one")
        for word in words:
            try:
                expand_word(word)
            except ValueError as error:
                raise self.fail(f"{where}.{key}", f"the word {word!r} {error}", "mend the word") from None
        return words
