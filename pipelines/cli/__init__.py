"""The command `hedui`: the front door. Each command has a module and imports what it needs when it is called, so that none waits for the others."""

import errno
import os
import sys
from typing import Annotated

import typer

from pipelines.cli.add import add
from pipelines.cli.check import check
from pipelines.cli.front import tell
from pipelines.cli.read import read
from pipelines.cli.refresh import refresh
from pipelines.cli.remove import remove
from pipelines.cli.series import series
from pipelines.cli.serve import serve
from pipelines.cli.sql import sql
from pipelines.cli.status import status
from pipelines.cli.ui import ui

# The output's device is full, or failed.
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EIO}

app = typer.Typer(
    help="核对: holds the figures in Chinese-language articles about the US economy against official data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"hedui {version('hedui')}")
        raise typer.Exit


@app.callback()
def front_door(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Held by the options that belong to no command."""


for command in (refresh, add, remove, check, read, series, sql, status, ui):
    app.command()(command)
app.add_typer(serve, name="serve")


def main() -> None:
    """The command as a program.

    It ends without taking its objects apart, which takes a fifth of a short refresh: everything that it opened is closed by then.
    """
    try:
        app()
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        code = ended.code or 0
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        code = _tell_unwritable(error)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _tell_unwritable(error)
    sys.stderr.flush()
    os._exit(code)


def _tell_unwritable(error: OSError) -> int:
    tell(f"what was asked for could not be written: {error.strerror}; free some room, or write it elsewhere")
    return 1
