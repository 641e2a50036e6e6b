import csv
import re
import tomllib
from pathlib import Path

import pytest

from pipelines.errors import SeedError
from pipelines.official.catalogue import DERIVATIONS, FiscalDataCode, read_catalogue
from pipelines.places import ROOT, SEEDS, SQL


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


def test_a_derived_series_has_the_release_lag_of_its_slowest_input() -> None:
    by_id = {series.series_id: series for series in read_catalogue()}
    derived = [series for series in by_id.values() if series.provider == "derived"]
    assert derived
    slowest = {one.series_id: max(by_id[name].release_lag_days for name in one.inputs) for one in derived}
    assert [one.series_id for one in derived if one.release_lag_days != slowest[one.series_id]] == []


def test_a_derived_series_may_be_passed_on_only_if_all_its_inputs_may() -> None:
    by_id = {series.series_id: series for series in read_catalogue()}
    wrong = [
        one.series_id
        for one in by_id.values()
        if one.inputs and one.redistributable != all(by_id[name].redistributable for name in one.inputs)
    ]
    assert wrong == []


def test_every_derivation_of_the_catalogue_is_a_rule_of_the_sql() -> None:
    rules = (SQL / "derived_observations.sql").read_text(encoding="utf-8")
    assert [name for name in DERIVATIONS if f"'{name}'" not in rules] == []


DOCUMENTED = re.compile(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)


def documented_metrics() -> list[tuple[str, dict[str, str], str]]:
    """The rows of docs/metrics.md: the metric, a series of each definition, and why there is none."""
    rows = DOCUMENTED.findall((ROOT / "docs" / "metrics.md").read_text(encoding="utf-8"))
    return [(name, dict(re.findall(r"(?:(\w+): )?`([^`]+)`", cell)), why.strip()) for name, cell, why in rows]


def test_every_metric_is_served_by_a_series_or_says_why_none_is_there() -> None:
    metrics = tomllib.loads((SEEDS / "metrics.toml").read_text(encoding="utf-8"))["metric"]
    assert [name for name, _, _ in documented_metrics()] == [metric["name"] for metric in metrics]
    served = {series.metric for series in read_catalogue() if series.metric}
    assert {name for name, _, _ in documented_metrics()} >= served
    for name, series, why in documented_metrics():
        assert (name in served) == bool(series) == (not why), name


def test_the_table_of_metrics_names_a_series_of_every_definition() -> None:
    catalogue = read_catalogue()
    by_id = {series.series_id: series for series in catalogue}
    for name, documented, _ in documented_metrics():
        assert set(documented) == {series.definition for series in catalogue if series.metric == name}, name
        for definition, series_id in documented.items():
            assert (by_id[series_id].metric, by_id[series_id].definition) == (name, definition)


def test_only_the_holders_of_the_debt_have_no_figures_but_the_offline_ones() -> None:
    """TIC publishes them as files for people; docs/metrics.md says so."""
    kept = {one.metric for one in read_catalogue() if one.provider_code or one.derivation}
    holders = ("china", "japan", "uk")
    assert {one.metric for one in read_catalogue()} - kept == {f"treasuries_held_by_{name}" for name in holders}


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
        ("provider_code", "debt_to_penny:tot_pub_debt_out_amt", "v2/TABLE:FIELD"),
        ("provider_code", "v2/accounting/od/debt_to_penny", "v2/TABLE:FIELD"),
        ("provider_code", "v2/accounting/od/debt_to_penny:amt:Total", "COLUMN=VALUE"),
        ("provider_code", "v2/accounting/od/debt_to_penny:amt:line=1:2", "COLUMN=VALUE"),
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


@pytest.mark.parametrize(
    ("derivation", "derived_from", "cure"),
    [
        ("change", "NOWHERE", "NOWHERE is no published series of this file; name one"),
        ("change", "PAYEMS.change", "PAYEMS.change is no published series"),
        ("change", "PAYEMS|UNRATE", "change takes 1 different series, not PAYEMS|UNRATE"),
        ("fiscal_year_ratio", "MTS9.net_interest", "fiscal_year_ratio takes 2 different series"),
        ("fiscal_year_ratio", "MTS9.net_interest|MTS9.net_interest", "fiscal_year_ratio takes 2 different series"),
        ("group_year_sum", "SEC.MSFT.capex.quarter", "group_year_sum takes 2 to 20 different series"),
        ("fiscal_year_ratio", "CBO.net_interest|CBO.revenues", "what is derived from a projection is one"),
    ],
)
def test_wrong_inputs_of_a_derived_series_are_refused(
    rows: list[dict[str, str]], tmp_path: Path, derivation: str, derived_from: str, cure: str
) -> None:
    row = next(row for row in rows if row["series_id"] == "GDPC1.year_over_year")
    row.update(derivation=derivation, derived_from=derived_from)
    with pytest.raises(SeedError) as raised:
        read_catalogue(write(tmp_path / "series.csv", rows))
    line = rows.index(row) + 2
    assert f"series.csv, line {line}, column derived_from: " in str(raised.value)
    assert cure in str(raised.value)


def test_a_code_of_fiscaldata_is_taken_apart() -> None:
    assert FiscalDataCode.parse("v2/accounting/od/debt_to_penny:tot_pub_debt_out_amt") == FiscalDataCode(
        "v2/accounting/od/debt_to_penny", "tot_pub_debt_out_amt", ()
    )
    code = FiscalDataCode.parse("v1/accounting/mts/t:amt:line_code_nbr=160;classification_desc=Education, Training (x)")
    assert code.conditions == (("line_code_nbr", "160"), ("classification_desc", "Education, Training (x)"))


def test_a_code_that_chooses_by_a_value_that_no_filter_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="COLUMN=VALUE"):
        FiscalDataCode.parse("v1/accounting/mts/t:amt:classification_desc=Education, Training")


def test_only_series_that_fiscaldata_has_have_its_code() -> None:
    by_id = {series.series_id: series for series in read_catalogue()}
    assert by_id["MTS9.net_interest"].fiscaldata_code is not None
    assert by_id["MFH.china"].fiscaldata_code is None
    assert by_id["UNRATE"].fiscaldata_code is None


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
