"""Evidence and turning points, over the five articles as published and over every series of the catalogue."""

import itertools
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import (
    Article,
    Claim,
    Comparison,
    DerivedObservation,
    StatementComparison,
    Verdict,
)
from tests.warehouse.conftest import Row, Scene, frame


def close_to(value: float) -> Any:
    """The same figure, added up in another order."""
    return pytest.approx(value, rel=1e-12, abs=1e-9)


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    found: list[Row] = connection.sql(query).pl().to_dicts()
    return found


def run_evidence(connection: duckdb.DuckDBPyConnection, verdicts: list[Row]) -> dict[tuple[str, str, str], float]:
    """What the evidence queries give, by claim, day and series."""
    return {
        (row["claim_id"], found["basis"], found["series_id"]): found["value"]
        for row in verdicts
        for found in rows_of(connection, row["evidence_sql"])
    }


# The five articles


def test_every_evidence_query_of_the_five_articles_gives_the_stored_values_again(published: Path):
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as connection:
        evidence = run_evidence(
            connection, rows_of(connection, "SELECT * FROM verdicts WHERE evidence_sql IS NOT NULL")
        )
        stored = rows_of(
            connection,
            "SELECT claim_id, basis, series_id, official_value FROM comparisons "
            "UNION ALL SELECT claim_id, basis, series_id, official_value FROM statement_comparisons",
        )
        judged = rows_of(connection, "SELECT DISTINCT claim_id, basis FROM comparisons")
    values: dict[tuple[str, str, str], list[float]] = {}
    for row in stored:
        values.setdefault((row["claim_id"], row["basis"], row["series_id"]), []).append(row["official_value"])
    assert len(evidence) > 50
    assert {(row["claim_id"], row["basis"]) for row in judged} <= {key[:2] for key in evidence}
    for key, value in evidence.items():
        assert any(value == close_to(one) for one in values[key]), key


@pytest.fixture(scope="module")
def copied(judging_work: Work, published: Path) -> Scene:
    """The claims of the five articles, each with official figures of its own, so that one can be changed without the others."""
    scene = Scene(judging_work)
    scene.load()
    connection = judging_work.connection
    connection.execute(f"ATTACH '{published / 'warehouse.duckdb'}' AS published (READ_ONLY)")
    for table in ("hedges", "tolerances", "cues", "forecast_errors", "wording", "articles", "claims", "series"):
        connection.execute(f'DELETE FROM "{table}"; INSERT INTO "{table}" BY NAME FROM published."{table}"')
    connection.execute(
        """
        DELETE FROM claims WHERE claim_id NOT IN (SELECT claim_id FROM published.comparisons);
        INSERT INTO series BY NAME
        SELECT s.* REPLACE (s.series_id || ' ' || c.claim_id AS series_id, s.metric || ' ' || c.claim_id AS metric, NULL AS derivation, NULL AS derived_from)
        FROM series s JOIN claims c ON s.metric IN (c.metric, c.relates_to);
        INSERT INTO observations BY NAME
        SELECT o.* REPLACE (s.series_id AS series_id)
        FROM series s JOIN published.official_figures o ON o.series_id = string_split(s.series_id, ' ')[1]
        WHERE contains(s.series_id, ' ') OR s.series_id = 'GDP';
        INSERT INTO forecast_errors SELECT e.* REPLACE (s.metric AS metric) FROM (SELECT DISTINCT metric FROM series WHERE contains(metric, ' ')) s
        JOIN published.forecast_errors e ON e.metric = string_split(s.metric, ' ')[1];
        UPDATE claims SET metric = metric || ' ' || claim_id, relates_to = relates_to || ' ' || claim_id;
        DELETE FROM series WHERE NOT contains(series_id, ' ') AND series_id <> 'GDP'
        """
    )
    connection.execute("DETACH published")
    return scene


def judge(scene: Scene) -> dict[str, Row]:
    scene.build(Comparison)
    return {row["claim_id"]: row for row in scene.build(Verdict).to_dicts()}


