from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.official.catalogue import Series
from pipelines.official.records import OBSERVATION_KEY, OBSERVATION_SCHEMA, Sighting
from pipelines.official.vintages import PERIOD, RANKS, date_sightings, merge_observations

START, END = date(2025, 1, 1), date(2025, 1, 31)
EMPTY = OBSERVATION_SCHEMA.to_frame()


def row(
    value: float,
    known_from: date,
    basis: str = "vintage",
    origin: str = "live",
    *,
    until: date | None = None,
    series_id: str = "UNRATE",
    start: date = START,
    retrieved_at: datetime | None = None,
) -> tuple[object, ...]:
    if origin == "live" and retrieved_at is None:
        retrieved_at = datetime(2026, 11, 22, tzinfo=UTC)
    sha = f"sha of {retrieved_at:%j}" if retrieved_at else None
    return series_id, start, END, value, known_from, until, basis, origin, retrieved_at, sha


def frame(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=OBSERVATION_SCHEMA, orient="row")


def told(rows: pl.DataFrame) -> list[tuple[object, ...]]:
    return rows.select("value", "known_from", "known_until", "known_basis").rows()


def day(number: int) -> date:
    return date(2025, 2, 1) + timedelta(days=number)


def test_a_new_vintage_closes_the_one_before() -> None:
    merged = merge_observations(frame(row(4.0, day(6))), frame(row(4.1, day(40))))
    assert told(merged) == [(4.0, day(6), day(39), "vintage"), (4.1, day(40), None, "vintage")]


def test_a_revision_back_is_a_third_row() -> None:
    rows = EMPTY
    for value, known_from in ((4.0, day(6)), (4.1, day(40)), (4.0, day(80))):
        rows = merge_observations(rows, frame(row(value, known_from)))
    assert told(rows) == [
        (4.0, day(6), day(39), "vintage"),
        (4.1, day(40), day(79), "vintage"),
        (4.0, day(80), None, "vintage"),
    ]


def test_a_value_that_the_service_withdrew_stays_closed() -> None:
    merged = merge_observations(frame(row(4.0, day(6))), frame(row(4.0, day(6), until=day(20))))
    assert told(merged) == [(4.0, day(6), day(20), "vintage")]


def test_the_first_retrieval_of_an_unchanged_value_stays() -> None:
    earlier, later = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    known = frame(row(4.0, day(6), retrieved_at=earlier))
    assert merge_observations(known, frame(row(4.0, day(6), retrieved_at=later))).equals(known)


def test_a_new_estimate_of_the_day_replaces_the_old_one() -> None:
    merged = merge_observations(frame(row(4.0, day(6), "release_lag")), frame(row(4.0, day(8), "release_lag")))
    assert told(merged) == [(4.0, day(8), None, "release_lag")]


def test_live_wins_over_a_snapshot_that_is_known_as_well() -> None:
    merged = merge_observations(frame(row(4.0, day(6), origin="snapshot")), frame(row(4.0, day(5))))
    assert merged["origin"].to_list() == ["live"]


def test_a_snapshot_with_vintages_wins_over_a_live_value_dated_by_the_lag() -> None:
    snapshot = frame(row(4.1, day(6), origin="snapshot"), row(4.0, day(40), origin="snapshot"))
    merged = merge_observations(snapshot, frame(row(4.0, day(5), "release_lag")))
    assert told(merged) == [(4.1, day(6), day(39), "vintage"), (4.0, day(40), None, "vintage")]


def test_a_snapshot_that_is_out_of_date_never_wins() -> None:
    merged = merge_observations(frame(row(4.1, day(6), origin="snapshot")), frame(row(4.0, day(40), "retrieved")))
    assert merged.select("value", "origin").rows() == [(4.0, "live")]


def test_a_vintage_that_came_out_after_the_service_was_read_wins() -> None:
    snapshot = frame(row(4.0, day(6), origin="snapshot"), row(4.1, day(40), origin="snapshot"))
    merged = merge_observations(frame(row(4.0, day(6))), snapshot)
    assert merged.select("value", "origin").rows() == [(4.0, "snapshot"), (4.1, "snapshot")]


def test_a_later_estimate_of_the_day_does_not_make_a_snapshot_newer() -> None:
    snapshot = frame(row(4.1, day(8), "release_lag", origin="snapshot"))
    merged = merge_observations(snapshot, frame(row(4.0, day(6), "release_lag")))
    assert merged.select("value", "origin").rows() == [(4.0, "live")]


def test_a_known_vintage_does_not_become_an_estimate() -> None:
    known = frame(row(4.0, day(6)))
    assert merge_observations(known, frame(row(4.0, day(6), "release_lag"))).equals(known)


def test_new_offline_figures_replace_the_old_ones() -> None:
    known = frame(row(4.0, day(6), origin="snapshot"), row(4.2, day(9), origin="snapshot"))
    assert told(merge_observations(known, frame(row(4.1, day(6), origin="snapshot")))) == [
        (4.1, day(6), None, "vintage")
    ]


