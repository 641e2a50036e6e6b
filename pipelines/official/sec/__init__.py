"""The SEC: which concepts are asked for, and how what companies have filed is taken."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from pipelines.errors import DownloadError, ParseError
from pipelines.official.answers import Answers
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Send
from pipelines.official.records import Reading
from pipelines.official.sec.concepts import (
    BlockedError,
    Concept,
    SecCode,
    UnknownConceptError,
    fetch_concept,
    parse_concept,
)
from pipelines.official.sec.filings import fetch_newest_filing
from pipelines.official.sec.periods import read_figures
from pipelines.official.settings import SourceSettings

# After this many requests in a row without an answer the service is left alone for this run.
SILENT_REQUESTS_BEFORE_GIVING_UP = 2
# What is filed in Washington on a day may be seen on the next one only.
ONE_DAY = timedelta(days=1)


def ask_sec(
    answers: Answers, send: Send, settings: SourceSettings, report: Callable[[str], None]
) -> tuple[str, str | None]:
    """Ask for the concepts of the companies in the catalogue that may have changed, each once; see `answers.Ask`."""
    contact = (settings.contact or "").strip()
    if "@" not in contact or not contact.isascii() or not contact.isprintable():
        return "skipped", (
            "the SEC answers only programs that say who asks: set HEDUI_CONTACT to a name and an e-mail address in plain "
            "letters"
        )
    asked = answers.of("sec")
    desk = _Desk(answers, send, settings.sec_url, contact)
    failures: list[str] = []
    for number, series in enumerate(asked, 1):
        try:
            answers.take(desk.read(series), [series])
        except (DownloadError, ParseError) as error:
            answers.miss([series], error)
            failures.append(str(error))
            if desk.is_closed:
                answers.miss(asked[number:], error)
                failures += ["not asked, after that"] * (len(asked) - number)
                break
        if number % 12 == 0:
            report(f"sec: {number} of {len(asked)} series")
    reasons = []
    if failures:
        reasons.append(f"{len(failures)} of {len(asked)} series stay as they were known: {failures[0]}")
    reasons += desk.remarks
    return ("failed" if failures and len(failures) == len(asked) else "live"), "; ".join(reasons) or None


class _Desk:
    """Asks for filings and concepts, each once a run, whichever series need them.

    Attributes:
        is_closed: Whether the service refuses everything, or does not answer.
        remarks: What is left out although the series is read.
    """

    def __init__(self, answers: Answers, send: Send, base_url: str, contact: str) -> None:
        self.is_closed = False
        self.remarks: list[str] = []
        self._answers, self._send, self._base_url, self._contact = answers, send, base_url, contact
        self._silent = 0
        self._newest_filings: dict[str, date | None] = {}
        self._concepts: dict[tuple[str, str, str], Concept | DownloadError | ParseError] = {}

    def read(self, series: Series) -> Reading:
        """Read a series, or nothing if its company has filed nothing since the service was last asked for it.

        Once a calendar month everything is read again, so that no correction stays unseen.

        Raises:
            UnknownConceptError: The company has used none of its tags.
            DownloadError: There is no usable answer.
            ParseError: An answer has another shape or unit than documented.
        """
        code = SecCode.parse(series)
        today = self._answers.now.date()
        answered_at = self._answers.answered_at.get(series.series_id)
        if answered_at is not None and (answered_at.year, answered_at.month) == (today.year, today.month):
            newest = self._newest_filing(code.company)
            if newest is not None and newest < answered_at.date() - ONE_DAY:
                return Reading(covers_from=date.max)
        return Reading(vintages=read_figures(series, self._concepts_of(code)))

    def _newest_filing(self, company: str) -> date | None:
        """When the company filed last; `None` if that cannot be found out."""
        if company not in self._newest_filings:
            try:
                self._newest_filings[company] = fetch_newest_filing(
                    company, self._send, base_url=self._base_url, contact=self._contact
                )
                self._silent = 0
            except (DownloadError, ParseError) as error:
                self._newest_filings[company] = None
                self._note_failure(error)
                if self.is_closed:
                    raise
        return self._newest_filings[company]

    def _concepts_of(self, code: SecCode) -> list[Concept]:
        """What the company has reported under each of the tags."""
        concepts: list[Concept] = []
        unknown: list[UnknownConceptError] = []
        for tag in code.tags:
            outcome = self._concept(code, tag)
            if isinstance(outcome, Concept):
                concepts.append(outcome)
            elif isinstance(outcome, UnknownConceptError):
                unknown.append(outcome)
            else:
                raise outcome
        if not concepts:
            raise unknown[0]
        self._remark(f"{error}; its other tags are read" for error in unknown)
        return concepts

    def _concept(self, code: SecCode, tag: str) -> Concept | DownloadError | ParseError:
        key = (code.company, code.taxonomy, tag)
        if key not in self._concepts:
            try:
                answer = fetch_concept(code, tag, self._send, base_url=self._base_url, contact=self._contact)
                concept = parse_concept(answer, code, tag, self._answers.now.date())
            except (DownloadError, ParseError) as error:
                self._concepts[key] = error
                self._note_failure(error)
            else:
                self._concepts[key] = concept
                self._silent = 0
                self._remark(
                    f"left out, because it contradicts itself: {code.company} {tag}, {what}"
                    for what in concept.contradicted
                )
        return self._concepts[key]

    def _note_failure(self, error: DownloadError | ParseError) -> None:
        answered = isinstance(error, UnknownConceptError | ParseError)
        self._silent = 0 if answered else self._silent + 1
        self.is_closed |= isinstance(error, BlockedError) or self._silent >= SILENT_REQUESTS_BEFORE_GIVING_UP

    def _remark(self, remarks: Iterable[str]) -> None:
        self.remarks += [remark for remark in remarks if remark not in self.remarks]
