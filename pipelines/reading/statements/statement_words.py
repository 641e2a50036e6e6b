"""The words of seeds/statements.toml, read once, checked, and ready to be searched for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipelines.reading.metrics.lexicon import Word, read_lexicon
from pipelines.reading.words import WordFile, compile_words, expand_word

MOVEMENTS = ("rises", "falls", "negative", "positive", "stays")
COMPARISONS = ("exceeds", "falls_short_of", "equals", "moves_with", "diverges_from")
RECORDS = ("highest", "lowest", "first", "largest_rise", "largest_fall")
TURNS = (
    "stops_rising", "stops_falling", "starts_rising", "starts_falling", "turns_up", "turns_down", "turns_positive", "turns_negative",
)  # fmt: skip
LOOSE = "loose_words"
LOOSE_WITH_SUBJECT = "loose_words_with_subject"
_KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(MOVEMENTS, ("words", "transitive", "causes", "level", "like")),
    **dict.fromkeys(COMPARISONS, ("before", "after")),
    **dict.fromkeys(RECORDS, ("words", "alone")),
    **dict.fromkeys(TURNS, ("words", "level")),
    "buys": ("words",),
    "sells": ("words",),
}
_PLAIN = ("not_moving", "own_past", "between")
_ENDS = ("before", "after")
_NO_CLAIM = ("sentence", "clause", "follows")
_MEASURE_KEYS = ("metric", "words", "words_with_subject", "near", "not_near")
_ACT_KEYS = ("metric", "relation", "words")


class Role(NamedTuple):
    """What a word of statements can do.

    Attributes:
        table: the relation or table that it stands under (rises, exceeds, highest, buys, …).
        key: how it is used there (words, transitive, causes, level, like, before, after, alone).
    """

    table: str
    key: str


class WordRoles(NamedTuple):
    """All that one form of a word can do, and to which kinds of statements that can lead (`holding` is a direction, `act` a turn without a name)."""

    roles: tuple[Role, ...]
    kinds: frozenset[str]


class LooseMeasure(NamedTuple):
    """A name too loose for a figure: the word, and what must and must not stand in its sentence."""

    word: Word
    not_near: re.Pattern[str] | None


class Act(NamedTuple):
    """What an act does to a metric: 加息 raises the federal funds rate."""

    metric: str
    relation: str


@dataclass(frozen=True)
class StatementWords:
    """All words, by their plain form, with the patterns to find them."""

    roles: Mapping[str, WordRoles]
    role_pattern: re.Pattern[str]
    measures: Mapping[str, tuple[LooseMeasure, ...]]
    measure_pattern: re.Pattern[str]
    acts: Mapping[str, tuple[Act, ...]]
    act_pattern: re.Pattern[str]
    stops_before: re.Pattern[str]
    stops_after: re.Pattern[str]
    starts_before: re.Pattern[str]
    starts_after: re.Pattern[str]
    not_moving_at_end: re.Pattern[str]
    own_past: re.Pattern[str]
    between: re.Pattern[str]
    no_claim_in_sentence: re.Pattern[str]
    no_claim_in_clause: re.Pattern[str]
    no_claim_after: re.Pattern[str]


@cache
def read_statement_words() -> StatementWords:
    """Read and check seeds/statements.toml.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile("statements.toml")
    file.check_tables([*_KEYS, *_PLAIN, "stops", "starts", "no_claim", "measure", "act"])
    roles: dict[str, list[Role]] = {}
    for table, keys in _KEYS.items():
        entry = _read_table(file, table, keys)
        for key in keys:
            for word in file.read_words(table, entry, key):
                for form in expand_word(word):
                    roles.setdefault(form.lower(), []).append(Role(table, key))
    plain = {
        name: compile_words(file.read_words(name, _read_table(file, name, ("words",)), "words", needed=True))
        for name in _PLAIN
    }
    refused = _read_table(file, "no_claim", _NO_CLAIM)
    no_claim = {key: compile_words(file.read_words("no_claim", refused, key, needed=True)) for key in _NO_CLAIM}
    ends = {
        f"{name}_{key}": compile_words(file.read_words(name, _read_table(file, name, _ENDS), key, needed=True))
        for name in ("stops", "starts")
        for key in _ENDS
    }
    measures, acts = _read_measures(file), _read_acts(file)
    for form in acts:
        roles.setdefault(form, []).append(Role("act", "words"))
    return StatementWords(
        roles={form: WordRoles(tuple(found), _list_kinds(found)) for form, found in roles.items()},
        role_pattern=compile_words(roles),
        measures=measures,
        measure_pattern=compile_words(measures),
        acts=acts,
        act_pattern=compile_words(acts),
        **ends,
        not_moving_at_end=re.compile(f"(?:{plain['not_moving'].pattern})$"),
        own_past=plain["own_past"],
        between=plain["between"],
        no_claim_in_sentence=no_claim["sentence"],
        no_claim_in_clause=no_claim["clause"],
        no_claim_after=no_claim["follows"],
    )


