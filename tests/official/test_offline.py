import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import SeedError
from pipelines.official.catalogue import Series, read_catalogue
from pipelines.official.offline import COLUMNS, read_offline_figures
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA
from pipelines.places import SEEDS
from seeds.official.make import make


@pytest.fixture(scope="module")
def figures() -> pl.DataFrame:
    return read_offline_figures(SEEDS / "official", read_catalogue())


def as_known_on(figures: pl.DataFrame, series_id: str, period_start: date, day: date | None) -> float:
    rows = figures.filter((pl.col("series_id") == series_id) & (pl.col("period_start") == period_start))
    if day is None:
        return float(rows.filter(pl.col("known_until").is_null())["value"].item())
    known = pl.lit(day).is_between("known_from", pl.col("known_until").fill_null(date.max))
    return float(rows.filter(known)["value"].item())


@pytest.mark.parametrize(
    ("day", "growth"),
    [
        (date(2022, 7, 28), -0.9),
        (date(2022, 9, 29), -0.6),
        (date(2024, 9, 26), 0.3),
        (None, 0.6),
    ],
)
def test_real_growth_of_2022q2_is_what_was_known_on_the_day(
    figures: pl.DataFrame, day: date | None, growth: float
) -> None:
    assert as_known_on(figures, "A191RL1Q225SBEA", date(2022, 4, 1), day) == growth


@pytest.mark.parametrize(
    ("series_id", "period_start", "value"),
    [
        ("CBO.debt_held_by_public_to_gdp", date(2054, 10, 1), 156.0),
        ("MTS9.net_interest", date(2024, 10, 1), 970358886994.32),
        ("FYFSD", date(2024, 10, 1), 1774684e6),
        ("BOPGSTB", date(2026, 6, 1), -73261e6),
        ("PAYEMS", date(2026, 7, 1), 158858e3),
        ("SEC.MSFT.capex.annual", date(2024, 7, 1), 64551e6),
    ],
)
def test_values_are_in_base_units_and_signs_are_turned(
    figures: pl.DataFrame, series_id: str, period_start: date, value: float
) -> None:
    assert as_known_on(figures, series_id, period_start, None) == value


def test_the_frame_has_the_schema_and_is_sorted_by_its_key(figures: pl.DataFrame) -> None:
    assert figures.schema == OBSERVATION_SCHEMA
    assert figures.equals(figures.sort(OBSERVATION_KEY))
    assert figures.select(OBSERVATION_KEY).is_duplicated().sum() == 0


def test_every_redistributable_file_stays_small() -> None:
    assert max(path.stat().st_size for path in (SEEDS / "official").glob("*.csv")) < 2_000_000


def test_a_projection_that_was_replaced_is_closed(figures: pl.DataFrame) -> None:
    rows = figures.filter(
        (pl.col("series_id") == "CBO.debt_held_by_public_to_gdp") & (pl.col("period_end") == date(2030, 9, 30))
    )
    assert rows["known_until"].to_list() == [date(2026, 2, 10)]


def test_a_restated_company_figure_has_both_values(figures: pl.DataFrame) -> None:
    rows = figures.filter(
        (pl.col("series_id") == "SEC.META.capex.annual") & (pl.col("period_end") == date(2022, 12, 31))
    )
    assert rows.select("value", "known_from", "known_basis").rows() == [
        (31431e6, date(2023, 2, 2), "vintage"),
        (31186e6, date(2025, 1, 30), "vintage"),
    ]


