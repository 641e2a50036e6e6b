"""What was known when: dating what a service shows today, and merging what comes from several sources.

For one period of one series there are rows of at most two origins: `live` (read from the service by this installation)
and `snapshot` (the offline figures). The better known origin wins the period: a vintage of the provider over a change
that we saw ourselves, that over the usual release lag; `live` where both are equal. Current figures win in any case: of
two newest values the later one counts.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import polars as pl

from pipelines.official.catalogue import Series
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA, Observation, Sighting

PERIOD = ("series_id", "period_start", "period_end")
# How well it is known since when a value was known.
RANKS = {"vintage": 3, "retrieved": 2, "release_lag": 1}


def date_sightings(
    sightings: Iterable[Sighting], known: pl.DataFrame, series_by_id: Mapping[str, Series], retrieved_on: date
) -> list[Observation]:
    """Say since when each sighted value is known, where that is news.

    The first sight of a value is dated by the release lag, a later change by the day on which we saw it; a value that
    is what we knew already gives nothing.

    Args:
        sightings: What the service shows today.
        known: Observations held already (`OBSERVATION_SCHEMA`); only live ones count.
        series_by_id: The catalogue, for the release lag.
        retrieved_on: The day of the sight.

    Returns:
        Observations without an end; `merge_observations` closes the values that they follow.
    """
    newest = (
        known.filter(pl.col("origin") == "live")
        .sort(OBSERVATION_KEY)
        .group_by(PERIOD, maintain_order=True)
        .agg(pl.col("value").last())
    )
    held = {(series_id, start, end): value for series_id, start, end, value in newest.iter_rows()}
    news = []
    for seen in sightings:
        before = held.get((seen.series_id, seen.period_start, seen.period_end))
        if before == seen.value:
            continue
        known_from, basis = retrieved_on, "retrieved"
        if before is None:
            published_on = seen.period_end + timedelta(days=series_by_id[seen.series_id].release_lag_days)
            if published_on <= retrieved_on:
                known_from, basis = published_on, "release_lag"
        news.append(
            Observation(
                series_id=seen.series_id,
                period_start=seen.period_start,
                period_end=seen.period_end,
                value=seen.value,
                known_from=known_from,
                known_until=None,
                known_basis=basis,
                download_sha256=seen.download_sha256,
            )
        )
    return news


def merge_observations(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Merge new observations into those held already.

    Args:
        known: Observations held (`OBSERVATION_SCHEMA`, unique by `OBSERVATION_KEY`).
        new: Observations that came in (the same); of a period they may hold all values or only news.

    Returns:
        All of them, sorted by key: one origin a period, every value closed the day before the next one was known, no
        two values known on the same day. Merging the same again changes nothing, and no vintage is lost.
    """
    both = pl.concat(
        [known.with_columns(is_new=pl.lit(value=False)), new.with_columns(is_new=pl.lit(value=True))], how="vertical"
    )
    per_origin = [*PERIOD, "origin"]
    has_news = pl.col("is_new").any().over(per_origin)
    has_new_estimate = (pl.col("is_new") & (pl.col("known_basis") == "release_lag")).any().over(per_origin)
    outdated = ~pl.col("is_new") & (
        # The offline figures of a period are complete whenever they come.
        ((pl.col("origin") == "snapshot") & has_news)
        # A day that was only estimated gives way to a new estimate.
        | ((pl.col("known_basis") == "release_lag") & has_new_estimate & ~_is_repeated(per_origin))
    )
    return _close(_choose_origin(_unite(both.filter(~outdated), per_origin)))


def _is_repeated(per_origin: list[str]) -> pl.Expr:
    """Whether the row is there twice with the same key, once known and once new."""
    return pl.len().over([*per_origin, "known_from"]) > 1


def _unite(rows: pl.DataFrame, per_origin: list[str]) -> pl.DataFrame:
    """Keep one row a key: the better known, else the new one, but as first retrieved if it says nothing else."""
    key = [*per_origin, "known_from"]
    rows = rows.sort([*key, _rank(), "is_new"])
    says_the_same = (pl.col("value").n_unique() == 1) & (pl.col("known_basis").n_unique() == 1)
    provenance = ("retrieved_at", "download_sha256")
    return rows.group_by(key, maintain_order=True).agg(
        pl.col("value", "known_until", "known_basis").last(),
        *(pl.when(says_the_same).then(pl.col(name).first()).otherwise(pl.col(name).last()) for name in provenance),
    )


def _choose_origin(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the better known origin of each period; `rows` are sorted by `known_from`."""
    is_live = pl.col("origin") == "live"

    def newest(column: str, of: pl.Expr) -> pl.Expr:
        return pl.col(column).filter(of).last().over(PERIOD)

    live_rank, snapshot_rank = (_rank().filter(of).max().over(PERIOD) for of in (is_live, ~is_live))
    differ = newest("value", is_live) != newest("value", ~is_live)
    # The service has not been read since this vintage of the snapshot came out.
    snapshot_is_newer = (
        differ
        & (newest("known_basis", ~is_live) == "vintage")
        & (newest("known_from", ~is_live) > newest("known_from", is_live))
    )
    live_wins = (
        pl.when(live_rank.is_null() | snapshot_rank.is_null())
        .then(live_rank.is_not_null())
        .otherwise(~snapshot_is_newer & (differ | (live_rank >= snapshot_rank)))
    )
    return rows.filter(is_live == live_wins)


def _rank() -> pl.Expr:
    return pl.col("known_basis").replace_strict(RANKS, return_dtype=pl.Int8)


def _close(rows: pl.DataFrame) -> pl.DataFrame:
    """Let each value end the day before the next one was known."""
    rows = rows.sort(OBSERVATION_KEY)
    last_day = pl.col("known_from").shift(-1).over(PERIOD).dt.offset_by("-1d")
    return rows.with_columns(known_until=pl.min_horizontal("known_until", last_day)).select(OBSERVATION_SCHEMA.names())
