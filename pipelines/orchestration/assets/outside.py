"""What comes from outside, as the beginning of the lineage."""

import dagster as dg

from pipelines.orchestration.table_assets import OWNERS


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
