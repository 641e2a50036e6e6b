"""Asking FRED without a key: today's figures from its public CSV files, those of earlier days from ALFRED's."""

from collections.abc import Callable
from datetime import date, timedelta

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Send
from pipelines.official.fred.as_of import days_to_ask, follow_changes, place_findings
from pipelines.official.fred.due import newest_live_period, next_figure_on
from pipelines.official.fred.graph import (
    MAX_DAYS,
    GraphColumn,
    NoFileError,
    as_of_request,
    current_request,
    parse_as_of,
    parse_current,
)
from pipelines.official.records import Reading, Sighting
from pipelines.official.settings import SourceSettings

# A series is asked again after so many days, for revisions come without notice; daily while its next figure is due.
DAYS_BETWEEN = {"daily": 1, "weekly": 4, "monthly": 7, "quarterly": 14, "annual": 30}
# A figure that is later than this is not waited for any more: the series ended, or its dates changed.
WAITING_DAYS = 30
# A daily series is long, and hardly revised: of one that is held, this much is asked for again.
DAILY_OVERLAP = timedelta(days=90)
# Years before the day asked about that an as-of file is asked for.
AS_OF_REACH = timedelta(days=10 * 366)
# Of many days the newest are asked for first, the others in the next runs.
MAX_AS_OF_REQUESTS = 40

_NO_KEY = "FRED_API_KEY is not set"


def ask_without_key(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask for the public CSV files of FRED's series in the catalogue that are due; see `answers.Ask`.

    One refusal (a status, a page instead of a file, silence) ends it for this run: the sites' owner does not want
    programs there just now, and what is known serves on.
    """
    every = [series for series in answers.of("fred") if series.provider_code]
    due = [series for series in every if _is_due(answers, series)]
    failures: list[str] = []
    current = days = 0
    refusal: DownloadError | None = None
    try:
        for series in due:
            report(f"fred: public CSV file of {series.provider_code}")
            try:
                _take_current(answers, send, settings, series)
                current += 1
            except (ParseError, NoFileError) as error:
                failures.append(str(error))
                answers.miss([series], error)
        days = _ask_as_of(answers, send, settings, every, failures)
    except DownloadError as error:
        refusal = error
    came = f"today's figures of {current} of {len(due)} series that were due, and figures of {days} earlier days"
    if refusal is not None:
        state = "live" if current or not due else "failed"
        return state, f"{_NO_KEY}; asked for the public CSV files instead: {came} came, then no more: {refusal}"
    if not due and not days and not failures:
        return "live", f"{_NO_KEY}; the public CSV files were asked for lately, no series is due"
    reason = f"{_NO_KEY}; asked for the public CSV files instead: {came} came"
    if failures:
        reason = f"{reason}; {len(failures)} file(s) were not taken: {failures[0]}"
    return ("failed" if failures and not current and due else "live"), reason


def _is_due(answers: Answers, series: Series) -> bool:
    """Whether a series can be expected to show something new."""
    newest = newest_live_period(answers.held_of(series))
    if newest is None or series.series_id not in answers.answered_at:
        return True
    today = answers.now.date()
    days = (today - answers.answered_at[series.series_id].date()).days
    if days >= DAYS_BETWEEN[series.frequency]:
        return True
    next_on = next_figure_on(series, newest)
    return days >= 1 and next_on <= today <= next_on + timedelta(days=WAITING_DAYS)


def _take_current(answers: Answers, send: Send, settings: SourceSettings, series: Series) -> None:
    newest = newest_live_period(answers.held_of(series)) if series.frequency == "daily" else None
    since = None if newest is None else newest[0] - DAILY_OVERLAP
    column = parse_current(send(current_request(series, since, base_url=settings.fredgraph_url)), series)
    answered_at = answers.answered_at.get(series.series_id, answers.now)
    changes = follow_changes(series, answers.held_of(series), column, answered_at.date(), answers.now.date())
    changed = {(change.period_start, change.period_end) for change in changes}
    sightings = tuple(
        Sighting(series.series_id, *period, figure, column.sha256)
        for period, figure in column.figures.items()
        if figure is not None and period not in changed
    )
    answers.take(Reading(vintages=tuple(changes), sightings=sightings, covers_from=since), [series])


def _ask_as_of(answers: Answers, send: Send, settings: SourceSettings, every: list[Series], failures: list[str]) -> int:
    """Ask ALFRED for the days on which claims need to know more than is held.

    Returns:
        How many days were answered, each series counted by itself.

    Raises:
        DownloadError: The site gave no answer or refuses programs.
    """
    answered = requests = 0
    for series in every:
        wanted = answers.as_of.get(series.series_id, ())
        days = days_to_ask(series, answers.held_of(series), wanted, answers.now.date())
        batches = [days[first : first + MAX_DAYS] for first in range(0, len(days), MAX_DAYS)]
        while batches and requests < MAX_AS_OF_REQUESTS:
            batch = batches.pop(0)
            since = min(batch) - AS_OF_REACH
            requests += 1
            answer = send(as_of_request(series, batch, since, base_url=settings.alfred_url))
            try:
                _take_as_of(answers, series, parse_as_of(answer, series, batch), since)
                answered += len(batch)
            except NoFileError as error:
                if len(batch) == 1:
                    failures.append(str(error))
                else:  # perhaps it was not archived yet on the earliest of them
                    batches[:0] = [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
            except ParseError as error:
                failures.append(str(error))
                break
    return answered


def _take_as_of(answers: Answers, series: Series, findings: list[GraphColumn], since: date) -> None:
    answered_at = answers.answered_at.get(series.series_id)
    answered_on = (answered_at or answers.now).date()
    placed = place_findings(series, answers.held_of(series), findings, since, answered_on)
    answers.take(Reading(vintages=tuple(placed), covers_from=date.max), [series])
    if answered_at is None:
        del answers.answered_at[series.series_id]
    else:  # what it said on an earlier day is no answer about today
        answers.answered_at[series.series_id] = answered_at
