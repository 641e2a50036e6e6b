"""The Congressional Budget Office: which files are asked for, and how what they say is taken."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import polars as pl

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.cbo.baselines import (
    Baselines,
    date_baselines,
    parse_baselines,
    read_projections,
    read_publication_days,
)
from pipelines.official.cbo.files import BASELINES_FILE, CboCode, fetch_file, read_outcomes
from pipelines.official.exchange import Answer, Send
from pipelines.official.records import Reading
from pipelines.official.settings import SourceSettings


def ask_cbo(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask for the files of CBO's repository that hold series of the catalogue, each once; see `answers.Ask`."""
    by_file: dict[str, list[Series]] = defaultdict(list)
    in_no_file = []
    for series in answers.of("cbo"):
        if series.provider_code:
            by_file[CboCode.parse(series).file].append(series)
        else:
            in_no_file.append(series.series_id)
    failures: list[str] = []
    flaws: list[str] = []
    for file, group in by_file.items():
        report(f"cbo: {file}")
        try:
            read = _reader_of(file, fetch_file(file, send, base_url=settings.cbo_url), answers, flaws)
        except (DownloadError, ParseError) as error:
            answers.miss(group, error)
            failures += [str(error)] * len(group)
            continue
        for series in group:
            try:
                answers.take(read(series), [series])
            except ParseError as error:
                answers.miss([series], error)
                failures.append(str(error))
    asked = sum(map(len, by_file.values()))
    reasons = []
    if failures:
        reasons.append(f"{len(failures)} of {asked} series stay as they were known: {failures[0]}")
    if flaws:
        reasons.append(f"{len(flaws)} garbled baselines are left out: {flaws[0]}")
    if in_no_file:
        reasons.append(f"in no public file, so offline figures: {', '.join(in_no_file)}")
    return ("failed" if failures and len(failures) == asked else "live"), "; ".join(reasons) or None


def _reader_of(file: str, answer: Answer, answers: Answers, flaws: list[str]) -> Callable[[Series], Reading]:
    """What reads a series from this file and notes flaws; the file of baselines is parsed once for all of them."""
    today = answers.now.date()
    if file != BASELINES_FILE:
        return lambda series: Reading(sightings=read_outcomes(series, answer, today))
    baselines = parse_baselines(answer)
    dating = date_baselines(baselines, read_publication_days(), _first_seen_on(baselines, answers), today)

    def read(series: Series) -> Reading:
        projections, left_out = read_projections(series, baselines, dating)
        flaws.extend(left_out)
        return Reading(vintages=projections)

    return read


def _first_seen_on(baselines: Baselines, answers: Answers) -> dict[date, date]:
    """When each baseline was first seen, where that was within its month."""
    seen = answers.held.filter(
        pl.col("series_id").is_in([series.series_id for series in answers.of("cbo") if series.is_projection])
        & (pl.col("origin") == "live")
        & (pl.col("known_basis") == "retrieved")
    )
    days: dict[date, date] = {}
    for day in sorted(seen["known_from"].to_list()):
        days.setdefault(day.replace(day=1), day)
    return {month: day for month, day in days.items() if month in baselines.years}
