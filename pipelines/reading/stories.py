"""Which articles are the same text, and which tell the same story: the same text on another site, cut or lightly edited."""

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from pipelines.places import SEEDS
from pipelines.reading.articles import Article
from pipelines.reading.furniture import make_visible
from pipelines.reading.words import WordFile

RULE = SEEDS / "stories.toml"
# Clauses end at line breaks and at any punctuation but the point inside of a number.
_CLAUSE_END = re.compile(r"[^\w.%$ ]+|\.(?!\d)")
_NO_WORD = re.compile(r"[\W_]+")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万亿]{2}")
_SHORTEST_CLAUSE = 6
_SHORTEST_TEXT = 10


class _Rule(NamedTuple):
    shared_of_shorter: float
    shared_of_longer: float
    shared_figures: float
    fewest_characters: float


@cache
def read_story_rule() -> _Rule:
    """Read seeds/stories.toml.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile(RULE)
    file.check_tables(["same_story"])
    table = file.tables.get("same_story", {})
    for key in table:
        if key not in _Rule._fields:
            raise file.fail(f"same_story.{key}", "is no part of the rule", f"use one of {', '.join(_Rule._fields)}")
    numbers = []
    for key in _Rule._fields:
        number, most = table.get(key), 1.0 if key.startswith("shared") else 1e6
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 < number <= most:
            raise file.fail(
                f"same_story.{key}", "is missing or no sensible number", f"give one above 0, at most {most:g}"
            )
        numbers.append(float(number))
    return _Rule(*numbers)


@dataclass(frozen=True, slots=True)
class Wording:
    """What of an article's text is compared: of its own text, furniture left out, in Simplified characters.

    Attributes:
        copy_key: the same for two articles exactly if their words, one after the other, are the same; None for a text without words.
        clauses: each clause once, as a number: 55 bits of its hash, whether it holds a figure (1 bit), its length up to 255 (8 bits).
    """

    copy_key: str | None
    clauses: "array[int]"


def read_wording(article: Article) -> Wording:
    """Return what of an article's text is compared with others.

    Args:
        article: as read.
    """
    visible = make_visible(article.text, article.furniture)
    words = _NO_WORD.sub("", visible)
    key = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if len(words) >= _SHORTEST_TEXT else None
    clauses = array("Q")
    seen: set[int] = set()
    for piece in _CLAUSE_END.split(visible):
        clause = _NO_WORD.sub("", piece)
        if len(clause) < _SHORTEST_CLAUSE:
            continue
        digest = hashlib.blake2b(clause.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = (int.from_bytes(digest, "big") >> 9 << 9) | bool(_FIGURE.search(piece)) << 8 | min(len(clause), 255)
        if number not in seen:
            seen.add(number)
            clauses.append(number)
    return Wording(key, clauses)


class Stories:
    """Articles by their wording: finds for a text the article that tells the same story.

    Memory grows by some 150 bytes a clause.
    """

    def __init__(self) -> None:
        self._first_with: dict[int, int] = {}
        self._articles: list[tuple[str, array[int]]] = []

    def add(self, article_id: str, wording: Wording) -> None:
        """Make an article known.

        Args:
            article_id: its name.
            wording: its text.
        """
        number = len(self._articles)
        self._articles.append((article_id, wording.clauses))
        for clause in wording.clauses:
            self._first_with.setdefault(clause, number)

    def find(self, wording: Wording) -> str | None:
        """Return the known article that tells the same story by the rule of seeds/stories.toml, None if none does.

        Args:
            wording: the text that is held against them.
        """
        votes = Counter(self._first_with[clause] for clause in wording.clauses if clause in self._first_with)
        for number, _ in votes.most_common(5):
            article_id, clauses = self._articles[number]
            if _tell_the_same(set(wording.clauses), set(clauses)):
                return article_id
        return None


def _tell_the_same(one: set[int], other: set[int]) -> bool:
    rule = read_story_rule()
    shared = _count_characters(one & other)
    shorter, longer = sorted((one, other), key=_count_characters)
    figures = sum(map(_holds_figure, shorter))
    return (
        shared >= rule.fewest_characters
        and shared >= rule.shared_of_shorter * _count_characters(shorter)
        and shared >= rule.shared_of_longer * _count_characters(longer)
        and sum(map(_holds_figure, one & other)) >= rule.shared_figures * figures
    )


def _count_characters(clauses: Iterable[int]) -> int:
    return sum(clause & 0xFF for clause in clauses)


def _holds_figure(clause: int) -> bool:
    return bool(clause >> 8 & 1)


def find_same_stories(articles: Iterable[tuple[str, date | None, Wording]]) -> dict[str, str]:
    """Return for every article that tells a story anew the article that told it first.

    First is the earliest by its day, then by its name; articles of unknown day come last.

    Args:
        articles: name, day and wording of each.
    """
    stories = Stories()
    found: dict[str, str] = {}
    for article_id, _, wording in sorted(articles, key=lambda one: (one[1] or date.max, one[0])):
        earliest = stories.find(wording)
        if earliest is None:
            stories.add(article_id, wording)
        else:
            found[article_id] = earliest
    return found