def test_judging_the_five_articles_again_on_either_side_of_flips_at_turns_every_verdict(copied, published):
    connection = copied.work.connection
    judged = judge(copied)
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as read:
        before = {row["claim_id"]: row for row in rows_of(read, "FROM verdicts")}
    assert {name: row["verdict_today"] for name, row in judged.items()} == {
        name: before[name]["verdict_today"] for name in judged
    }
    assert [before[name]["flips_at"] for name in judged] == [row["flips_at"] for row in judged.values()]
    # The figures of the definition that is told first; a change would need two of them to move.
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE turned AS
        SELECT v.claim_id, v.flips_at, k.series_id
        FROM verdicts v
        JOIN comparisons f ON f.claim_id = v.claim_id AND f.series_id = v.series_id AND f.basis = 'today' AND f.measure = 'value'
        JOIN comparisons k ON k.claim_id = v.claim_id AND k.basis = 'today' AND k.definition IS NOT DISTINCT FROM f.definition
        WHERE v.flips_at IS NOT NULL
        """
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE as_it_was AS FROM observations")
    sides = {}
    for sign in (-1, 1):
        connection.execute(
            f"""
            DELETE FROM observations; INSERT INTO observations FROM as_it_was;
            UPDATE observations o SET value = t.flips_at + {sign} * 1e-9 * abs(t.flips_at) FROM turned t WHERE o.series_id = t.series_id
            """
        )
        sides[sign] = judge(copied)
    turned = [name for (name,) in connection.execute("SELECT DISTINCT claim_id FROM turned").fetchall()]
    assert len(turned) >= 5
    for name in turned:
        assert sides[-1][name]["verdict_today"] != sides[1][name]["verdict_today"], name


# Every series of the catalogue


@pytest.fixture(scope="module")
def every_series(judging_work: Work, published: Path) -> Scene:
    """A claim on the newest figure of each series, with a metric of its own, and the statement that it rises."""
    scene = Scene(judging_work)
    scene.article(published_on="2026-11-01")
    scene.load()
    connection = judging_work.connection
    connection.execute(f"ATTACH '{published / 'warehouse.duckdb'}' AS published (READ_ONLY)")
    connection.execute(
        """
        INSERT INTO series BY NAME SELECT * REPLACE (series_id AS metric, NULL AS definition, NULL AS subject) FROM published.series;
        INSERT INTO observations BY NAME FROM published.observations;
        INSERT INTO derived_observations BY NAME FROM published.derived_observations;
        DELETE FROM statement_thresholds; INSERT INTO statement_thresholds BY NAME FROM published.statement_thresholds;
        """
    )
    newest = rows_of(
        connection,
        "SELECT series_id, s.unit, s.is_projection, f.period_start, f.period_end, f.value FROM published.official_figures f JOIN published.series s USING (series_id) "
        "WHERE f.known_until IS NULL QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY period_end DESC, period_start DESC) = 1",
    )
    connection.execute("DETACH published")
    for row in newest:
        period = (row["period_start"].isoformat(), row["period_end"].isoformat())
        scene.claim(
            None,
            period=period,
            claim_id=f"{row['series_id']} rises",
            metric=row["series_id"],
            kind="direction",
            relation="rises",
            unit=None,
            half_width=None,
        )
        scene.claim(
            row["value"],
            period=period,
            claim_id=row["series_id"],
            metric=row["series_id"],
            unit=row["unit"],
            modality="projection" if row["is_projection"] else "actual",
        )
    for contract in (Article, Claim):
        scene.put(contract, frame(contract, scene.rows[contract]))
    return scene


def compare(scene: Scene) -> dict[str, float]:
    """The official value of today by series, each held against its own claim."""
    return {row["series_id"]: row["official_value"] for row in scene.build(Comparison).filter(basis="today").to_dicts()}


def evidence_of_today(scene: Scene, verdicts: list[Row]) -> dict[str, float]:
    figures = [row for row in verdicts if not row["claim_id"].endswith(" rises")]
    found = run_evidence(scene.work.connection, figures)
    return {series_id: value for (_, basis, series_id), value in found.items() if basis == "today"}


def state(scene: Scene) -> dict[str, Row]:
    """What the statements are held against today, by series."""
    return {row["series_id"]: row for row in scene.build(StatementComparison).filter(basis="today").to_dicts()}


def evidence_of_statements(scene: Scene, stated: dict[str, Row]) -> dict[str, tuple[float, float]]:
    """What the evidence queries of statements give: the official value and what it is held against."""
    return {name: scene.work.connection.execute(row["evidence_sql"]).fetchall()[0] for name, row in stated.items()}


def values_of(stated: dict[str, Row]) -> dict[str, Any]:
    return {name: (close_to(row["official_value"]), close_to(row["compared_value"])) for name, row in stated.items()}


@pytest.mark.slow
def test_every_series_can_be_computed_again_and_changing_one_observation_changes_exactly_what_uses_it(every_series):
    scene, connection = every_series, every_series.work.connection
    stored, stated = compare(scene), state(scene)
    said = evidence_of_statements(scene, stated)
    assert len(stated) > 100
    assert said == values_of(stated)
    assert not any("derived_observations" in row["evidence_sql"] for row in stated.values())
    verdicts = scene.build(Verdict).to_dicts()
    with_figures = {row["claim_id"] for row in verdicts if not row["claim_id"].endswith(" rises")}
    assert set(stored) == with_figures
    assert len(stored) > 140
    assert evidence_of_today(scene, verdicts) == {name: close_to(value) for name, value in stored.items()}
    # One observation of each published series is changed; at a time only series of which nothing is derived together.
    uses = {
        row["series_id"]: set((row["derived_from"] or "").split("|")) - {""}
        for row in rows_of(connection, "FROM series")
    }
    batches: list[list[str]] = []
    for name in sorted(name for name in stored if not uses[name]):
        for batch in batches:
            if not any({name, other} <= inputs for other, inputs in itertools.product(batch, uses.values())):
                batch.append(name)
                break
        else:
            batches.append([name])
    connection.execute("CREATE OR REPLACE TEMP TABLE as_it_was AS FROM observations")
    for batch in batches:
        names = ", ".join(f"'{name}'" for name in batch)
        connection.execute(
            f"""
            DELETE FROM observations; INSERT INTO observations FROM as_it_was;
            UPDATE observations o SET value = round(o.value * 1.01, 2) + 0.01
            FROM (SELECT series_id, official_period_start, official_period_end, known_from FROM comparisons WHERE basis = 'today') k
            WHERE o.series_id IN ({names}) AND o.series_id = k.series_id AND o.period_start = k.official_period_start
                AND o.period_end = k.official_period_end AND o.known_from = k.known_from
            """
        )
        scene.build(DerivedObservation)
        now = compare(scene)
        evidence = evidence_of_today(scene, verdicts)
        assert evidence == {name: close_to(now[name]) for name in stored}
        said_now = evidence_of_statements(scene, stated)
        assert said_now == values_of(state(scene))
        changed = {name for name in stored if now[name] != pytest.approx(stored[name], rel=1e-9)}
        assert set(batch) <= changed
        assert changed - set(batch) <= {name for name, inputs in uses.items() if inputs & set(batch)}
        assert {name for name in stored if evidence[name] != pytest.approx(stored[name], rel=1e-9)} == changed
        # a statement moves with its newest figure; what that is held against is older, but where one series is made of sums
        assert {
            name for name in stated if said_now[name][0] != pytest.approx(said[name][0], rel=1e-9)
        } == changed & set(stated)


@pytest.mark.slow
def test_every_series_beside_another_of_its_time_can_be_computed_again_and_moves_with_its_observations(every_series):
    scene, connection = every_series, every_series.work.connection
    pairs = rows_of(
        connection,
        """
        WITH newest AS (
            SELECT s.series_id, s.unit, s.kind, s.frequency, f.period_start, f.period_end, f.value
            FROM official_figures f JOIN series s USING (series_id)
            WHERE f.known_until IS NULL AND NOT s.is_projection AND s.unit IN ('USD', 'percent')
            QUALIFY row_number() OVER (PARTITION BY s.series_id ORDER BY f.period_end DESC, f.period_start DESC) = 1
        )
        SELECT n.*, b.series_id AS base, b.value AS base_value
        FROM newest n
        JOIN newest b ON b.series_id <> n.series_id AND b.unit = n.unit AND b.kind = n.kind AND b.frequency = n.frequency
            AND (b.period_start, b.period_end) = (n.period_start, n.period_end) AND b.value <> 0 AND n.value <> 0
        QUALIFY row_number() OVER (PARTITION BY n.series_id ORDER BY b.series_id) = 1
        """,
    )
    assert len(pairs) > 60
    scene.rows[Claim].clear()
    for row in pairs:
        of_rates = row["unit"] == "percent"
        scene.claim(
            row["value"] - row["base_value"] if of_rates else row["value"] / row["base_value"],
            period=(row["period_start"].isoformat(), row["period_end"].isoformat()),
            claim_id=row["series_id"],
            metric=None,
            relates_to=row["series_id"],
            base_metric=row["base"],
            relation="exceeds" if of_rates else "ratio_to",
            unit="percentage_point" if of_rates else "ratio",
        )
    scene.put(Claim, frame(Claim, scene.rows[Claim]))
    stored = compare(scene)
    verdicts = scene.build(Verdict).to_dicts()
    assert set(stored) == {row["series_id"] for row in pairs}
    assert evidence_of_today(scene, verdicts) == {name: close_to(value) for name, value in stored.items()}
    # each at another rate, so that no quotient stays what it was
    connection.execute("CREATE OR REPLACE TEMP TABLE before_pairs AS FROM observations")
    connection.execute("UPDATE observations SET value = round(value * (1 + hash(series_id) % 1000 / 10000), 2) + 0.01")
    scene.build(DerivedObservation)
    now = compare(scene)
    assert evidence_of_today(scene, verdicts) == {name: close_to(value) for name, value in now.items()}
    assert {name for name in stored if now[name] != pytest.approx(stored[name], rel=1e-9)} == set(stored)
    connection.execute("DELETE FROM observations; INSERT INTO observations FROM before_pairs")
