"""The tables of FiscalData, made from the offline figures; what these lack is made up, but so that it adds up."""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.official.local_services.figures import read_rows

DEBT = "v2/accounting/od/debt_to_penny"
DEBT_OUTSTANDING = "v2/accounting/od/debt_outstanding"
INTEREST = "v2/accounting/od/interest_expense"
RATES = "v2/accounting/od/avg_interest_rates"
SUMMARY, RECEIPTS, OUTLAYS, FUNCTIONS = (f"v1/accounting/mts/mts_table_{number}" for number in (1, 4, 5, 9))
DEBT_FIELDS = {
    "DEBT_TO_PENNY.total": "tot_pub_debt_out_amt",
    "DEBT_TO_PENNY.held_by_public": "debt_held_public_amt",
    "DEBT_TO_PENNY.intragovernmental": "intragov_hold_amt",
}
RECORD_TYPES = {
    "record_fiscal_year": "YEAR", "record_fiscal_quarter": "QUARTER", "record_calendar_year": "YEAR",
    "record_calendar_quarter": "QUARTER", "record_calendar_month": "MONTH", "record_calendar_day": "DAY",
}  # fmt: skip
FUNCTION_LINES = {
    "MTS9.customs_duties": ("100", "Customs Duties", "RSG", "1.6"),
    "MTS9.total_receipts": ("120", "Total", "SL", "1.8"),
    "MTS9.national_defense": ("140", "National Defense", "F", "2.1"),
    "MTS9.medicare": ("250", "Medicare", "F", "2.12"),
    "MTS9.social_security": ("270", "Social Security", "F", "2.14"),
    "MTS9.net_interest": ("320", "Net Interest", "F", "2.18"),
    "MTS9.total_outlays": ("340", "Total", "SL", "2.20"),
}
# A few of the oldest rows of the table, which are dated in other ways than today's.
OLD_DEBTS = {"1790-01-01": "71060508.50", "1835-01-01": "33733.05", "1843-07-01": "32742922.00", "1976-06-30": "620433000000.00"}  # fmt: skip

Cells = dict[str, str]


def _mts(*amounts: str) -> dict[str, str]:
    names = ("parent_id", "classification_id", "classification_desc")
    codes = ("data_type_cd", "record_type_cd", "sequence_level_nbr", "sequence_number_cd")
    return {
        "record_date": "DATE", **dict.fromkeys(names, "STRING"), **dict.fromkeys(amounts, "CURRENCY"), "table_nbr": "STRING",
        **dict.fromkeys(("src_line_nbr", "print_order_nbr", "line_code_nbr"), "INTEGER"), **dict.fromkeys(codes, "STRING"), **RECORD_TYPES,
    }  # fmt: skip


TYPES: dict[str, dict[str, str]] = {
    DEBT: {"record_date": "DATE", **dict.fromkeys(DEBT_FIELDS.values(), "CURRENCY"), "src_line_nbr": "INTEGER", **RECORD_TYPES},
    DEBT_OUTSTANDING: {"record_date": "DATE", "debt_outstanding_amt": "CURRENCY", "src_line_nbr": "INTEGER", **RECORD_TYPES},
    INTEREST: {
        "record_date": "DATE", **dict.fromkeys(("expense_catg_desc", "expense_group_desc", "expense_type_desc"), "STRING"),
        **dict.fromkeys(("month_expense_amt", "fytd_expense_amt"), "CURRENCY"), "src_line_nbr": "INTEGER", **RECORD_TYPES,
    },
    RATES: {
        "record_date": "DATE", "security_type_desc": "STRING", "security_desc": "STRING", "avg_interest_rate_amt": "PERCENTAGE",
        "src_line_nbr": "INTEGER", **RECORD_TYPES,
    },
    SUMMARY: _mts("current_month_gross_rcpt_amt", "current_month_gross_outly_amt", "current_month_dfct_sur_amt"),
    RECEIPTS: _mts("current_month_gross_rcpt_amt", "current_month_refund_amt", "current_month_net_rcpt_amt", "current_fytd_net_rcpt_amt"),
    OUTLAYS: _mts("current_month_gross_outly_amt", "current_month_app_rcpt_amt", "current_month_net_outly_amt", "current_fytd_net_outly_amt"),
    FUNCTIONS: _mts("current_month_rcpt_outly_amt", "current_fytd_rcpt_outly_amt", "prior_fytd_rcpt_outly_amt"),
}  # fmt: skip


def dated(day: str, cells: Cells) -> Cells:
    """A row with the date columns that every table has."""
    year, month, number = day.split("-")
    fiscal = date(int(year), int(month), 1) + timedelta(days=93 if int(month) > 9 else 0)
    quarter = (int(month) - 1) // 3 + 1
    return {
        "record_date": day, **cells, "record_fiscal_year": str(fiscal.year), "record_fiscal_quarter": str(quarter % 4 + 1),
        "record_calendar_year": year, "record_calendar_quarter": str(quarter), "record_calendar_month": month, "record_calendar_day": number,
    }  # fmt: skip


