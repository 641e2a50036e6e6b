"""`hedui check`."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from pipelines.cli.front import DataDir, data_folder, errors, told_plainly

# A longer argument is a text, whatever a file system may think of it as a name.
_LONGEST_PATH = 1024


class Format(StrEnum):
    """How claims are printed."""

    text = "text"
    json = "json"


class Language(StrEnum):
    """In which language the verdicts are explained."""

    en = "en"
    zh = "zh"
    zh_hant = "zh_hant"


_STYLES = {"supported": "green", "refuted": "red", "conflicting_evidence": "yellow", "not_enough_evidence": "dim"}


def check(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT|FILE|-",
            help="A text, or a text, Markdown or saved HTML file; - or nothing reads standard input.",
        ),
    ] = None,
    published_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it appeared. Default: what the text says of it, else today."),
    ] = None,
    shape: Annotated[
        Format, typer.Option("--format", "-f", help="json: one object a claim, for programs.")
    ] = Format.text,
    language: Annotated[
        Language,
        typer.Option(
            "--language", "-l", help="Of the explanations: English, Chinese in simplified or traditional characters."
        ),
    ] = Language.en,
    data_dir: DataDir = None,
) -> None:
    """Judge a text at once against the published warehouse; nothing is written, nothing is asked of a network.

    Example: hedui check "美国国债已突破38万亿美元"

    Exit code 0: judged, whatever the verdicts. 1: the text could not be read, or there is no warehouse yet. 2: wrong usage.
    """
    given_day: date | None = published_on.date() if published_on else None
    with told_plainly():
        from pipelines.orchestration.text_checks import check_article
        from pipelines.reading.articles import GivenDetails, describe_article, read_article

        given = GivenDetails(published_on=given_day)
        if text is not None and text != "-" and len(text) <= _LONGEST_PATH and "\n" not in text and Path(text).exists():
            article = read_article(Path(text), given=given)
        else:
            if text in {None, "-"}:
                if sys.stdin.isatty():
                    errors.print("Type or paste a text and end it with Ctrl-D.")
                text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
            if not text or not text.strip():
                raise typer.BadParameter("the text is empty", param_hint="TEXT")
            article = describe_article(text, article_id="text", given=given)
        if article.published_on is None:
            today = GivenDetails(published_on=datetime.now(UTC).date())
            article = describe_article(article.text, article_id=article.article_id, given=today)
            basis = "taken as published today"
        else:
            basis = {"given": "as given", "stated": "as the text says", "inferred": "inferred from the text"}[
                article.published_on_basis
            ]
        checks = check_article(article, data_folder(data_dir))
    if shape is Format.json:
        for claim in checks:
            sys.stdout.write(json.dumps(claim, ensure_ascii=False, default=str) + "\n")
    else:
        _print(checks, f"explanation_{language}", f"published {article.published_on}, {basis}")


def _print(checks: Sequence[dict[str, Any]], explanation: str, published: str) -> None:
    screen = Console(highlight=False, soft_wrap=True)
    screen.print(f"[dim]{published}; {len(checks)} claim{'' if len(checks) == 1 else 's'}[/dim]")
    for claim in checks:
        then, today = claim["verdict_when_published"], claim["verdict_today"]
        measured = escape(_name_measured(claim))
        screen.print(
            f"\n[bold]{escape(claim['quote'])}[/bold]  {measured}  "
            f"then [{_STYLES[then]}]{then}[/]  today [{_STYLES[today]}]{today}[/]"
        )
        screen.print(escape(claim[explanation]))
        if warning := claim["warning_en" if explanation == "explanation_en" else "warning_zh"]:
            screen.print(f"[yellow]{escape(warning)}[/yellow]")
        if claim["source_url"]:
            screen.print(f"[dim]{escape(claim['source_url'])} · {escape(claim['source_licence'])}[/dim]")


def _name_measured(claim: dict[str, Any]) -> str:
    """What a claim measures: a metric, two of them against one another, or something of one."""
    related, base = claim["relates_to"], claim["base_metric"]
    return claim["metric"] or (f"{related} against {base}" if base else f"of {related}" if related else "no metric")
