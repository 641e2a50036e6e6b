"""One thin asset a table: call a wing, hand the rows to the warehouse. How the rows come about belongs in the wings and in sql/, not here."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipelines.errors import ArticleError, SeedError
from pipelines.official.catalogue import read_catalogue
from pipelines.orchestration.resources import RefreshResource
from pipelines.orchestration.table_assets import (
    OWNERS,
    Rows,
    build_tables,
    fingerprint_of,
    fingerprint_of_rows,
    specs_and_checks,
    stop_plainly,
    unchanged,
    write,
)
from pipelines.places import ROOT, SEEDS
from pipelines.reading.articles import GivenDetails, find_articles, read_article
from pipelines.warehouse.contracts import Contract, empty_frame, name_of
from pipelines.warehouse.queries import macro_paths, query_path
from pipelines.warehouse.tables import (
    Article,
    Claim,
    Comparison,
    DerivedObservation,
    Hedge,
    Observation,
    Refresh,
    RejectedArticle,
    RejectedPassage,
    Series,
    Source,
    Tolerance,
    Verdict,
    VerdictChange,
)

READER = ROOT / "pipelines" / "reading"
OFFICIAL = ROOT / "pipelines" / "official"
# What is read as it stands and is no word of the reader.
POLICY = [SEEDS / "hedges.csv", SEEDS / "tolerances.csv"]
CATALOGUE = SEEDS / "series.csv"


def describe_source(key: str, kind: str, description: str, page: str | None = None) -> dg.AssetSpec:
    """What comes from outside, as the beginning of the lineage."""
    metadata = {"page": dg.MetadataValue.url(page)} if page else {}
    return dg.AssetSpec(
        key, group_name="sources", kinds={kind}, owners=OWNERS, description=description, metadata=metadata
    )


OUTSIDE = [
    describe_source(
        "article_files",
        "file",
        "The article files as they came: seeds/articles, or what `hedui refresh --articles` names.",
    ),
    describe_source("series_catalogue", "csv", "seeds/series.csv: every official series that claims are held against."),
    describe_source(
        "judging_policy",
        "csv",
        "seeds/hedges.csv and seeds/tolerances.csv: how far a figure may lie from a claim and still agree.",
    ),
    describe_source(
        "offline_figures",
        "csv",
        "seeds/official: official figures that come with the repository, for days without a service.",
    ),
    describe_source(
        "fred",
        "http",
        "FRED of the Federal Reserve Bank of St. Louis, every vintage; needs FRED_API_KEY.",
        "https://fred.stlouisfed.org",
    ),
    describe_source(
        "treasury",
        "http",
        "Treasury Fiscal Data: Debt to the Penny, every business day.",
        "https://fiscaldata.treasury.gov",
    ),
]


def make_frame(contract: type[Contract], rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame of the contract's columns; keys that are no column are left out, empty texts are null."""
    schema = empty_frame(contract).schema
    return pl.DataFrame(
        [{name: None if row[name] == "" else row[name] for name in schema} for row in rows], schema=schema
    )


def reader_version() -> str:
    """Names the reader's code and word files, so that another reading is told from the same one."""
    words = [
        path for path in sorted(SEEDS.iterdir()) if path.is_file() and path not in (CATALOGUE, SEEDS / "tolerances.csv")
    ]
    return f"{version('hedui')}+{fingerprint_of(READER, *words)[:12]}"


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


@build_tables(Series, deps=["series_catalogue"], group="official", kinds={"python"}, inputs=lambda _: [CATALOGUE])
def series(_: RefreshResource) -> Rows:
    """Load the catalogue of official series."""
    return {
        Series: make_frame(Series, [asdict(one) | {"scale": float(one.scale)} for one in read_catalogue(CATALOGUE)])
    }


