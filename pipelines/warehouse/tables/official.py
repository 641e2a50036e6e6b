"""What the official sources say: series, observations, and what is derived from them."""

import polars as pl

from pipelines.warehouse.contracts import Contract, Instant, column


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
    is_proxy: bool = column(
        "Whether it measures only a neighbour of the metric: it may bear a claim out, never contradict it."
    )
    release_lag_days: int = column("Typical days from the end of a period to its first publication.", unit="days", ge=0)
    licence: str = column("The publisher's licence in a few words.")
    redistributable: bool = column("Whether the figures may be passed on with this repository.")
    url: str = column("A page about the series.")
    sane_low: float = column("Lowest value in base units that is no error.")
    sane_high: float = column("Highest value in base units that is no error.")
    derivation: str = column("For a derived series, the rule of sql/derived_observations.sql.", nullable=True)
    derived_from: str = column(
        "For a derived series, the published series it is computed from, separated by |, what is divided before what it is divided by.",
        nullable=True,
    )

    class Config:
        """Table settings."""

        name = "series"
        unique = ["series_id"]


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


class SeriesState(Contract):
    """One row is a published series: where its figures come from, when its service was last asked, and how new its newest figure is."""

    series_id: str = column("The series.")
    provider: str = column("Its provider, as in series.provider.")
    state: str = column(
        "live (its service's last answer was complete), failed (asked in vain the last time; what was known stays), snapshot (the figures in seeds/official; no service has answered yet) or never_asked (no figure at all).",
        isin=["live", "failed", "snapshot", "never_asked"],
    )
    reason: str = column("Why it failed.", nullable=True)
    asked_at: Instant = column("When its service was last asked for it; null if never.", nullable=True)
    answered_at: Instant = column("When its service last answered completely; null if never.", nullable=True)
    newest_period_end: pl.Date = column("End of the newest period of which a figure is known.", nullable=True)

    class Config:
        """Table settings."""

        name = "series_states"
        unique = ["series_id"]


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


class FigureWarning(Contract):
    """One row is something odd about a current official figure; the figure stands as published, and whoever uses it is told."""

    series_id: str = column("The series.")
    period_start: pl.Date = column("First day of the period of the figure, or of the gap.")
    period_end: pl.Date = column("Last day of that period.")
    warning: str = column(
        "What is odd: parts_do_not_add_up, opposite_sign (another series of the metric has it the other way round), jump (a hundred times its neighbours or more), gap (a period without a figure), restated (changed although the series is not revised as a rule), stopped (no newer period although one was due).",
        isin=["parts_do_not_add_up", "opposite_sign", "jump", "gap", "restated", "stopped"],
    )
    explanation_en: str = column("The same with the numbers, in English.")
    explanation_zh: str = column("The same with the numbers, in Chinese.")

    class Config:
        """Table settings."""

        name = "figure_warnings"
        unique = ["series_id", "period_start", "period_end", "warning", "explanation_en"]
