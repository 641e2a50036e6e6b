"""A figure that states one official metric by another: shares, multiples and differences, over figures of one time."""

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.warehouse.tables import Observation, Series
from tests.warehouse.conftest import Period, Row, Scene

UPPER, BASE = "federal_interest", "federal_outlays"


def flows(
    scene: Scene, upper: float = 140e9, base: float = 1000e9, *, period: Period = "FY2024", **fields: Any
) -> None:
    """A flow of a fiscal year over another, both out in October 2024."""
    for name, metric, value in (("UPPER", UPPER, upper), ("BASE", BASE, base)):
        kind: Row = {"metric": metric, "unit": "USD", "frequency": "annual", "kind": "flow"}
        scene.series(name, **(kind | fields))
        scene.observe(value, period, series_id=name, known_from="2024-10-20")


def claim(scene: Scene, value: float, *, relation: str = "ratio_to", unit: str = "percent", **fields: Any) -> str:
    """A claim on the one metric by the other, by default of the fiscal year 2024 in an article of June 2025."""
    of_both: Row = {
        "metric": None, "relates_to": UPPER, "base_metric": BASE, "relation": relation, "unit": unit, "half_width": abs(value) / 200, "period": "FY2024",
    }  # fmt: skip
    return scene.claim(value, **(of_both | fields))


def rates(scene: Scene, days: dict[str, tuple[float, float]], **fields: Any) -> None:
    for place, name in enumerate(("UPPER", "BASE")):
        scene.series(name, metric=(UPPER, BASE)[place], frequency="daily", kind="rate", **fields)
        for day, values in days.items():
            scene.observe(values[place], day, series_id=name, known_from=day)


@pytest.mark.parametrize(
    ("said", "measure", "official"),
    [
        ((14.0, "ratio_to", "percent"), "share", 14.0),
        ((0.14, "ratio_to", "ratio"), "multiple", 0.14),
        ((-860e9, "exceeds", "USD"), "excess", -860e9),
        ((860e9, "falls_short_of", "USD"), "shortfall", 860e9),
        ((860e9, "differs_from", "USD"), "gap", 860e9),
        ((-86.0, "exceeds", "percent"), "excess_in_percent", -86.0),
        ((86.0, "falls_short_of", "percent"), "shortfall_in_percent", 86.0),
    ],
)
def test_what_two_flows_of_one_year_make(scene, said, measure, official):
    flows(scene)
    value, relation, unit = said
    claim(scene, value, relation=relation, unit=unit)
    rows = scene.compare()
    assert {(row["basis"], row["measure"], row["agrees"]) for row in rows} == {
        ("when_published", measure, True),
        ("today", measure, True),
    }
    assert rows[0]["official_value"] == pytest.approx(official)
    assert (rows[0]["series_id"], rows[0]["base_series_id"]) == ("UPPER", "BASE")


@pytest.mark.parametrize(
    ("value", "relation", "unit"),
    [(20.0, "ratio_to", "percent"), (3.0, "ratio_to", "ratio"), (300e9, "falls_short_of", "USD")],
)
def test_what_fits_no_figure_is_refuted_on_both_days(scene, value, relation, unit):
    flows(scene)
    row = scene.verdict(claim(scene, value, relation=relation, unit=unit))
    assert (row["verdict_when_published"], row["verdict_today"]) == ("refuted", "refuted")


def test_flows_of_other_periods_are_not_held_against_each_other(scene):
    flows(scene)
    scene.rows[Observation].pop()
    scene.observe(1000e9, "2024", series_id="BASE", known_from="2025-01-20")
    row = scene.verdict(claim(scene, 14.0))
    assert (row["verdict_today"], row["reason"]) == ("not_enough_evidence", "no_official_figure")


def test_a_fiscal_year_may_bear_out_what_is_said_of_the_calendar_year_and_not_contradict_it(scene):
    flows(scene)
    names = [claim(scene, value, period="2024", claim_id=f"{value}") for value in (14.0, 20.0)]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["supported", "not_enough_evidence"]


def test_amounts_of_the_same_months_are_held_against_each_other(scene):
    flows(scene, period="2024-05")
    assert scene.verdict(claim(scene, 14.0, period="2024-05"))["verdict_today"] == "supported"


