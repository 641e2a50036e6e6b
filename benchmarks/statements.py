"""Holds the statements that the reader finds against labelled ones: how many are found, how many found ones are none.

python benchmarks/statements.py [--articles DIR --labels FILE] [--errors]

A labelled statement counts if official series of the catalogue can decide it: its kind is one that the reader knows, and the catalogue has all
its metrics. It is found if a statement of the same kind overlaps it. A statement that overlaps no labelled one counts as false.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.official.catalogue import read_catalogue
from pipelines.places import ROOT, SEEDS
from pipelines.reading.articles import find_articles, read_article
from pipelines.reading.claims import Claim, find_claims

FIVE = SEEDS / "articles"
LABELS = ROOT / "tests" / "labels" / "statements.jsonl"
KINDS = ("comparison", "streak", "record", "direction", "turn")
KIND_OF_LABEL = {"event": "turn"}  # what a series can date


def find_statements(folder: Path) -> list[Claim]:
    """The statements of all articles of a folder."""
    articles = (read_article(file, given=given) for file, given in find_articles([folder]))
    return [claim for article in articles for claim in find_claims(article).claims if claim.kind in KINDS]


@dataclass(frozen=True, slots=True)
class StatementScore:
    """The labels that count, those of them missed, the statements read, and those of them that are none."""

    decidable: list[dict[str, Any]]
    missed: list[dict[str, Any]]
    read: list[Claim]
    false: list[Claim]


def measure_statements(folder: Path, labels_file: Path) -> StatementScore:
    """Read the articles of a folder and hold their statements against the labels."""
    labels = [json.loads(line) for line in labels_file.read_text(encoding="utf-8").splitlines()]
    labels = [label | {"kind": KIND_OF_LABEL.get(label["kind"], label["kind"])} for label in labels]
    metrics = {series.metric for series in read_catalogue()} - {""}
    decidable = [
        label for label in labels if label["kind"] in KINDS and label["metrics"] and set(label["metrics"]) <= metrics
    ]
    read = find_statements(folder)
    return StatementScore(
        decidable,
        [
            label
            for label in decidable
            if not any(claim.kind == label["kind"] and _overlap(claim, label) for claim in read)
        ],
        read,
        [claim for claim in read if not any(_overlap(claim, label) for label in labels)],
    )


def _overlap(claim: Claim, label: dict[str, Any]) -> bool:
    return bool(
        claim.article_id == label["article"] and claim.quote_start < label["end"] and label["start"] < claim.quote_end
    )


def main() -> int:
    """Print the counts; with --errors every miss and every false one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--articles", type=Path, default=FIVE, help="folder of labelled articles (default: seeds/articles)"
    )
    parser.add_argument(
        "--labels", type=Path, default=LABELS, help="their labels (default: tests/labels/statements.jsonl)"
    )
    parser.add_argument("--errors", action="store_true", help="list what is missed and what is false")
    chosen = parser.parse_args()
    score = measure_statements(chosen.articles, chosen.labels)
    hits = len(score.decidable) - len(score.missed)
    print(
        f"labelled and decidable {len(score.decidable)}, found {hits} ({100 * hits / max(len(score.decidable), 1):.0f} %)"
    )
    print(f"statements read {len(score.read)}, false {len(score.false)}")
    if chosen.errors:
        for label in score.missed:
            print(f"missed {label['article']} {label['start']} {label['kind']} {label['quote']}")
        for claim in score.false:
            print(
                f"false  {claim.article_id} {claim.quote_start} {claim.kind} {claim.metric} {claim.relation} {claim.quote}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
