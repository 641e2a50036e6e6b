"""How fast figures are found: MB/s of UTF-8 text on one core, on prose with few figures, on news, and on nothing but figures.

Run with `python benchmarks/reading.py`; `--megabytes` sets how much text of each kind is read.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from functools import partial

from pipelines.reading.hedges import find_hedge
from pipelines.reading.quantities import find_quantities
from pipelines.reading.script import normalise

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


def measure_speed(read: Callable[[], object], size: int) -> float:
    """Return the best of three runs in MB/s of processor time."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        read()
        best = min(best, time.process_time() - start)
    return size / 1e6 / best


def read_figures(text: str) -> int:
    """Find figures and hedges; return how many figures there are."""
    normalised = normalise(text)
    quantities, _ = find_quantities(text, normalised)
    for quantity in quantities:
        find_hedge(normalised, quantity, text)
    return len(quantities)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=2.0)
    size = int(parser.parse_args(arguments).megabytes * 1e6)
    read_figures(write_text("news", 1000))  # loads the words
    print(f"{'text':<14}{'figures/KB':>11}{'normalise':>11}{'quantities':>12}{'and hedges':>12}   MB/s")
    for kind in _SHARE_WITH_FIGURES:
        text = write_text(kind, size)
        length = len(text.encode())
        figures = read_figures(text)
        speeds = [measure_speed(partial(read, text), length) for read in (normalise, find_quantities, read_figures)]
        print(f"{kind:<14}{figures / length * 1000:>11.1f}{speeds[0]:>11.1f}{speeds[1]:>12.1f}{speeds[2]:>12.1f}")


if __name__ == "__main__":
    main()
