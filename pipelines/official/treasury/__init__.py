"""The Treasury: what is asked of Fiscal Data, and how its answers are taken."""

from collections.abc import Callable

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.exchange import Send
from pipelines.official.settings import SourceSettings
from pipelines.official.treasury.fiscaldata import ENDPOINT, live_series, read_debt_to_penny


def ask_treasury(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask Fiscal Data for Debt to the Penny; see `answers.Ask`."""
    report(f"treasury: {ENDPOINT}")
    series = list(answers.published.values())
    asked = live_series(series).values()
    try:
        answers.take(read_debt_to_penny(series, send, base_url=settings.fiscaldata_url), asked)
    except (DownloadError, ParseError) as error:
        return "failed", str(error)
    others = sum(one.provider == "treasury" for one in series) - len(asked)
    return (
        "live",
        f"asked for {ENDPOINT}; {others} series of other tables are offline figures" if others else None,
    )
