from datetime import date

import pytest

from tests.warehouse.conftest import Row, Scene, span


def derived(scene: Scene, derivation: str, **fields: object) -> None:
    scene.series("INPUT", metric=None)
    scene.series("DERIVED", derivation=derivation, derived_from="INPUT", **fields)


def values(rows: list[Row]) -> dict[tuple[date, date], float]:
    return {(row["period_start"], row["period_end"]): row["value"] for row in rows}


def test_year_over_year_is_the_growth_in_percent_over_the_same_month_a_year_before(scene):
    derived(scene, "year_over_year")
    scene.months((2024, 5), [200.0, 210.0])
    scene.months((2025, 5), [206.0, 199.5])
    assert values(scene.derive()) == pytest.approx({span("2025-05"): 3.0, span("2025-06"): -5.0})


def test_year_over_year_of_a_quarter(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024Q2", series_id="INPUT")
    scene.observe(102.5, "2025Q2", series_id="INPUT")
    assert values(scene.derive()) == pytest.approx({span("2025Q2"): 2.5})


def test_year_over_year_crosses_a_leap_february(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2023-02", series_id="INPUT")
    scene.observe(104.0, "2024-02", series_id="INPUT")
    scene.observe(106.6, "2025-02", series_id="INPUT")
    assert values(scene.derive()) == pytest.approx({span("2024-02"): 4.0, span("2025-02"): 2.5})


def test_month_over_month_is_the_growth_in_percent_over_the_month_before(scene):
    derived(scene, "month_over_month")
    scene.months((2024, 12), [200.0, 201.0, 199.995])
    assert values(scene.derive()) == pytest.approx({span("2025-01"): 0.5, span("2025-02"): -0.5})


def test_change_is_the_difference_to_the_month_before_in_the_unit_of_the_input(scene):
    derived(scene, "change", unit="count", kind="flow")
    scene.months((2024, 12), [159_000_000.0, 159_147_000.0, 159_047_000.0])
    assert values(scene.derive()) == {span("2025-01"): 147_000.0, span("2025-02"): -100_000.0}


def test_quarter_at_annual_rate_compounds_four_times(scene):
    derived(scene, "quarter_at_annual_rate")
    scene.observe(100.0, "2025Q1", series_id="INPUT")
    scene.observe(101.0, "2025Q2", series_id="INPUT")
    assert values(scene.derive()) == pytest.approx({span("2025Q2"): 100 * (1.01**4 - 1)})


def test_fiscal_year_sum_adds_october_to_september(scene):
    derived(scene, "fiscal_year_sum", unit="USD", kind="flow", frequency="annual")
    scene.months((2024, 9), [1000.0] + [float(month) for month in range(1, 13)] + [5000.0])
    assert values(scene.derive()) == {span("FY2025"): 78.0}


def test_calendar_year_sum_adds_january_to_december(scene):
    derived(scene, "calendar_year_sum", unit="USD", kind="flow", frequency="annual")
    scene.months((2023, 12), [1000.0] + [float(month) for month in range(1, 13)] + [5000.0])
    assert values(scene.derive()) == {span("2024"): 78.0}


def test_trailing_year_sum_adds_the_twelve_months_up_to_each_month(scene):
    derived(scene, "trailing_year_sum", unit="USD", kind="flow")
    scene.months((2024, 3), [float(month) for month in range(1, 14)])
    expected = {span(("2024-03-01", "2025-02-28")): 78.0, span(("2024-04-01", "2025-03-31")): 90.0}
    assert values(scene.derive()) == expected


def test_trailing_year_sum_ends_in_a_leap_february(scene):
    derived(scene, "trailing_year_sum", unit="USD", kind="flow")
    scene.months((2023, 3), [1.0] * 12)
    assert values(scene.derive()) == {span(("2023-03-01", "2024-02-29")): 12.0}


def test_a_year_of_four_quarters_is_whole(scene):
    derived(scene, "calendar_year_sum", unit="USD", kind="flow", frequency="annual")
    for quarter in range(1, 5):
        scene.observe(10.0 * quarter, f"2024Q{quarter}", series_id="INPUT")
    assert values(scene.derive()) == {span("2024"): 100.0}


@pytest.mark.parametrize("derivation", ["fiscal_year_sum", "calendar_year_sum", "trailing_year_sum"])
def test_a_year_that_lacks_a_month_has_no_sum(scene, derivation):
    derived(scene, derivation, unit="USD", kind="flow")
    scene.months((2023, 10), [1.0] * 5)
    scene.months((2024, 4), [1.0] * 9)
    assert scene.derive() == []


@pytest.mark.parametrize("derivation", ["month_over_month", "change", "quarter_at_annual_rate"])
def test_a_gap_gives_no_comparison_over_it(scene, derivation):
    derived(scene, derivation)
    scene.months((2025, 1), [100.0])
    scene.months((2025, 3), [101.0, 102.0])
    assert [row["period_start"] for row in scene.derive()] == [date(2025, 4, 1)]


@pytest.mark.parametrize("derivation", ["year_over_year", "month_over_month", "quarter_at_annual_rate"])
def test_nothing_grows_from_nought(scene, derivation):
    derived(scene, derivation)
    for period in ("2024-04", "2025-03"):
        scene.observe(0.0, period, series_id="INPUT")
    scene.observe(1.0, "2025-04", series_id="INPUT")
    assert scene.derive() == []


def test_a_derived_value_is_known_from_the_day_of_its_last_input(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024-05", series_id="INPUT", known_from="2024-06-12")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-06-11")
    (row,) = scene.derive()
    assert (row["known_from"], row["known_until"]) == (date(2025, 6, 11), None)


def test_a_revision_of_either_input_gives_a_second_row_known_from_that_day(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024-05", series_id="INPUT", known_from="2024-06-12", known_until="2025-07-31")
    scene.observe(101.0, "2024-05", series_id="INPUT", known_from="2025-08-01")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-06-11", known_until="2025-07-10")
    scene.observe(104.0, "2025-05", series_id="INPUT", known_from="2025-07-11")
    rows = scene.derive()
    assert [(row["known_from"], row["known_until"]) for row in rows] == [
        (date(2025, 6, 11), date(2025, 7, 10)),
        (date(2025, 7, 11), date(2025, 7, 31)),
        (date(2025, 8, 1), None),
    ]
    assert [row["value"] for row in rows] == pytest.approx([3.0, 4.0, 100 * (104 / 101 - 1)])


def test_the_values_of_before_a_revision_are_never_mixed_with_those_after_it(scene):
    derived(scene, "fiscal_year_sum", unit="USD", kind="flow", frequency="annual")
    scene.months((2024, 10), [1.0] * 12, known_from="2025-10-15", known_until="2025-11-30")
    scene.months((2024, 10), [2.0] * 12, known_from="2025-12-01")
    assert [(row["value"], row["known_from"], row["known_until"]) for row in scene.derive()] == [
        (12.0, date(2025, 10, 15), date(2025, 11, 30)),
        (24.0, date(2025, 12, 1), None),
    ]


def test_a_revision_that_leaves_the_derived_value_as_it_was_gives_no_second_row(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024-05", series_id="INPUT", known_from="2024-06-12", known_until="2025-07-31")
    scene.observe(200.0, "2024-05", series_id="INPUT", known_from="2025-08-01")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-06-11", known_until="2025-07-31")
    scene.observe(206.0, "2025-05", series_id="INPUT", known_from="2025-08-01")
    (row,) = scene.derive()
    assert (row["known_from"], row["known_until"]) == (date(2025, 6, 11), None)


def test_a_derived_value_ends_when_an_input_is_withdrawn(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024-05", series_id="INPUT", known_from="2024-06-12")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-06-11", known_until="2025-09-30")
    assert [row["known_until"] for row in scene.derive()] == [date(2025, 9, 30)]


def test_a_derived_value_is_not_known_while_an_input_was_withdrawn(scene):
    derived(scene, "year_over_year")
    scene.observe(100.0, "2024-05", series_id="INPUT", known_from="2024-06-12")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-06-11", known_until="2025-06-30")
    scene.observe(103.0, "2025-05", series_id="INPUT", known_from="2025-09-01")
    assert [(row["known_from"], row["known_until"]) for row in scene.derive()] == [
        (date(2025, 6, 11), date(2025, 6, 30)),
        (date(2025, 9, 1), None),
    ]


@pytest.mark.parametrize(
    ("bases", "worst"),
    [
        (("vintage", "vintage"), "vintage"),
        (("vintage", "retrieved"), "retrieved"),
        (("retrieved", "release_lag"), "release_lag"),
        (("release_lag", "vintage"), "release_lag"),
    ],
)
def test_a_derived_value_is_known_no_better_than_its_worst_input(scene, bases, worst):
    derived(scene, "change")
    for month, basis in zip(("2025-04", "2025-05"), bases, strict=True):
        scene.observe(1.0, month, series_id="INPUT", known_basis=basis)
    assert [row["known_basis"] for row in scene.derive()] == [worst]


@pytest.mark.parametrize(("origins", "origin"), [(("live", "live"), "live"), (("live", "snapshot"), "snapshot")])
def test_a_derived_value_is_live_only_if_all_its_inputs_are(scene, origins, origin):
    derived(scene, "change")
    for month, input_origin in zip(("2025-04", "2025-05"), origins, strict=True):
        scene.observe(1.0, month, series_id="INPUT", origin=input_origin)
    assert [row["origin"] for row in scene.derive()] == [origin]


def test_several_series_may_be_derived_from_one(scene):
    scene.series("INPUT", metric=None)
    for derivation in ("month_over_month", "change"):
        scene.series(derivation.upper(), derivation=derivation, derived_from="INPUT")
    scene.months((2025, 4), [100.0, 103.0])
    assert {row["series_id"]: row["value"] for row in scene.derive()} == pytest.approx(
        {"MONTH_OVER_MONTH": 3.0, "CHANGE": 3.0}
    )


def test_official_figures_show_observations_and_what_is_derived_from_them(scene):
    derived(scene, "change")
    scene.months((2025, 4), [100.0, 103.0])
    scene.derive()
    found = scene.work.connection.execute("SELECT series_id, value FROM official_figures ORDER BY ALL").fetchall()
    assert found == [("DERIVED", 3.0), ("INPUT", 100.0), ("INPUT", 103.0)]


def test_the_same_rows_give_the_same_derived_values_to_the_last_bit(scene):
    derived(scene, "trailing_year_sum", unit="USD", kind="flow")
    scene.months((2020, 1), [0.1 * month for month in range(1, 61)])
    first = [row["value"] for row in scene.derive()]
    scene.rows = {contract: rows[::-1] for contract, rows in scene.rows.items()}
    assert [row["value"] for row in scene.derive()] == first
