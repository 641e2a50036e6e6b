"""FRED: which of its series are asked for, and how its answers are taken."""

from collections.abc import Callable

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.exchange import Send
from pipelines.official.fred.api import KeyRefusedError, RefusedError, read_series
from pipelines.official.settings import SourceSettings

# After this many series in a row without an answer the service is left alone for this run.
SILENT_SERIES_BEFORE_GIVING_UP = 2


def ask_fred(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask FRED for every vintage of its series in the catalogue; see `answers.Ask`."""
    asked = [series for series in answers.published.values() if series.provider == "fred" and series.provider_code]
    key = settings.fred_key or ""
    failures: list[str] = []
    silent = 0
    for number, series in enumerate(asked, 1):
        try:
            reading = read_series(series, send, base_url=settings.fred_url, api_key=key, today=answers.now.date())
            answers.take(reading, [series])
        except (DownloadError, ParseError) as error:
            failures.append(str(error))
            answered = isinstance(error, (ParseError, RefusedError))
            silent = 0 if answered else silent + 1
            if isinstance(error, KeyRefusedError) or silent >= SILENT_SERIES_BEFORE_GIVING_UP:
                failures += ["not asked, after that"] * (len(asked) - number)
                break
        else:
            silent = 0
        if number % 20 == 0:
            report(f"fred: {number} of {len(asked)} series")
    if not failures:
        return "live", None
    reason = f"{len(failures)} of {len(asked)} series stay as they were known: {failures[0]}"
    return ("failed" if len(failures) == len(asked) else "live"), reason
