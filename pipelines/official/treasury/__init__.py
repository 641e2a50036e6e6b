"""The Treasury: which tables of FiscalData are asked for and since when, and how their answers are taken."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import polars as pl

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import FiscalDataCode, Series
from pipelines.official.exchange import Send
from pipelines.official.settings import SourceSettings
from pipelines.official.treasury.readings import read_table

# How far back of the newest period held a table is read again, to see what was corrected: daily figures are corrected
# within days, others in the year after at the latest. What is corrected later than that is seen the first time in a
# calendar month, when each table is read whole.
OVERLAP = {
    "daily": timedelta(days=31),
    "weekly": timedelta(days=62),
    "monthly": timedelta(days=400),
    "quarterly": timedelta(days=500),
    "annual": timedelta(days=800),
}


def ask_treasury(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask FiscalData for the tables of the catalogue's series, each for itself; see `answers.Ask`."""
    tables: dict[str, dict[Series, FiscalDataCode]] = {}
    for series in answers.of("treasury"):
        if code := series.fiscaldata_code:
            tables.setdefault(code.table, {})[series] = code
    failures: list[str] = []
    for path, codes in tables.items():
        since = find_start(answers, codes)
        report(f"treasury: {path}" + (f" since {since}" if since else ""))
        try:
            answers.take(read_table(path, codes, send, base_url=settings.fiscaldata_url, since=since), codes)
        except (DownloadError, ParseError) as error:
            answers.miss(codes, error)
            failures.append(str(error))
    if not failures:
        return "live", None
    reason = f"{len(failures)} of {len(tables)} tables stay as they were known: {failures[0]}"
    return ("failed" if len(failures) == len(tables) else "live"), reason


def find_start(answers: Answers, series: Iterable[Series]) -> date | None:
    """The day since which a table is asked for: `None`, all of it, if there is a series of which nothing live is held
    or which was not answered in this calendar month yet; else the newest period held less the overlap.
    """  # noqa: D205 one sentence
    starts = []
    for one in series:
        newest = answers.held_of(one).filter(pl.col("origin") == "live")["period_end"].max()
        answered_at = answers.answered_at.get(one.series_id)
        if not isinstance(newest, date) or answered_at is None:
            return None
        if (answered_at.year, answered_at.month) != (answers.now.year, answers.now.month):
            return None
        starts.append(newest - OVERLAP[one.frequency])
    return min(starts)
