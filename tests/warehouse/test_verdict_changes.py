import pytest

from pipelines.warehouse.contracts import check_rows, name_of
from pipelines.warehouse.store import Warehouse, Work
from pipelines.warehouse.tables import (
    Article,
    Claim,
    Comparison,
    Hedge,
    Observation,
    StatementComparison,
    Verdict,
    VerdictChange,
)
from tests.warehouse.conftest import Row, Scene, frame


def remember(scene: Scene) -> None:
    """Make what stands in the tables what was published last, as publishing does."""
    for contract in (Claim, Comparison, StatementComparison, Verdict, VerdictChange):
        table = name_of(contract)
        scene.work.connection.execute(f'DELETE FROM last_published."{table}"')
        scene.work.connection.execute(f'INSERT INTO last_published."{table}" FROM main."{table}"')


def judge_and_publish(scene: Scene, refresh_id: str) -> list[Row]:
    scene.judge()
    changes = scene.verdict_changes(refresh_id)
    remember(scene)
    return changes


def told(changes: list[Row]) -> list[tuple[str, str | None, str | None, str, str]]:
    return [(row["basis"], row["old_verdict"], row["new_verdict"], row["cause"], row["refresh_id"]) for row in changes]


def observe_again(scene: Scene, value: float, series_id: str = "RATE") -> None:
    """The figure of May as it is known today becomes another one, after the article's day."""
    scene.rows[Observation] = [row for row in scene.rows[Observation] if row["series_id"] != series_id]
    scene.observe(4.2, "2025-05", series_id=series_id, known_from="2025-06-06", known_until="2025-07-03")
    scene.observe(value, "2025-05", series_id=series_id, known_from="2025-07-04")


CLAIMS = ("same", "revised", "revised a little", "read anew", "judged anew", "out since", "newer period", "gone")


@pytest.fixture(scope="module")
def history(judging_work: Work) -> dict[str, list[Row]]:
    """The changes noted by five refreshes: r2 changes nothing, r3 everything, r4 takes the revision back, r5 changes nothing."""
    scene = Scene(judging_work)
    scene.hedge("约", bound="approx", reach_below=0.05, reach_above=0.05)
    for name in CLAIMS:
        scene.series(name, metric=name, frequency="daily" if name == "newer period" else "monthly", is_revised=True)
        fields: Row = {"judged anew": {"bound": "approx", "hedge": "约"}, "newer period": {"period": "2025-06-20"}}.get(
            name, {}
        )
        scene.claim(4.2, metric=name, claim_id=name, **fields)
        if name == "newer period":
            scene.observe(9.9, "2025-06-10", series_id=name, known_from="2025-06-11")
        elif name != "out since":
            scene.observe(4.35 if name == "judged anew" else 4.2, "2025-05", series_id=name, known_from="2025-06-06")
    noted = {refresh_id: judge_and_publish(scene, refresh_id) for refresh_id in ("r1", "r2")}

    observe_again(scene, 9.9, "revised")
    observe_again(scene, 4.21, "revised a little")
    reread = next(row for row in scene.rows[Claim] if row["claim_id"] == "read anew")
    reread["value_low"] = reread["value_high"] = 9.9
    scene.rows[Hedge] = []
    scene.hedge("约", bound="approx", reach_below=0.01, reach_above=0.01)
    scene.observe(4.2, "2025-05", series_id="out since", known_from="2025-07-04")
    scene.observe(4.2, "2025-06-18", series_id="newer period", known_from="2025-06-20")
    scene.rows[Claim] = [row for row in scene.rows[Claim] if row["claim_id"] != "gone"]
    scene.claim(9.9, metric="same", claim_id="new")
    scene.judge()
    noted["r3, asked once"] = scene.verdict_changes("r3")
    noted["r3"] = scene.verdict_changes("r3")
    remember(scene)

    observe_again(scene, 4.2, "revised")
    noted |= {refresh_id: judge_and_publish(scene, refresh_id) for refresh_id in ("r4", "r5")}
    return noted


def of_claim(changes: list[Row], claim_id: str) -> list[tuple[str, str | None, str | None, str, str]]:
    return told([row for row in changes if row["claim_id"] == claim_id])


def test_nothing_is_noted_at_first_or_when_nothing_changed(history):
    assert history["r1"] == history["r2"] == []
    assert history["r5"] == history["r4"]


@pytest.mark.parametrize("claim_id", ["same", "revised a little", "new"])
def test_a_verdict_that_stays_or_is_the_first_is_no_change(history, claim_id):
    assert of_claim(history["r5"], claim_id) == []


def test_a_claim_that_its_article_no_longer_makes_has_no_new_verdict(history):
    assert of_claim(history["r5"], "gone") == [
        (basis, "supported", None, "text", "r3") for basis in ("today", "when_published")
    ]


@pytest.mark.parametrize("cause", ["article", "text", "reading"])
def test_a_claim_that_goes_and_comes_back_is_noted_twice(scene, cause):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.article()
    scene.article("other")
    scene.claim(4.2, claim_id="stays", article_id="other")
    scene.claim(4.2, claim_id="leaves")
    assert judge_and_publish(scene, "r1") == []
    articles, claims = list(scene.rows[Article]), list(scene.rows[Claim])
    scene.rows[Claim] = [row for row in claims if row["claim_id"] == "stays"]
    if cause == "article":
        scene.rows[Article] = [row for row in articles if row["article_id"] == "other"]
    if cause == "reading":
        scene.rows[Claim] = [row | {"reader_version": "2"} for row in scene.rows[Claim]]
    left = [("leaves", basis, "supported", None, cause, "r2") for basis in ("today", "when_published")]
    assert [tuple(row.values()) for row in judge_and_publish(scene, "r2")] == left
    assert [tuple(row.values()) for row in judge_and_publish(scene, "r3")] == left
    scene.rows[Article], scene.rows[Claim] = articles, claims
    back = [("leaves", basis, None, "supported", cause, "r4") for basis in ("today", "when_published")]
    assert [tuple(row.values()) for row in judge_and_publish(scene, "r4")] == left + back
    assert [tuple(row.values()) for row in judge_and_publish(scene, "r5")] == left + back


