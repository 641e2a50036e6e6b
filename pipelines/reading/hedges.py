"""How firmly a figure is stated: 约, 近, 超过, 不到, 以上 and the like, from seeds/hedges.csv."""

import csv
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import SeedError
from pipelines.places import SEEDS
from pipelines.reading.quantities import Quantity

FILE = SEEDS / "hedges.csv"
POSITIONS = ("before", "after", "either", "inside")
BOUNDS = ("approx", "below", "above", "eq")
_COLUMNS = ["word", "position", "bound", "reach_below", "reach_above", "note"]

# What may stand between a hedge and its figure: 超过了, 约为, 差不多在, 逼近到.
_CONNECTORS = frozenset(" 的了至达到于为在有出是占合着省慳悭增减升降涨跌\"“”「『'‘’")
_MOST_CONNECTORS = 4
_PER = re.compile(
    r"(?:每[桶股吨盎加年月日天周位人户台辆张件公平克枚年度][司仑斤克里方]?|平均|人均|日均|年均|月均)[ ]?\Z"
)
# Over a noun phrase (逼近GDP的100%) a hedge reaches a share or multiple of it; not where the phrase names a figure to compare with.
_PHRASE = "[^，。,;；:：！!？?、\n]{1,24}的[ ]?$"
_COMPARED = re.compile(
    "预期|预测|预估|预计|估计|前值|前月|上月|上季|上年|去年|前年|前一|此前|同期|均值|平均|目标|之前|初值|水平|增速|当时|原来|认为|建议|要求|[0-9]"
)
# 合约, 节约 and 纽约 hold no 约; 最近 and 附近 no 近; 想不到 no 不到.
_PARTS_OF_WORDS = {"约": "合节条契制纽公履违签缔预毁特", "近": "最附邻亲就", "不到": "想看得找做收见遇买拿料听猜赶受识", "超": "赤", "破": "突", "达": "表到",
                   "只": "不", "才": "人", "共": "公中", "过": "不经通超", "逾": "", "最低": "", "几乎": ""}  # fmt: skip
_WORDS_GOING_ON = {
    "多": "个数年家于次种元方样边少久么月出", "强": "劲势烈调大化度制不于", "弱": "势点化", "起": "来伏诉义源因初码到了", "内": "部阁存容外需销卷", "级": "市",
    "余": "下地", "左右": "了着两", "以上": "述", "以内": "", "上下": "游文", "许": "多可", "余额": "", "+": "0123456789",
}  # fmt: skip
_HELD_AGAINST = re.compile("[比较][^，。,;；]{0,16}$")
_LIST_TO_LEVEL = re.compile(
    "(?:[、,] ?(?:甚至|乃至|或|和)?[上几数]?[0-9.一二三四五六七八九十百千万亿兆]+){1,4}(?:级别|量级|级)"
)
_INSIDE = ("多", "余", "来", "几")
# 没有低于 is no 低于: a negation right before a hedge, or before the verb of a level that is not reached (还没有降到2%), turns it round.
_NEGATION = (
    r"(?:(?<!有)没有?|没能|未(?:能|曾|有)?|不曾|不(?:太|大)?(?:会|可能|可|能|应|得)|无法|难以|绝不|决不|并不|并非|不是|不再)"
    r"(?:再|曾|真正|明显|轻易|大幅|一直|始终|如预?期|像[^，。,;；]{1,8}(?:那样|一样|那般))?"
)
_NEGATED = re.compile(rf"{_NEGATION}$")
_NOT_REACHED = re.compile(
    rf"{_NEGATION}(?:(?P<down>下?[降跌滑]|回落|下[降跌滑]|降低|缩[小减]|减少)|上?[升涨]|回升|反弹|站上|上[升涨]|增[加长]|攀升|扩大)[到至回了]+ ?$"
)
_REACHED_LAST = frozenset("到至回了 ")
_NEGATIVE = tuple("不没未无难")
_AT_MOST, _AT_LEAST = "不超过", "不低于"
_NEGATION_REACH = 20


@dataclass(frozen=True, slots=True)
class HedgeWord:
    """One entry of seeds/hedges.csv.

    Attributes:
        word: Simplified.
        position: `before`, `after` or on `either` side of the figure, or `inside` it only (二十来万).
        bound: `approx`, `below`, `above` or `eq`.
        reach_below: how far under the figure, as a share of it, the official value may lie; infinite where open.
        reach_above: how far over it.
    """

    word: str
    position: str
    bound: str
    reach_below: float
    reach_above: float


