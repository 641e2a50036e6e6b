import csv
import re
from datetime import date

import pytest

from pipelines.places import SEEDS, SQL
from pipelines.warehouse.queries import macro_paths, read_query
from pipelines.warehouse.store import Work
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
def test_a_claimed_figure_is_written_with_its_bound(judging_work, bound, ends, english, chinese):
    assert ask(judging_work, "claimed_en(?, ?, ?, 'USD')", bound, *ends) == english
    assert ask(judging_work, "claimed_zh(?, ?, ?, 'USD')", bound, *ends) == chinese


@pytest.mark.parametrize(
    ("low", "high", "english", "chinese"),
    [
        (4.1, 4.3, "4.1% to 4.3%", "4.1%至4.3%"),
        (None, 4.3, "up to 4.3%", "不高于4.3%"),
        (4.1, None, "from 4.1% up", "不低于4.1%"),
    ],
)
def test_an_interval_is_written_with_its_open_end(judging_work, low, high, english, chinese):
    assert ask(judging_work, "format_interval_en(?::DOUBLE, ?::DOUBLE, 'percent')", low, high) == english
    assert ask(judging_work, "format_interval_zh(?::DOUBLE, ?::DOUBLE, 'percent')", low, high) == chinese


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
