"""Properties of the rule as a whole: what says the same thing in other words, or of a mirrored world, is judged the same."""

import random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import Comparison
from tests.warehouse.conftest import Row, Scene
from tests.warehouse.test_statement_comparisons import Statements

# Each example judges some dozen claims at once: few are enough, and shrinking one would take minutes.
SOME = settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
amounts = st.floats(1.0, 1000.0).map(lambda amount: round(amount, 2))
pairs = st.lists(st.tuples(amounts, amounts), min_size=8, max_size=12)
seeds = st.integers(0, 10**6)


def both_days(row: Row) -> tuple[str, str, str | None]:
    return row["verdict_when_published"], row["verdict_today"], row["reason"]


# Figures


@SOME
@given(ends=pairs, unit=st.sampled_from(["USD", "percent"]), is_revised=st.booleans())
def test_an_increase_is_judged_as_the_decrease_of_the_mirrored_series(judging_work: Work, ends, unit, is_revised):
    scene = Scene(judging_work)
    for place, (before, after) in enumerate(ends):
        said = round(abs(after - before) * (0.9 + 0.02 * place), 1) + 0.1
        for word, sign in (("增加", 1), ("减少", -1)):
            name = f"{place}{word}"
            scene.series(name, metric=name, unit=unit, kind="stock", frequency="daily", is_revised=is_revised)
            for value, day in ((before, "2023-12-31"), (after, "2024-12-31")):
                scene.observe(sign * value, day, series_id=name)
            claim: Row = {
                "unit": "percentage_point" if unit == "percent" else unit,
                "sentence": f"2024年{word}{said}。",
            }
            scene.claim(said, quote=f"{said}", period="2024", metric=None, relates_to=name, claim_id=name, **claim)
    verdicts = scene.judge()
    assert {row["measure"] for row in scene.work.read(Comparison).to_dicts()} == {"rise", "fall"}
    for place in range(len(ends)):
        assert both_days(verdicts[f"{place}增加"]) == both_days(verdicts[f"{place}减少"])


@SOME
@given(figures=pairs, are_revised=st.tuples(st.booleans(), st.booleans()))
def test_swapping_the_definitions_swaps_nothing_in_the_verdict(judging_work: Work, figures, are_revised):
    scene = Scene(judging_work)
    for place, (claimed, other) in enumerate(figures):
        officials = (claimed, other) if place % 2 else (claimed * 1.001, claimed * (1.02 + other / 1000))
        for order in (1, -1):
            metric = f"{place}:{order}"
            for name, official, revised in zip("ab", officials[::order], are_revised[::order], strict=True):
                scene.series(f"{metric}{name}", metric=metric, definition=name, is_revised=revised)
                scene.observe(official, "2025-05", series_id=f"{metric}{name}")
            scene.claim(claimed, metric=metric, claim_id=metric)
    verdicts = scene.judge()
    for place in range(len(figures)):
        one, other = verdicts[f"{place}:1"], verdicts[f"{place}:-1"]
        assert both_days(one) == both_days(other)
        assert one["flips_at"] == other["flips_at"]


@SOME
@given(figures=pairs, bound=st.sampled_from(["eq", "approx", "above", "below"]), is_revised=st.booleans())
def test_a_share_may_be_said_in_percent_or_as_a_multiple(judging_work: Work, figures, bound, is_revised):
    scene = Scene(judging_work)
    for place, (claimed, other) in enumerate(figures):
        metric = f"debt_{place}_to_gdp"
        scene.series(metric, metric=metric, is_revised=is_revised)
        scene.observe(claimed * (1 + (other - 500) / 10_000), "2025-05", series_id=metric)
        scene.claim(claimed, metric=metric, claim_id=f"{place}%", half_width=0.5, bound=bound)
        scene.claim(claimed / 100, metric=metric, claim_id=f"{place}:1", half_width=0.005, bound=bound, unit="ratio")
    verdicts = scene.judge()
    for place in range(len(figures)):
        assert both_days(verdicts[f"{place}%"]) == both_days(verdicts[f"{place}:1"])


