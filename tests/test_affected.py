"""How many are affected is taken from a resident's own count."""

import pytest

from dialogs.understanding.affected import affected
from dialogs.understanding.counting import number
from dialogs.understanding.text import fold


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("三十多户没暖气", 30),
        ("二三十户停水", 20),
        ("十几户", 10),
        ("我们这栋楼四十八户都冷", 48),
        ("三百二十六户", 326),
        ("１２０户居民", 120),
        ("上百户停电", 100),
        ("二十家都没暖气", 20),
        ("我们小区2000多人", 2000),
        ("1.2万居民", 12_000),
        ("两百来人堵在门口", 200),
        ("欠三十二个工人的工资", 32),
        ("三十户一百多人", 100),
        ("困了三个人", 3),
        ("about 40 families have no water", 40),
        ("five people are stuck", 5),
        ("整栋楼都没水", 0),
        ("全村", 0),
        ("几百户", 0),
        ("三家饭店油烟大", 0),
        ("每户收500元", 0),
        ("第3户", 0),
        ("我一个人住", 0),
        ("老人90岁", 0),
        ("3单元402住户", 0),
        ("12345人工", 0),
        ("", 0),
    ],
)
def test_households_and_people_are_counted_as_said(text: str, count: int) -> None:
    assert affected(fold(text)) == count


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百零八", 108),
        ("二百五", 250),
        ("二百五十", 250),
        ("一千五百", 1500),
        ("两千", 2000),
        ("一万二", 12_000),
        ("三百万", 3_000_000),
        ("1.5万", 15_000),
        ("30", 30),
        ("多少", None),
        ("", None),
    ],
)
def test_numerals_are_read(words: str, value: int | None) -> None:
    assert number(words) == value
