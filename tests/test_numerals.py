"""Small numbers are read however they are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.understanding.numerals import choice_number, digits
from dialogs.understanding.text import command_word, fold


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("２", 2), ("1.", 1), ("3、", 3), ("一", 1), ("两", 2), ("十", 10), ("十一", 11),
        ("第二个", 2), ("第2项", 2), ("选三", 3), ("按4", 4), ("我选第一个", 1), ("二吧", 2), ("两个", 2),
        ("two", 2), ("Third", 3), ("the second one", 2), ("number 2", 2), ("option two", 2), (" 2 ", 2),
    ],
)  # fmt: skip
def test_a_choice_is_read(text: str, number: int) -> None:
    assert choice_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "暖气不热", "一楼", "12345", "一二", "两天了", "no", "yes", "第", "个", "3单元", "一个人"],
)
def test_what_is_not_a_choice_is_left_alone(text: str) -> None:
    assert choice_number(text) is None


def test_folding_keeps_the_length_and_simplifies_each_character() -> None:
    assert fold("豐臺區衞生著甯ＡＢ１２㎡…") == "丰台区卫生着宁ab12㎡…"


def test_a_command_is_read_without_its_punctuation() -> None:
    assert command_word("　查詢。 ") == "查询"


@given(st.text())
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert len(digits(text)) == len(text)
    choice_number(text)
