import csv
import io

import pytest

from pipelines.terminal import print_rows


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\r\n=1+1", "'\r\n=1+1"),
        ("国债=38万亿", "国债=38万亿"),
        ("", ""),
        (-3.5, "-3.5"),
        (None, ""),
        (["=1"], "['=1']"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_disarmed_in_csv(capsys, value, shown):
    print_rows(["=name", "value"], [("x", value)], "csv")
    assert list(csv.reader(io.StringIO(capsys.readouterr().out, newline=""))) == [["'=name", "value"], ["x", shown]]


def test_json_leaves_texts_as_they_are(capsys):
    print_rows(["value"], [("=1+1",)], "json")
    assert '"=1+1"' in capsys.readouterr().out


def test_a_text_cannot_steer_the_terminal(capsys):
    print_rows(["text"], [("国债\x1b]0;owned\x07\u202e18\n[red]万亿[/red]",)], "table")
    shown = capsys.readouterr().out
    assert "国债\\x1b]0;owned\\x07\\u202e18" in shown
    assert "[red]万亿[/red]" in shown
    assert "\x1b" not in shown


def test_rows_that_do_not_fit_the_terminal_stand_upright_and_lose_nothing(capsys):
    names, text = [f"column_{number}" for number in range(30)], "官方数据" * 60
    print_rows(names, [(text, *range(29)), ("second", *range(29))], "table")
    shown = capsys.readouterr().out
    assert "row 2 of 2" in shown
    assert "".join(char for char in shown if char in text) == text
    print_rows(["value"], [(text,)], "table")
    assert "row 1 of 1" not in capsys.readouterr().out
