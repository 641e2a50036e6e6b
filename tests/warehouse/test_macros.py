import csv
import re
from datetime import date

import opencc
import pytest

from pipelines.places import SEEDS, SQL
from pipelines.warehouse.queries import macro_paths, read_query, rule_paths
from pipelines.warehouse.store import Work
from pipelines.warehouse.tables import CONTRACTS
from tests.warehouse.conftest import Period, span

MACROS = sorted(path.stem for path in (SQL / "macros").glob("*.sql"))


def ask(work: Work, expression: str, *values: object) -> object:
    return work.connection.execute(f"SELECT {expression}", list(values)).fetchall()[0][0]


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0.0, "0"), (22.0, "22"), (95.05, "95.05"), (95.5, "95.5"), (99.999, "100"), (1.5, "1.5"), (1.125, "1.125"), (0.25, "0.25"), (-0.5, "-0.5"),
        (999.0, "999"), (1000.0, "1,000"), (4049.0, "4,049"), (1234567.8, "1,234,568"), (-4049.0, "-4,049"),
    ],
)  # fmt: skip
def test_format_number(judging_work, amount, written):
    assert ask(judging_work, "format_number(?)", amount) == written


@pytest.mark.parametrize(
    ("amount", "unit", "english", "chinese"),
    [
        (38.02e12, "USD", "$38.02 trillion", "38.02万亿美元"),
        (970e9, "USD", "$970 billion", "9,700亿美元"),
        (-70.5e9, "USD", "-$70.5 billion", "-705亿美元"),
        (5e6, "USD", "$5 million", "500万美元"),
        (250.0, "USD", "$250", "250美元"),
        (1.5e12, "CNY", "CNY 1.5 trillion", "1.5万亿元人民币"),
        (95.05, "percent", "95.05%", "95.05%"),
        (1.1, "percentage_point", "1.1 percentage points", "1.1个百分点"),
        (12.0, "ratio", "12 times", "12倍"),
        (147_000.0, "count", "147,000", "14.7万"),
        (7.2e6, "count", "7.2 million", "720万"),
        (5.8e9, "W", "5.8 GW", "5.8吉瓦"),
        (6000.6, "index", "6,001", "6,001点"),
        (None, "USD", None, None),
    ],
)  # fmt: skip
def test_a_value_is_written_as_people_write_it(judging_work, amount, unit, english, chinese):
    assert ask(judging_work, "format_value_en(?::DOUBLE, ?)", amount, unit) == english
    assert ask(judging_work, "format_value_zh(?::DOUBLE, ?)", amount, unit) == chinese


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2025-10-31", "2025-10-31"), ("2025-10", "2025-10"), ("2024-02", "2024-02"), ("2025Q3", "2025Q3"), ("2025", "2025"), ("FY2025", "FY2025"),
        (("2025-01-01", "2025-06-30"), "2025-01/2025-06"), (("2025-08-17", "2025-08-23"), "2025-08-17/2025-08-23"),
        (("2024-03-01", "2025-02-28"), "2024-03/2025-02"), (("2026-01-01", "2035-12-31"), "2026-01/2035-12"),
    ],
)  # fmt: skip
def test_format_period(judging_work, period: Period, written):
    start, end = span(period)
    assert ask(judging_work, "format_period(?, ?)", start, end) == written


@pytest.mark.parametrize(
    ("bound", "ends", "english", "chinese"),
    [
        ("eq", (38e12, 38e12), "$38 trillion", "38万亿美元"),
        ("approx", (38e12, 38e12), "about $38 trillion", "约38万亿美元"),
        ("above", (38e12, 38e12), "over $38 trillion", "超过38万亿美元"),
        ("below", (38e12, 38e12), "nearly or under $38 trillion", "不到或接近38万亿美元"),
        ("range", (37e12, 38e12), "$37 trillion to $38 trillion", "37万亿美元至38万亿美元"),
    ],
)
def test_a_claimed_figure_is_written_with_its_bound(scene, bound, ends, english, chinese):
    scene.load()
    assert ask(scene.work, "claimed_en(?, ?, ?, 'USD')", bound, *ends) == english
    assert ask(scene.work, "claimed_zh(?, ?, ?, 'USD')", bound, *ends) == chinese


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [("4.1%", "4.3%", "4.1% to 4.3%"), (None, "4.3%", "up to 4.3%"), ("4.1%", None, "from 4.1% up")],
)
def test_an_interval_is_written_with_its_open_end(judging_work, low, high, written):
    words = "{'from_to': '{} to {}', 'up_to': 'up to {}', 'from_up': 'from {} up'}"
    assert ask(judging_work, f"between_words({words}, ?::VARCHAR, ?::VARCHAR)", low, high) == written


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (38.02e12, "USD", "38.02萬億美元"),
        (970e9, "EUR", "9,700億歐元"),
        (0.5, "percentage_point", "0.5個百分點"),
        (6001.0, "index", "6,001點"),
    ],
)
def test_a_value_is_written_in_traditional_characters(judging_work, amount, unit, written):
    assert ask(judging_work, "format_value_zh_hant(?::DOUBLE, ?)", amount, unit) == written


