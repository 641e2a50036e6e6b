"""Where the repository keeps what is loaded as it stands."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
SQL = ROOT / "sql"
