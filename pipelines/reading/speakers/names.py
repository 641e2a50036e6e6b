"""The speaker's own name, cut out of what stands before a verb of saying."""

import re

from pipelines.reading.metrics.lexicon import read_lexicon
from pipelines.reading.periods.dates import remove_times
from pipelines.reading.sentences import Span
from pipelines.reading.speakers.words import read_speaker_words

_TITLE = re.compile(r"《([^《》]{1,40})》")
_BRACKET_AT_END = re.compile(r"\s*\([^()]{0,60}\)?\s*$")
TRIM = ' \t　,、:;"“”「」『』‘’《》()【】*#>-—'
_TIME_TAIL = re.compile(
    r"(?:(?:19|20)\d\d\s?年|\d{1,2}\s?月(?:份)?|\d{1,2}\s?[日号]|[本上下]?(?:周|星期|礼拜)[一二三四五六日天]|[本上下]周|上星期|[今昨]\s?\(\d{1,2}\)\s?[日晚早晨]|(?:当地|美东|美国东部|北京)时间|今天|昨天|今日|昨日|[琴寻][日晚]|前一[天日]|(?:收[市盘]|盘|会)后|盘前|隔天|翌日|次日|今年|去年|[本上]个?月(?:初|底|末|中旬?|[上下]旬)?|当天|当日|同[日天]|同一天|上旬|中旬|下旬|[一二三四五六七八九十]{1,3}[月日]|年底|月底|目前|现在|当前|凌晨|早上|下午|晚间|上午|\s)+$"
)
_TIME_HEAD = re.compile(_TIME_TAIL.pattern.removesuffix("$"))
_PERSON = re.compile(r"[·•.\-A-Za-z ]{2,30}|[^\W\d_a-zA-Z]{2,4}(?:[·•][^\W\d_]{1,6})?")
_PERSON_OF_HOUSE = re.compile(r"的([^\W\d_a-zA-Z]{1,6}[·•][^\W\d_]{1,8})$")  # 穆迪分析公司的马克·赞迪
_PERSON_AT_END = re.compile(r"([^\W\d_a-zA-Z]{1,12}[·•][^\W\d_]{1,8})[,\s]*$")
_LETTER = re.compile(r"[^\W_]")
_LONGEST_NAME = 30
# No name holds a figure or a date, or begins like a phrase of place or time (在延迟了一个半月之后公布的报告).
_NO_NAME = re.compile(
    r"[%$]|\d+(?:\.\d+)?\s?(?:[年月日个万亿倍成]|百分)|^(?:在(?!野|线)|截至|截止|随着|由于|面对|自从|经过|每)"
)
_LIST_NUMBER = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})[、.]\s?|[(〔【[](?:\d{1,2}|[一二三四五六七八九十])[)〕】\]]\s?"
)
_CLOSING = ")】〕]"  # of what stands before the name: 【财新网】, (北京综合讯)
_OPENING = "(【〔["
_LATIN_BEFORE = re.compile(r"(?:[A-Za-z][A-Za-z.&' -]{1,30},\s?){1,3}$")
_HOUSES = ("研究所", "交易所", "事务所")  # whose last character also stands between a name and a verb
_HOW_MANY = re.compile(
    "(?:绝?大)?多数|半数|部分|少数|一些|不少|许多|很多|多位|几位|数位|两位|一位|另一位|其他|所有|全体"
)  # 多数官员
_NO_POST_BEFORE = ("委员会", "团", "公司", "会议", "室")  # 顾问委员会


