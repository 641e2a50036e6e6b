"""SEC EDGAR: requests for everything that a company has reported under a tag, and the answers read into facts.

Pure: the sending is handed in. Documented at https://www.sec.gov/search-filings/edgar-application-programming-interfaces.

Where a series is, its catalogue row says in `provider_code`: company, taxonomy and tags, as
`CIK##########/us-gaap/TAG` or `CIK##########/us-gaap/OLDER|NEWER`. Where a company changed its tag, all of them stand
there, the one that counts last: a period that the newer tag states is read from it, from the day on which it does.
The annual and the quarterly series of a company share their tags and are served by one request.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from pipelines.errors import DownloadError, ParseError, SeedError
from pipelines.official.catalogue import Series
from pipelines.official.exchange import Answer, Request, Send

UNIT = "USD"
FREQUENCIES = ("annual", "quarterly")
# The forms that report a company's fiscal year; in others, twelve months may be any twelve.
ANNUAL_FORMS = frozenset(
    {"10-K", "10-K/A", "10-KT", "10-KT/A", "10-K405", "10-K405/A", "20-F", "20-F/A", "40-F", "40-F/A"}
)
LARGEST_AMOUNT = Decimal(10**15)
_CODE = re.compile(
    r"(CIK[0-9]{10})/(us-gaap|ifrs-full|srt)/([A-Z][A-Za-z0-9]{2,150}(?:\|[A-Z][A-Za-z0-9]{2,150}){0,9})"
)
_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")


class BlockedError(DownloadError):
    """The SEC refuses this program for a while; nothing else needs to be asked."""


class UnknownConceptError(DownloadError):
    """The company has never reported anything under the tag."""


@dataclass(frozen=True, slots=True)
class SecCode:
    """Where a series is: company, taxonomy, and its tags, the one that counts last."""

    company: str
    taxonomy: str
    tags: tuple[str, ...]

    @classmethod
    def parse(cls, series: Series) -> Self:
        """Read the `provider_code` of a series.

        Raises:
            SeedError: It is not of the form that this module's docstring states, or the series is none that can be
                read from facts of a company: dollars of a year or a quarter.
        """
        match = _CODE.fullmatch(series.provider_code)
        tags = tuple(match[3].split("|")) if match else ()
        if match is None or len(set(tags)) != len(tags):
            raise SeedError(
                f"seeds/series.csv, {series.series_id}, column provider_code: {series.provider_code!r} is not allowed; "
                "write CIK and ten digits, us-gaap and a tag, such as CIK0000789019/us-gaap/NetIncomeLoss; several "
                "tags are separated by |, the one that counts last"
            )
        if (series.unit, series.kind) != (UNIT, "flow") or series.frequency not in FREQUENCIES:
            raise SeedError(
                f"seeds/series.csv, {series.series_id}: a company's {series.frequency} {series.kind} in {series.unit} "
                f"cannot be read from the SEC; unit must be {UNIT}, kind flow, frequency {' or '.join(FREQUENCIES)}"
            )
        return cls(match[1], match[2], tags)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a filing says about a period.

    Attributes:
        start: First day of the period, inclusive.
        end: Last day of the period, inclusive.
        amount: The amount in dollars.
        filed_on: The day on which the filing was accepted.
        in_annual_report: Whether the filing reports a fiscal year (`ANNUAL_FORMS`).
    """

    start: date
    end: date
    amount: Decimal
    filed_on: date
    in_annual_report: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """Everything that a company has reported under a tag.

    Attributes:
        facts: One a period and filing, oldest filing first; of two filings of a day the one that counts comes last.
        contradicted: What a filing says twice about a period, in two ways; such statements are left out.
        sha256: Hash of the answer.
    """

    facts: tuple[Fact, ...]
    contradicted: tuple[str, ...]
    sha256: str


def concept_request(code: SecCode, tag: str, *, base_url: str, contact: str) -> Request:
    """Ask for everything that a company has reported under a tag.

    Args:
        code: Company and taxonomy.
        tag: One of its tags.
        base_url: Such as `https://data.sec.gov`.
        contact: Who asks; without it the SEC refuses.
    """
    return Request(
        source="sec",
        url=f"{base_url.rstrip('/')}/api/xbrl/companyconcept/{code.company}/{code.taxonomy}/{tag}.json",
        headers=(("User-Agent", f"hedui {contact}"),),
    )


