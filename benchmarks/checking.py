"""How long `hedui check` takes: to start, and beyond that to read and judge a sentence and whole articles.

python benchmarks/checking.py [--runs 9] [--articles DIR] [--data-dir DIR]

Every check is a process of its own, as people start it. Start-up is a process that loads what a check loads and then ends; what a check takes beyond
it is reading the text, which makes its words ready first, and judging the claims by the rules of sql/. Medians, by the clock and in processor time;
other programs at work take from the former. Without --data-dir a warehouse is made from the offline figures.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.places import SEEDS
from pipelines.reading.articles import list_article_files

# beyond start-up
SECONDS = 1.0

_SENTENCE = "美国国债已突破38万亿美元"
_HELP = ("-m", "pipelines.cli", "--help")
_START = ("-c", "import pipelines.cli, pipelines.orchestration.text_checks, pipelines.reading.articles")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a program took, in seconds: by the clock, and of the processor."""

    seconds: float
    processor: float


def measure(arguments: Sequence[str], runs: int) -> Taken:
    """Run Python with these arguments so many times, after one that leaves everything compiled, and give the medians."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(runs + 1):
        started, before = time.perf_counter(), os.times()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
        after = os.times()
        processor = after.children_user + after.children_system - before.children_user - before.children_system
        taken.append(Taken(time.perf_counter() - started, processor))
    return Taken(statistics.median(t.seconds for t in taken[1:]), statistics.median(t.processor for t in taken[1:]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each program; 1 if the sentence took longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="of each program")
    parser.add_argument("--articles", type=Path, default=SEEDS / "articles", help="articles to check, each by itself")
    parser.add_argument("--data-dir", type=Path, help="of a warehouse to judge by")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        folder = options.data_dir or Path(made)
        if options.data_dir is None:
            refresh = ("-m", "pipelines.cli", "refresh", "--offline", "--quiet", "--data-dir", str(folder))
            subprocess.run([sys.executable, *refresh], check=True)
        for name, program in (("hedui --help", _HELP), ("start-up", _START)):
            start = measure(program, options.runs)
            print(f"{name:<32}{start.seconds:5.2f} s  {start.processor:5.2f} s of processor", flush=True)
        beyond = []
        for name, text in [("a sentence", _SENTENCE)] + [
            (f"{path.stem}, {path.stat().st_size / 1000:.1f} kB", str(path))
            for path in list_article_files(options.articles)
        ]:
            check = measure(("-m", "pipelines.cli", "check", text, "--data-dir", str(folder)), options.runs)
            beyond.append(check.seconds - start.seconds)
            print(
                f"{name:<32}{check.seconds:5.2f} s  {check.processor:5.2f} s of processor; "
                f"beyond start-up {beyond[-1]:.2f} s, {check.processor - start.processor:.2f} s of processor",
                flush=True,
            )
    return int(beyond[0] > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