class NameReader:
    """Finds the names of speakers in one article.

    Args:
        visible: its own text, normalised.
    """

    def __init__(self, visible: str) -> None:
        self._visible = visible
        self._words = read_speaker_words()
        self._measures = read_lexicon().measure_finder

    def can_speak(self, name: Span) -> bool:
        """Tell whether a name is of somebody who can expect and estimate."""
        written = self._visible[name.start : name.end]
        if self._words.cannot_speak_at_end.search(written):
            return False
        if self._words.can_speak_at_end.search(written) or self._visible[name.end : name.end + 1] == "》":
            return True
        subjects = read_lexicon().subject_pattern
        return (
            written.isascii()
            or subjects.fullmatch(written) is not None
            or self._words.role.match(self._visible, name.end) is not None
        )

    def is_only_adverbs(self, written: str) -> bool:
        """Tell whether a piece of text holds no name: only times, adverbs and marks."""
        rest = self._words.before_name.sub("", self._words.after_name.sub("", remove_times(written)))
        return _LETTER.search(rest) is None

    def strip_adverbs(self, written: str) -> str:
        """Return a piece of text without the words at its end that stand between a name and the verb."""
        while True:
            shorter = self._words.after_name_at_end.sub("", written).rstrip(TRIM)
            if shorter == written or not shorter or written.endswith(_HOUSES):
                return written
            written = shorter

    def trim_name(self, span: Span) -> Span | None:
        """Cut a stretch before a verb down to the speaker's name; None where none is left."""
        title = _TITLE.search(self._visible, span.start, span.end)
        if title:
            return Span(title.start(1), title.end(1))
        person = _PERSON_OF_HOUSE.search(self._visible, span.start, span.end)
        if person:
            return Span(person.start(1), person.end(1))
        start, end = self._trim_front(self._cut_byline(span))
        start, end = self._trim_back(start, end)
        if start >= end:
            return None
        start, end = self._choose_person(start, end)
        written = self._visible[start:end]
        if not 0 < len(written) <= _LONGEST_NAME or not any(char.isalpha() for char in written):
            return None
        if (
            self.is_only_adverbs(written)
            or self._words.nobody.fullmatch(written)
            or self._names_measure(start, end)
            or remove_times(written).strip() == ""
            or _NO_NAME.search(written)
        ):
            return None
        return Span(self._find_latin_start(start), end)

    def find_person_at_end(self, clause: Span) -> Span | None:
        """Return the person with whose name a clause ends (新理事斯蒂芬·米兰, 他…), None if it ends otherwise."""
        found = _PERSON_AT_END.search(self._visible, clause.start, clause.end)
        return self.trim_name(Span(found.start(1), found.end(1))) if found else None

    def find_subject_at(self, clause: Span) -> Span | None:
        """Return the company or house of seeds/subjects.toml with which a clause begins, without a bracket behind it."""
        start, _ = self._trim_front(self._cut_byline(clause))
        found = read_lexicon().subject_pattern.match(self._visible, start, clause.end)
        return Span(found.start(), found.end()) if found else None

    def find_name_before_time(self, clause: Span) -> Span | None:
        """Return the name between the beginning of a clause and a time behind it (穆迪5月16日摘掉…)."""
        time = _TIME_HEAD.search(self._visible, clause.start + 2, clause.end)
        return self.trim_name(Span(clause.start, time.start())) if time else None

    def _cut_byline(self, span: Span) -> Span:
        """Leave out what an unopened or leading bracket closes before the name, and a list number."""
        start, end = span
        depth = 0
        for place in range(start, end):
            char = self._visible[place]
            if char in _OPENING:
                depth += place > start
            elif char in _CLOSING and depth:
                depth -= 1
            elif (char in _CLOSING or char in "—─") and place + 1 < end:
                start = place + 1
        number = _LIST_NUMBER.match(self._visible, start, end)
        return Span(number.end() if number else start, end)

    def _find_latin_start(self, start: int) -> int:
        """Where a name of several Latin words with commas begins (Challenger, Gray & Christmas)."""
        if not "A" <= self._visible[start].upper() <= "Z":
            return start
        before = _LATIN_BEFORE.search(self._visible, max(0, start - _LONGEST_NAME), start)
        return before.start() if before else start

    def _names_measure(self, start: int, end: int) -> bool:
        """Whether a stretch ends in what is measured (美国第二季GDP终值): no speaker."""
        written = self._visible[start:end]
        if self._words.can_speak_at_end.search(written):
            return False
        return any(stop == len(written) for _, stop in self._measures.find(written))

    def _trim_front(self, span: Span) -> Span:
        start, end = span
        while start < end:
            if self._visible[start] in TRIM:
                start += 1
                continue
            match = self._words.before_name.match(self._visible, start, end)
            time = _TIME_HEAD.match(self._visible, start, end)
            step = match.end() if match else time.end() if time else start
            if step == start:
                break
            start = step
        return Span(start, end)

    def _trim_back(self, start: int, end: int) -> Span:
        """Cut at the first word that can no longer belong to the name, then times, brackets and sources from its end."""
        for cut in self._words.after_name.finditer(self._visible, start + 1, end):
            is_name = cut.start() - start >= 2 or self._words.pronoun.fullmatch(self._visible, start, cut.start())
            if is_name and not self._is_inside_name(start, cut):
                end = cut.start()
                break
        while start < end:
            written = self._visible[start:end]
            shorter = written.rstrip(TRIM.replace(")", ""))
            shorter = _BRACKET_AT_END.sub("", shorter)
            shorter = _TIME_TAIL.sub("", shorter)
            if shorter == written:
                break
            end = start + len(shorter)
        return Span(start, end)

    def _is_inside_name(self, start: int, cut: re.Match[str]) -> bool:
        """Characters such as 在 and 会 also stand inside names (国会, 委员会, 联合国)."""
        if self._visible[cut.start() - 1 : cut.end()] in (
            "国会",
            "员会",
            "协会",
            "工会",
            "峰会",
            "大会",
            "年会",
            "联会",
            "商会",
            "理事会",
            "学会",
            "基会",
            "金会",
            "准会",
            "监会",
            "总会",
            "公会",
            "议会",
            "商所",
            "易所",
            "究所",
            "务所",
            "交所",
        ):
            return True
        return self._visible.startswith("联合国", cut.start()) or (cut.start() == start)

    def _choose_person(self, start: int, end: int) -> Span:
        """Of house, post and person take the person, without a person the house (摩根士丹利分析师)."""
        last: re.Match[str] | None = None
        for found in self._words.role.finditer(self._visible, start, end):
            if not self._visible.startswith(_NO_POST_BEFORE, found.end()):
                last = found
        if last is None:
            return Span(start, end)
        rest = self._visible[last.end() : end].strip(TRIM)
        if rest and _PERSON.fullmatch(rest):
            begin = self._visible.index(rest, last.end())
            return Span(begin, begin + len(rest))
        if last.start() > start and last.end() - 1 <= end:
            house = self._visible[start : last.start()].rstrip(TRIM + "的")
            if house and self._words.role.fullmatch(house) is None and not _HOW_MANY.fullmatch(house):
                return Span(start, start + len(house))
        return Span(start, end)