def test_a_month_says_nothing_of_the_present(scene):
    flows(scene, period="2025-05", frequency="monthly")
    row = scene.verdict(claim(scene, 14.0, period=None))
    assert (row["verdict_today"], row["reason"]) == ("not_enough_evidence", "no_official_figure")


# Levels.


def debt_and_receipts(scene: Scene) -> None:
    scene.debt("UPPER", metric=UPPER)
    for level, day in ((33e12, "2023-12-29"), (34e12, "2024-06-28"), (35e12, "2024-09-30")):
        scene.observe(level, day, series_id="UPPER", known_from="2024-10-02")
    scene.series("BASE", metric=BASE, unit="USD", frequency="annual", kind="flow")
    scene.observe(5e12, "FY2024", series_id="BASE", known_from="2024-10-20")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(7.0, "supported"), (6.6, "supported"), (6.8, "supported"), (5.0, "refuted"), (9.0, "refuted")],
)
def test_a_level_of_any_day_of_a_year_is_held_against_the_flow_of_that_year(scene, value, verdict):
    debt_and_receipts(scene)
    row = scene.verdict(claim(scene, value, unit="ratio", half_width=0.05))
    assert (row["verdict_when_published"], row["verdict_today"]) == (verdict, verdict)


def test_a_level_on_a_day_and_the_year_before_it_may_only_support(scene):
    debt_and_receipts(scene)
    scene.observe(36e12, "2025-05-30", series_id="UPPER", known_from="2025-06-02")
    names = [claim(scene, value, unit="ratio", period="2025-05-30", claim_id=f"{value}") for value in (7.2, 9.0)]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["supported", "not_enough_evidence"]


def test_what_is_said_of_the_present_is_held_against_the_newest_of_both_and_never_refuted(scene):
    debt_and_receipts(scene)
    scene.observe(36e12, "2025-06-18", series_id="UPPER", known_from="2025-06-19")
    names = [
        claim(scene, value, unit="ratio", period="2025-06-20", period_basis="article_date", claim_id=f"{value}")
        for value in (7.2, 9.0)
    ]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["supported", "not_enough_evidence"]


def test_two_stocks_taken_at_other_intervals_may_only_support(scene):
    scene.debt("BASE", metric=BASE)
    scene.series("UPPER", metric=UPPER, unit="USD", frequency="monthly", kind="stock")
    scene.observe(30e12, "2025-05-30", series_id="BASE", known_from="2025-06-02")
    scene.observe(9e12, "2025-05", series_id="UPPER", known_from="2025-06-15")
    names = [claim(scene, value, period="2025-05", claim_id=f"{value}") for value in (30.0, 40.0)]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["supported", "not_enough_evidence"]
    assert verdicts[names[1]]["reason"] == "other_period"


# Rates.


@pytest.mark.parametrize(
    ("value", "relation", "verdict"),
    [
        (0.5, "exceeds", "supported"),
        (1.5, "exceeds", "refuted"),
        (-0.5, "falls_short_of", "supported"),
        (0.5, "falls_short_of", "not_enough_evidence"),
    ],
)
def test_two_rates_of_one_day(scene, value, relation, verdict):
    rates(scene, {"2025-05-30": (4.5, 4.0), "2025-05-29": (5.5, 4.0)})
    row = scene.verdict(
        claim(scene, value, relation=relation, unit="percentage_point", half_width=0.05, period="2025-05-30")
    )
    assert row["verdict_today"] == verdict


def test_rates_of_two_days_are_not_held_against_each_other(scene):
    rates(scene, {"2025-05-29": (4.5, 4.0)})
    scene.observe(6.0, "2025-05-30", series_id="UPPER", known_from="2025-05-30")
    claim(scene, 0.5, relation="exceeds", unit="percentage_point", period="2025-05-30")
    row = scene.compare_one()
    assert row is not None
    assert row["official_value"] == pytest.approx(0.5)
    assert row["may_not_refute"] == "other_period"


