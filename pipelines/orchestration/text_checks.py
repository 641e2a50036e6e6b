"""A text at hand -> its claims, judged at once against the published warehouse."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.reading.articles import Article
from pipelines.reading.claims import find_claims
from pipelines.warehouse.judgement import judge_claims


def check_article(article: Article, folder: Path) -> list[dict[str, Any]]:
    """Read an article that is in no warehouse and judge its claims; nothing is written.

    Args:
        article: as `read_article` or `describe_article` gives it.
        folder: the data folder with the published warehouse whose figures it is held against.

    Returns:
        For each claim, in the order of the text, the columns of the view `claim_checks`.

    Raises:
        WarehouseError: there is no published warehouse yet, or another release made it.
    """
    claims = [
        asdict(claim) | {"metric_candidates": list(claim.metric_candidates)} for claim in find_claims(article).claims
    ]
    row = asdict(article) | {"path": article.path or "-", "ingested_at": datetime.now(UTC)}
    return judge_claims(folder, [row], claims)
