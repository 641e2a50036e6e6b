"""`hedui remove`."""

import sys
from typing import Annotated

import typer

from pipelines.cli.front import DataDir, data_folder, tell, told_plainly


def remove(
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE_ID...", help="Articles of the inbox.")],
    data_dir: DataDir = None,
) -> None:
    """Take articles out of the inbox; their files are kept in inbox/removed.

    The next refresh no longer judges them; what was said of them last stands in `removed_articles` and `removed_claims`.

    Exit code 1 if one is not in the inbox (the others are removed).
    """
    from pipelines.errors import ArticleError

    is_done = True
    with told_plainly():
        from pipelines.places import SEEDS
        from pipelines.reading.inbox import Inbox
        from pipelines.reading.invisible import escape_invisible

        with Inbox(data_folder(data_dir) / "inbox", (SEEDS / "articles",)).open(on_wait=tell) as opened:
            for article_id in article_ids:
                try:
                    moved = opened.remove(article_id)
                    sys.stdout.write(escape_invisible(f"{article_id} is now {moved}") + "\n")
                except ArticleError as error:
                    tell(str(error))
                    is_done = False
    if not is_done:
        raise typer.Exit(1)
