from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import Claim, Comparison
from tests.warehouse.conftest import TOLERANCES, Period, Row, Scene

PUBLISHED = date(2025, 6, 20)
# Each example is a whole judgement by DuckDB; shrinking a failure would take minutes.
SOME = settings(
    max_examples=6,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def accepted(scene: Scene) -> tuple[float | None, float | None]:
    row = scene.compare_one()
    assert row is not None
    return row["accepted_low"], row["accepted_high"]


def claim_change(scene: Scene, words: str, value: float, *, period: Period, **fields: Any) -> None:
    """A claim that stands behind these words, as the reader gives it: without a metric of its own."""
    quote = fields.pop("quote", f"{value:g}")
    change: Row = {"metric": None, "relates_to": "federal_debt", "unit": "USD", "half_width": 0.05e12}
    scene.claim(value, period=period, quote=quote, sentence=f"{words}{quote}。", **(change | fields))


# What was known when


def test_a_figure_known_later_is_not_used_for_the_article_s_day(scene):
    scene.series()
    scene.observe(4.2, "2025-05", known_from="2025-06-21")
    scene.claim(4.2)
    assert [row["basis"] for row in scene.compare()] == ["today"]


def test_a_figure_that_became_known_on_the_article_s_day_is_used(scene):
    scene.series()
    scene.observe(4.2, "2025-05", known_from="2025-06-20")
    scene.claim(4.2)
    assert scene.agrees("when_published") is True


def test_each_day_has_its_own_vintage(scene):
    scene.series(is_revised=True)
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-06-20")
    scene.observe(4.9, "2025-05", known_from="2025-06-21")
    scene.claim(4.2)
    found = {row["basis"]: (row["official_value"], row["agrees"]) for row in scene.compare()}
    assert found == {"when_published": (4.2, True), "today": (4.9, False)}


def test_a_withdrawn_figure_is_not_used_today(scene):
    scene.series()
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-07-31")
    scene.claim(4.2)
    assert [row["basis"] for row in scene.compare()] == ["when_published"]


def test_without_a_day_of_publication_there_is_only_today(scene):
    scene.article(published_on=None)
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2)
    assert [row["basis"] for row in scene.compare()] == ["today"]


vintage = st.tuples(
    st.integers(4, 6),
    st.floats(-10, 10),
    st.integers(1, 400),
    st.sampled_from(["vintage", "retrieved", "release_lag"]),
)


def judge_as_published(work: Work, later: list[Any]) -> tuple[list[Row], list[tuple[str, str | None]]]:
    """The comparisons and verdicts of the article's day, once these vintages came out later."""
    scene = Scene(work)
    scene.series(is_revised=True)
    scene.series("LEVEL", metric=None, is_revised=True)
    scene.series("GROWTH", metric="growth", derivation="month_over_month", derived_from="LEVEL")
    vintages = {(month, PUBLISHED - timedelta(days=10)): (4.0 + month / 10, "vintage") for month in (4, 5)}
    vintages |= {(month, PUBLISHED + timedelta(days=days)): (value, basis) for month, value, days, basis in later}
    for (month, known_from), (value, basis) in vintages.items():
        next_known = min((start for m, start in vintages if m == month and start > known_from), default=None)
        until = next_known - timedelta(days=1) if next_known else None
        for series_id in ("RATE", "LEVEL"):
            period = f"2025-{month:02d}"
            scene.observe(
                value, period, series_id=series_id, known_from=known_from, known_until=until, known_basis=basis
            )
    scene.claim(4.5, claim_id="a rate")
    scene.claim(4.2, period=None, claim_id="b without a period")
    scene.claim(4.2, period="2025-06", bound="approx", claim_id="c not out yet")
    scene.claim(2.3, metric="growth", claim_id="d derived")
    scene.series("FLOW", metric="flow", kind="flow", unit="USD", is_revised=True)
    for month, published_on, value in ((4, "2025-05-07", 1.0), (5, "2025-06-07", 2.0)):
        scene.observe(value, f"2025-{month:02d}", series_id="FLOW", known_from=published_on)
    scene.claim(3.0, metric="flow", unit="USD", period=("2025-04-01", "2025-05-31"), claim_id="e summed")
    claim_change(
        scene,
        "读数环比上升",
        0.1,
        period="2025-05",
        relates_to="unemployment_rate",
        unit="percentage_point",
        half_width=0.05,
        claim_id="f changed",
    )
    verdicts = [
        (row["verdict_when_published"], row["reason_when_published"]) for _, row in sorted(scene.judge().items())
    ]
    compared = work.read(Comparison).filter(basis="when_published").sort("claim_id", "series_id")
    return compared.to_dicts(), verdicts


@pytest.fixture(scope="module")
def without_later(judging_work: Work) -> tuple[list[Row], list[tuple[str, str | None]]]:
    return judge_as_published(judging_work, [])


@SOME
@given(later=st.lists(vintage, min_size=1, max_size=12))
def test_data_known_later_never_change_the_judgement_of_the_article_s_day(judging_work: Work, without_later, later):
    compared, verdicts = without_later
    compared_later, verdicts_later = judge_as_published(judging_work, later)
    assert verdicts[0] == verdicts[3] == verdicts[4] == verdicts[5] == ("supported", None)
    assert compared_later == compared
    # That a figure came out later tells only why nothing decided that day.
    assert [verdict for verdict, _ in verdicts_later] == [verdict for verdict, _ in verdicts]
    reasons = {(old, new) for (_, old), (_, new) in zip(verdicts, verdicts_later, strict=True) if old != new}
    assert reasons <= {("no_official_figure", "not_published_yet")}


# Which period


def test_a_rate_is_of_exactly_the_month_said(scene):
    scene.series()
    scene.observe(4.2, "2025-04")
    scene.observe(4.9, "2025-05")
    scene.claim(4.2)
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["agrees"]) == (4.9, False)


def test_a_month_does_not_speak_for_a_quarter_or_a_year(scene):
    scene.series()
    scene.observe(4.2, "2025-06")
    scene.claim(4.2, period="2025Q2")
    scene.claim(4.2, period="2025", quote="4.20%")
    assert scene.compare() == []


def test_a_flow_is_of_exactly_the_quarter_said(scene):
    scene.series(metric="federal_receipts", unit="USD", kind="flow", frequency="quarterly")
    scene.observe(1.2e12, "2025Q1")
    scene.observe(1.5e12, "2025Q2")
    scene.claim(1.2e12, period="2025Q1", metric="federal_receipts", unit="USD", half_width=0.05e12)
    found = scene.compare_one()
    assert found is not None
    assert found["official_value"] == 1.2e12


def test_what_was_told_of_a_year_that_was_not_over_is_not_contradicted_by_the_whole_of_it(scene):
    scene.series(metric="federal_receipts", unit="USD", kind="flow", frequency="annual")
    scene.observe(5e12, "2025", known_from="2026-01-20")
    scene.claim(4e12, period="2025", metric="federal_receipts", unit="USD")
    (verdict,) = scene.judge().values()
    assert (verdict["verdict_today"], verdict["reason"]) == ("not_enough_evidence", "other_period")