ROW = "UNRATE,2025-01-01,2025-01-31,4,2025-02-07,,vintage"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.replace("UNRATE", "NOWHERE"), "line 2, column series_id"),
        (ROW.replace("UNRATE", "SP500"), "may not be passed on"),
        (ROW.replace("vintage", "hearsay"), "line 2, column known_basis"),
        (ROW.replace(",4,", ",four,"), "plain number"),
        (ROW.replace(",4,", ",400,"), "outside 0 to 30"),
        (ROW.replace("2025-01-31", "31.1.2025"), "YYYY-MM-DD"),
        (ROW.replace("2025-01-31", "2024-12-31"), "ends before it starts"),
        (ROW.replace(",,vintage", ",2025-02-06,vintage"), "ends before it starts"),
        (ROW + ",more", "8 cells instead of 7"),
        (f"{ROW}\n{ROW.replace('2025-02-07', '2025-03-07')}", "lines 2 and 3: two values"),
    ],
)
def test_a_bad_row_is_named_with_file_and_line(
    row: str, message: str, tmp_path: Path, series_by_id: dict[str, Series]
) -> None:
    (tmp_path / "fred.csv").write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    catalogue = [series_by_id["UNRATE"], series_by_id["SP500"]]
    with pytest.raises(SeedError, match=r"fred\.csv, line") as raised:
        read_offline_figures(tmp_path, catalogue)
    assert message in str(raised.value)


def test_a_missing_file_is_a_clear_error(tmp_path: Path, series_by_id: dict[str, Series]) -> None:
    with pytest.raises(SeedError, match="make the file again"):
        read_offline_figures(tmp_path, [series_by_id["UNRATE"]])


def table(path: Path, header: str, *rows: str) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    table(tmp_path / "series.csv", "series_id", "JOBLESS", "PLAIN")
    table(
        tmp_path / "observations.csv",
        "series_id,period_start,period_end,value,realtime_start",
        "JOBLESS,2025-01-01,2025-01-31,4.2,",
        "JOBLESS,2025-02-01,2025-02-28,4.1,",
        "JOBLESS,2025-03-01,2025-03-31,4.3,",
    )
    table(
        tmp_path / "vintages.csv",
        "series_id,period_start,realtime_start,realtime_end,value,basis,source",
        "JOBLESS,2025-01-01,2025-06-01,2025-08-31,4.0,daily_snapshot_left_censored,a copy",
        "JOBLESS,2025-01-01,2025-09-01,,4.2,daily_snapshot,a copy",
        "JOBLESS,2025-02-01,2025-03-07,,4.0,daily_snapshot,a copy",
    )
    header = "series_id,source_id,keep,filed_in,superseded_on,superseded_through"
    table(tmp_path / "sources.csv", header, "UNRATE,JOBLESS,all,,,")
    return tmp_path


def made(folder: Path) -> list[tuple[str, ...]]:
    list(make(folder, folder))
    with (folder / "fred.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["value"], row["known_from"], row["known_until"], row["known_basis"]) for row in csv.DictReader(file)
        ]


def test_a_copy_that_begins_late_dates_its_first_value_by_the_release_lag(tables: Path) -> None:
    assert made(tables)[:2] == [
        ("4.0", "2025-02-06", "2025-08-31", "release_lag"),
        ("4.2", "2025-09-01", "", "vintage"),
    ]


def test_a_vintage_replaced_on_an_unknown_day_is_certain_until_the_next_period_came_out(tables: Path) -> None:
    assert made(tables)[2:4] == [
        ("4.0", "2025-03-07", "2025-04-05", "vintage"),
        ("4.1", "2025-04-06", "", "release_lag"),
    ]


def test_a_figure_without_vintages_is_dated_by_the_release_lag(tables: Path) -> None:
    assert made(tables)[4] == ("4.3", "2025-04-06", "", "release_lag")


def test_making_twice_gives_the_same_bytes(tables: Path) -> None:
    made(tables)
    first = (tables / "fred.csv").read_bytes()
    made(tables)
    assert (tables / "fred.csv").read_bytes() == first


def test_a_source_that_is_in_no_table_is_named(tables: Path) -> None:
    text = (tables / "sources.csv").read_text(encoding="utf-8")
    (tables / "sources.csv").write_text(text.replace("JOBLESS", "NOWHERE"), encoding="utf-8")
    with pytest.raises(SeedError, match="NOWHERE"):
        made(tables)
