"""Article files in, claims out."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import ArticleError
from pipelines.orchestration.reader_version import READER, reader_version
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import Rows, build_tables, make_frame, stop_plainly
from pipelines.places import ROOT, SEEDS
from pipelines.reading.articles import GivenDetails, list_articles, read_article, read_file
from pipelines.reading.invisible import escape_invisible
from pipelines.reading.stories import Wording, find_same_stories, read_wording
from pipelines.warehouse.contracts import Contract
from pipelines.warehouse.tables import Article, Claim, RejectedArticle, RejectedPassage, RemovedArticle, RemovedClaim


def name_path(path: Path | str) -> str:
    """A path as the warehouse shows it: relative to the repository inside it, invisible characters as escapes."""
    return escape_invisible(path).removeprefix(f"{ROOT}/")


def _describe_article_files(refresh: RefreshResource) -> Iterator[str]:
    """All that the articles are made of: what stands in their files, or why it cannot be had."""
    listing = stop_plainly(lambda: list_articles(refresh.article_paths))
    for path, given in listing.articles:
        try:
            content = hashlib.sha256(read_file(path)).hexdigest()
        except ArticleError as error:
            content = str(error)
        yield f"{name_path(path)}\n{content}\n{given}"
    for rejected in listing.rejected:
        yield str(rejected)


# What was removed is written first: were a refresh to die after `articles`, the next one could not tell any more.
@build_tables(RemovedClaim, RemovedArticle, Article, RejectedArticle, deps=["article_files"], group="articles", kinds={"python"},
              inputs=lambda refresh: [READER, SEEDS / "furniture.toml", SEEDS / "stories.toml", *_describe_article_files(refresh)])  # fmt: skip
def articles(refresh: RefreshResource) -> Rows:
    """Read every article file; one that cannot be read is noted and does not stop the others."""
    before = refresh.work.read(Article)
    first_read = {
        (article_id, sha256): ingested_at
        for article_id, sha256, ingested_at in before.select("article_id", "sha256", "ingested_at").iter_rows()
    }
    read: dict[str, dict[str, Any]] = {}
    wordings: dict[str, Wording] = {}
    listing = list_articles(refresh.article_paths)
    rejected = {name_path(file.path): file.reason for file in listing.rejected}
    for path, given in listing.articles:
        try:
            article = read_article(path, given=given)
        except ArticleError as error:
            rejected[name_path(path)] = str(error)
            continue
        if article.article_id in read:
            taken = read[article.article_id]["path"]
            rejected[name_path(path)] = f"it has the same name as {taken}, and names tell articles apart; rename one"
            continue
        ingested_at = first_read.get((article.article_id, article.sha256), refresh.started_at)
        read[article.article_id] = asdict(article) | {"path": name_path(path), "ingested_at": ingested_at}
        wordings[article.article_id] = read_wording(article)
    same = find_same_stories((name, read[name]["published_on"], wording) for name, wording in wordings.items())
    rows = [row | {"same_story_as": same.get(name)} for name, row in read.items()]
    removed = _find_removed(refresh, before, set(read))
    return {
        Article: make_frame(Article, rows),
        RejectedArticle: make_frame(RejectedArticle, [{"path": p, "reason": reason} for p, reason in rejected.items()]),
        **removed,
    }


def _find_removed(refresh: RefreshResource, before: pl.DataFrame, present: set[str]) -> Rows:
    """The articles that were judged and are gone, with their last verdicts: those found gone before, and those that are gone since."""
    gone = before.filter(~pl.col("article_id").is_in(present)).with_columns(
        pl.lit(refresh.started_at).alias("removed_at")
    )
    known = {
        contract: refresh.work.read(contract).filter(
            ~pl.col("article_id").is_in(present) & ~pl.col("article_id").is_in(gone["article_id"].implode())
        )
        for contract in (RemovedArticle, RemovedClaim)
    }
    last = refresh.work.connection.sql("FROM claims LEFT JOIN verdicts USING (claim_id)").pl()
    claims_gone = last.join(gone.select("article_id"), on="article_id", how="semi")
    return {
        contract: pl.concat([known[contract], make_frame(contract, added.to_dicts())])
        for contract, added in ((RemovedArticle, gone), (RemovedClaim, claims_gone))
    }


@build_tables(
    Claim, RejectedPassage, deps=["articles"], group="articles", kinds={"python"}, inputs=lambda _: [reader_version()]
)
def claims(refresh: RefreshResource) -> Rows:
    """Find the claims of every article, and the passages with a number that are none."""
    from pipelines.reading.batches import ArticleText, read_claims  # noqa: PLC0415  # the reader takes a while to load: only when there is something to read

    reader, frames = reader_version(), _Frames()
    texts = (
        ArticleText(row["article_id"], row["text"], GivenDetails(row["published_on"], row["title"], row["publisher"]))
        for row in refresh.work.read(Article).iter_rows(named=True)
    )
    for article, outcome in read_claims(texts):
        if isinstance(outcome, ArticleError):
            whole = {"passage": article.text, "passage_start": 0, "passage_end": len(article.text)}
            frames.add(RejectedPassage, [whole | {"article_id": article.article_id, "reason": str(outcome)}])
            continue
        frames.add(
            Claim,
            [
                asdict(claim) | {"metric_candidates": list(claim.metric_candidates), "reader_version": reader}
                for claim in outcome.claims
            ],
        )
        frames.add(RejectedPassage, [asdict(passage) for passage in outcome.rejected_passages])
    return {contract: frames.whole(contract) for contract in (Claim, RejectedPassage)}


class _Frames:
    """Rows of tables put into frames as they come: as dictionaries they take ten times the room."""

    _AT_ONCE = 5_000

    def __init__(self) -> None:
        self._rows: dict[type[Contract], list[dict[str, Any]]] = defaultdict(list)
        self._frames: dict[type[Contract], list[pl.DataFrame]] = defaultdict(list)

    def add(self, contract: type[Contract], rows: list[dict[str, Any]]) -> None:
        """More rows of a table."""
        self._rows[contract] += rows
        if len(self._rows[contract]) >= self._AT_ONCE:
            self._frames[contract].append(make_frame(contract, self._rows.pop(contract)))

    def whole(self, contract: type[Contract]) -> pl.DataFrame:
        """All rows of a table."""
        return pl.concat([*self._frames.pop(contract, []), make_frame(contract, self._rows.pop(contract, []))])
