"""FRED's graph CSV and ALFRED's as-of CSV, which need no key; what they say comes from the same store as the API's answers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

from pipelines.official.records import period_of
from tests.official.local_services.exchange import Asked, Reply, not_found
from tests.official.local_services.figures import catalogue_by_id
from tests.official.local_services.fred import FIRST_DAY, LAST_DAY, FredService

REFUSAL = b"""<!DOCTYPE html><html><head><title>Access Denied</title></head><body>
You don't have permission to access this page on this server.</body></html>"""


class FredGraphService:
    """fred.stlouisfed.org and alfred.stlouisfed.org, the CSV files behind their graphs.

    Attributes:
        fred: The API's figures.
        date_column: What the first column is called; `DATE` until the end of 2024.
        missing: How a missing value is written.
    """

    paths: ClassVar[tuple[str, ...]] = ("/graph/",)

    def __init__(self, fred: FredService) -> None:
        self.fred = fred
        self.date_column = "observation_date"
        self.missing = ""

    def respond(self, asked: Asked) -> Reply:
        ids = [one for one in asked.query.get("id", "").split(",") if one]
        if not ids or any(one not in self.fred.series for one in ids):
            return not_found(asked)
        if asked.path == "/graph/fredgraph.csv":  # says nothing of a vintage_date
            return self._file(asked.query, {one: (one, str(asked.today)) for one in ids})
        days = [day for day in asked.query.get("vintage_date", "").split(",") if day] or [str(asked.today)]
        if asked.path != "/graph/alfredgraph.csv" or len(days) != len(ids) or max(days) > str(asked.today):
            return not_found(asked)
        columns = {f"{one}_{day.replace('-', '')}": (one, day) for one, day in zip(ids, days, strict=True)}
        if not any(self._column(one, day, FIRST_DAY, LAST_DAY) for one, day in columns.values()):
            return not_found(asked)  # nothing was archived yet
        return self._file(asked.query, columns)

    def _file(self, query: Mapping[str, str], columns: Mapping[str, tuple[str, str]]) -> Reply:
        first, last = query.get("cosd", FIRST_DAY), query.get("coed", LAST_DAY)
        figures = {name: self._column(*column, first, last) for name, column in columns.items()}
        lines = [",".join([self.date_column, *columns])]
        for stamp in sorted({stamp for column in figures.values() for stamp in column}):
            cells = (figures[name].get(stamp, "") for name in columns)
            lines.append(",".join([stamp, *(self.missing if cell in {"", "."} else cell for cell in cells)]))
        return Reply(200, "".join(f"{line}\n" for line in lines).encode(), "application/csv")

    def _column(self, fred_id: str, day: str, first: str, last: str) -> dict[str, str]:
        ends_on = _last_day(fred_id)
        values = {
            stamp: self.fred.value_on(fred_id, stamp, day)
            for stamp in self.fred.series[fred_id]
            if stamp <= last and ends_on(stamp) >= first  # the period that holds cosd comes, too
        }
        return {stamp: value for stamp, value in values.items() if value is not None}


def _last_day(fred_id: str) -> Callable[[str], str]:
    series = next(one for one in catalogue_by_id().values() if one.provider_code == fred_id)
    return lambda stamp: str(period_of(series, date.fromisoformat(stamp))[1])
