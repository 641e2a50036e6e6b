"""Where a verdict would turn: judged again with the observations moved so that the official figure lies just on either side."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import Comparison, ForecastError
from tests.warehouse.conftest import Row, Scene

BEFORE = 36.0e12


@dataclass(frozen=True, slots=True)
class Case:
    """A claim of one kind with its series.

    Attributes:
        series: what the series is beyond the scene's default; its metric is the case's own.
        observations: values and periods; the last is the one that is moved.
        claim: the claim's fields.
        to_observed: the last observation's value at which the official figure is the one given.
        hedges: hedge words.
    """

    series: Row
    observations: list[tuple[float, str]]
    claim: Row
    to_observed: Callable[[float], float] = field(default=lambda official: official)


STOCK: Row = {"unit": "USD", "frequency": "daily", "kind": "stock"}
FLOW: Row = {"unit": "USD", "frequency": "monthly", "kind": "flow"}


def change(words: str, value: float, unit: str, **fields: object) -> Row:
    """A claim on how much something changed in 2024."""
    quote = f"{value}"
    return {
        "value": value, "unit": unit, "half_width": abs(value) / 200, "quote": quote, "sentence": f"2024年{words}{quote}。", "period": "2024", "is_change": True,
    } | fields  # fmt: skip


def stock_change(words: str, value: float, unit: str, official: float, to_observed: Callable[[float], float]) -> Case:
    return Case(
        STOCK,
        [(BEFORE, "2023-12-31"), (to_observed(official), "2024-12-31")],
        change(words, value, unit),
        to_observed,
    )


CASES = {
    "a level that agrees": Case(STOCK, [(38.02e12, "2025-05-30")], {"value": 38.0e12, "half_width": 5e10, "unit": "USD", "period": "2025-05-30"}),
    "a level that does not": Case(STOCK, [(30.0e12, "2025-05-30")], {"value": 38.0e12, "half_width": 5e10, "unit": "USD", "period": "2025-05-30"}),
    "a level on any day of a month": Case(STOCK, [(38.02e12, "2025-05-30")], {"value": 38.0e12, "half_width": 5e10, "unit": "USD", "period": "2025-05"}),
    "a threshold passed": Case(STOCK, [(38.4e12, "2025-05-30")], {"value": 38e12, "half_width": 5e11, "unit": "USD", "period": "2025-05-30", "bound": "above"}),
    "a rate": Case({}, [(4.25, "2025-05")], {"value": 4.2}),
    "a revised rate": Case({"is_revised": True}, [(5.2, "2025-05")], {"value": 4.2}),
    "growth below nought": Case({"definition": "annual_rate"}, [(-0.9, "2025-05")], {"value": -0.9}),
    "growth said to fall": Case(
        {"definition": "annual_rate"}, [(-0.9, "2025-05")], {"value": 0.9, "quote": "0.9%", "sentence": "5月GDP下降0.9%。"}
    ),
    "a range": Case({}, [(4.1, "2025-05")], {"value": (4.0, 4.4)}),
    "a share said as a multiple": Case({}, [(121.0, "2025-05")], {"value": 1.2, "unit": "ratio", "half_width": 0.05}),
    "a market rate": Case({"frequency": "daily"}, [(4.98, "2025-05-30")], {"value": 4.9, "period": "2025-05-30"}),
    "a market rate far off": Case({"frequency": "daily"}, [(9.9, "2025-05-30")], {"value": 4.9, "period": "2025-05-30"}),
    "a sum": Case(
        FLOW, [(100e9, "2025-03"), (150e9, "2025-04"), (200e9, "2025-05")],
        {"value": 450e9, "unit": "USD", "half_width": 5e9, "period": ("2025-03-01", "2025-05-31")}, lambda official: official - 250e9,
    ),
    "a rise": stock_change("增加", 2.2e12, "USD", 2.21e12, lambda rise: BEFORE + rise),
    "a rise of another size": stock_change("增加", 2.2e12, "USD", 3.3e12, lambda rise: BEFORE + rise),
    "a fall": stock_change("减少", 2.2e12, "USD", 2.21e12, lambda fall: BEFORE - fall),
    "growth in percent": stock_change("增长", 6.0, "percent", 6.02, lambda growth: BEFORE * (1 + growth / 100)),
    "a decline in percent": stock_change("下降", 6.0, "percent", 6.02, lambda decline: BEFORE * (1 - decline / 100)),
    "growth of a revised stock": Case(
        STOCK | {"is_revised": True}, [(BEFORE, "2023-12-31"), (BEFORE * 1.2, "2024-12-31")], change("增长", 6.0, "percent"),
        lambda growth: BEFORE * (1 + growth / 100),
    ),
    "a rate in points": Case(
        {"frequency": "annual"}, [(4.0, "2023"), (4.5, "2024")], change("上升", 0.5, "percentage_point", half_width=0.05), lambda rise: 4.0 + rise,
    ),
    "a forecast": Case(
        {"frequency": "annual", "is_projection": True}, [(118.0, "FY2035")],
        {"value": 118.0, "half_width": 0.5, "modality": "projection", "period": "FY2035", "known_from": "2025-01-17"},
    ),
    "a forecast beyond its error": Case(
        {"frequency": "annual", "is_projection": True}, [(180.0, "FY2035")],
        {"value": 118.0, "half_width": 0.5, "modality": "projection", "period": "FY2035", "known_from": "2025-01-17"},
    ),
}  # fmt: skip


def judge(work: Work, officials: dict[str, float]) -> dict[str, Row]:
    """The verdict and the official figure of today of every case, the figures brought to the values given."""
    scene = Scene(work)
    for place, (name, case) in enumerate(CASES.items()):
        fields = dict(case.claim)
        metric = f"case_{place}_to_gdp"
        known_from = fields.pop("known_from", None)
        aimed_at = {"metric": None, "relates_to": metric} if fields.pop("is_change", False) else {"metric": metric}
        scene.series(name, metric=metric, **case.series)
        *others, (value, period) = case.observations
        for one, its_period in others:
            scene.observe(one, its_period, series_id=name)
        moved = case.to_observed(officials[name]) if name in officials else value
        scene.observe(moved, period, series_id=name, known_from=known_from)
        claim: Row = {"value": 4.2, "claim_id": name} | fields | aimed_at
        scene.claim(**claim)
        scene.rows[ForecastError].append({"metric": metric, "years_ahead": 11, "error": 15.0, "source": "test"})
    verdicts = scene.judge()
    figures = work.read(Comparison).filter(basis="today").to_dicts()
    return {row["claim_id"]: verdicts[row["claim_id"]] | row for row in figures}


@pytest.fixture(scope="module")
def turned(judging_work: Work) -> tuple[dict[str, Row], dict[str, Row], dict[str, Row]]:
    judged = judge(judging_work, {})
    flips = {name: row["flips_at"] for name, row in judged.items()}
    below, above = (
        judge(judging_work, {name: flip + sign * 1e-7 * abs(flip) for name, flip in flips.items()}) for sign in (-1, 1)
    )
    return judged, below, above


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_turns_exactly_at_flips_at(turned, name):
    judged, below, above = (rows[name] for rows in turned)
    assert below["official_value"] < judged["flips_at"] < above["official_value"]
    assert below["verdict_today"] != above["verdict_today"]
    assert judged["verdict_today"] in {below["verdict_today"], above["verdict_today"]}


@pytest.mark.parametrize("name", CASES)
def test_between_the_official_figure_and_flips_at_the_verdict_stays(turned, name):
    judged, below, above = (rows[name] for rows in turned)
    nearer = below if judged["official_value"] < judged["flips_at"] else above
    assert nearer["verdict_today"] == judged["verdict_today"]
