"""The catalogue, what the services say, and what is derived from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.official.catalogue import read_catalogue
from pipelines.orchestration.decision_log import log_decision
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import (
    Rows,
    build_from_sql,
    build_tables,
    fingerprint_of,
    fingerprint_of_rows,
    make_frame,
    specs_and_checks,
    stop_plainly,
    unchanged,
    write,
)
from pipelines.places import ROOT, SEEDS
from pipelines.warehouse.contracts import name_of
from pipelines.warehouse.queries import macro_paths, query_path
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import DerivedObservation, FigureWarning, Observation, Series, SeriesState, Source

if TYPE_CHECKING:
    from datetime import date

    from pipelines.official.observations import Gathered, SourceOutcome

OFFICIAL = ROOT / "pipelines" / "official"
CATALOGUE = SEEDS / "series.csv"


@build_tables(Series, deps=["series_catalogue"], group="official", kinds={"python"}, inputs=lambda _: [CATALOGUE])
def series(_: RefreshResource) -> Rows:
    """Load the catalogue of official series."""
    return {
        Series: make_frame(Series, [asdict(one) | {"scale": float(one.scale)} for one in read_catalogue(CATALOGUE)])
    }


# The days on which some claim needs to know what a revised series of FRED, or one that is computed from it, said.
_CLAIMED_DAYS = """
SELECT DISTINCT coalesce(f.series_id, s.series_id), a.published_on
FROM claims c
JOIN articles a USING (article_id)
JOIN series s USING (metric)
LEFT JOIN series f ON list_contains(string_split(s.derived_from, '|'), f.series_id)
WHERE a.published_on IS NOT NULL AND c.value_low IS NOT NULL
    AND coalesce(f.provider, s.provider) = 'fred' AND coalesce(f.is_revised, s.is_revised)
ORDER BY ALL
"""
_OFFICIAL_TABLES = (Observation, SeriesState, Source)
_observation_specs, _observation_checks = specs_and_checks(
    _OFFICIAL_TABLES,
    deps=["series", "articles", "claims", "offline_figures", "fred", "treasury", "cbo", "sec"],
    group="official",
    kinds={"python", "polars"},
)


@dg.multi_asset(name="build_observations", specs=_observation_specs, check_specs=_observation_checks)
def observations(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
    """Ask the services for what is new, put it to what is known, and say of each source what it gave."""
    work = refresh.work
    # What there is without asking anybody; the first half of the fingerprint of sources, which offline says all.
    at_hand = fingerprint_of(OFFICIAL, CATALOGUE, SEEDS / "official")[:32]
    if refresh.offline and (work.fingerprint_of("sources") or "").startswith(at_hand):
        yield from unchanged(work, *_OFFICIAL_TABLES)
        return
    from pipelines.official.observations import confirm_run  # noqa: PLC0415  # brings the network's libraries: only when asked for

    before = {row["source"]: row for row in work.read(Source).to_dicts()}
    gathered = stop_plainly(lambda: _gather(refresh, context.log.info))
    for one in gathered.sources:
        log_decision(refresh.folder, "source_asked", refresh_id=context.run.run_id, **asdict(one))
        if _has_news(one, before.get(one.source)):
            told = {"newest_period_end": str(one.newest_period_end), "observations": one.observations}
            context.log_event(dg.AssetMaterialization(one.source, metadata=told))
    outcomes = [
        asdict(one) | {"series_count": one.series, "observation_count": one.observations} for one in gathered.sources
    ]
    asked = make_frame(Source, outcomes)
    states = make_frame(SeriesState, [asdict(one) for one in gathered.series])
    for contract, rows, fingerprint in (
        # Whether a service has anything new is known only once it was asked: what is held is compared with what came of it.
        (Observation, gathered.observations, fingerprint_of_rows(gathered.observations)),
        (SeriesState, states, fingerprint_of_rows(states.drop("asked_at", "answered_at"))),
        (Source, asked, at_hand + fingerprint_of_rows(asked)[:32]),
    ):
        if work.fingerprint_of(name_of(contract)) != fingerprint:
            yield from write(context, refresh, contract, rows, fingerprint)
            continue
        if contract is SeriesState:  # that a service was asked once more is noted, but is no news
            work.write(contract, rows, fingerprint=fingerprint, refresh_id=work.refresh_of(name_of(contract)))
        yield from unchanged(work, contract)
    confirm_run(gathered.journal)


def _has_news(now: "SourceOutcome", before: Mapping[str, Any] | None) -> bool:
    """Whether a service answered for the first time, or with a newer period than the last time."""
    if now.state != "live" or now.newest_period_end is None:
        return False
    if before is None or before["state"] != "live" or before["newest_period_end"] is None:
        return True
    return bool(now.newest_period_end > before["newest_period_end"])


def _gather(refresh: RefreshResource, report: Callable[[str], None]) -> "Gathered":
    from pipelines.official import observations as door  # noqa: PLC0415  # brings the network's libraries: only when asked for

    downloads, offline, catalogue = refresh.folder / "downloads", SEEDS / "official", read_catalogue(CATALOGUE)
    known = refresh.work.read(Observation)
    if refresh.replay:
        return door.replay_observations(
            catalogue, downloads_folder=downloads, offline_folder=offline, report=report, known=known
        )
    as_of: dict[str, list[date]] = {}
    for series_id, day in refresh.work.connection.execute(_CLAIMED_DAYS).fetchall():
        as_of.setdefault(series_id, []).append(day)
    return door.gather_observations(
        catalogue,
        known,
        settings=refresh.source_settings(),
        downloads_folder=downloads,
        offline_folder=offline,
        now=refresh.started_at,
        offline=refresh.offline,
        report=report,
        states=[door.SeriesState(**row) for row in refresh.work.read(SeriesState).to_dicts()],
        as_of=as_of,
    )


derived_observations = build_from_sql(DerivedObservation, deps=["series", "observations"], group="official")


@build_tables(
    FigureWarning,
    deps=["series", "observations", "derived_observations", "series_states"],
    group="official",
    kinds={"duckdb", "sql"},
    # that a service answered again is no news of its series, but may make a series one that has stopped
    inputs=lambda refresh: [query_path("figure_warnings"), *macro_paths(), _days_of_answers(refresh.work)],
)
def figure_warnings(refresh: RefreshResource) -> Rows:
    """Look for what is odd about the current official figures."""
    return {FigureWarning: refresh.work.select(FigureWarning)}


def _days_of_answers(work: Work) -> str:
    return str(
        work.connection.execute("SELECT series_id, answered_at::DATE FROM series_states ORDER BY ALL").fetchall()
    )
