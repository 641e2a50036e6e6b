"""Asking FRED with a key: all vintages of what is new, the later ones of what has changed, nothing of the rest."""

from collections.abc import Callable
from datetime import date, datetime

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.fred.api import FredApi, KeyRefusedError, RefusedError
from pipelines.official.fred.due import newest_live_period, next_figure_on
from pipelines.official.fred.updates import REACH, SeriesEntry, check_entry, find_updated, read_entry
from pipelines.official.fred.vintages import read_all_vintages, read_later_vintages
from pipelines.official.records import Reading

# After this many questions in a row without an answer the service is left alone for this run.
SILENT_BEFORE_GIVING_UP = 2
# An incremental reading that covers no period: nothing has changed.
UNCHANGED = Reading(covers_from=date.max)


def ask_with_key(answers: Answers, api: FredApi, report: Callable[[str], None]) -> tuple[str, str | None]:
    """Ask FRED for every vintage of its series in the catalogue that is not held yet; see `answers.Ask`."""
    every = [series for series in answers.of("fred") if series.provider_code]
    failures: list[str] = []
    silent = 0
    # Where the list says nothing (`None`), the series is asked itself; a refused key ends it before that.
    entries: dict[str, SeriesEntry | None] = {}
    try:
        entries = _look_for_updates(answers, api, every)
    except (DownloadError, ParseError) as error:
        if isinstance(error, KeyRefusedError):
            return "failed", f"all {len(every)} series stay as they were known: {error}"
        report(f"fred: {error}")
        silent = 0 if isinstance(error, (ParseError, RefusedError)) else 1
        entries = dict.fromkeys((series.series_id for series in every), None)
    wanted = [series for series in every if series.series_id in entries]
    report(f"fred: {len(wanted)} of {len(every)} series are new, have changed or have not been asked for long")
    for number, series in enumerate(wanted, 1):
        try:
            answers.take(_read(answers, api, series, entries[series.series_id]), [series])
        except (DownloadError, ParseError) as error:
            failures.append(str(error))
            answers.miss([series], error)
            silent = 0 if isinstance(error, (ParseError, RefusedError)) else silent + 1
            if isinstance(error, KeyRefusedError) or silent >= SILENT_BEFORE_GIVING_UP:
                failures += ["not asked, after that"] * (len(wanted) - number)
                break
        else:
            silent = 0
        if number % 20 == 0:
            report(f"fred: {number} of {len(wanted)} series")
    if not failures:
        return "live", None
    reason = f"{len(failures)} of {len(every)} series stay as they were known: {failures[0]}"
    return ("failed" if len(failures) == len(every) else "live"), reason


def _look_for_updates(answers: Answers, api: FredApi, every: list[Series]) -> dict[str, SeriesEntry | None]:
    """Ask which series have changed, and confirm the others as they are known.

    Returns:
        The series to be read, by series id, with what the service says about them where it was asked.
    """
    watched = {
        series.series_id: answers.answered_at[series.series_id]
        for series in every
        if _is_held(answers, series) and answers.now - answers.answered_at[series.series_id] <= REACH
    }
    entries: dict[str, SeriesEntry | None] = {
        series.series_id: None for series in every if series.series_id not in watched
    }
    if not watched:
        return entries
    fred_ids = {series.series_id: series.provider_code for series in every}
    answered_at: dict[str, datetime] = {}
    for series_id, at in watched.items():  # two series may be read from one of FRED's
        answered_at[fred_ids[series_id]] = min(at, answered_at.get(fred_ids[series_id], at))
    updated = find_updated(api, answered_at)
    if updated is None:
        return entries | dict.fromkeys(watched, None)
    unchanged: list[Series] = []
    for series in every:
        if series.series_id not in watched:
            continue
        if series.provider_code in updated:
            entries[series.series_id] = updated[series.provider_code]
        elif _is_overdue(answers, series):
            entries[series.series_id] = None
        else:
            unchanged.append(series)
    if unchanged:
        answers.take(UNCHANGED, unchanged)
    return entries


def _is_overdue(answers: Answers, series: Series) -> bool:
    """Whether the next figure should be out though the list says nothing; so once a week while it does not come.

    The list leaves out series of states and towns. Those of every day are all national.
    """
    newest = newest_live_period(answers.held_of(series))
    if newest is None or series.frequency == "daily":
        return False
    next_on = next_figure_on(series, newest)
    weeks_late, weeks_late_before = (
        (day.date() - next_on).days // 7 for day in (answers.now, answers.answered_at[series.series_id])
    )
    return weeks_late >= 0 and weeks_late > weeks_late_before


def _is_held(answers: Answers, series: Series) -> bool:
    is_live = newest_live_period(answers.held_of(series)) is not None
    return is_live and series.series_id in answers.answered_at


def _read(answers: Answers, api: FredApi, series: Series, entry: SeriesEntry | None) -> Reading:
    today = answers.now.date()
    if not _is_held(answers, series):
        check_entry(series, entry or read_entry(api, series))
        return read_all_vintages(api, series, today)
    if entry is not None:
        check_entry(series, entry)
    answered_on = answers.answered_at[series.series_id].date()
    reading = read_later_vintages(api, series, answers.held_of(series), answered_on, today)
    return reading or read_all_vintages(api, series, today)