def test_other_periods_are_left_alone() -> None:
    other = frame(row(4.0, day(6), start=date(2025, 1, 2)))
    merged = merge_observations(other, frame(row(4.1, day(40))))
    assert merged.filter(pl.col("period_start") == date(2025, 1, 2)).equals(other)


vintage_rows = st.builds(
    row,
    value=st.sampled_from([4.0, 4.1, 4.2]),
    known_from=st.integers(0, 9).map(day),
    basis=st.sampled_from(sorted(RANKS)),
    origin=st.sampled_from(["live", "snapshot"]),
    series_id=st.sampled_from(["UNRATE", "ICSA"]),
    start=st.sampled_from([START, date(2025, 1, 8)]),
)
frames = st.lists(vintage_rows, max_size=8).map(
    lambda rows: frame(*{(one[0], one[1], one[4], one[7]): one for one in rows}.values())
)


@given(frames, frames)
@settings(max_examples=40, deadline=None)
def test_merging_again_changes_nothing(first: pl.DataFrame, second: pl.DataFrame) -> None:
    merged = merge_observations(merge_observations(EMPTY, first), second)
    assert merge_observations(merged, EMPTY).equals(merged)
    assert merge_observations(EMPTY, merged).equals(merged)


@given(frames, frames)
@settings(max_examples=40, deadline=None)
def test_merging_live_rows_twice_changes_nothing(first: pl.DataFrame, second: pl.DataFrame) -> None:
    live = second.filter(pl.col("origin") == "live")
    merged = merge_observations(merge_observations(EMPTY, first), live)
    assert merge_observations(merged, live).equals(merged)


@given(frames, frames)
@settings(max_examples=40, deadline=None)
def test_no_two_values_of_a_period_are_known_on_the_same_day(first: pl.DataFrame, second: pl.DataFrame) -> None:
    merged = merge_observations(merge_observations(EMPTY, first), second)
    following = merged.with_columns(following=pl.col("known_from").shift(-1).over(PERIOD))
    assert following.filter(pl.col("known_until").fill_null(date.max) >= pl.col("following")).is_empty()
    assert merged.filter(pl.col("known_until") < pl.col("known_from")).is_empty()
    assert merged.equals(merged.sort(OBSERVATION_KEY))
    assert merged.schema == OBSERVATION_SCHEMA


@given(st.lists(frames, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_live_vintage_is_ever_lost(batches: list[pl.DataFrame]) -> None:
    merged, vintages = EMPTY, []
    for batch in batches:
        live = batch.filter((pl.col("origin") == "live") & (pl.col("known_basis") != "release_lag"))
        merged = merge_observations(merged, live)
        vintages.append(live.select(OBSERVATION_KEY))
    assert pl.concat(vintages).join(merged, on=OBSERVATION_KEY, how="anti").is_empty()


@given(frames, frames)
@settings(max_examples=40, deadline=None)
def test_every_period_has_rows_of_one_origin_and_a_value(first: pl.DataFrame, second: pl.DataFrame) -> None:
    merged = merge_observations(merge_observations(EMPTY, first), second)
    assert merged.group_by(PERIOD).agg(pl.col("origin").n_unique()).filter(pl.col("origin") > 1).is_empty()
    expected = pl.concat([first, second]).select(PERIOD).unique()
    assert expected.join(merged, on=PERIOD, how="anti").is_empty()


def seen(value: float) -> Sighting:
    return Sighting("UNRATE", START, END, value, "5ha")


def test_the_first_sight_is_dated_by_the_release_lag(series_by_id: dict[str, Series]) -> None:
    (first,) = date_sightings([seen(4.0)], EMPTY, series_by_id, date(2026, 11, 22))
    assert (first.known_from, first.known_basis) == (date(2025, 2, 6), "release_lag")


def test_a_first_sight_before_the_usual_lag_is_dated_by_the_day_itself(series_by_id: dict[str, Series]) -> None:
    (first,) = date_sightings([seen(4.0)], EMPTY, series_by_id, date(2025, 2, 3))
    assert (first.known_from, first.known_basis) == (date(2025, 2, 3), "retrieved")


def test_the_same_sight_again_is_no_news(series_by_id: dict[str, Series]) -> None:
    known = frame(row(4.0, date(2025, 2, 6), "release_lag"))
    assert date_sightings([seen(4.0)], known, series_by_id, date(2026, 11, 22)) == []


def test_a_change_is_dated_by_the_day_on_which_it_was_seen(series_by_id: dict[str, Series]) -> None:
    known = frame(row(4.0, date(2025, 2, 6), "release_lag"))
    (change,) = date_sightings([seen(4.1)], known, series_by_id, date(2026, 11, 22))
    assert (change.known_from, change.known_basis) == (date(2026, 11, 22), "retrieved")
