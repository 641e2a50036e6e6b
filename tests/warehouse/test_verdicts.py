import re
from datetime import timedelta
from typing import Any

import opencc
import pytest

from pipelines.places import SQL
from pipelines.warehouse import queries
from pipelines.warehouse.contracts import check_rows
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import Comparison, StatementComparison, Verdict
from pipelines.warehouse.tables.judging import REASONS
from pipelines.warehouse.tables.reading import BOUNDS
from tests.warehouse.conftest import Row, Scene, frame, read_seed


def both(row: Row) -> tuple[str, str]:
    return row["verdict_when_published"], row["verdict_today"]


def two_definitions(scene: Scene, gross: float, public: float) -> None:
    for definition, value in (("gross", gross), ("held_by_public", public)):
        scene.series(definition, definition=definition)
        scene.observe(value, "2025-05", series_id=definition)


# The four verdicts


@pytest.mark.parametrize(("official", "verdict"), [(4.2, "supported"), (9.9, "refuted")])
def test_one_figure_supports_or_refutes(scene, official, verdict):
    scene.series()
    scene.observe(official, "2025-05")
    scene.claim(4.2)
    row = scene.verdict()
    assert both(row) == (verdict, verdict)
    assert (row["reason"], row["reason_when_published"]) == (None, None)


@pytest.mark.parametrize(
    ("gross", "public", "verdict"),
    [
        (4.2, 4.2, "supported"),
        (4.2, 9.9, "conflicting_evidence"),
        (9.9, 4.2, "conflicting_evidence"),
        (9.9, 9.9, "refuted"),
    ],
)
def test_definitions_side_by_side(scene, gross, public, verdict):
    two_definitions(scene, gross, public)
    scene.claim(4.2)
    assert scene.verdict()["verdict_today"] == verdict


def test_a_named_definition_leaves_no_conflict(scene):
    two_definitions(scene, 4.2, 9.9)
    gross, public = scene.claim(4.2, definition="gross"), scene.claim(4.2, definition="held_by_public")
    verdicts = scene.judge()
    assert (verdicts[gross]["verdict_today"], verdicts[public]["verdict_today"]) == ("supported", "refuted")


def test_within_one_definition_one_series_that_agrees_is_enough(scene):
    for series_id, value in (("DAILY", 4.2), ("MONTHLY", 9.9)):
        scene.series(series_id, definition="gross")
        scene.observe(value, "2025-05", series_id=series_id)
    scene.claim(4.2)
    row = scene.verdict()
    assert (row["verdict_today"], row["series_id"]) == ("supported", "DAILY")


def test_a_figure_that_may_not_decide_makes_no_conflict(scene):
    scene.series("A", definition="a")
    scene.series("B", definition="b", is_revised=True)
    scene.observe(4.2, "2025-05", series_id="A")
    scene.observe(9.9, "2025-05", series_id="B", known_basis="release_lag")
    scene.claim(4.2)
    assert both(scene.verdict()) == ("supported", "conflicting_evidence")


def test_a_claim_without_a_period_is_never_refuted(scene):
    scene.series()
    scene.observe(9.9, "2025-05")
    scene.claim(4.2, period=None)
    row = scene.verdict()
    assert both(row) == ("not_enough_evidence", "not_enough_evidence")
    assert (row["reason"], row["reason_when_published"]) == ("period_unknown", "period_unknown")


def test_without_a_period_what_another_definition_says_is_no_conflict(scene):
    two_definitions(scene, 4.2, 9.9)
    scene.claim(4.2, period=None)
    assert both(scene.verdict()) == ("supported", "supported")


def test_what_is_said_of_the_present_may_be_right_under_one_definition_and_wrong_under_another(scene):
    two_definitions(scene, 4.2, 9.9)
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    assert both(scene.verdict()) == ("conflicting_evidence", "conflicting_evidence")


def test_a_series_without_its_vintage_is_silent_beside_one_of_the_same_definition_that_contradicts(scene):
    for series_id, basis in (("HELD", "vintage"), ("NOT HELD", "release_lag")):
        scene.series(series_id, is_revised=True)
        scene.observe(9.9, "2025-05", series_id=series_id, known_basis=basis)
    scene.claim(4.2)
    assert scene.verdict()["verdict_when_published"] == "refuted"