def test_a_stock_may_have_been_at_the_level_on_any_day_of_the_period_said(scene):
    scene.debt()
    for day, value in (("2025-05-01", 37.0e12), ("2025-05-12", 38.0e12), ("2025-05-30", 39.0e12)):
        scene.observe(value, day, series_id="DEBT", known_from="2025-06-01")
    scene.claim_debt(38e12, period="2025-05")
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["official_period_end"], found["agrees"]) == (38e12, date(2025, 5, 12), True)


def test_a_stock_that_was_never_at_the_level_is_shown_with_its_last_day(scene):
    scene.debt()
    for day, value in (("2025-05-01", 36.0e12), ("2025-05-30", 37.0e12), ("2025-06-02", 38.0e12)):
        scene.observe(value, day, series_id="DEBT", known_from="2025-06-05")
    scene.claim_debt(38e12, period="2025-05")
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["official_period_end"], found["agrees"]) == (37e12, date(2025, 5, 30), False)


def test_the_last_business_day_speaks_for_a_weekend(scene):
    scene.debt()
    scene.observe(38e12, "2025-05-30", series_id="DEBT", known_from="2025-06-02")
    scene.claim_debt(38e12, period="2025-06-01")
    assert scene.agrees() is True


def test_no_day_after_the_stated_one_speaks_for_it(scene):
    scene.debt()
    scene.observe(38e12, "2025-06-02", series_id="DEBT")
    scene.claim_debt(38e12, period="2025-06-01")
    assert scene.compare() == []


@pytest.mark.parametrize(("day", "speaks"), [("2025-05-25", True), ("2025-05-24", False)])
def test_the_grace_of_a_stated_day_ends(scene, day, speaks):
    scene.debt()
    scene.observe(38e12, day, series_id="DEBT", known_from="2025-06-02")
    scene.claim_debt(38e12, period="2025-06-01")
    assert bool(scene.compare()) is speaks


def test_a_stated_day_is_found_alike_whether_or_not_the_article_s_day_is_known(scene):
    scene.debt()
    scene.observe(37e12, "2025-05-29", series_id="DEBT", known_from="2025-05-30")
    scene.observe(38e12, "2025-05-30", series_id="DEBT", known_from="2025-05-31")
    scene.article("dated")
    scene.article("undated", published_on=None)
    for article_id in ("dated", "undated"):
        scene.claim_debt(37e12, period="2025-05-30", article_id=article_id)
    found = [row["official_value"] for row in scene.compare() if row["basis"] == "today"]
    assert len(found) == 2
    assert found[0] == found[1]


def test_only_the_last_value_on_or_before_a_stated_day_speaks_for_it(scene):
    scene.debt()
    for day, value in (("2025-05-27", 38e12), ("2025-05-28", 39e12), ("2025-05-30", 40e12)):
        scene.observe(value, day, series_id="DEBT", known_from="2025-06-01")
    scene.claim_debt(38e12, period="2025-05-29")
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["agrees"], found["undecided_reason"]) == (39e12, None, "other_period")


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [("2025-05-30", False), ("2025-05-31", False), ("2025-06-01", False), ("2025-06-02", None), ("2025-06-03", None)],
)
def test_what_is_said_of_a_day_is_contradicted_by_that_day_or_by_the_friday_before_a_weekend(scene, stated, agrees):
    scene.debt()
    scene.observe(36e12, "2025-05-30", series_id="DEBT", known_from="2025-06-02")
    scene.claim_debt(38e12, period=stated)
    assert scene.agrees() is agrees


def test_a_week_speaks_for_each_of_its_days(scene):
    scene.debt(frequency="weekly")
    scene.observe(36e12, "2025-05-28", series_id="DEBT")
    for day in ("2025-05-28", "2025-06-03", "2025-06-04"):
        scene.claim_debt(38e12, period=day, claim_id=day)
    assert {row["claim_id"]: row["agrees"] for row in scene.compare() if row["basis"] == "today"} == {
        "2025-05-28": False,
        "2025-06-03": False,
    }


def test_the_end_of_a_month_may_bear_out_what_is_said_of_the_first_day_of_the_next(scene):
    scene.debt(frequency="monthly")
    scene.observe(38e12, "2025-04-30", series_id="DEBT")
    scene.claim_debt(38e12, period="2025-05-01", claim_id="so")
    scene.claim_debt(30e12, period="2025-05-01", claim_id="otherwise")
    found = {row["claim_id"]: row["undecided_reason"] for row in scene.compare() if row["basis"] == "today"}
    assert found == {"so": None, "otherwise": "other_period"}


def test_a_rate_decided_on_a_day_is_the_one_in_force_from_the_next(scene):
    scene.series(frequency="daily", definition="target_range_upper")
    scene.observe(4.75, "2025-05-28", known_from="2025-05-28")
    scene.observe(5.0, "2025-05-29", known_from="2025-05-29")
    scene.claim(5.0, period="2025-05-28", half_width=0.005)
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["agrees"]) == (5.0, True)


def test_of_the_days_of_a_period_the_one_nearest_to_the_claim_may_bear_it_out(scene):
    scene.debt()
    for number, value in enumerate((37.0, 37.6, 37.97, 38.3, 39.0, 38.6), start=1):
        scene.observe(value * 1e12, f"2025-05-{number:02d}", series_id="DEBT", known_from="2025-06-01")
    scene.claim_debt(38e12, period="2025-05")
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["agrees"]) == (37.97e12, True)


def test_a_level_within_a_period_is_found_among_what_was_known_on_the_day(scene):
    scene.debt(is_revised=True)
    scene.observe(38e12, "2025-05-12", series_id="DEBT", known_from="2025-05-13", known_until="2025-06-30")
    scene.observe(30e12, "2025-05-12", series_id="DEBT", known_from="2025-07-01")
    scene.observe(36e12, "2025-05-30", series_id="DEBT", known_from="2025-06-01")
    scene.claim_debt(38e12, period="2025-05")
    assert {row["basis"]: row["agrees"] for row in scene.compare()} == {"when_published": True, "today": False}


@SOME
@given(
    levels=st.dictionaries(st.integers(1, 31), st.floats(30e12, 45e12), min_size=1, max_size=8),
    claimed=st.lists(st.floats(30e12, 45e12), min_size=1, max_size=8),
    bound=st.sampled_from(["eq", "approx", "above", "below"]),
)
def test_a_level_is_borne_out_by_a_period_exactly_if_one_of_its_days_lies_in_the_accepted_interval(
    judging_work: Work, levels, claimed, bound
):
    scene = Scene(judging_work)
    scene.debt()
    for number, value in levels.items():
        scene.observe(value, f"2025-05-{number:02d}", series_id="DEBT", known_from="2025-06-01")
    for value in claimed:
        scene.claim_debt(value, period="2025-05", bound=bound, half_width=0.2e12, quote=f"{value}")
    for row in scene.compare():
        low, high = row["accepted_low"] or 0.0, row["accepted_high"] or float("inf")
        assert row["agrees"] is any(low <= value <= high for value in levels.values())


