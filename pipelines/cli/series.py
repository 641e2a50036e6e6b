"""`hedui series`."""

import difflib
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.front import DataDir, data_folder, told_plainly
from pipelines.errors import WarehouseError

if TYPE_CHECKING:
    import duckdb

# What the newest figure of each series is; a projection is as old as its publication.
_NEWEST = """
SELECT s.series_id, s.title, s.frequency, format_value_en(f.value, s.unit), f.period_end,
    CASE WHEN s.is_projection THEN f.known_from ELSE f.period_end END, f.origin,
    coalesce(a.state, CASE WHEN f.value IS NOT NULL THEN 'computed' END), a.answered_at
FROM series s
LEFT JOIN (
    FROM official_figures WHERE known_until IS NULL
    QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY period_end DESC, period_start DESC) = 1
) f USING (series_id)
LEFT JOIN series_states a USING (series_id)
WHERE s.series_id = $word OR contains(lower(concat_ws(' ', s.series_id, s.metric, s.definition, s.subject, s.title, s.title_zh)), lower($word))
ORDER BY s.series_id
"""
_ABOUT = """
SELECT s.title, s.title_zh, s.provider, s.provider_code, s.metric, s.definition, s.unit, s.frequency, s.kind, s.is_revised, s.is_projection,
    s.release_lag_days, s.derivation, s.derived_from, s.licence, s.url, a.state, a.reason, a.asked_at, a.answered_at
FROM series s
LEFT JOIN series_states a USING (series_id)
WHERE s.series_id = $series_id
"""
_FIGURES = """
SELECT format_period(f.period_start, f.period_end), f.value, format_value_en(f.value, s.unit), f.known_from, f.known_until, f.known_basis, f.origin,
    f.period_start, f.period_end
FROM official_figures f
JOIN series s USING (series_id)
WHERE f.series_id = $series_id
ORDER BY f.period_end, f.period_start, f.known_from
"""
_WARNINGS = """
SELECT format_period(period_start, period_end), explanation_en FROM figure_warnings WHERE series_id = $series_id ORDER BY period_start
"""
_CHART_WIDTH, _CHART_HEIGHT = 72, 8
_LOWER_BLOCKS = " ▁▂▃▄▅▆▇█"


class _Figure(NamedTuple):
    """One value of the series shown, as known in a stretch of time."""

    period: str
    value: float
    shown: str
    known_from: date
    known_until: date | None
    known_basis: str
    origin: str
    period_start: date
    period_end: date


def series(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="SERIES",
            help="A series to be shown, or a word in name, metric or title to list those that have it.",
        ),
    ] = None,
    periods: Annotated[
        int, typer.Option("--periods", "-n", min=1, help="How many periods are shown with all their vintages.")
    ] = 8,
    data_dir: DataDir = None,
) -> None:
    """List the official series with the age of their newest figure and where it came from, or show one with its vintages.

    Examples: hedui series, hedui series unemployment, hedui series A191RL1Q225SBEA
    """
    from pipelines.warehouse.published import open_published

    with told_plainly(), open_published(data_folder(data_dir)) as connection:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 220)
        known = [row[0] for row in _ask(connection, "SELECT series_id FROM series ORDER BY ALL")]
        wanted = next((one for one in known if name and one.lower() == name.lower()), None)
        if wanted is not None:
            _show(console, connection, wanted, periods)
            return
        rows = _ask(connection, _NEWEST, word=name or "")
        if not rows:
            near = difflib.get_close_matches((name or "").upper(), known, n=3, cutoff=0.4)
            cure = f"perhaps {', '.join(near)}; " if near else ""
            raise WarehouseError(
                f"no official series is called {name!r} or has that word; {cure}`hedui series` lists them"
            )
        console.print(_list(rows, has_room=console.width >= 150))
        console.print(f"{len(rows)} series", style="dim")


def _ask(connection: "duckdb.DuckDBPyConnection", query: str, **parameters: Any) -> list[tuple[Any, ...]]:
    import duckdb

    try:
        return connection.execute(query, parameters or None).fetchall()
    except duckdb.CatalogException as error:
        raise WarehouseError(
            f"the warehouse was published by another version of this program ({str(error).splitlines()[0]}); run `hedui refresh` first"
        ) from None


def _list(rows: Sequence[tuple[Any, ...]], *, has_room: bool) -> Table:
    table = Table(title="Official series")
    table.add_column("series", no_wrap=True, min_width=24)
    table.add_column("title", overflow="ellipsis", no_wrap=True, max_width=44)
    table.add_column("rhythm", no_wrap=True, min_width=9)
    table.add_column("newest figure", no_wrap=True, min_width=15, justify="right")
    table.add_column("of", no_wrap=True, min_width=10)
    table.add_column("age", no_wrap=True, min_width=9, justify="right")
    table.add_column("from", no_wrap=True, min_width=14)
    if has_room:
        table.add_column("answered", no_wrap=True, min_width=20)
    for series_id, title, frequency, shown, period_end, aged_from, origin, state, answered_at in rows:
        cells = [escape(series_id), escape(title), frequency, shown or "", str(period_end or ""), _age(aged_from)]
        table.add_row(*cells, _tell_origin(origin, state), *([_tell_instant(answered_at)] if has_room else []))
    return table