def test_a_claim_without_a_period_may_be_supported(scene):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, period=None)
    assert both(scene.verdict()) == ("supported", "supported")


def test_a_claim_may_be_true_when_published_and_not_today(scene):
    scene.series(is_revised=True)
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(9.9, "2025-05", known_from="2025-07-04")
    scene.claim(4.2)
    row = scene.verdict()
    assert both(row) == ("supported", "refuted")
    for words in ("4.2%", "9.9%"):
        assert words in row["explanation_en"]
        assert words in row["explanation_zh"]


def test_every_claim_has_exactly_one_verdict_and_keeps_the_contract(scene):
    two_definitions(scene, 4.2, 9.9)
    scene.article("undated", published_on=None)
    for article_id in ("article", "undated"):
        for fields in (
            {},
            {"period": None},
            {"metric": None},
            {"vague": True},
            {"modality": "projection"},
            {"unit": None},
        ):
            scene.claim(4.2, article_id=article_id, **fields)
        scene.claim(None, kind="record", unit=None, half_width=None, article_id=article_id)
    verdicts = scene.judge()
    assert len(verdicts) == 14
    assert check_rows(Verdict, frame(Verdict, list(verdicts.values()))).bad.height == 0
    assert check_rows(Comparison, scene.work.read(Comparison)).bad.height == 0


# Reasons

# What leads to each reason: the official value, how the series is, how the claim is, and on which of the two days.
UNSURE: dict[str, tuple[float | None, Row, Row, str]] = {
    "statement_not_judged": (
        4.2,
        {},
        {"kind": "direction", "relation": "falls", "value_low": None, "value_high": None, "unit": None},
        "today",
    ),
    "hypothetical": (4.2, {}, {"modality": "hypothetical"}, "today"),
    "vague": (4.2, {}, {"vague": True}, "today"),
    "metric_ambiguous": (4.2, {}, {"metric": None, "metric_candidates": ["unemployment_rate", "gdp"]}, "today"),
    "no_official_series": (4.2, {}, {"metric": "steel_output"}, "today"),
    "unit_mismatch": (4.2, {}, {"unit": "count"}, "today"),
    "no_official_figure": (4.2, {}, {"period": "1925-05"}, "today"),
    "projection_without_official_baseline": (None, {}, {"modality": "projection", "period": "2026-05"}, "today"),
    "publication_date_unknown": (4.2, {}, {}, "when_published"),
    "not_published_yet": (4.2, {}, {}, "when_published"),
    "vintage_not_held": (9.9, {"is_revised": True}, {}, "when_published"),
    "period_unknown": (9.9, {}, {"period": None}, "today"),
    "taken_once_a_day": (
        4.25,
        {"kind": "index", "frequency": "daily"},
        {"period": "2025-05-31", "half_width": 0.005},
        "today",
    ),
    "other_definition": (9.9, {"is_proxy": True}, {}, "today"),
    "other_period": (
        9.9,
        {"kind": "flow", "frequency": "annual"},
        {"period": ("2025-01-01", "2025-12-31")},
        "today",
    ),
    "base_unclear": (4.2, {"kind": "stock"}, {"metric": None, "relates_to": "base_unclear"}, "today"),
    "inside_revisions": (
        4.2,
        {"kind": "stock", "unit": "USD", "is_revised": True},
        {
            "metric": None,
            "relates_to": "inside_revisions",
            "unit": "USD",
            "value": 0.22,
            "half_width": 0.0005,
            "period": ("2024-06-01", "2025-05-31"),
            "sentence": "余额增加了0.22美元。",
            "quote": "0.22",
        },
        "today",
    ),
    "within_forecast_error": (
        4.2,
        {"is_projection": True, "frequency": "annual", "kind": "stock", "metric": "federal_debt_to_gdp"},
        {"metric": "federal_debt_to_gdp", "value": 5.0, "modality": "projection", "period": "2025"},
        "when_published",
    ),
    "outcome_differs": (9.9, {}, {"modality": "projection"}, "today"),
    "sign_unclear": (-4.2, {}, {}, "today"),
}


