"""How the warehouse came about: refreshes, rows refused, and from what each table was built."""

import polars as pl

from pipelines.warehouse.contracts import Contract, Instant, Texts, column


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
    step_seconds: str = column("JSON object: how long each step before this one took, in seconds.", nullable=True)

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
