from collections.abc import Iterator
from datetime import date

import pytest

from pipelines.places import SQL
from pipelines.warehouse.queries import read_questions
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import CONTRACTS
from tests.warehouse.conftest import Row, Scene

CHECKS = {question.name: question for question in read_questions(SQL / "checks")}


def run(scene: Scene, name: str) -> list[Row]:
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


def test_debt_parts_add_up(good):
    execute(good, "UPDATE observations SET value = value + 1 WHERE series_id = 'DEBT_TO_PENNY.intragovernmental'")
    assert [row["total"] for row in run(good, "debt_parts_add_up")] == [38e12]


def test_sources_answered(good):
    execute(
        good,
        "INSERT INTO sources VALUES ('fred', 'skipped', 'FRED_API_KEY is not set', 66, 0, NULL), ('treasury', 'failed', 'no route', 17, 0, NULL)",
    )
    assert [(row["source"], row["reason"]) for row in run(good, "sources_answered")] == [("treasury", "no route")]


def test_every_check_is_shown_to_find_its_culprit():
    tests = " ".join(name for name in globals() if name.startswith("test_"))
    assert [name for name in CHECKS if f"test_{name}" not in tests] == []