@SOME
@given(
    days=st.sets(st.integers(0, 60), min_size=1, max_size=12),
    stated=st.lists(st.integers(0, 60), min_size=1, max_size=8),
)
def test_the_level_of_a_day_is_the_last_on_or_before_it(judging_work: Work, days, stated):
    scene = Scene(judging_work)
    scene.debt()
    start = date(2025, 4, 1)
    for day in days:
        scene.observe(38e12 + day, (start + timedelta(days=day)).isoformat(), series_id="DEBT", known_from="2025-06-10")
    for day in stated:
        scene.claim_debt(
            38e12, period=(start + timedelta(days=day)).isoformat(), claim_id=f"{day}-{len(scene.rows[Claim])}"
        )
    found = {row["claim_id"]: row["official_value"] - 38e12 for row in scene.compare() if row["basis"] == "today"}
    for claim_id in (row["claim_id"] for row in scene.rows[Claim]):
        day = int(claim_id.split("-")[0])
        before = [other for other in days if day - TOLERANCES["grace_days"] <= other <= day]
        assert found.get(claim_id) == (max(before) if before else None)


# Sums over months


@pytest.mark.parametrize(("claimed", "agrees"), [(1.5e12, True), (1.8e12, False)])
def test_a_flow_over_some_months_is_their_sum(scene, claimed, agrees):
    scene.series(metric="federal_deficit", unit="USD", kind="flow")
    scene.months((2025, 1), [0.5e12, 0.4e12, 0.6e12, 0.3e12], series_id="RATE")
    scene.claim(claimed, period="2025Q1", metric="federal_deficit", unit="USD", half_width=0.05e12)
    found = scene.compare_one()
    assert found is not None
    assert (found["official_value"], found["measure"], found["agrees"]) == (pytest.approx(1.5e12), "sum", agrees)


def test_a_month_that_is_missing_leaves_no_sum(scene):
    scene.series(metric="federal_deficit", unit="USD", kind="flow")
    scene.months((2025, 1), [0.5e12, 0.4e12], series_id="RATE")
    scene.claim(0.9e12, period="2025Q1", metric="federal_deficit", unit="USD", half_width=0.05e12)
    assert scene.compare() == []


def test_a_sum_is_of_what_was_known_on_the_day(scene):
    scene.series(metric="federal_deficit", unit="USD", kind="flow", is_revised=True)
    scene.observe(0.5e12, "2025-01", known_from="2025-02-12")
    scene.observe(0.4e12, "2025-02", known_from="2025-03-12", known_until="2025-07-31")
    scene.observe(0.7e12, "2025-02", known_from="2025-08-01")
    scene.observe(0.6e12, "2025-03", known_from="2025-04-12")
    scene.claim(1.5e12, period="2025Q1", metric="federal_deficit", unit="USD", half_width=0.05e12)
    found = {row["basis"]: (row["official_value"], row["known_from"]) for row in scene.compare()}
    assert found == {
        "when_published": (pytest.approx(1.5e12), date(2025, 4, 12)),
        "today": (pytest.approx(1.8e12), date(2025, 8, 1)),
    }


# Changes


def debt_over_a_year(scene: Scene, **fields: Any) -> None:
    scene.debt(**fields)
    for day, value in (("2023-12-29", 34.0e12), ("2024-12-31", 36.2e12), ("2025-03-31", 36.2e12)):
        scene.observe(value, day, series_id="DEBT")


@pytest.mark.parametrize(
    ("words", "value", "measure", "official", "agrees"),
    [
        ("国债增加了", 2.2e12, "rise", 2.2e12, True),
        ("国债增加了约", 2.2e12, "rise", 2.2e12, True),
        ("国债新增加", 3.0e12, "rise", 2.2e12, False),
        ("国债增长了", 6.5, "growth", 6.4706, True),
        ("国债的增幅为", 9.0, "growth", 6.4706, False),
        ("國債減少了", 3.0e12, "fall", -2.2e12, False),
        ("国债下降了", 9.0, "decline", -6.4706, False),
    ],
)
def test_a_change_is_the_end_of_the_period_against_the_end_of_the_one_before(  # noqa: PLR0917  # one column each
    scene, words, value, measure, official, agrees
):
    debt_over_a_year(scene)
    unit, half_width = ("percent", 0.05) if value < 100 else ("USD", 0.05e12)
    claim_change(scene, words, value, period="2024", unit=unit, half_width=half_width)
    found = scene.compare_one()
    assert found is not None
    assert (found["measure"], found["official_value"]) == (measure, pytest.approx(official, rel=1e-4))
    assert (found["base_period_end"], found["official_period_end"]) == (date(2023, 12, 29), date(2024, 12, 31))
    assert found["agrees"] is agrees


@pytest.mark.parametrize("words", ["国债增加到", "国债升至", "国债的规模为", "国债占全部债务的", "国债增加，利息达"])
def test_what_no_word_of_change_governs_is_no_change(scene, words):
    debt_over_a_year(scene)
    claim_change(scene, words, 2.2e12, period="2024")
    assert scene.compare() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"period": "2024-12-31"},
        {"period": "2024", "period_basis": "article_date"},
        {"period": "2024", "modality": "projection"},
        {"period": "2024", "vague": True},
        {"period": "2024", "unit": "count"},
        {"period": "2024", "relates_to": "gdp"},
    ],
)
def test_a_change_without_a_stretch_of_time_or_of_something_else_is_not_compared(scene, fields):
    debt_over_a_year(scene)
    claim_change(scene, "国债增加了", 2.2e12, **fields)
    assert scene.compare() == []


def test_a_figure_that_stands_twice_in_its_sentence_is_not_compared(scene):
    debt_over_a_year(scene)
    claim_change(scene, "赤字为2.2，国债增加了", 2.2e12, period="2024", quote="2.2")
    assert scene.compare() == []


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("自疫情以来国债增加了", {"period": "2024"}),
        ("与2019年相比国债增加了", {"period": "2024"}),
        ("国债增加了", {"period": "2024", "period_basis": "context"}),
        ("国债增加了", {"period": "2025Q1"}),
    ],
)
def test_a_change_against_something_unsaid_is_never_contradicted(scene, words, fields):
    debt_over_a_year(scene)
    claim_change(scene, words, 9.9e12, **fields)
    found = scene.compare_one()
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (None, "base_unclear")


def test_year_over_year_is_held_against_the_day_a_year_before(scene):
    debt_over_a_year(scene)
    scene.observe(34.5e12, "2024-03-28", series_id="DEBT")
    claim_change(scene, "国债同比增长", 4.93, period="2025Q1", unit="percent", half_width=0.005)
    found = scene.compare_one()
    assert found is not None
    assert (found["base_period_end"], found["agrees"]) == (date(2024, 3, 28), True)


@pytest.mark.parametrize(
    ("words", "value", "agrees"),
    [("财政收入同比增长", 10.0, True), ("财政收入增长", 10.0, True), ("财政收入增长", 20.0, False)],
)
def test_the_growth_of_a_flow_is_against_the_year_before(scene, words, value, agrees):
    scene.series("IN", metric="federal_receipts", unit="USD", kind="flow", frequency="annual")
    scene.observe(5.0e12, "FY2023", series_id="IN")
    scene.observe(5.5e12, "FY2024", series_id="IN")
    claim_change(scene, words, value, period="FY2024", unit="percent", half_width=0.5, relates_to="federal_receipts")
    assert scene.agrees() is agrees


def test_a_rate_changes_by_points_against_the_month_before_if_the_text_says_so(scene):
    scene.series()
    scene.months((2025, 4), [4.2, 4.3], series_id="RATE")
    fields: Row = {
        "unit": "percentage_point",
        "half_width": 0.05,
        "relates_to": "unemployment_rate",
        "period": "2025-05",
    }
    claim_change(scene, "失业率环比上升", 0.1, **fields)
    claim_change(scene, "失业率上升", 0.2, **fields)
    (found,) = (row for row in scene.compare() if row["basis"] == "today")
    assert (found["measure"], found["official_value"], found["agrees"]) == ("rise", pytest.approx(0.1), True)


