"""CBO's repository of projections and outcomes, as a file server of its main branch gives it.

The rows are the offline figures, and older baselines beside them (`cbo_older_baselines.csv`, copied from the repository:
public domain), some of them of components that no series names.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from tests.official.local_services.exchange import Asked, Reply
from tests.official.local_services.figures import catalogue_by_id, read_rows

BASE = "/US-CBO/eval-projections/main"
BASELINES = "input_data/baselines.csv"
ACTUALS = "input_data/actuals.csv"
GDP = "input_data/actual_GDP.csv"
RATIOS = "output_data/debt_actuals_pct_GDP.csv"
KEY = ("component", "category", "subcategory")
COLUMNS = {
    BASELINES: (*KEY, "baseline_date", "Spring_flag", "Winter_flag", "projected_fiscal_year", "projected_year_number", "value"),
    ACTUALS: (*KEY, "fiscal_year", "actual_value"),
    GDP: ("fiscal_year", "GDP"),
    RATIOS: (*KEY, "fiscal_year", "actual_value", "GDP", "actuals_pct_GDP"),
}  # fmt: skip
Cells = dict[str, str]


class CboService:
    """The files, which carry an ETag.

    Attributes:
        files: The rows of each file by its path in the repository; a test may change them.
    """

    paths: ClassVar[tuple[str, ...]] = (f"{BASE}/",)

    def __init__(self, figures: Path) -> None:
        self.files: dict[str, list[Cells]] = {file: [] for file in COLUMNS}
        self.files[BASELINES] += read_rows(Path(__file__).with_name("cbo_older_baselines.csv"))
        ratios: dict[str, str] = {}
        for row in read_rows(figures / "cbo.csv"):
            series = catalogue_by_id()[row["series_id"]]
            file, _, key = series.provider_code.partition(":")
            cells = dict(zip(KEY, key.split("/"), strict=False))
            year = row["period_end"][:4]
            if file == BASELINES:
                self.files[file].append(
                    cells | _baseline(row["known_from"][:7]) | {"projected_fiscal_year": year, "value": row["value"]}
                )
            elif file == ACTUALS:
                self.files[file].append(cells | {"fiscal_year": year, "actual_value": row["value"]})
            elif file == GDP:
                self.files[file].append({"fiscal_year": year, "GDP": row["value"]})
            elif file == RATIOS:
                ratios[year] = row["value"]
        _number_years(self.files[BASELINES])
        self._add_ratios(ratios)

    def _add_ratios(self, ratios: dict[str, str]) -> None:
        debt = {row["fiscal_year"]: row["actual_value"] for row in self.files[ACTUALS] if row["component"] == "debt"}
        gdp = {row["fiscal_year"]: row["GDP"] for row in self.files[GDP]}
        for year, ratio in ratios.items():
            self.files[RATIOS].append(
                dict(zip(KEY, ("debt", "Total", "Total"), strict=True))
                | {"fiscal_year": year, "actual_value": f"{float(debt[year]):.1f}", "GDP": f"{float(gdp[year]):.1f}"}
                | {"actuals_pct_GDP": ratio}
            )

    def publish(self, month: str, key: str, first_year: int, values: Iterable[str]) -> None:
        """Add the rows of a baseline, such as `publish("2027-01", "revenue/Total/Total", 2027, ["5700.5", ...])`."""
        for number, value in enumerate(values):
            self.files[BASELINES].append(
                dict(zip(KEY, key.split("/"), strict=True))
                | _baseline(month)
                | {"projected_fiscal_year": str(first_year + number), "projected_year_number": str(number + 1)}
                | {"value": value}
            )

    def revise(self, file: str, published: str, **where: str) -> None:
        """Publish another figure in the rows whose cells are as said."""
        found = [row for row in self.files[file] if where.items() <= row.items()]
        assert found, f"no row of {file} with {where}"
        for row in found:
            row[COLUMNS[file][-1]] = published

    def text_of(self, file: str) -> str:
        """The file as it is."""
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS[file], lineterminator="\n")
        writer.writeheader()
        order = COLUMNS[file][:-1]
        writer.writerows(sorted(self.files[file], key=lambda row: [_sorted_as(row[name]) for name in order]))
        return text.getvalue()

    def respond(self, asked: Asked) -> Reply:
        file = asked.path.removeprefix(f"{BASE}/")
        if file not in self.files:
            return Reply(404, b"404: Not Found", "text/plain; charset=utf-8")
        return Reply(200, self.text_of(file).encode(), "text/plain; charset=utf-8", etag=True)


def _sorted_as(cell: str) -> tuple[int, str]:
    return (int(cell), "") if cell.isdecimal() else (0, cell)


def _baseline(month: str) -> Cells:
    return {"baseline_date": f"{month}-01", "Spring_flag": "False", "Winter_flag": str(month[5:] < "03")}


def _number_years(rows: list[Cells]) -> None:
    """Count the years of each baseline from 1."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        baseline = (*(row[name] for name in KEY), row["baseline_date"])
        first[baseline] = min(first.get(baseline, 9999), int(row["projected_fiscal_year"]))
    for row in rows:
        if "projected_year_number" not in row:
            baseline = (*(row[name] for name in KEY), row["baseline_date"])
            row["projected_year_number"] = str(int(row["projected_fiscal_year"]) - first[baseline] + 1)
