"""The words of seeds/speakers.toml: verbs of saying, sources, posts, and what stands around a name."""

import re
from functools import cache
from typing import NamedTuple

from pipelines.reading.words import WordFile, compile_words

_TABLES = (
    "speaking", "forecasting", "according_to", "source", "resolved", "pronoun", "nobody", "can_speak", "group", "role", "before_name",
    "after_name",
)  # fmt: skip


class SpeakerWords(NamedTuple):
    """The patterns of the file, by table; `…_at_end` matches at the end of a stretch only."""

    speaking: re.Pattern[str]
    forecasting: re.Pattern[str]
    according_to: re.Pattern[str]
    source: re.Pattern[str]
    source_at_end: re.Pattern[str]
    resolved: re.Pattern[str]
    pronoun: re.Pattern[str]
    nobody: re.Pattern[str]
    can_speak_at_end: re.Pattern[str]
    cannot_speak_at_end: re.Pattern[str]
    expected_by: re.Pattern[str]
    group: re.Pattern[str]
    role: re.Pattern[str]
    before_name: re.Pattern[str]
    after_name: re.Pattern[str]
    after_name_at_end: re.Pattern[str]


@cache
def read_speaker_words() -> SpeakerWords:
    """Read seeds/speakers.toml.

    Raises:
        SeedError: the file does not say what it must.
    """
    file = WordFile("speakers.toml")
    file.check_tables(_TABLES)

    def read(table: str, key: str = "words") -> re.Pattern[str]:
        return compile_words(file.read_words(table, file.tables.get(table, {}), key, needed=True))

    def at_end(pattern: re.Pattern[str]) -> re.Pattern[str]:
        return re.compile(f"(?:{pattern.pattern})$")

    source, can_speak, group, after_name = read("source"), read("can_speak"), read("group"), read("after_name")
    return SpeakerWords(
        read("speaking"), read("forecasting"), read("according_to"), source, at_end(source), read("resolved"), read("pronoun"),
        read("nobody"), at_end(can_speak), at_end(read("can_speak", "not")),
        re.compile(rf"({group.pattern})(?:普遍|此前|原先|先前|原本|平均|一致)?(?:的)?(?:预期|预估|预测|预计|估计|以为)(?:值|中值|中位数)?(?:的|为|是|会|将)?(?:增长|增加|成长|上升|下降|减少|新增|萎缩|多出|[升降涨跌增减])?(?:约|近|逾)?\s?$", re.IGNORECASE),
        group,
        read("role"), read("before_name"), after_name,
        at_end(after_name),
    )  # fmt: skip
