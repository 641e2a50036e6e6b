"""The bytes of an article -> its text, with nothing translated or left out; or the reason why they are no text."""

from pipelines.errors import ArticleError
from pipelines.reading.invisible import escape_invisible, find_override

# Characters that make up about a third of any Chinese text, in both scripts: how a wrong decoding is told from a right one.
_FREQUENT = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們到作地于於出就分对對成会會可主年发發经經十三之进進着著等部度家而多能说說,，。、：年月日美元"
)
_LIKE_CHINESE = 0.08  # the share of those characters from which on a text is taken as Chinese
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


def decode_article(raw: bytes, *, where: str) -> tuple[str, str]:
    """Return the text of an article's bytes and the name of its encoding, with nothing translated or left out.

    Args:
        raw: the file's bytes.
        where: the file, for the message.

    Raises:
        ArticleError: empty, binary, in no known encoding, or with bidirectional overrides, which show other figures than are stored.
    """
    where = escape_invisible(where)
    text, encoding = _decode(raw, where)
    if not text.strip("\ufeff \t\r\n\v\f\u3000"):
        raise ArticleError(f"{where} is empty; save the article's text in it or remove it")
    _refuse_controls(text, where)
    override = find_override(text)
    if override is not None:
        raise ArticleError(
            f"{where} holds a bidirectional override at character {override:,}, which shows its figures in another order than they are stored; "
            "remove it"
        )
    return text, encoding


def _decode(raw: bytes, where: str) -> tuple[str, str]:
    if not raw.strip():
        raise ArticleError(f"{where} is empty; save the article's text in it or remove it")
    if raw.startswith(_UTF_32):
        raise ArticleError(f"{where} is in UTF-32; save it as UTF-8")
    if raw[:2] in _UTF_16:
        return _decode_utf_16(raw, where), "utf-16"
    if b"\0" in raw:
        raise ArticleError(
            f"{where} is not text (it holds a zero byte at {raw.index(0):,}); give a text, Markdown or HTML file in UTF-8"
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(raw, where, error.start)
    return text, "utf-8-sig" if text.startswith("\ufeff") else "utf-8"


def _decode_utf_16(raw: bytes, where: str) -> str:
    """UTF-16 is told by its byte order mark alone, which any binary file may begin with: what comes out has to read like text."""
    try:
        text = raw.decode(_UTF_16[raw[:2]])
    except UnicodeDecodeError as error:
        raise ArticleError(f"{where} begins like UTF-16 and byte {error.start:,} breaks it; save it as UTF-8") from None
    sample = text[1:20_001]
    plain = sum(char.isascii() and (char.isprintable() or char in "\t\r\n") for char in sample)
    if "\0" in text or (plain * 2 < len(sample) and _measure_chinese(sample) < _LIKE_CHINESE):
        raise ArticleError(f"{where} begins like UTF-16 and is no text; save the article as UTF-8")
    return text


def _decode_legacy(raw: bytes, where: str, position: int) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    for name, codec in (("gb18030", "gb18030"), ("big5", "big5hkscs"), ("big5", "cp950")):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        likeness = _measure_chinese(text)
        if best is None or likeness > best[0]:
            best = (likeness, text, name)
    if best is None or best[0] < _LIKE_CHINESE:
        raise ArticleError(
            f"{where} is not UTF-8 (byte {position:,} breaks it) and reads neither as GB18030 nor as Big5; save it as UTF-8"
        )
    return best[1], best[2]


def _measure_chinese(text: str) -> float:
    """The share of frequent Chinese characters among those that are not ASCII, in the first 20,000."""
    letters = [char for char in text[:20_000] if char > "\x7f"]
    return sum(char in _FREQUENT for char in letters) / len(letters) if letters else 0.0


def _refuse_controls(text: str, where: str) -> None:
    for sample in (text[:4096], text[-4096:]):
        if sum(char < " " and char not in "\t\n\r\f\v" for char in sample) > len(sample) // 10:
            raise ArticleError(
                f"{where} is not text (it is full of control characters); give a text, Markdown or HTML file in UTF-8"
            )