def fetch_concept(code: SecCode, tag: str, send: Send, *, base_url: str, contact: str) -> Answer:
    """Ask for a concept.

    Args:
        code: Company and taxonomy.
        tag: One of its tags.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.
        contact: Who asks.

    Returns:
        An answer with status 200.

    Raises:
        BlockedError: The SEC refuses this program.
        UnknownConceptError: The company has never used the tag.
        DownloadError: There is no usable answer.
    """
    answer = send(concept_request(code, tag, base_url=base_url, contact=contact))
    if answer.status == 403:
        raise BlockedError(
            f"the SEC refuses this program ({answer.url} was answered with status 403): after more than ten requests a "
            "second for ten minutes, else if HEDUI_CONTACT does not name who asks; correct it or refresh later"
        )
    if answer.status == 404:
        raise UnknownConceptError(
            f"the SEC knows no {tag} of {code.company} (status 404); correct provider_code in seeds/series.csv"
        )
    if answer.status != 200:
        raise DownloadError(f"{answer.url} was answered with status {answer.status}; the next refresh asks again")
    return answer


def parse_concept(answer: Answer, code: SecCode, tag: str, today: date) -> Concept:
    """Read an answer of the service.

    Args:
        answer: An answer with status 200.
        code: The company and taxonomy that were asked for.
        tag: The tag that was asked for.
        today: No filing can be of a later day.

    Raises:
        ParseError: The answer is about something else, has another shape than documented or holds no dollars.
    """
    try:
        content = json.loads(answer.body, parse_float=Decimal, parse_constant=_refuse)
        asked = (int(code.company.removeprefix("CIK")), code.taxonomy, tag)
        told = (int(content["cik"]), content["taxonomy"], content["tag"])
        units = content["units"]
        if told == asked and UNIT in units:
            filings = [_read_fact(fact, today) for fact in units[UNIT]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
        raise ParseError(_unlike(answer, f"{type(error).__name__}: {error}")) from error
    if told != asked:
        raise ParseError(_unlike(answer, f"it is about {told}"))
    if UNIT not in units:
        raise ParseError(
            _unlike(answer, f"it is in {', '.join(sorted(map(str, units)))[:80] or 'no unit'}, not {UNIT}")
        )
    facts, contradicted = _one_a_filing(filings)
    return Concept(facts, contradicted, answer.sha256)


@dataclass(frozen=True, slots=True)
class _Filing:
    """A fact with the filing that it is from; `is_amended` sorts an amendment behind what it amends."""

    fact: Fact
    is_amended: bool
    accession: str


def _read_fact(stated: dict[str, Any], today: date) -> _Filing:
    if type(stated["val"]) not in {int, Decimal}:
        raise ValueError(f"val {stated['val']!r} is no amount")
    amount, form, accession = Decimal(stated["val"]), stated["form"], stated["accn"]
    if abs(amount) > LARGEST_AMOUNT:
        raise ValueError(f"val {amount:.3g} is larger than any company")
    if not isinstance(form, str) or not _ACCESSION.fullmatch(accession):
        raise ValueError(f"form {form!r} with accn {accession!r} is no filing")
    start, end, filed_on = (_to_day(stated[name]) for name in ("start", "end", "filed"))
    if start > end or filed_on > today:
        raise ValueError(f"{start} to {end}, filed {filed_on}, cannot be")
    fact = Fact(start, end, amount, filed_on, form in ANNUAL_FORMS)
    return _Filing(fact, form.endswith("/A"), accession)


def _to_day(text: object) -> date:
    if not isinstance(text, str) or len(text) != 10:
        raise ValueError(f"{text!r} is no day")
    return date.fromisoformat(text)


def _one_a_filing(filings: Iterable[_Filing]) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Keep one fact a period and filing, in the order in which they count.

    The service repeats a fact, and a filing may state an amount once in full and once rounded: then the fuller counts.
    A statement about a period that was not over when it was filed is a slip of the pen and left out, too.
    """
    grouped: dict[tuple[date, bool, str, date, date], list[Fact]] = defaultdict(list)
    for filing in filings:
        fact = filing.fact
        if fact.end <= fact.filed_on:
            key = (fact.filed_on, filing.is_amended, filing.accession, fact.start, fact.end)
            grouped[key].append(fact)
    facts, contradicted = [], []
    for (_, _, accession, start, end), stated in sorted(grouped.items(), key=lambda entry: entry[0]):
        fullest = min(stated, key=lambda fact: _trailing_zeros(fact.amount))
        if all(_is_rounding(fact.amount, fullest.amount) for fact in stated):
            facts.append(fullest)
        else:
            amounts = " and ".join(str(fact.amount) for fact in stated)
            contradicted.append(f"{accession} gives {amounts} for {start} to {end}")
    return tuple(facts), tuple(contradicted)


def _trailing_zeros(amount: Decimal) -> int:
    digits = f"{int(amount)}" if amount and amount == int(amount) else "1"
    return len(digits) - len(digits.rstrip("0"))


def _is_rounding(rounded: Decimal, full: Decimal) -> bool:
    return rounded == full or abs(rounded - full) * 2 <= Decimal(10) ** _trailing_zeros(rounded)


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no amount")


def _unlike(answer: Answer, what: str) -> str:
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return (
        f"the SEC answered {answer.url} unlike its documentation ({what[:200]}; it begins {beginning!r}); "
        "if that persists, pipelines/official/sec has to follow the service"
    )