def test_a_difference_within_a_month_is_refuted_only_if_no_day_of_it_fits(scene):
    rates(scene, {"2025-05-01": (5.5, 4.0), "2025-05-30": (4.5, 4.0)})
    names = [
        claim(
            scene,
            value,
            relation="exceeds",
            unit="percentage_point",
            half_width=0.05,
            period="2025-05",
            claim_id=f"{value}",
        )
        for value in (0.5, 1.5, 3.0)
    ]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["supported", "supported", "refuted"]


@pytest.mark.parametrize("unit", ["percent", "ratio", "USD"])
def test_rates_make_no_share_and_no_amount(scene, unit):
    rates(scene, {"2025-05-30": (4.5, 4.0)})
    claim(scene, 1.1, unit=unit, period="2025-05-30")
    assert scene.compare() == []


# What was known, by which definition, and what may not refute.


def test_the_article_s_day_sees_no_figure_that_came_out_later(scene):
    flows(scene)
    scene.observe(500e9, "FY2024", series_id="BASE", known_from="2025-07-04")
    scene.rows[Observation][1]["known_until"] = date(2025, 7, 3)
    row = scene.verdict(claim(scene, 14.0))
    assert (row["verdict_when_published"], row["verdict_today"]) == ("supported", "refuted")


def test_definitions_of_both_stand_side_by_side(scene):
    flows(scene, definition="net")
    scene.series("GROSS", metric=UPPER, definition="gross", unit="USD", frequency="annual", kind="flow")
    scene.observe(180e9, "FY2024", series_id="GROSS", known_from="2024-10-20")
    names = [claim(scene, 14.0, claim_id="any"), claim(scene, 14.0, definition="gross", claim_id="gross")]
    verdicts = scene.judge()
    assert [verdicts[name]["verdict_today"] for name in names] == ["conflicting_evidence", "refuted"]
    assert "net / net" in verdicts["any"]["explanation_en"]


@pytest.mark.parametrize(
    ("fields", "reason"), [({"is_proxy": True}, "other_definition"), ({"is_revised": True}, "vintage_not_held")]
)
def test_what_keeps_a_figure_from_refuting_keeps_a_pair_of_which_it_is_one(scene, fields, reason):
    flows(scene)
    scene.rows[Series][1].update(fields)
    for row in scene.rows[Observation]:
        row["known_basis"] = "release_lag"
    row = scene.verdict(claim(scene, 20.0))
    assert (row["verdict_when_published"], row["reason_when_published"]) == ("not_enough_evidence", reason)


def test_a_difference_may_lie_off_by_what_rounding_the_two_amounts_makes(scene):
    flows(scene, 970e9, 917e9)
    assert (
        scene.verdict(claim(scene, 50e9, relation="exceeds", unit="USD", half_width=5e8))["verdict_today"]
        == "not_enough_evidence"
    )


def test_a_forecast_of_a_share_is_not_judged(scene):
    flows(scene)
    row = scene.verdict(claim(scene, 14.0, modality="projection"))
    assert (row["verdict_today"], row["reason"]) == ("not_enough_evidence", "projection_without_official_baseline")


# What is told.


def test_the_explanation_names_both_series_and_the_evidence_computes_the_share_again(scene):
    flows(scene)
    row = scene.verdict(claim(scene, 14.0))
    assert "Title of UPPER as a share of Title of BASE" in row["explanation_en"]
    assert "UPPER的名称占BASE的名称的比重FY2024为14%" in row["explanation_zh"]
    assert "UPPER的名称佔BASE的名称的比重FY2024為14%" in row["explanation_zh_hant"]
    assert (row["series_id"], row["base_series_id"]) == ("UPPER", "BASE")
    found = scene.work.connection.execute(row["evidence_sql"]).fetchall()
    assert [(basis, name) for basis, name, _ in found] == [("today", "UPPER"), ("when_published", "UPPER")]
    assert [value for *_, value in found] == pytest.approx([14.0, 14.0])
    assert "derived_observations" not in row["evidence_sql"]


@pytest.mark.parametrize("changed", ["UPPER", "BASE"])
def test_changing_either_observation_changes_what_the_evidence_gives(scene, changed):
    flows(scene)
    row = scene.verdict(claim(scene, 14.0))
    scene.work.connection.execute("UPDATE observations SET value = value * 2 WHERE series_id = ?", [changed])
    (_, _, value), _ = scene.work.connection.execute(row["evidence_sql"]).fetchall()
    assert value == pytest.approx(28.0 if changed == "UPPER" else 7.0)


