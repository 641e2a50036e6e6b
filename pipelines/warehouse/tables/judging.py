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
    "other_period",
    "base_unclear",
    "inside_revisions",
    "within_forecast_error",
    "outcome_differs",
    "sign_unclear",
    "within_noise",
    "stretch_unclear",
    "history_too_short",
]
# Which rule of sql/rules finds the figure, and what of it a claim is held against.
RULES = [
    "level_on_a_day",
    "level_within_a_period",
    "figure_of_a_period",
    "sum_over_a_period",
    "newest_figure",
    "projection_for_a_year",
    "change_over_a_period",
    "ratio_of_two_metrics",
    "difference_of_two_metrics",
]
MEASURES = [
    "value", "sum", "rise", "fall", "growth", "decline",
    "share", "multiple", "excess", "shortfall", "gap", "excess_in_percent", "shortfall_in_percent",
]  # fmt: skip
CUES = [
    "estimate",
    "rise",
    "fall",
    "year_over_year",
    "previous_period",
    "other_base",
    "strong",
    "present",
    "shortfall",
    "surplus",
    "opinion",
    "below_nought",
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


class Cue(Contract):
    """One row is a word beside a figure that says what the figure is: a change, and against what, or one estimate of several (seeds/cues.csv)."""

    cue: str = column("The word as articles write it; each script has its own row.")
    meaning: str = column("What it says of the figure.", isin=CUES)
    note: str = column("What follows from it.")

    class Config:
        """Table settings."""

        name = "cues"
        unique = ["cue", "meaning"]


class ForecastError(Contract):
    """One row is by how much official projections of a metric have missed, so many years ahead (seeds/forecast_errors.csv)."""

    metric: str = column("The metric; see series.metric.")
    years_ahead: int = column("The projection's year: 1 is the fiscal year in which it was made.", unit="years", ge=1)
    error: float = column("Root mean square error.", unit="percent of GDP", gt=0)
    source: str = column("Who measured it.")

    class Config:
        """Table settings."""

        name = "forecast_errors"
        unique = ["metric", "years_ahead"]


class Wording(Contract):
    """One row is a word or sentence of the explanations in three languages; {} stands for what is filled in (seeds/wording.csv)."""

    code: str = column("What sql/verdicts.sql calls it; a verdict or a reason is its own code.")
    en: str = column("English.")
    zh_hans: str = column("Chinese in simplified characters.")
    zh_hant: str = column("Chinese in traditional characters.")

    class Config:
        """Table settings."""

        name = "wording"
        unique = ["code"]


class Comparison(Contract):
    """One row is a claim held against one official series on one of the two days."""

    claim_id: str = column("The claim.")
    basis: str = column("As known when the article appeared, or as known today.", isin=BASES)
    series_id: str = column("The official series.")
    base_series_id: str = column(
        "Of a share, multiple or difference of two metrics, the series of the other one; else null.", nullable=True
    )
    definition: str = column(
        "The series' definition of the metric; of two metrics, those of both, parted by a stroke.", nullable=True
    )
    rule: str = column("The rule of sql/rules that found the figure.", isin=RULES)
    measure: str = column(
        "What the claim is held against: the figure itself, the sum of several, or by how much it rose, fell (amounts), grew or declined (percent); of two "
        "metrics, the share (percent) or multiple, or by how much the one exceeds the other or falls short of it, in amounts or in percent of the other; "
        "gap is the difference in either direction.",
        isin=MEASURES,
    )
    official_value: float = column("The official value in base units; of a change, its size in the direction claimed.")
    official_period_start: pl.Date = column("First day of the official value's period.")
    official_period_end: pl.Date = column("Last day of the official value's period.")
    base_period_start: pl.Date = column(
        "First day of the period against which a change is measured; of two metrics, of the other one's period.",
        nullable=True,
    )
    base_period_end: pl.Date = column("Last day of that period.", nullable=True)
    known_from: pl.Date = column("Since when this value was known.")
    known_basis: str = column("How that is known; see observations.")
    origin: str = column("live or snapshot; see observations.")
    claimed_value: float = column(
        "What was claimed as it is held against this series (the lower end of a range): a share in percent, a fall below nought."
    )
    accepted_low: float = column("Lowest official value with which the claim agrees; null is open.", nullable=True)
    accepted_high: float = column("Highest official value with which the claim agrees; null is open.", nullable=True)
    contradicted_below: float = column(
        "Under this an official value would contradict the claim; null where none would.", nullable=True
    )
    contradicted_above: float = column(
        "Over this an official value would contradict the claim; null where none would.", nullable=True
    )
    difference: float = column("Claimed (the nearer end of a range) less official value, in base units.")
    relative_difference: float = column("That difference over the official value.", nullable=True)
    within: bool = column("Whether the official value lies in the accepted interval.")
    agrees: bool = column(
        "Whether claim and figure agree; null where this figure may not decide (see undecided_reason).", nullable=True
    )
    may_not_refute: str = column(
        "Why this figure could not contradict the claim wherever it lay; null where it could.",
        nullable=True,
        isin=REASONS,
    )
    undecided_reason: str = column("Why it does not decide.", nullable=True, isin=REASONS)

    class Config:
        """Table settings."""

        name = "comparisons"
        unique = ["claim_id", "basis", "series_id", "base_series_id"]


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
    base_series_id: str = column(
        "Of a share, multiple or difference of two metrics, the series of the other one, beside series_id.",
        nullable=True,
    )
    base_series_id_when_published: str = column("The same for the article's day.", nullable=True)
    explanation_en: str = column("The verdict in an English sentence or two.", is_long=True)
    explanation_zh: str = column("The verdict in Chinese, simplified characters.", is_long=True)
    explanation_zh_hant: str = column("The verdict in Chinese, traditional characters.", is_long=True)
    evidence_sql: str = column(
        "One query that computes each official value told in the explanation anew from the table observations.",
        is_long=True,
        nullable=True,
    )
    flips_at: float = column(
        "The official value at which today's verdict would turn, nearest to the one told first, if all figures of its definition stood there; null where none turns it.",
        nullable=True,
    )
    policy_version: str = column(
        "Names the policy by which it was judged: the rules of sql/ and the files of seeds/ that hold widths, words and errors."
    )

    class Config:
        """Table settings."""

        name = "verdicts"
        unique = ["claim_id"]


class VerdictChange(Contract):
    """One row is a verdict that differs from the one published before it, or one on a claim that is gone or has come back; a first verdict is no change."""

    claim_id: str = column("The claim.")
    basis: str = column("Which of the two verdicts changed.", isin=BASES)
    old_verdict: str = column(
        "What was published before; null of a claim that has come back.", nullable=True, isin=VERDICTS
    )
    new_verdict: str = column(
        "What holds from this refresh on; null of a claim that is gone.", nullable=True, isin=VERDICTS
    )
    cause: str = column(
        "What changed it: the figure used was revised, another figure came out, the policy, the reading of the words; of a claim that is gone or back, "
        "its article was removed or put back, or the article's text was edited.",
        isin=["reading", "policy", "revision", "new_figure", "article", "text"],
    )
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
    article_url: str = column("Where it appeared, if that is known.", nullable=True)
    same_story_as: str = column(
        "The article that tells the same story and was read first; see articles.", nullable=True
    )
    claim_id: str = column("The claim.")
    kind: str = column("quantity, or a statement without a magnitude: comparison, streak, record, direction, turn.")
    quote: str = column("The figure as written.")
    sentence: str = column("The sentence in which it stands.")
    quote_start: int = column("Offset of the quote in articles.text.", unit="code points")
    metric: str = column("What is measured.", nullable=True)
    relates_to: str = column("Of a change, share, multiple or difference, the metric that it is of.", nullable=True)
    base_metric: str = column("Of a share, multiple or difference of two metrics, the other one.", nullable=True)
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
    explanation_zh: str = column("The verdict in Chinese, simplified characters.")
    explanation_zh_hant: str = column("The verdict in Chinese, traditional characters.")
    series_id: str = column("The series that decides.", nullable=True)
    source: str = column("That series' title and provider.", nullable=True)
    source_url: str = column("The official page about it.", nullable=True)
    source_licence: str = column("Under which licence its figures may be used.", nullable=True)
    warning_en: str = column(
        "What is odd about an official figure that it was held against (see figure_warnings); null where nothing is.",
        nullable=True,
    )
    warning_zh: str = column("The same in Chinese, simplified characters.", nullable=True)
    flips_at: float = column("The official value at which today's verdict would turn.", nullable=True)

    class Config:
        """Table settings."""

        name = "claim_checks"
        metadata = {"view": True}
