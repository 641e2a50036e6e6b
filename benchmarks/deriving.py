"""Measures the deriving: the catalogue's derived series from five million observations, and whether time grows with the vintages alone.

python benchmarks/deriving.py [--vintages 10 50 150] [--folder DIR]

The figures are the offline ones; of each, as many vintages are made up as asked for, a week apart, each a millionth larger than the one before, so
that every sum, average and ratio changes on every one of these days. Time is that of sql/derived_observations.sql into its table; the processor's
time stands beside it, because a busy machine lengthens the other.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipelines.official.catalogue import read_catalogue
from pipelines.official.offline import read_offline_figures
from pipelines.places import SEEDS
from pipelines.warehouse.contracts import columns_of, make_frame, name_of
from pipelines.warehouse.queries import compose_query
from pipelines.warehouse.store import Warehouse, Work
from pipelines.warehouse.tables import DerivedObservation, Series

SECONDS = 40.0

_OBSERVATIONS = """
INSERT INTO observations BY NAME
SELECT series_id, period_start, period_end, value + vintage * abs(value) * 1e-6 AS value, known_from + 7 * vintage AS known_from,
    CASE WHEN vintage < $vintages - 1 THEN known_from + 7 * vintage + 6 END AS known_until, known_basis, origin
FROM figures, (SELECT number::INTEGER AS vintage FROM range($vintages) numbers(number))
WHERE known_until IS NULL
"""


def derive(work: Work, vintages: int) -> tuple[int, int, float, float]:
    """Make so many vintages and derive; gives the observations, what was derived, seconds, and seconds of processor time."""
    work.connection.execute("DELETE FROM observations; DELETE FROM derived_observations")
    work.connection.execute(_OBSERVATIONS, {"vintages": vintages})
    table, columns = (
        name_of(DerivedObservation),
        ", ".join(f'"{column.name}"' for column in columns_of(DerivedObservation)),
    )
    started, used = time.perf_counter(), time.process_time()
    work.connection.execute(f'INSERT INTO "{table}" SELECT {columns} FROM ({compose_query(table)})')
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    ((observations, derived),) = work.connection.execute(
        f'SELECT (SELECT count(*) FROM observations), (SELECT count(*) FROM "{table}")'
    ).fetchall()
    return observations, derived, seconds, processor


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each number of vintages; 1 if five million observations took more of the processor than they may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--vintages", type=int, nargs="+", default=[10, 50, 150], help="how many vintages of each figure, one run each"
    )
    parser.add_argument("--folder", type=Path, help="where the work file is made (default: a temporary folder)")
    options = parser.parse_args(arguments)
    catalogue = read_catalogue()
    slow = False
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, Warehouse(Path(folder)).open_work() as work:
        series = make_frame(Series, [asdict(one) | {"scale": float(one.scale)} for one in catalogue])
        for name, rows in (("incoming", series), ("figures", read_offline_figures(SEEDS / "official", catalogue))):
            work.connection.register(name, rows)
        work.connection.execute("DELETE FROM series; INSERT INTO series BY NAME FROM incoming")
        for vintages in options.vintages:
            observations, derived, seconds, processor = derive(work, vintages)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(
                f"{observations:>10,} observations: {derived:,} derived in {seconds:.1f} s ({processor:.1f} s of processor time), {peak:.1f} GiB at most",
                flush=True,
            )
            slow |= processor > SECONDS * max(observations / 5e6, 0.1)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
