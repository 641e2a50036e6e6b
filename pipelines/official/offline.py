"""The figures that travel with the repository, for when nothing newer can be had."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

import polars as pl

from pipelines.errors import ParseError, SeedError
from pipelines.official.catalogue import Series
from pipelines.official.records import OBSERVATION_KEY, Observation, to_base_unit, to_frame

COLUMNS = ("series_id", "period_start", "period_end", "value", "known_from", "known_until", "known_basis")
BASES = ("vintage", "release_lag")
_CURE = "make the file again with seeds/official/make.py"


def read_offline_figures(folder: Path, catalogue: Sequence[Series]) -> pl.DataFrame:
    """Read the offline figures of every provider in the catalogue.

    Args:
        folder: Holds one CSV a provider (`fred.csv`, `treasury.csv`, ...) with the columns `COLUMNS`; values in the
            unit the provider publishes, an empty `known_until` while a value is current.
        catalogue: The series; a figure of any other series is an error, and so is one that may not be passed on.

    Returns:
        Observations of origin `snapshot` in base units (`OBSERVATION_SCHEMA`), sorted by key.

    Raises:
        SeedError: A file is missing or a row is wrong; the message names file, line and cure.
    """
    observations: list[Observation] = []
    for provider in dict.fromkeys(series.provider for series in catalogue):
        if provider != "derived":
            series_by_id = {series.series_id: series for series in catalogue if series.provider == provider}
            observations += _read_provider(folder / f"{provider}.csv", series_by_id)
    return to_frame(observations, origin="snapshot").sort(OBSERVATION_KEY)


def _read_provider(path: Path, series_by_id: dict[str, Series]) -> list[Observation]:
    numbered: list[tuple[int, Observation]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            header = next(rows, [])
            if tuple(header) != COLUMNS:
                raise SeedError(f"{path}, line 1: the header must be {','.join(COLUMNS)}; {_CURE}")
            numbered.extend((rows.line_num, _read_row(path, rows.line_num, cells, series_by_id)) for cells in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path}: cannot be read as UTF-8 CSV ({error}); {_CURE}") from error
    return list(_without_overlaps(path, numbered))


def _read_row(path: Path, line: int, cells: list[str], series_by_id: dict[str, Series]) -> Observation:
    if len(cells) != len(COLUMNS):
        raise SeedError(f"{path}, line {line}: {len(cells)} cells instead of {len(COLUMNS)}; {_CURE}")
    series_id, start, end, published, known_from, known_until, basis = cells
    series = series_by_id.get(series_id)
    if series is None:
        raise SeedError(
            f"{path}, line {line}, column series_id: {series_id!r} is no series of this provider in seeds/series.csv; "
            "add it there or remove the row"
        )
    if not series.redistributable:
        raise SeedError(f"{path}, line {line}: {series_id} may not be passed on ({series.licence}); remove the row")
    if basis not in BASES:
        raise SeedError(f"{path}, line {line}, column known_basis: {basis!r}; write one of {', '.join(BASES)}")
    try:
        observation = Observation(
            series_id=series_id,
            period_start=date.fromisoformat(start),
            period_end=date.fromisoformat(end),
            value=to_base_unit(Decimal(published), series),
            known_from=date.fromisoformat(known_from),
            known_until=date.fromisoformat(known_until) if known_until else None,
            known_basis=basis,
        )
    except (ValueError, InvalidOperation) as error:
        raise SeedError(
            f"{path}, line {line}: {','.join(cells)} does not hold dates as YYYY-MM-DD and a plain number; {_CURE}"
        ) from error
    except ParseError as error:
        raise SeedError(f"{path}, line {line}: {error}") from error
    if observation.period_start > observation.period_end or (
        observation.known_until is not None and observation.known_until < observation.known_from
    ):
        raise SeedError(f"{path}, line {line}: a period or a stretch of knowledge ends before it starts; {_CURE}")
    return observation


def _without_overlaps(path: Path, numbered: list[tuple[int, Observation]]) -> Iterator[Observation]:
    numbered.sort(key=lambda entry: (*_period(entry[1]), entry[1].known_from))
    for (earlier_line, earlier), (line, later) in pairwise(numbered):
        if _period(earlier) == _period(later) and (
            earlier.known_until is None or earlier.known_until >= later.known_from
        ):
            raise SeedError(
                f"{path}, lines {earlier_line} and {line}: two values of {later.series_id} for {later.period_start} to "
                f"{later.period_end} are known at the same time; {_CURE}"
            )
    for _, observation in numbered:
        yield observation


def _period(observation: Observation) -> tuple[str, date, date]:
    return observation.series_id, observation.period_start, observation.period_end
