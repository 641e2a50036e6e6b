"""Who is said to have said a figure: 据…的数据, …表示, 《…》报导, 市场预期的…, as written in the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span, split_clauses
from pipelines.reading.speakers.names import TRIM, NameReader
from pipelines.reading.speakers.words import read_speaker_words

_NOT_SAYING = re.compile(
    r"(?<=[号名堪职简俗据自通统对人全所])称|(?<=确)认为|说(?=[白到法服明起穿]|不定|来|实话|真)|(?<=[小传学据听话再虽是])说|显示(?=器|屏)|称(?=为|之为|号|霸|赞|呼)|报道(?=称|说|指出)|(?<=[没可])说|提到(?=了?\s?[\d百一二三四五六七八九十])|公布(?=前|后|時)|发布(?=前|后)|发表(?=评论$)"
)
_TOWARDS = re.compile(r"对|维持|上调|下调|调高|调低|重申|上修|下修")
_BYLINE_END = re.compile(r"[^\n]{0,3}[)】〕]")  # (中央社…报导): the verb of a byline, not of the sentence
_TAKES = re.compile(r"[将把]")
_REVISES = re.compile(
    r"[^,;。]{0,20}?(?:[上下]调|调[升降高低至到为]|[上下]修|提[高升]|降[低至]|维持|修[正订])"
)  # 将增长预期上调至3%
_DOCUMENT = re.compile(r"报告|调查|图表|研究")
_BEFORE_JU = tuple("数证凭占收票单论")  # 据 inside 数据, 证据, 占据
_BRACKETED = re.compile(r"\([^()]{0,30}\)")
_OF_ITSELF = re.compile(r"\s?[为是]?\s?[$\d]")  # 市场预期$54.9B: of that figure alone
_AS_NOUN = re.compile(r"(?:值|中值|中位数|分别|一致|相符|的|区间|为|从|也|是|目标|,|;|。|$)")


@dataclass(frozen=True, slots=True)
class _Attribution:
    """From `start` on, figures of the sentence are said by the speaker; None says that nobody is named.

    Attributes:
        start: where the saying begins.
        speaker: the span of the name, or None.
        trailing: the verb ends the sentence, so that what stands before it was said.
    """

    start: int
    speaker: Span | None
    trailing: bool = False


class SpeakerReader:
    """Finds the speakers of one article, sentence by sentence in order.

    Args:
        text: the article as stored, from which names are cut.
        visible: its own text, normalised, of the same length.
    """

    def __init__(self, text: str, visible: str) -> None:
        self._text = text
        self._visible = visible
        self._words = read_speaker_words()
        self._names = NameReader(visible)
        self._last: Span | None = None
        self._unread: list[Sentence] = []  # without figures: who speaks in them matters only where a later 他 asks
        self._read_last: tuple[Sentence | None, list[_Attribution]] = (None, [])

    def find_speakers(
        self, sentence: Sentence, figures: Sequence[Quantity | Span], *, of_statements: bool = False
    ) -> list[str | None]:
        """Return for each figure of the sentence who is said to have said it, as written, or None.

        Args:
            sentence: the next sentence of the article; without figures, only its speakers are noted, and read when they matter.
            figures: its figures, or the words that carry its statements, in order.
            of_statements: they are no figures: a verb at the end of the sentence does not reach them, and later pronouns do not
                mean their speakers.
        """
        if not figures:
            self._unread.append(sentence)
            return []
        attributions = self._read(sentence, of_statements=of_statements)
        found: list[str | None] = []
        for figure in figures:
            expecting = self._find_expecting(sentence, figure)
            if expecting is not None:
                found.append(expecting)
                continue
            if self._is_in_brackets(sentence, figure, attributions):
                found.append(None)
                continue
            said = [
                attribution
                for attribution in attributions
                if attribution.start <= figure.start and not attribution.trailing
            ]
            if not said and not of_statements:
                said = [attribution for attribution in attributions if attribution.trailing]
            speaker = said[-1].speaker if said else None
            found.append(self._text[speaker.start : speaker.end] if speaker else None)
        return found

    def _find_expecting(self, sentence: Sentence, figure: Quantity | Span) -> str | None:
        """Whose expectation stands right before a figure: 市场预期的19万人."""
        start = max(sentence.start, figure.start - 24)
        before = self._visible[start : figure.start]
        if "预" not in before and "估计" not in before:
            return None
        expected = self._words.expected_by.search(self._visible, start, figure.start)
        return self._text[expected.start(1) : expected.end(1)] if expected else None

    def _read(self, sentence: Sentence, *, of_statements: bool) -> list[_Attribution]:
        read_last, attributions = self._read_last
        if read_last is sentence:
            return attributions
        is_noted = bool(self._unread) and self._unread[-1] is sentence
        if is_noted:
            self._unread.pop()
        last = self._find_last() if of_statements and not is_noted else None
        attributions = self._find_attributions(sentence)
        if of_statements and not is_noted:
            self._last = last
        self._read_last = (sentence, attributions)
        return attributions

    def _find_last(self) -> Span | None:
        """The speaker named last."""
        unread, self._unread = self._unread, []
        for sentence in unread:
            self._find_attributions(sentence)
        return self._last

    def _is_in_brackets(
        self, sentence: Sentence, figure: Quantity | Span, attributions: Sequence[_Attribution]
    ) -> bool:
        opened = self._visible.rfind("(", sentence.start, figure.start)
        if opened < 0 or self._visible.find(")", opened, figure.start) >= 0:
            return False
        return any(attribution.start <= opened for attribution in attributions)

    def _find_attributions(self, sentence: Sentence) -> list[_Attribution]:
        attributions: list[_Attribution] = []
        words, start, end = self._words, sentence.start, sentence.end
        says, cites = (
            any(pattern.search(self._visible, start, end) for pattern in patterns)
            for patterns in ((words.speaking, words.forecasting), (words.according_to,))
        )
        if not (says or cites):
            return attributions
        clauses = split_clauses(self._visible, start, end)
        for number, clause in enumerate(clauses):
            attribution = self._find_according_to(clause) if cites else None
            if attribution is None and says:
                attribution = self._find_saying(clauses, number)
            if attribution is None:
                continue
            if attribution.speaker is not None:
                self._last, self._unread = attribution.speaker, []
            attributions.append(attribution)
        return attributions

    # --- 根据…的数据 -----------------------------------------------------------------------------------------------------------

    def _find_according_to(self, clause: Span) -> _Attribution | None:
        match = self._words.according_to.search(self._visible, clause.start, clause.end)
        if (
            match is None
            or match.start() > clause.start + 8
            or self._visible[match.start() - 1 : match.start()] in _BEFORE_JU
        ):
            return None
        source = self._words.source.search(self._visible, match.end(), clause.end)
        verb = self._words.speaking.search(self._visible, match.end(), clause.end)
        ends = [found.start() for found in (source, verb) if found]
        if not ends:
            return None
        name = self._names.trim_name(Span(match.end(), min(ends)))
        if name is None and source is not None:
            name = self._resolve(self._visible[source.start() : source.end()])
        elif name is not None and self._visible[name.start : name.end] in ("该", "这份"):
            name = self._find_last()
        return _Attribution(min(ends), name)

    def _resolve(self, written: str) -> Span | None:
        return self._find_last() if self._words.resolved.fullmatch(written) else None

    # --- …表示 ----------------------------------------------------------------------------------------------------------------

    def _find_saying(self, clauses: Sequence[Span], number: int) -> _Attribution | None:
        clause = clauses[number]
        for match in self._words.speaking.finditer(self._visible, clause.start, clause.end):
            refused = _NOT_SAYING.match(self._visible, match.start())
            if refused or self._is_other_word(match):
                continue
            if _BYLINE_END.match(self._visible, match.end()) is None:
                return self._attribute(clauses, number, match)
        for match in self._words.forecasting.finditer(self._visible, clause.start, clause.end):
            attribution = self._attribute_forecast(clauses, number, match)
            if attribution is not None:
                return attribution
        return None

    def _is_other_word(self, match: re.Match[str]) -> bool:
        start = match.start()
        return (
            match.group() in ("称", "说")
            and _NOT_SAYING.search(self._visible, max(0, start - 1), match.end() + 2) is not None
        )

    def _attribute(self, clauses: Sequence[Span], number: int, match: re.Match[str]) -> _Attribution | None:
        clause = clauses[number]
        trailing = number == len(clauses) - 1 and number > 0 and match.end() >= clause.end - 1
        before = Span(clause.start, match.start())
        written = self._visible[before.start : before.end].strip(TRIM)
        source = self._words.source_at_end.search(self._names.strip_adverbs(written))
        if source is not None and source.start() == 0:
            return _Attribution(match.end(), self._resolve(source.group()), trailing)
        if source is not None:
            before = self._cut_source(before, source.group())
        only_adverbs = self._names.is_only_adverbs(written)
        name = None if only_adverbs else self._names.trim_name(before)
        if only_adverbs and number > 0:
            name = self._find_subject_of(clauses[number - 1])
        if name is None:
            return _Attribution(match.end(), None, trailing) if self._words.nobody.search(written) else None
        written = self._visible[name.start : name.end]
        person = self._names.find_person_at_end(clauses[number - 1]) if number and written in ("他", "她") else None
        if person is not None:
            return _Attribution(match.end(), person, trailing)
        if self._words.pronoun.fullmatch(written) or self._words.resolved.fullmatch(written):
            return _Attribution(match.end(), self._find_last(), trailing)
        if self._words.nobody.fullmatch(written):
            return _Attribution(match.end(), None, trailing)
        return _Attribution(match.end(), name, trailing)

    def _cut_source(self, before: Span, source: str) -> Span:
        """财政部的数据, 纽约联储报告: the house; but a report without one that can speak is its own name."""
        at = self._visible.rindex(source, before.start, before.end)
        house = self._names.trim_name(Span(before.start, at))
        is_document = _DOCUMENT.search(source) is not None and self._visible[at - 1] != "的"
        if (
            is_document
            and not (house and self._names.can_speak(house))
            and not self._names.is_only_adverbs(self._visible[before.start : at])
        ):
            return Span(before.start, at + len(source))
        return Span(before.start, at)

    def _attribute_forecast(self, clauses: Sequence[Span], number: int, match: re.Match[str]) -> _Attribution | None:
        """预计 and its like: only after a name that can speak; as a noun (GDP预测) only after 对 (联储局对GDP的预测)."""
        clause = clauses[number]
        before = Span(clause.start, match.start())
        written = self._visible[before.start : before.end]
        turn = _TOWARDS.search(written)
        if turn is None and _REVISES.match(self._visible, match.end(), clause.end):
            turn = _TAKES.search(written)
        towards = turn.start() if turn else -1
        if towards > 0:
            before = Span(clause.start, clause.start + towards)
        elif _AS_NOUN.match(self._visible, match.end()) and not self._visible.startswith((",", ":"), match.end()):
            return None
        source = self._words.source_at_end.search(self._names.strip_adverbs(self._visible[before.start : before.end]))
        house = Span(before.start, before.start + source.start()) if source is not None and source.start() > 1 else None
        name = (self._names.trim_name(house) if house else None) or self._names.trim_name(before)
        if name is None and number > 0 and written.strip(TRIM) and self._names.is_only_adverbs(written):
            name = self._find_subject_of(clauses[number - 1])
            return _Attribution(match.end(), name) if name and self._names.can_speak(name) else None
        says_comma = self._visible.startswith(",", match.end()) and name is not None and name.start <= clause.start + 1
        if name is None or not (says_comma or self._names.can_speak(name)):
            return None
        if (
            towards <= 0
            and not self._names.is_only_adverbs(
                self._words.role.sub("", _BRACKETED.sub("", self._visible[name.end : match.start()]))
            )
            and self._visible[name.end : name.end + 1] != "》"
        ):
            return None
        is_group = self._words.group.fullmatch(self._visible, name.start, name.end)
        if is_group and _OF_ITSELF.match(self._visible, match.end()):
            return None
        stands_for_last = self._words.resolved.fullmatch(self._visible, name.start, name.end)
        speaker = self._find_last() if stands_for_last else name
        return _Attribution(match.end() if towards <= 0 else before.end, speaker)

    def _find_subject_of(self, clause: Span) -> Span | None:
        """The name with which the clause before begins: 川普直接把关税…, 还说…."""
        cut = self._words.after_name.search(self._visible, clause.start + 2, clause.end)
        return self._names.trim_name(Span(clause.start, cut.start())) if cut else None
