"""A text at hand -> its claims, judged at once against the published warehouse."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pipelines.reading.articles import Article
from pipelines.reading.claims import find_claims
from pipelines.warehouse import tables
from pipelines.warehouse.contracts import make_frame
from pipelines.warehouse.judgement import judge_claims
from pipelines.warehouse.store import Warehouse


def check_article(article: Article, warehouse: Warehouse) -> list[dict[str, Any]]:
    """Read an article that is in no warehouse and judge its claims; nothing is written.

    Args:
        article: as `read_article` or `describe_article` gives it.
        warehouse: whose published figures it is held against.

    Returns:
        For each claim, in the order of the text, the columns of the view `claim_checks`.

    Raises:
        WarehouseError: there is no published warehouse yet, or another release made it.
    """
    claims = [
        asdict(claim) | {"metric_candidates": list(claim.metric_candidates)} for claim in find_claims(article).claims
    ]
    row = asdict(article) | {"path": article.path or "-", "ingested_at": datetime.now(UTC), "same_story_as": None}
    return judge_claims(warehouse, make_frame(tables.Article, [row]), make_frame(tables.Claim, claims)).to_dicts()
