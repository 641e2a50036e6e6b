"""Figures that do not fit the rest of their article: two values of one thing, parts that exceed their whole, an impossible order of magnitude.

A mark says what does not fit, with the arithmetic; the value stays as written. Doubtful cases are left alone: a false alarm is worse
than a miss.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from math import log10
from typing import NamedTuple

from pipelines.reading.metrics.lexicon import COMPANY, read_lexicon
from pipelines.reading.sentence_readings import FoundFigure
from pipelines.reading.words import WordFile, compile_words

_KEYS = ("name", "words", "not_near", "unit", "lowest", "highest")
_TO_FIGURE = re.compile(
    r"(?:已经?|首次|首度|一度|曾|再度|近日|目前|突破|跌破|超过|超越|超|达到?|约|近|高达|多达|为|是|有|升至|涨至|至|到|逾|了|的|将|有望|仅|规模|总额|\s)*"
)
_OF_WHICH = re.compile(r"其中|包括|包含|分为")
_OTHER_TIME = re.compile(
    r"增|减|[比较](?:前|上|去|同)|去年|同期|上月|前值|预[计期测估]|升|降|涨|跌|从|平均|累计|人均|每"
)
_JOINED = re.compile(r"[、,和与及]")
_REVISED = re.compile(
    r"修正|修订|上修|下修|[上下]调|初值|终值|前值|初步|预[期测估计]|原先|此前|最初|估计|重估|口径|季调|剔除|不含|扣除|若|如果|而非|误|从|由|区间|盘中|一度"
)
_SAID = re.compile(r"据|按照|显示|称|说|表示|认为|报道|指出")
_LEVEL_TOLERANCE = 0.10
_SUM_TOLERANCE = 0.03
_LONGEST_LIST = 30
_MOST_FIGURES = 12  # of one thing: more is a table, in which rows differ


class _Thing(NamedTuple):
    """A thing with the bounds of its value, as written in seeds/magnitudes.toml."""

    name: str
    pattern: re.Pattern[str]
    not_near: re.Pattern[str]
    unit: str
    lowest: float
    highest: float


@cache
def read_magnitudes() -> tuple[_Thing, ...]:
    """Read and check seeds/magnitudes.toml.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile("magnitudes.toml")
    file.check_tables(["thing"])
    things = []
    for number, entry in enumerate(file.read_entries("thing", _KEYS), start=1):
        where = f"thing {number}"
        name, unit, lowest, highest = (entry.get(key) for key in ("name", "unit", "lowest", "highest"))
        if not isinstance(name, str) or not isinstance(unit, str):
            raise file.fail(where, "has no name or no unit", "write both as text")
        if not isinstance(lowest, int | float) or not isinstance(highest, int | float) or not 0 < lowest < highest:
            raise file.fail(where, "has no bounds", "write lowest and highest as numbers above nought, the lower first")
        pattern = compile_words(file.read_words(where, entry, "words", needed=True))
        not_near = compile_words(file.read_words(where, entry, "not_near"))
        things.append(_Thing(name, pattern, not_near, unit, float(lowest), float(highest)))
    return tuple(things)


def find_inconsistencies(visible: str, figures: Sequence[FoundFigure]) -> Mapping[int, str]:
    """Return for the figures that do not fit the rest of their article, by their place in `figures`, what does not fit.

    Args:
        visible: the article's own text, normalised.
        figures: its figures in order, with what the article says of them.
    """
    found: dict[int, str] = {}
    for place, told in (
        *_find_magnitudes(visible, figures),
        *_find_excess_parts(visible, figures),
        *_find_contradictions(visible, figures),
    ):
        found.setdefault(place, told)
    return found


# --- an impossible order of magnitude -------------------------------------------------------------------------------------------


def _find_magnitudes(visible: str, figures: Sequence[FoundFigure]) -> Iterator[tuple[int, str]]:
    for place, figure in enumerate(figures):
        quantity = figure.quantity
        if quantity.low <= 0 or quantity.vague:
            continue
        for thing in read_magnitudes():
            if quantity.unit == thing.unit and _stands_before(thing, visible, figure):
                told = _tell_magnitude(quantity.low, quantity.unit, thing.name, thing.lowest, thing.highest)
                if told:
                    yield place, told
        metric = read_lexicon().metrics.get(figure.link.relates_to or "")
        is_outside = metric is not None and figure.link.candidates == (metric.name,) and not figure.link.is_change
        if metric is not None and is_outside and quantity.unit in metric.units and quantity.unit == "USD":
            told = _tell_magnitude(quantity.low, quantity.unit, metric.name, metric.lowest, metric.highest)
            if told:
                yield place, told


def _stands_before(thing: _Thing, visible: str, figure: FoundFigure) -> bool:
    start = max(figure.sentence.start, figure.quantity.start - _LONGEST_LIST)
    if thing.not_near.search(visible, start, figure.quantity.start):
        return False
    return any(
        _TO_FIGURE.fullmatch(visible, match.end(), figure.quantity.start)
        for match in thing.pattern.finditer(visible, start, figure.quantity.start)
    )


