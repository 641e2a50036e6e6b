"""SEC's XBRL API: every value that a company has reported under a tag, filing by filing.

The filings are made from the offline figures as companies file: a 10-K states three fiscal years, a 10-Q what was paid or
earned since the beginning of the fiscal year, this year and the year before, and twelve months up to its quarter; `fy` and
`fp` are those of the filing; only one fact of a period has a `frame`.
"""

import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from tests.official.local_services.exchange import Asked, Reply, as_json
from tests.official.local_services.figures import catalogue_by_id, read_rows

PREFIX = "/api/xbrl/companyconcept/"
FILINGS_PREFIX = "/submissions/"
BLOCKED_SECONDS = 600.0
OLDER_TAG_UNTIL = "2020-01-01"
NO_SUCH_KEY = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"""
BLOCKED = """<!DOCTYPE html><html><head><title>SEC.gov | Request Rate Threshold Exceeded</title></head><body>
<h1>Your Request Originates from an Undeclared Automated Tool or Exceeds the Rate</h1>
<p>Your access to SEC.gov will be limited for 10 minutes.</p></body></html>"""
Period = tuple[str, str]
Fact = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the offline files: a period, the amount, and since when it is known."""

    period: Period
    amount: int
    known_from: str


class SecService:
    """data.sec.gov.

    Attributes:
        facts: (CIK##########, taxonomy, tag) -> unit -> the facts, in the order of their periods; a test may change them.
        names: The company of each CIK##########.
        requests_a_second: More than that many within a second and the SEC refuses everything for ten minutes; `None`
            does not count, so that tests need not wait.
    """

    paths: ClassVar[tuple[str, ...]] = ("/api/xbrl/", "/submissions/")

    def __init__(self, figures: Path) -> None:
        self.facts: dict[tuple[str, str, str], dict[str, list[Fact]]] = {}
        self.names: dict[str, str] = {}
        self.requests_a_second: int | None = None
        self._asked_at: deque[float] = deque()
        self._blocked_until = 0.0
        years: dict[str, list[Figure]] = defaultdict(list)
        quarters: dict[str, list[Figure]] = defaultdict(list)
        for row in read_rows(figures / "sec.csv"):
            series = catalogue_by_id()[row["series_id"]]
            by_code = years if series.frequency == "annual" else quarters
            period = row["period_start"], row["period_end"]
            by_code[series.provider_code].append(Figure(period, int(row["value"]), row["known_from"]))
            self.names[series.provider_code[:13]] = series.title.partition(":")[0]
        for code in years.keys() | quarters.keys():
            self._add(code, years[code], quarters[code])

    def _add(self, code: str, years: list[Figure], quarters: list[Figure]) -> None:
        company, taxonomy, tags = code.split("/")
        *older, newest = tags.split("|")
        filed = sorted(
            [*_annual_reports(years), *_quarterly_reports(years, quarters)],
            key=lambda fact: (fact["end"], fact["start"], fact["filed"]),
        )
        for fact in filed:
            fact["accn"] = _accession(company, fact["filed"])
        by_tag = {newest: [fact for fact in filed if not older or fact["filed"] >= OLDER_TAG_UNTIL]}
        by_tag |= {tag: [fact for fact in filed if fact["filed"] < OLDER_TAG_UNTIL] for tag in older}
        for tag, facts in by_tag.items():
            self.facts[company, taxonomy, tag] = {"USD": _with_frames(facts)}

    def file(self, key: tuple[str, str, str], period: Period, amount: int, filed: str, form: str = "10-Q") -> None:
        """Let a company file a fact."""
        fact = _fact(Figure(period, amount, filed), form, filed[:4], "FY" if form.startswith("10-K") else "Q1")
        self.facts[key].setdefault("USD", []).append(fact | {"accn": _accession(key[0], filed)})

    def respond(self, asked: Asked) -> Reply:
        if "@" not in asked.headers.get("user-agent", "") or self._is_too_often():
            return Reply(403, BLOCKED.encode(), "text/html")
        if asked.path.startswith(FILINGS_PREFIX):
            return self._filings_of(asked.path.removeprefix(FILINGS_PREFIX).removesuffix(".json"))
        company, _, rest = asked.path.removeprefix(PREFIX).partition("/")
        taxonomy, _, file = rest.partition("/")
        key = company, taxonomy, file.removesuffix(".json")
        if not asked.path.startswith(PREFIX) or not file.endswith(".json") or key not in self.facts:
            return Reply(404, NO_SUCH_KEY.encode(), "application/xml")
        return as_json(
            {
                "cik": int(company.removeprefix("CIK")),
                "taxonomy": taxonomy,
                "tag": key[2],
                "label": key[2],
                "description": f"As {self.names[company]} reports it.",
                "entityName": self.names[company].upper(),
                "units": self.facts[key],
            }
        )

    def _filings_of(self, company: str) -> Reply:
        """The filings of a company, newest first, among them some without XBRL."""
        if company not in self.names:
            return Reply(404, NO_SUCH_KEY.encode(), "application/xml")
        filed = {
            (fact["filed"], fact["accn"], fact["form"], 1)
            for key, units in self.facts.items()
            for facts in units.values()
            for fact in facts
            if key[0] == company
        }
        filed |= {(day, f"{accession}4", "4", 0) for day, accession, _, _ in filed}
        newest = sorted(filed, reverse=True)[:1000]
        names = ("filingDate", "accessionNumber", "form", "isXBRL")
        recent = {name: [filing[count] for filing in newest] for count, name in enumerate(names)}
        cik = company.removeprefix("CIK")
        return as_json({"cik": cik, "name": self.names[company], "filings": {"recent": recent, "files": []}})

    def _is_too_often(self) -> bool:
        now = time.monotonic()
        while self._asked_at and self._asked_at[0] <= now - 1.0:
            self._asked_at.popleft()
        self._asked_at.append(now)
        if self.requests_a_second is not None and len(self._asked_at) > self.requests_a_second:
            self._blocked_until = now + BLOCKED_SECONDS
        return now < self._blocked_until


