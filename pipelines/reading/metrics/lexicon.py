"""The words of seeds/metrics.toml and seeds/subjects.toml, read once, checked, and ready to be searched for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pipelines.reading.words import WordFile, WordFinder, compile_words, expand_word

_UNITS = frozenset(["USD", "percent", "percentage_point", "ratio", "count", "W", "Wh", "index"])
_METRIC_KEYS = (
    "name", "like", "units", "subject", "words", "words_with_subject", "short_words", "when", "verbs", "over", "numerator", "numerator_words",
    "not_near", "not_part", "nouns", "is_growth", "is_flow", "alone", "lowest", "highest", "daily", "decided", "definition",
)  # fmt: skip
_SUBJECT_KEYS = ("name", "words", "fiscal_year_ends")
_SUBJECT_KINDS = ("country", "home", "group", "region", "holder", "company_group", "company")
UNITED_STATES = "United States"
COMPANY = "company"
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Definition:
    """One official definition of a metric and what says that it is meant."""

    name: str
    words: re.Pattern[str]
    speakers: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with its conditions, as written in seeds/metrics.toml."""

    name: str
    units: frozenset[str]
    subject: str
    numerator: frozenset[str]
    over: re.Pattern[str] | None
    not_near: re.Pattern[str] | None
    not_part: re.Pattern[str] | None
    nouns: re.Pattern[str] | None
    is_growth: bool
    is_flow: bool
    alone: bool
    lowest: float
    highest: float
    daily: bool
    decided: bool
    definitions: tuple[Definition, ...]


class Word(NamedTuple):
    """What one form of a word says.

    Attributes:
        metric: the metric's name, None for another measure.
        kind: words, words_with_subject, short_words, when, verbs, numerator_words or other.
        near: for `when` and `verbs`, what must stand in the same sentence.
    """

    metric: str | None
    kind: str
    near: re.Pattern[str] | None = None


class Subject(NamedTuple):
    """Whose figures: a country, one left unnamed (home: 全国), a group, part of a country (region), holder, company or group of companies."""

    name: str
    kind: str
    fiscal_year_ends: int = 12


class PartWords(NamedTuple):
    """The words that leave only a part of what a metric measures.

    Attributes:
        before, after: stand directly before or after the metric's word.
        whole: say before such a word that it is left out, or that nothing is.
        total: begin like such a word and mean all that the metric measures.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    whole: re.Pattern[str]
    total: re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    """All words, by their plain form, with what finds them in a text.

    Attributes:
        metrics: by name.
        ratios: the metrics that are ratios, by the units that they can have.
        measures, measure_finder: what names a measure.
        subjects, subject_pattern: what names a subject.
        between: what may stand between a word and its figure.
        between_long: the same without words of one character.
        parts: what leaves only a part of a metric.
    """

    metrics: Mapping[str, Metric]
    ratios: Mapping[str, Sequence[Metric]]
    measures: Mapping[str, tuple[Word, ...]]
    measure_finder: WordFinder
    subjects: Mapping[str, tuple[Subject, ...]]
    subject_pattern: re.Pattern[str]
    between: re.Pattern[str]
    between_long: re.Pattern[str]
    parts: PartWords


@cache
def read_lexicon() -> Lexicon:
    """Read and check both word files.

    Raises:
        SeedError: a file does not say what it must.
    """
    file = WordFile("metrics.toml")
    file.check_tables(["metric", "other_measures", "parts", "between"])
    entries = file.read_entries("metric", _METRIC_KEYS)
    metrics: dict[str, Metric] = {}
    measures: dict[str, list[Word]] = {}
    for given in entries:
        entry = _fill_in(file, given, entries)
        metric = _read_metric(file, entry)
        if metric.name in metrics:
            raise file.fail(f"metric {metric.name}", "stands there twice", "make one entry of them")
        metrics[metric.name] = metric
        _collect_words(file, entry, measures)
    for metric in metrics.values():
        for name in sorted(metric.numerator - metrics.keys()):
            raise file.fail(f"metric {metric.name}.numerator", f"{name!r} is no metric", "name one of this file")
    for word in file.read_words("other_measures", file.tables.get("other_measures", {}), "words"):
        for form in expand_word(word):
            measures.setdefault(form.lower(), []).append(Word(None, "other"))
    between = file.read_words("between", file.tables.get("between", {}), "words", needed=True)
    subjects = _read_subjects()
    holders = {subject.name for named in subjects.values() for subject in named} | {COMPANY, ANYONE}
    for metric in metrics.values():
        if metric.subject not in holders:
            raise file.fail(
                f"metric {metric.name}.subject",
                f"{metric.subject!r} is no name of subjects.toml",
                "use one of its names",
            )
    return Lexicon(
        metrics=metrics,
        ratios={
            unit: [metric for metric in metrics.values() if metric.over is not None and unit in metric.units]
            for unit in _UNITS
        },
        measures={form: tuple(words) for form, words in measures.items()},
        measure_finder=WordFinder(measures),
        subjects=subjects,
        subject_pattern=compile_words(subjects),
        between=compile_words(between),
        between_long=compile_words(form for word in between for form in expand_word(word) if len(form) > 1),
        parts=_read_parts(file),
    )


def _read_parts(file: WordFile) -> PartWords:
    entry = file.tables.get("parts", {})
    return PartWords(
        *(
            compile_words(file.read_words("parts", entry, key, needed=True))
            for key in ("words", "after", "whole", "total")
        )
    )


def _fill_in(file: WordFile, entry: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The entry with what it does not say itself from the one that it is `like`."""
    like = entry.get("like")
    if like is None:
        return entry
    model = next((other for other in entries if other.get("name") == like and "like" not in other), None)
    if model is None:
        raise file.fail(
            f"metric {entry.get('name')}.like", f"{like!r} is no metric written out in full", "name one of this file"
        )
    return {**model, **entry}