@pytest.fixture(scope="module")
def unsure(judging_work: Work) -> dict[str, Row]:
    """The verdict on a claim for each reason, judged together."""
    scene = Scene(judging_work)
    for reason, (official, series, claim, _) in UNSURE.items():
        scene.article(reason, published_on=None if reason == "publication_date_unknown" else "2025-06-20")
        scene.series(reason, **({"metric": reason} | series))
        if official is not None:
            period = "2025-05-31" if series.get("frequency") == "daily" else "2025-05"
            if series.get("frequency") == "annual":
                period = "FY2025"
            known_from = {"not_published_yet": "2025-06-21", "within_forecast_error": "2025-01-17"}.get(reason)
            scene.observe(official, period, series_id=reason, known_from=known_from, known_basis="release_lag")
        if reason == "inside_revisions":
            scene.observe(4.0, "2024-05", series_id=reason)
        told: dict[str, Any] = {"value": 4.2, "article_id": reason, "claim_id": reason, "metric": reason} | claim
        scene.claim(**told)
    return scene.judge()


# What leaves only statements without a figure open: tests/warehouse/test_statement_comparisons.py.
OF_STATEMENTS = {"within_noise", "stretch_unclear", "history_too_short"}


def test_every_reason_of_the_closed_list_can_be_reached():
    assert sorted({*UNSURE, *OF_STATEMENTS}) == sorted(REASONS)


@pytest.mark.parametrize("reason", UNSURE)
def test_the_reason_is_the_one_that_is_meant(unsure, reason):
    basis = UNSURE[reason][3]
    verdict, said = (
        ("verdict_today", "reason") if basis == "today" else ("verdict_when_published", "reason_when_published")
    )
    assert unsure[reason][verdict] == "not_enough_evidence"
    assert unsure[reason][said] == reason


@pytest.mark.parametrize("reason", UNSURE)
def test_the_reason_is_said_in_both_languages(unsure, reason):
    assert "not enough evidence (" in unsure[reason]["explanation_en"]
    assert "证据不足（" in unsure[reason]["explanation_zh"]
    assert "證據不足（" in unsure[reason]["explanation_zh_hant"]


def test_without_any_period_and_day_the_period_is_unknown(scene):
    scene.article(published_on=None)
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2, period=None)
    assert scene.verdict()["reason"] == "period_unknown"


@pytest.mark.parametrize("verdict", ["supported", "refuted", "conflicting_evidence"])
def test_a_verdict_is_explained_with_figure_period_source_and_interval(scene, verdict):
    values = {"supported": (4.2, 4.2), "refuted": (9.9, 9.9), "conflicting_evidence": (4.2, 9.9)}[verdict]
    two_definitions(scene, *values)
    scene.claim(4.2)
    row = scene.verdict()
    english, chinese, traditional = row["explanation_en"], row["explanation_zh"], row["explanation_zh_hant"]
    for words in (
        f"{values[0]}%",
        "2025-05",
        "Title of gross",
        "definition: held by public",
        "FRED",
        "4.15% to 4.3%",
        verdict.split("_")[0],
    ):
        assert words in english
    for words in (f"{values[0]}%", "2025-05", "gross的名称", "公众持有口径", "4.15%至4.3%"):
        assert words in chinese
    for words in (f"{values[0]}%", "2025-05", "公眾持有口徑", "4.15%至4.3%", "今日："):
        assert words in traditional


def test_figures_are_written_as_people_write_them_in_each_language(scene):
    scene.debt()
    scene.observe(38.02e12, "2025-05-30", series_id="DEBT")
    scene.claim_debt(38e12, bound="above")
    row = scene.verdict()
    assert "Claimed: over $38 trillion." in row["explanation_en"]
    assert "$38.02 trillion on 2025-05-30" in row["explanation_en"]
    assert "文中：超过38万亿美元。" in row["explanation_zh"]
    assert "38.02万亿美元" in row["explanation_zh"]
    assert "文中：超過38萬億美元。" in row["explanation_zh_hant"]
    assert "38.02萬億美元" in row["explanation_zh_hant"]


def test_a_change_is_told_with_both_its_ends(scene):
    scene.debt()
    scene.observe(34.0e12, "2023-12-31", series_id="DEBT")
    scene.observe(36.2e12, "2024-12-31", series_id="DEBT")
    scene.claim(
        2.2e12,
        period="2024",
        metric=None,
        relates_to="federal_debt",
        unit="USD",
        half_width=0.05e12,
        sentence="国债增加了2.2万亿美元。",
        quote="2.2万亿美元",
    )
    row = scene.verdict()
    assert both(row) == ("supported", "supported")
    assert "up by $2.2 trillion from 2023-12-31 to 2024-12-31" in row["explanation_en"]
    assert "2023-12-31至2024-12-31增加2.2万亿美元" in row["explanation_zh"]
    assert [one["value"] for one in run_evidence(scene, row)] == pytest.approx([2.2e12, 2.2e12])