def test_revisions_of_two_levels_may_account_for_a_change_that_does_not_fit(scene):
    debt_over_a_year(scene, is_revised=True)
    for value, claim_id in ((2.3e12, "near"), (2.6e12, "far")):
        claim_change(scene, "国债增加了", value, period="2024", half_width=0.005e12, claim_id=claim_id)
    found = {
        row["claim_id"]: (row["agrees"], row["undecided_reason"]) for row in scene.compare() if row["basis"] == "today"
    }
    assert found == {"near": (None, "inside_revisions"), "far": (False, None)}


def test_a_change_is_of_what_was_known_on_the_day(scene):
    scene.debt(is_revised=True)
    scene.observe(34.0e12, "2023-12-31", series_id="DEBT", known_from="2024-01-05")
    scene.observe(36.2e12, "2024-12-31", series_id="DEBT", known_from="2025-01-05", known_until="2025-08-31")
    scene.observe(37.0e12, "2024-12-31", series_id="DEBT", known_from="2025-09-01")
    claim_change(scene, "国债增加了", 2.2e12, period="2024")
    found = {row["basis"]: (row["official_value"], row["known_from"]) for row in scene.compare()}
    assert found == {
        "when_published": (pytest.approx(2.2e12), date(2025, 1, 5)),
        "today": (pytest.approx(3.0e12), date(2025, 9, 1)),
    }


# A fiscal year for a calendar year


@pytest.mark.parametrize(("value", "agrees", "reason"), [(1.8e12, True, None), (2.8e12, None, "other_period")])
def test_a_fiscal_year_may_bear_out_a_calendar_year_but_never_contradict_it(scene, value, agrees, reason):
    scene.series(metric="federal_deficit", unit="USD", kind="flow", frequency="annual")
    scene.observe(1.8e12, "FY2024")
    scene.claim(value, period="2024", metric="federal_deficit", unit="USD", half_width=0.05e12)
    found = scene.compare_one()
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (agrees, reason)


def test_a_fiscal_year_that_is_said_is_contradicted_by_its_figure(scene):
    scene.series(metric="federal_deficit", unit="USD", kind="flow", frequency="annual")
    scene.observe(1.8e12, "FY2024")
    scene.claim(2.8e12, period="FY2024", metric="federal_deficit", unit="USD", half_width=0.05e12)
    assert scene.agrees() is False


def test_a_calendar_year_does_not_stand_in_for_a_fiscal_year(scene):
    scene.series(metric="federal_deficit", unit="USD", kind="flow", frequency="annual")
    scene.observe(1.8e12, "2024")
    scene.claim(1.8e12, period="FY2024", metric="federal_deficit", unit="USD", half_width=0.05e12)
    assert scene.compare() == []


# Now


def test_now_is_the_newest_figure_up_to_the_article_s_day(scene):
    scene.series()
    scene.observe(4.1, "2025-04")
    scene.observe(4.2, "2025-05")
    scene.observe(4.9, "2025-06")
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    found = {row["basis"]: row["official_value"] for row in scene.compare()}
    assert found == {"when_published": 4.2, "today": 4.2}


def test_now_is_not_saved_by_an_older_figure_that_would_agree(scene):
    scene.series()
    scene.observe(4.2, "2025-04")
    scene.observe(4.9, "2025-05")
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    assert scene.agrees() is False


def test_a_claim_without_a_period_speaks_of_now(scene):
    scene.series()
    scene.observe(4.1, "2025-04")
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, period=None)
    assert scene.agrees() is True


@pytest.mark.parametrize(
    ("frequency", "period", "speaks"),
    [
        ("daily", "2025-05-06", True),
        ("daily", "2025-05-05", False),
        ("monthly", ("2025-01-01", "2025-01-31"), True),
        ("monthly", ("2024-12-01", "2024-12-31"), False),
        ("quarterly", "2024Q4", True),
        ("quarterly", "2024Q2", False),
        ("annual", "2024", True),
        ("annual", "2022", False),
    ],
)
def test_a_stale_figure_does_not_speak_for_now(scene, frequency, period, speaks):
    scene.series(frequency=frequency)
    scene.observe(4.2, period)
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    assert bool(scene.compare()) is speaks


# Projections


def project(scene: Scene) -> None:
    scene.series(
        "CBO", metric="federal_debt_to_gdp", frequency="annual", kind="stock", is_projection=True, provider="cbo"
    )
    scene.observe(150.0, "FY2055", series_id="CBO", known_from="2024-03-01", known_until="2025-03-26")
    scene.observe(156.0, "FY2055", series_id="CBO", known_from="2025-03-27", known_until="2026-02-01")
    scene.observe(170.0, "FY2055", series_id="CBO", known_from="2026-02-02")


def test_a_forecast_is_held_against_the_baseline_in_force_on_the_day(scene):
    project(scene)
    scene.claim(156.0, period="2055", metric="federal_debt_to_gdp", modality="projection", half_width=0.5)
    found = {row["basis"]: (row["official_value"], row["agrees"]) for row in scene.compare()}
    assert found == {"when_published": (156.0, True), "today": (170.0, None)}


@pytest.mark.parametrize(
    ("claimed", "agrees"), [(129.9, True), (127.0, None), (132.0, None), (125.0, False), (135.0, False)]
)
def test_a_forecast_is_contradicted_only_beyond_the_error_that_such_projections_have(scene, claimed, agrees):
    scene.series(
        "CBO", metric="federal_debt_to_gdp", frequency="annual", kind="stock", is_projection=True, provider="cbo"
    )
    scene.observe(130.0, "FY2025", series_id="CBO", known_from="2025-03-27")  # its first year: twice one percent of GDP
    scene.claim(claimed, period="FY2025", metric="federal_debt_to_gdp", modality="projection", half_width=0.5)
    found = scene.compare_one("when_published")
    assert found is not None
    assert found["agrees"] is agrees
    assert found["undecided_reason"] == ("within_forecast_error" if agrees is None else None)


def test_the_error_of_a_year_between_two_is_that_of_the_next_and_beyond_the_last_that_of_the_last(scene):
    scene.series("CBO", metric="federal_debt_to_gdp", frequency="annual", kind="stock", is_projection=True)
    for year, claim_id in ((2028, "fourth year"), (2050, "beyond")):
        scene.observe(100.0, f"FY{year}", series_id="CBO", known_from="2025-01-17")
        scene.claim(
            200.0,
            period=f"FY{year}",
            metric="federal_debt_to_gdp",
            modality="projection",
            claim_id=claim_id,
            half_width=0.5,
        )
    found = {row["claim_id"]: row for row in scene.compare() if row["basis"] == "today"}
    assert found["fourth year"]["accepted_low"] - found["fourth year"]["contradicted_below"] == pytest.approx(10.0)
    assert found["beyond"]["accepted_low"] - found["beyond"]["contradicted_below"] == pytest.approx(30.0)


