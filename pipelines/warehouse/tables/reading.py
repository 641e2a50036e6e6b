"""What the articles say: articles, claims, and what was passed over."""

import polars as pl

from pipelines.warehouse.contracts import Contract, Instant, Texts, column

BOUNDS = ["eq", "approx", "below", "above", "range"]
MODALITIES = ["actual", "projection", "hypothetical"]
RELATIONS = [
    "rises", "falls", "negative", "positive", "stays",
    "consecutive_rises", "consecutive_falls", "consecutive_negative", "consecutive_positive", "consecutive_stays",
    "highest", "lowest", "first", "largest_rise", "largest_fall",
    "exceeds", "falls_short_of", "equals", "moves_with", "diverges_from",
    "ratio_to", "differs_from",
    "stops_rising", "stops_falling", "starts_rising", "starts_falling", "turns_up", "turns_down", "turns_positive", "turns_negative",
]  # fmt: skip


class Article(Contract):
    """One row is an article as it was read from its file; `text` is the file's text to the character, so that offsets hold."""

    article_id: str = column(
        "The file's name without its ending; names the article everywhere.", str_length={"min_value": 1}
    )
    path: str = column("Where the file was read, relative to the repository where it lies inside it.")
    sha256: str = column("SHA-256 of the file's bytes.", str_matches=r"^[0-9a-f]{64}$")
    title: str = column("Headline, as found in the text or given beside it, on one line.", nullable=True)
    publisher: str = column("Who published it, as found in the text or given beside it, on one line.", nullable=True)
    published_on: pl.Date = column("The day the article appeared.", nullable=True)
    published_on_basis: str = column(
        "How that day is known: stated in the text, inferred from the newest date it mentions, given beside it, or unknown.",
        isin=["stated", "inferred", "given", "unknown"],
    )
    script: str = column(
        "Chinese script: hans (simplified), hant (traditional) or mixed.", isin=["hans", "hant", "mixed"]
    )
    language: str = column("Language as a BCP 47 tag without script, e.g. zh.")
    text: str = column("The whole text as stored, furniture included.")
    ingested_at: Instant = column("When this text was first read into the warehouse.")
    url: str = column("Where it appeared, if that is given beside it.", nullable=True)
    same_story_as: str = column(
        "The article that told the same story first, where this one repeats its text, cut or lightly edited (seeds/stories.toml); else null.",
        nullable=True,
    )

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
        isin=["quantity", "comparison", "streak", "record", "direction", "turn"],
    )
    sentence: str = column(
        "The sentence in which it stands, without the tags of a page; of a table's cell, one made of its heads."
    )
    quote: str = column(
        "The shortest exact passage that holds number, scale and unit, or the clause that carries a statement."
    )
    quote_start: int = column("Offset of the quote's first character in articles.text.", unit="code points", ge=0)
    quote_end: int = column("Offset behind the quote's last character.", unit="code points", ge=1)
    metric: str = column("What is measured, if an official US series measures it; see series.metric.", nullable=True)
    definition: str = column(
        "Which official definition of the metric, if the text or its source names one.", nullable=True
    )
    relates_to: str = column("The metric of which this is a change, share, multiple or threshold.", nullable=True)
    base_metric: str = column(
        "Of a share, multiple or difference of two official metrics, the one against which relates_to is held; null where the text does not settle it.",
        nullable=True,
    )
    base_definition: str = column(
        "Which official definition of base_metric, if the text or its source names one.", nullable=True
    )
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
        "Stated precision: half a unit of the last digit written (of a range, of its less precise end, of the finer one where that has two more digits), in base units.",
        nullable=True,
        ge=0,
    )
    significant_zeros: bool = column("Whether the written number ends in zeros, so that it reads as rounded.")
    bound: str = column("How firmly: eq, approx, below (the value lies under it), above, or range.", isin=BOUNDS)
    hedge: str = column("The word that says so, in simplified characters as in hedges.word.", nullable=True)
    modality: str = column(
        "actual (past or present), projection (forecast, plan, target) or hypothetical (condition).", isin=MODALITIES
    )
    vague: bool = column("Whether only an order of magnitude is said.")
    period_start: pl.Date = column("First day of the period the figure or statement speaks about.", nullable=True)
    period_end: pl.Date = column("Last day of that period.", nullable=True)
    period_basis: str = column("How the period is known: stated, relative, context or article_date.", nullable=True)
    attributed_to: str = column("Who is said to have said it, as written.", nullable=True)
    reader_version: str = column("Version of the reader and of its word files.")
    relation: str = column(
        "Of a statement, what it says of the metric: rises, falls, consecutive_falls, highest, exceeds ...; of a figure with a base_metric, "
        "how the two metrics stand to one another: ratio_to, exceeds, falls_short_of or differs_from.",
        nullable=True,
        isin=RELATIONS,
    )
    compared_metric: str = column("Of a comparison, the metric with which it compares.", nullable=True)
    streak_length: int = column("Of a streak, how many in a row.", nullable=True, ge=2)
    streak_unit: str = column(
        "Of a streak, what is counted: quarter, month, week, day, year, or time (decisions).",
        nullable=True,
        isin=["quarter", "month", "week", "day", "year", "time"],
    )
    since: pl.Date = column(
        "Of a record, the first day that it reaches back to; null where it is all of history.", nullable=True
    )
    inconsistency: str = column(
        "Why the figure does not fit the rest of its article, with the arithmetic; the value stays as written.",
        nullable=True,
    )

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
    """One row is something that stands where articles stand and could not be read as one; the other articles are not affected."""

    path: str = column(
        "The file, its invisible characters written as escapes; of an articles.csv also the line, behind a comma."
    )
    reason: str = column("Why it could not be read, and what to do about it.")

    class Config:
        """Table settings."""

        name = "rejected_articles"
        unique = ["path"]


class RemovedArticle(Contract):
    """One row is an article that was judged and is no longer among the articles; it leaves this table when it comes back."""

    article_id: str = column("Its name.")
    path: str = column("Where its file was read last.")
    sha256: str = column("SHA-256 of that file's bytes.")
    title: str = column("Its headline.", nullable=True)
    publisher: str = column("Who published it.", nullable=True)
    published_on: pl.Date = column("The day it appeared.", nullable=True)
    url: str = column("Where it appeared.", nullable=True)
    ingested_at: Instant = column("When its text was first read into the warehouse.")
    removed_at: Instant = column("When a refresh first found it gone.")

    class Config:
        """Table settings."""

        name = "removed_articles"
        unique = ["article_id"]


class RemovedClaim(Contract):
    """One row is a claim of a removed article with the verdicts that were given last."""

    claim_id: str = column("The claim; see claims.claim_id. Its past verdicts stand in verdict_changes.")
    article_id: str = column("The removed article.")
    sentence: str = column("The sentence in which it stood.")
    quote: str = column("The passage.")
    metric: str = column("What was measured.", nullable=True)
    verdict_when_published: str = column("The last verdict by what was known when the article appeared.", nullable=True)
    verdict_today: str = column("The last verdict by what was known at the last refresh.", nullable=True)
    reason: str = column("Why there was not enough evidence.", nullable=True)
    explanation_en: str = column("The last explanation, in English.", nullable=True)
    explanation_zh: str = column("The last explanation, in Chinese.", nullable=True)

    class Config:
        """Table settings."""

        name = "removed_claims"
        unique = ["claim_id"]
