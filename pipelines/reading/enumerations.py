"""分别: figures in a row, each of which has its own of the words or times listed before."""

import re
from collections.abc import Sequence
from typing import Protocol

RESPECTIVELY = re.compile(r"分别|依次|各为|各报|各是")
_TO_FIRST = re.compile(r"[^;。\d]{0,16}")
_BETWEEN = re.compile(r"[^;。]{0,8}?[、,和及与以跟][^;。]{0,8}")


class Placed(Protocol):
    """What stands from one place of a text to another."""

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


def list_row(visible: str, figures: Sequence[Placed], start: int) -> list[int]:
    """Return which figures, by their numbers, follow one another from a place on, joined by 和, a comma and the like.

    Args:
        visible: the article's own text, normalised.
        figures: the figures of a sentence in order.
        start: where the word ends that shares them out.
    """
    row: list[int] = []
    position, between = start, _TO_FIRST
    for number, figure in enumerate(figures):
        if figure.start < start:
            continue
        if not between.fullmatch(visible, position, figure.start):
            break
        row.append(number)
        position, between = figure.end, _BETWEEN
    return row
