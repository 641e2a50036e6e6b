"""How fast articles are read, what other programs take for a part of it, and what a hundred thousand articles cost.

    python benchmarks/reading.py                   everything, some four minutes on two cores
    python benchmarks/reading.py --quick           the same with less text and no more than 10,000 articles, some thirty seconds
    python benchmarks/reading.py --articles DIR    with the articles of a folder too

The reader's start and four tables are printed; MB is a million bytes of UTF-8.
  start       what a fresh process takes to load the words and read a sentence
  text        processor time of one core, on whole articles with their numbers varied, and on made text with few, some and many
              figures: `figures` finds them with their units (find_quantities), `whole reading` is all that `hedui read` does with
              a text: furniture, figures, hedges, metrics, periods, speakers, statements
  peers       money found by hedui, jionlp and recognizers-text in the same lines of text, in one run, on one core. hedui finds
              percentages, counts and everything else at the same time. Without the peers their lines say so; to have them:
              uv pip install --group peers (recognizers-text needs a version of emoji from before 2.0)
  processes   whole articles read by one process and by all, in turn, the best of each by the clock, for amounts of text around
              the one from which several pay; other programs at work (`load`) take from the gain
  articles    made articles, streamed: time for each, and the most memory that this process and one of its workers ever held
"""

import argparse
import importlib
import itertools
import os
import random
import re
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.places import SEEDS
from pipelines.reading import batches
from pipelines.reading.articles import describe_article, list_article_files
from pipelines.reading.batches import ArticleText, read_claims
from pipelines.reading.claims import find_claims
from pipelines.reading.quantities import find_quantities

_PROSE = (
    "市场普遍认为，通胀的走势仍然取决于能源价格与住房成本，而劳动力市场的韧性给了决策者更多的耐心。",
    "與此同時，企業對未來的投資意願正在恢復，只是融資環境並沒有人們期待的那麼寬鬆。",
    "分析人士指出，关税政策的不确定性让进口商提前备货，这在一定程度上扭曲了贸易数据。",
    "長期來看，財政的可持續性才是投資人真正關心的問題，短期的波動反而不那麼重要。",
    "一位不愿具名的官员表示，下一步的行动要看经济会给出怎样的答案。",
)
_FIGURES = (
    "联邦债务总额约为{a:.1f}万亿美元，较上年增加近{b:.1f}万亿美元。",
    "就業人數增加{c}萬{d}000人，失業率降至{e:.1f}%，低於市場預期的{b:.1f}%。",
    "道指收报{f:,}点，涨{g}点，涨幅{b:.2f}%；十年期收益率升至{e:.2f}%。",
    "预计到20{g}年，相关支出将超过{f:,}亿美元，占比由{c}%升至{g}%到{a:.0f}%。",
    "两成五的受访企业计划裁员，三分之一的家庭表示收入减少了百分之{h}。",
)
_SHARE_WITH_FIGURES = {"prose": 0.02, "news": 0.2, "figures only": 1.0}
_ARTICLE_BYTES = 3000
_ROUNDS = 9  # of all peers in turn


def write_text(kind: str, size: int, seed: int = 1) -> str:
    """Return made-up text of about `size` bytes in UTF-8 with the kind's share of sentences that hold figures."""
    chance = random.Random(seed)
    parts: list[str] = []
    written = 0
    while written < size:
        if chance.random() < _SHARE_WITH_FIGURES[kind]:
            part = chance.choice(_FIGURES).format(
                a=chance.uniform(20, 40), b=chance.uniform(0.1, 9), c=chance.randrange(10, 30), d=chance.randrange(1, 9),
                e=chance.uniform(2, 6), f=chance.randrange(1000, 50000), g=chance.randrange(30, 60), h=chance.choice("三五七"),
            )  # fmt: skip
        else:
            part = chance.choice(_PROSE)
        if chance.random() < 0.1:
            part += "\n"
        parts.append(part)
        written += len(part.encode())
    return "".join(parts)