@dataclass(frozen=True, slots=True)
class Hedge:
    """How firmly one figure is stated.

    Attributes:
        bound: `eq`, `approx`, `below`, `above` or `range`.
        word: the hedge word as it stands in seeds/hedges.csv, None if there is none.
        vague: only the order of magnitude is said.
    """

    bound: str
    word: str | None
    vague: bool


def read_hedge_words(path: Path = FILE) -> list[HedgeWord]:
    """Return the entries of a hedge file, checked.

    Raises:
        SeedError: the file is missing, is no CSV in UTF-8 with its six columns, or an entry has no word, is there twice, or has an
            unknown position, bound or reach.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _COLUMNS:
                raise SeedError(f"{path}, line 1: the columns are {rows.fieldnames}; write {','.join(_COLUMNS)}")
            entries = [_check_row(f"{path}, line {rows.line_num}", row) for row in rows]
    except FileNotFoundError:
        raise SeedError(f"{path} is missing; restore it from the repository") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SeedError(f"{path} is not CSV in UTF-8 ({error}); save it as CSV in UTF-8") from None
    seen: set[str] = set()
    for line, entry in enumerate(entries, start=2):
        if entry.word in seen:
            raise SeedError(f"{path}, line {line}: {entry.word} is there twice; leave one of the two")
        seen.add(entry.word)
    return entries


def _check_row(where: str, row: dict[str | None, str]) -> HedgeWord:
    if None in row or None in row.values():
        raise SeedError(f"{where}: not six columns; write {','.join(_COLUMNS)}")
    if not row["word"].strip():
        raise SeedError(f"{where}: no word; write one or remove the line")
    if row["position"] not in POSITIONS:
        raise SeedError(
            f"{where}, {row['word']}: position {row['position']!r} is none; use one of {', '.join(POSITIONS)}"
        )
    if row["bound"] not in BOUNDS:
        raise SeedError(f"{where}, {row['word']}: bound {row['bound']!r} is none; use one of {', '.join(BOUNDS)}")
    below, above = (_check_reach(f"{where}, {row['word']}", row[column]) for column in ("reach_below", "reach_above"))
    return HedgeWord(row["word"], row["position"], row["bound"], below, above)


def _check_reach(where: str, written: str) -> float:
    if written == "open":
        return float("inf")
    try:
        reach = float(written)
    except ValueError:
        reach = -1.0
    if not 0 <= reach < 1:
        raise SeedError(
            f"{where}: reach {written!r} is neither open nor a share from 0 to under 1; write one, such as 0.05"
        )
    return reach


@dataclass(frozen=True, slots=True)
class _Words:
    before: dict[str, list[HedgeWord]]  # by their last character, longest first
    after: dict[str, list[HedgeWord]]  # by their first character, longest first
    over_phrase: re.Pattern[str]
    by_word: dict[str, HedgeWord]


@functools.cache
def _load_words() -> _Words:
    entries = sorted(read_hedge_words(), key=lambda entry: -len(entry.word))
    before = [entry for entry in entries if entry.position in {"before", "either"}]
    far = [
        re.escape(entry.word)
        for entry in before
        if len(entry.word) > 1 and entry.bound != "eq" and entry.word not in {"低于", "高于", "大于"}
    ]
    return _Words(
        before=_group(before, -1),
        after=_group((entry for entry in entries if entry.position in {"after", "either"}), 0),
        over_phrase=re.compile(f"(?:({'|'.join(far)})|(?<![{_PARTS_OF_WORDS['约']}])(约)(?=[占为是合]))({_PHRASE})"),
        by_word={entry.word: entry for entry in entries},
    )


def _group(entries: Iterable[HedgeWord], place: int) -> dict[str, list[HedgeWord]]:
    groups: dict[str, list[HedgeWord]] = {}
    for entry in entries:
        groups.setdefault(entry.word[place], []).append(entry)
    return groups


def find_hedge(normalised: str, quantity: Quantity, text: str) -> Hedge:
    """Return how firmly a figure is stated, by the words beside it.

    Args:
        normalised: `normalise(text)`.
        quantity: the figure.
        text: the text as stored; must be as long as `normalised`.

    Returns:
        Its bound and the word that says so. A hedge reaches its own figure only; a range is `range`, an order of magnitude alone
        `approx`.

    Raises:
        ValueError: the two texts are not of one length.
    """
    if len(text) != len(normalised):
        raise ValueError("text and normalised are not of one length; pass normalise(text)")
    words = _load_words()
    before = _find_before(normalised, quantity, words)
    if quantity.is_range:
        return Hedge("range", before.word if before else None, quantity.vague)
    after = _find_inside(normalised, quantity, words) or _find_after(normalised, quantity, words)
    chosen = before
    if before is None or (after is not None and before.bound in {"eq", "approx"} and after.bound != "approx"):
        chosen = after or before
        chosen = _turn_unreached(normalised, quantity, chosen, words)
    if chosen is None or (chosen.bound == "eq" and quantity.vague):
        return Hedge("approx" if quantity.vague else "eq", chosen.word if chosen else None, quantity.vague)
    return Hedge(chosen.bound, chosen.word, quantity.vague)


def _find_before(text: str, quantity: Quantity, words: _Words) -> HedgeWord | None:
    position = quantity.start
    for _ in range(_MOST_CONNECTORS + 1):
        if not position:
            return None
        char = text[position - 1]
        for entry in words.before.get(char, ()):
            if (
                text.startswith(entry.word, position - len(entry.word))
                and position >= len(entry.word)
                and _stands_alone(text, position, entry, quantity)
            ):
                return _turn_negated(text, position - len(entry.word), entry, words)
        if char == "的" and position == quantity.start - (text[quantity.start - 1] == " "):
            return _find_over_phrase(text, quantity, words)
        if position == quantity.start and (per := _PER.search(text, max(0, position - 5), position)):
            position = per.start()
            continue
        if char not in _CONNECTORS:
            return None
        position -= 1
    return None


def _turn_negated(text: str, start: int, entry: HedgeWord, words: _Words) -> HedgeWord:
    """The hedge that a negation before it makes: 没有低于 is at least, 不可能超过 and 没有接近 at most."""
    if entry.bound not in {"above", "below"} or entry.word.startswith(_NEGATIVE):
        return entry
    if _NEGATED.search(text, max(0, start - _NEGATION_REACH), start) is None:
        return entry
    is_limit = entry.bound == "below" and entry.reach_below == float("inf")
    return words.by_word.get(_AT_LEAST if is_limit else _AT_MOST, entry)


def _turn_unreached(text: str, quantity: Quantity, chosen: HedgeWord | None, words: _Words) -> HedgeWord | None:
    """The hedge of a level that is said not to be reached: 没有降到2%以下 is at least, 未能升至4% at most."""
    if text[quantity.start - 1 : quantity.start] not in _REACHED_LAST:
        return chosen
    found = _NOT_REACHED.search(text, max(0, quantity.start - _NEGATION_REACH), quantity.start)
    if found is None:
        return chosen
    return words.by_word.get(_AT_LEAST if found["down"] else _AT_MOST, chosen)


def _stands_alone(text: str, end: int, entry: HedgeWord, quantity: Quantity) -> bool:
    start = end - len(entry.word)
    earlier = text[start - 1 : start]
    if entry.word == "过" and not (quantity.vague or text[quantity.start] == "半"):
        return False
    if entry.word[0].isascii() and entry.word[0].isalpha() and earlier.isascii() and earlier.isalpha():
        return False
    return not (earlier and earlier in _PARTS_OF_WORDS.get(entry.word, ""))


def _find_over_phrase(text: str, quantity: Quantity, words: _Words) -> HedgeWord | None:
    if quantity.unit not in {"percent", "ratio"}:
        return None
    reached = list(words.over_phrase.finditer(text, max(0, quantity.start - 30), quantity.start))
    if not reached:
        return None
    found = reached[-1]
    if quantity.unit == "percent" and _COMPARED.search(found[3]):
        return None
    return _turn_negated(text, found.start(), words.by_word[found[1] or found[2]], words)


def _find_inside(text: str, quantity: Quantity, words: _Words) -> HedgeWord | None:
    for char in _INSIDE:
        place = text.find(char, quantity.start + 1, quantity.end)
        if place > 0 and (char != "来" or quantity.unit != "other"):
            return words.by_word[char]
    return None


def _find_after(text: str, quantity: Quantity, words: _Words) -> HedgeWord | None:
    position = quantity.end
    char = text[position : position + 1]
    if char == " ":
        position += 1
        char = text[position : position + 1]
    if char == "(":
        close = text.find(")", position, position + 14)
        if close > 0 and not text.startswith(("(含)",), position):
            position, char = close + 1, text[close + 1 : close + 2]
    for entry in words.after.get(char, ()):
        end = position + len(entry.word)
        following = text[end : end + 1]
        is_other_word = following and following in _WORDS_GOING_ON.get(entry.word, "")
        if not text.startswith(entry.word, position) or is_other_word:
            continue
        if entry.word.startswith("还要") and _HELD_AGAINST.search(text, max(0, quantity.start - 20), quantity.start):
            return None  # 比军费的9170亿还要多: the figure itself is what it is
        return entry
    if char in {"、", ","} and _LIST_TO_LEVEL.match(text, position):
        return words.by_word["级别"]
    return None
