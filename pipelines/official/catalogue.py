"""The catalogue: every official series the program knows, as `seeds/series.csv` lists them.

A series is added by adding a row; nothing else has to change for a FRED series.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipelines.errors import SeedError
from pipelines.places import SEEDS

PROVIDERS = ("fred", "treasury", "cbo", "sec", "eia", "derived")
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "annual")
KINDS = ("stock", "flow", "rate", "index")
UNITS = ("USD", "percent", "percentage_point", "ratio", "count", "index", "W", "Wh")
PERIOD_ANCHORS = {
    "start": ("weekly", "monthly", "quarterly", "annual"),
    "end": ("weekly",),
    "day": ("daily", "weekly", "annual"),
    "fiscal_year": ("annual",),
}
# Rule of sql/derived_observations.sql -> how many series it takes, at least and at most.
DERIVATIONS = {
    "year_over_year": (1, 1),
    "month_over_month": (1, 1),
    "change": (1, 1),
    "quarter_at_annual_rate": (1, 1),
    "fiscal_year_sum": (1, 1),
    "calendar_year_sum": (1, 1),
    "trailing_year_sum": (1, 1),
    "fiscal_year_average": (1, 1),
    "calendar_year_average": (1, 1),
    "calendar_year_growth": (1, 1),
    "ratio": (2, 2),
    "fiscal_year_ratio": (2, 2),
    "trailing_year_ratio": (2, 2),
    "fiscal_year_debt_to_gdp": (2, 2),
    "group_quarter_sum": (2, 20),
    "group_year_sum": (2, 20),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One official series, as a row of `seeds/series.csv` describes it.

    Attributes:
        series_id: The name it has everywhere in this program.
        provider: One of `PROVIDERS`; `derived` is computed in SQL from `derived_from`.
        provider_code: How the live service names it (of the Treasury, see `FiscalDataCode`); empty where no live
            service serves it as such.
        metric: The metric that claims meet it through; empty for mere inputs of derived series.
        definition: Which official definition of the metric it follows; empty where there is one only.
        subject: Whose figure it is, name forms separated by `|`; empty means the United States.
        title: English title.
        title_zh: Chinese title.
        unit: Base unit, after scaling; one of `UNITS`.
        scale: What the provider's figure is multiplied by to be in base units; negative where the sign must flip.
        frequency: One of `FREQUENCIES`.
        period_anchor: What the provider's date means: the `start` or the `end` of the period, the `day` itself, or a
            `fiscal_year` (1 October to 30 September since 1977). The Treasury dates a month by its end; `start` then
            means the month.
        kind: One of `KINDS`.
        is_projection: Whether the figures are projections rather than outcomes.
        is_revised: Whether published values get revised in practice.
        is_proxy: Whether it measures only a neighbour of the metric (narrower or wider): it may bear a claim out, never contradict it.
        release_lag_days: Typical days from the end of the period to the publication.
        licence: Terms of the figures, in words.
        redistributable: Whether the figures may be passed on with this program.
        url: A page for people.
        sane_low: No true value lies below, in base units.
        sane_high: No true value lies above, in base units.
        derivation: How it is derived, one of `DERIVATIONS`; empty for published series.
        derived_from: The published series it is derived from, separated by `|`, in the order of the rule (what is
            divided, then by what); empty for published series.
    """

    series_id: str
    provider: str
    provider_code: str
    metric: str
    definition: str
    subject: str
    title: str
    title_zh: str
    unit: str
    scale: Decimal
    frequency: str
    period_anchor: str
    kind: str
    is_projection: bool
    is_revised: bool
    is_proxy: bool
    release_lag_days: int
    licence: str
    redistributable: bool
    url: str
    sane_low: float
    sane_high: float
    derivation: str
    derived_from: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids of the series it is derived from; none for a published series."""
        return tuple(self.derived_from.split("|")) if self.derived_from else ()

    @property
    def fiscaldata_code(self) -> "FiscalDataCode | None":
        """Where FiscalData has it; `None` where another service or none does."""
        served = self.provider == "treasury" and self.provider_code
        return FiscalDataCode.parse(self.provider_code) if served else None


@dataclass(frozen=True, slots=True)
class FiscalDataCode:
    """Where Treasury FiscalData has a series: the `provider_code` of its catalogue row.

    Written `TABLE:FIELD` or `TABLE:FIELD:COLUMN=VALUE;COLUMN=VALUE...`, such as
    `v1/accounting/mts/mts_table_9:current_fytd_rcpt_outly_amt:line_code_nbr=320;classification_desc=Net Interest`.
    The first condition chooses the rows; the others must hold for all of them, or the answer is refused, because the
    service has renumbered its lines. A yearly series of a monthly table of sums since 1 October takes September's.

    Attributes:
        table: The path of the table below the service's address.
        field: The column that holds the figure.
        conditions: Columns and their values, the choosing one first.
    """

    table: str
    field: str
    conditions: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> "FiscalDataCode":
        """Take a code apart that is written as above.

        Raises:
            ValueError: It is not; the message says how to write it.
        """
        if not _FISCALDATA_CODE.fullmatch(text):
            raise ValueError("v2/TABLE:FIELD or v2/TABLE:FIELD:COLUMN=VALUE;COLUMN=VALUE")
        table, field, selector = [*text.split(":", 2), ""][:3]
        conditions = [condition.split("=", 1) for condition in selector.split(";") if condition]
        return cls(table, field, tuple((column, value) for column, value in conditions))


# The service's filters have no way to write a colon, a bracket or, in a list, a comma.
_FISCALDATA_CODE = re.compile(r"v\d/[a-z0-9_/]+:[a-z0-9_]+(:[a-z0-9_]+=[^:;,()=]+(;[a-z0-9_]+=[^:;=]+)*)?")


def read_catalogue(path: Path = SEEDS / "series.csv") -> tuple[Series, ...]:
    """Read and validate the catalogue.

    Args:
        path: The CSV file; its header names the fields of `Series`, in any order.

    Returns:
        The series in the order of the file.

    Raises:
        SeedError: A row or the header is not as `Series` says; the message names file, line, column and cure.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            _check_header(path, reader.fieldnames or ())
            numbered = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path}: cannot be read as UTF-8 CSV ({error}); restore it from the repository") from error
    catalogue = tuple(_read_series(path, line, row) for line, row in numbered)
    _check_references(path, catalogue, [line for line, _ in numbered])
    return catalogue


