"""Building the observations again from the kept answers alone, run after run, each at its own instant."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.errors import DownloadError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.journal import KeptAnswer, KeptRun, read_body, read_runs
from pipelines.official.sources import Asked, ask_sources
from pipelines.official.vintages import merge_observations


def replay_runs(
    published: Mapping[str, Series], offline: pl.DataFrame, *, downloads_folder: Path, report: Callable[[str], None]
) -> tuple[Asked, datetime | None]:
    """Go through the journals of all runs whose figures were written.

    The sources are asked exactly as they were; instead of the service the journal answers. What a run was not answered
    it is not answered now.

    Args:
        published: The series by their ids.
        offline: The offline figures.
        downloads_folder: Where journals and bodies are.
        report: Told in words what happens.

    Returns:
        What came of it, with the states of the last run, and the instant of that run; `None` if there is no journal.
    """
    asked, now = Asked(offline), None
    for run in read_runs(downloads_folder):
        now = run.given.now
        report(f"replay: {now:%Y-%m-%d %H:%M:%S}, {len(run.answers)} answers")
        held = merge_observations(asked.held.filter(pl.col("origin") == "live"), offline)
        asked = ask_sources(
            published,
            held,
            given=run.given,
            settings=run.given.to_settings(),
            send=_answer_from(downloads_folder, run),
            report=lambda _: None,
        )
    return asked, now


def _answer_from(folder: Path, run: KeptRun) -> Send:
    """What stands in for the network: the answers of a run, those to the same request in their order."""
    waiting: dict[tuple[str, str], deque[KeptAnswer]] = defaultdict(deque)
    for answer in run.answers:
        waiting[answer.source, answer.url].append(answer)

    def send(request: Request) -> Answer:
        kept = waiting[request.source, request.shown_url]
        if not kept:
            raise DownloadError(
                f"{request.shown_url}: the run of {run.given.now:%Y-%m-%d %H:%M:%S} got no answer, or the catalogue asks "
                "another question now"
            )
        answer = kept.popleft()
        body = read_body(folder, answer.source, answer.sha256)
        return Answer(answer.url, answer.status, answer.headers, answer.retrieved_at, body, answer.sha256)

    return send
