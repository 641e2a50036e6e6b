"""The contract of every table: one model a table, every column described once.

SQL types, NOT NULL, keys, comments, Dagster's column schema and docs/data-dictionary.md are all derived from these models (contracts.py).
"""

from pipelines.warehouse.contracts import Contract, name_of
from pipelines.warehouse.tables.judging import (
    ClaimCheck,
    Comparison,
    Hedge,
    Tolerance,
    Verdict,
    VerdictChange,
)
from pipelines.warehouse.tables.official import DerivedObservation, Observation, OfficialFigure, Series, Source
from pipelines.warehouse.tables.operation import Refresh, RejectedRow, TableState
from pipelines.warehouse.tables.reading import (
    Article,
    Claim,
    RejectedArticle,
    RejectedPassage,
)

__all__ = [
    "CONTRACTS",
    "Article",
    "Claim",
    "ClaimCheck",
    "Comparison",
    "DerivedObservation",
    "Hedge",
    "Observation",
    "OfficialFigure",
    "Refresh",
    "RejectedArticle",
    "RejectedPassage",
    "RejectedRow",
    "Series",
    "Source",
    "TableState",
    "Tolerance",
    "Verdict",
    "VerdictChange",
]

CONTRACTS: dict[str, type[Contract]] = {
    name_of(contract): contract
    for contract in (
        Article, Claim, RejectedPassage, RejectedArticle, Series, Hedge, Tolerance, Observation, Source, DerivedObservation, Comparison, Verdict,
        VerdictChange, RejectedRow, Refresh, TableState, OfficialFigure, ClaimCheck,
    )
}  # fmt: skip