def _check_header(path: Path, header: Sequence[str]) -> None:
    expected = {field.name for field in fields(Series)}
    for problem, names in (("lacks", expected - set(header)), ("has the unknown", set(header) - expected)):
        if names:
            raise SeedError(
                f"{path}, line 1: the header {problem} column(s) {', '.join(sorted(names))}; "
                f"it must name exactly: {', '.join(field.name for field in fields(Series))}"
            )


def _read_series(path: Path, line: int, row: Mapping[str | Any, str | Any]) -> Series:
    if None in row or None in row.values():
        raise SeedError(f"{path}, line {line}: more or fewer cells than the header has; quote cells that hold a comma")
    parsed: dict[str, Any] = {}
    for column, parse in _PARSERS.items():
        text = row[column].strip()
        try:
            parsed[column] = parse(text)
        except ValueError as error:
            raise SeedError(
                f"{path}, line {line}, column {column}: {text!r} is not allowed; write {error.args[0]}"
            ) from error
    series = Series(**parsed)
    if series.sane_low >= series.sane_high:
        raise SeedError(
            f"{path}, line {line}, column sane_high: {series.sane_high:g} is not above sane_low; write a larger number"
        )
    if series.frequency not in PERIOD_ANCHORS[series.period_anchor]:
        raise SeedError(
            f"{path}, line {line}, column period_anchor: {series.period_anchor} does not go with a {series.frequency} "
            "series; write start, end, day or fiscal_year as its dates mean"
        )
    if series.provider == "treasury" and series.provider_code:
        try:
            FiscalDataCode.parse(series.provider_code)
        except ValueError as error:
            raise SeedError(
                f"{path}, line {line}, column provider_code: {series.provider_code!r} is not allowed; write {error}"
            ) from error
    return series


def _check_references(path: Path, catalogue: tuple[Series, ...], lines: list[int]) -> None:
    by_id: dict[str, Series] = {}
    for line, series in zip(lines, catalogue, strict=True):
        if series.series_id in by_id:
            raise SeedError(f"{path}, line {line}, column series_id: {series.series_id} is there twice; remove one")
        by_id[series.series_id] = series
    for line, series in zip(lines, catalogue, strict=True):
        is_derived = series.provider == "derived"
        for column, text in (("derivation", series.derivation), ("derived_from", series.derived_from)):
            if is_derived != bool(text):
                cure = "say how it is derived and from which series" if is_derived else "leave it empty"
                raise SeedError(f"{path}, line {line}, column {column}: provider is {series.provider}; {cure}")
        if is_derived:
            _check_derivation(f"{path}, line {line}, column derived_from", series, by_id)


def _check_derivation(place: str, series: Series, by_id: Mapping[str, Series]) -> None:
    for name in series.inputs:
        if name not in by_id or by_id[name].provider == "derived":
            raise SeedError(f"{place}: {name} is no published series of this file; name one")
    fewest, most = DERIVATIONS[series.derivation]
    if not fewest <= len(set(series.inputs)) == len(series.inputs) <= most:
        wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise SeedError(
            f"{place}: {series.derivation} takes {wanted} different series, not {series.derived_from}; name them, "
            "separated by |"
        )
    if series.is_projection != any(by_id[name].is_projection for name in series.inputs):
        raise SeedError(
            f"{place}: {series.derived_from} and is_projection disagree; what is derived from a projection is one"
        )


def _text(text: str) -> str:
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("something: the cell must not be empty")
    return text


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(name or '(empty)' for name in allowed)}")
        return text

    return parse


def _truth(text: str) -> bool:
    return _one_of(("true", "false"))(text) == "true"


def _scale(text: str) -> Decimal:
    try:
        scale = Decimal(text)
    except InvalidOperation:
        scale = Decimal(0)
    if not scale.is_finite() or scale == 0:
        raise ValueError("a number other than 0, such as 1000000")
    return scale


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("a whole number of days, 0 or more")
    return int(text)


def _number(text: str) -> float:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError("a number in base units")
    return float(number)


def _address(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError("an address that begins with https://")
    return text


_PARSERS: dict[str, Callable[[str], object]] = {
    "series_id": _filled,
    "provider": _one_of(PROVIDERS),
    "provider_code": _text,
    "metric": _text,
    "definition": _text,
    "subject": _text,
    "title": _filled,
    "title_zh": _filled,
    "unit": _one_of(UNITS),
    "scale": _scale,
    "frequency": _one_of(FREQUENCIES),
    "period_anchor": _one_of(tuple(PERIOD_ANCHORS)),
    "kind": _one_of(KINDS),
    "is_projection": _truth,
    "is_revised": _truth,
    "is_proxy": _truth,
    "release_lag_days": _days,
    "licence": _filled,
    "redistributable": _truth,
    "url": _address,
    "sane_low": _number,
    "sane_high": _number,
    "derivation": _one_of(("", *DERIVATIONS)),
    "derived_from": _text,
}
