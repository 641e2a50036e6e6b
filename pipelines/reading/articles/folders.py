"""Which files of a folder are articles, what is known of each from outside, and what in it is none, with the reason."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import ArticleError, SeedError
from pipelines.reading.articles.details import (
    DETAILS_CSV,
    DETAILS_SUFFIX,
    SUFFIXES,
    GivenDetails,
    GivenRow,
    parse_details,
    read_details_file,
    read_given_rows,
)
from pipelines.reading.articles.files import name_kind
from pipelines.reading.invisible import escape_invisible, find_invisible

NOT_ARTICLES = re.compile(r"(readme|notes?|changelog|licen[cs]e|contributing)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """Something that stands where articles stand and cannot be read as one.

    Attributes:
        path: where it stands, printable; a line of an `articles.csv` behind a comma.
        reason: why it is not read, and what to do about it.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles of files and folders, each with what is known of it from outside, and what was refused at sight."""

    articles: tuple[tuple[Path, GivenDetails | None], ...]
    rejected: tuple[RejectedFile, ...]


@dataclass(frozen=True, slots=True)
class _Folder:
    articles: list[Path]
    rejected: list[RejectedFile]
    details_files: set[str]


def list_articles(paths: Iterable[Path]) -> Listing:
    """Return the article files of files and folders with what stands beside them, and what in the folders is no article.

    Folders inside a folder, hidden files and notes (README, NOTES, CHANGELOG, LICENSE, CONTRIBUTING) are passed over.

    Args:
        paths: files and folders.

    Raises:
        ArticleError: a path does not exist, or a folder holds nothing that could be an article.
        SeedError: an articles.csv is not as it must be.
    """
    given: dict[Path, dict[str, GivenRow]] = {}
    articles: list[tuple[Path, GivenDetails | None]] = []
    rejected: list[RejectedFile] = []
    for path in paths:
        is_folder = path.is_dir()
        folder = _list_folder(path) if is_folder else _list_file(path)
        rejected += folder.rejected
        beside = path if is_folder else path.parent
        if beside not in given:
            given[beside] = _read_given(beside)
        for file in folder.articles:
            try:
                details = _find_details(
                    file, given[beside], has_file=file.stem + DETAILS_SUFFIX in folder.details_files
                )
            except ArticleError as error:
                rejected.append(RejectedFile(escape_invisible(file), str(error)))
                continue
            articles.append((file, details))
        if is_folder:
            rejected += _find_orphans(path, folder, given[beside])
    return Listing(tuple(articles), tuple(rejected))


def list_article_files(path: Path) -> list[Path]:
    """Return the article files of a path: the file itself, or of a folder its .txt, .md and .html files without its notes, sorted.

    Raises:
        ArticleError: the path does not exist, or the folder holds no article.
    """
    if not path.is_dir():
        return _list_file(path).articles
    folder = _list_folder(path)
    if not folder.articles:
        raise ArticleError(f"{escape_invisible(path)} holds no article; put .txt, .md or .html files in it")
    return folder.articles


def find_articles(paths: Iterable[Path]) -> list[tuple[Path, GivenDetails | None]]:
    """Return the article files of files and folders, each with what stands beside it; see `list_articles` for what is refused.

    Raises:
        ArticleError: a path does not exist, or a folder holds nothing that could be an article.
        SeedError: an articles.csv is not as it must be.
    """
    return list(list_articles(paths).articles)


def _list_file(path: Path) -> _Folder:
    """A file that somebody names is taken whatever its ending and wherever a link may lead."""
    try:
        if path.exists():
            fault = _find_fault_of_name(path.name, is_named_like_one=True)
            if fault:
                return _Folder([], [RejectedFile(escape_invisible(path), fault)], set())
            details = path.with_name(path.stem + DETAILS_SUFFIX)
            return _Folder([path], [], {details.name} if details.is_file() else set())
    except (OSError, ValueError) as error:
        raise ArticleError(f"{escape_invisible(path)} cannot be read ({error}); check the path") from None
    raise ArticleError(f"{escape_invisible(path)} does not exist; check the path")


def _list_folder(path: Path) -> _Folder:
    shown = escape_invisible(path)
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        home = path.resolve(strict=True)
    except OSError as error:
        raise ArticleError(f"{shown} cannot be read ({error.strerror}); check its permissions") from None
    folder = _Folder([], [], set())
    for entry in entries:
        if entry.name.startswith(".") or entry.name == DETAILS_CSV:
            continue
        if entry.name.endswith(DETAILS_SUFFIX):
            folder.details_files.add(entry.name)
            continue
        file = path / entry.name
        if NOT_ARTICLES.fullmatch(file.stem):
            continue
        reason = _find_fault(entry, file, home)
        if reason is None:
            folder.articles.append(file)
        elif reason:
            folder.rejected.append(RejectedFile(escape_invisible(file), reason))
    if not (folder.articles or folder.rejected or folder.details_files):
        raise ArticleError(f"{shown} holds no article; put .txt, .md or .html files in it")
    return folder


def _find_fault(entry: os.DirEntry[str], file: Path, home: Path) -> str | None:
    """Why an entry of a folder is no article; empty where there is nothing to say, None where it is one."""
    is_named_like_one = file.suffix.lower() in SUFFIXES
    try:
        if not is_named_like_one and entry.is_dir():
            return ""
        if entry.is_symlink() and (reason := _find_fault_of_link(file, home)):
            return reason
        kind = name_kind(entry.stat().st_mode)
    except OSError as error:
        return f"it cannot be looked at ({error.strerror}); check its permissions"
    if kind:
        return f"it is {kind}, not a file; save the text in a file"
    return _find_fault_of_name(entry.name, is_named_like_one=is_named_like_one)


def _find_fault_of_name(name: str, *, is_named_like_one: bool) -> str | None:
    if not is_named_like_one:
        return f"it is no {', '.join(SUFFIXES)} file; save its text as one, or move it out of the folder"
    invisible = find_invisible(name)
    if invisible:
        return f"its name holds the character {escape_invisible(invisible)}, which cannot be seen; rename it"
    return None


def _find_fault_of_link(file: Path, home: Path) -> str | None:
    try:
        target = file.resolve(strict=True)
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere; put the file itself there"
    if target.is_relative_to(home):
        return None
    return "it is a link that leads out of the folder; put the file itself there"


def _read_given(folder: Path) -> dict[str, GivenRow]:
    file = folder / DETAILS_CSV
    if not os.path.lexists(file):
        return {}
    reason = _find_fault_of_link(file, folder.resolve()) if file.is_symlink() else None
    if reason:
        raise SeedError(f"{escape_invisible(file)} is not read: {reason}")
    return read_given_rows(file)


def _find_details(file: Path, given: dict[str, GivenRow], *, has_file: bool) -> GivenDetails | None:
    """What an articles.csv says wins over what a file of details says: the former is written by hand."""
    row = given.get(file.stem)
    if not has_file:
        return row.details if row else None
    path = file.with_name(file.stem + DETAILS_SUFFIX)
    noted = parse_details(read_details_file(path), where=str(path))
    if row is None:
        return noted
    by_hand = row.details
    return replace(
        noted,
        published_on=by_hand.published_on or noted.published_on,
        title=by_hand.title or noted.title,
        publisher=by_hand.publisher or noted.publisher,
        url=by_hand.url or noted.url,
    )


def _find_orphans(path: Path, folder: _Folder, given: dict[str, GivenRow]) -> Iterator[RejectedFile]:
    """Details of articles that are not there."""
    stems = {file.stem for file in folder.articles} | {Path(file.path).stem for file in folder.rejected}
    for article, row in given.items():
        if article not in stems:
            yield RejectedFile(
                f"{escape_invisible(path / DETAILS_CSV)}, line {row.line}",
                f"it names {escape_invisible(article)}, and there is no such article in the folder; mend the name or remove the line",
            )
    for name in sorted(folder.details_files):
        if name.removesuffix(DETAILS_SUFFIX) not in stems:
            yield RejectedFile(
                escape_invisible(path / name),
                "it describes an article that is not there; put it back, or remove this file",
            )
