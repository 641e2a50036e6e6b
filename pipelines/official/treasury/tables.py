"""What is particular to a table of FiscalData; a table that is not named here has one row a day and series.

Columns and their traps: https://fiscaldata.treasury.gov/datasets/ (each table's data dictionary).
"""

from dataclasses import dataclass
from enum import Enum

DATE_FIELD = "record_date"
LINE_FIELD = "src_line_nbr"


class Rows(Enum):
    """How the rows of a table become the values of a series."""

    ONE = "one row a day"
    SUM = "all rows of a day, added up"
    RESTATED_MONTHS = "every report states the months of two fiscal years anew; its newest word on a month counts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of FiscalData.

    Attributes:
        path: Below the service's address.
        key: Columns that tell the rows of a day apart, beside the line number. A column of the key that is not asked
            for makes the service add up the rows that then look alike, without saying so.
        rows: How rows become values.
        difference: A column, and the two whose difference it is, by which a turned sign is noticed.
    """

    path: str
    key: tuple[str, ...] = ()
    rows: Rows = Rows.ONE
    difference: tuple[str, str, str] | None = None


_LINES = ("line_code_nbr", "classification_desc")

_TABLES = (
    Table("v2/accounting/od/debt_to_penny"),
    Table("v2/accounting/od/debt_outstanding"),
    Table(
        "v2/accounting/od/interest_expense",
        key=("expense_catg_desc", "expense_group_desc", "expense_type_desc"),
        rows=Rows.SUM,
    ),
    Table("v2/accounting/od/avg_interest_rates", key=("security_type_desc", "security_desc")),
    # What it calls gross receipts and outlays is net of refunds and offsetting receipts, like the totals of the others.
    Table(
        "v1/accounting/mts/mts_table_1",
        key=(*_LINES, "classification_id", "parent_id", "sequence_number_cd", "record_fiscal_year"),
        rows=Rows.RESTATED_MONTHS,
        difference=(
            "current_month_dfct_sur_amt",
            "current_month_gross_outly_amt",
            "current_month_gross_rcpt_amt",
        ),
    ),
    Table("v1/accounting/mts/mts_table_4", key=_LINES),
    Table("v1/accounting/mts/mts_table_5", key=_LINES),
    Table("v1/accounting/mts/mts_table_9", key=(*_LINES, "record_type_cd")),
)
_BY_PATH = {table.path: table for table in _TABLES}


def table_of(path: str) -> Table:
    """The table of that path."""
    return _BY_PATH.get(path, Table(path))
