"""The whole way from a sentence to its verdict, for the figures of every kind that the warehouse holds: said rightly and said wrongly."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.orchestration.text_checks import check_article
from pipelines.reading.articles import GivenDetails, describe_article

SAID = list(csv.DictReader((Path(__file__).parent / "said_figures.csv").read_text(encoding="utf-8").splitlines()))
PUBLISHED_ON, NEWEST = date(2026, 9, 30), date(2026, 3, 31)
_QUARTERS = "一二三四"


def write(said: str, value: float, end: date) -> str:
    """The sentence about a figure as people write it: value and period in the units and words that it asks for."""
    size = abs(value)
    return said.format(
        percent=size,
        people=size / 1e4,
        hundred_million=size / 1e8,
        trillion=size / 1e12,
        day=f"{end.year}年{end.month}月{end.day}日",
        month=f"{end.year}年{end.month}月",
        quarter=f"{end.year}年第{_QUARTERS[(end.month - 1) // 3]}季度",
        year=f"{end.year}年",
        fiscal_year=f"{end.year}财年",
    )


@pytest.fixture(scope="module")
def verdicts(published: Path) -> Callable[[float], dict[str, dict[str, Any]]]:
    """By how much the figures are said too high -> each series' claim, judged."""
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as warehouse:
        newest = {
            series_id: (value, end)
            for series_id, value, end in warehouse.execute(
                "SELECT series_id, arg_max(value, period_end), max(period_end) FROM official_figures "
                "WHERE known_until IS NULL AND period_end <= ? AND (value > 0 OR series_id IN ('BOPGSTB', 'FYFSGDA188S')) GROUP BY ALL",
                [NEWEST],
            ).fetchall()
        }

    def judge(factor: float) -> dict[str, dict[str, Any]]:
        sentences = {
            row["series_id"]: write(row["said"], factor * newest[row["series_id"]][0], newest[row["series_id"]][1])
            for row in SAID
        }
        text = "\n\n".join(sentences.values())
        article = describe_article(text, article_id="said", given=GivenDetails(published_on=PUBLISHED_ON))
        claims = check_article(article, published)
        return {
            series_id: next((claim for claim in claims if claim["sentence"] == sentence), {"verdict_today": "not read"})
            for series_id, sentence in sentences.items()
        }

    return judge


def test_what_is_said_rightly_is_borne_out(verdicts):
    judged = verdicts(1.0)
    assert {one: claim["verdict_today"] for one, claim in judged.items()} == dict.fromkeys(judged, "supported")


def test_what_is_said_a_third_too_high_is_contradicted_where_the_series_is_just_what_is_meant(verdicts):
    judged = verdicts(4 / 3)
    assert {one: claim["verdict_today"] for one, claim in judged.items()} == {
        row["series_id"]: row["too_high"] for row in SAID
    }
