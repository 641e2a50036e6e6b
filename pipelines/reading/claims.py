"""Article -> claims, and rejected passages with reasons: the one door of the reading wing."""

import hashlib
import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.reading.articles import Article
from pipelines.reading.furniture import blank_spans, make_visible
from pipelines.reading.governing import Link
from pipelines.reading.hedges import find_hedge
from pipelines.reading.metrics import MetricLinker
from pipelines.reading.modality import find_modality
from pipelines.reading.periods import PeriodReader
from pipelines.reading.quantities import Quantity, find_quantities
from pipelines.reading.script import normalise
from pipelines.reading.sentence_times import DatedFigure, Period
from pipelines.reading.sentences import Sentence, split_sentences
from pipelines.reading.speakers import SpeakerReader

READER_VERSION = "1"
"""Changes whenever the reading can change its results."""

_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*|[零〇一二三四五六七八九十百千万亿兆两]{2,}")
_DECIDES = re.compile("宣布|决定|决议|议决")
_EXPECTED = re.compile(r"预期|预测|预估|预计|估计值|目标|原先|原本|展望")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that an article states.

    Attributes:
        claim_id: stable under a rerun and under changes elsewhere in the article.
        kind: quantity.
        sentence, quote: as stored; `text[quote_start:quote_end] == quote`.
        metric: what it measures, None where no official series does or the text leaves it open.
        definition: the official definition that the text names.
        relates_to: the metric that it is a change or share of.
        metric_candidates: where the metric stays open, those in question.
        subject: whose figure it is, as far as the text says.
        value_low, value_high: in base units (dollars, percent points, plain ratio or count, W, …).
        unit_basis: stated, or context where the currency is left out.
        half_width: half a unit of the last written digit, in base units.
        significant_zeros: reads as a rounded number.
        bound: eq, approx, below, above or range; hedge: the word that says so, in simplified characters
            as seeds/hedges.csv lists it.
        modality: actual, projection or hypothetical.
        vague: only the order of magnitude is said.
        period_start, period_end: the days it speaks about, inclusive; period_basis: stated, relative, context, article_date or None.
        attributed_to: who is said to have said it, as written.
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
    value_low: float
    value_high: float
    unit: str
    unit_basis: str
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity with what its sentence says of it."""

    quantity: Quantity
    sentence: Sentence
    modality: str
    link: Link
    period: Period
    speaker: str | None


def find_claims(article: Article) -> Reading:
    """Return every figure that an article states, and every passage with a number that is none.

    Linear in the length of the text; raises for no text.

    Args:
        article: as read by `read_article`.
    """
    visible = make_visible(article.text, article.furniture)
    normalised = blank_spans(normalise(article.text), article.furniture)
    quantities, rejected = find_quantities(article.text, normalised)
    passages = [(passage.start, passage.end, passage.reason) for passage in rejected]
    passages += [(start, end, "furniture") for start, end in _find_numbers_in_furniture(article)]
    sentences = split_sentences(visible)
    found = _date_headings(_read_sentences(article, normalised, visible, sentences, quantities))
    return Reading(
        claims=tuple(_make_claims(article, normalised, found)),
        rejected_passages=tuple(
            RejectedPassage(article.article_id, article.text[start:end], start, end, reason)
            for start, end, reason in sorted(passages)
        ),
    )


def _find_numbers_in_furniture(article: Article) -> Iterator[tuple[int, int]]:
    normalised = normalise(article.text)
    for start, end, _ in article.furniture:
        for match in _NUMBER.finditer(normalised, start, end):
            yield match.start(), match.end()


def _read_sentences(
    article: Article, normalised: str, visible: str, sentences: Sequence[Sentence], quantities: Sequence[Quantity]
) -> list[_Found]:
    by_sentence = _group_by_sentence(sentences, quantities)
    linker = MetricLinker(visible)
    speaker_reader = SpeakerReader(article.text, visible)
    period_reader = PeriodReader(visible, article.published_on, linker.find_fiscal_year_end)
    found: list[_Found] = []
    # Only paragraphs with figures, and the one before each, can say anything of a figure.
    paragraphs = {sentences[number].paragraph for number in by_sentence}
    for number, sentence in enumerate(sentences):
        if sentence.paragraph not in paragraphs and sentence.paragraph + 1 not in paragraphs:
            continue
        figures = by_sentence.get(number, [])
        speakers = speaker_reader.find_speakers(sentence, figures)
        links = linker.link_sentence(sentence, figures, speakers)
        modalities = [
            _find_modality(normalised, sentence, figure, link) for figure, link in zip(figures, links, strict=True)
        ]
        dated = [
            DatedFigure(
                start=figure.start,
                end=figure.end,
                unit=figure.unit,
                noun=figure.noun,
                modality=modality,
                is_linked=bool(link.metric or link.relates_to),
                is_change=link.is_change,
                is_daily=link.daily or figure.unit == "index",
            )
            for figure, link, modality in zip(figures, links, modalities, strict=True)
        ]
        periods = period_reader.read_sentence(sentence, dated)
        for figure, modality, link, period, speaker in zip(figures, modalities, links, periods, speakers, strict=True):
            item = _Found(figure, sentence, modality, link, period, speaker)
            found.append(_settle_modality(visible, item, article.published_on))
    return found


def _group_by_sentence(sentences: Sequence[Sentence], quantities: Sequence[Quantity]) -> dict[int, list[Quantity]]:
    starts = [sentence.start for sentence in sentences]
    grouped: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        grouped.setdefault(max(0, bisect_right(starts, quantity.start) - 1), []).append(quantity)
    return grouped


def _find_modality(normalised: str, sentence: Sentence, figure: Quantity, link: Link) -> str:
    """What an authority has announced or decided (a target range) is actual, though 将 stands before it."""
    modality = find_modality(normalised, (sentence.start, sentence.end), figure)
    if modality == "projection" and link.decided and _DECIDES.search(normalised, sentence.start, figure.start):
        return "actual"
    return modality


def _settle_modality(visible: str, item: _Found, published_on: date | None) -> _Found:
    """A figure of a time wholly before the article is actual, whatever 将 a translation put in; what was expected stays a projection."""
    ended_on = item.period.end
    if item.modality != "projection" or published_on is None or ended_on is None or ended_on >= published_on:
        return item
    start, end = item.sentence.start, item.quantity.start
    clause_start = max(start, *(visible.rfind(mark, start, end) for mark in ",;:。"))
    return item if _EXPECTED.search(visible, clause_start, end) else replace(item, modality="actual")


def _date_headings(found: list[_Found]) -> list[_Found]:
    """A figure in a heading without a time of its own takes that of the first such figure in the text under it."""
    dated: list[_Found] = []
    for number, item in enumerate(found):
        if (
            item.sentence.kind == "heading"
            and item.period.basis in (None, "article_date")
            and item.modality != "hypothetical"
        ):
            body = [
                other
                for other in found[number + 1 : number + 40]
                if other.sentence.kind != "heading"
                and other.quantity.unit == item.quantity.unit
                and other.period.basis not in (None, "article_date")
            ]
            same = [other for other in body if other.quantity.low == item.quantity.low] or [
                other for other in body if other.sentence.paragraph == item.sentence.paragraph + 1
            ]
            if same:
                dated.append(replace(item, period=replace(same[0].period, basis="context")))
                continue
        dated.append(item)
    return dated


def _make_claims(article: Article, normalised: str, found: Sequence[_Found]) -> Iterator[Claim]:
    told: Counter[str] = Counter()  # how often a sentence has stood before in the same words
    numbers: dict[int, int] = {}
    seen: Counter[tuple[int, str]] = Counter()
    for item in found:
        quantity, sentence = item.quantity, item.sentence
        written = article.text[sentence.start : max(sentence.end, quantity.end)]
        if sentence.start not in numbers:
            numbers[sentence.start] = told[written]
            told[written] += 1
        quote = article.text[quantity.start : quantity.end]
        occurrence = seen[(sentence.start, quote)]
        seen[(sentence.start, quote)] += 1
        hedge = find_hedge(normalised, quantity, article.text)
        yield Claim(
            claim_id=_make_id(article.article_id, written, str(numbers[sentence.start]), quote, str(occurrence)),
            article_id=article.article_id,
            kind="quantity",
            sentence=written,
            quote=quote,
            quote_start=quantity.start,
            quote_end=quantity.end,
            metric=item.link.metric,
            definition=item.link.definition,
            relates_to=item.link.relates_to,
            metric_candidates=item.link.candidates,
            subject=item.link.subject,
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
        )


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
            "metric_candidates": list(claim.metric_candidates),
            "subject": claim.subject,
            "unit_basis": claim.unit_basis,
            "half_width": claim.half_width,
            "significant_zeros": claim.significant_zeros,
            "hedge": claim.hedge,
            "period_basis": claim.period_basis,
            "reader_version": claim.reader_version,
        },
        ensure_ascii=False,
    )
