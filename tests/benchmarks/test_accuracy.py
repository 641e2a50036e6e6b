import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import FIVE, LABELS, main, measure_folder


@pytest.fixture(scope="module")
def accuracy():
    return measure_folder(FIVE, LABELS / "quantities.jsonl", LABELS / "ignore.jsonl")


@pytest.fixture
def labelled_folder(tmp_path):
    """An article of our own with two figures, and labels of them."""
    text = "美国3月失业率为3.5%，非农就业增加23.6万人。\n"
    (tmp_path / "jobs.txt").write_text(text, encoding="utf-8")
    (tmp_path / "articles.csv").write_text("article,published_on\njobs,2023-04-08\n", encoding="utf-8")
    common: dict[str, Any] = {"bound": "eq", "modality": "actual", "vague": False, "attributed_to": None}
    common |= {"article": "jobs", "period_start": "2023-03-01", "period_end": "2023-03-31"}
    labels: list[dict[str, Any]] = [
        common | {"quote": "3.5%", "low": 3.5, "high": 3.5, "unit": "percent", "metric": "unemployment_rate"},
        common | {"quote": "23.6万人", "low": 236e3, "high": 236e3, "unit": "count", "metric": "payroll_employment_change"},
    ]  # fmt: skip
    for label in labels:
        label["start"] = text.index(label["quote"])
        label["end"] = label["start"] + len(label["quote"])
    return tmp_path, labels


def score(folder: Path, labels: list[dict[str, Any]], *further: str) -> int:
    file = folder / "labels.jsonl"
    file.write_text("".join(json.dumps(label) + "\n" for label in labels), encoding="utf-8")
    return main(["--articles", str(folder), "--labels", str(file), *further])


def test_figures_of_the_five_articles_are_right(accuracy):
    assert accuracy.strict.f1 >= 98


@pytest.mark.parametrize(("field", "floor"), [("bound", 95), ("modality", 93), ("period", 92), ("attribution", 85)])
def test_fields_of_the_five_articles_are_right(accuracy, field, floor):
    assert accuracy.fields[field].percent >= floor


def test_at_most_one_metric_of_the_five_articles_is_wrong_or_missing(accuracy):
    assert accuracy.metric.mistakes <= 1


def test_right_labels_give_full_marks_and_no_mistakes(labelled_folder, capsys):
    assert score(*labelled_folder, "--errors") == 0
    printed = capsys.readouterr().out
    assert "0 mistakes" in printed
    assert "strict              100.0  100.0  100.0       2       2         2" in printed


def test_each_mistake_is_listed_with_what_was_read_and_what_is_labelled(labelled_folder, capsys):
    folder, labels = labelled_folder
    labels[0] |= {"low": 3.6, "high": 3.6}
    labels[1] |= {"bound": "approx", "metric": None}
    assert score(folder, labels, "--errors") == 0
    printed = capsys.readouterr().out
    assert "read 3.5 percent, labelled 3.6 percent" in printed
    assert "read eq, labelled approx" in printed
    assert "read payroll_employment_change, labelled None" in printed
    assert "3 mistakes" in printed


def test_a_figure_without_a_label_is_too_many_unless_its_passage_is_ignored(labelled_folder, capsys):
    folder, labels = labelled_folder
    score(folder, labels[:1], "--errors")
    assert "too many    jobs" in capsys.readouterr().out
    ignored = folder / "ignore.jsonl"
    ignored.write_text(json.dumps({name: labels[1][name] for name in ("article", "start", "end")}), encoding="utf-8")
    score(folder, labels[:1], "--errors", "--ignore", str(ignored))
    assert "0 mistakes" in capsys.readouterr().out


def test_a_figure_that_is_not_found_is_missing(labelled_folder, capsys):
    folder, labels = labelled_folder
    score(folder, [*labels, labels[0] | {"quote": "美国", "start": 0, "end": 2}], "--errors")
    assert "missing     jobs 0  美国" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"start": 0, "end": 4}, "holds '美国3月' at 0"),
        ({"end": 99}, "count code points"),
        ({"low": "much"}, "is no label"),
        ({"article": "other"}, "lacks the labelled article other"),
        ({"period_start": "March"}, "is no label"),
    ],
)
def test_labels_that_do_not_fit_are_named(labelled_folder, capsys, change, trouble):
    folder, labels = labelled_folder
    assert score(folder, [labels[0] | change]) == 2
    assert trouble in capsys.readouterr().err


def test_articles_without_labels_are_refused():
    with pytest.raises(SystemExit):
        main(["--articles", "somewhere"])
