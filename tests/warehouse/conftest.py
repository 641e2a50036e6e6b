import csv
import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.places import SEEDS
from pipelines.warehouse.contracts import Contract, empty_frame, is_view, name_of
from pipelines.warehouse.store import Warehouse, Work
from pipelines.warehouse.tables import (
    CONTRACTS,
    Article,
    Claim,
    Comparison,
    Cue,
    DerivedObservation,
    ForecastError,
    Hedge,
    Observation,
    Series,
    StatementComparison,
    Tolerance,
    Verdict,
    VerdictChange,
    Wording,
)

Row = dict[str, Any]
Period = str | tuple[str, str]

# A policy of our own, so that a change of seeds/tolerances.csv changes no expectation here.
TOLERANCES = {
    "rounded_number": 0.05,
    "revised_series": 0.005,
    "unstated_precision": 0.05,
    "grace_days": 7,
    "stale_daily_days": 45,
    "stale_weekly_days": 60,
    "stale_monthly_days": 150,
    "stale_quarterly_days": 280,
    "stale_annual_days": 800,
    "approx_reach": 0.05,
    "below_reach": 0.10,
    "daily_range": 0.02,
    "widest_digit": 0.10,
    "forecast_error_multiple": 2.0,
    "unheld_twin_points": 0.2,
}
FORECAST_ERRORS = {"federal_debt_to_gdp": {1: 1.0, 5: 5.0, 11: 15.0}, "federal_deficit": {1: 0.5}}
TABLES = [contract for contract in CONTRACTS.values() if not is_view(contract)]


