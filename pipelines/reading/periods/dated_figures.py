"""What the reading of times knows of a figure, and what it says of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DatedFigure:
    """What the choice of a period needs to know of a figure.

    Attributes:
        start, end: offsets of its quote.
        unit: as in the claims.
        noun: what a count counts, or None.
        is_linked: it has to do with a metric.
        is_change: an increase, a growth: it may span the time between two levels.
        is_daily: a price or index of a day.
        modality: actual, projection or hypothetical.
        is_flow: a value of a metric that is an amount of a year (a state's receipts and outlays).
        is_result: of what a company's results of a quarter or year tell.
        is_growth: a value of a metric that is a change by nature (prices, jobs), as a report of a month gives it.
    """

    start: int
    end: int
    unit: str
    noun: str | None
    is_linked: bool
    is_change: bool
    is_daily: bool
    modality: str
    is_growth: bool = False
    is_flow: bool = False
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """The days a figure speaks about, inclusive.

    Attributes:
        start, end: None where the text does not say.
        basis: stated, relative (去年, resolved against the article's day), context (from the sentence before or the body of a
            heading), article_date (the article's own day, for 现在 or for want of any other) or None.
    """

    start: date | None = None
    end: date | None = None
    basis: str | None = None


UNKNOWN = Period()
