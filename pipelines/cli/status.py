"""`hedui status`."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.front import DataDir, data_folder, told_plainly


class Format(StrEnum):
    """How the status is printed."""

    text = "text"
    json = "json"


def status(
    shape: Annotated[Format, typer.Option("--format", "-f", help="json: one object, for monitoring.")] = Format.text,
    data_dir: DataDir = None,
) -> None:
    """Say how things stand: the last refresh, the age of each source, articles not read yet, checks that fail.

    Exit code 0: all is well. 1: something needs a look, and it is said what (or there is no warehouse yet). 2: wrong usage.
    """
    folder = data_folder(data_dir)
    with told_plainly():
        from pipelines.orchestration.resources import RefreshResource
        from pipelines.orchestration.status import read_status

        found = read_status(folder, RefreshResource(data_dir=str(folder)).article_paths, datetime.now(UTC))
    if shape is Format.json:
        sys.stdout.write(
            json.dumps(asdict(found) | {"needs_a_look": found.needs_a_look}, default=str, ensure_ascii=False) + "\n"
        )
    else:
        screen = Console(highlight=False, soft_wrap=True)
        screen.print(f"last refresh: {found.refreshed_at:%Y-%m-%d %H:%M} UTC")
        screen.print(f"articles not read yet: {len(found.unread_articles)}")
        for path in found.unread_articles[:10]:
            screen.print(f"  {escape(path)}")
        table = Table("source", "state", "newest period", "age", "why")
        for one in found.sources:
            age = "" if one.age_days is None else f"{one.age_days} days"
            shown = f"[red]{age}[/red]" if one.is_stale else age
            table.add_row(one.source, one.state, str(one.newest_period_end or ""), shown, escape(one.reason or ""))
        screen.print(table)
        for check in found.failing_checks:
            style = "red" if check.severity == "error" else "yellow"
            screen.print(
                f"[{style}]{check.severity}:[/] check {check.name} returns {check.rows} rows (sql/checks/{check.name}.sql)"
            )
        for sentence in found.needs_a_look:
            screen.print(f"[red]needs a look:[/red] {escape(sentence)}")
        if not found.needs_a_look:
            screen.print("[green]all is well[/green]")
    if found.needs_a_look:
        raise typer.Exit(1)