def test_every_title_of_the_catalogue_is_told_in_traditional_characters(judging_work):
    with (SEEDS / "series.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title_zh"] for row in csv.DictReader(file)]
    to_simplified, to_traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    told = [str(ask(judging_work, "to_traditional(?)", title)) for title in titles]
    assert [to_simplified.convert(title) for title in told] == titles
    left = {one for one in set("".join(told)) if to_traditional.convert(one) != one}
    assert left <= set(KEPT_AS_THEY_ARE)


# Characters that are right in both scripts and that OpenCC would change when they stand alone.
KEPT_AS_THEY_ARE = "布為"


@pytest.mark.parametrize(
    ("known_from", "known_until", "day", "known"),
    [
        ("2025-06-06", None, "2025-06-06", True),
        ("2025-06-06", None, "2025-06-05", False),
        ("2025-06-06", "2025-07-03", "2025-07-03", True),
        ("2025-06-06", "2025-07-03", "2025-07-04", False),
        ("2025-06-06", None, "infinity", True),
        ("2025-06-06", "2099-12-31", "infinity", False),
    ],
)
def test_was_known(judging_work, known_from, known_until, day, known):
    assert ask(judging_work, "was_known(?::DATE, ?::DATE, ?::DATE)", known_from, known_until, day) is known


@pytest.mark.parametrize(
    ("counts", "period", "verdict"),
    [
        ((1, 0, 0), "stated", "supported"), ((1, 0, 1), "stated", "supported"), ((0, 1, 0), "stated", "refuted"),
        ((0, 1, 1), "stated", "not_enough_evidence"), ((1, 1, 0), "stated", "conflicting_evidence"), ((0, 0, 0), "stated", "not_enough_evidence"),
        ((1, 1, 0), "present", "conflicting_evidence"), ((0, 1, 0), "present", "not_enough_evidence"),
        ((1, 1, 0), "unknown", "supported"), ((0, 1, 0), "unknown", "not_enough_evidence"),
    ],
)  # fmt: skip
def test_verdict_of(judging_work, counts, period, verdict):
    assert ask(judging_work, "verdict_of(?, ?, ?, ?)", *counts, period) == verdict


@pytest.mark.parametrize(
    ("claimed", "official", "metric", "same"),
    [
        ("USD", "USD", "gdp", True), ("percent", "percentage_point", "x", True), ("ratio", "percent", "debt_to_gdp", True),
        ("ratio", "percent", "inflation", False), ("CNY", "USD", "gdp", False), ("percent", "ratio", "debt_to_gdp", False),
    ],
)  # fmt: skip
def test_same_unit(judging_work, claimed, official, metric, same):
    assert ask(judging_work, "same_unit(?, ?, ?)", claimed, official, metric) is same


def test_tolerance_and_stale_days_read_the_policy(scene, judging_work):
    scene.load()
    assert ask(judging_work, "tolerance('rounded_number')") == 0.05
    assert ask(judging_work, "stale_days('monthly')") == 150
    assert ask(judging_work, "DATE '2025-06-20' - stale_days('daily')") == date(2025, 5, 6)


def test_macros_are_made_after_those_they_call():
    names = [path.stem for path in macro_paths()]
    assert sorted(names) == MACROS
    for place, path in enumerate(macro_paths()):
        assert not [other for other in names[place + 1 :] if re.search(rf"\b{other}\(", read_query(path))]


def test_a_query_is_led_in_by_the_rules_that_it_reads_from_each_after_those_it_reads_itself():
    names = [path.stem for path in rule_paths("comparisons")]
    assert (
        names.index("questions")
        < names.index("level_on_a_day")
        < names.index("known_figures")
        < names.index("may_not_refute")
    )
    assert "turning_points" not in names
    assert rule_paths("claim_checks") == []


def test_every_rule_is_read_by_a_table_and_says_what_it_decides():
    tables = ("comparisons", "statement_comparisons", "verdicts")
    assert {path for table in tables for path in rule_paths(table)} == set((SQL / "rules").glob("*.sql"))
    for path in (SQL / "rules").glob("*.sql"):
        assert re.match(r"-- [A-Z]", path.read_text(encoding="utf-8")), path.name


def test_no_rule_has_the_name_of_a_table():
    assert {path.stem for path in (SQL / "rules").glob("*.sql")} & set(CONTRACTS) == set()


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_has_the_name_of_its_file(name):
    assert re.search(rf"CREATE OR REPLACE MACRO {name}\(", read_query(SQL / "macros" / f"{name}.sql"))


def test_the_policy_file_holds_every_number_that_the_queries_ask_for_and_no_other():
    with (SEEDS / "tolerances.csv").open(encoding="utf-8", newline="") as file:
        held = {row["name"]: float(row["value"]) for row in csv.DictReader(file)}
    text = "\n".join(path.read_text(encoding="utf-8") for path in SQL.rglob("*.sql"))
    asked = set(re.findall(r"tolerance\('(\w+)'\)", text))
    asked |= {f"stale_{frequency}_days" for frequency in ("daily", "weekly", "monthly", "quarterly", "annual")}
    assert set(held) == asked
    assert all(value > 0 for value in held.values())
