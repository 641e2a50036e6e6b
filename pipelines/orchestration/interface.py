"""Starts Dagster's servers on a data folder: all of them for one person, or each alone for a service manager."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from pipelines.orchestration.record import open_instance, place_settings
from pipelines.places import ROOT

_HERE = ("-m", "pipelines.definitions")


def serve_ui(data_folder: Path, *, host: str, port: int) -> NoReturn:
    """Become Dagster's UI with its daemon, which ends with Ctrl-C.

    Args:
        data_folder: whose runs it shows and where its scheduled refreshes write.
        host: the address to listen on.
        port: the port.
    """
    _become(data_folder, "dagster", "dev", *_HERE, "-h", host, "-p", str(port))


def serve_webserver(data_folder: Path, *, host: str, port: int, code: str | None) -> NoReturn:
    """Become the UI alone.

    Args:
        data_folder: whose runs it shows.
        host: the address to listen on.
        port: the port.
        code: HOST:PORT of a code location that runs by itself; None loads the definitions here.
    """
    _become(data_folder, "dagster-webserver", *_locate(code), "-h", host, "-p", str(port))


def serve_daemon(data_folder: Path, *, code: str | None) -> NoReturn:
    """Become the daemon, which runs schedule and sensors.

    Args:
        data_folder: where its refreshes write.
        code: HOST:PORT of a code location that runs by itself; None loads the definitions here.
    """
    _become(data_folder, "dagster-daemon", "run", *_locate(code))


def serve_code(data_folder: Path, *, host: str, port: int) -> NoReturn:
    """Become the code location, in which the refreshes run that daemon and UI start.

    Args:
        data_folder: where its refreshes write.
        host: the address to listen on.
        port: the port.
    """
    _become(data_folder, "dagster", "api", "grpc", *_HERE, "-h", host, "-p", str(port))


def _locate(code: str | None) -> Sequence[str]:
    if code is None:
        return _HERE
    host, _, port = code.rpartition(":")
    return ("--grpc-host", host, "--grpc-port", port)


def _become(data_folder: Path, program: str, *arguments: str) -> NoReturn:
    with open_instance(data_folder):
        pass  # made here, under its lock, before several processes of Dagster open it at once
    # The server warns that its own command is to be replaced some day, which is no operator's business.
    ours = {
        "DAGSTER_HOME": str(place_settings(data_folder)),
        "HEDUI_DATA_DIR": str(data_folder),
        "PYTHONWARNINGS": "ignore",
    }
    os.chdir(ROOT)
    path = str(Path(sys.executable).with_name(program))
    os.execve(path, [path, *arguments], os.environ | ours)  # noqa: S606  # no shell is wanted
