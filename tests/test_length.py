"""How long texts are as SMS, and where they are cut."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.length import BREAKS, measure, split

NUMBER = "261123-000123-4"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("[12345] ok", "GSM-7", 12, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),  # the euro sign moves on whole
        ("èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", "GSM-7", 38, 1),
        ("ç", "UCS-2", 1, 1),
        ("`", "UCS-2", 1, 1),
        ("暖" * 70, "UCS-2", 70, 1),
        ("暖" * 71, "UCS-2", 71, 2),
        ("暖" * 134, "UCS-2", 134, 2),
        ("暖" * 135, "UCS-2", 135, 3),
        ("a" * 69 + "暖", "UCS-2", 70, 1),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("暖" * 66 + "😀" + "暖" * 66, "UCS-2", 134, 3),  # nor is a surrogate pair torn
        ("𠮷" * 34, "UCS-2", 68, 1),
    ],
)
def test_a_text_is_counted_as_operators_count_it(
    text: str, encoding: str, units: int, segments: int
) -> None:
    length = measure(text)
    assert (length.encoding, length.units, length.segments) == (encoding, units, segments)


def test_what_fits_is_one_part() -> None:
    assert split("暖" * 335, 5) == ("暖" * 335,)


def test_nothing_gives_no_parts() -> None:
    assert split("  \n", 5) == ()


def test_a_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    first, second = "供热公司今天上午检修。" * 5, "下午恢复供热之后会再给您回个电话。" * 4
    assert split(first + second, 1) == (first, second)


def test_a_line_end_is_a_better_cut_than_a_sentence_end() -> None:
    assert split("好。" * 25 + "\n" + "好。" * 20, 1) == ("好。" * 25, "好。" * 20)


@pytest.mark.parametrize("shift", range(30))
def test_a_ticket_number_is_never_cut(shift: int) -> None:
    parts = split("字" * (50 + shift) + NUMBER + "字" * 40, 1)
    assert any(NUMBER in part for part in parts)


def test_an_emoji_keeps_its_variation() -> None:
    parts = split("字" * 68 + "❤\ufe0f\ufe0f" + "字", 1)
    assert parts[1].startswith("❤")


@given(
    st.text(
        alphabet=string.ascii_letters + " .,\n暖气不热。，！12345-😀€[]é\u0301\ufe0f", max_size=900
    ),
    st.integers(1, 5),
)
def test_parts_fit_and_lose_nothing_but_blanks(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(1 <= measure(part).segments <= most for part in parts)
    assert all(len(part) <= 1600 for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@given(st.text(alphabet="字。，A1- \n", min_size=100, max_size=900))
def test_a_part_is_not_needlessly_short(text: str) -> None:
    parts = split(text, 1)
    assert all(len(part) >= 20 for part in parts[:-1] if not BREAKS[0].search(text))
