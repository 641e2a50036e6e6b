import json
import os

import pytest

from pipelines.cli.series import draw_columns
from tests.conftest import hedui


def test_the_list_has_every_series_with_its_newest_figure_and_where_it_is_from(published):
    listed = hedui("series", "--data-dir", published)
    assert listed.returncode == 0, listed.stderr
    every = json.loads(hedui("sql", "SELECT series_id FROM series", "-f", "json", "--data-dir", published).stdout)
    assert [row["series_id"] for row in every if f" {row['series_id']} " not in listed.stdout] == []
    (row,) = [line for line in listed.stdout.splitlines() if " UNRATE " in line]
    assert "4.1%" in row
    assert "2026-07-31" in row
    assert "days" in row
    assert "offline" in row
    assert f"{len(every)} series" in listed.stdout


def test_a_word_lists_the_series_that_have_it(published):
    listed = hedui("series", "失业率", "--data-dir", published).stdout
    assert "UNRATE" in listed
    assert "DEBT_TO_PENNY" not in listed


def test_a_series_is_shown_with_its_vintages(published):
    shown = hedui("series", "a191rl1q225sbea", "--periods", "40", "--data-dir", published).stdout
    rows = [line.split("│")[1:-1] for line in shown.splitlines() if "│" in line]
    told = [[cell.strip() for cell in row] for row in rows]
    first = next(number for number, row in enumerate(told) if row[0] == "2022Q2")
    assert [row[1:] for row in told[first : first + 4]] == [
        ["-0.9%", "2022-07-28", "2022-08-24", "vintage", "offline"],
        ["-0.6%", "2022-08-25", "2024-09-25", "vintage", "offline"],
        ["0.3%", "2024-09-26", "2025-09-24", "vintage", "offline"],
        ["0.6%", "2025-09-25", "today", "vintage", "offline"],
    ]
    assert "█" in shown


def test_a_series_without_a_figure_says_so(published):
    shown = hedui("series", "SP500", "--data-dir", published)
    assert shown.returncode == 0
    assert "No figure is known." in shown.stdout


def test_an_unknown_series_names_its_neighbours(published):
    told = hedui("series", "UNRATES", "--data-dir", published)
    assert told.returncode == 1
    assert "perhaps UNRATE" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_word_is_no_query(published):
    told = hedui("series", "x') OR true --", "--data-dir", published)
    assert told.returncode == 1
    assert "no official series" in told.stderr


def test_without_a_warehouse_it_says_what_to_do(tmp_path):
    told = hedui("series", "--data-dir", tmp_path)
    assert told.returncode == 1
    assert "run `hedui refresh` first" in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="a narrow terminal is asked for by COLUMNS")
def test_a_narrow_terminal_keeps_figure_and_age(published):
    shown = hedui("series", "unemployment", "--data-dir", published, COLUMNS="100").stdout
    assert "4.1%" in shown


def test_columns_reach_from_one_eighth_to_the_top():
    assert draw_columns([0, 1, 2], height=2) == [" ▁█", "▁██"]
    assert draw_columns([5], height=2) == [" ", "█"]
    assert draw_columns([3, 3], height=2) == ["  ", "██"]