def test_the_error_of_an_amount_is_a_share_of_gdp(scene):
    scene.series("GDP", metric="gdp", unit="USD", frequency="quarterly")
    scene.observe(30e12, "2025Q1", series_id="GDP")
    scene.series("CBO", metric="federal_deficit", unit="USD", frequency="annual", kind="flow", is_projection=True)
    scene.observe(1.9e12, "FY2025", series_id="CBO", known_from="2025-01-17")
    scene.claim(
        2.1e12, period="FY2025", metric="federal_deficit", unit="USD", modality="projection", half_width=0.05e12
    )
    found = scene.compare_one("when_published")
    assert found is not None
    assert found["undecided_reason"] == "within_forecast_error"
    assert found["accepted_low"] - found["contradicted_below"] == pytest.approx(2 * 0.005 * 30e12)


def test_a_projection_whose_error_nobody_measured_never_contradicts(scene):
    scene.series("CBO", metric="federal_receipts", unit="USD", frequency="annual", kind="flow", is_projection=True)
    scene.observe(5e12, "FY2025", series_id="CBO", known_from="2025-01-17")
    scene.claim(9e12, period="FY2025", metric="federal_receipts", unit="USD", modality="projection", half_width=0.5e12)
    found = scene.compare_one("when_published")
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (None, "within_forecast_error")


@pytest.mark.parametrize("modality", ["actual", "hypothetical"])
def test_only_a_forecast_is_held_against_a_projection(scene, modality):
    project(scene)
    scene.claim(156.0, period="2055", metric="federal_debt_to_gdp", modality=modality)
    assert scene.compare() == []


def test_a_projection_of_another_year_does_not_speak(scene):
    project(scene)
    scene.claim(156.0, period="2054", metric="federal_debt_to_gdp", modality="projection")
    assert scene.compare() == []


def test_a_projection_of_one_year_is_not_held_against_a_sum_over_ten_years_or_a_quarter(scene):
    scene.series("CBO", metric="federal_deficit", unit="USD", frequency="annual", kind="flow", is_projection=True)
    scene.observe(2.7e12, "FY2035", series_id="CBO", known_from="2025-01-17")
    scene.claim(
        22e12,
        period=("2026-01-01", "2035-12-31"),
        metric="federal_deficit",
        unit="USD",
        modality="projection",
        half_width=0.5e12,
    )
    scene.claim(
        0.7e12, period="2035Q1", metric="federal_deficit", unit="USD", modality="projection", half_width=0.05e12
    )
    assert scene.compare() == []


def test_a_forecast_without_a_period_is_held_against_no_projection(scene):
    project(scene)
    scene.claim(156.0, period=None, metric="federal_debt_to_gdp", modality="projection")
    assert scene.compare() == []


def forecast_with_outcome(scene: Scene, outcome: float) -> None:
    scene.series("CBO", metric="federal_deficit", unit="USD", frequency="annual", kind="flow", is_projection=True)
    scene.series("MTS", metric="federal_deficit", unit="USD", frequency="annual", kind="flow")
    scene.observe(1.9e12, "FY2025", series_id="CBO", known_from="2025-01-17")
    scene.observe(outcome, "FY2025", series_id="MTS", known_from="2025-10-16")
    scene.claim(
        1.9e12, period="FY2025", metric="federal_deficit", unit="USD", modality="projection", half_width=0.05e12
    )


def test_once_there_is_an_outcome_the_projection_no_longer_decides(scene):
    forecast_with_outcome(scene, 1.9e12)
    assert {row["basis"]: row["series_id"] for row in scene.compare()} == {"when_published": "CBO", "today": "MTS"}


def test_an_outcome_never_contradicts_a_forecast(scene):
    forecast_with_outcome(scene, 1.2e12)
    found = scene.compare_one("today")
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (None, "outcome_differs")


def forecast_of_a_rate(scene: Scene, levels: dict[str, float], period: Period = "2025") -> list[Row]:
    scene.article(published_on="2025-02-03")
    scene.series(frequency="daily")
    for day, value in levels.items():
        scene.observe(value, day, known_from=day)
    scene.claim(3.9, period=period, modality="projection")
    return scene.compare()


def test_a_level_forecast_for_a_year_is_held_against_its_last_day_alone(scene):
    (found,) = forecast_of_a_rate(scene, {"2025-10-01": 3.9, "2025-12-31": 4.5, "2026-01-02": 3.9})
    assert (found["basis"], found["official_value"], found["undecided_reason"]) == ("today", 4.5, "outcome_differs")


def test_a_forecast_for_a_year_that_still_runs_has_no_outcome(scene):
    assert forecast_of_a_rate(scene, {"2025-10-01": 3.9, "2025-12-20": 3.9}) == []


# How wide a claim is read


def test_stated_precision_is_half_a_unit_down_and_a_whole_unit_up(scene):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, half_width=0.05)
    assert accepted(scene) == pytest.approx((4.15, 4.3))


def test_a_negative_number_is_read_as_its_mirror_image(scene):
    scene.series()
    scene.observe(-1.2996, "2025-05")
    scene.claim(-1.299, half_width=0.0005)
    assert accepted(scene) == pytest.approx((-1.3, -1.2985))
    assert scene.agrees() is True


def test_a_number_without_a_last_digit_is_read_within_the_share_of_the_policy(scene):
    scene.series()
    scene.observe(50.0, "2025-05")
    scene.claim(50.0, half_width=None)
    assert accepted(scene) == pytest.approx((47.5, 52.5))


def test_a_number_that_ends_in_zeros_is_read_as_rounded(scene):
    scene.series()
    scene.observe(103.9, "2025-05")
    scene.claim(100.0, half_width=0.5, significant_zeros=True)
    assert accepted(scene) == pytest.approx((95.0, 105.0))


def test_a_revised_series_has_a_floor(scene):
    scene.series(is_revised=True)
    scene.observe(835.8, "2025-05")
    scene.claim(835.4, half_width=0.05)
    assert accepted(scene) == pytest.approx((835.4 * 0.995, 835.4 * 1.005))


def test_the_widest_reading_counts_not_their_sum(scene):
    scene.series(is_revised=True)
    scene.observe(100.0, "2025-05")
    scene.claim(100.0, half_width=0.5, significant_zeros=True, bound="approx")
    assert accepted(scene) == pytest.approx((95.0, 105.0))


def test_both_ends_of_a_range_are_read_with_their_precision(scene):
    scene.series()
    scene.observe(90.5, "2025-05")
    scene.claim((80.0, 90.0), half_width=0.5)
    assert accepted(scene) == pytest.approx((79.5, 91.0))


HEDGES = [
    ("约", "approx", (0.05, 0.05), (36.1e12, 39.9e12)),
    ("近", "below", (0.10, 0.02), (34.2e12, 38.76e12)),
    ("不到", "below", (None, 0.0), (None, 38.0e12)),
    ("突破", "above", (0.0, None), (38.0e12, None)),
    ("出头", "above", (0.0, 0.05), (38.0e12, 39.9e12)),
]


@pytest.mark.parametrize(("word", "bound", "reaches", "interval"), HEDGES)
def test_the_hedge_word_moves_or_opens_an_end(scene, word, bound, reaches, interval):
    scene.debt()
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    scene.hedge(word, bound=bound, reach_below=reaches[0], reach_above=reaches[1])
    scene.claim_debt(38e12, bound=bound, hedge=word, half_width=0.05e12)
    low, high = accepted(scene)
    assert (low is None, high is None) == (interval[0] is None, interval[1] is None)
    assert [end for end in (low, high) if end is not None] == pytest.approx(
        [end for end in interval if end is not None]
    )