def _tell_magnitude(value: float, unit: str, name: str, lowest: float, highest: float) -> str:
    if lowest <= value <= highest:
        return ""
    bound, word = (lowest, "below the least") if value < lowest else (highest, "above the most")
    powers = round(abs(log10(value / bound)), 1)
    return f"{_write(value)} {unit} as {name} lies {word} that it can be ({_write(bound)}), by 10^{powers:g}"


def _write(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


# --- parts that exceed their whole ------------------------------------------------------------------------------------------------


def _find_excess_parts(visible: str, figures: Sequence[FoundFigure]) -> Iterator[tuple[int, str]]:
    """总额100亿美元,其中A为80亿美元、B为60亿美元."""
    for place, whole in enumerate(figures[:-1]):
        parts = _list_parts(visible, figures, place)
        if not parts or not _is_amount(whole):
            continue
        total = sum(part.quantity.low for part in parts)
        most = whole.quantity.high * (1 + _SUM_TOLERANCE) + sum(_width(part) for part in [whole, *parts])
        if total <= most:
            continue
        sum_of = " + ".join(f"{_write(part.quantity.low)}" for part in parts)
        told = f"parts {sum_of} = {_write(total)} exceed the whole {_write(whole.quantity.high)} {whole.quantity.unit}"
        for number in range(place, place + len(parts) + 1):
            yield number, told


def _list_parts(visible: str, figures: Sequence[FoundFigure], place: int) -> list[FoundFigure]:
    """The figures listed as parts of one: after 其中 or 包括, of one unit, joined, with no word of another time or of a change."""
    whole = figures[place]
    parts: list[FoundFigure] = []
    position = whole.quantity.end
    for figure in figures[place + 1 : place + 1 + _MOST_FIGURES]:
        between = visible[position : figure.quantity.start]
        opens = _OF_WHICH.search(between) if not parts else None
        if (
            figure.sentence != whole.sentence
            or figure.quantity.unit != whole.quantity.unit
            or len(between) > _LONGEST_LIST
            or _OTHER_TIME.search(between)
            or ";" in between
            or (not parts and opens is None)
            or (parts and (_OF_WHICH.search(between) is not None or _JOINED.search(between) is None))
            or not _is_amount(figure)
        ):
            break
        parts.append(figure)
        position = figure.quantity.end
    return parts


def _is_amount(figure: FoundFigure) -> bool:
    quantity = figure.quantity
    return (
        not quantity.vague
        and not figure.link.is_change
        and quantity.low > 0
        and quantity.role == "level"
        and (quantity.unit == "count" or (len(quantity.unit) == 3 and quantity.unit.isupper()))
        and figure.modality == "actual"
    )


def _width(figure: FoundFigure) -> float:
    return 2 * (figure.quantity.half_width or 0.0)


# --- two values of one thing ------------------------------------------------------------------------------------------------------


def _find_contradictions(visible: str, figures: Sequence[FoundFigure]) -> Iterator[tuple[int, str]]:
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, figure in enumerate(figures):
        if _is_comparable(visible, figure):
            link, period = figure.link, figure.period
            thing: tuple[object, ...] = (
                link.metric,
                link.definition,
                link.subject,
                figure.quantity.unit,
                period.start,
                period.end,
            )
            alike[thing].append(place)
    for key, places in alike.items():
        if len(places) > _MOST_FIGURES:
            continue
        for one, other in combinations(places, 2):
            told = _tell_contradiction(figures[one], figures[other], str(key[0]))
            if told:
                yield one, told
                yield other, told


def _is_comparable(visible: str, figure: FoundFigure) -> bool:
    """Whether the figure is a plain value of a metric for a stated time, by a definition that leaves no choice."""
    link, quantity = figure.link, figure.quantity
    if link.metric is None or link.is_change or link.daily or quantity.vague or quantity.is_range:
        return False
    metric = read_lexicon().metrics[link.metric]
    if metric.subject == COMPANY or (metric.definitions and link.definition is None) or figure.hedge.bound != "eq":
        return False
    if figure.speaker is None and _SAID.search(visible, figure.sentence.start, figure.sentence.end):
        return False
    return (
        figure.modality == "actual"
        and figure.period.basis in ("stated", "relative")
        and _REVISED.search(visible, figure.sentence.start, figure.sentence.end) is None
    )


def _tell_contradiction(one: FoundFigure, other: FoundFigure, metric: str) -> str:
    if one.speaker != other.speaker:
        return ""
    first, second = one.quantity.low, other.quantity.low
    apart = abs(first - second) - _width(one) - _width(other)
    if apart <= _LEVEL_TOLERANCE * max(abs(first), abs(second)):
        return ""
    period = f"{one.period.start} to {one.period.end}"
    unit = one.quantity.unit
    return f"{_write(first)} and {_write(second)} {unit} are both said to be {metric} of {period}: they differ by {_write(abs(first - second))}"