def test_a_figure_by_another_definition_in_the_same_sentence_is_told(scene):
    two_definitions(scene, 9.9, 4.2)
    scene.debt(definition="gross")
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    sentence = {"sentence": "债务38万亿美元，读数4.2。"}
    mixed = scene.claim(4.2, quote="4.2", **sentence)
    scene.claim_debt(38e12, quote="38万亿美元", **sentence)
    alone = scene.claim(4.2)
    verdicts = scene.judge()
    assert "another definition: 38万亿美元 (gross)." in verdicts[mixed]["explanation_en"]
    assert "同一句中的38万亿美元用的是另一种口径（总额口径）。" in verdicts[mixed]["explanation_zh"]
    assert "another definition:" not in verdicts[alone]["explanation_en"]


@pytest.mark.parametrize(("ratio", "is_told"), [("debt_to_gdp", True), ("other_to_gdp", False)])
def test_a_figure_by_another_definition_elsewhere_in_the_article_is_told_if_it_is_of_the_same_thing(
    scene, ratio, is_told
):
    scene.debt(metric="debt", definition="gross")
    scene.observe(38e12, "2025-05-30", series_id="DEBT")
    for definition, value in (("held_by_public", 98.0), ("gross", 121.0)):
        scene.series(definition, metric=ratio, definition=definition)
        scene.observe(value, "2025-05", series_id=definition)
    scene.claim_debt(38e12, metric="debt", quote="38万亿美元")
    claim_id = scene.claim(98.0, metric=ratio, half_width=0.5)
    verdict = scene.verdict(claim_id)
    told = "The article also has a figure by another definition: 38万亿美元 (gross)."
    assert (told in verdict["explanation_en"]) is is_told
    assert ("同一篇文章中的38万亿美元用的是另一种口径（总额口径）。" in verdict["explanation_zh"]) is is_told


def test_a_version_that_was_not_yet_there_is_called_so_and_makes_no_revision(scene):
    scene.series(is_revised=True)
    scene.observe(71_000, "2025-05", known_from="2025-06-06", known_until="2026-01-09", known_basis="release_lag")
    scene.observe(9_000, "2025-05", known_from="2026-01-10", known_basis="release_lag")
    scene.claim(142_000, half_width=500)
    row = scene.verdict()
    assert "perhaps revised since its release) does not decide." in row["explanation_en"]
    assert "现存最早版本，公布后可能已修订" in row["explanation_zh"]
    assert "Revised since" not in row["explanation_en"]


def test_what_was_revised_is_told_with_both_values(scene):
    scene.series(is_revised=True)
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(9.9, "2025-05", known_from="2025-07-04")
    scene.claim(4.2)
    row = scene.verdict()
    assert "Revised since then from 4.2% to 9.9%." in row["explanation_en"]
    assert "其后由4.2%修订为9.9%。" in row["explanation_zh"]
    assert "其後由4.2%修訂為9.9%。" in row["explanation_zh_hant"]


TO_SIMPLIFIED = opencc.OpenCC("t2s")
WORDED = ["supported", "refuted", "conflicting_evidence", "not_enough_evidence", *REASONS]


@pytest.mark.parametrize("code", WORDED)
def test_every_verdict_and_reason_is_worded_in_every_language(code):
    (row,) = [row for row in read_seed("wording") if row["code"] == code]
    assert all(row[language].strip() for language in ("en", "zh_hans", "zh_hant"))
    assert not re.search(r"[\u4e00-\u9fff]", row["en"])
    assert TO_SIMPLIFIED.convert(row["zh_hant"]) == TO_SIMPLIFIED.convert(row["zh_hans"])


def test_every_definition_of_the_catalogue_is_worded():
    worded = {row["code"] for row in read_seed("wording")}
    definitions = {row["definition"] for row in read_seed("series")} - {""}
    assert {definition for definition in definitions if f"definition_{definition}" not in worded} == set()


