"""The words of seeds/pairs.toml, by which a text states one official figure by another: read once, checked, ready to be searched for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.reading.metrics.lexicon import read_lexicon
from pipelines.reading.words import WordFile, WordFinder, compile_words, expand_word

_SHARE_KEYS = ("of", "is", "called", "within", "spent", "and", "ratio")
_DIFFERENCE_KEYS = ("than", "more", "less", "more_by", "points_more", "points_less", "and", "gap", "inverted")
_ORDER = "from_short_to_long"
_KEYS = {
    "share": _SHARE_KEYS,
    "difference": (*_DIFFERENCE_KEYS, _ORDER),
    "holding": ("of", "words"),
    "anaphor": ("former", "latter"),
}


@dataclass(frozen=True, slots=True)
class SideWord:
    """A word that means a metric only as the other side of certain ones."""

    metric: str
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """How two metrics and a figure can stand to one another, told by what alone stands between them.

    Attributes:
        order: in which order upper part (n), base (b) and figure (f) stand, such as "nbf"; t for a base that was told with the figure before.
        first, second: the patterns of what stands between the first two of them, and between the last two; times and the like left out.
        relation: ratio_to, exceeds, falls_short_of or differs_from: what the figure says of the upper part against the base.
        needs: ratio (a share or multiple), amount (dollars), points, or any difference.
        orders_by_term: whether it is a spread, of which the metrics' own order says which is the upper part, not that of the words; -1 turns it round.
    """

    order: str
    first: str
    second: str
    relation: str
    needs: str
    orders_by_term: int = 0


@dataclass(frozen=True)
class PairWords:
    """All words and shapes.

    Attributes:
        shapes: how two metrics and a figure can stand to one another.
        side_words, side_finder: by their plain form the words that mean a metric only beside another, and what finds them.
        same_time: words that say that both are of the same time.
        by_term: of rates that make a spread, their place from short to long.
        beside: the pairs, upper part and base, of which a side word says that they go together.
        held_of: what a holding may be a share of, beside what others hold.
        holding: what may follow the name of a holder whose holding is left out.
        former, latter: what stands for the first and the second of two metrics named before.
    """

    shapes: Sequence[Shape]
    side_words: Mapping[str, Sequence[SideWord]]
    side_finder: WordFinder
    same_time: re.Pattern[str]
    by_term: Mapping[str, int]
    beside: frozenset[tuple[str, str]]
    held_of: frozenset[str]
    holding: re.Pattern[str]
    former: re.Pattern[str]
    latter: re.Pattern[str]


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of a shape when it is needed: all together take a tenth of a second."""
    return re.compile(pattern)


@cache
def read_pair_words() -> PairWords:
    """Read and check the word file.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile("pairs.toml")
    file.check_tables(["between", "same_time", "share", "difference", "holding", "anaphor", "word"])
    known = read_lexicon().metrics
    side_words: dict[str, list[SideWord]] = {}
    for number, entry in enumerate(file.read_entries("word", ("metric", "beside", "words")), start=1):
        where = f"word {number}"
        beside = file.read_words(where, entry, "beside", needed=True)
        for name in (entry.get("metric"), *beside):
            if name not in known:
                raise file.fail(where, f"{name!r} is no metric", "name one of metrics.toml")
        side_word = SideWord(entry["metric"], frozenset(beside))
        for word in file.read_words(where, entry, "words", needed=True):
            for form in expand_word(word):
                side_words.setdefault(form.lower(), []).append(side_word)
    terms = _read(file, "difference", _ORDER)
    held_of = _read(file, "holding", "of")
    for where, names in ((f"difference.{_ORDER}", terms), ("holding.of", held_of)):
        for name in names:
            if name not in known:
                raise file.fail(where, f"{name!r} is no metric", "name one of metrics.toml")
    _check_keys(file)
    return PairWords(
        shapes=_make_shapes(file),
        side_words=side_words,
        side_finder=WordFinder(side_words),
        same_time=compile_words(_read(file, "same_time", "words")),
        by_term={name: place for place, name in enumerate(terms)},
        beside=frozenset(
            (name, word.metric) for words in side_words.values() for word in words for name in word.beside
        ),
        held_of=frozenset(held_of),
        holding=compile_words(_read(file, "holding", "words")),
        former=compile_words(_read(file, "anaphor", "former")),
        latter=compile_words(_read(file, "anaphor", "latter")),
    )


def _check_keys(file: WordFile) -> None:
    for table, keys in _KEYS.items():
        for key in file.tables.get(table, {}):
            if key not in keys:
                raise file.fail(f"{table}.{key}", "is not a key of this table", f"use one of {', '.join(keys)}")


def _read(file: WordFile, table: str, key: str) -> list[str]:
    return file.read_words(table, file.tables.get(table, {}), key, needed=True)


def _make_shapes(file: WordFile) -> list[Shape]:
    between = compile_words(_read(file, "between", "words")).pattern
    filler = f"(?:{between}|,)*"

    def part(pattern: str) -> str:
        return pattern.replace("~", filler)

    share = {key: compile_words(_read(file, "share", key)).pattern for key in _SHARE_KEYS}
    than = {key: compile_words(_read(file, "difference", key)).pattern for key in _DIFFERENCE_KEYS}
    called = f"~(?:{share['called']})?~"
    within = f"~{share['within']}~"
    nothing = part("~")
    apart = part(f"~{than['and']}~")
    ratios = [
        ("nbf", part(f"~{share['of']}~"), part(called)),
        ("nbf", part(f"~{share['is']}~"), part("的~")),
        ("nbf", part(f"~{share['and']}~"), part(f"~{share['ratio']}~")),
        ("nbf", part("~在?~"), part(f"~{share['within']}~{share['of']}?{called}")),
        ("bfn", part("的~"), part(f"~{share['spent']}{share['spent']}?~")),
        ("bfn", part(within), part(f"~{share['spent']}{share['spent']}?~")),
        ("bnf", part(within), part(f"~(?:{share['of']}|{share['called']}){called}")),
        ("tnf", nothing, part(f"~{share['of']}{called}")),
    ]
    differences = [
        (part(f"~{than['than']}~"), part(f"~{than['more']}~"), "exceeds", "any", 0),
        (part(f"~{than['than']}~"), part(f"~{than['less']}~"), "falls_short_of", "any", 0),
        (part(f"~{than['more_by']}~"), nothing, "exceeds", "any", 0),
        (part(f"~{than['points_more']}~"), nothing, "exceeds", "points", 0),
        (part(f"~{than['points_less']}~"), nothing, "falls_short_of", "points", 0),
        (apart, part(f"~{than['gap']}~"), "differs_from", "any", 1),
        (apart, part(f"~{than['inverted']}~"), "exceeds", "points", -1),
    ]
    return [Shape(order, first, second, "ratio_to", "ratio") for order, first, second in ratios] + [
        Shape("nbf", first, second, relation, needs, turned) for first, second, relation, needs, turned in differences
    ]