@SOME
@given(
    figures=pairs,
    unit=st.sampled_from(["count", "USD"]),
    bound=st.sampled_from(["eq", "approx", "below"]),
    is_revised=st.booleans(),
)
def test_millions_and_billions_are_judged_alike_to_the_verdict(judging_work: Work, figures, unit, bound, is_revised):  # fmt: skip
    scene = Scene(judging_work)
    for place, (claimed, other) in enumerate(figures):
        for scale in (1e3, 1e6, 1e9):
            name = f"{place}:{scale:g}"
            scene.series(name, metric=name, unit=unit, kind="flow", is_revised=is_revised)
            scene.observe(claimed * scale * (1 + (other - 500) / 5000), "2025-05", series_id=name)
            scene.claim(claimed * scale, metric=name, claim_id=name, half_width=0.05 * scale, unit=unit, bound=bound)
    verdicts = scene.judge()
    for place in range(len(figures)):
        assert len({both_days(verdicts[f"{place}:{scale:g}"]) for scale in (1e3, 1e6, 1e9)}) == 1


# Statements


def wander(chance: random.Random, months: int = 72) -> list[float]:
    """A rate that rises and falls as rates do, and may change its sign."""
    level, drift = chance.uniform(-2, 8), chance.uniform(-0.08, 0.08)
    return [round(level + drift * month + chance.gauss(0, 0.25), 2) for month in range(months)]


OPPOSITE = {
    ("direction", "rises"): "falls",
    ("direction", "stays"): "stays",
    ("record", "highest"): "lowest",
    ("streak", "rises"): "falls",
    ("turn", "stops_rising"): "stops_falling",
    ("turn", "starts_falling"): "starts_rising",
    ("turn", "turns_up"): "turns_down",
    ("turn", "turns_positive"): "turns_negative",
    ("streak", "positive"): "negative",
}


@SOME
@given(seed=seeds)
def test_a_statement_is_judged_as_its_opposite_of_the_mirrored_series(judging_work: Work, seed):
    chance = random.Random(seed)
    statements = Statements(Scene(judging_work))
    for place in range(6):
        values = wander(chance)
        for sign in (1, -1):
            metric = f"{place}:{sign}"
            statements.measure(metric, [sign * value for value in values])
            for (kind, relation), opposite in OPPOSITE.items():
                said = relation if sign == 1 else opposite
                length: Row = {"streak_length": 2, "streak_unit": "month"} if kind == "streak" else {}
                statements.state(kind, said, metric=metric, claim_id=f"{metric} {kind} {relation}", **length)
    found = {(row["claim_id"], row["basis"]): (row["agrees"], row["undecided_reason"]) for row in statements.compare()}
    mirrored = {
        (name.replace(":-1", ":1"), basis): outcome for (name, basis), outcome in found.items() if ":-1" in name
    }
    assert mirrored == {key: outcome for key, outcome in found.items() if ":-1" not in key[0]}
    assert len(set(mirrored.values())) > 2


@SOME
@given(seed=seeds)
def test_one_above_another_is_the_other_below_it(judging_work: Work, seed):
    chance = random.Random(seed)
    statements = Statements(Scene(judging_work))
    for place in range(8):
        one, other = f"one {place}", f"other {place}"
        statements.measure(one, wander(chance))
        statements.measure(other, wander(chance))
        for relation, said in (("exceeds", "falls_short_of"), ("falls_short_of", "exceeds"), ("equals", "equals")):
            statements.state(
                "comparison", relation, metric=one, compared_metric=other, claim_id=f"{place} {relation} 1"
            )
            statements.state("comparison", said, metric=other, compared_metric=one, claim_id=f"{place} {relation} 2")
    found = {(row["claim_id"], row["basis"]): (row["agrees"], row["undecided_reason"]) for row in statements.compare()}
    assert len(set(found.values())) > 1
    for (name, basis), outcome in found.items():
        assert found[name[:-1] + "1", basis] == found[name[:-1] + "2", basis] == outcome