@build_tables(Hedge, Tolerance, deps=["judging_policy"], group="judging", kinds={"python"}, inputs=lambda _: POLICY)
def judging_policy(_: RefreshResource) -> Rows:
    """Load the hedge words and the numbers of the judging policy."""
    try:
        hedges, tolerances = (list(csv.DictReader(path.open(encoding="utf-8", newline=""))) for path in POLICY)
        return {
            Hedge: make_frame(
                Hedge,
                [row | {name: _read_reach(row[name]) for name in ("reach_below", "reach_above")} for row in hedges],
            ),
            Tolerance: make_frame(Tolerance, [row | {"value": float(row["value"])} for row in tolerances]),
        }
    except (OSError, ValueError, KeyError) as error:
        raise SeedError(
            f"seeds/hedges.csv or seeds/tolerances.csv: {error!r}; keep their columns, and write numbers such as 0.05, or open"
        ) from error


def _read_reach(written: str) -> float | None:
    return None if written == "open" else float(written)


_observation_specs, _observation_checks = specs_and_checks(
    (Observation, Source),
    deps=["series", "offline_figures", "fred", "treasury"],
    group="official",
    kinds={"python", "polars"},
)


@dg.multi_asset(name="build_observations_and_sources", specs=_observation_specs, check_specs=_observation_checks)
def observations(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
    """Ask the services for what is new, put it to what is known, and say of each source what it gave."""
    work = refresh.work
    # What there is without asking anybody; the first half of the fingerprint of sources, which offline says all.
    at_hand = fingerprint_of(OFFICIAL, CATALOGUE, SEEDS / "official")[:32]
    if refresh.offline and (work.fingerprint_of("sources") or "").startswith(at_hand):
        yield unchanged(work, Observation)
        yield unchanged(work, Source)
        return
    from pipelines.official.observations import gather_observations  # noqa: PLC0415  # brings the network's libraries: only when asked for

    gathered = stop_plainly(
        lambda: gather_observations(
            read_catalogue(CATALOGUE),
            work.read(Observation),
            settings=refresh.source_settings(),
            downloads_folder=refresh.folder / "downloads",
            offline_folder=SEEDS / "official",
            now=refresh.started_at,
            offline=refresh.offline,
            report=context.log.info,
        )
    )
    outcomes = [
        asdict(one) | {"series_count": one.series, "observation_count": one.observations} for one in gathered.sources
    ]
    asked = make_frame(Source, outcomes)
    for contract, rows, fingerprint in (
        # Whether a service has anything new is known only once it was asked: what is held is compared with what came of it.
        (Observation, gathered.observations, fingerprint_of_rows(gathered.observations)),
        (Source, asked, at_hand + fingerprint_of_rows(asked)[:32]),
    ):
        if work.fingerprint_of(name_of(contract)) == fingerprint:
            yield unchanged(work, contract)
        else:
            yield from write(context, refresh, contract, rows, fingerprint)


def build_from_sql(contract: type[Contract], *, deps: Sequence[str], group: str) -> dg.AssetsDefinition:
    """The asset of a table that is one SELECT in sql/."""

    @build_tables(
        contract,
        deps=deps,
        group=group,
        kinds={"duckdb", "sql"},
        inputs=lambda _: [query_path(name_of(contract)), *macro_paths()],
    )
    def select(refresh: RefreshResource) -> Rows:
        return {contract: refresh.work.select(contract)}

    return select


derived_observations = build_from_sql(DerivedObservation, deps=["series", "observations"], group="official")
comparisons = build_from_sql(
    Comparison,
    deps=["articles", "claims", "series", "observations", "derived_observations", "hedges", "tolerances"],
    group="judging",
)
verdicts = build_from_sql(Verdict, deps=["articles", "claims", "series", "comparisons"], group="judging")

_change_specs, _change_checks = specs_and_checks(
    (VerdictChange,), deps=["verdicts"], group="judging", kinds={"duckdb", "sql"}
)


@dg.multi_asset(name="build_verdict_changes", specs=_change_specs, check_specs=_change_checks)
def verdict_changes(context: dg.AssetExecutionContext, refresh: RefreshResource) -> Iterator[Any]:
    """Note the verdicts that differ from those published last; a table of history, so what it holds stays."""
    work = refresh.work
    work.connection.execute("SET VARIABLE refresh_id = ?", [context.run.run_id])
    rows = work.select(VerdictChange)
    fingerprint = fingerprint_of_rows(rows)
    if work.fingerprint_of("verdict_changes") == fingerprint:
        yield unchanged(work, VerdictChange)
    else:
        yield from write(context, refresh, VerdictChange, rows, fingerprint)


@dg.asset(
    deps=["verdict_changes", "rejected_passages", "rejected_articles", "sources"], group_name="publication", kinds={"duckdb", "sql"}, owners=OWNERS,
    description="All that a reader wants to know of a claim, flat: a view over claims, comparisons and verdicts.",
)  # fmt: skip
def claim_checks(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Count the view's rows by verdict, for the operator."""
    counts = refresh.work.connection.execute(
        "SELECT verdict_today, count(*) FROM claim_checks GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    summary = "\n".join(
        ["| verdict today | claims |", "| --- | --- |", *(f"| {verdict} | {count} |" for verdict, count in counts)]
    )
    return dg.MaterializeResult(
        metadata={"dagster/row_count": sum(count for _, count in counts), "verdicts": dg.MetadataValue.md(summary)}
    )


@dg.asset(
    deps=["claim_checks"],
    group_name="publication",
    kinds={"duckdb"},
    owners=OWNERS,
    description="One row is a refresh that was published.",
)
def refreshes(context: dg.AssetExecutionContext, refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Note this refresh: its times, versions and counts, and what each source gave."""
    work = refresh.work
    counts = dict(work.connection.execute("SELECT verdict_today, count(*) FROM verdicts GROUP BY ALL").fetchall())
    changed = work.connection.execute(
        "SELECT table_name FROM table_states WHERE refresh_id = ? ORDER BY ALL", [context.run.run_id]
    ).fetchall()
    newest = work.connection.execute(
        "SELECT max(period_end) FROM observations JOIN series USING (series_id) WHERE NOT is_projection"
    ).fetchall()  # fmt: skip
    asked = work.read(Source).to_dicts()
    row = {
        "refresh_id": context.run.run_id,
        "started_at": refresh.started_at,
        "finished_at": datetime.now(UTC),
        "hedui_version": version("hedui"),
        "reader_version": reader_version(),
        "offline": refresh.offline,
        **{
            name: work.connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("articles", "claims", "observations")
        },
        **{
            verdict: counts.get(verdict, 0)
            for verdict in ("supported", "refuted", "conflicting_evidence", "not_enough_evidence")
        },
        "changed_tables": [name for (name,) in changed],
        "sources": json.dumps(asked, default=str, ensure_ascii=False),
        "newest_figure_on": newest[0][0],
    }
    stop_plainly(lambda: work.append(Refresh, make_frame(Refresh, [row])))
    return dg.MaterializeResult(
        metadata={"changed_tables": row["changed_tables"], "claims": row["claims"], "observations": row["observations"]}
    )


@dg.asset(
    deps=["refreshes"],
    group_name="publication",
    kinds={"duckdb", "file"},
    owners=OWNERS,
    description="data/warehouse.duckdb: the file that analysts open, replaced in one step by a finished, checked copy.",
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)),
)
def warehouse(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Publish."""
    stop_plainly(refresh.work.publish)
    path = refresh.folder / "warehouse.duckdb"
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size})


ASSETS: list[dg.AssetSpec | dg.AssetsDefinition] = [
    *OUTSIDE, articles, claims, series, judging_policy, observations, derived_observations, comparisons, verdicts, verdict_changes, claim_checks,
    refreshes, warehouse,
]  # fmt: skip
