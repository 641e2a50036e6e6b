"""From the facts of a company's filings to the figures of its fiscal years and quarters, and since when each is known.

A figure is known from the first filing that states it; a later filing that states another amount for the same period
closes it. Two rules bend that:

- A period that is first stated long after its end stood in an earlier report under another tag. Its day is estimated by
  the release lag, but only where the figure cannot contradict a claim (a proxy, or a series that is revised): what the
  earlier report said may have been another amount, as when companies restated the revenue of 2016 and 2017.
- Companies report cash flows since the beginning of the fiscal year only, and no fourth quarter at all. A quarter that is
  not stated as such is what was stated through its end less what was stated through the end of the one before. It is
  known from the day of the last of the two, and changes only when a filing states the longer period again: a filing that
  restates the shorter one alone would else move amounts between quarters.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

from pipelines.official.catalogue import Series
from pipelines.official.records import Observation, to_base_unit
from pipelines.official.sec.concepts import Concept, Fact

# Lengths of periods as the SEC takes them for calendar frames: 365 and 91 days, 30 more or less.
YEAR_DAYS = range(335, 396)
QUARTER_DAYS = range(61, 122)
# A period that is first stated later than this after its end stood in an earlier report.
FIRST_REPORT_WITHIN = timedelta(days=120)
ONE_DAY = timedelta(days=1)

Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """An amount, and since when it is known.

    Attributes:
        amount: In dollars.
        known_from: The first day.
        filed_on: The day of the filing that states it.
        is_estimate: Whether `known_from` is estimated by the release lag, because an earlier report stated it, too.
        sha256: Hash of the answer that it was read from.
    """

    amount: Decimal
    known_from: date
    filed_on: date
    is_estimate: bool
    sha256: str


def read_figures(series: Series, concepts: Sequence[Concept]) -> tuple[Observation, ...]:
    """Read every figure of a series, with every restatement.

    Args:
        series: Annual or quarterly; gives the release lag and the sane range.
        concepts: What the company has reported under each of its tags, the one that counts last.

    Returns:
        Observations of the company's own fiscal years or quarters, sorted by period and day.

    Raises:
        ParseError: An amount lies outside the sane range.
    """
    lag = timedelta(days=series.release_lag_days) if series.is_proxy or series.is_revised else None
    read = _years if series.frequency == "annual" else _quarters
    by_tag = [read(concept, lag) for concept in concepts]
    periods = sorted({period for known in by_tag for period in known})
    return tuple(
        observation
        for period in periods
        for observation in _to_observations(
            series, period, reduce(_supersede, [known.get(period, []) for known in by_tag])
        )
    )


def _years(concept: Concept, lag: timedelta | None) -> dict[Period, list[Knowledge]]:
    """Fiscal years; twelve months that no annual report speaks of are a year up to some quarter."""
    fiscal = {(fact.start, fact.end) for fact in concept.facts if fact.in_annual_report}
    stated = _as_stated(concept, lag)
    return {period: known for period, known in stated.items() if _days(period) in YEAR_DAYS and period in fiscal}


def _quarters(concept: Concept, lag: timedelta | None) -> dict[Period, list[Knowledge]]:
    """Quarters that are stated as such, else what is stated since a day through one quarter less that through the other."""
    stated = _as_stated(concept, lag)
    quarters: dict[Period, list[Knowledge]] = {}
    by_start: dict[date, list[date]] = defaultdict(list)
    for start, end in sorted(stated):
        by_start[start].append(end)
    for start, ends in sorted(by_start.items()):
        for end in ends:
            for earlier_end in ends:
                quarter = (earlier_end + ONE_DAY, end)
                if _days(quarter) in QUARTER_DAYS and _days((start, end)) <= YEAR_DAYS[-1]:
                    quarters[quarter] = _difference(stated[start, end], stated[start, earlier_end])
    for period, known in stated.items():
        if _days(period) in QUARTER_DAYS:
            quarters[period] = _supersede(quarters.get(period, []), known)
    return quarters


def _days(period: Period) -> int:
    return (period[1] - period[0]).days + 1


def _as_stated(concept: Concept, lag: timedelta | None) -> dict[Period, list[Knowledge]]:
    """All that was stated about each period, oldest first; of one day the last that counts."""
    by_period: dict[Period, list[Fact]] = defaultdict(list)
    for fact in concept.facts:
        by_period[fact.start, fact.end].append(fact)
    return {
        period: _one_a_day(_to_knowledge(fact, concept.sha256, lag, is_first=fact is facts[0]) for fact in facts)
        for period, facts in by_period.items()
    }


def _to_knowledge(fact: Fact, sha256: str, lag: timedelta | None, *, is_first: bool) -> Knowledge:
    if lag is not None and is_first and fact.filed_on > fact.end + FIRST_REPORT_WITHIN:
        return Knowledge(
            fact.amount, min(fact.filed_on, fact.end + lag), fact.filed_on, is_estimate=True, sha256=sha256
        )
    return Knowledge(fact.amount, fact.filed_on, fact.filed_on, is_estimate=False, sha256=sha256)


def _one_a_day(known: Iterable[Knowledge]) -> list[Knowledge]:
    return list({knowledge.known_from: knowledge for knowledge in known}.values())


def _difference(longer: list[Knowledge], shorter: list[Knowledge]) -> list[Knowledge]:
    """What the longer period holds more than the shorter, as known on each day on which the longer one was stated."""
    moments = {knowledge.known_from: knowledge.is_estimate for knowledge in [shorter[0], *longer]}
    known = []
    for moment, is_estimate in sorted(moments.items()):
        minuend, subtrahend = _on(longer, moment), _on(shorter, moment)
        if minuend is not None and subtrahend is not None:
            amount = minuend.amount - subtrahend.amount
            filed_on = max(minuend.filed_on, subtrahend.filed_on)
            known.append(Knowledge(amount, moment, filed_on, is_estimate, minuend.sha256))
    return known


def _on(known: Iterable[Knowledge], day: date) -> Knowledge | None:
    """What was known on a day."""
    return max((one for one in known if one.known_from <= day), key=lambda one: one.known_from, default=None)


def _supersede(known: list[Knowledge], better: list[Knowledge]) -> list[Knowledge]:
    """Let what is better stated count from the day on which it is first stated.

    Where it is stated late, the other statement is that earlier report; its day need not be estimated then.
    """
    if not (known and better):
        return known or better
    first = better[0]
    if first.is_estimate and any(not one.is_estimate and one.known_from <= first.filed_on for one in known):
        first = replace(first, known_from=first.filed_on, is_estimate=False)
    return _one_a_day([*(one for one in known if one.known_from < first.known_from), first, *better[1:]])


def _to_observations(series: Series, period: Period, known: list[Knowledge]) -> list[Observation]:
    """Keep what is news, each amount closed the day before the next one was known."""
    news = [one for count, one in enumerate(known) if count == 0 or one.amount != known[count - 1].amount]
    last_days = [*(one.known_from - ONE_DAY for one in news[1:]), None]
    return [
        Observation(
            series_id=series.series_id,
            period_start=period[0],
            period_end=period[1],
            value=to_base_unit(one.amount, series),
            known_from=one.known_from,
            known_until=last_day,
            known_basis="release_lag" if one.is_estimate else "vintage",
            download_sha256=one.sha256,
        )
        for one, last_day in zip(news, last_days, strict=True)
    ]
