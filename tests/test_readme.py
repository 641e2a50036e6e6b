import re

import duckdb
import pytest

from pipelines.places import ROOT, SQL
from pipelines.warehouse.queries import read_questions

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_verdicts_shown_are_those_that_come_out(published):
    shown = re.findall(
        r"^\| (\d{3}) \| ([\d-]+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (\w+) \| (\w+) \|$", README, re.MULTILINE
    )
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as connection:
        come_out = connection.execute(
            "SELECT left(article_id, 3), published_on::VARCHAR, quote, claimed, format_value_en(official_when_published, unit), "
            "format_value_en(official_today, unit), verdict_when_published, verdict_today FROM claim_checks "
            "WHERE verdict_today <> 'not_enough_evidence' AND kind = 'quantity' ORDER BY article_id, quote_start"
        ).fetchall()
    assert shown == come_out


def test_every_ready_question_is_listed_with_what_it_asks():
    for question in read_questions(SQL / "questions"):
        assert f"| `{question.name}` | {question.title} |" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)]+)\)", README))
def test_every_link_leads_somewhere(link):
    assert (ROOT / link).exists()
