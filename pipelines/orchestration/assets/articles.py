"""Article files in, claims out."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.errors import ArticleError
from pipelines.orchestration.reader_version import READER, reader_version
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import Rows, build_tables, make_frame, stop_plainly
from pipelines.places import ROOT, SEEDS
from pipelines.reading.articles import GivenDetails, find_articles, read_article
from pipelines.warehouse.tables import Article, Claim, RejectedArticle, RejectedPassage


def name_path(path: Path) -> str:
    """A path as the warehouse shows it: relative to the repository inside it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _describe_article_files(refresh: RefreshResource) -> Iterator[str | Path]:
    for path, given in stop_plainly(lambda: find_articles(refresh.article_paths)):
        yield from (name_path(path), path, str(given))


@build_tables(Article, RejectedArticle, deps=["article_files"], group="articles", kinds={"python"},
              inputs=lambda refresh: [READER, SEEDS / "furniture.toml", *_describe_article_files(refresh)])  # fmt: skip
def articles(refresh: RefreshResource) -> Rows:
    """Read every article file; one that cannot be read is noted and does not stop the others."""
    first_read = {
        (row["article_id"], row["sha256"]): row["ingested_at"] for row in refresh.work.read(Article).to_dicts()
    }
    read: dict[str, dict[str, Any]] = {}
    rejected: list[dict[str, Any]] = []
    for path, given in find_articles(refresh.article_paths):
        try:
            article = read_article(path, given=given)
        except ArticleError as error:
            rejected.append({"path": name_path(path), "reason": str(error)})
            continue
        if article.article_id in read:
            taken = read[article.article_id]["path"]
            rejected.append(
                {
                    "path": name_path(path),
                    "reason": f"it has the same name as {taken}, and names tell articles apart; rename one",
                }
            )
            continue
        ingested_at = first_read.get((article.article_id, article.sha256), refresh.started_at)
        read[article.article_id] = asdict(article) | {"path": name_path(path), "ingested_at": ingested_at}
    return {Article: make_frame(Article, list(read.values())), RejectedArticle: make_frame(RejectedArticle, rejected)}


@build_tables(
    Claim, RejectedPassage, deps=["articles"], group="articles", kinds={"python"}, inputs=lambda _: [reader_version()]
)
def claims(refresh: RefreshResource) -> Rows:
    """Find the claims of every article, and the passages with a number that are none."""
    from pipelines.reading.batches import ArticleText, read_claims  # noqa: PLC0415  # the reader takes a while to load: only when there is something to read

    reader, found, rejected = reader_version(), [], []
    texts = (
        ArticleText(row["article_id"], row["text"], GivenDetails(row["published_on"], row["title"], row["publisher"]))
        for row in refresh.work.read(Article).iter_rows(named=True)
    )
    for article, outcome in read_claims(texts):
        if isinstance(outcome, ArticleError):
            whole = {"passage": article.text, "passage_start": 0, "passage_end": len(article.text)}
            rejected.append(whole | {"article_id": article.article_id, "reason": str(outcome)})
            continue
        found += [
            asdict(claim) | {"metric_candidates": list(claim.metric_candidates), "reader_version": reader}
            for claim in outcome.claims
        ]
        rejected += [asdict(passage) for passage in outcome.rejected_passages]
    return {Claim: make_frame(Claim, found), RejectedPassage: make_frame(RejectedPassage, rejected)}
