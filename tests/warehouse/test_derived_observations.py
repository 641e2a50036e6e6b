from datetime import date, timedelta

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


# Averages.


def test_fiscal_year_average_is_the_mean_of_its_months(scene):
    derived(scene, "fiscal_year_average", frequency="annual")
    scene.months((2024, 9), [99.0] + [float(month) for month in range(1, 13)] + [99.0])
    assert values(scene.derive()) == {span("FY2025"): 6.5}


def test_calendar_year_average_of_quarters(scene):
    derived(scene, "calendar_year_average", frequency="annual")
    for quarter, value in enumerate((10.0, 20.0, 30.0, 60.0), 1):
        scene.observe(value, f"2024Q{quarter}", series_id="INPUT")
    assert values(scene.derive()) == {span("2024"): 30.0}


def business_days(scene: Scene, first: date, last: date, value: float = 4.0) -> None:
    day = first
    while day <= last:
        if day.weekday() < 5:
            scene.observe(value, day.isoformat(), series_id="INPUT")
        day += timedelta(days=1)


def test_calendar_year_average_of_business_days_needs_no_weekends(scene):
    derived(scene, "calendar_year_average", frequency="annual")
    business_days(scene, date(2024, 1, 2), date(2024, 6, 30), 4.0)
    business_days(scene, date(2024, 7, 1), date(2025, 3, 5), 5.0)
    (row,) = scene.derive()
    assert (row["period_start"], row["period_end"]) == span("2024")
    assert 4.4 < row["value"] < 4.6
    assert row["known_from"] == date(2025, 1, 7)


def test_an_average_over_a_year_with_a_hole_of_more_than_a_week_is_not_made(scene):
    derived(scene, "calendar_year_average", frequency="annual")
    business_days(scene, date(2024, 1, 2), date(2024, 6, 3))
    business_days(scene, date(2024, 6, 17), date(2025, 1, 31))
    assert scene.derive() == []


def test_calendar_year_growth_is_that_of_the_mean_of_the_year(scene):
    derived(scene, "calendar_year_growth", frequency="annual")
    scene.months((2023, 1), [100.0] * 12 + [102.0] * 6 + [104.0] * 6)
    assert values(scene.derive()) == pytest.approx({span("2024"): 3.0})


def test_calendar_year_growth_needs_both_years_whole(scene):
    derived(scene, "calendar_year_growth", frequency="annual")
    scene.months((2023, 2), [100.0] * 23)
    assert scene.derive() == []


# Ratios.


def ratio(scene: Scene, derivation: str, **fields: object) -> None:
    for name in ("UPPER", "LOWER"):
        scene.series(name, metric=None)
    scene.series("DERIVED", derivation=derivation, derived_from="UPPER|LOWER", **fields)


def test_ratio_is_one_series_in_percent_of_the_other_in_the_same_period(scene):
    ratio(scene, "ratio", frequency="quarterly")
    scene.observe(10.0, "2025Q1", series_id="UPPER")
    scene.observe(40.0, "2025Q1", series_id="LOWER")
    scene.observe(40.0, "2025Q2", series_id="LOWER")
    assert values(scene.derive()) == {span("2025Q1"): 25.0}


def test_ratio_of_two_units_counts_in_the_units_of_each(scene):
    for name, unit in (("UPPER", "USD"), ("LOWER", "percent")):
        scene.series(name, metric=None, unit=unit)
    scene.series("DERIVED", derivation="ratio", derived_from="UPPER|LOWER")
    scene.observe(10.25, "2025-05", series_id="UPPER")
    scene.observe(0.00000041, "2025-05", series_id="LOWER")
    assert values(scene.derive()) == pytest.approx({span("2025-05"): 2.5e9})


def test_fiscal_year_ratio_is_one_sum_in_percent_of_the_other(scene):
    ratio(scene, "fiscal_year_ratio", frequency="annual")
    scene.months((2024, 10), [10.0] * 12, series_id="UPPER")
    scene.observe(480.0, "FY2025", series_id="LOWER")
    assert values(scene.derive()) == pytest.approx({span("FY2025"): 25.0})


def test_fiscal_year_ratio_needs_both_sides_whole(scene):
    ratio(scene, "fiscal_year_ratio", frequency="annual")
    scene.months((2024, 11), [10.0] * 11, series_id="UPPER")
    scene.observe(480.0, "FY2025", series_id="LOWER")
    scene.observe(400.0, "FY2024", series_id="UPPER")
    assert scene.derive() == []


def test_a_ratio_is_known_from_the_later_of_its_sides_and_changes_with_either(scene):
    ratio(scene, "fiscal_year_ratio", frequency="annual")
    scene.observe(100.0, "FY2025", series_id="UPPER", known_from="2025-10-20")
    scene.observe(400.0, "FY2025", series_id="LOWER", known_from="2025-10-25", known_until="2025-12-31")
    scene.observe(500.0, "FY2025", series_id="LOWER", known_from="2026-01-01")
    assert [(row["value"], row["known_from"], row["known_until"]) for row in scene.derive()] == [
        (25.0, date(2025, 10, 25), date(2025, 12, 31)),
        (20.0, date(2026, 1, 1), None),
    ]


