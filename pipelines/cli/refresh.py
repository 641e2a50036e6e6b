"""`hedui refresh`."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.cli.front import DataDir, data_folder, errors, tell, told_plainly


def refresh(
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            "--articles",
            help="A file, or a folder of .txt, .md and .html files (an articles.csv in it may give days, titles, publishers). "
            "May be given several times; the warehouse then holds these articles. Default: seeds/articles and what `hedui add` put into the inbox.",
        ),
    ] = None,
    data_dir: DataDir = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Leave the official services out; use the figures already held.")
    ] = False,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay",
            help="Ask nobody, and build the official figures again from the answers kept under downloads/, run after run.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless it fails.")] = False,
) -> None:
    """Read the articles, bring official figures up to date, judge every claim, publish the warehouse.

    Exit code 0: published. 1: failed, and the published warehouse is as it was. 2: wrong usage.
    What has not changed is not done again. FRED_API_KEY opens FRED's vintages; docs/official.md says what else may be set.
    """
    for path in articles or []:
        if not path.exists():
            raise typer.BadParameter(f"{path} does not exist", param_hint="--articles")
    if replay and offline:
        raise typer.BadParameter("a replay asks nobody anyway; leave --offline out", param_hint="--replay")
    # Loading Dagster makes a million objects that all stay: looking for garbage among them every 700 takes a sixth of a short refresh.
    gc.set_threshold(500_000, 50, 50)
    folder = data_folder(data_dir)
    screen = Console(quiet=quiet, highlight=False, width=None if sys.stdout.isatty() else 120)
    with told_plainly():
        from pipelines.orchestration.runs import run_refresh
        from pipelines.terminal import show_step, show_summary

        with screen.status("starting") as status:
            outcome = run_refresh(
                data_folder=folder,
                articles=articles or [],
                offline=offline,
                replay=replay,
                on_step=lambda step: show_step(screen, status, step),
            )
        if outcome.failures:
            for failure in outcome.failures:
                tell(failure)
            errors.print(
                f"The refresh failed; the published warehouse in {folder} is as it was. `hedui ui` shows the run {outcome.run_id}.",
                markup=False,
            )
            raise typer.Exit(1)
        show_summary(screen, folder)
