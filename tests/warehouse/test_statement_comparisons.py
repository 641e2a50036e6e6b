import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.warehouse.contracts import check_rows
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import Observation, StatementComparison, StatementMeasure, StatementThreshold
from tests.warehouse.conftest import Period, Row, Scene, frame, read_seed, span

# A policy of our own, so that a change of seeds/statement_thresholds.csv changes no expectation here.
THRESHOLDS = {
    ("movement", "percent"): 0.1, ("movement", "any"): 0.01, ("movement", "credit_card_debt"): 0.05,
    ("surge", "percent"): 1.0, ("surge", "any"): 0.1, ("sign", "percent"): 0.1, ("sign", "any"): 0.0,
    ("about_equal", "percent"): 0.2, ("about_equal", "any"): 0.15, ("clearly_unequal", "percent"): 0.5, ("clearly_unequal", "any"): 0.3,
    ("seasonal", "any"): 0.0, ("together", "any"): 0.75, ("seasonal", "federal_deficit"): 1.0, ("beaten", "percent"): 0.25, ("beaten", "any"): 0.02,
    ("recent_days", "any"): 90.0, ("ever_years", "any"): 5.0, ("span_slack", "any"): 0.1, ("coverage", "any"): 0.9,
}  # fmt: skip
CLAUSE = "失业率正在变动"