def _read_metric(file: WordFile, entry: Mapping[str, Any]) -> Metric:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise file.fail("metric", "an entry has no name", 'begin each with name = "…"')
    where = f"metric {name}"
    units = entry.get("units")
    if not isinstance(units, list) or not units or not set(units) <= _UNITS:
        raise file.fail(f"{where}.units", f"{units!r} are not units", f"list some of {', '.join(sorted(_UNITS))}")
    subject = entry.get("subject")
    if not isinstance(subject, str):
        raise file.fail(f"{where}.subject", "is missing", f'write whose figure it is, such as "{UNITED_STATES}"')
    numerator = file.read_words(where, entry, "numerator")
    over = file.read_words(where, entry, "over")
    if (numerator or entry.get("numerator_words")) and not over:
        raise file.fail(f"{where}.over", "is missing beside a numerator", "write what the ratio is to")
    not_near = file.read_words(where, entry, "not_near")
    not_part = file.read_words(where, entry, "not_part")
    nouns = file.read_words(where, entry, "nouns")
    return Metric(
        name=name,
        units=frozenset(units),
        subject=subject,
        numerator=frozenset(numerator),
        over=compile_words(over) if over else None,
        not_near=compile_words(not_near) if not_near else None,
        not_part=compile_words(not_part) if not_part else None,
        nouns=compile_words(nouns) if nouns else None,
        is_growth=_read_flag(file, where, entry, "is_growth"),
        is_flow=_read_flag(file, where, entry, "is_flow"),
        alone=_read_flag(file, where, entry, "alone"),
        lowest=_read_number(file, where, entry, "lowest", float("-inf")),
        highest=_read_number(file, where, entry, "highest", float("inf")),
        daily=_read_flag(file, where, entry, "daily"),
        decided=_read_flag(file, where, entry, "decided"),
        definitions=_read_definitions(file, where, entry),
    )


def _read_flag(file: WordFile, where: str, entry: Mapping[str, Any], key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise file.fail(f"{where}.{key}", f"is {value!r}", "write true or false")
    return value


def _read_number(file: WordFile, where: str, entry: Mapping[str, Any], key: str, default: float) -> float:
    value = entry.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise file.fail(f"{where}.{key}", f"is {value!r}", "write a number in base units, such as 1e12")
    return float(value)


def _read_definitions(file: WordFile, where: str, entry: Mapping[str, Any]) -> tuple[Definition, ...]:
    definitions = entry.get("definition", [])
    if not isinstance(definitions, list) or not all(
        isinstance(item, dict) and isinstance(item.get("name"), str) for item in definitions
    ):
        raise file.fail(f"{where}.definition", "an entry has no name", 'write [[metric.definition]] and name = "…"')
    return tuple(
        Definition(
            name=item["name"],
            words=compile_words(file.read_words(f"{where}.definition {item['name']}", item, "words")),
            speakers=compile_words(file.read_words(f"{where}.definition {item['name']}", item, "speakers")),
        )
        for item in definitions
    )


def _collect_words(file: WordFile, entry: Mapping[str, Any], measures: dict[str, list[Word]]) -> None:
    name = entry["name"]
    for kind in ("words", "words_with_subject", "short_words", "numerator_words"):
        for word in file.read_words(f"metric {name}", entry, kind):
            for form in expand_word(word):
                measures.setdefault(form.lower(), []).append(Word(name, kind))
    for kind in ("when", "verbs"):
        _collect_conditions(file, entry, kind, measures)


def _collect_conditions(file: WordFile, entry: Mapping[str, Any], kind: str, measures: dict[str, list[Word]]) -> None:
    name = entry["name"]
    for condition in entry.get(kind, []):
        where = f"metric {name}.{kind}"
        if not isinstance(condition, dict) or set(condition) != {"words", "near"}:
            raise file.fail(where, "is not { words = […], near = […] }", "write both lists")
        near = compile_words(file.read_words(where, condition, "near", needed=True))
        for word in file.read_words(where, condition, "words", needed=True):
            for form in expand_word(word):
                measures.setdefault(form.lower(), []).append(Word(name, kind, near))


def _read_subjects() -> dict[str, tuple[Subject, ...]]:
    file = WordFile("subjects.toml")
    file.check_tables(_SUBJECT_KINDS)
    subjects: dict[str, list[Subject]] = {}
    for kind in _SUBJECT_KINDS:
        for entry in file.read_entries(kind, _SUBJECT_KEYS):
            name = entry.get("name")
            if not isinstance(name, str) or not name:
                raise file.fail(kind, "an entry has no name", 'begin each with name = "…"')
            month = entry.get("fiscal_year_ends", 12)
            if not isinstance(month, int) or not 1 <= month <= 12:
                raise file.fail(f"{kind} {name}.fiscal_year_ends", f"is {month!r}", "write the number of a month")
            for word in file.read_words(f"{kind} {name}", entry, "words", needed=True):
                for form in expand_word(word):
                    subjects.setdefault(form.lower(), []).append(Subject(name, kind, month))
    return {form: tuple(named) for form, named in subjects.items()}
