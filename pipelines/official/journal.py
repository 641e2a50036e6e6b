"""What was asked and answered, kept: bodies by their hash, a journal a run, and what may be forgotten.

    downloads/<source>/<sha256>.gz       the bytes of an answer, compressed; the same bytes are there once
    downloads/runs/<instant>-<n>.jsonl   what a run was given, every answer it got in order, and what came of them
    downloads/runs/<instant>-<n>.part    the same of a run of which it is not yet said that its figures were written

The journals and the bodies are all that `replay.py` needs to come to the same observations again.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.errors import DownloadError
from pipelines.official.exchange import Answer
from pipelines.official.settings import SourceSettings

# Of older runs only the answers that changed a figure are kept.
KEEP_DAYS = 30
_RUNS = "runs"
_ADDRESSES = tuple(one.name for one in fields(SourceSettings) if one.name not in {"fred_key", "limits"})


@dataclass(frozen=True, slots=True)
class RunGiven:
    """What a run was given besides the catalogue and the figures held; with its answers, that determines what it does.

    Attributes:
        now: The run's instant.
        settings: Addresses and contact, never the key.
        has_key: Whether there was a key to FRED.
        answered_at: When each series was last answered completely, by series id.
        as_of: The days on which a claim needed to know what a series said, by series id.
    """

    now: datetime
    settings: Mapping[str, Any]
    has_key: bool
    answered_at: Mapping[str, datetime]
    as_of: Mapping[str, Collection[date]]

    @classmethod
    def of(
        cls,
        now: datetime,
        settings: SourceSettings,
        answered_at: Mapping[str, datetime],
        as_of: Mapping[str, Collection[date]],
    ) -> "RunGiven":
        """What a run is given, without the key."""
        shown = {name: getattr(settings, name) for name in _ADDRESSES}
        return cls(now, shown, bool(settings.fred_key), answered_at, as_of)

    def to_settings(self) -> SourceSettings:
        """The settings of the run, with a word in the place of the key."""
        return SourceSettings(**self.settings, fred_key="kept" if self.has_key else None)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A line of a journal: an answer without its body."""

    source: str
    url: str
    status: int
    headers: dict[str, str]
    retrieved_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A journal as read back.

    Attributes:
        path: Its file.
        given: What the run was given.
        answers: The answers it got, in order.
        changed: The sources whose figures it changed; `None` if the run did not come to its end.
    """

    path: Path
    given: RunGiven
    answers: tuple[KeptAnswer, ...]
    changed: frozenset[str] | None


class Journal:
    """Writes down a run as it goes; the file begins with the first answer, so that a run that asks nobody leaves none.

    Args:
        folder: Where everything is kept.
        given: What the run was given.
    """

    def __init__(self, folder: Path, given: RunGiven) -> None:
        self._folder = folder
        self._given = given
        self._path: Path | None = None
        self._last: dict[tuple[str, str], KeptAnswer] | None = None

    def find_last(self, source: str, url: str) -> tuple[KeptAnswer, bytes] | None:
        """The last answer to the same request that the service can say to be unchanged, with its body."""
        if self._last is None:
            self._last = {
                (answer.source, answer.url): answer
                for run in read_runs(self._folder, unconfirmed=True)
                for answer in run.answers
            }
        last = self._last.get((source, url))
        if last is None or last.status != 200 or not {"etag", "last-modified"} & set(last.headers):
            return None
        try:
            return last, read_body(self._folder, source, last.sha256)
        except DownloadError:
            return None

    def keep(self, source: str, answer: Answer) -> None:
        """Keep an answer: its body, unless it is there already, and a line of the journal.

        Raises:
            OSError: It cannot be written.
        """
        body_path = _body_path(self._folder, source, answer.sha256)
        body_path.parent.mkdir(parents=True, exist_ok=True)
        if not body_path.exists():
            _write_whole(body_path, gzip.compress(answer.body, mtime=0))
        self._write(
            {
                "source": source,
                "url": answer.url,
                "status": answer.status,
                "headers": answer.headers,
                "retrieved_at": answer.retrieved_at.isoformat(),
                "sha256": answer.sha256,
                "bytes": len(answer.body),
            }
        )

    def end(self, changed: Collection[str]) -> Path | None:
        """Write which sources' figures the run changed.

        Returns:
            The journal, yet to be confirmed by `confirm_run`; `None` if nothing was answered.
        """
        if self._path is not None:
            self._write({"changed": sorted(changed)})
        return self._path

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._path is None:
            self._path = self._begin()
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def _begin(self) -> Path:
        runs = self._folder / _RUNS
        runs.mkdir(parents=True, exist_ok=True)
        stem, number = f"{self._given.now:%Y%m%dT%H%M%S.%fZ}", 0
        while any((runs / f"{stem}-{number}{ending}").exists() for ending in (".part", ".jsonl")):
            number += 1
        path = runs / f"{stem}-{number}.part"
        given = {
            "now": self._given.now.isoformat(),
            "settings": dict(self._given.settings),
            "has_key": self._given.has_key,
            "answered_at": {name: at.isoformat() for name, at in self._given.answered_at.items()},
            "as_of": {name: sorted(map(str, days)) for name, days in self._given.as_of.items()},
        }
        path.write_text(json.dumps(given, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def confirm_run(journal: Path | None) -> None:
    """Say that the figures of a run were written: only then does a replay go through it."""
    if journal is not None and journal.exists():
        journal.replace(journal.with_suffix(".jsonl"))


def settle_runs(folder: Path, written_at: Collection[datetime]) -> None:
    """Confirm or forget the runs that ended without a word, by what the warehouse holds of them.

    Args:
        folder: Where everything is kept.
        written_at: The instants of the runs of which the warehouse holds something; none at all means that there is no
            warehouse to tell, and then every run that came to its end counts.
    """
    for run in read_runs(folder, unconfirmed=True):
        if run.path.suffix != ".part":
            continue
        if run.given.now in written_at or (not written_at and run.changed is not None):
            confirm_run(run.path)
        else:
            run.path.unlink()
    for unreadable in (folder / _RUNS).glob("*.part"):
        unreadable.unlink()


def read_runs(folder: Path, *, unconfirmed: bool = False) -> Iterator[KeptRun]:
    """The journals, oldest first.

    Args:
        folder: Where everything is kept.
        unconfirmed: Whether to read those of runs that are not yet confirmed, too.
    """
    endings = {".jsonl", ".part"} if unconfirmed else {".jsonl"}
    paths = [path for path in (folder / _RUNS).glob("*") if path.suffix in endings]
    for path in sorted(paths, key=_order):
        run = _read_run(path)
        if run is not None:
            yield run


def _order(path: Path) -> tuple[str, int]:
    instant, _, number = path.stem.rpartition("-")
    return instant, int(number) if number.isdecimal() else 0


def _read_run(path: Path) -> KeptRun | None:
    """A journal; `None` if not even its first line is whole. A line that a crash cut short ends it."""
    given: RunGiven | None = None
    answers: list[KeptAnswer] = []
    changed: frozenset[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            break
        if given is None:
            given = RunGiven(
                now=datetime.fromisoformat(record["now"]),
                settings={name: text for name, text in record["settings"].items() if name in _ADDRESSES},
                has_key=record["has_key"],
                answered_at={name: datetime.fromisoformat(at) for name, at in record["answered_at"].items()},
                as_of={name: [date.fromisoformat(day) for day in days] for name, days in record["as_of"].items()},
            )
        elif "changed" in record:
            changed = frozenset(record["changed"])
        else:
            answers.append(
                KeptAnswer(
                    source=record["source"],
                    url=record["url"],
                    status=record["status"],
                    headers=record["headers"],
                    retrieved_at=datetime.fromisoformat(record["retrieved_at"]),
                    sha256=record["sha256"],
                )
            )
    return None if given is None else KeptRun(path, given, tuple(answers), changed)


def read_body(folder: Path, source: str, sha256: str) -> bytes:
    """The bytes of a kept answer.

    Raises:
        DownloadError: They are not there, or are not those that were kept.
    """
    path = _body_path(folder, source, sha256)
    try:
        body = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DownloadError(f"{path} cannot be read ({error}); the next refresh asks the service again") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise DownloadError(f"{path} holds other bytes than were kept; remove it, the next refresh asks again")
    return body


def forget_old_answers(folder: Path, now: datetime) -> None:
    """Forget what no replay needs: of runs older than `KEEP_DAYS` every answer of a source whose figures stayed as they were.

    Such an answer changed nothing when it came, so that a replay comes to the same figures without it. A body goes when
    no journal names it any more. May be cut short at any point and done again.
    """
    oldest = now - timedelta(days=KEEP_DAYS)
    named: set[tuple[str, str]] = set()
    for run in read_runs(folder, unconfirmed=True):
        kept = run.answers
        if run.given.now < oldest and run.changed is not None and run.path.suffix == ".jsonl":
            kept = tuple(answer for answer in run.answers if answer.source in run.changed)
            if not kept:
                run.path.unlink()
            elif len(kept) < len(run.answers):
                _drop_answers(run.path, run.changed)
        named.update((answer.source, answer.sha256) for answer in kept)
    for body in folder.glob("*/*.gz"):
        if (body.parent.name, body.name.removesuffix(".gz")) not in named:
            body.unlink()


def _drop_answers(path: Path, changed: Collection[str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if (record := json.loads(line)).get("source") is None or record["source"] in changed]
    _write_whole(path, "".join(kept).encode())


def _body_path(folder: Path, source: str, sha256: str) -> Path:
    return folder / source / f"{sha256}.gz"


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