def test_a_revised_figure_changes_only_the_verdict_of_today(history):
    assert of_claim(history["r3"], "revised") == [("today", "supported", "refuted", "revision", "r3")]


def test_a_new_reading_of_the_words(history):
    assert of_claim(history["r3"], "read anew") == [
        ("today", "supported", "refuted", "reading", "r3"),
        ("when_published", "supported", "refuted", "reading", "r3"),
    ]


def test_another_policy(history):
    assert of_claim(history["r3"], "judged anew") == [
        ("today", "supported", "refuted", "policy", "r3"),
        ("when_published", "supported", "refuted", "policy", "r3"),
    ]


def test_a_tolerance_that_no_longer_lets_a_figure_speak_is_another_policy(scene):
    scene.series(frequency="daily")
    scene.observe(4.2, "2025-05-20")
    scene.claim(4.2, period=None)
    assert judge_and_publish(scene, "r1") == []
    scene.tolerance("stale_daily_days", 20)
    assert told(judge_and_publish(scene, "r2")) == [
        (basis, "supported", "not_enough_evidence", "policy", "r2") for basis in ("today", "when_published")
    ]
    scene.tolerance("stale_daily_days", 45)
    assert [row["refresh_id"] for row in judge_and_publish(scene, "r3")] == ["r2", "r2", "r3", "r3"]


def test_another_policy_that_changes_no_verdict_is_not_noted(scene):
    scene.series()
    scene.observe(4.2, "2025-05")
    scene.claim(4.2)
    judge_and_publish(scene, "r1")
    scene.tolerance("daily_range", 0.5)
    assert judge_and_publish(scene, "r2") == []


def test_a_figure_that_came_out_since(history):
    assert of_claim(history["r3"], "out since") == [("today", "not_enough_evidence", "supported", "new_figure", "r3")]


def test_a_newer_period_that_decides_is_a_new_figure(history):
    assert sorted(of_claim(history["r3"], "newer period")) == [
        (basis, "refuted", "supported", "new_figure", "r3") for basis in ("today", "when_published")
    ]


def test_a_change_and_its_reversal_are_two_rows_and_stay(history):
    assert of_claim(history["r5"], "revised") == [
        ("today", "supported", "refuted", "revision", "r3"),
        ("today", "refuted", "supported", "revision", "r4"),
    ]


def test_asking_twice_in_one_refresh_notes_a_change_once(history):
    assert history["r3"] == history["r3, asked once"]


def test_the_rows_keep_the_contract(history):
    assert check_rows(VerdictChange, frame(VerdictChange, history["r5"])).bad.height == 0


# Across files and crashes: real publications in a folder of their own


def refresh(work: Work, value: float, refresh_id: str) -> list[Row]:
    """Judge one claim against this figure in an open work file, without publishing."""
    scene = Scene(work, forget_published=False)
    scene.series(is_revised=True)
    observe_again(scene, value)
    scene.claim(4.2)
    scene.judge()
    return scene.verdict_changes(refresh_id)


def published_changes(warehouse: Warehouse) -> list[tuple[str, str, str]]:
    with warehouse.open_published() as connection:
        return connection.execute(
            "SELECT old_verdict, new_verdict, refresh_id FROM verdict_changes ORDER BY refresh_id"
        ).fetchall()


def test_a_refresh_that_ends_before_publishing_neither_loses_nor_doubles_a_change(tmp_path):
    warehouse = Warehouse(tmp_path)
    with warehouse.open_work() as work:
        refresh(work, 4.2, "r1")
        work.publish()
    with warehouse.open_work() as work:
        assert len(refresh(work, 9.9, "r2")) == 1
    with warehouse.open_work() as work:
        refresh(work, 9.9, "r3")
        work.publish()
    assert published_changes(warehouse) == [("supported", "refuted", "r3")]


def test_a_publication_that_fails_at_the_last_step_neither_loses_nor_doubles_a_change(tmp_path):
    warehouse = Warehouse(tmp_path)
    with warehouse.open_work() as work:
        refresh(work, 4.2, "r1")
        work.publish()
    aside = tmp_path / "aside.duckdb"
    warehouse.published_path.rename(aside)
    warehouse.published_path.mkdir()
    with warehouse.open_work() as work:
        refresh(work, 9.9, "r2")
        with pytest.raises(Exception, match="could not be replaced"):
            work.publish()
    warehouse.published_path.rmdir()
    aside.rename(warehouse.published_path)
    assert published_changes(warehouse) == []
    with warehouse.open_work() as work:
        refresh(work, 9.9, "r3")
        work.publish()
    assert [row[:2] for row in published_changes(warehouse)] == [("supported", "refuted")]


def test_a_lost_work_file_goes_on_from_what_was_published(tmp_path):
    warehouse = Warehouse(tmp_path)
    for value, refresh_id in ((4.2, "r1"), (9.9, "r2")):
        with warehouse.open_work() as work:
            refresh(work, value, refresh_id)
            work.publish()
    warehouse.work_path.unlink()
    with warehouse.open_work() as work:
        refresh(work, 4.2, "r3")
        work.publish()
    assert published_changes(warehouse) == [("supported", "refuted", "r2"), ("refuted", "supported", "r3")]
