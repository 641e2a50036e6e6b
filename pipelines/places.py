"""Where the repository keeps what is loaded as it stands, and where what is made goes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SQL = ROOT / "sql"


def default_data_folder() -> Path:
    """Where refreshes write unless told otherwise: HEDUI_DATA_DIR, else data/ of the repository."""
    return Path(os.environ.get("HEDUI_DATA_DIR") or ROOT / "data").resolve()
