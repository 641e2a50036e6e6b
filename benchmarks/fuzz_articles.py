"""Puts mutated articles through `hedui add` and `hedui refresh`: nothing may crash, hang, be lost from the count or take memory without bound.

    python -m benchmarks.fuzz_articles --count 20000 --seed 1

Each article is a piece of a sample article with bytes flipped, cut, spliced, doubled, in another encoding, wrapped in broken HTML, strewn with
NUL, control, bidirectional and zero-width characters, as a text, Markdown, page or line of JSON. Every command runs as a user runs it.
The exit code is 1 if anything went wrong.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.places import ROOT, SEEDS

MOST_SECONDS = 3600.0
"""After which a command counts as hanging."""

_LINES_A_FILE = 200
_SUFFIXES = (".txt",) * 6 + (".md",) * 2 + (".html",) * 2
_ODD = [
    *"\0\x01\x08\x0b\x1b\x7f\x85\u00ad\u200b\u200d\u200f\u202a\u202e\u2028\u2066\ufeff\ufffd\U000e0041",
    "％",
    "〇",
    "萬億",
    "1e309",
    "٣",
    "Ⅷ",
    "½",
]
_MARKUP = [
    "<",
    ">",
    "</p>",
    "<script>",
    "<!--",
    "-->",
    "<div><table>",
    "&#x",
    "&amp;",
    "[](",
    "![",
    "```",
    "---\n",
    "| a |",
    "<p style='",
    "]]>",
]
_FIGURES = [
    *"0123456789一二三十百千万亿.,，-%％‰$约近逾超比去年底月日、",
    "万亿美元",
    "个百分点",
    "同比",
    "38.5",
    "将",
    "2025年",
    "第三季度",
    "—",
    "至",
]

Mutation = Callable[[bytes, random.Random], bytes]


def _flip(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(raw: bytes, chance: random.Random) -> bytes:
    """Mostly between characters: in the middle of one it is no UTF-8 any more."""
    text = raw.decode("utf-8", "replace")
    if chance.random() < 0.3:
        return raw[: chance.randrange(len(raw))]
    return (
        text[chance.randrange(len(text)) :] if chance.random() < 0.5 else text[: chance.randrange(len(text))]
    ).encode()


def _double(raw: bytes, chance: random.Random) -> bytes:
    text = raw.decode("utf-8", "replace")
    start = chance.randrange(len(text))
    piece = text[start : start + chance.randint(1, 30)]
    return (text[:start] + piece * chance.randint(2, 100) + text[start:]).encode()


def _shuffle(raw: bytes, chance: random.Random) -> bytes:
    lines = re.split(rb"(?<=\xe3\x80\x82)", raw)
    chance.shuffle(lines)
    return b"".join(lines)


def _strew(pieces: list[str]) -> Mutation:
    def strew(raw: bytes, chance: random.Random) -> bytes:
        text = list(raw.decode("utf-8", "replace"))
        for _ in range(chance.randint(1, 15)):
            text.insert(chance.randint(0, len(text)), chance.choice(pieces))
        return "".join(text).encode("utf-8", "replace")

    return strew


def _encode(raw: bytes, chance: random.Random) -> bytes:
    codec = chance.choice(["gb18030", "big5", "utf-16", "utf-32", "utf-8-sig", "utf-16-be", "shift_jis", "utf-7"])
    return raw.decode("utf-8", "replace").encode(codec, "replace")


def _wrap(raw: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([1, 5, 300])
    return (
        b"<html><head><title>"
        + raw[:60]
        + b"</title><body>"
        + b"<div>" * depth
        + b"<p>"
        + raw
        + b"</p>" * chance.randint(0, 2)
    )


def _keep(raw: bytes, _: random.Random) -> bytes:
    return raw


# Characters of figures come more often: what breaks an encoding ends at the door, what looks like a figure goes all the way.
MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _double, _shuffle, _strew(_ODD), _strew(_MARKUP), _strew(_FIGURES), _strew(_FIGURES), _strew(_FIGURES), _shuffle, _encode, _wrap,
    _keep, _keep,
)  # fmt: skip


def make_articles(folder: Path, *, count: int, seed: int) -> None:
    """Write mutated articles into a folder, the same ones for the same seed.

    Args:
        folder: made anew.
        count: how many: files, and lines of files of many.
        seed: of the choices.
    """
    chance = random.Random(seed)
    whole = [path.read_text(encoding="utf-8") for path in sorted((SEEDS / "articles").glob("*.txt"))]
    folder.mkdir(parents=True)
    lines: list[bytes] = []
    for number in range(count):
        text = chance.choice(whole)
        start = chance.randrange(len(text))
        raw = text[start : start + chance.randint(20, 600)].encode()
        for _ in range(chance.randint(1, 2)):
            raw = chance.choice(MUTATIONS)(raw, chance) or b"\n"
        if chance.random() < 0.1:
            row = {"text": raw.decode("utf-8", "replace"), "title": chance.choice([None, "标题", "=1+1", "\u202e"]),
                   "published_on": chance.choice([None, "2025-01-01", "soon", "9999-12-31"])}  # fmt: skip
            line = json.dumps(row).encode()
            lines.append((_flip(line, chance) if chance.random() < 0.2 else line).replace(b"\n", b" "))
        else:
            suffix = chance.choice(_SUFFIXES)
            page = suffix == ".html" and chance.random() < 0.8
            (folder / f"{number:06}{suffix}").write_bytes(_wrap(raw, chance) if page else raw)
    for start in range(0, len(lines), _LINES_A_FILE):
        (folder / f"many{start:06}.jsonl").write_bytes(b"\n".join(lines[start : start + _LINES_A_FILE]))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: exit code, seconds, peak resident bytes of its largest process, and what it said."""

    code: int
    seconds: float
    peak: int
    said: str


