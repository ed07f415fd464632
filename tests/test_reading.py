"""What is told about one message: names, codes, and the question that is due."""

import msgspec
import pytest

from dialogs.understanding.reading import Ask, Reading, reading
from dialogs.words import Grade, Kind
from tests.catalogue import reader


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("海淀区田村路街道暖气不热", None),
        ("八里庄停水", Ask("street", ("朝阳区八里庄街道", "海淀区八里庄街道"))),
        ("天通苑停电", Ask("street", ("昌平区天通苑北街道", "昌平区天通苑南街道"))),
        ("从海淀到朝阳的公交太少", Ask("district", ("朝阳区", "海淀区"))),
        ("朝阳区方庄停水", Ask("street", ("朝阳区", "丰台区方庄街道"))),
        ("辛庄路灯不亮", Ask("district")),  # more districts than can be offered
        ("停水了", Ask("place")),
        ("朝阳区停水", Ask("street")),
        ("家里着火了", Ask("place")),
        ("社保怎么转", None),
        ("朝阳区社保怎么办", None),
        ("", None),
    ],
)
def test_the_question_that_is_due_is_told(text: str, ask: Ask | None) -> None:
    assert reading(reader(), text).ask == ask


def test_where_the_place_is_settled_the_topic_is_asked() -> None:
    read = reading(reader(), "海淀区田村路街道又停水又停电，日子没法过了")
    assert read.topic is None
    assert read.ask is not None
    assert read.ask.field == "topic"
    assert set(read.ask.choices) == {"停水", "停电"}
    assert (read.level1, read.grade) == ("公共服务", Grade.II)  # both of them


def test_a_place_is_told_by_its_whole_names() -> None:
    read = reading(reader(), "豐臺方莊芳城園一區电梯坏了两天了，老人下不了楼")
    assert (read.district, read.street, read.community) == ("丰台区", "方庄街道", None)


@pytest.mark.parametrize("text", ["", "  \n", "?!……", "。"])
def test_who_says_nothing_is_not_guessed_about(text: str) -> None:
    assert reading(reader(), text) == Reading()


def test_whoever_says_something_asks_for_something() -> None:
    read = reading(reader(), "田村路街道")
    assert (read.kind, read.topic, read.grade) == (Kind.REQUEST, None, None)


def test_a_matter_that_no_topic_knows_has_the_usual_grade() -> None:
    read = reading(reader(), "海淀区田村路街道的石狮子眼睛会眨")
    assert (read.topic, read.level1, read.grade) == (None, None, Grade.III)


def test_danger_is_told_beside_the_grade() -> None:
    read = reading(reader(), "海淀区田村路街道家里着火了")
    assert (read.emergency, read.grade) == (True, Grade.I)


def test_no_field_is_ever_left_out() -> None:
    for text in ("", "停水了", "海淀区田村路街道暖气不热"):
        told = msgspec.json.decode(msgspec.json.encode(reading(reader(), text)))
        assert list(told) == list(Reading.__struct_fields__)