def test_what_the_queries_say_is_worded_and_nothing_else():
    held = {row["code"] for row in read_seed("wording")}
    texts = "\n".join(path.read_text(encoding="utf-8") for path in SQL.rglob("*.sql"))
    said = set(re.findall(r"said\['(\w+)'\]|code = '(\w+)'|wording_\w+\('(\w+)'\)", texts))
    asked = {one for group in said for one in group if one} - {"bound_"} | {f"bound_{bound}" for bound in BOUNDS}
    assert asked - {"definition_", "figure_", "pair_"} <= held
    # put together from a verdict, a reason, a definition, a kind of figure, of two figures or of statement
    free = {"definition", "figure", "pair", "told"}
    positions = {"agrees", "does_not_agree", "does_not_decide"}
    assert {code for code in held - asked - set(WORDED) - positions if code.split("_")[0] not in free} == set()


# Evidence


def run_evidence(scene: Scene, row: Row) -> list[Row]:
    found: list[Row] = scene.work.connection.sql(row["evidence_sql"]).pl().to_dicts()
    return found


def test_the_evidence_query_gives_the_stored_figures_of_every_definition(scene):
    two_definitions(scene, 4.2, 9.9)
    scene.claim(4.2)
    row = scene.verdict()
    found = {one["series_id"]: one["value"] for one in run_evidence(scene, row) if one["basis"] == "today"}
    stored = {
        one["series_id"]: one["official_value"]
        for one in scene.work.read(Comparison).to_dicts()
        if one["basis"] == "today"
    }
    assert found == stored == {"gross": 4.2, "held_by_public": 9.9}


