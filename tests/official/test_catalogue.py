import csv
from pathlib import Path

import pytest

from pipelines.errors import SeedError
from pipelines.official.catalogue import read_catalogue
from pipelines.places import SEEDS


@pytest.fixture
def rows() -> list[dict[str, str]]:
    with (SEEDS / "series.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_catalogue_of_the_repository_is_valid() -> None:
    catalogue = read_catalogue()
    assert len({series.series_id for series in catalogue}) == len(catalogue) > 100


def test_debt_to_gdp_has_both_definitions() -> None:
    definitions = {series.definition for series in read_catalogue() if series.metric == "federal_debt_to_gdp"}
    assert definitions == {"gross", "held_by_public"}


def test_copyrighted_series_are_not_redistributable() -> None:
    assert not [one.series_id for one in read_catalogue() if one.redistributable and "copyright" in one.licence]


def test_a_derived_series_keeps_the_release_lag_of_its_input() -> None:
    by_id = {series.series_id: series for series in read_catalogue()}
    derived = [series for series in by_id.values() if series.provider == "derived"]
    assert derived
    assert [one for one in derived if one.release_lag_days != by_id[one.derived_from].release_lag_days] == []


def test_columns_may_stand_in_any_order(rows: list[dict[str, str]], tmp_path: Path) -> None:
    turned = [dict(reversed(row.items())) for row in rows]
    assert read_catalogue(write(tmp_path / "series.csv", turned)) == read_catalogue()


@pytest.mark.parametrize(
    ("column", "text", "cure"),
    [
        ("series_id", "", "must not be empty"),
        ("provider", "imf", "fred"),
        ("unit", "furlong", "USD"),
        ("scale", "0", "other than 0"),
        ("scale", "1,000", "number"),
        ("frequency", "hourly", "daily"),
        ("period_anchor", "fiscal_year", "start, end, day"),
        ("kind", "level", "stock"),
        ("is_revised", "yes", "true"),
        ("release_lag_days", "-1", "whole number"),
        ("sane_low", "nan", "number"),
        ("sane_high", "-1e30", "larger"),
        ("url", "ftp://x", "https://"),
        ("derivation", "change", "leave it empty"),
        ("derived_from", "UNRATE", "leave it empty"),
    ],
)
def test_a_wrong_cell_is_named_with_line_column_and_cure(
    rows: list[dict[str, str]], tmp_path: Path, column: str, text: str, cure: str
) -> None:
    rows[1][column] = text
    with pytest.raises(SeedError) as raised:
        read_catalogue(write(tmp_path / "series.csv", rows))
    message = str(raised.value)
    assert f"series.csv, line 3, column {column}" in message
    assert cure in message


def test_a_series_that_is_there_twice_is_refused(rows: list[dict[str, str]], tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"line 4, column series_id: .* twice"):
        read_catalogue(write(tmp_path / "series.csv", [*rows[:2], rows[0]]))


def test_an_unknown_input_of_a_derived_series_is_refused(rows: list[dict[str, str]], tmp_path: Path) -> None:
    derived = next(row for row in rows if row["provider"] == "derived")
    derived["derived_from"] = "NOWHERE"
    with pytest.raises(SeedError, match="NOWHERE is no published series"):
        read_catalogue(write(tmp_path / "series.csv", rows))


def test_a_missing_column_is_named(rows: list[dict[str, str]], tmp_path: Path) -> None:
    for row in rows:
        del row["unit"]
    with pytest.raises(SeedError, match=r"line 1: the header lacks column\(s\) unit"):
        read_catalogue(write(tmp_path / "series.csv", rows))


def test_a_row_with_too_few_cells_is_refused(tmp_path: Path) -> None:
    text = (SEEDS / "series.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "series.csv"
    path.write_text("\n".join([*text[:2], "GDP,fred"]), encoding="utf-8")
    with pytest.raises(SeedError, match="line 3: more or fewer cells"):
        read_catalogue(path)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="restore it"):
        read_catalogue(tmp_path / "series.csv")
