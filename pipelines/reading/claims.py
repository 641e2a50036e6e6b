"""Article -> claims, and rejected passages with reasons: the one door of the reading wing."""

import hashlib
import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipelines.reading.articles import Article
from pipelines.reading.consistency import find_inconsistencies
from pipelines.reading.furniture import blank_spans, make_visible
from pipelines.reading.markup import OwnText, take_out_markup
from pipelines.reading.quantities import Quantity, Rejected, find_quantities
from pipelines.reading.script import normalise
from pipelines.reading.sentence_readings import FoundFigure, FoundStatement, read_sentences
from pipelines.reading.sentences import Sentence
from pipelines.reading.tables import Tables, spell_out_tables

READER_VERSION = "4"
"""Changes whenever the reading can change its results."""

_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*|[零〇一二三四五六七八九十百千万亿兆两]{2,}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure or statement that an article makes.

    Attributes:
        claim_id: stable under a rerun and under changes elsewhere in the article.
        kind: quantity, or of a statement without a magnitude comparison, streak, record, direction or turn.
        sentence: as stored, of a page in HTML without its tags.
        quote: as stored; `text[quote_start:quote_end] == quote`.
        metric: what it measures, None where no official series does or the text leaves it open.
        definition: the official definition that the text names.
        relates_to: the metric that it is a change or share of.
        base_metric, base_definition: of a share, multiple or difference of two metrics, the one it is held against, and the definition named of that.
        metric_candidates: where the metric stays open, those in question.
        subject: whose figure it is, as far as the text says.
        value_low, value_high: in base units (dollars, percent points, plain ratio or count, W, …).
        unit_basis: stated, or context where the currency is left out.
        half_width: half a unit of the last written digit, in base units; of a range that of the less precise end.
        significant_zeros: reads as a rounded number.
        bound: eq, approx, below, above or range; hedge: the word that says so, in simplified characters
            as seeds/hedges.csv lists it.
        modality: actual, projection or hypothetical.
        vague: only the order of magnitude is said.
        period_start, period_end: the days it speaks about, inclusive; period_basis: stated, relative, context, article_date or None.
        attributed_to: who is said to have said it, as written.
        relation: of a statement, what is said of the metric; the closed list stands in statements.py. Of a figure with a base, what it says of
            the two: ratio_to, exceeds, falls_short_of or differs_from.
        compared_metric: of a comparison, the metric that it is compared with.
        streak_length, streak_unit: of a streak, how many quarter, month, week, day, year or time in a row.
        since: of a record, the first day that it reaches back to; None where it is all of history.
        inconsistency: of a figure that does not fit the rest of its article, the arithmetic; the value stays as written.
    """

    claim_id: str
    article_id: str
    kind: str
    sentence: str
    quote: str
    quote_start: int
    quote_end: int
    metric: str | None
    definition: str | None
    relates_to: str | None
    metric_candidates: tuple[str, ...]
    subject: str | None
    value_low: float | None
    value_high: float | None
    unit: str | None
    unit_basis: str | None
    half_width: float | None
    significant_zeros: bool
    bound: str
    hedge: str | None
    modality: str
    vague: bool
    period_start: date | None
    period_end: date | None
    period_basis: str | None
    attributed_to: str | None
    reader_version: str
    relation: str | None = None
    compared_metric: str | None = None
    streak_length: int | None = None
    streak_unit: str | None = None
    since: date | None = None
    inconsistency: str | None = None
    base_metric: str | None = None
    base_definition: str | None = None


@dataclass(frozen=True, slots=True)
class RejectedPassage:
    """A passage with a digit or numeral that is no claim, and why."""

    article_id: str
    passage: str
    passage_start: int
    passage_end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one article, in the order of the text."""

    claims: tuple[Claim, ...]
    rejected_passages: tuple[RejectedPassage, ...]


