"""FRED: with a key every vintage from its API, without one today's figures and those of the days that claims need."""

from collections.abc import Callable

from pipelines.official.answers import Answers
from pipelines.official.exchange import Send
from pipelines.official.fred.api import FredApi
from pipelines.official.fred.keyed import ask_with_key
from pipelines.official.fred.keyless import ask_without_key
from pipelines.official.settings import SourceSettings


def ask_fred(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask FRED for its series in the catalogue; see `answers.Ask`."""
    if settings.fred_key:
        return ask_with_key(answers, FredApi(send, settings.fred_url, settings.fred_key), report)
    if settings.fred_keyless:
        return ask_without_key(answers, send, settings, report)
    return "skipped", "FRED_API_KEY is not set, and HEDUI_FRED_KEYLESS=0 keeps from asking for the public CSV files"
