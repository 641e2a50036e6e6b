"""The catalogue, what the services say, and what is derived from it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import dagster as dg

from pipelines.official.catalogue import read_catalogue
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
from pipelines.warehouse.tables import DerivedObservation, Observation, Series, Source

OFFICIAL = ROOT / "pipelines" / "official"
CATALOGUE = SEEDS / "series.csv"


@build_tables(Series, deps=["series_catalogue"], group="official", kinds={"python"}, inputs=lambda _: [CATALOGUE])
def series(_: RefreshResource) -> Rows:
    """Load the catalogue of official series."""
    return {
        Series: make_frame(Series, [asdict(one) | {"scale": float(one.scale)} for one in read_catalogue(CATALOGUE)])
    }


_observation_specs, _observation_checks = specs_and_checks(
    (Observation, Source),
    deps=["series", "offline_figures", "fred", "treasury"],
    group="official",
    kinds={"python", "polars"},
)


@dg.multi_asset(name="build_observations_and_sources", specs=_observation_specs, check_specs=_observation_checks)
def observations(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
    """Ask the services for what is new, put it to what is known, and say of each source what it gave."""
    work = refresh.work
    # What there is without asking anybody; the first half of the fingerprint of sources, which offline says all.
    at_hand = fingerprint_of(OFFICIAL, CATALOGUE, SEEDS / "official")[:32]
    if refresh.offline and (work.fingerprint_of("sources") or "").startswith(at_hand):
        yield unchanged(work, Observation)
        yield unchanged(work, Source)
        return
    from pipelines.official.observations import gather_observations  # noqa: PLC0415  # brings the network's libraries: only when asked for

    gathered = stop_plainly(
        lambda: gather_observations(
            read_catalogue(CATALOGUE),
            work.read(Observation),
            settings=refresh.source_settings(),
            downloads_folder=refresh.folder / "downloads",
            offline_folder=SEEDS / "official",
            now=refresh.started_at,
            offline=refresh.offline,
            report=context.log.info,
        )
    )
    outcomes = [
        asdict(one) | {"series_count": one.series, "observation_count": one.observations} for one in gathered.sources
    ]
    asked = make_frame(Source, outcomes)
    for contract, rows, fingerprint in (
        # Whether a service has anything new is known only once it was asked: what is held is compared with what came of it.
        (Observation, gathered.observations, fingerprint_of_rows(gathered.observations)),
        (Source, asked, at_hand + fingerprint_of_rows(asked)[:32]),
    ):
        if work.fingerprint_of(name_of(contract)) == fingerprint:
            yield unchanged(work, contract)
        else:
            yield from write(context, refresh, contract, rows, fingerprint)


derived_observations = build_from_sql(DerivedObservation, deps=["series", "observations"], group="official")
