import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.sentences import split_clauses, split_sentences


def cut(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("赤字扩大。债务上升!真的?", ["赤字扩大。", "债务上升!", "真的?"]),
        ("他说:“不会降息。”随后离开。", ["他说:“不会降息。”", "随后离开。"]),
        ("通胀率为3.5%,高于预期。", ["通胀率为3.5%,高于预期。"]),
        ("第一段\n\n第二段。", ["第一段", "第二段。"]),
        ("The U.S. deficit grew. It was 6.4 percent.", ["The U.S. deficit grew.", "It was 6.4 percent."]),
    ],
)
def test_sentences(text, sentences):
    assert cut(text) == sentences


def test_lines_broken_to_fit_a_page_are_one_paragraph():
    line = "美国联邦政府的债务在过去的一年里不断增加而且增加的速度越来越快这让许多人感到"
    text = "\n".join([line, line, line[:20] + "。"])
    assert len(split_sentences(text)) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("## 赤字\n", "heading"), ("赤字扩大\n", "heading"), ("| 赤字 | 1 |\n", "table"), ("赤字在扩大。\n", "prose")],
)
def test_kinds(text, kind):
    assert split_sentences(text)[0].kind == kind


def test_clauses_leave_numbers_whole():
    text = "赤字为1,234亿,债务为38万亿;此外,利息上升"
    assert [text[start:end] for start, end in split_clauses(text, 0, len(text))] == [
        "赤字为1,234亿",
        "债务为38万亿",
        "此外",
        "利息上升",
    ]


@given(st.text(max_size=400))
def test_sentences_lie_inside_the_text_in_order_and_hold_all_but_space(text):
    done, kept = 0, 0
    for sentence in split_sentences(text):
        assert done <= sentence.start < sentence.end <= len(text)
        done = sentence.end
        kept += len("".join(text[sentence.start : sentence.end].split()))
    assert kept == len("".join(text.split()))
