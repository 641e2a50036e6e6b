"""The command `hedui`: the front door. Each command imports what it needs when it is called, so that none waits for the others."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pipelines.errors import ArticleError, HeduiError
from pipelines.places import default_data_folder

app = typer.Typer(
    help="核对: holds the figures in Chinese-language articles about the US economy against official data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
errors = Console(stderr=True, soft_wrap=True)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Where everything is written and read: warehouse.duckdb, downloads, Dagster's record. Default: data/ of the repository.",
    ),
]


class Format(StrEnum):
    """How `hedui sql` prints rows."""

    table = "table"
    csv = "csv"
    json = "json"


@contextmanager
def told_plainly() -> Iterator[None]:
    """Foreseen failures end the command with their message and exit code 1, without a traceback."""
    try:
        yield
    except HeduiError as error:
        errors.print(f"[red]hedui:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(1) from None


def _data_folder(chosen: Path | None) -> Path:
    return chosen.resolve() if chosen else default_data_folder()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hedui {version('hedui')}")
        raise typer.Exit


@app.callback()
def front_door(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Held by the options that belong to no command."""


@app.command()
def refresh(
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            "--articles",
            help="A file, or a folder of .txt, .md and .html files (an articles.csv in it may give days, titles, publishers). "
            "May be given several times; the warehouse then holds these articles. Default: seeds/articles.",
        ),
    ] = None,
    data_dir: DataDir = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Leave the official services out; use the figures already held.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless it fails.")] = False,
) -> None:
    """Read the articles, bring official figures up to date, judge every claim, publish the warehouse.

    Exit code 0: published. 1: failed, and the published warehouse is as it was. 2: wrong usage.
    What has not changed is not done again. FRED_API_KEY opens FRED; without it the figures in seeds/official serve.
    """
    for path in articles or []:
        if not path.exists():
            raise typer.BadParameter(f"{path} does not exist", param_hint="--articles")
    # Loading Dagster makes a million objects that all stay: looking for garbage among them every 700 takes a sixth of a short refresh.
    gc.set_threshold(100_000, 50, 50)
    folder = _data_folder(data_dir)
    screen = Console(quiet=quiet, highlight=False, width=None if sys.stdout.isatty() else 120)
    with told_plainly():
        from pipelines.orchestration.runs import run_refresh
        from pipelines.terminal import show_step, show_summary

        with screen.status("starting") as status:
            outcome = run_refresh(
                data_folder=folder,
                articles=articles or [],
                offline=offline,
                on_step=lambda step: show_step(screen, status, step),
            )
        if outcome.failures:
            for failure in outcome.failures:
                errors.print(f"[red]hedui:[/red] {escape(failure)}", highlight=False)
            errors.print(
                f"The refresh failed; the published warehouse in {folder} is as it was. `hedui ui` shows the run {outcome.run_id}.",
                markup=False,
            )
            raise typer.Exit(1)
        show_summary(screen, folder)


@app.command()
def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Article files or folders of them; an articles.csv beside them is heeded."
        ),
    ],
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day they appeared, if the text does not say it.")
    ] = None,
    statements: Annotated[
        bool,
        typer.Option(
            "--statements", help="Print the statements without a figure too: comparisons, streaks, records, directions."
        ),
    ] = False,
) -> None:
    """Print the figures that article files claim as JSON Lines; nothing is written, nothing is asked of a network.

    Exit code 1 if a file could not be read (the others are), 2 for wrong usage.
    """
    from dataclasses import replace

    from pipelines.reading.articles import GivenDetails, find_articles
    from pipelines.reading.batches import ArticleFile, read_claims
    from pipelines.reading.claims import to_json_line

    given_day: date | None = published_on.date() if published_on else None
    all_read = True

    def list_files() -> Iterator[ArticleFile]:
        nonlocal all_read
        for path in files:
            try:
                found = find_articles([path])
            except HeduiError as error:
                all_read = _tell_unread(error)
                continue
            for file, beside in found:
                given = beside or GivenDetails()
                yield ArticleFile(file, replace(given, published_on=given_day) if given_day else given)

    for _, outcome in read_claims(list_files()):
        if isinstance(outcome, ArticleError):
            all_read = _tell_unread(outcome)
            continue
        for claim in outcome.claims:
            if statements or claim.kind == "quantity":
                sys.stdout.write(to_json_line(claim) + "\n")
    if not all_read:
        raise typer.Exit(1)


def _tell_unread(error: HeduiError) -> bool:
    errors.print(f"[red]hedui:[/red] {escape(str(error))}", highlight=False)
    return False


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="A query; read from standard input if left out.")] = None,
    shape: Annotated[Format, typer.Option("--format", "-f", help="How rows are printed.")] = Format.table,
    data_dir: DataDir = None,
) -> None:
    """Ask the published warehouse, read-only, at any time, also while a refresh runs.

    Example: hedui sql "SELECT quote, verdict_today, explanation_en FROM claim_checks WHERE metric IS NOT NULL"

    More stand in sql/questions; run one with: hedui sql < sql/questions/NAME.sql
    """
    from pipelines.terminal import print_rows
    from pipelines.warehouse.queries import ask
    from pipelines.warehouse.store import Warehouse

    if query is None:
        if sys.stdin.isatty():
            errors.print("Type a query and end it with Ctrl-D; `SHOW TABLES` lists the tables.")
        query = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if not query.strip():
        raise typer.BadParameter("the query is empty; try SHOW TABLES", param_hint="QUERY")
    with told_plainly(), Warehouse(_data_folder(data_dir)).open_published() as connection:
        names, rows = ask(connection, query)
    print_rows(names, rows, shape)


@app.command()
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
        serve_ui(_data_folder(data_dir), host=host, port=port)


if __name__ == "__main__":
    app()
