from collections.abc import Iterator
from datetime import date

import pytest

from pipelines.places import SQL
from pipelines.warehouse.queries import read_questions
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import CONTRACTS, FigureWarning
from tests.warehouse.conftest import Row, Scene

CHECKS = {question.name: question for question in read_questions(SQL / "checks")}


def run(scene: Scene, name: str) -> list[Row]:
    if CHECKS[name].settings["asset"] == "figure_warnings":
        scene.build(FigureWarning)
    found: list[Row] = scene.work.connection.sql(CHECKS[name].text).pl().to_dicts()
    return found


@pytest.fixture(scope="module")
def judged(judging_work: Work) -> Scene:
    """Claims in two articles, with and without verdict, on revised and derived series and on the parts of the debt."""
    scene = Scene(judging_work)
    scene.series(is_revised=True, sane_low=0.0, sane_high=100.0)
    scene.series("LEVEL", metric=None, sane_low=50.0, sane_high=500.0)
    scene.series("GROWTH", metric="growth", derivation="month_over_month", derived_from="LEVEL")
    scene.observe(4.2, "2025-05", known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(4.3, "2025-05", known_from="2025-07-04")
    scene.months((2025, 3), [100.0, 101.0, 102.0], series_id="LEVEL")
    for part, value in (("total", 38e12), ("held_by_public", 30.5e12), ("intragovernmental", 7.5e12)):
        scene.debt(f"DEBT_TO_PENNY.{part}", sane_low=1e12, sane_high=1e14)
        scene.observe(value, "2025-05-30", series_id=f"DEBT_TO_PENNY.{part}")
    scene.article("signs", text="😀 é👩‍👩‍👧 国\r\n")
    for article_id in ("article", "signs"):
        scene.claim(4.2, article_id=article_id)
        scene.claim(1.0, metric="growth", article_id=article_id)
        scene.claim(4.2, metric=None, article_id=article_id)
    scene.judge()
    return scene


@pytest.fixture
def good(judged: Scene) -> Iterator[Scene]:
    """The same for every test: what one damages is rolled back after it."""
    judged.work.connection.execute("BEGIN")
    yield judged
    judged.work.connection.execute("ROLLBACK")


def execute(scene: Scene, statement: str) -> None:
    scene.work.connection.execute(statement)


@pytest.mark.parametrize("name", CHECKS)
def test_good_rows_pass(good, name):
    assert run(good, name) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_what_it_asks_and_of_which_table(name):
    assert CHECKS[name].title.endswith(".")
    assert CHECKS[name].settings["asset"] in CONTRACTS
    assert CHECKS[name].settings.get("severity", "error") in ("error", "warn")


def test_nothing_known_later(good):
    execute(
        good, "UPDATE comparisons SET known_from = '2025-06-21' WHERE basis = 'when_published' AND series_id = 'RATE'"
    )
    found = run(good, "nothing_known_later")
    assert {(row["series_id"], row["known_from"], row["published_on"]) for row in found} == {
        ("RATE", date(2025, 6, 21), date(2025, 6, 20))
    }


def test_nothing_known_later_where_the_day_is_unknown(good):
    execute(good, "UPDATE articles SET published_on = NULL WHERE article_id = 'signs'")
    execute(
        good, "DELETE FROM comparisons WHERE claim_id NOT IN (SELECT claim_id FROM claims WHERE article_id = 'signs')"
    )
    assert len(run(good, "nothing_known_later")) == 2


def test_known_times_do_not_overlap(good):
    execute(
        good, "UPDATE observations SET known_until = '2025-07-04' WHERE series_id = 'RATE' AND known_until IS NOT NULL"
    )
    assert [(row["series_id"], row["next_known_from"]) for row in run(good, "known_times_do_not_overlap")] == [
        ("RATE", date(2025, 7, 4))
    ]


def test_known_times_do_not_overlap_with_a_value_that_was_never_closed(good):
    execute(good, "UPDATE observations SET known_until = NULL WHERE series_id = 'RATE'")
    assert len(run(good, "known_times_do_not_overlap")) == 1


@pytest.mark.parametrize("value", ["38020000", "-1", "'nan'::DOUBLE", "'inf'::DOUBLE"])
def test_figures_within_sane_range(good, value):
    execute(good, f"UPDATE observations SET value = {value} WHERE series_id = 'RATE' AND known_until IS NULL")
    assert [row["series_id"] for row in run(good, "figures_within_sane_range")] == ["RATE"]


def test_every_claim_has_a_verdict(good):
    (missing,) = good.work.connection.execute("SELECT min(claim_id) FROM claims").fetchall()[0]
    execute(good, f"DELETE FROM verdicts WHERE claim_id = '{missing}'")
    assert run(good, "every_claim_has_a_verdict") == [{"claim_id": missing}]


def test_every_verdict_has_a_claim(good):
    execute(good, "INSERT INTO verdicts SELECT * REPLACE ('nobody' AS claim_id) FROM verdicts LIMIT 1")
    assert run(good, "every_claim_has_a_verdict") == [{"claim_id": "nobody"}]


@pytest.mark.parametrize(
    "damage",
    ["quote_start = quote_start + 1, quote_end = quote_end + 1", "quote = quote || '!'", "quote_end = quote_end - 1"],
)
def test_quotes_stand_in_their_article(good, damage):
    execute(good, f"UPDATE claims SET {damage} WHERE article_id = 'signs'")
    assert len(run(good, "quotes_stand_in_their_article")) == 3


@pytest.mark.parametrize(
    "damage",
    [
        "reason = NULL WHERE verdict_today = 'not_enough_evidence'",
        "reason_when_published = NULL WHERE verdict_when_published = 'not_enough_evidence'",
        "reason = 'vague' WHERE verdict_today = 'supported'",
        "reason_when_published = 'vague' WHERE verdict_when_published = 'supported'",
    ],
)
def test_unsure_verdicts_say_why(good, damage):
    execute(good, f"UPDATE verdicts SET {damage}")
    assert run(good, "unsure_verdicts_say_why") != []


def test_parts_add_up(good):
    execute(good, "UPDATE observations SET value = value + 1 WHERE series_id = 'DEBT_TO_PENNY.intragovernmental'")
    assert [(row["series_id"], row["explanation_en"]) for row in run(good, "parts_add_up")] == [
        (
            "DEBT_TO_PENNY.total",
            "the parts that the publisher gives add up to 38000000000001.00, not to 38000000000000.00",
        )
    ]


def test_sources_answered(good):
    execute(
        good,
        "INSERT INTO sources VALUES ('fred', 'skipped', 'FRED_API_KEY is not set', 66, 0, NULL), ('treasury', 'failed', 'no route', 17, 0, NULL)",
    )
    assert [(row["source"], row["reason"]) for row in run(good, "sources_answered")] == [("treasury", "no route")]


def test_parts_add_up_but_for_the_days_on_which_the_publishers_own_do_not(good):
    execute(good, "UPDATE observations SET value = value + 1 WHERE series_id = 'DEBT_TO_PENNY.intragovernmental'")
    execute(
        good,
        "UPDATE observations SET period_start = '2025-08-04', period_end = '2025-08-04' WHERE starts_with(series_id, 'DEBT')",
    )
    assert run(good, "parts_add_up") == []


def test_signs_agree(good):
    execute(good, "INSERT INTO series SELECT * REPLACE ('OTHER' AS series_id) FROM series WHERE series_id = 'RATE'")
    execute(
        good,
        "INSERT INTO observations SELECT * REPLACE ('OTHER' AS series_id, -value AS value) FROM observations WHERE series_id = 'RATE'",
    )
    assert {row["series_id"] for row in run(good, "signs_agree")} == {"RATE", "OTHER"}


@pytest.fixture
def jumped(good: Scene) -> Scene:
    """Seven months of an index, the fourth a thousandfold."""
    execute(good, "UPDATE series SET kind = 'index' WHERE series_id = 'LEVEL'")
    execute(good, "DELETE FROM observations WHERE series_id = 'LEVEL'")
    execute(
        good,
        "INSERT INTO observations BY NAME SELECT * EXCLUDE (m) REPLACE ('LEVEL' AS series_id, make_date(2025, m, 1) AS period_start, "
        "last_day(make_date(2025, m, 1)) AS period_end, if(m = 4, 1e5, 100 + m) AS value) "
        "FROM (FROM observations WHERE series_id = 'RATE' AND known_until IS NULL), (SELECT unnest(range(1, 8)) AS m)",
    )
    return good


def test_no_jumps(jumped):
    (row,) = run(jumped, "no_jumps")
    assert (row["series_id"], row["period_start"]) == ("LEVEL", date(2025, 4, 1))
    assert "times the figures of the periods around it" in row["explanation_en"]


def test_no_gaps(good):
    execute(good, "DELETE FROM observations WHERE series_id = 'LEVEL' AND period_start = '2025-04-01'")
    (row,) = run(good, "no_gaps")
    assert (row["series_id"], row["period_start"], row["period_end"]) == ("LEVEL", date(2025, 4, 1), date(2025, 4, 30))


def test_settled_figures_stay(good):
    execute(good, "UPDATE series SET is_revised = false WHERE series_id = 'RATE'")
    assert [(row["series_id"], row["explanation_en"]) for row in run(good, "settled_figures_stay")] == [
        ("RATE", "it was first published as 4.2 and is 4.3 now, although the series is not revised as a rule")
    ]


def test_series_go_on(good):
    state = "('RATE', 'fred', 'live', NULL, NULL, TIMESTAMPTZ '{} 06:00:00+00', DATE '2025-05-31')"
    execute(good, f"INSERT INTO series_states VALUES {state.format('2025-08-01')}")
    assert run(good, "series_go_on") == []
    execute(good, "DELETE FROM series_states")
    execute(good, f"INSERT INTO series_states VALUES {state.format('2025-12-01')}")
    assert [(row["series_id"], row["period_end"]) for row in run(good, "series_go_on")] == [("RATE", date(2025, 5, 31))]


def test_no_fewer_figures(good):
    columns = "refresh_id, started_at, finished_at, hedui_version, reader_version, offline, articles, claims, observations, supported, refuted, conflicting_evidence, not_enough_evidence, changed_tables, sources"
    for number, figures in ((1, 99), (2, 9), (3, 8)):
        execute(
            good,
            f"INSERT INTO refreshes ({columns}) VALUES ('{number}', '2025-07-0{number}', '2025-07-0{number}', '1', '1', true, 1, 1, {figures}, 0, 0, 0, 1, [], '[]')",
        )
    assert run(good, "no_fewer_figures") == []
    execute(good, "DELETE FROM observations WHERE series_id = 'LEVEL'")
    assert run(good, "no_fewer_figures") == [{"figures_before": 8, "figures_now": 5}]


def test_figures_are_fresh(good):
    execute(
        good,
        "INSERT INTO series_states VALUES ('RATE', 'fred', 'failed', 'no route', NULL, NULL, DATE '2025-05-31'), "
        "('LEVEL', 'fred', 'live', NULL, NULL, NULL, current_date)",
    )
    assert [(row["series_id"], row["state"], row["reason"]) for row in run(good, "figures_are_fresh")] == [
        ("RATE", "failed", "no route")
    ]


def test_figure_warnings_reach_what_is_computed_from_a_figure(jumped):
    found = jumped.build(FigureWarning).filter(series_id="GROWTH").sort("period_start").to_dicts()
    assert [(row["period_start"], row["warning"]) for row in found] == [
        (date(2025, 4, 1), "jump"),
        (date(2025, 5, 1), "jump"),
    ]


def test_figure_warnings_reach_what_is_computed_from_several_series(jumped):
    execute(jumped, "UPDATE series SET derivation = 'ratio', derived_from = 'RATE|LEVEL' WHERE series_id = 'GROWTH'")
    found = jumped.build(FigureWarning).filter(series_id="GROWTH").to_dicts()
    assert [(row["period_start"], row["warning"]) for row in found] == [(date(2025, 4, 1), "jump")]


def test_a_claim_carries_the_warning_about_the_figure_that_it_is_held_against(jumped):
    jumped.build(FigureWarning)
    rows = jumped.work.connection.sql("FROM claim_checks").pl().to_dicts()
    warned = {row["metric"]: (row["warning_en"], row["warning_zh"]) for row in rows}
    english, chinese = warned.pop("growth")
    assert english.startswith("GROWTH 2025-05: it is ")
    assert chinese.startswith("GROWTH 2025-05：该值是前后各期数值的 ")
    assert set(warned.values()) == {(None, None)}


def test_every_check_is_shown_to_find_its_culprit():
    tests = " ".join(name for name in globals() if name.startswith("test_"))
    assert [name for name in CHECKS if f"test_{name}" not in tests] == []