def test_the_evidence_query_gives_the_vintage_that_decided(scene):
    scene.series(is_revised=True)
    scene.observe(4.1, "2025-05", known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(4.2, "2025-05", known_from="2025-07-04")
    scene.claim(4.2)
    found = {one["basis"]: one["value"] for one in run_evidence(scene, scene.verdict())}
    assert found == {"today": 4.2, "when_published": 4.1}


def test_the_evidence_query_gives_a_derived_figure(scene):
    scene.series("LEVEL", metric=None)
    scene.series("GROWTH", derivation="month_over_month", derived_from="LEVEL")
    scene.months((2025, 4), [100.0, 104.2], series_id="LEVEL")
    scene.claim(4.2)
    row = scene.verdict()
    assert row["verdict_today"] == "supported"
    assert [one["value"] for one in run_evidence(scene, row)] == pytest.approx([4.2, 4.2])


def test_there_is_no_evidence_query_where_nothing_was_compared(scene):
    scene.series()
    scene.claim(4.2)
    row = scene.verdict()
    assert (row["evidence_sql"], row["flips_at"], row["series_id"]) == (None, None, None)


# Where it would turn

FLIPPING: list[tuple[Row, float]] = [
    ({}, 4.25), ({}, 4.16), ({}, 9.9), ({}, 3.0), ({"value": -4.2}, -4.26), ({"value": -4.2}, -1.0),
    ({"bound": "above"}, 4.3), ({"bound": "above"}, 4.0), ({"bound": "below"}, 4.1), ({"bound": "below"}, 5.0),
    ({"bound": "approx"}, 4.3), ({"bound": "approx"}, 9.9), ({"value": (4.0, 4.4)}, 4.1), ({"value": (4.0, 4.4)}, 5.0),
    ({"value": 100.0, "significant_zeros": True}, 104.0), ({"half_width": None}, 4.3),
]  # fmt: skip


def judge_flipping(scene: Scene, officials: list[float]) -> list[Row]:
    again = Scene(scene.work)
    for place, ((fields, _), official) in enumerate(zip(FLIPPING, officials, strict=True)):
        again.series(f"S{place}", metric=f"m{place}")
        again.observe(official, "2025-05", series_id=f"S{place}")
        claim: Row = {"value": 4.2, "metric": f"m{place}", "claim_id": f"{place:02d}"}
        again.claim(**(claim | fields))
    return [row for _, row in sorted(again.judge().items())]


def test_judging_again_on_either_side_of_flips_at_turns_the_verdict(scene):
    judged = judge_flipping(scene, [official for _, official in FLIPPING])
    compared = scene.work.read(Comparison).filter(basis="today").sort("claim_id").to_dicts()
    flips = [row["flips_at"] for row in judged]
    assert {row["verdict_today"] for row in judged} == {"supported", "refuted"}
    for row, flip in zip(compared, flips, strict=True):
        ends = [end for end in (row["accepted_low"], row["accepted_high"]) if end is not None]
        assert flip == min(ends, key=lambda end: abs(end - row["official_value"]))
    one, other = (judge_flipping(scene, [flip + sign * 1e-9 * abs(flip) for flip in flips]) for sign in (1, -1))
    for above, below in zip(one, other, strict=True):
        assert {above["verdict_today"], below["verdict_today"]} == {"supported", "refuted"}


# What a reader sees


def test_claim_checks_shows_every_claim_once_with_both_days(scene):
    scene.series(is_revised=True)
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(9.9, "2025-05", known_from="2025-07-04")
    judged, unjudged = scene.claim(4.2, bound="above"), scene.claim(4.2, metric=None)
    scene.judge()
    rows = {row["claim_id"]: row for row in scene.work.connection.sql("FROM claim_checks").pl().to_dicts()}
    assert set(rows) == {judged, unjudged}
    shown = rows[judged]
    assert (shown["official_when_published"], shown["official_today"]) == (4.2, 9.9)
    assert (shown["claimed"], shown["source"]) == ("over 4.2%", "Title of RATE (fred)")
    assert rows[unjudged]["official_today"] is None
    assert rows[unjudged]["verdict_today"] == "not_enough_evidence"


def test_the_deciding_series_is_the_newest_of_those_that_agree(scene):
    scene.debt("DAILY")
    scene.debt("QUARTERLY", frequency="quarterly")
    for series_id, day in (("QUARTERLY", "2025-03-31"), ("DAILY", "2025-06-18")):
        scene.observe(38e12, day, series_id=series_id, known_from="2025-06-19")
    scene.claim_debt(38e12, period="2025-06-20", period_basis="article_date")
    assert scene.verdict()["series_id"] == "DAILY"


def test_the_same_rows_give_the_same_verdicts_whatever_their_order(scene):
    for place in range(6):
        scene.series(f"S{place}", definition=f"d{place % 3}")
        scene.observe(4.2 + place / 10, "2025-05", series_id=f"S{place}")
    for value in (4.2, 4.4, 9.9):
        scene.claim(value)
    first = scene.judge()
    scene.rows = {contract: rows[::-1] for contract, rows in scene.rows.items()}
    assert scene.judge() == first


def test_a_claim_on_the_very_day_on_which_a_value_was_replaced_sees_the_new_one(scene):
    scene.series(is_revised=True)
    article = scene.article()
    scene.observe(9.9, "2025-05", known_from="2025-06-06", known_until=article["published_on"] - timedelta(days=1))
    scene.observe(4.2, "2025-05", known_from=article["published_on"])
    scene.claim(4.2)
    assert both(scene.verdict()) == ("supported", "supported")


def test_a_claim_is_not_refuted_while_another_definition_leaves_it_open(scene):
    scene.series("RATE", metric="growth", definition="annual_rate")
    scene.series("YEAR", metric="growth", definition="year_over_year")
    scene.observe(-0.5, "2025-05", series_id="RATE")
    scene.observe(2.0, "2025-05", series_id="YEAR")
    scene.claim(0.5, metric="growth")
    scene.judge()
    verdict = scene.verdict()
    assert (verdict["verdict_today"], verdict["reason"]) == ("not_enough_evidence", "sign_unclear")


def test_what_is_said_of_the_present_is_not_refuted_by_a_period_that_came_out_later(scene):
    scene.series(frequency="daily", kind="stock")
    scene.observe(4.2, "2025-06-10", known_from="2025-06-11")
    scene.observe(9.9, "2025-06-18", known_from="2025-06-25")
    scene.claim(4.2, period="2025-06-20")
    scene.judge()
    assert scene.verdict()["verdict_today"] == "supported"


def test_a_figure_that_only_falls_back_on_the_article_s_day_is_never_refuted(scene):
    scene.series(frequency="daily", kind="stock")
    scene.observe(9.9, "2025-06-18", known_from="2025-06-19")
    scene.claim(4.2, period="2025-06-20", period_basis="article_date")
    scene.judge()
    assert scene.verdict()["reason"] == "period_unknown"


def test_a_figure_called_the_first_estimate_is_not_refuted_by_another(scene):
    scene.series()
    scene.observe(9.9, "2025-05")
    scene.claim(4.2, sentence="增长初值为4.2%。")
    scene.judge()
    assert scene.verdict()["reason"] == "vintage_not_held"


# Statements without a figure


@pytest.mark.parametrize(
    ("agrees", "reason", "verdict"),
    [(True, None, "supported"), (False, None, "refuted"), (None, "vintage_not_held", "not_enough_evidence")],
)
def test_a_statement_gets_its_verdict_from_its_own_comparisons(scene, agrees, reason, verdict):
    scene.series()
    row = scene.observe(4.2, "2025-05")
    claim_id = scene.claim(None, kind="direction", relation="falls", unit=None, half_width=None, quote="失业率下降")
    scene.compare()
    told = {"told_en": "4.2% in 2025-05", "told_zh": "2025-05为4.2%", "told_zh_hant": "2025-05為4.2%"}
    compared: Row = {
        "claim_id": claim_id, "series_id": "RATE", "reading": "as_known", "compared_series_id": None, "definition": None, "official_value": 4.2,
        "compared_value": None, "official_period_start": row["period_start"], "official_period_end": row["period_end"], "known_from": row["known_from"],
        "known_basis": "vintage", "agrees": agrees, "undecided_reason": reason,
        "evidence_sql": "SELECT value AS official_value, NULL AS compared_value FROM observations WHERE series_id = 'RATE'",
    } | told  # fmt: skip
    rows = [compared | {"basis": basis} for basis in ("when_published", "today")]
    scene.put(StatementComparison, frame(StatementComparison, rows))
    found = scene.build(Verdict).to_dicts()[0]
    assert both(found) == (verdict, verdict)
    assert (found["reason"], found["flips_at"]) == (reason, None)
    assert "4.2% in 2025-05" in found["explanation_en"]
    assert "2025-05为4.2%" in found["explanation_zh"]
    assert "2025-05為4.2%" in found["explanation_zh_hant"]
    assert [one["value"] for one in run_evidence(scene, found)] == [4.2, 4.2]
    scene.put(StatementComparison, frame(StatementComparison, []))


def test_a_statement_that_no_figure_decides_says_so(scene):
    scene.claim(None, kind="direction", relation="falls", unit=None, half_width=None, quote="失业率下降")
    assert scene.verdict()["verdict_today"] == "not_enough_evidence"


def test_rules_worked_out_one_after_the_other_give_the_rows_of_one_query(scene):
    scene.series()
    scene.observe(4.2, "2025-05")
    for number in range(6):
        scene.claim(4.0 + number / 10, quote=f"{4.0 + number / 10}%", claim_id=str(number))
    scene.claim(None, kind="direction", relation="falls", unit=None, half_width=None, quote="失业率下降", claim_id="6")
    scene.judge()
    for table in ("comparisons", "statement_comparisons", "verdicts"):
        order = ["claim_id"] if table == "verdicts" else ["claim_id", "basis", "series_id"]
        at_once = scene.work.connection.sql(queries.compose_query(table)).pl()
        assert (
            scene.work.connection.sql(f"FROM {table}").pl().select(at_once.columns).sort(order).rows()
            == at_once.sort(order).rows()
        )


def test_rules_worked_out_are_gone_when_their_query_has_run_or_failed(scene):
    scene.series()
    scene.claim(4.0)
    scene.judge()
    parts = queries.compose_parts(scene.work.connection, "verdicts")

    def list_temporary() -> set[str]:
        found = scene.work.connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
        return {name for (name,) in found}

    before = list_temporary()
    next(parts)
    assert "evidence" in list_temporary() - before
    parts.close()
    assert list_temporary() == before


def test_claims_judged_in_parts_get_the_verdicts_of_all_at_once(scene, monkeypatch):
    scene.series()
    scene.observe(4.2, "2025-05")
    for number in range(12):
        scene.claim(
            4.0 + number / 10, article_id=f"article {number // 2}", quote=f"{4.0 + number / 10}%", claim_id=str(number)
        )
    at_once = (scene.compare(), scene.judge())
    monkeypatch.setattr(queries, "CLAIMS_AT_ONCE", 5)
    assert len(list(queries.compose_parts(scene.work.connection, "verdicts"))) == 3
    scene.work.connection.execute("DELETE FROM comparisons; DELETE FROM verdicts")
    assert (scene.compare(), scene.judge()) == at_once
    assert {row["verdict_today"] for row in at_once[1].values()} == {"supported", "refuted"}
