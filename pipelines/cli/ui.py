"""`hedui ui`."""

from typing import Annotated

import typer

from pipelines.cli.front import DataDir, data_folder, told_plainly


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 3000,
    host: Annotated[
        str, typer.Option(help="The address it listens on; the UI has no password, so keep it on this machine.")
    ] = "127.0.0.1",
    data_dir: DataDir = None,
) -> None:
    """Open Dagster's UI with its daemon, which runs the daily schedule: what ran, what is stale, what broke. Ctrl-C ends both."""
    from pipelines.orchestration.interface import serve_ui

    with told_plainly():
        serve_ui(data_folder(data_dir), host=host, port=port)