def _values(figures: Path, file: str, series_id: str) -> dict[str, str]:
    """The newest published value of every period, by its last day."""
    rows = read_rows(figures / file)
    return {row["period_end"]: row["value"] for row in rows if row["series_id"] == series_id and not row["known_until"]}


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))


@cache
def _debt_outstanding(figures: Path) -> list[Cells]:
    held = _values(figures, "treasury.csv", "DEBT_TO_PENNY.total")
    years = {day[:4]: amount for day, amount in sorted(held.items()) if day[5:] in {"09-28", "09-29", "09-30"}}
    ends = OLD_DEBTS | {f"{year}-09-30": amount for year, amount in years.items()}
    return [dated(day, {"debt_outstanding_amt": amount, "src_line_nbr": "1"}) for day, amount in ends.items()]


@cache
def _interest_expense(figures: Path) -> list[Cells]:
    public, own = "INTEREST EXPENSE ON PUBLIC ISSUES", "INTEREST EXPENSE ON GOVT ACCOUNT SERIES"
    kinds = ((public, "ACCRUED INTEREST EXPENSE", "Treasury Notes"), (public, "AMORTIZED DISCOUNT", "Treasury Bills"), (own, "CASH BASIS GAS PAYMENTS", "GAS"))  # fmt: skip
    rows: list[Cells] = []
    so_far = [Decimal(0)] * len(kinds)
    for day, total in sorted(_values(figures, "treasury.csv", "INTEREST_EXPENSE.month").items()):
        if day[5:7] == "10":
            so_far = [Decimal(0)] * len(kinds)
        notes, bills = (Decimal(total) * share / 100 for share in (60, 15))
        notes, bills = Decimal(_cents(notes)), Decimal(_cents(bills))
        amounts = (notes, bills, Decimal(total) - notes - bills)
        so_far = [before + amount for before, amount in zip(so_far, amounts, strict=True)]
        for line, (kind, amount, sum_so_far) in enumerate(zip(kinds, amounts, so_far, strict=True), 1):
            names = dict(zip(("expense_catg_desc", "expense_group_desc", "expense_type_desc"), kind, strict=True))
            cells = {"month_expense_amt": str(amount), "fytd_expense_amt": str(sum_so_far), "src_line_nbr": str(line)}
            rows.append(dated(day, {**names, **cells}))
    return rows


@cache
def _average_rates(figures: Path) -> list[Cells]:
    rows: list[Cells] = []
    for day, rate in sorted(_values(figures, "treasury.csv", "AVG_INTEREST_RATES.total_marketable").items()):
        lines = (
            ("Marketable", "Treasury Notes", Decimal(rate) - 2), ("Marketable", "Total Marketable", Decimal(rate)),
            ("Interest-bearing Debt", "Total Interest-bearing Debt", Decimal(rate) - Decimal("0.013")),
        )  # fmt: skip
        for line, (kind, name, value) in enumerate(lines, 1):
            cells = {
                "security_type_desc": kind,
                "security_desc": name,
                "avg_interest_rate_amt": str(value),
                "src_line_nbr": str(line),
            }
            rows.append(dated(day, cells))
    return rows


def _line(  # noqa: PLR0917 the columns of a statement's line
    table: str, day: str, source_line: int, code: str, name: str, sequence: str, amounts: list[str], parent: str = "null", kind: str = "D", record: str = "SL"
) -> Cells:  # fmt: skip
    columns = [column for column, type_ in TYPES[table].items() if type_ == "CURRENCY"]
    number = f"{day.replace('-', '')}{source_line:02d}"
    return dated(day, {
        "parent_id": parent, "classification_id": number, "classification_desc": name, **dict(zip(columns, amounts, strict=True)),
        "table_nbr": table[-1], "src_line_nbr": str(source_line), "print_order_nbr": str(source_line), "line_code_nbr": code, "data_type_cd": kind,
        "record_type_cd": record, "sequence_level_nbr": str(sequence.count(".") + 1), "sequence_number_cd": sequence,
    })  # fmt: skip