def test_the_share_is_one_row_among_the_claim_checks(scene):
    flows(scene, definition="net")
    scene.series("OTHER", metric=BASE, definition="gross", unit="USD", frequency="annual", kind="flow")
    scene.observe(2000e9, "FY2024", series_id="OTHER", known_from="2024-10-20")
    name = claim(scene, 14.0)
    scene.judge()
    rows = scene.work.connection.execute("SELECT claim_id, official_today FROM claim_checks").fetchall()
    assert rows == [(name, pytest.approx(14.0))]


# Where it turns, and what may not matter.


@pytest.mark.parametrize(
    ("said", "upper_at"),
    [
        ((14.0, "ratio_to", "percent"), lambda official: official / 100 * 1000e9),
        ((0.14, "ratio_to", "ratio"), lambda official: official * 1000e9),
        ((860e9, "falls_short_of", "USD"), lambda official: 1000e9 - official),
    ],
    ids=["share", "multiple", "shortfall"],
)
def test_the_verdict_turns_exactly_at_flips_at(scene, said, upper_at):
    value, relation, unit = said
    flows(scene)
    flips_at = scene.verdict(claim(scene, value, relation=relation, unit=unit))["flips_at"]
    verdicts = set()
    for side in (1 - 1e-6, 1 + 1e-6):
        scene.rows[Observation][0]["value"] = upper_at(flips_at * side)
        verdicts.add(scene.verdict()["verdict_today"])
    assert len(verdicts) == 2


@pytest.mark.parametrize("upper", [100e9, 125e9, 139e9, 140.9e9, 150e9, 200e9])
def test_a_share_said_in_percent_or_as_a_fraction_is_judged_alike(scene, upper):
    flows(scene, upper)
    names = [
        claim(scene, 14.0, half_width=0.5, claim_id="percent"),
        claim(scene, 0.14, unit="ratio", half_width=0.005, claim_id="fraction"),
    ]
    verdicts = scene.judge()
    assert verdicts[names[0]]["verdict_today"] == verdicts[names[1]]["verdict_today"]


@pytest.mark.parametrize("upper", [100e9, 139e9, 141e9, 145e9, 200e9])
def test_what_one_exceeds_the_other_falls_short_of(scene, upper):
    flows(scene, upper)
    names = [
        claim(scene, 860e9, relation="falls_short_of", unit="USD", claim_id="one"),
        claim(scene, 860e9, relation="exceeds", unit="USD", relates_to=BASE, base_metric=UPPER, claim_id="other"),
    ]
    verdicts = scene.judge()
    assert verdicts[names[0]]["verdict_today"] == verdicts[names[1]]["verdict_today"]


@pytest.mark.parametrize("name", ["UPPER", "BASE"])
@pytest.mark.parametrize("later", ["2025-06-21", "2026-01-01"])
def test_what_became_known_later_leaves_the_article_s_day_as_it_was(scene, name, later):
    flows(scene)
    place = ["UPPER", "BASE"].index(name)
    scene.rows[Observation][place]["known_until"] = date.fromisoformat(later) - timedelta(days=1)
    scene.observe(1.0, "FY2024", series_id=name, known_from=later)
    assert scene.verdict(claim(scene, 14.0))["verdict_when_published"] == "supported"


@pytest.mark.parametrize("value", [13.0, 14.5, 16.0, 20.0])
def test_a_weaker_hedge_never_turns_supported_into_refuted(scene, value):
    flows(scene)
    scene.hedge("约", bound="approx", reach_below=0.05, reach_above=0.05)
    names = [
        claim(scene, value, claim_id="plain"),
        claim(scene, value, bound="approx", hedge="约", claim_id="about"),
    ]
    verdicts = scene.judge()
    order = ["refuted", "not_enough_evidence", "supported"]
    assert order.index(verdicts[names[1]]["verdict_today"]) >= order.index(verdicts[names[0]]["verdict_today"])