def _annual_reports(years: list[Figure]) -> Iterable[Fact]:
    """A 10-K for every day on which a year became known: that year and the two before, as they are known then."""
    for filed in sorted({figure.known_from for figure in years}):
        known = {
            figure.period: figure
            for figure in sorted(years, key=lambda one: one.known_from)
            if figure.known_from <= filed
        }
        newest = sorted(known)[-3:]
        for period in newest:
            yield _fact(Figure(period, known[period].amount, filed), "10-K", newest[-1][1][:4], "FY")
        for figure in years:  # what is revised later than that
            if figure.known_from == filed and figure.period not in newest:
                yield _fact(figure, "10-K/A", newest[-1][1][:4], "FY")


def _quarterly_reports(years: list[Figure], quarters: list[Figure]) -> Iterable[Fact]:
    """A 10-Q for every quarter; where the quarters since the beginning of the year are all there, their sum instead."""
    by_start: dict[str, list[Figure]] = defaultdict(list)
    for figure in quarters:
        by_start[figure.period[0]].append(figure)
    yearly = {figure.period: figure for figure in years}
    covered: set[Period] = set()
    starts = {period[0] for period in yearly} | {_day_after(period[1]) for period in yearly}
    for start in sorted(starts):
        year = _chain(start, by_start)
        sums = [sum(figure.amount for figure in year[: count + 1]) for count in range(len(year))]
        whole = yearly.get((start, year[3].period[1])) if len(year) == 4 else None
        has_fourth = whole is not None and (whole.amount, whole.known_from) == (sums[3], year[3].known_from)
        for count, figure in enumerate(year[: 4 if has_fourth else 3]):
            covered.add(figure.period)
            if count == 3:  # a company reports no fourth quarter
                continue
            through = start, figure.period[1]
            yield _fact(Figure(through, sums[count], figure.known_from), "10-Q", _fiscal_year(start), f"Q{count + 1}")
            year_later = _one_year_later(figure.known_from)
            if year_later <= max(other.known_from for other in quarters):
                yield _fact(
                    Figure(through, sums[count], year_later), "10-Q", str(int(_fiscal_year(start)) + 1), f"Q{count + 1}"
                )
    for figure in quarters:
        if figure.period not in covered:
            yield _fact(figure, "10-Q", figure.known_from[:4], "Q2")
        elif figure.known_from > figure.period[1]:
            yield from _last_twelve_months(figure, by_start)


def _chain(start: str, by_start: dict[str, list[Figure]]) -> list[Figure]:
    """The quarters from a day on, at most four, as long as each is there once and none is known before the one before."""
    chain: list[Figure] = []
    while len(chain) < 4 and len(by_start.get(start, ())) == 1:
        figure = by_start[start][0]
        if chain and figure.known_from < chain[-1].known_from:
            break
        chain.append(figure)
        start = _day_after(figure.period[1])
    return chain


def _last_twelve_months(figure: Figure, by_start: dict[str, list[Figure]]) -> Iterable[Fact]:
    """Twelve months up to a quarter, which companies such as Amazon report beside it."""
    ends = {one.period[1]: one for (one, *more) in by_start.values() if not more}
    months, end = [figure], figure.period[0]
    while len(months) < 4 and (before := ends.get(str(date.fromisoformat(end) - timedelta(days=1)))):
        months.append(before)
        end = before.period[0]
    if len(months) == 4:
        period = months[-1].period[0], figure.period[1]
        yield _fact(
            Figure(period, sum(one.amount for one in months), figure.known_from), "10-Q", figure.known_from[:4], "Q3"
        )


def _fact(figure: Figure, form: str, fiscal_year: str, fiscal_period: str) -> Fact:
    start, end = figure.period
    return {
        "start": start,
        "end": end,
        "val": figure.amount,
        "accn": "",
        "fy": int(fiscal_year),
        "fp": fiscal_period,
        "form": form,
        "filed": figure.known_from,
    }


def _accession(company: str, filed: str) -> str:
    return f"{company.removeprefix('CIK')}-{filed[2:4]}-{date.fromisoformat(filed).toordinal() % 1_000_000:06d}"


def _with_frames(facts: list[Fact]) -> list[Fact]:
    """Name each calendar frame on one fact: of the period that fits it best, the one that was filed last."""
    last = {(fact["start"], fact["end"]): fact for fact in facts}
    chosen: dict[str, tuple[int, Fact]] = {}
    for (start, end), fact in last.items():
        first_day, days = date.fromisoformat(start), (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        middle = first_day + timedelta(days=days // 2)
        if 335 <= days <= 395:
            frame, frame_start = f"CY{middle.year}", date(middle.year, 1, 1)
        elif 61 <= days <= 121:
            quarter = (middle.month + 2) // 3
            frame, frame_start = f"CY{middle.year}Q{quarter}", date(middle.year, 3 * quarter - 2, 1)
        else:
            continue
        distance = abs((first_day - frame_start).days)
        if frame not in chosen or distance < chosen[frame][0]:
            chosen[frame] = distance, fact
    for frame, (_, fact) in chosen.items():
        fact["frame"] = frame
    return facts


def _day_after(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=1))


def _one_year_later(day: str) -> str:
    return str(date.fromisoformat(day) + timedelta(days=364))


def _fiscal_year(start: str) -> str:
    return str((date.fromisoformat(start) + timedelta(days=364)).year)
