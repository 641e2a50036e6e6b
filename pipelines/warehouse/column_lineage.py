"""From which columns each column of a table comes: traced through the SQL once, kept in sql/column_lineage.csv, shown in Dagster's UI.

`make docs`, or `python -m pipelines.warehouse.column_lineage`, writes the file anew; that takes a minute and sqlglot, which only developers have.
"""

import csv
import io
from collections.abc import Iterable

from pipelines.places import SQL
from pipelines.warehouse.contracts import columns_of, is_view, name_of
from pipelines.warehouse.queries import compose_query, query_path
from pipelines.warehouse.tables import CONTRACTS, OfficialFigure

PATH = SQL / "column_lineage.csv"
HEADER = ("table_name", "column_name", "from_table", "from_column")
# Where it reads what was published last, a table follows its own past; that is no lineage.
_PAST = "last_published"

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
        for table, column, from_table, from_column in list(csv.reader(file))[1:]:
            found.setdefault(table, {}).setdefault(column, []).append((from_table, from_column))
    return found


def write_lineage(tables: Iterable[str] | None = None) -> str:
    """The lineage of every table and view that is one SELECT in sql/, as CSV.

    Args:
        tables: the tables to trace; all of them if left out.
    """
    names = [name_of(contract) for contract in CONTRACTS.values()] if tables is None else list(tables)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for table in names:
        if query_path(table).exists():
            writer.writerows(_trace(table))
    return text.getvalue()


def _trace(table: str) -> list[tuple[str, str, str, str]]:
    from sqlglot import exp  # noqa: PLC0415  # only developers have it
    from sqlglot.lineage import lineage  # noqa: PLC0415  # the same

    schema = {name: {c.name: c.sql_type for c in columns_of(contract)} for name, contract in CONTRACTS.items()}
    query = compose_query(table)
    rows = []
    for column in columns_of(CONTRACTS[table]):
        ends = {
            (node.source.name, node.name.rpartition(".")[2])
            for node in lineage(column.name, query, schema=schema, dialect="duckdb").walk()
            if not node.downstream and isinstance(node.source, exp.Table) and node.source.db != _PAST
        }
        rows += [(table, column.name, *end) for end in sorted(_through_views(ends))]
    return rows


def _through_views(ends: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """What only unites tables is looked through: its columns are those of both."""
    found = set()
    for table, column in ends:
        united = ("observations", "derived_observations") if table == name_of(OfficialFigure) else (table,)
        found |= {(name, column) for name in united if name in CONTRACTS and not is_view(CONTRACTS[name])}
    return found


if __name__ == "__main__":
    PATH.write_text(write_lineage(), encoding="utf-8")
