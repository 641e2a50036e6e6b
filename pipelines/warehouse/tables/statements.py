"""Statements without a figure (a comparison, a streak, a record, a direction, a turn): their policy, and what the official figures say of them."""

import polars as pl

from pipelines.warehouse.contracts import Contract, column
from pipelines.warehouse.tables.judging import BASES, REASONS

THRESHOLDS = [
    "movement",
    "surge",
    "sign",
    "about_equal",
    "clearly_unequal",
    "seasonal",
    "together",
    "beaten",
    "recent_days",
    "ever_years",
    "span_slack",
    "coverage",
]


class StatementThreshold(Contract):
    """One row says what a word such as falling, surging, steady or about equal means in numbers (seeds/statement_thresholds.csv)."""

    threshold: str = column("What it is a threshold of; see docs/judging-statements.md.", isin=THRESHOLDS)
    applies_to: str = column(
        "A metric, else a unit, else any; of several rows that fit a series the one named first here counts."
    )
    value: float = column(
        "Its value: points for percent and percentage points, a share of the value for every other unit.", ge=0
    )
    note: str = column("What it means and why it is what it is.")

    class Config:
        """Table settings."""

        name = "statement_thresholds"
        unique = ["threshold", "applies_to"]


class StatementMeasure(Contract):
    """One row says what a word of a statement tells of its measure: a definition, or a further metric (seeds/statement_measures.csv)."""

    words: str = column("Regular expression of the words, in either script.")
    metric: str = column("The metric of the statements that it is about; null for every metric.", nullable=True)
    definition: str = column(
        "The definitions that the words name, as a pattern of LIKE; null where they name none.", nullable=True
    )
    also_metric: str = column("A further metric by which such a statement can be judged.", nullable=True)
    note: str = column("What the words mean.")

    class Config:
        """Table settings."""

        name = "statement_measures"
        unique = ["words"]


class StatementComparison(Contract):
    """One row is a statement without a figure held against one official series, or a pair of them, on one of the two days."""

    claim_id: str = column("The statement.")
    basis: str = column("As known when the article appeared, or as known today.", isin=BASES)
    series_id: str = column("The official series.")
    reading: str = column(
        "What tells the rows of a series apart: the series compared with, else as_known, or first_published where "
        "the first estimates of every period say otherwise."
    )
    compared_series_id: str = column("Of a comparison, the series of the other metric.", nullable=True)
    definition: str = column(
        "The definition: that of the series, both of a pair, the company of several, or first_published.", nullable=True
    )
    official_value: float = column(
        "The newest value that decides, in base units; a mean where several periods are meant."
    )
    compared_value: float = column(
        "What it is held against: the value before, the value before a streak, the record to beat, the other metric's value.",
        nullable=True,
    )
    official_period_start: pl.Date = column("First day of the official value's period.")
    official_period_end: pl.Date = column("Last day of the official value's period.")
    known_from: pl.Date = column("Since when all the values used were known.")
    known_basis: str = column("How that is known, the weakest of the values used; see observations.")
    agrees: bool = column(
        "Whether the figures bear the statement out; null where they decide nothing (see undecided_reason).",
        nullable=True,
    )
    undecided_reason: str = column("Why they decide nothing.", nullable=True, isin=REASONS)
    evidence_sql: str = column("A query that gives official_value and compared_value again.")
    told_en: str = column("What the official figures show, in English.")
    told_zh: str = column("The same in simplified Chinese.")
    told_zh_hant: str = column("The same in traditional Chinese.")

    class Config:
        """Table settings."""

        name = "statement_comparisons"
        unique = ["claim_id", "basis", "series_id", "reading"]
