"""`hedui read`."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.front import tell
from pipelines.errors import ArticleError, HeduiError


def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Article files or folders of them; an articles.csv beside them is heeded."
        ),
    ],
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day they appeared, if the text does not say it.")
    ] = None,
    statements: Annotated[
        bool,
        typer.Option(
            "--statements",
            help="Print the statements without a figure too: comparisons, streaks, records, directions, turns.",
        ),
    ] = False,
) -> None:
    """Print the figures that article files claim as JSON Lines; nothing is written, nothing is asked of a network.

    Exit code 1 if a file could not be read (the others are), 2 for wrong usage.
    """
    from dataclasses import replace

    from pipelines.reading.articles import GivenDetails, list_articles
    from pipelines.reading.batches import ArticleFile, read_claims
    from pipelines.reading.claims import to_json_line

    given_day: date | None = published_on.date() if published_on else None
    all_read = True

    def list_files() -> Iterator[ArticleFile]:
        nonlocal all_read
        for path in files:
            try:
                listing = list_articles([path])
            except HeduiError as error:
                all_read = _tell_unread(error)
                continue
            for rejected in listing.rejected:
                all_read = _tell_unread(ArticleError(f"{rejected.path}: {rejected.reason}"))
            for file, beside in listing.articles:
                given = beside or GivenDetails()
                yield ArticleFile(file, replace(given, published_on=given_day) if given_day else given)

    for _, outcome in read_claims(list_files()):
        if isinstance(outcome, ArticleError):
            all_read = _tell_unread(outcome)
            continue
        for claim in outcome.claims:
            if statements or claim.kind == "quantity":
                sys.stdout.write(to_json_line(claim) + "\n")
    if not all_read:
        raise typer.Exit(1)


def _tell_unread(error: HeduiError) -> bool:
    tell(str(error))
    return False
