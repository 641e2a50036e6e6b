"""Who is said to have said a figure: 据…的数据, …表示, 《…》报导, 市场预期的…, as written in the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reading.quantities import Quantity
from pipelines.reading.sentences import Sentence, Span, split_clauses
from pipelines.reading.speakers.names import TRIM, NameReader
from pipelines.reading.speakers.words import read_speaker_words

_NOT_SAYING = re.compile(
    r"(?<=[号名堪职简俗据自通统对人全所])称|(?<=确)认为|说(?=[白到法服明起穿]|不定|来|实话|真)|(?<=[小传学据听话再虽是])说|显示(?=器|屏)|称(?=为|之为|号|霸|赞|呼)|报道(?=称|说|指出)|(?<=[没可])说|提到(?=了?\s?[\d百一二三四五六七八九十])|公布(?=前|后|時)|发布(?=前|后)|发表(?=评论$)|报告(?![,:])|(?<![天日晨晚一二三四五六])报告"
)
_TOWARDS = re.compile(r"对|维持|上调|下调|调高|调低|重申|上修|下修")
_BYLINE_END = re.compile(r"[^\n]{0,3}[)】〕]")  # (中央社…报导): the verb of a byline, not of the sentence
_TAKES = re.compile(r"[将把]")
_REVISES = re.compile(
    r"[^,;。]{0,20}?(?:[上下]调|调[升降高低至到为]|[上下]修|提[高升到]|降[低至到]|[砍抬升改]到|维持|修[正订])"
)  # 将增长预期上调至3%
_DOCUMENT = re.compile(r"报告|调查|图表|研究")
_BEFORE_JU = tuple("数证凭占收票单论")  # 据 inside 数据, 证据, 占据
_BRACKETED = re.compile(r"\([^()]{0,30}\)")
_GOES_ON = re.compile(r"[并亦]|还(?!有)|同时|另")
_GROUP_REACH = 120
_ACTS = re.compile("要求|呼吁|敦促|威胁|抨击|批评|指责|签署|会见|出席|访问|接受|主张|承诺|强调|作证|发文|开火|炮轰")
_GIVES_OUT = re.compile(r"(?:更新|发布|公布|提交|发表|调整|修改)[^,;。]{0,6}(?:预测|预估|展望|报告|研报|评估|指引)$")
_BY = ("按", "按照", "依照", "参照")
_AND = ("与", "和", "及", "、")
_REVISED_FORECAST = re.compile(
    r"[将把](?=[^,;。]{0,24}(?:[概机几]率|可能性|目标价|展望|指引|评级|[今明后]年|20\d\d年|年底|中值)[^,;。]{0,30}?(?:[上下]调|调[升降高低至到为]|[上下]修|提高到|降低到|维持))"
)
_SAYS_OF_GROUP = re.compile("(?:点阵图|报告|纪要|调查|问卷|摘要)$")
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
        listed: str | None = None  # whose expectation the figure before was
        for number, figure in enumerate(figures):
            expecting = self._find_expecting(sentence, figure)
            if expecting is None and listed and self._visible[figures[number - 1].end : figure.start].strip() in _AND:
                expecting = listed
            listed = expecting
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
            for patterns in ((words.speaking, words.forecasting, _REVISED_FORECAST), (words.according_to,))
        )
        if not (says or cites):
            return attributions
        clauses = split_clauses(self._visible, start, end)
        for number, clause in enumerate(clauses):
            attribution = self._find_according_to(clause) if cites else None
            if attribution is None and says:
                attribution = self._find_saying(clauses, number)
            if attribution is None or self._is_of_document(attribution, attributions):
                continue
            if attribution.speaker is not None:
                self._last, self._unread = attribution.speaker, []
            attributions.append(attribution)
        return attributions

    def _is_of_document(self, attribution: _Attribution, before: Sequence[_Attribution]) -> bool:
        """Whether a group only stands inside what a document says: 点阵图显示，官员预估…."""
        said, outer = attribution.speaker, before[-1].speaker if before else None
        if said is None or outer is None or not self._words.group.fullmatch(self._visible, said.start, said.end):
            return False
        return _SAYS_OF_GROUP.search(self._visible, outer.start, outer.end) is not None

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
        if name is not None and match.group() in _BY and not self._names.can_speak(name):
            return None  # 按现价美元计算, 按年率计
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
        return self._attribute_revision(clause)

    def _attribute_revision(self, clause: Span) -> _Attribution | None:
        """高盛把衰退概率从15%上调至25%: who revises what can only be a forecast."""
        taken = _REVISED_FORECAST.search(self._visible, clause.start + 2, clause.end)
        name = self._names.trim_name(Span(clause.start, taken.start())) if taken else None
        if taken is None or name is None or not self._names.can_speak(name):
            return None
        return _Attribution(taken.end(), name)

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
        if person is None and number and written in ("他", "她"):
            person = self._find_actor(clauses[number - 1])
        if person is not None:
            return _Attribution(match.end(), person, trailing)
        if self._words.pronoun.fullmatch(written) or self._words.resolved.fullmatch(written):
            return _Attribution(match.end(), self._find_last(), trailing)
        if self._words.nobody.fullmatch(written):
            return _Attribution(match.end(), None, trailing)
        return _Attribution(match.end(), name, trailing)

    def _find_actor(self, clause: Span) -> Span | None:
        """Who does in the clause before what only a person does (特朗普当天再度要求降息，他写道…)."""
        if not _ACTS.search(self._visible, clause.start, clause.end):
            return None
        return self._names.find_name_before_time(clause) or self._find_subject_of(clause)

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
        if name is None and number > 0 and self._names.is_only_adverbs(written):
            return self._attribute_going_on(clauses[:number], written, match)
        if name is not None and self._words.pronoun.fullmatch(self._visible, name.start, name.end):
            return self._attribute_pronoun(name, clauses[:number], match)
        says_comma = self._visible.startswith(",", match.end()) and name is not None and name.start <= clause.start + 1
        if name is None or not (says_comma or self._names.can_speak(name)):
            return None
        is_group = self._words.group.fullmatch(self._visible, name.start, name.end)
        is_of_one = is_group and _OF_ITSELF.match(self._visible, match.end())
        if is_of_one or (towards <= 0 and not self._is_right_before(name, (house or before).end)):
            return None
        stands_for_last = self._words.resolved.fullmatch(self._visible, name.start, name.end)
        speaker = self._find_last() if stands_for_last else name
        return _Attribution(match.end() if towards <= 0 else before.end, speaker)

    def _is_right_before(self, name: Span, end: int) -> bool:
        """Whether nothing but adverbs and a post stands between a name and its verb."""
        if self._visible[name.end : name.end + 1] == "》":
            return True
        between = self._words.role.sub("", _BRACKETED.sub("", self._visible[name.end : end]))
        return self._names.is_only_adverbs(between)

    def _attribute_going_on(self, clauses: Sequence[Span], written: str, match: re.Match[str]) -> _Attribution | None:
        """Who speaks on after a comma without being named again: 国会预算办公室上周五更新预测，估计…; 辉达营收570亿美元，并预估…."""
        last = clauses[-1]
        found = [self._find_subject_of(last)]
        if not written.strip(TRIM):
            is_given_out = _GIVES_OUT.search(self._visible, last.start, last.end)
            found = [*found, self._names.find_name_before_time(last)] if is_given_out else []
        elif _GOES_ON.match(written):
            found.append(self._names.find_subject_at(clauses[0]))
        for name in found:
            if name is not None and self._names.can_speak(name):
                return _Attribution(match.end(), name)
        return None

    def _attribute_pronoun(self, pronoun: Span, clauses: Sequence[Span], match: re.Match[str]) -> _Attribution | None:
        """它预测, 他们预计: who begins the clause before, a group just named, or the speaker named last."""
        if not self._names.is_only_adverbs(self._visible[pronoun.end : match.start()]):
            return None
        found = [self._find_subject_of(clauses[-1]), self._names.find_name_before_time(clauses[-1])] if clauses else []
        meant = next((name for name in found if name is not None and self._names.can_speak(name)), None)
        speaker = meant or self._find_group_before(pronoun) or self._find_last()
        return _Attribution(match.end(), speaker) if speaker else None

    def _find_group_before(self, pronoun: Span) -> Span | None:
        """The group (官员们) that 他们 means, if it was named since the last speaker."""
        if self._visible[pronoun.end - 1] != "们":
            return None
        last = self._find_last()
        reach = max(0, pronoun.start - _GROUP_REACH), pronoun.start
        groups = [found for found in self._words.group.finditer(self._visible, *reach) if found.group() != "市场"]
        if not groups or (last is not None and groups[-1].start() <= last.start):
            return None
        named = groups[-1]
        return Span(named.start(), named.end() + self._visible.startswith("们", named.end()))

    def _find_subject_of(self, clause: Span) -> Span | None:
        """The name with which the clause before begins: 川普直接把关税…, 还说…."""
        cut = self._words.after_name.search(self._visible, clause.start + 2, clause.end)
        return self._names.trim_name(Span(clause.start, cut.start())) if cut else None
