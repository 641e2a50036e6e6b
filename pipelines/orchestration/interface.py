"""Starts Dagster's UI and daemon on a data folder."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from pipelines.orchestration.runs import open_instance, place_settings
from pipelines.places import ROOT


def serve_ui(data_folder: Path, *, host: str, port: int) -> NoReturn:
    """Become Dagster's server, which ends with Ctrl-C.

    Args:
        data_folder: whose runs it shows and where its scheduled refreshes write.
        host: the address to listen on.
        port: the port.
    """
    with open_instance(data_folder):
        pass  # made here, under its lock, before three processes of Dagster open it at once
    # The server warns that its own command is to be replaced some day, which is no operator's business.
    ours = {
        "DAGSTER_HOME": str(place_settings(data_folder)),
        "HEDUI_DATA_DIR": str(data_folder),
        "PYTHONWARNINGS": "ignore",
    }
    os.chdir(ROOT)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", host, "-p", str(port)]
    os.execve(sys.executable, command, os.environ | ours)  # noqa: S606  # no shell is wanted
