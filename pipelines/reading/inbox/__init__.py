"""The folder to which articles are added: each once, under a name of its own, never over another; what is removed is kept beside.

```
<article_id>.txt, .md        the text as it came, or as it was taken from a saved page
<article_id>.details.json    what is known of it from outside the text, where it came from, and what copies are told by
originals/<article_id>.html  the saved page
removed/                     what was removed, as it stood
```
"""

import base64
import fcntl
import hashlib
import json
import os
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import ArticleError
from pipelines.reading.articles import (
    Article,
    GivenDetails,
    check_length,
    decode_article,
    describe_article,
    list_articles,
)
from pipelines.reading.articles.details import DETAILS_SUFFIX, read_details_file
from pipelines.reading.articles.files import read_file
from pipelines.reading.inbox.submissions import Refusal, Submission
from pipelines.reading.invisible import escape_invisible
from pipelines.reading.stories import Stories, Wording, read_wording

__all__ = ["Added", "Copy", "Inbox", "OpenInbox", "Refusal", "Submission", "holds_articles"]

_LOCK = ".lock"
_UNFINISHED = ".adding-"
_NO_NAME = re.compile(r"[^\w-]+")
_LONGEST_NAME = 40
_WRITTEN_IN = 1
"""Version of the wording in the files of details; another one is read anew from the text."""


@dataclass(frozen=True, slots=True)
class Added:
    """An article that was put into the inbox.

    Attributes:
        origin: where it came from.
        article: as the next refresh will read it.
        given: what is known of it from outside the text.
        same_story_as: an article that tells the same story, if one is known.
    """

    origin: str
    article: Article
    given: GivenDetails
    same_story_as: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that was not put into the inbox, since its text is known already.

    Attributes:
        origin: where it came from.
        article_id: the article with the same text.
    """

    origin: str
    article_id: str


def holds_articles(folder: Path) -> bool:
    """Return whether a folder exists and holds anything that a refresh reads or refuses."""
    if not folder.is_dir():
        return False
    with os.scandir(folder) as entries:
        return any(not entry.name.startswith(".") and not entry.is_dir() for entry in entries)


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox.

    Attributes:
        folder: where it stands; made when something is added.
        known: files and folders of articles besides, whose texts are not added again.
    """

    folder: Path
    known: tuple[Path, ...] = ()

    @contextmanager
    def open(self, *, on_wait: Callable[[str], None]) -> Iterator["OpenInbox"]:
        """Hold the inbox alone; the lock is the kernel's, so that it ends with its holder.

        Args:
            on_wait: told once, in a sentence, that another holds it.

        Raises:
            ArticleError: the folder cannot be written.
            SeedError: an articles.csv in one of the folders is not as it must be.
        """
        try:
            (self.folder / "originals").mkdir(parents=True, exist_ok=True)
            (self.folder / "removed").mkdir(exist_ok=True)
            lock = (self.folder / _LOCK).open("a")
        except OSError as error:
            raise ArticleError(
                f"the inbox {escape_invisible(self.folder)} cannot be written ({error.strerror}); choose another data folder with --data-dir"
            ) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait(f"another command is at work in {escape_invisible(self.folder)}; waiting for it to end")
                fcntl.flock(lock, fcntl.LOCK_EX)
            opened = OpenInbox(self, writes=True)
            opened.tidy()
            opened.learn()
            yield opened

    def look(self) -> "OpenInbox":
        """The inbox as it stands, to try what would be added; nothing is written."""
        opened = OpenInbox(self, writes=False)
        opened.learn()
        return opened