@cache
def _summary(figures: Path) -> list[Cells]:
    """Every report has the months of the last fiscal year and of its own, each under a heading, those to come without figures."""
    deficits = {day: -Decimal(text) * 1_000_000 for day, text in _values(figures, "fred.csv", "MTSDS133FMS").items()}
    rows: list[Cells] = []
    for report in sorted(deficits):
        fiscal_year = int(dated(report, {})["record_fiscal_year"])
        if min(deficits) > f"{fiscal_year - 2}-10-31":
            continue
        source_line = 0
        for block, year in ((1, fiscal_year - 1), (2, fiscal_year)):
            source_line += 1
            heading = _line(SUMMARY, report, source_line, str(source_line * 10), f"FY {year}", str(block), ["null"] * 3, kind="S")  # fmt: skip
            rows.append(heading)
            sums = [Decimal(0)] * 3
            for place in range(12):
                month = (place + 9) % 12 + 1
                in_year = year - (month >= 10)
                day = f"{in_year}-{month:02d}-{calendar.monthrange(in_year, month)[1]}"
                amounts = ["null"] * 3
                if day <= report:
                    receipts = Decimal("400000000000.25") + place
                    parts = [receipts, receipts + deficits[day], deficits[day]]
                    sums = [total + part for total, part in zip(sums, parts, strict=True)]
                    amounts = [_cents(part) for part in parts]
                source_line += 1
                rows.append(_line(SUMMARY, report, source_line, str(source_line * 10), calendar.month_name[month], f"{block}.{place + 1}", amounts, heading["classification_id"], record="MTH"))  # fmt: skip
            source_line += 1
            rows.append(_line(SUMMARY, report, source_line, str(source_line * 10), "Year-to-Date", f"{block}.13", [_cents(total) for total in sums], heading["classification_id"], "T", "MTH"))  # fmt: skip
    return rows


@cache
def _years(figures: Path) -> dict[str, dict[str, str]]:
    """Series of table 9 -> last day of the fiscal year -> its sum."""
    return {series_id: _values(figures, "treasury.csv", series_id) for series_id in FUNCTION_LINES}


def _reports(figures: Path) -> Iterator[tuple[str, int]]:
    """The reports of the fiscal years held: the last day of the month, and how many months of the year are over."""
    for year in sorted(day[:4] for day in _years(figures)["MTS9.total_receipts"]):
        for place in range(12):
            month = (place + 9) % 12 + 1
            in_year = int(year) - (month >= 10)
            yield f"{in_year}-{month:02d}-{calendar.monthrange(in_year, month)[1]}", place + 1


def _sums(figures: Path, series_id: str, day: str, months: int) -> tuple[Decimal, Decimal]:
    """The month's amount and the sum since October; the year is spread evenly over its months."""
    total = Decimal(_years(figures)[series_id][f"{dated(day, {})['record_fiscal_year']}-09-30"])
    until = [Decimal(_cents(total * count / 12)) if count < 12 else total for count in (months - 1, months)]
    return until[1] - until[0], until[1]


@cache
def _functions(figures: Path) -> list[Cells]:
    rows: list[Cells] = []
    for day, months in _reports(figures):
        rows.append(_line(FUNCTIONS, day, 1, "10", "Receipts", "1", ["null"] * 3, kind="S"))
        for source_line, (series_id, (code, name, record, sequence)) in enumerate(FUNCTION_LINES.items(), 2):
            month, so_far = _sums(figures, series_id, day, months)
            rows.append(_line(FUNCTIONS, day, source_line, code, name, sequence, [str(month), str(so_far), "null"], rows[-1]["classification_id"], record=record))  # fmt: skip
    # The service gives no order that one can rely on.
    return sorted(rows, key=lambda row: row["classification_id"][::-1])


@cache
def _receipts(figures: Path) -> list[Cells]:
    rows: list[Cells] = []
    for day, months in _reports(figures):
        month, so_far = _sums(figures, "MTS9.total_receipts", day, months)
        refunds = Decimal("30000000000.00")
        amounts = [str(month + refunds), str(refunds), str(month), str(so_far)]
        rows.append(_line(RECEIPTS, day, 1, "10", "Budget Receipts:", "1", ["null"] * 4, kind="S"))
        rows.append(_line(RECEIPTS, day, 2, "830", "Total -- Receipts", "1.1", amounts, kind="T"))
    return rows


@cache
def _outlays(figures: Path) -> list[Cells]:
    rows: list[Cells] = []
    for day, months in _reports(figures):
        month, so_far = _sums(figures, "MTS9.total_outlays", day, months)
        received, received_so_far = _sums(figures, "MTS9.total_receipts", day, months)
        rows.append(_line(OUTLAYS, day, 1, "5691", "Total Outlays", "1", [str(month), "0.00", str(month), str(so_far)], kind="T"))  # fmt: skip
        balance = ["null", "null", str(received - month), str(received_so_far - so_far)]
        rows.append(_line(OUTLAYS, day, 2, "5694", "Total Surplus (+) or Deficit (-)", "2", balance, kind="T"))
    return rows


MAKE: dict[str, Callable[[Path], list[Cells]]] = {
    DEBT_OUTSTANDING: _debt_outstanding,
    INTEREST: _interest_expense,
    RATES: _average_rates,
    SUMMARY: _summary,
    RECEIPTS: _receipts,
    OUTLAYS: _outlays,
    FUNCTIONS: _functions,
}
