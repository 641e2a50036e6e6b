"""SEC EDGAR: whether a company has filed anything since it was asked about, so that nothing is asked twice in vain.

Pure: the sending is handed in. The list of a company's filings is one answer; its facts are one answer a tag, and change
only when it files something with XBRL.
"""

import json
import re
from datetime import date

from pipelines.errors import DownloadError, ParseError
from pipelines.official.exchange import Answer, Request, Send
from pipelines.official.sec.concepts import BlockedError


def filings_request(company: str, *, base_url: str, contact: str) -> Request:
    """Ask for the newest filings of a company.

    Args:
        company: `CIK` and ten digits.
        base_url: Such as `https://data.sec.gov`.
        contact: Who asks; without it the SEC refuses.
    """
    return Request(
        source="sec",
        url=f"{base_url.rstrip('/')}/submissions/{company}.json",
        headers=(("User-Agent", f"hedui {contact}"),),
    )


def fetch_newest_filing(company: str, send: Send, *, base_url: str, contact: str) -> date:
    """Ask on which day a company filed XBRL last.

    Args:
        company: `CIK` and ten digits.
        send: Sends a request and returns the complete answer.
        base_url: Address of the service.
        contact: Who asks.

    Raises:
        BlockedError: The SEC refuses this program.
        DownloadError: There is no usable answer.
        ParseError: The answer has another shape than expected.
    """
    answer = send(filings_request(company, base_url=base_url, contact=contact))
    if answer.status == 403:
        raise BlockedError(
            f"the SEC refuses this program ({answer.url} was answered with status 403); set HEDUI_CONTACT to who asks, or "
            "refresh later"
        )
    if answer.status != 200:
        raise DownloadError(f"{answer.url} was answered with status {answer.status}; the next refresh asks again")
    return parse_newest_filing(answer, company)


def parse_newest_filing(answer: Answer, company: str) -> date:
    """Read on which day a company filed XBRL last.

    Args:
        answer: An answer with status 200.
        company: The company that was asked for.

    Raises:
        ParseError: The answer is about another company, has another shape than expected or names no such filing.
    """
    try:
        content = json.loads(answer.body)
        recent = content["filings"]["recent"]
        told = int(content["cik"])
        days = [
            date.fromisoformat(day)
            for day, is_xbrl in zip(recent["filingDate"], recent["isXBRL"], strict=True)
            if is_xbrl == 1
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParseError(_unlike(answer, f"{type(error).__name__}: {error}")) from error
    if told != int(company.removeprefix("CIK")) or not days:
        raise ParseError(_unlike(answer, f"it is about {told} and names {len(days)} filings with XBRL"))
    return max(days)


def _unlike(answer: Answer, what: str) -> str:
    beginning = re.sub(r"\s+", " ", answer.body[:80].decode("utf-8", "replace"))
    return f"the SEC answered {answer.url} unlike expected ({what[:200]}; it begins {beginning!r})"
