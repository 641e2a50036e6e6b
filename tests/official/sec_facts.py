"""Answers of the SEC, made of facts of NVIDIA written down in short."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from pipelines.official.exchange import Answer
from pipelines.official.sec.concepts import SecCode

TAG = "PaymentsToAcquireProductiveAssets"
NVDA = SecCode("CIK0001045810", "us-gaap", (TAG,))
CONTACT = "Jane Doe jane@example.org"


def fact(line: str) -> dict[str, Any]:
    """A fact from `start end millions filed form [accession]`."""
    start, end, millions, filed, form, *accession = line.split()
    return {
        "start": start,
        "end": end,
        "val": int(millions) * 1_000_000,
        "accn": accession[0] if accession else f"0001045810-{filed[2:4]}-{date.fromisoformat(filed).toordinal()}",
        "fy": 1999,
        "fp": "FY",
        "form": form,
        "filed": filed,
    }


def concept_answer(*facts: dict[str, Any], **changes: Any) -> Answer:
    content = {"cik": 1045810, "taxonomy": "us-gaap", "tag": TAG, "label": "…", "description": "…"}
    content |= {"entityName": "NVIDIA CORP", "units": {"USD": list(facts)}} | changes
    return answer_of(json.dumps(content).encode())


def answer_of(body: bytes, status: int = 200) -> Answer:
    return Answer(
        "https://data.sec.gov/x", status, {}, datetime(2026, 11, 22, tzinfo=UTC), body, hashlib.sha256(body).hexdigest()
    )