def day(written: str | date | None) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def span(written: Period) -> tuple[date, date]:
    """'2025' -> the year, 'FY2025' -> the fiscal year, '2025Q2', '2025-05', '2025-05-31', or the two ends."""
    if isinstance(written, tuple):
        return date.fromisoformat(written[0]), date.fromisoformat(written[1])
    if written.startswith("FY"):
        year = int(written[2:])
        return date(year - 1, 10, 1), date(year, 9, 30)
    if "Q" in written:
        year, quarter = map(int, written.split("Q"))
        return date(year, 3 * quarter - 2, 1), _last_day(year, 3 * quarter)
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), _last_day(*parts)
    return date(*parts), date(*parts)


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def read_seed(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def frame(contract: type[Contract], rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=empty_frame(contract).schema)


class Scene:
    """A small world of rows with sensible defaults, judged by the real SQL in a real work file."""

    def __init__(self, work: Work, *, forget_published: bool = True) -> None:
        self.work = work
        cleared = [f'main."{name_of(contract)}"' for contract in TABLES]
        if forget_published:
            cleared += [
                f'last_published."{name_of(contract)}"'
                for contract in (Claim, Comparison, StatementComparison, Verdict, VerdictChange)
            ]
        with work.transaction():
            work.connection.execute("; ".join(f"DELETE FROM {table}" for table in cleared))
        self.rows: dict[type[Contract], list[Row]] = {
            contract: []
            for contract in (Article, Claim, Series, Hedge, Observation, Tolerance, Cue, ForecastError, Wording)
        }
        for name, value in TOLERANCES.items():
            self.tolerance(name, value)
        self.rows[Cue] = read_seed("cues")
        self.rows[Wording] = read_seed("wording")
        self.rows[ForecastError] = [
            {"metric": metric, "years_ahead": years, "error": error, "source": "test"}
            for metric, errors in FORECAST_ERRORS.items()
            for years, error in errors.items()
        ]
        self._numbers = itertools.count(1)

    def tolerance(self, name: str, value: float) -> None:
        self.rows[Tolerance] = [row for row in self.rows[Tolerance] if row["name"] != name] + [
            {"name": name, "value": float(value), "note": "test"}
        ]

    def hedge(
        self,
        word: str,
        *,
        bound: str,
        reach_below: float | None = 0.0,
        reach_above: float | None = 0.0,
        position: str = "before",
    ) -> None:
        row = {
            "word": word,
            "position": position,
            "bound": bound,
            "reach_below": reach_below,
            "reach_above": reach_above,
            "note": None,
        }
        self.rows[Hedge].append(row)

    def article(self, article_id: str = "article", published_on: str | None = "2025-06-20", **fields: Any) -> Row:
        row: Row = {
            "article_id": article_id, "path": f"{article_id}.txt", "sha256": "0" * 64, "title": "标题", "publisher": None, "published_on": day(published_on),
            "published_on_basis": "given" if published_on else "unknown", "script": "hans", "language": "zh", "text": "标题\r\n",
            "ingested_at": datetime(2025, 7, 1, tzinfo=UTC),
        } | fields  # fmt: skip
        self.rows[Article].append(row)
        return row

    def claim(
        self,
        value: float | tuple[float, float] | None = 4.2,
        *,
        period: Period | None = "2025-05",
        article_id: str = "article",
        **fields: Any,
    ) -> str:
        """Add a claim, by default on the unemployment rate of May 2025 in an article of 2025-06-20; gives its claim_id."""
        known = {row["article_id"]: row for row in self.rows[Article]}
        article = known.get(article_id) or self.article(article_id)
        low, high = value if isinstance(value, tuple) else (value, value)
        start, end = span(period) if period else (None, None)
        quote = fields.pop("quote", f"{low}%")
        before = f"第{next(self._numbers)}句：读数为"
        row: Row = {
            "claim_id": hashlib.sha256(f"{article_id}{article['text']}{quote}".encode()).hexdigest()[:12], "article_id": article_id, "kind": "quantity",
            "sentence": f"{before}{quote}。", "quote": quote, "quote_start": len(article["text"]) + len(before),
            "quote_end": len(article["text"]) + len(before) + len(quote), "metric": "unemployment_rate", "definition": None, "relates_to": None,
            "metric_candidates": [], "subject": None, "value_low": low, "value_high": high, "unit": "percent", "unit_basis": "stated", "half_width": 0.05,
            "significant_zeros": False, "bound": "range" if low != high else "eq", "hedge": None, "modality": "actual",
            "vague": False, "period_start": start, "period_end": end, "period_basis": "stated" if period else None, "attributed_to": None,
            "reader_version": "1",
        } | fields  # fmt: skip
        article["text"] += f"{row['sentence']}\n"
        self.rows[Claim].append(row)
        return str(row["claim_id"])

    def series(self, series_id: str = "RATE", **fields: Any) -> str:
        """Add a series, by default an unrevised monthly unemployment rate; a series derived from another says `derivation` and `derived_from`."""
        row: Row = {
            "series_id": series_id, "provider": "derived" if fields.get("derivation") else "fred", "provider_code": series_id, "metric": "unemployment_rate",
            "definition": None, "subject": None, "title": f"Title of {series_id}", "title_zh": f"{series_id}的名称", "unit": "percent", "scale": 1.0,
            "frequency": "monthly", "kind": "rate", "is_projection": False, "is_revised": False, "is_proxy": False, "release_lag_days": 7, "licence": "public domain",
            "redistributable": True, "url": "https://example.org", "sane_low": -1e15, "sane_high": 1e15, "derivation": None, "derived_from": None,
        } | fields  # fmt: skip
        self.rows[Series].append(row)
        return series_id

    def debt(self, series_id: str = "DEBT", **fields: Any) -> str:
        """Add a daily stock in dollars that is never revised."""
        kind: Row = {
            "metric": "federal_debt",
            "unit": "USD",
            "frequency": "daily",
            "kind": "stock",
            "release_lag_days": 1,
        }
        return self.series(series_id, **(kind | fields))

    def claim_debt(
        self, value: float | tuple[float, float] = 38e12, *, period: Period | None = "2025-05-30", **fields: Any
    ) -> str:
        """Add a claim on the debt in dollars, by default stated to a tenth of a trillion."""
        debt: Row = {"metric": "federal_debt", "unit": "USD", "half_width": 0.05e12, "quote": "38.0万亿美元"}
        return self.claim(value, period=period, **(debt | fields))

    def observe(
        self,
        value: float,
        period: Period,
        *,
        series_id: str = "RATE",
        known_from: str | date | None = None,
        **fields: Any,
    ) -> Row:
        """Add a value of a series; by default it is a vintage known from a week after its period and never replaced."""
        start, end = span(period)
        row: Row = {
            "series_id": series_id, "period_start": start, "period_end": end, "value": float(value),
            "known_from": day(known_from) or end + timedelta(days=7), "known_until": None, "known_basis": "vintage", "origin": "snapshot",
            "retrieved_at": None, "download_sha256": None,
        } | fields  # fmt: skip
        row["known_until"] = day(row["known_until"])
        self.rows[Observation].append(row)
        return row

    def months(self, first: tuple[int, int], values: list[float], *, series_id: str = "INPUT", **fields: Any) -> None:
        """Add one value a month, beginning with the month `first`."""
        for place, value in enumerate(values):
            year, month = first[0] + (first[1] + place - 1) // 12, (first[1] + place - 1) % 12 + 1
            self.observe(value, f"{year}-{month:02d}", series_id=series_id, **fields)

    def load(self) -> None:
        """Put the rows into their tables as they are."""
        with self.work.transaction():
            for contract, rows in self.rows.items():
                self.put(contract, frame(contract, rows))

    def put(self, contract: type[Contract], rows: pl.DataFrame) -> None:
        table = name_of(contract)
        self.work.connection.execute(f'DELETE FROM "{table}"')
        if rows.height:
            self.work.connection.register("rows_to_put", rows)
            self.work.connection.execute(f'INSERT INTO "{table}" BY NAME FROM rows_to_put')
            self.work.connection.unregister("rows_to_put")

    def build(self, contract: type[Contract]) -> pl.DataFrame:
        rows = self.work.select(contract)
        self.put(contract, rows)
        return rows

    def derive(self) -> list[Row]:
        """Load, and compute the derived observations in the order of their periods and vintages."""
        self.load()
        if not any(row["derivation"] for row in self.rows[Series]):
            self.put(DerivedObservation, frame(DerivedObservation, []))
            return []
        return self.build(DerivedObservation).sort("series_id", "period_start", "known_from").to_dicts()

    def compare(self) -> list[Row]:
        """Load, and compute the comparisons."""
        self.derive()
        return self.build(Comparison).sort("claim_id", "basis", "series_id").to_dicts()

    def judge(self) -> dict[str, Row]:
        """Load, compare and judge; gives the verdict of each claim."""
        self.compare()
        if any(row["kind"] != "quantity" for row in self.rows[Claim]):
            self.build(StatementComparison)
        return {row["claim_id"]: row for row in self.build(Verdict).to_dicts()}

    def compare_one(self, basis: str = "today", series_id: str | None = None) -> Row | None:
        """The one comparison on that day, if there is one."""
        found = [row for row in self.compare() if row["basis"] == basis and series_id in (None, row["series_id"])]
        assert len(found) <= 1
        return found[0] if found else None

    def agrees(self, basis: str = "today") -> bool | None:
        """Whether the one comparison on that day agrees; None where it does not decide. There must be one."""
        found = self.compare_one(basis)
        assert found is not None
        agrees: bool | None = found["agrees"]
        return agrees

    def verdict(self, claim_id: str | None = None) -> Row:
        """The verdict on that claim, or on the only one."""
        verdicts = self.judge()
        return verdicts[claim_id] if claim_id else next(iter(verdicts.values()))

    def verdict_changes(self, refresh_id: str) -> list[Row]:
        """What differs from the verdicts published last, as the refresh of that name would note it."""
        self.work.connection.execute("SET VARIABLE refresh_id = ?", [refresh_id])
        return self.build(VerdictChange).sort("refresh_id", "claim_id", "basis").to_dicts()


@pytest.fixture(scope="session")
def judging_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with Warehouse(tmp_path_factory.mktemp("judging")).open_work() as work:
        work.connection.execute("SET threads = 1")  # quicker than two on a few rows
        yield work


@pytest.fixture
def scene(judging_work: Work) -> Scene:
    return Scene(judging_work)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made_once")
    with Warehouse(folder).open_work():
        pass
    return folder / "work.duckdb"
