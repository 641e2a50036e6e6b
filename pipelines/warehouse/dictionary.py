"""Writes docs/data-dictionary.md from the contracts: `make docs`, or `python -m pipelines.warehouse.dictionary`."""

from pipelines.places import ROOT
from pipelines.warehouse.contracts import Contract, columns_of, description_of, is_view, key_of, name_of
from pipelines.warehouse.tables import CONTRACTS

PATH = ROOT / "docs" / "data-dictionary.md"


def write_dictionary() -> str:
    """The data dictionary in Markdown: a section a table, a line a column."""
    head = (
        "# Data dictionary\n\nMade from `pipelines/warehouse/tables/` by `make docs`; the same words are the COMMENTs of "
        "`data/warehouse.duckdb`.\nValues stand in base units (dollars, percent, persons, watts); intervals include both ends; instants are UTC.\n"
    )
    return head + "".join(_describe(contract) for contract in CONTRACTS.values())


def _describe(contract: type[Contract]) -> str:
    key = key_of(contract)
    lines = [f"\n## {name_of(contract)}{' (view)' if is_view(contract) else ''}\n", f"{description_of(contract)}"]
    if key and not is_view(contract):
        lines.append(f"\nKey: {', '.join(f'`{name}`' for name in key)}.")
    lines += ["\n| column | type | may be null | meaning |", "| --- | --- | --- | --- |"]
    for column in columns_of(contract):
        unit = f" Unit: {column.unit}." if column.unit else ""
        meaning = (column.description + unit).replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| `{column.name}` | {column.sql_type} | {'yes' if column.nullable else ''} | {meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(write_dictionary(), encoding="utf-8")