def _list_kinds(roles: Iterable[Role]) -> frozenset[str]:
    kinds: set[str] = set()
    for role in roles:
        if role.table in RECORDS:
            kinds.add("record")
        elif role.table in COMPARISONS:
            kinds |= {"comparison", "direction"} if role.key == "before" else {"comparison"}  # 高于去年同期
        elif role.table in MOVEMENTS:
            kinds |= {"direction", "turn"}  # 停止上升
        elif role.table in TURNS:
            kinds.add("turn")
        elif role.table == "act":
            kinds |= {"turn", "direction", "act"}  # 停止加息, 按兵不动
        else:
            kinds |= {"direction", "holding"}
    return frozenset(kinds)


def _read_table(file: WordFile, table: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    entry = file.tables.get(table, {})
    if not isinstance(entry, dict):
        raise file.fail(table, "is not one table", f"write [{table}] once")
    for key in entry:
        if key not in keys:
            raise file.fail(table, f"unknown key {key!r}", f"use one of {', '.join(sorted(keys))}")
    return entry


def _read_metric(file: WordFile, table: str, number: int, name: object) -> str:
    if not isinstance(name, str) or name not in read_lexicon().metrics:
        raise file.fail(f"{table} {number}.metric", f"{name!r} is no metric", "use a name of metrics.toml")
    return name


def _read_measures(file: WordFile) -> dict[str, tuple[LooseMeasure, ...]]:
    measures: dict[str, list[LooseMeasure]] = {}
    for number, entry in enumerate(file.read_entries("measure", _MEASURE_KEYS), start=1):
        metric = _read_metric(file, "measure", number, entry.get("metric"))
        where = f"measure {number} ({metric})"
        near = file.read_words(where, entry, "near")
        not_near = file.read_words(where, entry, "not_near")
        refused = compile_words(not_near) if not_near else None
        if not (entry.get("words") or entry.get("words_with_subject")):
            raise file.fail(where, "has no words", "give words or words_with_subject")
        for key, kind in (("words", LOOSE), ("words_with_subject", LOOSE_WITH_SUBJECT)):
            for word in file.read_words(where, entry, key):
                for form in expand_word(word):
                    loose = LooseMeasure(Word(metric, kind, compile_words(near) if near else None), refused)
                    measures.setdefault(form.lower(), []).append(loose)
    return {form: tuple(found) for form, found in measures.items()}


def _read_acts(file: WordFile) -> dict[str, tuple[Act, ...]]:
    acts: dict[str, list[Act]] = {}
    for number, entry in enumerate(file.read_entries("act", _ACT_KEYS), start=1):
        metric = _read_metric(file, "act", number, entry.get("metric"))
        where = f"act {number} ({metric})"
        relation = entry.get("relation")
        if relation not in ("rises", "falls", "stays"):
            raise file.fail(f"{where}.relation", f"is {relation!r}", 'write "rises", "falls" or "stays"')
        for word in file.read_words(where, entry, "words", needed=True):
            for form in expand_word(word):
                acts.setdefault(form.lower(), []).append(Act(metric, relation))
    return {form: tuple(found) for form, found in acts.items()}
