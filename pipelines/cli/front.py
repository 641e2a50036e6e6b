"""What every command of the front door shares: where errors go, the data folder, how foreseen failures end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipelines.errors import HeduiError
from pipelines.places import default_data_folder

errors = Console(stderr=True, soft_wrap=True)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Where everything is written and read: warehouse.duckdb, downloads, Dagster's record. Default: data/ of the repository.",
    ),
]


def tell(message: str) -> None:
    """Print a failure to standard error under the program's name."""
    errors.print(f"[red]hedui:[/red] {escape(message)}", highlight=False)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Foreseen failures end the command with their message and exit code 1, without a traceback."""
    try:
        yield
    except HeduiError as error:
        tell(str(error))
        raise typer.Exit(1) from None


def data_folder(chosen: Path | None) -> Path:
    """The folder that `--data-dir` names, else the default one."""
    return chosen.resolve() if chosen else default_data_folder()