def run(*arguments: str | Path, log: Path) -> Ran:
    """Run `hedui` in a process of its own.

    Args:
        arguments: of the command.
        log: where what it says is kept.
    """
    started = time.monotonic()
    with log.open("w+", encoding="utf-8", errors="replace") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", *map(str, arguments)], cwd=ROOT, stdout=told, stderr=told
        )
        status, usage = None, None
        while status is None:
            ended, code, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                status = os.waitstatus_to_exitcode(code)
            elif time.monotonic() - started > MOST_SECONDS:
                process.kill()
            else:
                time.sleep(0.2)
        process.returncode = status
        told.seek(0)
        return Ran(status, time.monotonic() - started, usage.ru_maxrss * 1024 if usage else 0, told.read())


def _find_faults(step: str, ran: Ran, allowed: set[int]) -> list[str]:
    faults = [] if ran.code in allowed else [f"{step} ended with {ran.code}"]
    return faults + [
        f"{step} said {word!r}" for word in ("Traceback", "makes the reader fail", "Error:") if word in ran.said
    ]


def main() -> int:
    """Run it; print seconds and peak memory of each step, and every fault found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="Kept; default: a temporary one.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        articles, data = folder / "articles", folder / "data"
        make_articles(articles, count=chosen.count, seed=chosen.seed)
        steps = [
            ("add", ("add", articles, "--data-dir", data), {0, 1}),
            ("refresh of the inbox", ("refresh", "--offline", "--quiet", "--data-dir", data), {0}),
            ("add again", ("add", articles, "--data-dir", data), {0, 1}),
            ("refresh of the files as they came", ("refresh", "--offline", "--quiet", "--articles", articles, "--data-dir", data), {0}),
        ]  # fmt: skip
        faults: list[str] = []
        for number, (step, arguments, allowed) in enumerate(steps):
            ran = run(*arguments, log=folder / f"{number}.log")
            faults += _find_faults(step, ran, allowed)
            summary = ran.said.strip().split("\n")[-1] if step.startswith("add") else _count(data)
            print(f"{step}: exit {ran.code}, {ran.seconds:.0f} s, peak {ran.peak / 1e6:.0f} MB; {summary}", flush=True)
            if step.startswith("add"):
                counted = sum(
                    int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:added|known|refused)", ran.said[-200:])
                )
                faults += [] if counted >= chosen.count else [f"{step}: {counted} of {chosen.count} are accounted for"]
            else:
                faults += _check_warehouse(data, step)
        print("\n".join(faults) or "no fault")
        return 1 if faults else 0


def _count(data: Path) -> str:
    tables = ("articles", "rejected_articles", "claims", "rejected_passages")
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as warehouse:
        return ", ".join(
            f"{warehouse.execute(f'SELECT count(*) FROM {table}').fetchall()[0][0]:,} {table}" for table in tables
        )


def _check_warehouse(data: Path, step: str) -> list[str]:
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as warehouse:
        wrong = warehouse.execute(
            "SELECT count(*) FROM claims JOIN articles USING (article_id) WHERE substring(text, quote_start + 1, quote_end - quote_start) <> quote"
        ).fetchall()[0][0]
        unjudged = warehouse.execute("SELECT count(*) FROM claims ANTI JOIN verdicts USING (claim_id)").fetchall()[0][0]
    told = [f"{step}: {wrong} quotes do not stand in their articles"] if wrong else []
    return told + ([f"{step}: {unjudged} claims have no verdict"] if unjudged else [])


if __name__ == "__main__":
    sys.exit(main())
