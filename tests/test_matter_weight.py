"""What speaks for a topic is weighed: the matter itself beats what is said around it."""

from functools import cache

import pytest

from dialogs.understanding.passing import passing
from dialogs.understanding.reader import Reader
from tests.catalogue import beijing


@cache
def reader() -> Reader:
    return Reader(beijing())


def topic(text: str) -> str:
    return reader().understand(text).topic


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("宽带老断，客服推来推去", "T011"),
        ("小卖部门前三包没人管", "T094"),
        ("小卡片撕不完，保洁也不管", "T034"),
        ("物业费涨价", "T015"),
    ],
)
def test_words_that_may_be_said_of_anything_yield_to_the_thing(text: str, code: str) -> None:
    assert topic(text) == code


@pytest.mark.parametrize(("text", "code"), [("客服不理人", "T050"), ("领导不作为", "T082")])
def test_words_that_may_be_said_of_anything_name_it_where_nothing_else_does(
    text: str, code: str
) -> None:
    assert topic(text) == code


def test_what_others_said_and_how_it_used_to_be_weighs_little() -> None:
    text = (
        "去年反映过，当时说是锅炉房改造，结果今年又是这样，晚上睡觉都得穿毛衣，"
        "物业让找热力，热力让找物业，我量了家里最高17度"
    )
    assert [text[start:end] for start, end in passing(text)] == [
        "当时说是锅炉房改造",
        "物业让找热力",
        "热力让找物业",
    ]
    assert topic(text) == "T001"


def test_a_short_message_has_nothing_in_passing() -> None:
    assert passing("当时说是锅炉房改造") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("施工扰明", "T026"),
        ("油言太呛人", "T037"),
        ("网落断了三天", "T011"),
        ("养老惊怎么还没发", "T064"),
    ],
)
def test_a_word_written_as_it_sounds_is_heard_where_no_other_is(text: str, code: str) -> None:
    assert topic(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("屋里睡觉还得穿毛衣", "T001"),
        ("厂子夜里往沟里放绿水", "T039"),
        ("楼上一盆水浇在我头上", "T096"),
        ("美容院卷铺盖走了，卡里还剩四千", "T051"),
        ("包工头手机关机了，十几个人的血汗钱", "T063"),
        ("附近菜站关了，买根葱得坐三站地", "T079"),
    ],
)
def test_a_scene_tells_the_matter_that_nobody_names(text: str, code: str) -> None:
    assert topic(text) == code


def test_a_scene_yields_to_what_is_named() -> None:
    assert topic("隔壁洗衣机排水管堵了") == topic("排水管堵了") == "T007"
