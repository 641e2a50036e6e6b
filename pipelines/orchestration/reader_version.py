"""Which reading it is."""

from importlib.metadata import version

from pipelines.orchestration.table_assets import fingerprint_of
from pipelines.places import ROOT, SEEDS

READER = ROOT / "pipelines" / "reading"
# What is read as it stands and is no word of the reader.
NO_WORDS = (SEEDS / "series.csv", SEEDS / "tolerances.csv")


def reader_version() -> str:
    """Names the reader's code and word files, so that another reading is told from the same one."""
    words = [path for path in sorted(SEEDS.iterdir()) if path.is_file() and path not in NO_WORDS]
    return f"{version('hedui')}+{fingerprint_of(READER, *words)[:12]}"
