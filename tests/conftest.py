import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.places import ROOT


@pytest.fixture(scope="session", autouse=True)
def closed_services():
    """Point every official service at a closed port of this machine, so that no test depends on what a network answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{probe.getsockname()[1]}"
    services = ("FISCALDATA", "FRED", "FREDGRAPH", "ALFRED", "CBO", "SEC")
    os.environ.update({f"HEDUI_{service}_URL": closed for service in services})
    os.environ.pop("FRED_API_KEY", None)
    os.environ.pop("HEDUI_CONTACT", None)
    os.environ.pop("HEDUI_DATA_DIR", None)


def hedui(*arguments: str | Path, stdin: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
        input=stdin, capture_output=True, text=True, cwd=ROOT, env=os.environ | variables, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after one offline refresh of the five articles."""
    folder = tmp_path_factory.mktemp("published")
    done = hedui("refresh", "--offline", "--data-dir", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def article_folder(tmp_path: Path) -> Path:
    """A folder with one small article of our own and its day."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "debt.txt").write_text(
        "美国财政部数据显示，美国国债总额已突破36万亿美元。\n失业率为9.9%。\n", encoding="utf-8"
    )
    (folder / "articles.csv").write_text("article,published_on\ndebt,2025-01-15\n", encoding="utf-8")
    return folder