def find_claims(article: Article) -> Reading:
    """Return every figure and statement that an article makes, and every passage with a number that is none.

    Linear in the length of the text; raises for no text.

    Args:
        article: as read by `read_article`.
    """
    tables = spell_out_tables(take_out_markup(article.text, article.furniture))
    own = tables.own
    visible = make_visible(own.text, own.furniture)
    normalised = blank_spans(normalise(own.text), own.furniture)
    quantities, rejected = find_quantities(own.text, normalised)
    if tables.added:
        quantities, rejected = _tell_cells_once(tables, quantities, rejected)
    found = read_sentences(own.text, article.published_on, normalised, visible, quantities)
    maker = _ClaimMaker(article, own)
    inconsistencies = find_inconsistencies(visible, found.figures)
    claims = [maker.make_quantity(figure, inconsistencies.get(number)) for number, figure in enumerate(found.figures)]
    passages = [(*own.find_stored(passage.start, passage.end), passage.reason) for passage in rejected]
    told = [(start, end) for start, end, _ in passages] + [(claim.quote_start, claim.quote_end) for claim in claims]
    passages += [(start, end, "furniture") for start, end in _find_numbers_in_furniture(article, sorted(told))]
    claims += [
        maker.make_statement(found_one)
        for found_one in found.statements
        if not tables.is_added(found_one.statement.start)
    ]
    return Reading(
        claims=tuple(sorted(claims, key=lambda claim: claim.quote_start)),
        rejected_passages=tuple(
            RejectedPassage(article.article_id, article.text[start:end], start, end, reason)
            for start, end, reason in sorted(passages)
        ),
    )


def _tell_cells_once(
    tables: Tables, quantities: Sequence[Quantity], rejected: Sequence[Rejected]
) -> tuple[list[Quantity], list[Rejected]]:
    """Of the sentences put behind a table take the values of the cells alone, and leave these out where they stand in the table."""
    kept = [
        quantity
        for quantity in quantities
        if not tables.is_added(quantity.start)
        or any(place in tables.values for place in range(quantity.start, quantity.end))
    ]
    told = {tables.own.find_stored(one.start, one.end)[1] for one in kept if tables.is_added(one.start)}

    def is_new(one: Quantity | Rejected) -> bool:
        return not tables.is_added(one.start) and tables.own.find_stored(one.start, one.end)[1] not in told

    return [one for one in kept if tables.is_added(one.start) or is_new(one)], [one for one in rejected if is_new(one)]