def _age(since: date | None) -> str:
    days = (date.today() - since).days if since else 0  # noqa: DTZ011
    return f"{days:,} days" if since and days >= 0 else ""


def _tell_origin(origin: str | None, state: str | None) -> str:
    if origin is None:
        return "[dim]no figure[/dim]"
    told = {"live": "live", "snapshot": "offline"}[origin]
    if state == "failed":
        return f"{told}, [yellow]failed[/yellow]"
    return f"{told}, computed" if state == "computed" else told


def _tell_instant(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""


def _show(console: Console, connection: "duckdb.DuckDBPyConnection", series_id: str, periods: int) -> None:
    (about,) = _ask(connection, _ABOUT, series_id=series_id)
    (
        title, title_zh, provider, code, metric, definition, unit, frequency, kind, is_revised, is_projection, lag, derivation, source_id, licence, url,
        state, reason, asked_at, answered_at,
    ) = about  # fmt: skip
    figures = [_Figure(*row) for row in _ask(connection, _FIGURES, series_id=series_id)]
    current = [figure for figure in figures if figure.known_until is None]
    console.print(f"[bold]{escape(series_id)}[/bold]  {escape(title)}  {escape(title_zh)}", soft_wrap=True)
    made = f"{derivation} of {source_id}" if derivation else f"{provider} {code or '(offline figures only)'}"
    facts = {
        "source": made,
        "metric": " / ".join(part for part in (metric, definition) if part) or "none: an input of other series",
        "unit": f"{unit}, {frequency}, {kind}{', projection' if is_projection else ''}{', revised' if is_revised else ''}",
        "appears": f"about {lag} days after the end of a period",
        "state": ", ".join(
            part
            for part in (
                state or "computed in SQL", f"asked {_tell_instant(asked_at)}" if asked_at else "", f"answered {_tell_instant(answered_at)}" if answered_at else ""
            ) if part
        ),
        "why": reason or "",
        "licence": licence,
        "page": url,
    }  # fmt: skip
    for label, text in facts.items():
        if text:
            console.print(f"  [dim]{label:<8}[/dim] {escape(text)}", soft_wrap=True)
    for period, explanation in _ask(connection, _WARNINGS, series_id=series_id):
        console.print(f"  [yellow]warning[/yellow]  {escape(period)}: {escape(explanation)}", soft_wrap=True)
    if not current:
        console.print("No figure is known.")
        return
    shown = current[-_CHART_WIDTH:]
    highest, lowest = (choose(shown, key=lambda figure: figure.value) for choose in (max, min))
    console.print()
    for line, label in zip(
        draw_columns([figure.value for figure in shown]), _labels(highest.shown, lowest.shown), strict=True
    ):
        console.print(f"  {line} [dim]{escape(label)}[/dim]", soft_wrap=True)
    console.print(
        f"  [dim]{escape(shown[0].period)} … {escape(shown[-1].period)}, {len(shown)} of {len(current)} periods[/dim]\n",
        soft_wrap=True,
    )
    console.print(_tabulate_vintages(figures, current[-periods:]))


def _labels(highest: str, lowest: str) -> list[str]:
    return [highest, *[""] * (_CHART_HEIGHT - 2), lowest]


def _tabulate_vintages(figures: Sequence[_Figure], shown: Sequence[_Figure]) -> Table:
    table = Table("period", title=f"The last {len(shown)} periods, every value with the days on which it was known")
    table.add_column("value", justify="right")
    for heading in ("known from", "until", "known by", "from"):
        table.add_column(heading)
    periods = {(figure.period_start, figure.period_end) for figure in shown}
    last = ""
    for figure in figures:
        if (figure.period_start, figure.period_end) in periods:
            until = str(figure.known_until) if figure.known_until else "today"
            table.add_row(
                escape(figure.period) if figure.period != last else "", figure.shown, str(figure.known_from), until,
                figure.known_basis.replace("_", " "), _tell_origin(figure.origin, None),
            )  # fmt: skip
            last = figure.period
    return table


def draw_columns(values: Sequence[float], height: int = _CHART_HEIGHT) -> list[str]:
    """Draw values as columns of block characters, from the lowest value (one eighth of a line) to the highest.

    Args:
        values: At least one, each a column.
        height: Lines.

    Returns:
        The lines, the uppermost first, each as many characters wide as there are values.
    """
    low, high = min(values), max(values)
    eighths = [
        1 + round((value - low) / (high - low) * (8 * height - 1)) if high > low else 4 * height for value in values
    ]
    return [
        "".join(_LOWER_BLOCKS[min(8, max(0, filled - 8 * line))] for filled in eighths)
        for line in reversed(range(height))
    ]
