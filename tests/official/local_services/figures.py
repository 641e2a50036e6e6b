"""The offline figures as the services publish them: the values are the text of seeds/official, in the provider's unit."""

import csv
from functools import cache
from pathlib import Path

from pipelines.official.catalogue import Series, read_catalogue


@cache
def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one CSV of the offline figures, each column by its name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def catalogue_by_id() -> dict[str, Series]:
    return {series.series_id: series for series in read_catalogue()}