def _find_numbers_in_furniture(article: Article, told: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The numbers of the furniture, but for those of tags inside passages that are told already (2<font size="3">50</font>)."""
    normalised = normalise(article.text)
    for start, end, _ in article.furniture:
        for match in _NUMBER.finditer(normalised, start, end):
            before = bisect_right(told, match.span())
            if not (before and match.end() <= told[before - 1][1]):
                yield match.start(), match.end()


class _Passage(NamedTuple):
    """Where a claim stands, in words, with the id that these give it."""

    claim_id: str
    sentence: str
    quote: str
    start: int
    end: int


class _ClaimMaker:
    """Makes the claims of one article, each with an id that depends on its passage alone."""

    def __init__(self, article: Article, own: OwnText) -> None:
        self._article = article
        self._own = own
        self._told: Counter[str] = Counter()  # how often a sentence has stood before in the same words
        self._numbers: dict[int, int] = {}
        self._seen: Counter[tuple[int, str]] = Counter()

    def make_quantity(self, item: FoundFigure, inconsistency: str | None) -> Claim:
        """Return the claim of a figure."""
        quantity, link, hedge = item.quantity, item.link, item.hedge
        passage = self._cut(item.sentence, quantity.start, quantity.end)
        return Claim(
            claim_id=passage.claim_id,
            article_id=self._article.article_id,
            kind="quantity",
            sentence=passage.sentence,
            quote=passage.quote,
            quote_start=passage.start,
            quote_end=passage.end,
            metric=link.metric,
            definition=link.definition,
            relates_to=link.relates_to,
            metric_candidates=link.candidates,
            subject=link.subject,
            value_low=quantity.low,
            value_high=quantity.high,
            unit=quantity.unit,
            unit_basis=quantity.unit_basis,
            half_width=quantity.half_width,
            significant_zeros=quantity.significant_zeros,
            bound=hedge.bound,
            hedge=hedge.word,
            modality=item.modality,
            vague=hedge.vague or quantity.vague,
            period_start=item.period.start,
            period_end=item.period.end,
            period_basis=item.period.basis,
            attributed_to=item.speaker,
            reader_version=READER_VERSION,
            inconsistency=inconsistency,
            relation=link.relation,
            base_metric=link.base_metric,
            base_definition=link.base_definition,
        )

    def make_statement(self, item: FoundStatement) -> Claim:
        """Return the claim of a statement; its id also depends on what is stated, since one clause can state several things."""
        statement = item.statement
        passage = self._cut(item.sentence, statement.start, statement.end, statement.kind, statement.metric)
        return Claim(
            claim_id=passage.claim_id,
            article_id=self._article.article_id,
            kind=statement.kind,
            sentence=passage.sentence,
            quote=passage.quote,
            quote_start=passage.start,
            quote_end=passage.end,
            metric=statement.metric,
            definition=None,
            relates_to=None,
            metric_candidates=(),
            subject=statement.subject,
            value_low=None,
            value_high=None,
            unit=None,
            unit_basis=None,
            half_width=None,
            significant_zeros=False,
            bound="eq",
            hedge=None,
            modality=item.modality,
            vague=False,
            period_start=item.period.start,
            period_end=item.period.end,
            period_basis=item.period.basis,
            attributed_to=item.speaker,
            reader_version=READER_VERSION,
            relation=statement.relation,
            compared_metric=statement.compared_metric,
            streak_length=statement.streak_length,
            streak_unit=statement.streak_unit,
            since=statement.since,
        )

    def _cut(self, sentence: Sentence, start: int, end: int, *stated: str) -> _Passage:
        """The passage; `stated` sets the id of a statement apart from that of a figure."""
        written = self._own.text[sentence.start : max(sentence.end, end)]
        if sentence.start not in self._numbers:
            self._numbers[sentence.start] = self._told[written]
            self._told[written] += 1
        start, end = self._own.find_stored(start, end)
        quote = self._article.text[start:end]
        key = "\x1f".join([quote, *stated])
        occurrence = self._seen[(sentence.start, key)]
        self._seen[(sentence.start, key)] += 1
        number = str(self._numbers[sentence.start])
        claim_id = _make_id(self._article.article_id, written, number, quote, str(occurrence), *stated)
        return _Passage(claim_id, written, quote, start, end)


def _make_id(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def to_json_line(claim: Claim) -> str:
    """Return a claim as one line of JSON, its first fields named as in hand labels, the further ones after them.

    Args:
        claim: as found.
    """
    return json.dumps(
        {
            "article": claim.article_id,
            "quote": claim.quote,
            "start": claim.quote_start,
            "end": claim.quote_end,
            "low": claim.value_low,
            "high": claim.value_high,
            "unit": claim.unit,
            "bound": claim.bound,
            "modality": claim.modality,
            "vague": claim.vague,
            "metric": claim.metric,
            "period_start": claim.period_start.isoformat() if claim.period_start else None,
            "period_end": claim.period_end.isoformat() if claim.period_end else None,
            "attributed_to": claim.attributed_to,
            "claim_id": claim.claim_id,
            "kind": claim.kind,
            "sentence": claim.sentence,
            "definition": claim.definition,
            "relates_to": claim.relates_to,
            "base_metric": claim.base_metric,
            "base_definition": claim.base_definition,
            "metric_candidates": list(claim.metric_candidates),
            "subject": claim.subject,
            "unit_basis": claim.unit_basis,
            "half_width": claim.half_width,
            "significant_zeros": claim.significant_zeros,
            "hedge": claim.hedge,
            "period_basis": claim.period_basis,
            "relation": claim.relation,
            "compared_metric": claim.compared_metric,
            "streak_length": claim.streak_length,
            "streak_unit": claim.streak_unit,
            "since": claim.since.isoformat() if claim.since else None,
            "inconsistency": claim.inconsistency,
            "reader_version": claim.reader_version,
        },
        ensure_ascii=False,
    )
