"""How the command shows rows and refreshes in a terminal."""

import csv
import json
import math
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.reading.invisible import escape_invisible
from pipelines.warehouse.store import Warehouse

if TYPE_CHECKING:
    from rich.status import Status

    from pipelines.orchestration.runs import Step

_MARKS = {
    "built": "[green]✓[/green]",
    "unchanged": "[dim]=[/dim]",
    "warned": "[yellow]![/yellow]",
    "failed": "[red]✗[/red]",
}
_MOST_ARTICLES = 30
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# The least width at which the cells of a column can be read, and what stands between two columns.
_READABLE, _BETWEEN = 12, 3
# How each verdict is headed and coloured.
_VERDICTS = {
    "supported": ("supported", "green"),
    "refuted": ("refuted", "red"),
    "conflicting_evidence": ("conflicting", "yellow"),
    "not_enough_evidence": ("not enough", "dim"),
}


def show_step(console: Console, status: "Status", step: "Step") -> None:
    """One line for what a running refresh has just done."""
    detail = "unchanged" if step.state == "unchanged" else escape(step.detail)
    console.print(f"{_MARKS[step.state]} {step.name:<24} [dim]{detail}[/dim]", soft_wrap=True)
    status.update(f"after {step.name}")


def show_summary(console: Console, folder: Path) -> None:
    """The claims by verdict, where the official figures came from, and the path of the warehouse."""
    warehouse = Warehouse(folder)
    with warehouse.open_published() as published:
        verdicts = published.execute(
            "SELECT article_id, coalesce(title, ''), coalesce(published_on::VARCHAR, 'unknown'), verdict_today, count(*) "
            "FROM claim_checks GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        unread = published.execute("FROM rejected_articles ORDER BY ALL").fetchall()
        sources = published.execute(
            "SELECT source, state, coalesce(reason, ''), newest_period_end FROM sources ORDER BY ALL"
        ).fetchall()
        changed = published.execute(
            "SELECT len(changed_tables) FROM refreshes ORDER BY started_at DESC LIMIT 1"
        ).fetchall()
        changes = published.execute(
            "SELECT claim_id, basis, old_verdict, new_verdict, cause FROM verdict_changes "
            "WHERE refresh_id = (SELECT refresh_id FROM refreshes ORDER BY started_at DESC LIMIT 1) "
            "AND old_verdict IS NOT NULL AND new_verdict IS NOT NULL ORDER BY ALL"
        ).fetchall()
    console.print(_tabulate_verdicts(verdicts, has_room=console.width >= 110))
    console.print(_tabulate_sources(sources))
    for path, reason in unread:
        console.print(f"[red]not read:[/red] {escape(path)}: {escape(reason)}", soft_wrap=True)
    for claim_id, basis, old, new, cause in changes:
        console.print(
            f"[yellow]changed:[/yellow] claim {claim_id} ({basis}): {old} → {new}, by {cause}", soft_wrap=True
        )
    if changed and changed[0][0] == 0:
        console.print("Nothing had changed; nothing was built again.")
    console.print(f"Warehouse: {warehouse.published_path}", soft_wrap=True, markup=False)


def _tabulate_verdicts(rows: Sequence[tuple[Any, ...]], *, has_room: bool) -> Table:
    articles: dict[tuple[str, str, str], dict[str, int]] = {}
    for article_id, title, published_on, verdict, count in rows:
        articles.setdefault((article_id, title, published_on), {})[verdict] = count
    table = Table(title="Claims by today's verdict", show_footer=len(articles) > 1)
    table.add_column("article", f"all {len(articles):,}", overflow="ellipsis", no_wrap=True)
    if has_room:
        table.add_column("title", overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("published", no_wrap=True, min_width=10)
    for verdict, (heading, style) in _VERDICTS.items():
        total = sum(counts.get(verdict, 0) for counts in articles.values())
        table.add_column(
            f"[{style}]{heading}[/{style}]", f"{total:,}", justify="right", no_wrap=True, min_width=len(heading)
        )
    for (article_id, title, published_on), counts in list(articles.items())[:_MOST_ARTICLES]:
        shown = [escape(article_id), *([escape(title.split("\n")[0])] if has_room else []), published_on]
        table.add_row(*shown, *(str(counts.get(verdict, 0)) for verdict in _VERDICTS))
    if len(articles) > _MOST_ARTICLES:
        table.add_row(f"… {len(articles) - _MOST_ARTICLES:,} more")
    return table


def _tabulate_sources(rows: Sequence[tuple[Any, ...]]) -> Table:
    table = Table("source", "state", "newest period", "age", "why", title="Official figures")
    for source, state, reason, newest in rows:
        age = f"{(date.today() - newest).days} days" if newest and newest <= date.today() else ""  # noqa: DTZ011
        table.add_row(source, state, str(newest or ""), age, escape(reason))
    return table


def print_rows(names: Sequence[str], rows: Sequence[tuple[Any, ...]], shape: str) -> None:
    """Print the rows of a query on standard output.

    Args:
        names: the columns.
        rows: the values.
        shape: table (for people; each row upright where the columns do not fit beside one another), csv or json (for programs).
    """
    if shape == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(_disarm, names))
        writer.writerows(map(_disarm, row) for row in rows)
    elif shape == "json":
        records = [{name: _as_json(value) for name, value in zip(names, row, strict=True)} for row in rows]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, default=str, indent=1) + "\n")
    else:
        shown = [[_show(value) for value in row] for row in rows]
        console = Console(width=None if sys.stdout.isatty() else 200)
        if _fit(names, shown, console.width):
            table = Table(show_lines=any(len(value) > 60 for row in shown for value in row))
            for name in names:
                table.add_column(escape(name), overflow="fold")
            for row in shown:
                table.add_row(*row)
            console.print(table)
        else:
            for number, row in enumerate(shown, 1):
                console.print(_stand_upright(names, row, f"row {number:,} of {len(rows):,}"))
        console.print(f"{len(rows)} rows", style="dim")


def _fit(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether each column gets its whole content, or at least `_READABLE` characters, in one line of the terminal."""
    columns = zip(names, *rows, strict=True)
    return sum(min(_READABLE, max(map(cell_len, cells))) + _BETWEEN for cells in columns) < width


def _stand_upright(names: Sequence[str], row: Sequence[str], title: str) -> Table:
    upright = Table(title=title, title_justify="left", show_header=False)
    upright.add_column("column", style="bold")
    upright.add_column("value", overflow="fold")
    for name, value in zip(names, row, strict=True):
        upright.add_row(escape(name), value)
    return upright


def _disarm(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP's rule for CSV injection); numbers stay."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS) else value


def _as_json(value: object) -> object:
    """What JSON has no number for becomes null; a decimal becomes a number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if isinstance(value, Decimal) else value


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f"{value:,}" if abs(float(value)) >= 10_000 else str(value)  # a year stays a year
    # No cell steers the terminal or turns its neighbours round.
    return escape("\n".join(map(escape_invisible, str(value).split("\n"))))
