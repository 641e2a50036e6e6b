"""The contract of every table: one model a table, every column described once.

SQL types, NOT NULL, keys, comments, Dagster's column schema and docs/data-dictionary.md are all derived from these models (contracts.py).
"""

import polars as pl

from pipelines.warehouse.contracts import Contract, Instant, Texts, column, name_of

BOUNDS = ["eq", "approx", "below", "above", "range"]
MODALITIES = ["actual", "projection", "hypothetical"]
BASES = ["when_published", "today"]
VERDICTS = ["supported", "refuted", "conflicting_evidence", "not_enough_evidence"]
REASONS = [
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
    "sign_unclear",
]


class Article(Contract):
    """One row is an article as it was read from its file; `text` is the file's text to the character, so that offsets hold."""

    article_id: str = column(
        "The file's name without its ending; names the article everywhere.", str_length={"min_value": 1}
    )
    path: str = column("Where the file was read, relative to the repository where it lies inside it.")
    sha256: str = column("SHA-256 of the file's bytes.", str_matches=r"^[0-9a-f]{64}$")
    title: str = column("Headline, as found in the text or given in articles.csv.", nullable=True)
    publisher: str = column("Who published it, as found in the text or given.", nullable=True)
    published_on: pl.Date = column("The day the article appeared.", nullable=True)
    published_on_basis: str = column(
        "How that day is known: stated in the text, inferred from the newest date it mentions, given in articles.csv, or unknown.",
        isin=["stated", "inferred", "given", "unknown"],
    )
    script: str = column(
        "Chinese script: hans (simplified), hant (traditional) or mixed.", isin=["hans", "hant", "mixed"]
    )
    language: str = column("Language as a BCP 47 tag without script, e.g. zh.")
    text: str = column("The whole text as stored, furniture included.")
    ingested_at: Instant = column("When this text was first read into the warehouse.")

    class Config:
        """Table settings."""

        name = "articles"
        unique = ["article_id"]


class Claim(Contract):
    """One row is a figure or statement that an article makes."""

    claim_id: str = column("Stable hash of article, sentence and quote; changes only when the passage changes.")
    article_id: str = column("The article that makes the claim.")
    kind: str = column(
        "What is claimed: a quantity, or a statement without a magnitude.",
        isin=["quantity", "comparison", "streak", "record", "direction"],
    )
    sentence: str = column("The sentence in which it stands.")
    quote: str = column("The shortest exact passage that holds number, scale and unit.")
    quote_start: int = column("Offset of the quote's first character in articles.text.", unit="code points", ge=0)
    quote_end: int = column("Offset behind the quote's last character.", unit="code points", ge=1)
    metric: str = column("What is measured, if an official US series measures it; see series.metric.", nullable=True)
    definition: str = column(
        "Which official definition of the metric, if the text or its source names one.", nullable=True
    )
    relates_to: str = column("The metric of which this is a change, share, multiple or threshold.", nullable=True)
    metric_candidates: Texts = column("Metrics between which the reading could not decide.")
    subject: str = column(
        "Whose figure: null or US for the United States, else a company or another country.", nullable=True
    )
    value_low: float = column("The value, or the lower end of a range, in base units.", nullable=True)
    value_high: float = column("The value, or the upper end of a range, in base units.", nullable=True)
    unit: str = column(
        "Base unit of the value: an ISO 4217 code, percent, percentage_point, ratio, count, index, or an SI symbol.",
        nullable=True,
    )
    unit_basis: str = column(
        "Whether the unit is stated or, for a currency left out, taken from the context.",
        nullable=True,
        isin=["stated", "context"],
    )
    half_width: float = column(
        "Stated precision: half a unit of the last digit written, in base units.", nullable=True, ge=0
    )
    significant_zeros: bool = column("Whether the written number ends in zeros, so that it reads as rounded.")
    bound: str = column("How firmly: eq, approx, below (the value lies under it), above, or range.", isin=BOUNDS)
    hedge: str = column("The word that says so, in simplified characters as in hedges.word.", nullable=True)
    modality: str = column(
        "actual (past or present), projection (forecast, plan, target) or hypothetical (condition).", isin=MODALITIES
    )
    vague: bool = column("Whether only an order of magnitude is said.")
    period_start: pl.Date = column("First day of the period the figure speaks about.", nullable=True)
    period_end: pl.Date = column("Last day of that period.", nullable=True)
    period_basis: str = column("How the period is known: stated, relative, context or article_date.", nullable=True)
    attributed_to: str = column("Who is said to have said it, as written.", nullable=True)
    reader_version: str = column("Version of the reader and of its word files.")

    class Config:
        """Table settings."""

        name = "claims"
        unique = ["claim_id"]


