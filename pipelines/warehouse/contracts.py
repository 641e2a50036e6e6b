"""What a table's contract is made of, and what is derived from it: SQL definition, comments, column list, split of good and bad rows.

A contract is a Pandera model. It is the one place where a column is described; the DuckDB table, its comments, the data dictionary and the
column schema in Dagster's UI all come from it. Pandera never casts here: a frame of another type is a broken contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from pipelines.errors import ContractError

Instant = Annotated[pl.Datetime, "us", "UTC"]
Texts = Annotated[pl.List, pl.String()]

_SQL_TYPES = {
    pl.String(): "VARCHAR",
    pl.Date(): "DATE",
    pl.Float64(): "DOUBLE",
    pl.Int64(): "BIGINT",
    pl.Boolean(): "BOOLEAN",
    pl.List(pl.String()): "VARCHAR[]",
    pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
}


# Long texts that are alike: written in half the time, in a third of the room.
_LONG = " USING COMPRESSION zstd"


class Contract(pa.DataFrameModel):
    """Base of every table's contract.

    `Config.name` is the table, `Config.unique` the columns that together name a row; `Config.metadata` says `view` (True where SQL defines
    a view) and `rejected_share` (how large a part of the rows may be rejected before the whole table is refused; 0, the default, refuses
    the table at its first bad row).
    """

    class Config:
        """Settings that hold for every table."""

        strict = True
        coerce = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table as analysts see it."""

    name: str
    sql_type: str
    nullable: bool
    description: str
    unit: str | None
    is_long: bool


def column(description: str, *, unit: str | None = None, is_long: bool = False, **checks: Any) -> Any:
    """A described column; `checks` are Pandera's (`isin`, `ge`, `str_matches`, `nullable` ...), `is_long` marks texts of sentences."""
    return pa.Field(description=description, metadata={"unit": unit, "is_long": is_long}, **checks)


def name_of(contract: type[Contract]) -> str:
    """The table's name."""
    return str(contract.to_schema().name)


def key_of(contract: type[Contract]) -> list[str]:
    """The columns that together name a row; empty for a view."""
    return list(contract.to_schema().unique or [])


def is_view(contract: type[Contract]) -> bool:
    """Whether the table is a view defined in sql/."""
    return bool(_setting(contract, "view", default=False))


def _setting(contract: type[Contract], setting: str, *, default: Any) -> Any:
    return (getattr(contract.Config, "metadata", None) or {}).get(setting, default)


def description_of(contract: type[Contract]) -> str:
    """What a row of the table is: the model's docstring on one line."""
    return " ".join((contract.__doc__ or "").split())


def columns_of(contract: type[Contract]) -> list[Column]:
    """The table's columns in their order."""
    return [
        Column(
            name=name,
            sql_type=_SQL_TYPES[spec.dtype.type],
            nullable=bool(spec.nullable),
            description=spec.description or "",
            unit=(spec.metadata or {}).get("unit"),
            is_long=bool((spec.metadata or {}).get("is_long")),
        )
        for name, spec in contract.to_schema().columns.items()
    ]


def empty_frame(contract: type[Contract]) -> pl.DataFrame:
    """A frame of the table's columns and types without rows."""
    return pl.DataFrame(schema={name: spec.dtype.type for name, spec in contract.to_schema().columns.items()})


def make_frame(contract: type[Contract], rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame of the contract's columns; keys that are no column are left out, empty texts are null."""
    schema = empty_frame(contract).schema
    return pl.DataFrame(
        [{name: None if row[name] == "" else row[name] for name in schema} for row in rows], schema=schema
    )


def create_statement(contract: type[Contract], *, keyed: bool = True) -> str:
    """The CREATE TABLE statement with types, NOT NULL and the primary key, or what is unique where a part of that may be null; without key unless `keyed`."""
    lines = [
        f'"{c.name}" {c.sql_type}{_LONG if c.is_long else ""}{"" if c.nullable else " NOT NULL"}'
        for c in columns_of(contract)
    ]
    if keyed and (key := key_of(contract)):
        may_be_null = any(c.nullable for c in columns_of(contract) if c.name in key)
        lines.append(f"{'UNIQUE' if may_be_null else 'PRIMARY KEY'} (" + ", ".join(f'"{name}"' for name in key) + ")")
    return f'CREATE TABLE IF NOT EXISTS "{name_of(contract)}" (' + ", ".join(lines) + ")"


def comment_statements(contract: type[Contract]) -> list[str]:
    """The COMMENT ON statements of the table and its columns."""
    table, kind = name_of(contract), "VIEW" if is_view(contract) else "TABLE"
    statements = [f'COMMENT ON {kind} "{table}" IS {_literal(description_of(contract))}']
    for c in columns_of(contract):
        unit = f" Unit: {c.unit}." if c.unit else ""
        statements.append(f'COMMENT ON COLUMN "{table}"."{c.name}" IS {_literal(c.description + unit)}')
    return statements


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Checked:
    """A frame held against its contract: the rows that keep it, and those that break it with `broken_rule`."""

    good: pl.DataFrame
    bad: pl.DataFrame


def check_rows(contract: type[Contract], rows: pl.DataFrame) -> Checked:
    """Part the rows that keep the contract from those that break it.

    Args:
        contract: the table's contract.
        rows: a frame with exactly the contract's columns and types.

    Returns:
        Both parts; `bad` has one more column, `broken_rule`, with the rules joined by "; ".

    Raises:
        ContractError: the columns or types are others than declared, or more than the declared share of the rows is bad.
    """
    schema, table = contract.to_schema(), name_of(contract)
    marked = rows.with_columns(pl.lit(None, pl.String).alias("broken_rule")).clear()
    try:
        return Checked(schema.validate(rows, lazy=True), marked)
    except SchemaErrors as error:
        cases = error.failure_cases
    if not isinstance(cases, pl.DataFrame):
        raise ContractError(f"table {table}: {cases}")
    of_shape = cases.filter(pl.col("index").is_null())
    if of_shape.height:
        found = "; ".join(
            f"{c['column'] or table}: {c['check']} ({c['failure_case']})" for c in of_shape.head(5).to_dicts()
        )
        raise ContractError(
            f"table {table}: the columns are not those of its contract: {found}. Mend the query or the contract in warehouse/tables"
        )
    rule = pl.concat_str(
        pl.col("column"),
        pl.lit(" breaks "),
        pl.col("check"),
        pl.lit(" with "),
        pl.col("failure_case").cast(pl.String).fill_null("null"),
    )
    rules = cases.group_by(pl.col("index").cast(pl.UInt32).alias("row")).agg(
        rule.unique().sort().str.join("; ").alias("broken_rule")
    )
    joined = rows.with_row_index("row").join(rules, on="row", how="left", maintain_order="left").drop("row")
    bad = joined.filter(pl.col("broken_rule").is_not_null())
    allowed = float(_setting(contract, "rejected_share", default=0.0))
    if bad.height > allowed * rows.height:
        examples = "; ".join(bad["broken_rule"].head(3).to_list())
        raise ContractError(
            f"table {table}: {bad.height} of {rows.height} rows break its contract, more than the declared share of {allowed:g} "
            f"({examples}). The table stays as it was; mend the source of these rows"
        )
    return Checked(schema.validate(joined.filter(pl.col("broken_rule").is_null()).drop("broken_rule")), bad)
