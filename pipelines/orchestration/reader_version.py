"""Which reading it is."""

from importlib.metadata import version

from pipelines.orchestration.table_assets import fingerprint_of
from pipelines.places import ROOT, SEEDS

READER = ROOT / "pipelines" / "reading"
# The reader's words; hedges.csv says also how far they reach, which is the judge's.
WORDS = (*sorted(SEEDS.glob("*.toml")), SEEDS / "units.csv", SEEDS / "hedges.csv")


def reader_version() -> str:
    """Names the reader's code and word files, so that another reading is told from the same one."""
    return f"{version('hedui')}+{fingerprint_of(READER, *WORDS)[:12]}"