class RejectedPassage(Contract):
    """One row is a passage with a number that is no claim, or that could not be read."""

    article_id: str = column("The article in which it stands.")
    passage: str = column("The passage as written.")
    passage_start: int = column("Offset of its first character in articles.text.", unit="code points", ge=0)
    passage_end: int = column("Offset behind its last character.", unit="code points", ge=1)
    reason: str = column("Why it is no claim: date, duration, ordinal, name, furniture ...")

    class Config:
        """Table settings."""

        name = "rejected_passages"
        unique = ["article_id", "passage_start"]


class RejectedArticle(Contract):
    """One row is an article file that could not be read; the other articles are not affected."""

    path: str = column("The file.")
    reason: str = column("Why it could not be read, and what to do about it.")

    class Config:
        """Table settings."""

        name = "rejected_articles"
        unique = ["path"]


class Series(Contract):
    """One row is an official series of the catalogue (seeds/series.csv), or one derived from such a series in SQL."""

    series_id: str = column("Names the series everywhere.")
    provider: str = column("Who serves it: fred, treasury, cbo, sec, eia; derived where SQL computes it.")
    provider_code: str = column(
        "The series' name at its provider; null where no service serves it as such.", nullable=True
    )
    metric: str = column("The metric it measures; null where it is only an input of a derived series.", nullable=True)
    definition: str = column("Which definition of the metric.", nullable=True)
    subject: str = column("Whose figures, names separated by |; null for the United States.", nullable=True)
    title: str = column("Title in English.")
    title_zh: str = column("Title in Chinese.")
    unit: str = column("Base unit of the values in observations.")
    scale: float = column(
        "Factor from the provider's published unit to the base unit; negative where the sign is turned."
    )
    frequency: str = column("How often it appears.", isin=["daily", "weekly", "monthly", "quarterly", "annual"])
    kind: str = column(
        "stock (at a day), flow (over a period), rate or index.", isin=["stock", "flow", "rate", "index"]
    )
    is_projection: bool = column("Whether its values are official projections.")
    is_revised: bool = column("Whether published values are revised later in practice.")
    release_lag_days: int = column("Typical days from the end of a period to its first publication.", unit="days", ge=0)
    licence: str = column("The publisher's licence in a few words.")
    redistributable: bool = column("Whether the figures may be passed on with this repository.")
    url: str = column("A page about the series.")
    sane_low: float = column("Lowest value in base units that is no error.")
    sane_high: float = column("Highest value in base units that is no error.")
    derivation: str = column("For a derived series, the rule of sql/derived_observations.sql.", nullable=True)
    derived_from: str = column("For a derived series, the series it is computed from.", nullable=True)

    class Config:
        """Table settings."""

        name = "series"
        unique = ["series_id"]


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


class Observation(Contract):
    """One row is one value of an official series for a period, as known in a stretch of time."""

    series_id: str = column("The series.")
    period_start: pl.Date = column("First day of the period measured.")
    period_end: pl.Date = column("Last day of the period measured; for a stock, the day it was taken.")
    value: float = column("The value in base units; see series.unit.")
    known_from: pl.Date = column("First day on which this value was publicly known.")
    known_until: pl.Date = column("Last day before another value replaced it; null while it is current.", nullable=True)
    known_basis: str = column(
        "How known_from is known: vintage (the provider says), retrieved (we saw it change), release_lag (typical delay, approximate).",
        isin=["vintage", "retrieved", "release_lag"],
    )
    origin: str = column(
        "live (from the service) or snapshot (the offline figures in seeds/official).", isin=["live", "snapshot"]
    )
    retrieved_at: Instant = column("When a live value was retrieved.", nullable=True)
    download_sha256: str = column("SHA-256 of the kept answer in data/downloads that held it.", nullable=True)

    class Config:
        """Table settings."""

        name = "observations"
        unique = ["series_id", "period_start", "period_end", "known_from"]
        metadata = {"rejected_share": 0.001}


