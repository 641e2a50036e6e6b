"""Whether they agree: the policy, comparisons, verdicts and their changes."""

import polars as pl

from pipelines.warehouse.contracts import Contract, column
from pipelines.warehouse.tables.reading import BOUNDS

BASES = ["when_published", "today"]
VERDICTS = ["supported", "refuted", "conflicting_evidence", "not_enough_evidence"]
REASONS = [
    "statement_not_judged",
    "hypothetical",
    "vague",
    "metric_ambiguous",
    "no_official_series",
    "unit_mismatch",
    "no_official_figure",
    "projection_without_official_baseline",
    "publication_date_unknown",
    "not_published_yet",
    "vintage_not_held",
    "period_unknown",
    "taken_once_a_day",
    "other_definition",
    "sign_unclear",
]


class Hedge(Contract):
    """One row is a hedge word (seeds/hedges.csv): how far an official value may lie from the stated one and still agree."""

    word: str = column("The word, in simplified characters.")
    position: str = column(
        "Whether it stands before the number, after it, either, or inside it (十多亿).",
        isin=["before", "after", "either", "inside"],
    )
    bound: str = column("What it says about the value.", isin=BOUNDS)
    reach_below: float = column(
        "Share of the stated value that an official value may lie under it; null is open.", nullable=True, ge=0
    )
    reach_above: float = column(
        "Share of the stated value that an official value may lie over it; null is open.", nullable=True, ge=0
    )
    note: str = column("Why this width.", nullable=True)

    class Config:
        """Table settings."""

        name = "hedges"
        unique = ["word", "position"]


class Tolerance(Contract):
    """One row is a number of the judging policy (seeds/tolerances.csv)."""

    name: str = column("What sql/comparisons.sql calls it.")
    value: float = column("Its value.", ge=0)
    note: str = column("What it means and where it comes from.")

    class Config:
        """Table settings."""

        name = "tolerances"
        unique = ["name"]


class Comparison(Contract):
    """One row is a claim held against one official series on one of the two days."""

    claim_id: str = column("The claim.")
    basis: str = column("As known when the article appeared, or as known today.", isin=BASES)
    series_id: str = column("The official series.")
    definition: str = column("The series' definition of the metric.", nullable=True)
    official_value: float = column("The official value in base units.")
    official_period_start: pl.Date = column("First day of the official value's period.")
    official_period_end: pl.Date = column("Last day of the official value's period.")
    known_from: pl.Date = column("Since when this value was known.")
    known_basis: str = column("How that is known; see observations.")
    origin: str = column("live or snapshot; see observations.")
    accepted_low: float = column("Lowest official value with which the claim agrees; null is open.", nullable=True)
    accepted_high: float = column("Highest official value with which the claim agrees; null is open.", nullable=True)
    difference: float = column("Claimed (the nearer end of a range) less official value, in base units.")
    relative_difference: float = column("That difference over the official value.", nullable=True)
    within: bool = column("Whether the official value lies in the accepted interval.")
    agrees: bool = column(
        "Whether claim and figure agree; null where this figure may not decide (see undecided_reason).", nullable=True
    )
    undecided_reason: str = column("Why it may not decide.", nullable=True, isin=REASONS)

    class Config:
        """Table settings."""

        name = "comparisons"
        unique = ["claim_id", "basis", "series_id"]


class Verdict(Contract):
    """One row is the verdict on a claim, on the article's day and today."""

    claim_id: str = column("The claim.")
    verdict_when_published: str = column("The verdict by what was known when the article appeared.", isin=VERDICTS)
    verdict_today: str = column("The verdict by what is known today.", isin=VERDICTS)
    reason: str = column(
        "Why there is not enough evidence today; null where there is a verdict.", nullable=True, isin=REASONS
    )
    reason_when_published: str = column("The same for the article's day.", nullable=True, isin=REASONS)
    series_id: str = column(
        "The series that decides today; if none does, the one that decided on the article's day.", nullable=True
    )
    series_id_when_published: str = column("The series that decided on the article's day.", nullable=True)
    explanation_en: str = column("The verdict in an English sentence or two.")
    explanation_zh: str = column("The verdict in Chinese.")
    evidence_sql: str = column("A query that shows the deciding official values.", nullable=True)
    flips_at: float = column("The official value at which today's deciding comparison would turn.", nullable=True)

    class Config:
        """Table settings."""

        name = "verdicts"
        unique = ["claim_id"]


class VerdictChange(Contract):
    """One row is a verdict that differs from the one published before it."""

    claim_id: str = column("The claim.")
    basis: str = column("Which of the two verdicts changed.", isin=BASES)
    old_verdict: str = column("What was published before.", isin=VERDICTS)
    new_verdict: str = column("What holds from this refresh on.", isin=VERDICTS)
    cause: str = column("What changed it.", isin=["reading", "policy", "revision", "new_figure"])
    refresh_id: str = column("The refresh that published the new verdict.")

    class Config:
        """Table settings."""

        name = "verdict_changes"
        unique = ["claim_id", "basis", "refresh_id"]


class ClaimCheck(Contract):
    """All that a reader wants to know of a claim, flat: what was said, what is official, and whether they agree."""

    article_id: str = column("The article.")
    title: str = column("Its headline.", nullable=True)
    publisher: str = column("Who published it.", nullable=True)
    published_on: pl.Date = column("The day it appeared.", nullable=True)
    claim_id: str = column("The claim.")
    kind: str = column("quantity, or a statement without a magnitude: comparison, streak, record, direction.")
    quote: str = column("The figure as written.")
    sentence: str = column("The sentence in which it stands.")
    quote_start: int = column("Offset of the quote in articles.text.", unit="code points")
    metric: str = column("What is measured.", nullable=True)
    claimed: str = column("The claimed figure as people write it in English, with its bound.")
    value_low: float = column("The claimed value, or the lower end of a range, in base units.", nullable=True)
    value_high: float = column("The claimed value, or the upper end of a range, in base units.", nullable=True)
    unit: str = column("Base unit of the claimed and of the official values.", nullable=True)
    bound: str = column("How firmly it is claimed.")
    modality: str = column("actual, projection or hypothetical.")
    period_start: pl.Date = column("First day of the period it speaks about.", nullable=True)
    period_end: pl.Date = column("Last day of that period.", nullable=True)
    attributed_to: str = column("Who is said to have said it.", nullable=True)
    official_when_published: float = column(
        "The official value known when the article appeared, in base units.", nullable=True
    )
    official_period_when_published: pl.Date = column("Last day of the period of that value.", nullable=True)
    official_today: float = column("The official value known today, in base units.", nullable=True)
    official_period_today: pl.Date = column("Last day of the period of that value.", nullable=True)
    verdict_when_published: str = column("The verdict by what was known when the article appeared.")
    verdict_today: str = column("The verdict by what is known today.")
    reason: str = column("Why there is not enough evidence today.", nullable=True)
    explanation_en: str = column("The verdict in English.")
    explanation_zh: str = column("The verdict in Chinese.")
    series_id: str = column("The series that decides.", nullable=True)
    source: str = column("That series' title and provider.", nullable=True)
    source_url: str = column("A page about it.", nullable=True)
    flips_at: float = column("The official value at which today's verdict would turn.", nullable=True)

    class Config:
        """Table settings."""

        name = "claim_checks"
        metadata = {"view": True}