@pytest.mark.parametrize(
    ("bound", "interval"),
    [
        ("approx", (36.1e12, 39.9e12)),
        ("below", (34.2e12, 38.0e12)),
        ("above", (38.0e12, None)),
        ("eq", (37.95e12, 38.1e12)),
    ],
)
def test_a_bound_without_a_listed_word_has_the_reach_of_the_policy(scene, bound, interval):
    scene.debt()
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    scene.claim_debt(38e12, bound=bound, hedge="某词")
    low, high = accepted(scene)
    assert low == pytest.approx(interval[0])
    assert high == (None if interval[1] is None else pytest.approx(interval[1]))


def test_a_word_of_another_bound_is_not_taken(scene):
    scene.debt()
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    scene.hedge("多", bound="above", reach_above=None)
    scene.claim_debt(38e12, bound="eq", hedge="多")
    assert accepted(scene) == pytest.approx((37.95e12, 38.1e12))


def test_a_word_listed_before_and_after_the_number_gives_one_comparison_with_the_widest_reach(scene):
    scene.debt()
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    scene.hedge("不足", bound="below", reach_below=0.1, reach_above=0.0)
    scene.hedge("不足", bound="below", reach_below=None, reach_above=0.0, position="after")
    scene.claim_debt(38e12, bound="below", hedge="不足")
    low, high = accepted(scene)
    assert low is None
    assert high == pytest.approx(38e12)


@pytest.mark.parametrize(("official", "agrees"), [(37.99e12, False), (38.0e12, True), (60e12, True)])
def test_a_threshold_is_passed_only_from_its_value_on(scene, official, agrees):
    scene.debt()
    scene.observe(official, "2025-05-30", series_id="DEBT")
    scene.hedge("突破", bound="above", reach_above=None)
    scene.claim_debt(38e12, bound="above", hedge="突破")
    assert scene.agrees() is agrees


@pytest.mark.parametrize(("official", "agrees"), [(45e12, False), (38.5e12, False), (37e12, True), (1e12, True)])
def test_what_is_said_to_lie_below_is_contradicted_from_above(scene, official, agrees):
    scene.debt()
    scene.observe(official, "2025-05-30", series_id="DEBT")
    scene.hedge("不到", bound="below", reach_below=None)
    scene.claim_debt(38e12, bound="below", hedge="不到")
    assert scene.agrees() is agrees


@SOME
@given(
    pairs=st.lists(
        st.tuples(
            st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.sampled_from([None, 0.005, 0.05, 0.5, 5.0]), st.booleans()
        ),
        min_size=1,
        max_size=12,
    ),
    is_revised=st.booleans(),
)
def test_a_weaker_hedge_never_turns_agreement_into_disagreement(judging_work: Work, pairs, is_revised):
    scene = Scene(judging_work)
    scene.hedge("约", bound="approx", reach_below=0.03, reach_above=0.01)
    for place, (claimed, official, half_width, zeros) in enumerate(pairs):
        scene.series(f"S{place}", metric=f"m{place}", is_revised=is_revised)
        scene.observe(claimed + (official - claimed) * 10 ** (-place % 5), "2025-05", series_id=f"S{place}")
        for strength, fields in enumerate(
            ({"bound": "eq"}, {"bound": "approx", "hedge": "约"}, {"bound": "approx", "hedge": "某词"})
        ):
            scene.claim(
                claimed,
                metric=f"m{place}",
                half_width=half_width,
                significant_zeros=zeros,
                claim_id=f"{place}-{strength}",
                **fields,
            )
    found = {row["claim_id"]: row for row in scene.compare() if row["basis"] == "today"}
    for place in range(len(pairs)):
        strict = found[f"{place}-0"]
        for weaker in (found[f"{place}-1"], found[f"{place}-2"]):
            assert weaker["accepted_low"] <= strict["accepted_low"]
            assert weaker["accepted_high"] >= strict["accepted_high"]
            assert not strict["agrees"] or weaker["agrees"]


@SOME
@given(
    pairs=st.lists(
        st.tuples(
            st.floats(0.01, 1e3), st.floats(0.01, 1e3), st.sampled_from([None, 0.0005, 0.05, 0.5]), st.booleans(), st.sampled_from(["eq", "approx", "range"])
        ),
        min_size=1, max_size=12,
    ),
)  # fmt: skip
def test_judging_is_symmetric_in_the_sign(judging_work: Work, pairs):
    scene = Scene(judging_work)
    for place, (claimed, official, half_width, zeros, bound) in enumerate(pairs):
        wide = claimed * 1.25 if bound == "range" else claimed
        for sign, ends in ((1, (claimed, wide)), (-1, (-wide, -claimed))):
            scene.series(f"S{place}{sign}", metric=f"m{place}{sign}")
            scene.observe(sign * (claimed + (official - claimed) / 20), "2025-05", series_id=f"S{place}{sign}")
            scene.claim(
                ends,
                metric=f"m{place}{sign}",
                half_width=half_width,
                significant_zeros=zeros,
                bound=bound,
                claim_id=f"{place}:{sign}",
            )
    found = {row["claim_id"]: row for row in scene.compare() if row["basis"] == "today"}
    for place in range(len(pairs)):
        plus, minus = found[f"{place}:1"], found[f"{place}:-1"]
        assert (minus["accepted_low"], minus["accepted_high"]) == pytest.approx(
            (-plus["accepted_high"], -plus["accepted_low"])
        )
        assert minus["agrees"] == plus["agrees"]
        assert minus["difference"] == pytest.approx(-plus["difference"])


@SOME
@given(
    scale=st.sampled_from([1e-3, 1e3, 1e6, 1e9, 1e12]),
    claimed=st.floats(1, 100),
    official=st.floats(1, 100),
    bound=st.sampled_from(["eq", "approx", "below"]),
)
def test_judging_does_not_depend_on_the_unit_in_which_all_is_written(
    judging_work: Work, scale, claimed, official, bound
):
    scene = Scene(judging_work)
    for name, factor in (("one", 1.0), ("scaled", scale)):
        scene.series(name, metric=name)
        scene.observe(official * factor, "2025-05", series_id=name)
        scene.claim(claimed * factor, metric=name, half_width=0.5 * factor, bound=bound, claim_id=name)
    one, scaled = (row for row in scene.compare() if row["basis"] == "today")
    assert scaled["accepted_high"] == pytest.approx(one["accepted_high"] * scale)
    distance = min(abs(official - end) for end in (one["accepted_low"], one["accepted_high"]))
    assert one["agrees"] == scaled["agrees"] or distance < 1e-9 * official


# What may not decide


def test_an_official_value_of_the_other_sign_that_would_fit_decides_nothing(scene):
    scene.series(metric="trade_balance", unit="USD", kind="flow")
    scene.observe(-70e9, "2025-05")
    scene.claim(70e9, metric="trade_balance", unit="USD", half_width=0.5e9)
    found = scene.compare_one()
    assert found is not None
    assert (found["agrees"], found["within"], found["undecided_reason"]) == (None, False, "sign_unclear")


