"""Treasury FiscalData: its filters, sorting, paging, errors, and its way of adding up rows that look alike."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from tests.official.local_services.exchange import Asked, Reply, as_json, not_found
from tests.official.local_services.figures import read_rows
from tests.official.local_services.fiscaldata_tables import DEBT, DEBT_FIELDS, MAKE, TYPES, Cells, dated

BASE = "/services/api/fiscal_service"
FORMATS = {"DATE": "YYYY-MM-DD", "CURRENCY": "$10.20", "CURRENCY0": "$10", "PERCENTAGE": "10.2%", "NUMBER": "10.2", "INTEGER": "10"}  # fmt: skip
SUMMED = {"CURRENCY", "CURRENCY0", "NUMBER", "PERCENTAGE"}
PARAMETERS = {"fields", "filter", "sort", "format", "page[number]", "page[size]"}
MAX_PAGE_SIZE = 10_000


class FiscalDataService:
    """FiscalData.

    Attributes:
        debt: Day -> field -> published text, of Debt to the Penny.
    """

    paths: ClassVar[tuple[str, ...]] = (f"{BASE}/",)

    def __init__(self, figures: Path) -> None:
        self._figures = figures
        self._rows: dict[str, list[Cells]] = {}
        self.debt: dict[str, dict[str, str]] = defaultdict(dict)
        for row in read_rows(figures / "treasury.csv"):
            if row["series_id"] in DEBT_FIELDS:
                self.debt[row["period_end"]][DEBT_FIELDS[row["series_id"]]] = row["value"]

    def keep_only(self, days: int) -> None:
        """Forget all but the newest days of the debt, to be fast."""
        newest = sorted(self.debt)[-days:] if days else []
        self.debt = defaultdict(dict, {day: self.debt[day] for day in newest})

    def rows_of(self, table: str) -> list[Cells]:
        """The rows of a table, which a test may change; those of Debt to the Penny follow from `debt`."""
        if table == DEBT:
            return [
                dated(day, {**dict.fromkeys(DEBT_FIELDS.values(), "null"), **amounts, "src_line_nbr": "1"})
                for day, amounts in sorted(self.debt.items())
            ]
        if table not in self._rows:
            self._rows[table] = [dict(row) for row in MAKE[table](self._figures)]
        return self._rows[table]

    def revise(self, table: str, field: str, published: str, **where: str) -> None:
        """Publish another value in the rows whose cells are as said."""
        found = [row for row in self.rows_of(table) if where.items() <= row.items()]
        assert found, f"no row of {table} with {where}"
        for row in found:
            row[field] = published

    def respond(self, asked: Asked) -> Reply:
        table = asked.path.removeprefix(f"{BASE}/")
        if table not in TYPES:
            return not_found(asked)
        try:
            return self._answer(table, asked.query)
        except RefusedParameterError as refused:
            message = (
                f"Invalid query parameter '{refused.name}' with value '[{refused.value}]'.  "
                "For more information please see the documentation."
            )
            return as_json({"error": "Invalid Query Param", "message": message}, 400)

    def _answer(self, table: str, query: Mapping[str, str]) -> Reply:
        asked = dict(query)
        types = TYPES[table]
        for name in set(asked) - PARAMETERS:
            raise RefusedParameterError(name, asked[name])
        fields = _listed(asked, "fields", types) or list(types)
        rows = [row for row in self.rows_of(table) if all(keeps(row) for keeps in _filters(asked, types))]
        rows = _add_up([{field: row[field] for field in fields} for row in rows], types)
        for name in reversed(_listed(asked, "sort", types, sign="-") or [fields[0]]):
            column = name.removeprefix("-")
            if column not in fields:
                raise RefusedParameterError("sort", name)
            rows.sort(key=lambda row, column=column: _comparable(row[column], types[column]), reverse=name != column)  # type: ignore[misc]
        number, size = _whole(asked, "page[number]", 1), _whole(asked, "page[size]", 100)
        if size > MAX_PAGE_SIZE:
            raise RefusedParameterError("page[size]", str(size))
        shown = rows[(number - 1) * size : number * size]
        if asked.get("format", "json") != "json":
            raise RefusedParameterError("format", asked["format"])
        pages = max(1, -(-len(rows) // size))
        link = f"&page%5Bnumber%5D={{}}&page%5Bsize%5D={size}"
        return as_json(
            {
                "data": shown,
                "meta": {
                    "count": len(shown),
                    "labels": {field: field.replace("_", " ").title() for field in fields},
                    "dataTypes": {field: types[field] for field in fields},
                    "dataFormats": {field: FORMATS.get(types[field], "String") for field in fields},
                    "total-count": len(rows),
                    "total-pages": pages,
                },
                "links": {
                    "self": link.format(number),
                    "first": link.format(1),
                    "prev": link.format(number - 1) if number > 1 else None,
                    "next": link.format(number + 1) if number < pages else None,
                    "last": link.format(pages),
                },
            }
        )


@dataclass
class RefusedParameterError(Exception):
    """A parameter that the service does not accept."""

    name: str
    value: str


def _listed(asked: dict[str, str], name: str, types: dict[str, str], sign: str = "") -> list[str]:
    listed = [part for part in asked.get(name, "").split(",") if part]
    for part in listed:
        if (part.removeprefix(sign) if sign else part) not in types:
            raise RefusedParameterError(f"{name.removesuffix('s')}s", asked[name])
    return listed


def _whole(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not text.isdecimal() or int(text) == 0:
        raise RefusedParameterError(name, text)
    return int(text)


def _comparable(text: str, kind: str) -> tuple[int, Decimal, str]:
    if text == "null":
        return 0, Decimal(0), ""
    return (1, Decimal(0), text) if kind in {"DATE", "STRING"} else (1, Decimal(text), "")


def _filters(asked: dict[str, str], types: dict[str, str]) -> list[Callable[[Cells], bool]]:
    return [_filter(part, types) for part in _parts(asked.get("filter", ""))]


def _parts(text: str) -> Iterator[str]:
    """The conditions of a filter: apart at the commas that stand in no brackets."""
    part, depth = "", 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield part
            part = ""
        else:
            part += sign
    if part:
        yield part


def _filter(part: str, types: dict[str, str]) -> Callable[[Cells], bool]:
    column, operator, wanted = [*part.split(":", 2), "", ""][:3]
    if column not in types or operator not in {"lt", "lte", "gt", "gte", "eq", "in"} or not wanted:
        raise RefusedParameterError("filter", part)
    kind = types[column]
    try:
        options = [
            _comparable(option, kind) for option in (wanted.strip("()").split(",") if operator == "in" else [wanted])
        ]
    except ArithmeticError:
        raise RefusedParameterError("filter", part) from None
    tests: dict[str, Callable[[tuple[int, Decimal, str]], bool]] = {
        "lt": lambda cell: cell < options[0], "lte": lambda cell: cell <= options[0], "gt": lambda cell: cell > options[0],
        "gte": lambda cell: cell >= options[0], "eq": lambda cell: cell == options[0], "in": lambda cell: cell in options,
    }  # fmt: skip
    return lambda row: tests[operator](_comparable(row[column], kind))


def _add_up(rows: list[Cells], types: dict[str, str]) -> list[Cells]:
    """Rows that are alike in all but their amounts become one, silently."""
    groups: dict[tuple[str, ...], list[Cells]] = {}
    for row in rows:
        groups.setdefault(tuple(text for field, text in row.items() if types[field] not in SUMMED), []).append(row)
    if len(groups) == len(rows):
        return rows
    summed = []
    for alike in groups.values():
        total = dict(alike[0])
        for field in total:
            amounts = [Decimal(row[field]) for row in alike if types[field] in SUMMED and row[field] != "null"]
            if amounts:
                total[field] = str(sum(amounts))
        summed.append(total)
    return summed
