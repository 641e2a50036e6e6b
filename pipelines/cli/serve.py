"""`hedui serve`: one of Dagster's servers, for a service manager or a container."""

from typing import Annotated

import typer

from pipelines.cli.front import DataDir, data_folder, told_plainly

serve = typer.Typer(
    help="Run one of Dagster's servers alone, for a service manager or a container; `hedui ui` runs all of them for one person. See deploy/.",
    no_args_is_help=True,
)

Code = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="A code location that runs by itself; left out, the definitions are loaded here."
    ),
]
Host = Annotated[
    str, typer.Option(help="The address it listens on; there is no password, so keep it out of open networks.")
]


@serve.command()
def webserver(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 3000,
    host: Host = "127.0.0.1",
    code: Code = None,
    data_dir: DataDir = None,
) -> None:
    """The UI."""
    from pipelines.orchestration.interface import serve_webserver

    with told_plainly():
        serve_webserver(data_folder(data_dir), host=host, port=port, code=_checked(code))


@serve.command()
def daemon(code: Code = None, data_dir: DataDir = None) -> None:
    """The daemon: the daily schedule and the sensors."""
    from pipelines.orchestration.interface import serve_daemon

    with told_plainly():
        serve_daemon(data_folder(data_dir), code=_checked(code))


@serve.command("code")
def code_location(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 4000, host: Host = "127.0.0.1", data_dir: DataDir = None
) -> None:
    """The code location, in which refreshes run that the daemon or the UI start."""
    from pipelines.orchestration.interface import serve_code

    with told_plainly():
        serve_code(data_folder(data_dir), host=host, port=port)


def _checked(code: str | None) -> str | None:
    if code is not None and not (code.rpartition(":")[0] and code.rpartition(":")[2].isdecimal()):
        raise typer.BadParameter("write HOST:PORT, such as 127.0.0.1:4000", param_hint="--code")
    return code