def test_another_sign_and_another_size_is_a_contradiction(scene):
    scene.series(metric="trade_balance", unit="USD", kind="flow")
    scene.observe(-70e9, "2025-05")
    scene.claim(120e9, metric="trade_balance", unit="USD", half_width=0.5e9)
    assert scene.agrees() is False


@pytest.mark.parametrize(
    ("basis", "agrees", "reason"), [("when_published", None, "vintage_not_held"), ("today", False, None)]
)
def test_a_revised_series_without_its_vintage_contradicts_only_today(scene, basis, agrees, reason):
    scene.series(is_revised=True)
    scene.observe(4.9, "2025-05", known_basis="release_lag")
    scene.claim(4.2)
    found = scene.compare_one(basis)
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (agrees, reason)


def test_a_revised_series_without_its_vintage_may_bear_a_claim_out(scene):
    scene.series(is_revised=True)
    scene.observe(4.2, "2025-05", known_basis="release_lag")
    scene.claim(4.2)
    assert scene.agrees("when_published") is True


@pytest.mark.parametrize(("is_revised", "basis"), [(True, "vintage"), (False, "release_lag")])
def test_a_figure_that_stood_so_on_the_day_contradicts_for_that_day(scene, is_revised, basis):
    scene.series(is_revised=is_revised)
    scene.observe(4.9, "2025-05", known_basis=basis)
    scene.claim(4.2)
    assert scene.agrees("when_published") is False


@pytest.mark.parametrize(
    ("kind", "frequency", "agrees"),
    [("index", "daily", None), ("rate", "daily", None), ("stock", "daily", False), ("index", "weekly", False)],
)
def test_a_market_value_just_missed_may_have_stood_there_between_two_days(scene, kind, frequency, agrees):
    scene.series(kind=kind, frequency=frequency)
    scene.observe(99.0, "2025-05-30")
    scene.claim(100.0, period="2025-05-30", half_width=0.05)
    found = scene.compare_one()
    assert found is not None
    assert found["agrees"] is agrees
    assert found["undecided_reason"] == ("taken_once_a_day" if agrees is None else None)


def test_a_market_value_far_off_contradicts(scene):
    scene.series(kind="index", frequency="daily")
    scene.observe(90.0, "2025-05-30")
    scene.claim(100.0, period="2025-05-30", half_width=0.05)
    assert scene.agrees() is False


@pytest.mark.parametrize(("frequency", "agrees"), [("monthly", None), ("quarterly", None), ("annual", False)])
def test_part_of_a_year_never_contradicts_a_flow_said_of_now(scene, frequency, agrees):
    period = {"monthly": "2025-05", "quarterly": "2025Q1", "annual": "FY2024"}[frequency]
    scene.series(kind="flow", frequency=frequency)
    scene.observe(9.9, period)
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    assert scene.agrees() is agrees


# Which series


def test_a_claim_meets_every_series_of_its_metric_and_no_other(scene):
    scene.series("A")
    scene.series("B", definition="broad")
    scene.series("C", metric="other")
    for series_id in ("A", "B", "C"):
        scene.observe(4.2, "2025-05", series_id=series_id)
    scene.claim(4.2)
    assert [(row["series_id"], row["definition"]) for row in scene.compare() if row["basis"] == "today"] == [
        ("A", None),
        ("B", "broad"),
    ]


def test_a_definition_that_the_text_names_leaves_the_others_out(scene):
    for definition in ("gross", "held_by_public"):
        scene.series(definition, definition=definition)
        scene.observe(4.2, "2025-05", series_id=definition)
    scene.claim(4.2, definition="gross")
    assert {row["series_id"] for row in scene.compare()} == {"gross"}


@pytest.mark.parametrize(("claimed", "official"), [("percent", "percentage_point"), ("percentage_point", "percent")])
def test_percent_and_percentage_points_meet(scene, claimed, official):
    scene.series(unit=official)
    scene.observe(1.1, "2025-05")
    scene.claim(1.1, unit=claimed)
    assert scene.agrees() is True


@pytest.mark.parametrize(("metric", "agrees"), [("federal_interest_to_receipts", True), ("unemployment_rate", None)])
def test_a_share_said_as_a_fraction_meets_percent_only_where_the_metric_is_a_share(scene, metric, agrees):
    scene.series(metric=metric)
    scene.observe(19.9, "2025-05")
    scene.claim(0.2, metric=metric, unit="ratio", half_width=None, quote="五分之一")
    found = scene.compare_one()
    assert (found and found["agrees"]) is agrees


@pytest.mark.parametrize(
    ("claimed", "official"), [("USD", "percent"), ("CNY", "USD"), ("ratio", "percent"), (None, "percent")]
)
def test_other_units_do_not_meet(scene, claimed, official):
    scene.series(unit=official)
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, unit=claimed)
    assert scene.compare() == []


@pytest.mark.parametrize(("subject", "series_id"), [("微软", "MSFT"), ("Microsoft", "MSFT"), ("谷歌", "GOOGL")])
def test_a_company_s_claim_meets_the_series_of_that_company(scene, subject, series_id):
    scene.series("MSFT", metric="company_capex", subject="Microsoft|微软|微軟")
    scene.series("GOOGL", metric="company_capex", subject="Alphabet|Google|谷歌")
    for one in ("MSFT", "GOOGL"):
        scene.observe(4.2, "2025-05", series_id=one)
    scene.claim(4.2, metric="company_capex", subject=subject)
    assert {row["series_id"] for row in scene.compare()} == {series_id}


@pytest.mark.parametrize("subject", [None, "US", "亚马逊", "Micro"])
def test_a_claim_on_nobody_or_somebody_else_meets_no_company_s_series(scene, subject):
    scene.series("MSFT", metric="company_capex", subject="Microsoft|微软")
    scene.observe(4.2, "2025-05", series_id="MSFT")
    scene.claim(4.2, metric="company_capex", subject=subject)
    assert scene.compare() == []


@pytest.mark.parametrize("subject", [None, "US", "United States"])
def test_a_claim_on_the_united_states_meets_its_series(scene, subject):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, subject=subject)
    assert scene.agrees() is True


@pytest.mark.parametrize(
    "fields", [{"vague": True}, {"modality": "hypothetical"}, {"metric": None}, {"metric": "unheard_of"}]
)
def test_what_cannot_be_checked_is_not_compared(scene, fields):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, **fields)
    assert scene.compare() == []


def test_a_statement_without_a_value_is_not_compared(scene):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(None, kind="direction", quote="下降")
    assert scene.compare() == []


# What a comparison says


@pytest.mark.parametrize(("official", "difference"), [(4.0, 0.2), (4.5, -0.2), (4.25, 0.0)])
def test_the_difference_is_claimed_less_official_by_the_nearer_end(scene, official, difference):
    scene.series()
    scene.observe(official, "2025-05")
    scene.claim((4.2, 4.3))
    found = scene.compare_one()
    assert found is not None
    assert found["difference"] == pytest.approx(difference)
    assert found["relative_difference"] == pytest.approx(difference / official)


def test_nothing_is_relative_to_an_official_nought(scene):
    scene.series()
    scene.observe(0.0, "2025-05")
    scene.claim(0.5)
    found = scene.compare_one()
    assert found is not None
    assert (found["difference"], found["relative_difference"]) == (0.5, None)


