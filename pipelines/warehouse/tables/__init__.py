"""The contract of every table: one model a table, every column described once.

SQL types, NOT NULL, keys, comments, Dagster's column schema and docs/data-dictionary.md are all derived from these models (contracts.py).
"""

from pipelines.warehouse.contracts import Contract, name_of
from pipelines.warehouse.tables.judging import (
    ClaimCheck,
    Comparison,
    Cue,
    ForecastError,
    Hedge,
    Tolerance,
    Verdict,
    VerdictChange,
    Wording,
)
from pipelines.warehouse.tables.official import (
    DerivedObservation,
    FigureWarning,
    Observation,
    OfficialFigure,
    Series,
    SeriesState,
    Source,
)
from pipelines.warehouse.tables.operation import Refresh, RejectedRow, TableState
from pipelines.warehouse.tables.reading import (
    Article,
    Claim,
    RejectedArticle,
    RejectedPassage,
    RemovedArticle,
    RemovedClaim,
)
from pipelines.warehouse.tables.statements import StatementComparison, StatementMeasure, StatementThreshold

__all__ = [
    "CONTRACTS",
    "Article",
    "Claim",
    "ClaimCheck",
    "Comparison",
    "Cue",
    "DerivedObservation",
    "FigureWarning",
    "ForecastError",
    "Hedge",
    "Observation",
    "OfficialFigure",
    "Refresh",
    "RejectedArticle",
    "RejectedPassage",
    "RejectedRow",
    "RemovedArticle",
    "RemovedClaim",
    "Series",
    "SeriesState",
    "Source",
    "StatementComparison",
    "StatementMeasure",
    "StatementThreshold",
    "TableState",
    "Tolerance",
    "Verdict",
    "VerdictChange",
    "Wording",
]

CONTRACTS: dict[str, type[Contract]] = {
    name_of(contract): contract
    for contract in (
        Article, Claim, RejectedPassage, RejectedArticle, RemovedArticle, RemovedClaim, Series, Hedge, Tolerance, Cue, ForecastError, Wording, StatementThreshold, StatementMeasure, Observation, Source, SeriesState, DerivedObservation, Comparison, StatementComparison, Verdict,
        VerdictChange, RejectedRow, Refresh, TableState, OfficialFigure, FigureWarning, ClaimCheck,
    )
}  # fmt: skip
