"""What comes from outside, as the beginning of the lineage."""

from datetime import timedelta

import dagster as dg

from pipelines.orchestration.freshness import read_freshness
from pipelines.orchestration.table_assets import OWNERS

_FRESHNESS = read_freshness()


def describe_source(key: str, kind: str, description: str, page: str | None = None) -> dg.AssetSpec:
    """What comes from outside, as the beginning of the lineage.

    A service counts as materialized when it gave figures of a newer period; how long it may go without is in seeds/freshness.csv.
    """
    metadata = {"page": dg.MetadataValue.url(page)} if page else {}
    allowed = _FRESHNESS.get(key)
    return dg.AssetSpec(
        key,
        group_name="sources",
        kinds={kind},
        owners=OWNERS,
        description=description + (f" Stale after {allowed.stale_after_days} days: {allowed.why}." if allowed else ""),
        metadata=metadata,
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=allowed.stale_after_days))
        if allowed
        else None,
    )


OUTSIDE = [
    describe_source(
        "article_files",
        "file",
        "The article files as they came: seeds/articles and the inbox, or what `hedui refresh --articles` names.",
    ),
    describe_source("series_catalogue", "csv", "seeds/series.csv: every official series that claims are held against."),
    describe_source(
        "judging_policy",
        "csv",
        "The files of seeds/ that say how claims are judged: how far a figure may lie from a claim and still agree, what statements mean, how verdicts are worded.",
    ),
    describe_source(
        "offline_figures",
        "csv",
        "seeds/official: official figures that come with the repository, for days without a service.",
    ),
    describe_source(
        "fred",
        "http",
        "FRED of the Federal Reserve Bank of St. Louis: every vintage with FRED_API_KEY, today's figures without.",
        "https://fred.stlouisfed.org",
    ),
    describe_source(
        "treasury",
        "http",
        "Treasury Fiscal Data: debt to the penny, interest, the Monthly Treasury Statement.",
        "https://fiscaldata.treasury.gov",
    ),
    describe_source(
        "cbo",
        "http",
        "Congressional Budget Office: every baseline that it has projected, and the outcomes.",
        "https://github.com/US-CBO/eval-projections",
    ),
    describe_source(
        "sec",
        "http",
        "Securities and Exchange Commission: what companies filed; wants HEDUI_CONTACT.",
        "https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
    ),
]