class DerivedObservation(Observation):
    """One row is one value that SQL computes from observations, known from the day on which its last input was known."""

    class Config:
        """Table settings."""

        name = "derived_observations"
        unique = ["series_id", "period_start", "period_end", "known_from"]


class OfficialFigure(Observation):
    """Observations and derived observations in one view: whatever a claim can be held against."""

    class Config:
        """Table settings."""

        name = "official_figures"
        metadata = {"view": True}


class Source(Contract):
    """One row is a source of official figures: what it gave when it was last asked."""

    source: str = column("The source: a service, or the offline figures.")
    state: str = column(
        "live (answered), snapshot (the figures in seeds/official), failed (asked without a usable answer) or skipped (not asked).",
        isin=["live", "snapshot", "failed", "skipped"],
    )
    reason: str = column("Why it failed or was skipped.", nullable=True)
    series_count: int = column("Series that it serves.", ge=0)
    observation_count: int = column("Observations that it gave.", ge=0)
    newest_period_end: pl.Date = column("End of the newest period that it measures.", nullable=True)

    class Config:
        """Table settings."""

        name = "sources"
        unique = ["source"]


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


class RejectedRow(Contract):
    """One row is a row that broke its table's contract and was left out."""

    table_name: str = column("The table that refused it.")
    row: str = column("The row as JSON.")
    broken_rule: str = column("Which rules of the contract it breaks.")
    refresh_id: str = column("The refresh that refused it.")

    class Config:
        """Table settings."""

        name = "rejected_rows"


class Refresh(Contract):
    """One row is a refresh that was published."""

    refresh_id: str = column("Dagster's run id.")
    started_at: Instant = column("When it began.")
    finished_at: Instant = column("When its tables were complete and checked.")
    hedui_version: str = column("Version of this program.")
    reader_version: str = column("Version of the reader and of its word files.")
    offline: bool = column("Whether the official services were left out on purpose.")
    articles: int = column("Articles in the warehouse.", ge=0)
    claims: int = column("Claims in the warehouse.", ge=0)
    observations: int = column("Observations in the warehouse.", ge=0)
    supported: int = column("Claims supported today.", ge=0)
    refuted: int = column("Claims refuted today.", ge=0)
    conflicting_evidence: int = column("Claims with conflicting evidence today.", ge=0)
    not_enough_evidence: int = column("Claims that nothing official decides today.", ge=0)
    changed_tables: Texts = column("The tables that this refresh wrote anew; empty where nothing had changed.")
    sources: str = column("JSON list of the rows of sources as they were then.")
    newest_figure_on: pl.Date = column("End of the newest period that any official figure measures.", nullable=True)

    class Config:
        """Table settings."""

        name = "refreshes"
        unique = ["refresh_id"]


class TableState(Contract):
    """One row says from what a table was built and when it last changed; unchanged inputs mean that it is not built again."""

    table_name: str = column("The table.")
    fingerprint: str = column("Hash of everything the table is built from: code, SQL, seeds and the tables before it.")
    row_count: int = column("Its rows.", ge=0)
    refresh_id: str = column("The refresh that wrote it.")

    class Config:
        """Table settings."""

        name = "table_states"
        unique = ["table_name"]


class ClaimCheck(Contract):
    """All that a reader wants to know of a claim, flat: what was said, what is official, and whether they agree."""

    article_id: str = column("The article.")
    title: str = column("Its headline.", nullable=True)
    publisher: str = column("Who published it.", nullable=True)
    published_on: pl.Date = column("The day it appeared.", nullable=True)
    claim_id: str = column("The claim.")
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


CONTRACTS: dict[str, type[Contract]] = {
    name_of(contract): contract
    for contract in (
        Article, Claim, RejectedPassage, RejectedArticle, Series, Hedge, Tolerance, Observation, Source, DerivedObservation, Comparison, Verdict,
        VerdictChange, RejectedRow, Refresh, TableState, OfficialFigure, ClaimCheck,
    )
}  # fmt: skip