def test_there_is_one_comparison_a_claim_day_and_series(scene):
    scene.debt()
    for day in range(1, 29):
        scene.observe(38e12 + day * 1e9, f"2025-05-{day:02d}", series_id="DEBT", known_from="2025-06-01")
    for value in (36e12, 38e12):
        scene.claim_debt(value, period="2025-05", quote=f"{value}")
    scene.hedge("约", bound="approx")
    assert len(scene.compare()) == 2 * len(scene.rows[Claim])


# What a careful reader would not call wrong


def test_a_figure_on_the_very_edge_agrees_whatever_floating_point_makes_of_it(scene):
    scene.series()
    scene.observe(14.8, "2025-05")
    scene.claim(14.7)
    assert scene.agrees() is True


@pytest.mark.parametrize(("claimed", "agrees"), [(9.1, None), (9.3, False)])
def test_a_rate_contradicts_only_beyond_what_its_twin_that_is_not_held_may_differ(scene, claimed, agrees):
    scene.series("ADJUSTED", definition="year_over_year")
    scene.series("NOT_ADJUSTED", definition="year_over_year")
    scene.observe(8.98, "2025-05", series_id="ADJUSTED")
    scene.claim(claimed)
    found = scene.compare_one()
    assert found is not None
    assert (found["agrees"], found["undecided_reason"]) == (agrees, None if agrees is False else "other_definition")


def test_a_twin_that_is_held_speaks_for_itself(scene):
    scene.series("ADJUSTED", definition="year_over_year")
    scene.series("NOT_ADJUSTED", definition="year_over_year")
    scene.observe(8.98, "2025-05", series_id="ADJUSTED")
    scene.observe(9.06, "2025-05", series_id="NOT_ADJUSTED")
    scene.claim(9.1)
    assert scene.verdict()["verdict_today"] == "supported"


@pytest.mark.parametrize(("named", "agrees"), [(None, None), ("marketable", False)])
def test_what_may_be_right_under_a_definition_of_which_nothing_is_held_is_not_contradicted(scene, named, agrees):
    scene.series("MARKETABLE", definition="marketable")
    scene.series("INTEREST_BEARING", definition="interest_bearing")
    scene.observe(3.41, "2025-05", series_id="MARKETABLE")
    scene.claim(3.1, definition=named)
    assert scene.agrees() is agrees


@pytest.mark.parametrize(("official", "agrees"), [(4.145, None), (4.1, False), (4.16, True)])
def test_what_revisions_may_account_for_contradicts_nothing(scene, official, agrees):
    scene.series(is_revised=True)
    scene.observe(official, "2025-05")
    scene.claim(4.2)
    assert scene.agrees() is agrees


@pytest.mark.parametrize(
    ("words", "official", "agrees"),
    [
        ("5月GDP下降", -0.9, True),
        ("5月GDP下降", -2.0, False),
        ("5月GDP下降", 0.9, None),  # only the sign differs
        ("5月GDP增长", 0.9, True),
        ("5月GDP增长", -0.9, None),
        ("5月GDP降至", 0.9, True),  # the level reached
        ("5月GDP增速回落", 2.0, None),  # by how much growth slowed
    ],
)
def test_growth_that_is_said_to_fall_lies_below_nought(scene, words, official, agrees):
    scene.series(metric="real_gdp_growth", definition="annual_rate")
    scene.observe(official, "2025-05")
    scene.claim(0.9, metric="real_gdp_growth", quote="0.9%", sentence=f"{words}0.9%。")
    assert scene.agrees() is agrees


def test_a_fall_of_more_than_so_much_lies_under_it(scene):
    scene.series(metric="real_gdp_growth", definition="annual_rate")
    scene.observe(-32.9, "2025-05")
    scene.claim(30.0, metric="real_gdp_growth", bound="above", quote="30%", sentence="5月GDP下降超过30%。")
    found = scene.compare_one()
    assert found is not None
    assert (found["claimed_value"], found["accepted_low"], found["accepted_high"], found["agrees"]) == (
        -30.0,
        None,
        -30.0,
        True,
    )


# Balances


def trade(scene: Scene) -> None:
    scene.series("TRADE", metric="trade_balance", unit="USD", kind="flow")
    for month, value in (("2024-05", -70e9), ("2025-04", -80e9), ("2025-05", -75e9)):
        scene.observe(value, month, series_id="TRADE")


@pytest.mark.parametrize(
    ("words", "value", "agrees"),
    [
        ("5月贸易逆差为", 75e9, True),
        ("5月貿易逆差為", 65e9, False),
        ("5月贸易顺差为", 75e9, None),  # only the sign differs
        ("5月服务贸易顺差扩大，整体贸易赤字为", 75e9, True),
        ("5月贸易差额为", -75e9, True),
    ],
)
def test_a_deficit_is_a_negative_balance(scene, words, value, agrees):
    trade(scene)
    scene.claim(
        value, metric="trade_balance", unit="USD", half_width=0.5e9, quote=f"{value:g}", sentence=f"{words}{value:g}。"
    )
    assert scene.agrees() is agrees


@pytest.mark.parametrize(
    ("words", "value", "agrees"),
    [
        ("5月贸易逆差环比减少", 5e9, True),
        ("5月贸易逆差环比扩大", 5e9, None),
        ("5月贸易逆差同比扩大", 5e9, True),
        ("5月贸易逆差同比扩大", 9e9, False),
    ],
)
def test_a_deficit_that_grows_is_a_balance_that_falls(scene, words, value, agrees):
    trade(scene)
    claim_change(
        scene, words, value, period="2025-05", relates_to="trade_balance", half_width=0.5e9, quote=f"{value:g}"
    )
    assert scene.agrees() is agrees


def test_a_company_is_known_by_its_name_however_it_is_written(scene):
    scene.series("CAPEX", metric="company_capex", subject="Alphabet|Google", unit="USD", kind="flow")
    scene.observe(24e9, "2025-05", series_id="CAPEX")
    scene.claim(24e9, metric="company_capex", subject="alphabet", unit="USD", half_width=0.05e9)
    assert scene.agrees() is True


def test_growth_across_nought_is_no_percentage(scene):
    scene.series("PROFIT", metric="company_net_income", subject="Amazon", unit="USD", kind="flow", frequency="annual")
    scene.observe(-3e9, "2023", series_id="PROFIT")
    scene.observe(30e9, "2024", series_id="PROFIT")
    claim_change(
        scene, "净利润同比增长", 1000.0, period="2024", relates_to="company_net_income", subject="Amazon", unit="percent", half_width=0.5,
    )  # fmt: skip
    assert scene.compare() == []


@pytest.mark.parametrize(
    ("words", "value", "period", "agrees"),
    [
        ("国债较上年同月增加", 2e12, "2025-05-30", True),
        ("国债较上年同月增加", 9e12, "2025-05-30", False),
        ("国债较大选那天增加", 9e12, "2025-05", None),
    ],
)
def test_a_day_may_be_held_against_the_same_day_a_year_before_and_against_nothing_unknown(
    scene, words, value, period, agrees
):
    scene.debt()
    for when, official in (("2024-05-30", 34e12), ("2025-04-30", 35.9e12), ("2025-05-30", 36e12)):
        scene.observe(official, when, series_id="DEBT")
    claim_change(scene, words, value, period=period, quote=f"{value:g}")
    assert scene.agrees() is agrees