class OpenInbox:
    """An inbox that is held alone; made by `Inbox.open`."""

    def __init__(self, inbox: Inbox, *, writes: bool) -> None:
        self._folder, self._known, self._writes = inbox.folder, inbox.known, writes
        self._files: dict[str, Path] = {}
        self._names: set[str] = set()
        self._copies: dict[str, str] = {}
        self._stories = Stories()

    def tidy(self) -> None:
        """Take away what a killed command left; details and pages of articles that are gone join what was removed."""
        for leftover in self._folder.glob(f"{_UNFINISHED}*"):
            leftover.unlink()
        names = {path.name for path in self._folder.iterdir()}
        stems = {Path(name).stem for name in names if not name.endswith(DETAILS_SUFFIX)}
        for name in names:
            if name.endswith(DETAILS_SUFFIX) and name.removesuffix(DETAILS_SUFFIX) not in stems:
                self._put_away(self._folder / name)
        for page in (self._folder / "originals").iterdir():
            if page.stem not in stems:
                self._put_away(page)

    def learn(self) -> None:
        """Read which texts are known."""
        for path in (self._folder, *self._known):
            if not holds_articles(path):
                continue
            for file, given in list_articles([path]).articles:
                self._names.add(file.stem)
                if path == self._folder:
                    self._files[file.stem] = file
                try:
                    self._note(file.stem, self._read_wording(file, given))
                except ArticleError:
                    continue  # the refresh says so

    def _read_wording(self, file: Path, given: GivenDetails | None) -> Wording:
        raw = read_file(file)
        details_file = file.with_name(file.stem + DETAILS_SUFFIX)
        if details_file.is_file():
            details = read_details_file(details_file)
            if details.get("sha256") == hashlib.sha256(raw).hexdigest():
                wording = _parse_wording(details.get("wording"))
                if wording:
                    return wording
        text, _ = decode_article(raw, where=str(file))
        return read_wording(describe_article(text, article_id=file.stem, given=given))

    def _note(self, article_id: str, wording: Wording) -> None:
        if wording.copy_key:
            self._copies.setdefault(wording.copy_key, article_id)
        self._stories.add(article_id, wording)

    def add(self, submission: Submission, *, added_at: str) -> Added | Copy:
        """Put an article into the inbox, unless its text is known.

        Args:
            submission: the article.
            added_at: the instant, ISO 8601, to be noted.

        Raises:
            ArticleError: it has no words or too many, or the inbox cannot be written.
        """
        article = describe_article(submission.text, article_id="", given=submission.given)
        check_length(article, where=submission.origin)
        wording = read_wording(article)
        if wording.copy_key is None:
            raise ArticleError(f"{submission.origin} holds no text to read; save the article's text in it")
        if wording.copy_key in self._copies:
            return Copy(submission.origin, self._copies[wording.copy_key])
        same_story_as = self._stories.find(wording)
        article_id = self._find_name(submission.name, wording.copy_key)
        if self._writes:
            details = _write_details(submission, added_at, wording)
            article_id = self._place(submission, article_id, details)
        self._names.add(article_id)
        self._note(article_id, wording)
        path = self._folder / (article_id + submission.suffix)
        return Added(
            submission.origin, replace(article, article_id=article_id, path=str(path)), submission.given, same_story_as
        )

    def _find_name(self, name: str, copy_key: str) -> str:
        """A name that tells people what it is, that is safe in any file system and on any command line, and that no article has."""
        plain = _NO_NAME.sub("-", unicodedata.normalize("NFC", name))[:_LONGEST_NAME].strip("-_") or "article"
        first = f"{plain}_{copy_key[:12]}"
        candidates = (first if number == 1 else f"{first}_{number}" for number in range(1, 1_000_000))
        return next(candidate for candidate in candidates if candidate not in self._names)

    def _place(self, submission: Submission, article_id: str, details: bytes) -> str:
        """The article itself comes last: without it nothing reads what belongs to it. A link never replaces what stands there."""
        try:
            if submission.page is not None:
                self._write(self._folder / "originals" / f"{article_id}.html", submission.page)
            self._write(self._folder / (article_id + DETAILS_SUFFIX), details)
            self._write(self._folder / (article_id + submission.suffix), submission.raw, is_new=True)
        except OSError as error:
            raise ArticleError(
                f"{submission.origin} could not be put into {escape_invisible(self._folder)} ({error.strerror}); make room or mend the folder, then add it again"
            ) from None
        self._files[article_id] = self._folder / (article_id + submission.suffix)
        return article_id

    def _write(self, path: Path, content: bytes, *, is_new: bool = False) -> None:
        unfinished = self._folder / f"{_UNFINISHED}{os.getpid()}"
        with unfinished.open("wb") as file:
            file.write(content)
            if is_new:
                file.flush()
                os.fsync(file.fileno())
        if is_new:
            os.link(unfinished, path)
            unfinished.unlink()
        else:
            unfinished.replace(path)

    def remove(self, article_id: str) -> Path:
        """Take an article out of the inbox, with its details and page, into `removed/`.

        Args:
            article_id: its name.

        Returns:
            Where its text stands now.

        Raises:
            ArticleError: the inbox has no such article, or cannot be written.
        """
        file = self._files.get(article_id)
        if file is None:
            place = (
                "stands in another folder; remove its file there"
                if article_id in self._names
                else "is not in the inbox"
            )
            raise ArticleError(f"the article {escape_invisible(article_id)} {place}")
        try:
            moved = self._put_away(file)
            for beside in (
                file.with_name(article_id + DETAILS_SUFFIX),
                self._folder / "originals" / f"{article_id}.html",
            ):
                if beside.exists():
                    self._put_away(beside)
        except OSError as error:
            raise ArticleError(
                f"{escape_invisible(file)} could not be moved ({error.strerror}); mend the folder's permissions"
            ) from None
        del self._files[article_id]
        return moved

    def _put_away(self, file: Path) -> Path:
        removed = self._folder / "removed"
        candidates = (
            removed / (file.name if number == 1 else f"{number}_{file.name}") for number in range(1, 1_000_000)
        )
        target = next(candidate for candidate in candidates if not candidate.exists())
        return file.rename(target)


def _write_details(submission: Submission, added_at: str, wording: Wording) -> bytes:
    given = submission.given
    details = {
        "title": given.title,
        "publisher": given.publisher,
        "published_on": given.published_on.isoformat() if given.published_on else None,
        "url": given.url,
        "added_from": submission.origin,
        "added_at": added_at,
        "sha256": hashlib.sha256(submission.raw).hexdigest(),
        "wording": f"{_WRITTEN_IN} {wording.copy_key} {base64.b64encode(_as_bytes(wording.clauses)).decode()}",
    }
    return (json.dumps(details, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _as_bytes(clauses: Iterable[int]) -> bytes:
    return b"".join(clause.to_bytes(8, "big") for clause in clauses)


def _parse_wording(written: str | None) -> Wording | None:
    """What was noted when the article was added; None if it was noted by other rules or is broken."""
    try:
        version, key, encoded = (written or "").split(" ")
        packed = base64.b64decode(encoded, validate=True)
    except ValueError:
        return None
    if version != str(_WRITTEN_IN) or len(packed) % 8:
        return None
    return Wording(key, array("Q", (int.from_bytes(packed[at : at + 8], "big") for at in range(0, len(packed), 8))))
