"""From which columns each column of a table comes, as sql/column_lineage.csv says; Dagster's UI draws it."""

import csv

from pipelines.places import SQL
from pipelines.warehouse.contracts import columns_of
from pipelines.warehouse.tables import CONTRACTS

PATH = SQL / "column_lineage.csv"
# What Python reads out of a text, whatever the column.
_READ_FROM_TEXT = ("claims", "rejected_passages")

Lineage = dict[str, dict[str, list[tuple[str, str]]]]


def read_lineage() -> Lineage:
    """For each table that comes from other tables, for each of its columns: the tables and columns that it comes from."""
    found: Lineage = {
        table: {column.name: [("articles", "text")] for column in columns_of(CONTRACTS[table])}
        for table in _READ_FROM_TEXT
    }
    with PATH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            origins = found.setdefault(row["table_name"], {}).setdefault(row["column_name"], [])
            origins.append((row["from_table"], row["from_column"]))
    return found