def test_every_baseline_has_its_own_ratio(scene):
    ratio(scene, "fiscal_year_ratio", frequency="annual", is_projection=True)
    for known_from, known_until, upper in (("2025-01-17", "2026-02-10", 100.0), ("2026-02-11", None, 120.0)):
        known = {"known_from": known_from, "known_until": known_until}
        scene.observe(upper, "FY2030", series_id="UPPER", **known)
        scene.observe(400.0, "FY2030", series_id="LOWER", **known)
    assert [(row["value"], row["known_from"]) for row in scene.derive()] == [
        (25.0, date(2025, 1, 17)),
        (30.0, date(2026, 2, 11)),
    ]


def test_a_ratio_to_nothing_is_no_value(scene):
    ratio(scene, "fiscal_year_ratio", frequency="annual")
    scene.observe(100.0, "FY2025", series_id="UPPER")
    scene.observe(0.0, "FY2025", series_id="LOWER")
    assert scene.derive() == []


def test_trailing_year_ratio_moves_on_by_the_month(scene):
    ratio(scene, "trailing_year_ratio")
    scene.months((2024, 10), [10.0] * 12 + [22.0], series_id="UPPER")
    scene.months((2024, 10), [40.0] * 13, series_id="LOWER")
    assert values(scene.derive()) == pytest.approx(
        {span("FY2025"): 25.0, span(("2024-11-01", "2025-10-31")): 100 * 132 / 480}
    )


def debt_to_gdp(scene: Scene, *, quarters: int = 4) -> None:
    ratio(scene, "fiscal_year_debt_to_gdp", frequency="annual", kind="stock")
    fiscal_quarters = (("2024Q4", 100.0, "2025-01-30"), ("2025Q1", 110.0, "2025-04-30"), ("2025Q2", 120.0, "2025-07-30"), ("2025Q3", 150.0, "2025-10-30"))  # fmt: skip
    for quarter, value, known_from in fiscal_quarters[:quarters]:
        scene.observe(value, quarter, series_id="LOWER", known_from=known_from)


def test_debt_to_gdp_takes_the_last_debt_of_the_year_and_the_mean_of_its_four_quarters(scene):
    debt_to_gdp(scene)
    for day, value in (("2025-09-26", 1.0), ("2025-09-29", 132.0), ("2025-10-01", 1.0)):
        scene.observe(value, day, series_id="UPPER", known_from="2025-11-05")
    assert values(scene.derive()) == pytest.approx({span("FY2025"): 100 * 132 / 120})


def test_debt_to_gdp_takes_the_mean_of_three_quarters_until_the_fourth_is_out(scene):
    debt_to_gdp(scene)
    scene.observe(132.0, "2025-09-30", series_id="UPPER", known_from="2025-10-01")
    assert [(row["value"], row["known_from"], row["known_until"]) for row in scene.derive()] == [
        (pytest.approx(120.0), date(2025, 10, 1), date(2025, 10, 29)),
        (pytest.approx(110.0), date(2025, 10, 30), None),
    ]


def test_debt_to_gdp_is_not_made_of_two_quarters(scene):
    debt_to_gdp(scene, quarters=2)
    scene.observe(132.0, "2025-09-30", series_id="UPPER")
    assert scene.derive() == []


def test_debt_to_gdp_needs_the_debt_of_the_last_week(scene):
    debt_to_gdp(scene)
    scene.observe(132.0, "2025-09-23", series_id="UPPER")
    assert scene.derive() == []


# Companies together.

COMPANY_QUARTERS = {"JULY": ("2025-07-01", "2025-09-30"), "JUNE": ("2025-06-01", "2025-08-31"), "WEEKS": ("2025-07-28", "2025-10-26")}  # fmt: skip


def companies(scene: Scene, derivation: str, *names: str) -> None:
    for name in names:
        scene.series(name, metric=None)
    scene.series("DERIVED", derivation=derivation, derived_from="|".join(names))


def test_a_company_quarter_counts_for_the_calendar_quarter_of_its_middle(scene):
    companies(scene, "group_quarter_sum", *COMPANY_QUARTERS)
    for value, (name, period) in enumerate(COMPANY_QUARTERS.items(), 1):
        scene.observe(10.0**value, period, series_id=name)
    assert values(scene.derive()) == {span("2025Q3"): 1110.0}


def test_a_group_that_lacks_a_company_has_no_sum(scene):
    companies(scene, "group_quarter_sum", *COMPANY_QUARTERS)
    scene.observe(10.0, "2025Q3", series_id="JULY")
    scene.observe(10.0, "2025Q3", series_id="JUNE")
    assert scene.derive() == []


def test_a_group_year_is_four_quarters_of_every_company(scene):
    companies(scene, "group_year_sum", "CALENDAR", "SHIFTED")
    shifted = [("2024-12-01", "2025-02-28"), ("2025-03-01", "2025-05-31"), ("2025-06-01", "2025-08-31"), ("2025-09-01", "2025-11-30")]  # fmt: skip
    for quarter, period in enumerate(shifted, 1):
        scene.observe(1.0, f"2025Q{quarter}", series_id="CALENDAR", known_from="2026-02-01")
        scene.observe(10.0, period, series_id="SHIFTED", known_from="2025-12-15")
    scene.observe(1.0, "2026Q1", series_id="CALENDAR")
    (row,) = scene.derive()
    assert (row["period_start"], row["period_end"], row["value"]) == (*span("2025"), 44.0)
    assert row["known_from"] == date(2026, 2, 1)