class Statements:
    """A scene of statements without a figure: by default on the unemployment rate, in an article of 2025-06-20."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def state(self, kind: str, relation: str, *, period: Period | None = "2025-06-20", **fields: Any) -> str:
        """Add a statement, by default of the present; gives its claim_id."""
        said: Row = {
            "kind": kind, "relation": relation, "unit": None, "half_width": None, "quote": CLAUSE,
            "period_basis": "article_date" if period == "2025-06-20" else "stated" if period else None,
        } | fields  # fmt: skip
        return self.scene.claim(None, period=period, **said)

    def compare(self) -> list[Row]:
        """The rows of all statements, judged by the real SQL."""
        self.scene.derive()
        policy = [
            {"threshold": name, "applies_to": to, "value": value, "note": "test"}
            for (name, to), value in THRESHOLDS.items()
        ]
        self.scene.put(StatementThreshold, frame(StatementThreshold, policy))
        words = [{name: written or None for name, written in row.items()} for row in read_seed("statement_measures")]
        self.scene.put(StatementMeasure, frame(StatementMeasure, words))
        rows = self.scene.build(StatementComparison)
        assert check_rows(StatementComparison, rows).bad.height == 0
        return rows.sort("claim_id", "basis", "series_id", "reading").to_dicts()

    def one(self, basis: str = "today", **wanted: Any) -> Row:
        """The one row on that day."""
        rows = [
            row
            for row in self.compare()
            if row["basis"] == basis and all(row[name] == value for name, value in wanted.items())
        ]
        assert len(rows) == 1, rows
        return rows[0]

    def outcome(self, basis: str = "today", **wanted: Any) -> bool | str:
        """Whether the figures agree, or why they do not decide."""
        row = self.one(basis, **wanted)
        assert (row["agrees"] is None) == (row["undecided_reason"] is not None)
        return row["undecided_reason"] if row["agrees"] is None else bool(row["agrees"])

    def measure(self, metric: str, values: list[float], **fields: Any) -> None:
        """Add a monthly rate of its own, measured up to May 2025."""
        self.scene.series(metric, metric=metric, **fields)
        self.observe_months(values, series_id=metric)

    def outcomes(self, basis: str = "today") -> dict[str, bool | str]:
        """The outcome of every series."""
        return {
            row["series_id"]: row["undecided_reason"] if row["agrees"] is None else row["agrees"]
            for row in self.compare()
            if row["basis"] == basis
        }

    def observe_months(
        self, values: list[float], *, until: tuple[int, int] = (2025, 5), series_id: str = "RATE", **fields: Any
    ) -> None:
        """Add a value a month, the last one for the month `until`."""
        months = until[0] * 12 + until[1] - len(values)
        self.scene.months((months // 12, months % 12 + 1), values, series_id=series_id, **fields)


@pytest.fixture
def statements(scene: Scene) -> Statements:
    return Statements(scene)


def ramp(first: float, last: float, months: int) -> list[float]:
    return [first + (last - first) * place / (months - 1) for place in range(months)]


# Direction


def test_a_direction_of_the_present_is_measured_over_several_stretches(statements):
    cases: dict[tuple[str, str], tuple[list[float], bool | str]] = {
        ("rises", "rising"): (ramp(3.0, 5.0, 70), True),
        ("falls", "falling"): (ramp(5.0, 3.0, 70), True),
        ("rises", "falling"): (ramp(5.0, 3.0, 70), "stretch_unclear"),  # three hundredths from month to month
        ("rises", "plunging"): (ramp(12.0, 3.0, 70), False),
        ("falls", "surging"): (ramp(3.0, 12.0, 70), False),
        ("rises", "flat"): ([4.0] * 70, "within_noise"),
        ("rises", "turning"): (
            [*ramp(3.0, 5.0, 69), 4.0],
            "stretch_unclear",
        ),  # up over a year, down from the month before
        ("rises", "rising only of late"): ([*[2.0] * 40, *ramp(9.0, 3.0, 30)], "stretch_unclear"),  # up over five years
        ("rises", "just turned"): (
            [*[9.0] * 57, *[3.0] * 11, 3.05, 1.0],
            "stretch_unclear",
        ),  # the writer may not have known the newest
        ("stays", "flat"): ([4.0] * 70, True),
        ("stays", "jumping"): ([*ramp(3.0, 5.0, 69), 9.0], False),
        ("stays", "flat for two years"): ([*[3.0] * 40, *[4.0] * 30], True),
    }
    for (relation, shape), (values, _) in cases.items():
        statements.measure(f"{relation} {shape}", values)
        statements.state("direction", relation, metric=f"{relation} {shape}")
    assert statements.outcomes() == {" ".join(case): outcome for case, (_, outcome) in cases.items()}


def test_what_is_said_of_one_month_is_against_the_month_before_and_other_words_name_another_base(statements):
    values = [*ramp(3.0, 5.0, 69), 4.8]  # up over the year, down in May
    cases: dict[str, tuple[str, Period, bool | str]] = {
        "5月失业率下降": ("falls", "2025-05", True),
        "5月失业率上升": ("rises", "2025-05", "stretch_unclear"),
        "5月失业率较去年同期上升": ("rises", "2025-05", True),
        "失业率较上月下降": ("falls", "2025-06-20", True),
        "失业率下降": ("falls", "2025-06-20", "stretch_unclear"),
        "5月失业率同比下降": ("falls", "2025-05", "stretch_unclear"),
        "5月失业率不变": ("stays", "2025-05", "stretch_unclear"),
    }
    for quote, (relation, period, _) in cases.items():
        statements.measure(quote, values)
        statements.state("direction", relation, metric=quote, quote=quote, period=period)
    assert statements.outcomes() == {quote: case[2] for quote, case in cases.items()}


def test_a_strong_word_needs_a_strong_movement(statements):
    cases = {"失业率上升": True, "失业率飙升": "within_noise", "失業率飆升": "within_noise"}
    for quote in cases:
        statements.measure(quote, [*[4.0] * 69, 4.5])
        statements.state("direction", "rises", metric=quote, quote=quote)
    assert statements.outcomes() == cases


def test_a_direction_over_a_stated_stretch_is_from_the_level_before_it(statements):
    statements.scene.series()
    statements.observe_months([6.0] * 18 + ramp(6.0, 4.0, 7)[1:], until=(2025, 2))
    falls, rises = (
        statements.state("direction", relation, quote=relation, period=("2024-09-01", "2025-02-28"))
        for relation in ("falls", "rises")
    )
    outcomes = {row["claim_id"]: row["agrees"] for row in statements.compare() if row["basis"] == "today"}
    assert outcomes == {falls: True, rises: False}


def test_a_turn_within_the_stretch_leaves_open_which_part_is_meant(statements):
    statements.scene.series()
    statements.observe_months([6.0] * 18 + [5.5, 7.0, 6.5, 5.5, 5.0, 4.0], until=(2025, 2))
    statements.state("direction", "rises", period=("2024-09-01", "2025-02-28"))
    assert statements.outcome() == "stretch_unclear"


def test_a_stretch_whose_last_figure_is_not_out_contradicts_nothing(statements):
    statements.scene.series()
    statements.observe_months([6.0] * 18 + ramp(6.0, 4.0, 7)[1:], until=(2025, 1))
    statements.state("direction", "rises", period=("2024-09-01", "2025-02-28"))
    assert statements.outcome() == "not_published_yet"


def test_a_series_with_a_season_is_held_against_the_same_months_of_other_years(statements):
    statements.scene.series("DEFICIT", metric="federal_deficit", unit="USD", kind="flow", frequency="quarterly")
    for year, values in enumerate(([1e11, 9e11, 1e11, 1e11], [2e11, 18e11, 2e11, 2e11]), start=2023):
        for quarter, value in enumerate(values, start=1):
            statements.scene.observe(value, f"{year}Q{quarter}", series_id="DEFICIT")
    statements.state("direction", "rises", metric="federal_deficit", period="2024Q4")
    assert statements.outcome() is True


def test_below_nought_now_is_contradicted_only_by_three_periods_above_it(statements):
    cases: list[tuple[str, list[float], bool | str]] = [
        ("negative", [0.5, 0.4, -0.3], True),
        ("negative", [0.5, 0.4, 0.3], False),
        ("negative", [-0.5, 0.4, 0.3], "stretch_unclear"),
        ("negative", [0.5, 0.4, 0.04], "within_noise"),
        ("positive", [0.5, 0.4, 0.3], True),
        ("positive", [-0.5, -0.4, -0.3], False),
    ]
    for relation, values, _ in cases:
        statements.measure(f"{relation} {values}", values, definition="year_over_year")
        statements.state("direction", relation, metric=f"{relation} {values}")
    assert statements.outcomes() == {f"{relation} {values}": outcome for relation, values, outcome in cases}


def test_a_time_told_only_by_the_sentences_around_contradicts_no_direction(statements):
    statements.scene.series(metric="cpi_inflation", definition="year_over_year")
    statements.observe_months([5.0, 5.0, 5.0])
    statements.state("direction", "negative", metric="cpi_inflation", period="2025-05", period_basis="context")
    assert statements.outcome() == "period_unknown"


# Turns


def test_a_turn_of_the_present(statements):
    falling_then_flat = [*ramp(6.0, 4.0, 20), *[4.0] * 4]
    cases: dict[tuple[str, str], tuple[list[float], bool | str]] = {
        ("stops_falling", "fell, then lay still"): (falling_then_flat, True),
        ("stops_falling", "still falls"): (ramp(6.0, 4.0, 24), "not_published_yet"),
        ("stops_falling", "had risen"): (ramp(4.0, 6.0, 24), "stretch_unclear"),
        ("starts_rising", "lay still, then rose"): ([*[4.0] * 20, 4.1, 4.2, 4.3], True),
        ("starts_rising", "lies still"): (falling_then_flat, "not_published_yet"),
        ("starts_rising", "had always risen"): (ramp(4.0, 9.0, 30), "stretch_unclear"),
        ("turns_up", "fell, then rose"): ([*ramp(6.0, 4.0, 20), 4.2, 4.4], True),
        ("turns_up", "fell, then lay still"): ([*falling_then_flat, 4.05], "within_noise"),
        ("turns_up", "rose without a fall before"): ([*[4.0] * 20, 4.2, 4.4], "stretch_unclear"),
        ("turns_down", "rose, then fell"): ([*ramp(4.0, 6.0, 20), 5.8, 5.5], True),
        ("starts_falling", "lay still, then fell"): ([*[4.0] * 20, 3.9, 3.8], True),
        ("stops_rising", "rose, then fell"): ([*ramp(4.0, 6.0, 20), 5.8, 5.5], True),
        ("turns_negative", "crossed nought"): ([0.5, 0.4, -0.3], True),
        ("turns_negative", "always below"): ([-0.5, -0.4, -0.6, -0.3], "stretch_unclear"),
        ("turns_positive", "still below"): ([0.5, 0.4, -0.3], "stretch_unclear"),
        ("turns_positive", "nought"): ([-0.5, -0.4, 0.02], "within_noise"),
    }
    for (relation, shape), (values, _) in cases.items():
        statements.measure(f"{relation} {shape}", values)
        statements.state("turn", relation, metric=f"{relation} {shape}")
    assert statements.outcomes() == {" ".join(case): outcome for case, (_, outcome) in cases.items()}


def test_a_turn_in_a_stretch_said_is_looked_for_around_it(statements):
    falls_until_august = [*ramp(6.0, 4.0, 20), *ramp(4.1, 4.9, 9)]
    cases: dict[str, tuple[str, str, list[float], bool | str]] = {
        "there": ("turns_up", "2024-08", falls_until_august, True),
        "next to it": ("turns_up", "2024-09", falls_until_august, True),
        "a year too early": ("stops_falling", "2023-09", falls_until_august, False),
        "went on": ("starts_rising", "2024-08", ramp(9.0, 4.0, 29), False),
        "never fell": ("stops_falling", "2024-08", ramp(4.0, 9.0, 29), "stretch_unclear"),
        "sign": ("turns_negative", "2024-08", [*[0.5] * 19, *[-0.3] * 10], True),
        "other sign": ("turns_negative", "2024-08", [0.5] * 29, False),
    }
    for name, (relation, period, values, _) in cases.items():
        statements.measure(name, values)
        statements.state("turn", relation, metric=name, period=period)
    assert statements.outcomes() == {name: case[3] for name, case in cases.items()}


def test_a_rate_that_is_decided_has_not_stopped_until_a_meeting_has_passed(statements):
    for name, changed_on in (("long ago", date(2025, 4, 20)), ("just now", date(2025, 5, 20))):
        statements.scene.series(name, metric=name, frequency="daily")
        for days in range(0, 400, 10):
            on = date(2025, 6, 18) - timedelta(days=days)
            lowered = 4.0 if on >= changed_on else 4.5 if on >= changed_on - timedelta(days=45) else 5.0
            statements.scene.observe(lowered, on.isoformat(), series_id=name, known_from=on)
        statements.state("turn", "stops_falling", metric=name)
    assert statements.outcomes() == {"long ago": True, "just now": "not_published_yet"}


def test_a_series_with_a_season_turns_every_year(statements):
    statements.measure("federal_deficit", [*ramp(6.0, 4.0, 20), 4.2, 4.4], kind="flow")
    statements.state("turn", "turns_up", metric="federal_deficit", period="2025-05")
    assert statements.compare() == []


def test_of_manufacturing_jobs_turn_where_its_growth_turns_negative(statements):
    statements.scene.series("JOBS", metric="manufacturing_employment", unit="count", kind="stock")
    statements.observe_months([*ramp(100.0, 120.0, 20), 115.0, 110.0], series_id="JOBS")
    statements.state("turn", "turns_negative", metric="industrial_production", quote="美國製造業由增轉減")
    assert statements.outcomes() == {"JOBS": True}


def test_a_deficit_that_grows_is_a_balance_that_falls(statements):
    statements.measure("trade_balance", ramp(-3.0, -12.0, 70))
    said = {"貿易逆差擴大": True, "贸易逆差收窄": False, "贸易收支恶化": True}
    for quote, relation in zip(said, ("rises", "falls", "falls"), strict=True):
        statements.state("direction", relation, metric="trade_balance", quote=quote, period="2025-05")
    agreed = [row["agrees"] for row in statements.compare() if row["basis"] == "today"]
    assert sorted(agreed) == sorted(said.values())


def test_nothing_that_was_not_out_or_came_later_contradicts_a_statement_of_fact(statements):
    cases: dict[str, tuple[Period, str | None, bool | str]] = {
        "out": ("2025-05", None, False),
        "not out yet": ("2025-05", "2025-06-25", "not_published_yet"),
        "a year that still ran": ("2025", None, "not_published_yet"),
    }
    for name, (period, known_from, _) in cases.items():
        statements.scene.series(name, metric=name)
        statements.observe_months(ramp(12.0, 3.0, 77), until=(2025, 4), series_id=name)
        statements.scene.observe(2.0, "2025-05", series_id=name, known_from=known_from)
        statements.state("direction", "rises", metric=name, period=period)
    assert statements.outcomes() == {name: case[2] for name, case in cases.items()}


def test_what_moves_from_a_day_on_is_not_contradicted_by_that_day(statements):
    for frequency, quote in (("weekly", "美联储总资产回升"), ("daily", "其后收益率回升"), ("daily", "收益率回升")):
        name = f"{frequency} {quote}"
        statements.scene.series(name, metric=name, frequency=frequency)
        for days in range(0, 2100, 7):
            on = date(2025, 5, 28) - timedelta(days=days)
            statements.scene.observe(3.0 + days / 50, on.isoformat(), series_id=name, known_from=on)
        statements.state("direction", "rises", metric=name, quote=quote, period="2025-05-29")
    assert statements.outcomes() == {
        "weekly 美联储总资产回升": "period_unknown",
        "daily 其后收益率回升": "period_unknown",
        "daily 收益率回升": False,
    }


def test_a_month_beside_the_record_does_not_say_since_when_it_stands(statements):
    values = [*ramp(9.0, 3.0, 12), *[2.0] * 12, 2.5, 3.0, 3.2, 3.4, 3.8]  # 2023 to May 2025
    cases = {"5月通胀创2023年以来新高": True, "通胀创2023年1月以来新高": False, "2025年5月通胀创2023年以来新高": True}
    for quote in cases:
        statements.measure(quote, values)
        statements.state("record", "highest", metric=quote, quote=quote, since=date(2023, 1, 1), period="2025-05")
    assert statements.outcomes() == cases


# Two metrics


def two_metrics(statements: Statements, pairs: list[tuple[float, float]], name: str = "A") -> None:
    """Two amounts a quarter from 2024Q1 on, the series A and B or what `name` says instead of A."""
    other = name.replace("A", "B")
    for series_id, metric in ((name, f"interest {name}"), (other, f"defense {name}")):
        statements.scene.series(series_id, metric=metric, unit="USD", kind="flow", frequency="quarterly")
    for place, (first, second) in enumerate(pairs):
        period = f"{2024 + place // 4}Q{place % 4 + 1}"
        statements.scene.observe(first, period, series_id=name, known_from="2025-05-20")
        statements.scene.observe(second, period, series_id=other, known_from="2025-05-21")


def state_pair(statements: Statements, relation: str, name: str = "A", **fields: Any) -> str:
    return statements.state(
        "comparison", relation, metric=f"interest {name}", compared_metric=f"defense {name}", **fields
    )


def test_two_metrics_of_the_present(statements):
    cases: list[tuple[str, list[tuple[float, float]], bool | str]] = [
        ("exceeds", [(2.0, 1.0)] * 5, True),
        ("exceeds", [(1.0, 2.0)] * 5, False),
        ("exceeds", [(1.0, 2.0)] * 3 + [(2.0, 1.0), (1.0, 2.0)], "stretch_unclear"),
        ("exceeds", [(1.0, 1.0)] * 5, "within_noise"),
        ("falls_short_of", [(1.0, 2.0)] * 5, True),
        ("falls_short_of", [(2.0, 1.0)] * 5, False),
        ("equals", [(1.1, 1.0)] * 5, True),
        ("equals", [(1.0, 1.1)] * 5, True),
        ("equals", [(1.2, 1.0)] * 5, "within_noise"),
        ("equals", [(1.4, 1.0)] * 5, False),
        ("equals", [(1.0, 1.4)] * 5, False),
        ("equals", [(1.0, -1.0)] * 5, False),
    ]
    for place, (relation, pairs, _) in enumerate(cases):
        two_metrics(statements, pairs, f"A{place:02}")
        state_pair(statements, relation, f"A{place:02}")
    assert statements.outcomes() == {f"A{place:02}": outcome for place, (_, _, outcome) in enumerate(cases)}


def test_a_yearly_rate_is_compared_with_yearly_ones(statements):
    for metric, name in (("core_cpi_inflation", "CORE"), ("cpi_inflation", "ALL")):
        for definition, values in (("year_over_year", [3.0] * 14), ("month_over_month", [0.2] * 14)):
            series_id = f"{name}.{definition}"
            statements.scene.series(series_id, metric=metric, definition=definition)
            statements.observe_months([value - 0.5 * (name == "CORE") for value in values], series_id=series_id)
    quote = "核心CPI年增率低於整體CPI"
    statements.state(
        "comparison", "falls_short_of", metric="core_cpi_inflation", compared_metric="cpi_inflation", quote=quote
    )
    rows = [(row["series_id"], row["compared_series_id"], row["agrees"]) for row in statements.compare()]
    assert set(rows) == {("CORE.year_over_year", "ALL.year_over_year", True)}


def test_two_metrics_over_a_stretch_are_compared_by_their_means(statements):
    two_metrics(statements, [(3.0, 1.0), (1.0, 2.0), (9.0, 1.0)])
    state_pair(statements, "exceeds", period=("2024-01-01", "2024-06-30"))
    row = statements.one()
    assert (row["agrees"], row["official_value"], row["compared_value"]) == (True, 2.0, 1.5)
    assert (row["official_period_start"], row["official_period_end"]) == (date(2024, 1, 1), date(2024, 6, 30))
    assert (row["reading"], row["compared_series_id"], row["known_from"]) == ("B", "B", date(2025, 5, 21))


def test_two_metrics_are_compared_over_the_newest_period_that_both_have(statements):
    two_metrics(statements, [(2.0, 1.0)] * 5)
    statements.scene.observe(0.1, "2025Q2", series_id="A", known_from="2025-06-01", period_end=date(2025, 5, 31))
    state_pair(statements, "exceeds")
    assert statements.one()["official_period_end"] == date(2025, 3, 31)


def test_each_pair_of_definitions_is_a_row_of_its_own(statements):
    two_metrics(statements, [(1.0, 1.0)] * 5)
    statements.scene.series(
        "GROSS", metric="interest A", unit="USD", kind="flow", frequency="quarterly", definition="gross"
    )
    for quarter in ("2024Q2", "2024Q3", "2024Q4", "2025Q1"):
        statements.scene.observe(9.0, quarter, series_id="GROSS", known_from="2025-05-20")
    state_pair(statements, "equals")
    rows = [row for row in statements.compare() if row["basis"] == "today"]
    assert [(row["series_id"], row["definition"], row["agrees"]) for row in rows] == [
        ("A", None, True),
        ("GROSS", "gross", False),
    ]


def test_series_in_other_units_are_not_compared(statements):
    two_metrics(statements, [(1.0, 1.0)] * 5)
    statements.scene.series("RATE", metric="unemployment_rate", frequency="quarterly")
    statements.scene.observe(4.0, "2025Q1", series_id="RATE", known_from="2025-05-20")
    statements.state("comparison", "exceeds", metric="interest A", compared_metric="unemployment_rate")
    assert statements.compare() == []


# Streaks


def test_a_streak_up_to_now(statements):
    cases: list[tuple[str, int, list[float], bool | str]] = [
        ("rises", 3, [4.0, 4.1, 4.2, 4.3], True),
        ("rises", 3, [4.0, 3.0, 4.2, 4.3], "stretch_unclear"),  # too few months to know of one that ended before
        ("rises", 2, [5.0, 4.0, 3.0, 4.2, 4.3], True),
        ("falls", 2, [3.0, 4.0, 5.0, 6.0, 7.0], False),
        ("falls", 3, [7.0, 6.0, 5.0, 4.0, 4.5], "stretch_unclear"),  # the writer may not have known the newest
        ("stays", 2, [4.0, 4.0, 4.0], True),
        ("rises", 2, [4.0, 4.0, 4.1], "within_noise"),
    ]
    for relation, length, values, _ in cases:
        statements.measure(f"{relation} {length} {values}", values)
        statements.state(
            "streak",
            f"consecutive_{relation}",
            metric=f"{relation} {length} {values}",
            streak_length=length,
            streak_unit="month",
        )
    assert statements.outcomes() == {
        f"{relation} {length} {values}": outcome for relation, length, values, outcome in cases
    }


def test_a_missing_month_breaks_no_streak_and_makes_none(statements):
    statements.scene.series()
    for month, value in (("2025-01", 4.0), ("2025-02", 4.2), ("2025-04", 4.4), ("2025-05", 4.6)):
        statements.scene.observe(value, month)
    statements.state("streak", "consecutive_rises", streak_length=3, streak_unit="month")
    assert statements.outcome() == "within_noise"


def growth(statements: Statements, **fields: Any) -> str:
    statements.scene.article(published_on="2025-08-31")
    statements.scene.series(
        "GROWTH", metric="real_gdp_growth", definition="annual_rate", frequency="quarterly", is_revised=True
    )
    said: Row = {"metric": "real_gdp_growth", "streak_length": 2, "streak_unit": "quarter", "period": "2022"} | fields
    return statements.state("streak", "consecutive_negative", **said)


def observe_2022(statements: Statements, *, revised_on: str = "2024-09-26") -> None:
    """Two quarters that were first published as negative; the second was revised to growth later."""
    before = (date.fromisoformat(revised_on) - timedelta(days=1)).isoformat()
    statements.scene.observe(7.0, "2021Q4", series_id="GROWTH", known_from="2022-01-27")
    statements.scene.observe(-1.4, "2022Q1", series_id="GROWTH", known_from="2022-04-28", known_until=before)
    statements.scene.observe(-1.0, "2022Q1", series_id="GROWTH", known_from=revised_on)
    statements.scene.observe(-0.9, "2022Q2", series_id="GROWTH", known_from="2022-07-28", known_until=before)
    statements.scene.observe(0.3, "2022Q2", series_id="GROWTH", known_from=revised_on)
    statements.scene.observe(2.7, "2022Q3", series_id="GROWTH", known_from="2022-10-27")
    statements.scene.observe(2.6, "2022Q4", series_id="GROWTH", known_from="2023-01-26")


def test_two_quarters_of_negative_growth_as_first_published_and_as_revised(statements):
    growth(statements)
    observe_2022(statements)
    rows = {(row["basis"], row["reading"]): row for row in statements.compare()}
    assert {key: row["agrees"] for key, row in rows.items()} == {
        ("when_published", "as_known"): False, ("when_published", "first_published"): True,
        ("today", "as_known"): False, ("today", "first_published"): True,
    }  # fmt: skip
    assert rows["today", "first_published"]["definition"] == "first_published"
    assert rows["today", "as_known"]["told_en"] == "-1% in 2022Q1, 0.3% in 2022Q2"
    assert rows["today", "first_published"]["told_en"] == "as first published, -1.4% in 2022Q1, -0.9% in 2022Q2"
    assert rows["today", "first_published"]["told_zh"] == "按首次公布的数据，2022Q1为-1.4%，2022Q2为-0.9%"
    assert rows["today", "first_published"]["told_zh_hant"] == "按首次公布的數據，2022Q1為-1.4%，2022Q2為-0.9%"


def test_a_streak_that_was_so_when_published_needs_no_first_estimates_that_day(statements):
    growth(statements)
    observe_2022(statements, revised_on="2025-09-25")
    rows = [(row["basis"], row["reading"], row["agrees"]) for row in statements.compare()]
    assert rows == [
        ("today", "as_known", False),
        ("today", "first_published", True),
        ("when_published", "as_known", True),
    ]


def test_years_in_a_row_are_counted_back_from_the_newest_day(statements):
    statements.scene.debt()
    for year in range(2015, 2026):
        statements.scene.observe(year * 1e12, f"{year}-06-13", series_id="DEBT")
    statements.state("streak", "consecutive_rises", metric="federal_debt", streak_length=10, streak_unit="year")
    assert statements.outcome() is True


def test_another_calendar_leaves_open_what_it_does_not_bear_out(statements):
    statements.scene.debt()
    for year in range(2015, 2026):
        statements.scene.observe((2040 - year) * 1e12, f"{year}-06-13", series_id="DEBT")
    statements.state("streak", "consecutive_rises", metric="federal_debt", streak_length=3, streak_unit="year")
    assert statements.outcome() == "stretch_unclear"


def test_decisions_in_a_row_are_told_from_the_rate(statements):
    cut_of_late = {"2024-01-01": 5.5, "2025-03-20": 5.25, "2025-05-08": 5.0, "2025-06-19": 4.75}
    cases: list[tuple[str, int, dict[str, float], bool | str]] = [
        ("stays", 5, {"2024-01-01": 5.5, "2024-10-31": 5.25}, True),  # 231 days: five meetings
        ("stays", 5, {"2024-01-01": 5.5, "2025-05-08": 5.25}, False),
        ("stays", 6, {"2024-01-01": 5.5, "2024-10-31": 5.25}, "stretch_unclear"),
        ("falls", 3, cut_of_late, True),
        ("rises", 3, cut_of_late, False),
        ("falls", 4, cut_of_late, "stretch_unclear"),
    ]
    for place, (relation, length, changes, _) in enumerate(cases):
        name, value = str(place), 0.0
        statements.scene.series(name, metric=name, definition="target_range_upper", frequency="daily")
        for days in range(536):
            day = date(2024, 1, 1) + timedelta(days=days)
            value = changes.get(day.isoformat(), value)
            statements.scene.observe(value, day.isoformat(), series_id=name, known_from=day)
        statements.state("streak", f"consecutive_{relation}", metric=name, streak_length=length, streak_unit="time")
    assert statements.outcomes() == {str(place): outcome for place, (*_, outcome) in enumerate(cases)}


# Records


def test_a_record_since_a_year(statements):
    cases: list[tuple[str, list[float], bool | str]] = [
        ("highest", [*[4.0] * 60, 5.0], True),
        ("highest", [*[4.0] * 30, 6.0, *[4.0] * 29, 5.0], False),
        ("highest", [*[4.0] * 30, 5.2, *[4.0] * 29, 5.0], "within_noise"),
        ("highest", [*[4.0] * 58, 6.0, 5.5, 5.0], "stretch_unclear"),  # it may be the one of two months before
        ("highest", [*[9.0] * 12, *[4.0] * 40, 5.0], True),  # 2021 itself may have stood higher
        ("lowest", [*[4.0] * 60, 3.0], True),
        ("lowest", [*[4.0] * 30, 2.0, *[4.0] * 29, 3.0], False),
    ]
    for place, (relation, values, _) in enumerate(cases):
        statements.measure(str(place), values)
        statements.state("record", relation, metric=str(place), since=date(2021, 1, 1), quote="目前为2021年以来最高")
    assert statements.outcomes() == {str(place): outcome for place, (*_, outcome) in enumerate(cases)}


def test_a_record_since_before_the_series_begins_is_not_borne_out(statements):
    statements.scene.series()
    statements.observe_months([*[4.0] * 60, 5.0])
    statements.state("record", "highest", since=date(2001, 1, 1), quote="为2001年以来最高")
    assert statements.outcome() == "history_too_short"


def test_a_series_with_gaps_bears_out_no_record(statements):
    statements.scene.series()
    for year in range(2020, 2026):
        statements.scene.observe(4.0 if year < 2025 else 5.0, f"{year}-05")
    statements.state("record", "highest", since=date(2021, 1, 1), quote="目前为2021年以来最高")
    assert statements.outcome() == "history_too_short"


def test_a_record_stands_while_the_newest_value_is_no_further_from_it_than_noise(statements):
    cases: dict[str, tuple[list[float], bool | str]] = {
        "noise": ([*ramp(3.0, 4.9, 68), 5.0, 4.95], True),
        "fallen since": ([*ramp(3.0, 4.7, 68), 5.0, 4.8], "stretch_unclear"),
        "as high before": ([*ramp(3.0, 4.97, 60), *[4.0] * 8, 5.0, 4.95], "within_noise"),
    }
    for metric, (values, _) in cases.items():
        statements.measure(metric, values)
        statements.state("record", "highest", metric=metric, quote="失业率创历史新高")
    assert statements.outcomes() == {metric: outcome for metric, (_, outcome) in cases.items()}


def test_a_record_of_all_history(statements):
    cases: list[tuple[int, bool, str, bool | str]] = [
        (70, False, "目前失业率创历史新高", True),
        (40, False, "目前失业率创历史新高", "history_too_short"),
        (70, True, "目前失业率创历史新高", False),
        (40, True, "目前失業率創歷史新高", False),
        (70, True, "目前失业率创下新高", "stretch_unclear"),  # a new high of some stretch, not of all of history
    ]
    for place, (months, beaten, quote, _) in enumerate(cases):
        statements.measure(str(place), [9.0 if beaten else 3.0, *[4.0] * (months - 2), 5.0])
        statements.state("record", "highest", metric=str(place), quote=quote)
    assert statements.outcomes() == {str(place): outcome for place, (*_, outcome) in enumerate(cases)}


def test_a_record_is_told_with_the_one_it_is_held_against(statements):
    statements.scene.series()
    statements.observe_months([*[4.0] * 30, 6.0, *[4.0] * 29, 5.0])
    statements.state("record", "highest", since=date(2021, 1, 1), quote="目前为2021年以来最高")
    row = statements.one()
    assert (row["official_value"], row["compared_value"]) == (5.0, 6.0)
    assert row["told_en"] == "5% in 2025-05, the highest otherwise 6% in 2022-11, the figures held begin on 2022-01-01"


# What holds for all of them


def test_a_word_for_the_change_names_the_definition(statements):
    for definition, last in (("year_over_year", 3.0), ("month_over_month", 0.9)):
        statements.scene.series(definition, metric="cpi_inflation", definition=definition)
        statements.observe_months([5.0 if definition == "year_over_year" else 0.4] * 30 + [last], series_id=definition)
    said = {"metric": "cpi_inflation", "since": date(2023, 8, 1)}
    statements.state("record", "highest", quote="环比涨幅为2023年8月以来最高", **said)
    assert statements.outcome(series_id="month_over_month") is True
    assert [row["series_id"] for row in statements.compare()] == ["month_over_month"] * 2


def test_manufacturing_shrinks_in_its_output_or_in_its_jobs(statements):
    statements.scene.series("OUTPUT", metric="industrial_production", definition="manufacturing_year_over_year")
    statements.scene.series("ALL", metric="industrial_production", definition="year_over_year")
    statements.scene.series("JOBS", metric="manufacturing_employment", unit="count", kind="stock")
    statements.observe_months([1.0] * 30, series_id="OUTPUT")
    statements.observe_months([1.0] * 30, series_id="ALL")
    statements.observe_months(ramp(13e6, 12e6, 30), series_id="JOBS")
    statements.state("direction", "negative", metric="industrial_production", quote="美國製造業亦在萎縮")
    rows = [
        (row["series_id"], row["definition"], row["agrees"]) for row in statements.compare() if row["basis"] == "today"
    ]
    assert rows == [("JOBS", "manufacturing_employment", True), ("OUTPUT", "manufacturing_year_over_year", False)]


def test_of_several_companies_each_is_a_case_of_its_own(statements):
    for name in ("Microsoft|微软", "Alphabet|谷歌", "NVIDIA|英伟达"):
        statements.scene.series(
            name[:4], metric="company_revenue", subject=name, unit="USD", kind="flow", frequency="annual"
        )
        for year, value in ((2023, 1.0), (2024, 1.2 if name.startswith("M") else 0.5)):
            statements.scene.observe(value, str(year), series_id=name[:4])
    statements.state(
        "direction", "rises", metric="company_revenue", subject="微软和alphabet(GOOGL)", quote="目前营收增长"
    )
    rows = [(row["definition"], row["agrees"]) for row in statements.compare() if row["basis"] == "today"]
    assert rows == [("Alphabet", None), ("Microsoft", True)]


def test_what_may_not_contradict(statements):
    cases: dict[str, Row] = {
        "other_definition": {},
        "period_unknown": {"period": None},
        "no word says that it is the present": {"quote": "失业率上升"},
        "vintage_not_held": {"sentence": "初值显示失业率上升。"},
        "outcome_differs": {"modality": "projection", "period": "2025-05"},
    }
    for reason, fields in cases.items():
        statements.measure(reason, ramp(12.0, 3.0, 70), is_proxy=reason == "other_definition")
        statements.state("direction", "rises", metric=reason, **fields)
    assert statements.outcomes() == {case: case if "_" in case else "period_unknown" for case in cases}


def test_what_does_not_say_that_it_is_the_present_is_contradicted_only_beside_a_definition_that_bears_it_out(
    statements,
):
    for definition, values in (("a", ramp(3.0, 12.0, 70)), ("b", ramp(12.0, 3.0, 70))):
        statements.scene.series(definition, definition=definition)
        statements.observe_months(values, series_id=definition)
    statements.state("direction", "rises", quote="失业率上升")
    assert statements.outcomes() == {"a": True, "b": False}


def test_a_forecast_is_not_judged_by_an_outcome_before_it_is_there(statements):
    statements.scene.series()
    statements.observe_months(ramp(3.0, 12.0, 70))
    statements.state("direction", "rises", modality="projection", period="2025-05")
    statements.state("direction", "rises", modality="projection", quote="失业率将上升")
    assert [(row["basis"], row["agrees"]) for row in statements.compare()] == [("today", True)]


def test_a_level_passed_for_the_first_time(statements):
    cases: dict[str, tuple[list[float], bool | str]] = {
        "now": ([*ramp(3.0, 4.9, 69), 5.1], True),
        "before": ([*ramp(3.0, 4.8, 40), 5.6, *ramp(4.8, 3.0, 28), 5.1], False),
        "barely before": ([*ramp(3.0, 4.8, 40), 5.1, *ramp(4.8, 3.0, 28), 5.1], "stretch_unclear"),
        "without history": ([*ramp(3.0, 4.9, 20), 5.1], "history_too_short"),
    }
    for metric, (values, _) in cases.items():
        statements.measure(metric, values)
        quote, sentence = f"{metric}首次突破5%", f"目前{metric}史上首次突破5%。"
        statements.state("record", "first", metric=metric, quote=quote, sentence=sentence)
        statements.scene.claim(5.0, metric=metric, bound="above", quote="5%", sentence=sentence, claim_id=metric)
    assert statements.outcomes() == {metric: outcome for metric, (_, outcome) in cases.items()}


def test_a_first_time_below_nought(statements):
    cases: dict[str, tuple[list[float], bool | str]] = {
        "now": ([*[-1.0] * 10, *ramp(1.0, 3.0, 58), 0.5, -0.6], True),
        "before": ([*ramp(1.0, 3.0, 40), -0.9, *ramp(1.0, 3.0, 28), -0.6], False),
    }
    for metric, (values, _) in cases.items():
        statements.measure(metric, values)
        quote = f"{metric}2020年以来首次萎缩"
        statements.state(
            "record", "first", metric=metric, quote=quote, sentence=f"目前{quote}。", since=date(2020, 1, 1)
        )
    assert statements.outcomes() == {metric: outcome for metric, (_, outcome) in cases.items()}


def test_a_first_time_since_a_year_looks_no_further_back(statements):
    statements.scene.series()
    statements.observe_months([*ramp(6.0, 3.0, 40), *ramp(3.0, 4.8, 50), 5.1])
    sentence = "失业率自2021年以来首次突破5%。"
    statements.state("record", "first", quote="自2021年以来首次突破5%", sentence=sentence, since=date(2021, 1, 1))
    statements.scene.claim(5.0, bound="above", quote="5%", sentence=sentence)
    row = statements.one()
    # within the last ninety days it may have been passed before
    assert (row["agrees"], row["official_value"], round(row["compared_value"], 2)) == (True, 5.1, 4.73)
    assert row["told_en"].startswith(
        "5.1% in 2025-05, the highest otherwise 4.727% in 2025-02, the figures held begin on 2022-"
    )


def test_metrics_that_move_together(statements):
    zigzag = [4.0 + (0.5 if month % 2 else 0.0) + month / 100 for month in range(30)]
    for name, other in (
        ("same", zigzag),
        ("opposite", [-value for value in zigzag]),
        ("steady", [4.0] * 30),
        ("mixed", ramp(3.0, 5.0, 30)),
    ):
        statements.measure(name, zigzag)
        statements.scene.series(f"{name} other", metric=f"{name} other", unit="USD", kind="stock")
        statements.observe_months(other, series_id=f"{name} other")
        statements.state("comparison", "moves_with", metric=name, compared_metric=f"{name} other")
    assert statements.outcomes() == {
        "same": True,
        "opposite": False,
        "steady": "stretch_unclear",
        "mixed": "stretch_unclear",
    }


def test_metrics_that_part_ways(statements):
    zigzag = [4.0 + (0.5 if month % 2 else 0.0) + month / 100 for month in range(30)]
    for name, other in (("same", zigzag), ("opposite", [-value for value in zigzag])):
        statements.measure(name, zigzag)
        statements.scene.series(f"{name} other", metric=f"{name} other", unit="USD", kind="stock")
        statements.observe_months(other, series_id=f"{name} other")
        statements.state("comparison", "diverges_from", metric=name, compared_metric=f"{name} other", quote="两者背离")
    assert statements.outcomes() == {"same": "stretch_unclear", "opposite": True}


def test_what_has_no_rule_has_no_row(statements):
    statements.scene.series()
    statements.observe_months([4.0] * 70)
    for kind, relation in (
        ("record", "first"),  # without a level that was passed
        ("comparison", "diverges_from"),  # an imbalance
        ("record", "largest_rise"),
    ):
        statements.state(kind, relation, compared_metric="unemployment_rate", quote=f"失业率{relation}失衡")
    assert statements.compare() == []


def test_without_a_day_of_publication_nothing_is_said(statements):
    statements.scene.article("undated", published_on=None)
    statements.scene.series()
    statements.observe_months(ramp(3.0, 12.0, 70))
    statements.state("direction", "rises", article_id="undated")
    assert statements.compare() == []


def test_a_revised_series_without_its_vintages_bears_out_but_does_not_contradict_when_published(statements):
    statements.scene.series(is_revised=True)
    statements.observe_months(ramp(12.0, 3.0, 70), known_basis="release_lag")
    statements.state("direction", "rises")
    statements.state("direction", "falls", quote="失业率正在下降")
    rows = [(row["basis"], row["agrees"], row["undecided_reason"]) for row in statements.compare()]
    assert sorted(rows, key=str) == sorted(
        [
            ("today", False, None), ("today", True, None),
            ("when_published", None, "vintage_not_held"), ("when_published", True, None),
        ],
        key=str,
    )  # fmt: skip


def state_everything(statements: Statements) -> None:
    """One statement of every kind on a monthly rate that is revised, and on a pair."""
    scene = statements.scene
    scene.series("RATE", is_revised=True)
    scene.series("OTHER", metric="mortgage_rate_30y")
    for relation in ("rises", "falls", "stays"):
        statements.state("direction", relation, quote=f"失业率{relation}")
        statements.state("direction", relation, quote=f"去年失业率{relation}", period="2024")
        statements.state(
            "streak", f"consecutive_{relation}", quote=f"失业率连续{relation}", streak_length=2, streak_unit="month"
        )
    for relation in ("stops_falling", "starts_rising", "turns_down", "turns_negative"):
        statements.state("turn", relation, quote=f"失业率{relation}")
        statements.state("turn", relation, quote=f"去年失业率{relation}", period="2024")
    for relation in ("highest", "lowest"):
        statements.state("record", relation, quote=f"失业率2021年以来{relation}", since=date(2021, 1, 1))
    for relation in ("exceeds", "equals", "falls_short_of"):
        statements.state("comparison", relation, quote=f"失业率{relation}房贷利率", compared_metric="mortgage_rate_30y")


def observe_at_random(scene: Scene, chance: random.Random, series_id: str, first_known: Callable[[date], date]) -> None:
    for month in range(60):
        period = f"{2020 + (5 + month) // 12}-{(5 + month) % 12 + 1:02d}"
        scene.observe(
            round(chance.uniform(3.0, 6.0), 1), period, series_id=series_id, known_from=first_known(span(period)[1])
        )


@pytest.mark.parametrize("seed", range(3))
def test_what_became_known_later_never_changes_what_was_said_when_published(statements, seed):
    chance = random.Random(seed)
    state_everything(statements)
    for series_id in ("RATE", "OTHER"):
        observe_at_random(statements.scene, chance, series_id, lambda end: end + timedelta(days=7))
    before = [row for row in statements.compare() if row["basis"] == "when_published"]
    assert {row["reading"] for row in before} >= {"as_known", "OTHER"}
    for row in list(statements.scene.rows[Observation]):
        if chance.random() < 0.5:
            revised_on = date(2025, 6, 21) + timedelta(days=chance.randrange(400))
            row["known_until"] = revised_on - timedelta(days=1)
            start, end = row["period_start"], row["period_end"]
            statements.scene.observe(
                round(chance.uniform(0.0, 99.0), 1),
                (start.isoformat(), end.isoformat()),
                series_id=row["series_id"],
                known_from=revised_on,
            )
    for month in ("2025-06", "2025-07"):
        statements.scene.observe(50.0, month, series_id="RATE", known_from="2025-06-21")
    after = [row for row in statements.compare() if row["basis"] == "when_published"]
    assert after == before


def test_every_figure_used_was_known_on_the_day(statements):
    chance = random.Random(7)
    state_everything(statements)
    for series_id in ("RATE", "OTHER"):
        observe_at_random(statements.scene, chance, series_id, lambda end: end + timedelta(days=chance.randrange(200)))
    rows = [row for row in statements.compare() if row["basis"] == "when_published"]
    assert rows
    assert all(row["known_from"] <= date(2025, 6, 20) for row in rows)


def ask_again(work: Work, row: Row) -> tuple[float | None, float | None]:
    try:
        official, compared = work.connection.execute(row["evidence_sql"]).fetchall()[0]
    except duckdb.Error as error:
        raise AssertionError(row["evidence_sql"]) from error
    return official, compared


def test_the_evidence_gives_both_values_again(statements, judging_work):
    chance = random.Random(11)
    state_everything(statements)
    for series_id in ("RATE", "OTHER"):
        observe_at_random(statements.scene, chance, series_id, lambda end: end + timedelta(days=7))
    for row in statements.compare():
        assert ask_again(judging_work, row) == (row["official_value"], row["compared_value"])


def test_the_evidence_of_a_derived_series_gives_its_values_again(statements, judging_work):
    statements.scene.series("INPUT", metric=None, kind="index", unit="index")
    statements.scene.series(
        "YEARLY", metric="cpi_inflation", definition="year_over_year", derivation="year_over_year", derived_from="INPUT"
    )
    statements.observe_months([100 * 1.002**month for month in range(60)], series_id="INPUT")
    statements.state("direction", "stays", metric="cpi_inflation")
    row = statements.one()
    assert "derived_observations" not in row["evidence_sql"]
    assert ask_again(judging_work, row) == pytest.approx((row["official_value"], row["compared_value"]), rel=1e-8)


def test_a_changed_observation_shows_in_the_evidence(statements, judging_work):
    statements.scene.series()
    statements.observe_months(ramp(3.0, 5.0, 70))
    statements.state("direction", "rises")
    row = statements.one()
    judging_work.connection.execute("UPDATE observations SET value = 99 WHERE period_end = '2025-05-31'")
    assert ask_again(judging_work, row) == (99.0, row["compared_value"])
