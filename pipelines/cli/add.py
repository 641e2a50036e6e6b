"""`hedui add`."""

import sys
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.front import DataDir, data_folder, tell, told_plainly

if TYPE_CHECKING:
    from pipelines.reading.articles import GivenDetails
    from pipelines.reading.inbox import Added, Copy, OpenInbox
    from pipelines.reading.inbox.pages import PageReader
    from pipelines.reading.inbox.submissions import Refusal, Submission

_SCRIPTS = {"hans": "simplified", "hant": "traditional", "mixed": "both scripts"}


def add(  # noqa: PLR0913, PLR0917  # one a command-line option
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FOLDER|-",
            help="Text, Markdown, a saved HTML page, JSON Lines or Parquet of many (columns text, title, publisher, published_on, url), "
            "a folder of these, or - for standard input.",
        ),
    ],
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day they appeared; wins over what they say.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published them.")] = None,
    title: Annotated[str | None, typer.Option(help="The headline; of one article only.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added; write nothing.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Put articles into the inbox, which `hedui refresh` reads, and say what was understood of each.

    The same text is not added twice. Nothing is ever overwritten.

    Exit code 1 if something could not be added (the rest is), 2 for wrong usage.
    """
    with told_plainly():
        from pipelines.places import SEEDS
        from pipelines.reading.articles import GivenDetails
        from pipelines.reading.inbox import Inbox
        from pipelines.reading.inbox.pages import PageReader
        from pipelines.reading.inbox.submissions import MANY

        if title and path != "-" and (Path(path).is_dir() or Path(path).suffix.lower() in MANY):
            raise typer.BadParameter("a title belongs to one article; name one file", param_hint="--title")
        day: date | None = published_on.date() if published_on else None
        given = GivenDetails(day, title, publisher)
        inbox = Inbox(data_folder(data_dir) / "inbox", (SEEDS / "articles",))
        with PageReader() as pages:
            submissions = _read(path, given, pages)
            if dry_run:
                counts = _report(_add_each(inbox.look(), submissions))
            else:
                with inbox.open(on_wait=tell) as opened:
                    counts = _report(_add_each(opened, submissions))
    done = "would be added" if dry_run else "added"
    _print_line(
        f"{counts['added']:,} {done}, {counts['copy']:,} known already, {counts['refused']:,} refused."
        + (" `hedui refresh` reads them." if counts["added"] and not dry_run else "")
    )
    if counts["refused"]:
        raise typer.Exit(1)


def _read(path: str, given: "GivenDetails", pages: "PageReader") -> Iterator["Submission | Refusal"]:
    """What is handed in, with what the command line says of it."""
    from dataclasses import replace

    from pipelines.reading.articles.files import MOST_BYTES
    from pipelines.reading.inbox.submissions import Submission, read_stream, read_submissions

    if path == "-":
        found = read_stream(sys.stdin.buffer.read(20 * MOST_BYTES), pages)
    else:
        found = read_submissions(Path(path), pages)
    for item in found:
        if not isinstance(item, Submission):
            yield item
            continue
        known = item.given
        yield replace(
            item,
            given=replace(
                known,
                published_on=given.published_on or known.published_on,
                title=given.title or known.title,
                publisher=given.publisher or known.publisher,
            ),
        )


def _print_line(line: str) -> None:
    """Print one line, whatever characters an article or a file's name holds."""
    from pipelines.reading.invisible import escape_invisible

    sys.stdout.write(escape_invisible(line) + "\n")


def _add_each(inbox: "OpenInbox", submissions: Iterator["Submission | Refusal"]) -> Iterator["Added | Copy | Refusal"]:
    from pipelines.errors import ArticleError
    from pipelines.reading.inbox.submissions import Refusal, Submission

    now = datetime.now(UTC).isoformat(timespec="seconds")
    for item in submissions:
        if not isinstance(item, Submission):
            yield item
            continue
        try:
            yield inbox.add(item, added_at=now)
        except ArticleError as error:
            yield Refusal(item.origin, str(error))


def _report(outcomes: Iterator["Added | Copy | Refusal"]) -> Counter[str]:
    """Print what became of each, in their order, with the figures found in those that were added; return how many of each there are."""
    from pipelines.errors import ArticleError
    from pipelines.reading.batches import ArticleText, read_claims
    from pipelines.reading.inbox import Added

    counts: Counter[str] = Counter()
    waiting: deque[Added | Copy | Refusal] = deque()

    def take_texts() -> Iterator[ArticleText]:
        for outcome in outcomes:
            waiting.append(outcome)
            if isinstance(outcome, Added):
                yield ArticleText(outcome.article.article_id, outcome.article.text, outcome.given)

    def flush() -> None:
        while waiting and not isinstance(waiting[0], Added):
            counts[_print_other(waiting.popleft())] += 1

    for _, reading in read_claims(take_texts()):
        flush()
        added = waiting.popleft()
        if isinstance(added, Added):
            figures = None if isinstance(reading, ArticleError) else sum(c.kind == "quantity" for c in reading.claims)
            _print_added(added, figures)
            counts["added"] += 1
    flush()
    return counts


def _print_added(added: "Added", figures: int | None) -> None:
    article = added.article
    day = (
        f"published {article.published_on} ({article.published_on_basis})"
        if article.published_on
        else "day unknown, so that little can be judged: give --published-on"
    )
    found = "its figures could not be read" if figures is None else f"{figures:,} figure{'' if figures == 1 else 's'}"
    _print_line(f"+ {article.article_id}: {article.title or 'without a title'}")
    said = [day, f"by {article.publisher or 'nobody named'}", _SCRIPTS[article.script], found, f"from {added.origin}"]
    _print_line("    " + "; ".join(said))
    if article.language != "zh":
        _print_line(f"    its language looks like {article.language}, and only Chinese is read")
    if added.same_story_as:
        _print_line(f"    the same story as {added.same_story_as}")


def _print_other(outcome: "Added | Copy | Refusal") -> str:
    """Print what was not added; return what to count it as."""
    from pipelines.reading.inbox import Copy
    from pipelines.reading.inbox.submissions import Refusal

    if isinstance(outcome, Copy):
        _print_line(f"= {outcome.origin} is the same text as {outcome.article_id}; not added again")
        return "copy"
    if isinstance(outcome, Refusal):
        if not outcome.is_lost:
            _print_line(f"! {outcome.origin}: {outcome.reason}")
            return "remark"
        told = outcome.reason if outcome.origin in outcome.reason else f"{outcome.origin}: {outcome.reason}"
        tell(told)
    return "refused"
