"""How old the newest figure of a source may be before somebody should look; seeds/freshness.csv says it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import SeedError
from pipelines.places import SEEDS

COLUMNS = ["source", "stale_after_days", "why"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The allowance of one source.

    Attributes:
        source: the provider, as in the catalogue.
        stale_after_days: days from the end of the newest period that it measures until its figures are stale.
        why: what of its release calendar that follows from.
    """

    source: str
    stale_after_days: int
    why: str


def read_freshness(path: Path = SEEDS / "freshness.csv") -> dict[str, Freshness]:
    """The allowance of every source, by its name.

    Raises:
        SeedError: the file is not as `Freshness` says; the message names line and cure.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != COLUMNS:
                raise SeedError(f"{path}, line 1: the header must be {','.join(COLUMNS)}")
            found = {}
            for row in rows:
                days = (row["stale_after_days"] or "").strip()
                if not row["source"] or not days.isdecimal() or row["source"] in found:
                    raise SeedError(
                        f"{path}, line {rows.line_num}: write each source once, with a whole number of days, such as cbo,550"
                    )
                found[row["source"]] = Freshness(row["source"], int(days), row["why"] or "")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path}: cannot be read as UTF-8 CSV ({error}); restore it from the repository") from error
    return found
