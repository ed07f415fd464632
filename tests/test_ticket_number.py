"""Ticket numbers are easy to say and to key in, and a slip of one digit is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.ticket_number import find_number, format_number, looks_like_number, parse_number

ID = 261123_000123
IDS = st.builds(
    lambda year, month, day, sequence: int(f"{year:02}{month:02}{day:02}{sequence:06}"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 31),
    st.integers(0, 999_999),
)


def test_a_number_shows_date_sequence_and_check_digit() -> None:
    assert format_number(ID) == "261123-000123-4"


@pytest.mark.parametrize(
    "text",
    [
        "261123-000123-4",
        "2611230001234",
        "261123 000123 4",
        "２６１１２３－０００１２３－４",
        "261123—000123—4",
        "二六一一二三〇〇〇一二三四",
        "二六一一二三 〇〇〇一二三 四",
        "二六幺幺二三洞洞洞幺两三四",
        "二六一一二三杠零零零一二三杠四",
        "查询 261123-000123-4",
        "我的工单261123-000123-4怎么样了？",
        "编号261123-000123-4 三天没人管",
        "电话13800001234，编号2611230001234。",
        "status of 261123-000123-4 please",
    ],
)
def test_a_number_is_read_however_it_is_written_or_said(text: str) -> None:
    assert parse_number(text) == ID
    assert find_number(text) == ID
    assert not looks_like_number(text)


@pytest.mark.parametrize(
    "text", ["", "暖气不热", "13812345678", "010-62345678", "5号楼3单元1202", "三天了", "12345"]
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert parse_number(text) is None
    assert not looks_like_number(text)


@pytest.mark.parametrize(
    "text",
    ["261123-000123-5", "261123-00123-4", "261123000123", "26112300012344", "编号00123456"],
)
def test_a_wrong_number_is_noticed_as_an_attempt(text: str) -> None:
    assert parse_number(text) is None
    assert looks_like_number(text)


def test_a_date_that_cannot_be_is_refused() -> None:
    assert parse_number(format_number(261323_000123)) is None


@given(IDS)
def test_every_number_is_read_back(ticket_id: int) -> None:
    assert parse_number(format_number(ticket_id)) == ticket_id


@given(IDS, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(ticket_id: int, place: int, shift: int) -> None:
    figures = format_number(ticket_id).replace("-", "")
    wrong = str((int(figures[place]) + shift) % 10)
    assert parse_number(figures[:place] + wrong + figures[place + 1 :]) is None


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    parse_number(text)
    looks_like_number(text)