def write_articles(kind: str, size: int) -> list[str]:
    """Return made articles of together about `size` bytes."""
    return [write_text(kind, _ARTICLE_BYTES, seed) for seed in range(max(1, size // _ARTICLE_BYTES))]


_LONG_NUMBER = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d(?!\d))(\d)(\d+)")


def vary_articles(folder: Path, size: int) -> list[str]:
    """Return the articles of a folder again and again, of together about `size` bytes, with other digits in their longer numbers.

    Years stay, and the first digit of a number: the text says as much as before, and no sentence is read twice.
    """
    written = [path.read_text(encoding="utf-8") for path in list_article_files(folder)]
    chance = random.Random(1)

    def vary(match: re.Match[str]) -> str:
        return match[1] + "".join(chance.choice("0123456789") for _ in match[2])

    varied: list[str] = []
    for text in itertools.cycle(written):
        if sum(len(text.encode()) for text in varied) >= size and len(varied) >= len(written):
            return varied
        varied.append(_LONG_NUMBER.sub(vary, text))
    return varied


def measure_speed(read: Callable[[str], object], texts: Sequence[str], runs: int = 3) -> float:
    """Return the best of some runs over all texts in MB/s of processor time."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        for text in texts:
            read(text)
        best = min(best, time.process_time() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / max(best, 1e-9)


def read_whole(text: str) -> int:
    """Read a text as an article; return how many figures it states."""
    claims = find_claims(describe_article(text, article_id="made")).claims
    return sum(claim.kind == "quantity" for claim in claims)


def print_start() -> None:
    """Print what a fresh process takes to load the words and read a sentence."""
    program = (
        "from pipelines.reading.articles import describe_article as describe; from pipelines.reading.claims import find_claims as find;"
        "find(describe('美国3月失业率为3.5%。', article_id='x'))"
    )
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"start         {min(seconds):.2f} s of processor time")


def print_speed(size: int, folders: Sequence[Path]) -> None:
    """Print how fast one core reads articles, and made texts with few and with many figures."""
    print(f"\n{'text':<14}{'figures/KB':>12}{'figures':>12}{'whole reading':>16}   MB/s")
    texts = {folder.name: vary_articles(folder, size) for folder in folders}
    texts |= {kind: write_articles(kind, size) for kind in _SHARE_WITH_FIGURES}
    for kind, articles in texts.items():
        length = sum(len(text.encode()) for text in articles)
        density = sum(map(read_whole, articles)) / length * 1000
        figures, whole = measure_speed(find_quantities, articles), measure_speed(read_whole, articles)
        print(f"{kind:<14}{density:>12.1f}{figures:>12.2f}{whole:>16.2f}")


def _find_money(text: str) -> list[Any]:
    return [quantity for quantity in find_quantities(text)[0] if len(quantity.unit) == 3 and quantity.unit.isupper()]


def _load_jionlp() -> Callable[[str], Any]:
    jionlp: Any = importlib.import_module("jionlp")
    return partial(jionlp.ner.extract_money, with_parsing=False)


def _load_recognizers() -> Callable[[str], Any]:
    units: Any = importlib.import_module("recognizers_number_with_unit")
    culture: Any = importlib.import_module("recognizers_text").Culture
    return units.NumberWithUnitRecognizer(culture.Chinese).get_currency_model().parse  # type: ignore[no-any-return]  # a library without types


def print_peers(size: int) -> None:
    """Print how fast the peers find money in the same lines, and how many amounts each finds; all in turn, the best of some rounds."""
    lines = [line for text in write_articles("news", size) for line in text.splitlines()]
    few = lines[: max(1, len(lines) // 20)]  # for a peer that would take minutes for all
    readers: dict[str, tuple[Callable[[str], Any], list[str]]] = {"hedui": (_find_money, lines)}
    absent: dict[str, str] = {}
    for name, load, taken in (("jionlp", _load_jionlp, lines), ("recognizers-text", _load_recognizers, few)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                readers[name] = load(), taken
                readers[name][0](lines[0])  # loads its words
        except ImportError as error:
            absent[name] = str(error)
    best = dict.fromkeys(readers, 0.0)
    for _ in range(_ROUNDS):  # whatever else is at work then takes from all of them alike
        for name, (find, taken) in readers.items():
            best[name] = max(best[name], measure_speed(find, taken, runs=1))
    print(f"\n{'peers':<20}{'amounts/KB':>12}{'MB/s':>10}{'hedui is':>16}")
    for name, (find, taken) in readers.items():
        length = sum(len(line.encode()) for line in taken)
        amounts = sum(len(find(line) or ()) for line in taken) / length * 1000
        print(f"{name:<20}{amounts:>12.2f}{best[name]:>10.3f}{best['hedui'] / best[name]:>10.1f} × as fast")
    for name, reason in absent.items():
        print(f"{name:<20}not installed here ({reason}); uv pip install --group peers")


def stream_articles(count: int, size: int) -> Iterator[ArticleText]:
    """Make articles of about `size` bytes one after the other."""
    for number in range(count):
        yield ArticleText(f"made-{number}", write_text("news", size, number))


def _count_claims(articles: Iterator[ArticleText], processes: int | None) -> int:
    return sum(len(outcome.claims) for _, outcome in read_claims(articles, processes=processes) if not isinstance(outcome, Exception))  # fmt: skip


def print_processes(sizes: Sequence[float], pairs: int) -> None:
    """Print the time that one process and several take for some amounts of text, the best of some pairs of runs."""
    usual, batches.PAYS_FROM = batches.PAYS_FROM, 1
    print(
        f"\n{'processes':<14}{'one':>12}{'all':>12}{'gain':>8}   seconds; several are used from {usual / 1e6:g} MB on; load {os.getloadavg()[0]:.1f}"
    )
    for megabytes in sizes:
        texts = vary_articles(SEEDS / "articles", int(megabytes * 1e6))
        articles = [ArticleText(f"varied-{number}", text) for number, text in enumerate(texts)]
        seconds: dict[int | None, list[float]] = {1: [], None: []}
        for processes in [1, None] * pairs:
            start = time.perf_counter()
            _count_claims(iter(articles), processes)
            seconds[processes].append(time.perf_counter() - start)
        one, several = min(seconds[1]), min(seconds[None])
        print(f"{megabytes:<5g}MB{'':<7}{one:>12.1f}{several:>12.1f}{one / several:>8.2f}")
    batches.PAYS_FROM = usual


def print_growth(counts: Sequence[int], size: int) -> None:
    """Print time and memory for more and more articles, streamed through all processes."""
    print(
        f"{'articles':<12}{'claims':>10}{'seconds':>10}{'ms each':>10}{'MB here':>10}{'MB a worker':>13}   of {size} bytes each"
    )
    for count in counts:
        start = time.perf_counter()
        claims = _count_claims(stream_articles(count, size), None)
        seconds = time.perf_counter() - start
        here, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip
        print(f"{count:<12,}{claims:>10,}{seconds:>10.1f}{1000 * seconds / count:>10.2f}{here:>10.0f}{worker:>13.0f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less text, no more than 10,000 articles")
    parser.add_argument(
        "--articles", type=Path, action="append", default=[], metavar="DIR", help="further articles to measure on"
    )
    parser.add_argument("--only", choices=("growth", "speed", "peers", "processes"), help="one of the tables")
    given = parser.parse_args(arguments)
    quick, only = given.quick, given.only
    size = 100_000 if quick else 600_000
    print_start()
    read_whole(write_text("news", 1000))  # loads the words
    if only in (None, "growth"):  # first, while this process has held little memory
        print_growth((1_000, 10_000) if quick else (1_000, 10_000, 100_000), 600)
    if only in (None, "speed"):
        print_speed(size, [SEEDS / "articles", *given.articles])
    if only in (None, "peers"):
        print_peers(size // 2)
    if only in (None, "processes"):
        print_processes((1, 4) if quick else (1, 2, 4), 2 if quick else 3)


if __name__ == "__main__":
    main()
