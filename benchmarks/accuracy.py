"""How right the reading is: what the reader finds in labelled articles, held against what people have labelled in them.

    python benchmarks/accuracy.py                                       the five articles that come with the repository
    python benchmarks/accuracy.py --errors                              and every mistake in them
    python benchmarks/accuracy.py --articles DIR --labels FILE          your own: a folder of articles (an articles.csv in
                                  [--ignore FILE]                       it gives their days) and a file of labels

Labels are JSON Lines, one figure a line, as in tests/labels/quantities.jsonl: article (the file's name without ending), quote,
start, end (code points of the file as stored), low, high (base units), unit, bound, modality, vague, metric, period_start,
period_end, attributed_to. Passages of the ignore file (article, start, end) count neither as right nor as wrong.

A figure found and a label belong together where they overlap, one to one, the longest overlap first. Then
  found    the figure belongs to a label
  strict   and both ends of its value and its unit are right
  metric   a label with a metric has a figure with that metric; a figure with another metric than its label is a wrong one
  bound, modality, vague, period, attribution
           the share of the strictly right figures where this is right too; where a label has no period, a figure that fell
           back on the article's day (and says so) is right
P is the share of what was found that is right, R the share of what is labelled that was found, F1 their harmonic mean.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

from pipelines.errors import HeduiError
from pipelines.places import ROOT, SEEDS
from pipelines.reading.articles import find_articles, read_article
from pipelines.reading.claims import Claim, find_claims

FIVE = SEEDS / "articles"
LABELS = ROOT / "tests" / "labels"
FIELDS = ("bound", "modality", "vague", "period", "attribution")


class LabelError(HeduiError):
    """A file of labels is not what it must be."""


@dataclass(frozen=True, slots=True)
class Label:
    """A figure as a person has labelled it; the fields are those of the file."""

    article: str
    quote: str
    start: int
    end: int
    low: float
    high: float
    unit: str
    bound: str
    modality: str
    vague: bool
    metric: str | None
    period: tuple[date | None, date | None]
    attributed_to: str | None


@dataclass(frozen=True, slots=True)
class Figure(Label):
    """A figure as it was read, with the fields of a label.

    Attributes:
        period_basis: article_date where it fell back on the article's day.
    """

    period_basis: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the figures found and of the labels are right."""

    right: int
    found: int
    labelled: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right, in percent."""
        return _percent(self.right, self.found)

    @property
    def recall(self) -> float:
        """The share of what is labelled that was found, in percent."""
        return _percent(self.right, self.labelled)

    @property
    def f1(self) -> float:
        """The harmonic mean of both, in percent."""
        return _percent(2 * self.right, self.found + self.labelled)

    @property
    def mistakes(self) -> int:
        """How many labels are missing or wrong, or figures too many: the larger of the two."""
        return max(self.found, self.labelled) - self.right


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the strictly right figures have a field right."""

    right: int
    of: int

    @property
    def percent(self) -> float:
        """The same in percent."""
        return _percent(self.right, self.of)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that the reading got wrong: what, where, and in words how."""

    what: str
    article: str
    start: int
    quote: str
    how: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The whole result.

    Attributes:
        found, strict, metric: see above.
        fields: by name of the field.
        units: strict, by unit.
        mistakes: in the order of articles and text.
    """

    found: Score
    strict: Score
    metric: Score
    fields: dict[str, Share]
    units: dict[str, Score]
    mistakes: list[Mistake]


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels.

    Raises:
        LabelError: a line is no label.
    """
    labels = []
    for where, row in _read_lines(path):
        try:
            period = (_read_day(row["period_start"]), _read_day(row["period_end"]))
            given = {
                name: row[name]
                for name in ("article", "quote", "unit", "bound", "modality", "vague", "metric", "attributed_to")
            }
            label = Label(
                **given, start=int(row["start"]), end=int(row["end"]), low=float(row["low"]), high=float(row["high"]), period=period
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise LabelError(f"{where} is no label ({error!r}); write it as in tests/labels/quantities.jsonl") from None
        if label.end - label.start != len(label.quote):
            raise LabelError(f"{where}: start and end are not those of {label.quote!r}; count code points, not bytes")
        labels.append(label)
    return labels


def read_ignored(path: Path) -> dict[str, list[tuple[int, int]]]:
    """Read the passages that count neither as right nor as wrong, by article.

    Raises:
        LabelError: a line is no passage.
    """
    passages = defaultdict(list)
    for where, row in _read_lines(path):
        try:
            passages[str(row["article"])].append((int(row["start"]), int(row["end"])))
        except (KeyError, TypeError, ValueError) as error:
            raise LabelError(f"{where} is no passage ({error!r}); give article, start and end") from None
    return passages


def _read_lines(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path} cannot be read ({error}); give a file of JSON Lines in UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield f"{path}, line {number}", json.loads(line)
            except json.JSONDecodeError as error:
                raise LabelError(f"{path}, line {number} is not JSON ({error}); mend the line") from None


def _read_day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def read_figures(folder: Path, labels: Sequence[Label]) -> list[Figure]:
    """Read the labelled articles of a folder and return their figures; articles without a label are left out.

    Raises:
        LabelError: a labelled article is missing, or holds other text where a label points.
    """
    wanted = {label.article for label in labels}
    figures: list[Figure] = []
    texts: dict[str, str] = {}
    for path, given in find_articles([folder]):
        if path.stem in wanted:
            article = read_article(path, given=given)
            texts[article.article_id] = article.text
            figures += _take_figures(find_claims(article).claims)
    if missing := wanted - texts.keys():
        raise LabelError(f"{folder} lacks the labelled article {min(missing)}; name the folder that the labels are of")
    for label in labels:
        held = texts[label.article][label.start : label.end]
        if held != label.quote:
            raise LabelError(
                f"{label.article} holds {held!r} at {label.start}, not {label.quote!r}; label the file as it is"
            )
    return figures


def _take_figures(claims: Iterable[Claim]) -> Iterator[Figure]:
    """The claims that state a figure, as labels are written."""
    for claim in claims:
        if claim.kind == "quantity" and claim.value_low is not None and claim.value_high is not None:
            yield Figure(
                article=claim.article_id, quote=claim.quote, start=claim.quote_start, end=claim.quote_end, low=claim.value_low,
                high=claim.value_high, unit=claim.unit or "", bound=claim.bound or "", modality=claim.modality, vague=claim.vague,
                metric=claim.metric, period=(claim.period_start, claim.period_end), attributed_to=claim.attributed_to,
                period_basis=claim.period_basis,
            )  # fmt: skip


def pair_up(figures: Sequence[Figure], labels: Sequence[Label]) -> dict[int, int]:
    """Return for each paired figure its label, both as indices; longest overlap first, then least beyond it, then the earlier one."""
    by_article: dict[str, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        by_article[label.article].append(number)
    overlapping = []
    for number, figure in enumerate(figures):
        for other in by_article[figure.article]:
            label = labels[other]
            starts, ends = (figure.start, label.start), (figure.end, label.end)
            shared = min(ends) - max(starts)
            if shared > 0:
                order = (-shared, max(ends) - min(starts), label.article, label.start, figure.start)
                overlapping.append((order, number, other))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, other in sorted(overlapping):
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)
    return pairs


def _is_value_right(figure: Figure, label: Label) -> bool:
    return isclose(figure.low, label.low, rel_tol=1e-9) and isclose(figure.high, label.high, rel_tol=1e-9)


def _list_fields(figure: Figure, label: Label) -> dict[str, tuple[object, object]]:
    """By field: what was read, and what is labelled; equal where right."""
    period = figure.period
    if label.period[0] is None and figure.period_basis == "article_date":
        period = label.period
    return {
        "bound": (figure.bound, label.bound),
        "modality": (figure.modality, label.modality),
        "vague": (figure.vague, label.vague),
        "period": (_write_period(period), _write_period(label.period)),
        "attribution": (figure.attributed_to, label.attributed_to),
    }


def _write_period(period: tuple[date | None, date | None]) -> str:
    return f"{period[0] or ''}..{period[1] or ''}"


def _write_value(low: float, high: float, unit: str) -> str:
    return f"{low:.10g}{'' if low == high else f'..{high:.10g}'} {unit}"


def measure_accuracy(
    figures: Sequence[Figure], labels: Sequence[Label], ignored: dict[str, list[tuple[int, int]]]
) -> Accuracy:
    """Hold figures against labels.

    Args:
        figures: as read.
        labels: of the same articles.
        ignored: passages by article where a figure without a label is no mistake.
    """
    pairs = pair_up(figures, labels)
    kept = [
        (number, figure)
        for number, figure in enumerate(figures)
        if number in pairs
        or not any(figure.start < end and start < figure.end for start, end in ignored.get(figure.article, []))
    ]
    mistakes: list[Mistake] = []
    strict: list[tuple[Figure, Label]] = []
    linked = 0
    right_fields = dict.fromkeys(FIELDS, 0)
    paired_labels = set(pairs.values())
    for number, label in enumerate(labels):
        if number not in paired_labels:
            how = _write_value(label.low, label.high, label.unit)
            mistakes.append(Mistake("missing", label.article, label.start, label.quote, how))
    for number, figure in kept:
        value = _write_value(figure.low, figure.high, figure.unit)
        if number not in pairs:
            mistakes.append(Mistake("too many", figure.article, figure.start, figure.quote, value))
            continue
        label = labels[pairs[number]]
        linked += label.metric is not None and figure.metric == label.metric
        compared: dict[str, tuple[object, object]] = {"metric": (figure.metric, label.metric)}
        if _is_value_right(figure, label) and figure.unit == label.unit:
            strict.append((figure, label))
            fields = _list_fields(figure, label)
            for name, (read, labelled) in fields.items():
                right_fields[name] += read == labelled
            compared |= fields
        else:
            compared["value"] = (value, _write_value(label.low, label.high, label.unit))
        mistakes += (
            Mistake(name, label.article, label.start, label.quote, f"read {read}, labelled {labelled}")
            for name, (read, labelled) in compared.items()
            if read != labelled
        )
    return Accuracy(
        found=Score(len(pairs), len(kept), len(labels)),
        strict=Score(len(strict), len(kept), len(labels)),
        metric=Score(
            linked,
            sum(figure.metric is not None for _, figure in kept),
            sum(label.metric is not None for label in labels),
        ),
        fields={name: Share(right, len(strict)) for name, right in right_fields.items()},
        units={
            unit: Score(
                sum(label.unit == unit for _, label in strict),
                sum(figure.unit == unit for _, figure in kept),
                sum(label.unit == unit for label in labels),
            )
            for unit in sorted({label.unit for label in labels} | {figure.unit for _, figure in kept})
        },
        mistakes=sorted(mistakes, key=lambda mistake: (mistake.article, mistake.start)),
    )


def measure_folder(folder: Path, labels_file: Path, ignore_file: Path | None) -> Accuracy:
    """Read the labelled articles of a folder and hold what is found against the labels.

    Raises:
        LabelError: labels and folder do not fit together.
        ArticleError, SeedError: an article or a word file cannot be read.
    """
    labels = read_labels(labels_file)
    if not labels:
        raise LabelError(f"{labels_file} holds no labels; give one figure a line")
    ignored = read_ignored(ignore_file) if ignore_file else {}
    return measure_accuracy(read_figures(folder, labels), labels, ignored)


def write_scores(accuracy: Accuracy) -> str:
    """Return the scores as a table of text."""
    lines = [f"{'':<18}{'P %':>7}{'R %':>7}{'F1 %':>7}{'right':>8}{'found':>8}{'labelled':>10}"]

    def add(name: str, score: Score) -> None:
        lines.append(
            f"{name:<18}{score.precision:>7.1f}{score.recall:>7.1f}{score.f1:>7.1f}{score.right:>8}{score.found:>8}{score.labelled:>10}"
        )

    for name, score in (("found", accuracy.found), ("strict", accuracy.strict), ("metric", accuracy.metric)):
        add(name, score)
    lines.append("\nof the strictly right")
    lines += (
        f"{name:<18}{share.percent:>7.1f}{share.right:>22} of {share.of}" for name, share in accuracy.fields.items()
    )
    lines.append("\nstrict, by unit")
    for unit, score in accuracy.units.items():
        add(unit, score)
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores; return 0, or 2 where the files cannot be scored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--articles", type=Path, metavar="DIR", help="folder of labelled articles (default: seeds/articles)"
    )
    parser.add_argument(
        "--labels", type=Path, metavar="FILE", help="their labels (default: tests/labels/quantities.jsonl)"
    )
    parser.add_argument("--ignore", type=Path, metavar="FILE", help="passages that count neither as right nor as wrong")
    parser.add_argument("--errors", action="store_true", help="list every mistake: what, where, and how")  # fmt: skip
    chosen = parser.parse_args(arguments)
    if (chosen.articles is None) != (chosen.labels is None):
        parser.error("--articles and --labels go together")
    ignore = chosen.ignore or (LABELS / "ignore.jsonl" if chosen.labels is None else None)
    try:
        accuracy = measure_folder(chosen.articles or FIVE, chosen.labels or LABELS / "quantities.jsonl", ignore)
    except HeduiError as error:
        print(f"accuracy.py: {error}", file=sys.stderr)
        return 2
    print(write_scores(accuracy))
    if chosen.errors:
        print(f"\n{len(accuracy.mistakes)} mistakes")
        for mistake in accuracy.mistakes:
            print(f"{mistake.what:<12}{mistake.article} {mistake.start}  {mistake.quote}  {mistake.how}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
