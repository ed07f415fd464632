"""A shared location in the talk: it tells the district, words tell the rest, and what is unsure is asked."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.dialog import Facts
from dialogs.requests import AddToTicket
from dialogs.said import Pin, Said
from dialogs.understanding.pins import Boundaries, Outline
from dialogs.understanding.reader import Reader
from tests.catalogue import beijing
from tests.outlines import box
from tests.transcript import Talk, play
from tests.transcript import facts as without_outlines

# Haidian west of 116.3° E, Chaoyang east of it; the street of Tiancun Road is the south-west of Haidian.
HAIDIAN = box("110108", 116.2, 39.85, 116.3, 40.0)
CHAOYANG = box("110105", 116.3, 39.85, 116.5, 40.0)
TIANCUN = box("110108021", 116.2, 39.85, 116.25, 39.9)


@cache
def facts(*outlines: Outline) -> Facts:
    """Everything not outlined here lies in strips far in the north, so that the rest of the world is outside."""
    city = beijing()
    drawn = {one.code for one in outlines}
    strips = [
        box(district.code, 110.0 + number, 50.0, 110.9 + number, 50.1)
        for number, district in enumerate(city.districts)
        if district.code not in drawn
    ]
    reader = Reader(city, boundaries=Boundaries(city, [*outlines, *strips]))
    return replace(without_outlines(), reader=reader)


def two() -> Facts:
    return facts(HAIDIAN, CHAOYANG)


def test_a_pin_tells_the_district_and_the_street_is_asked() -> None:
    play(
        """
        > {pin}
        < 位置收到了。
        < 海淀区遇到什么事？
        > 暖气不热
        < 海淀区哪个街道或小区？
        > 田村路
        < 地点：海淀区田村路街道
        """,
        two(),
    )


def test_a_pin_beside_the_words_spares_a_question() -> None:
    play(
        """
        > 路灯不亮 {pin}
        < 海淀区哪个街道或小区？
        > 不知道
        < 地点：海淀区
        """,
        two(),
    )


def test_a_pin_answers_where() -> None:
    play(
        """
        > 停水了
        < 在什么地方？
        > {pin}
        < 位置收到了。
        < 海淀区哪个街道或小区？
        """,
        two(),
    )


def test_where_streets_are_outlined_nothing_is_asked() -> None:
    talk = play(
        """
        > 路灯不亮 {pin 39.87 116.22}
        < 地点：海淀区田村路街道
        > [对，提交]
        < 已受理
        """,
        facts(HAIDIAN, CHAOYANG, TIANCUN),
    )
    draft = talk.city.opened[0].draft
    assert (draft.place.street, draft.pin is None) == ("110108021", False)


def test_near_a_border_both_sides_are_offered() -> None:
    play(
        """
        > 路灯不亮 {pin 39.92 116.3002}
        < 是哪一个？
        < 1 朝阳区
        < 2 海淀区
        > 2
        < 海淀区哪个街道或小区？
        """,
        two(),
    )


def test_near_a_border_the_street_in_words_decides() -> None:
    play(
        """
        > {pin 39.92 116.3002}
        < 那里遇到什么事？
        > 田村路路灯不亮
        < 地点：海淀区田村路街道
        """,
        two(),
    )


def test_a_pin_chooses_among_what_an_ambiguous_name_may_mean() -> None:
    play("> 八里庄停水 {pin}\n< 地点：海淀区八里庄街道\n<! 八里庄街道八里庄", two())
    play(
        "> 八里庄停水\n< 是哪一个？\n> {pin}\n< 地点：海淀区八里庄街道\n<! 八里庄街道八里庄", two()
    )
    play("> {pin}\n< 海淀区遇到什么事？\n> 八里庄停水\n< 地点：海淀区八里庄街道", two())


def test_a_street_in_words_goes_before_the_pin_which_is_kept() -> None:
    talk = play(
        """
        > 望京停水 {pin}
        < 地点：朝阳区望京街道
        > [对，提交]
        < 已受理
        """,
        two(),
    )
    assert talk.city.opened[0].draft.pin is not None


def test_a_district_in_words_against_the_pin_is_asked_about() -> None:
    play(
        """
        > 朝阳区停水
        < 朝阳区哪个街道或小区？
        > {pin}
        < 是哪一个？
        < 1 朝阳区
        < 2 海淀区
        """,
        two(),
    )


def test_a_second_pin_puts_the_first_one_right() -> None:
    play(
        """
        > {pin}
        < 海淀区遇到什么事？
        > {pin 39.92 116.4}
        < 朝阳区遇到什么事？
        > {pin 39.92 116.3002}
        < 那里遇到什么事？
        > {pin}
        < 海淀区遇到什么事？
        """,
        two(),
    )


def test_a_pin_may_put_the_place_right_that_is_to_be_changed() -> None:
    play(
        """
        > 海淀区田村路街道暖气不热
        < 地点：海淀区田村路街道
        > 要改
        > [地点]
        < 在什么地方？
        > {pin 39.92 116.4}
        < 朝阳区哪个街道或小区？
        """,
        two(),
    )


def test_a_pin_in_another_city_is_not_taken_down() -> None:
    talk = play(
        """
        > {pin 39.1 117.2}
        < 不在本市，请拨当地区号加12345
        < 请说在什么地方
        > 望京停水
        < 地点：朝阳区望京街道
        > [对，提交]
        < 已受理
        """,
        two(),
    )
    assert talk.city.opened[0].draft.pin is None


def test_a_matter_with_a_pin_in_another_city_is_told_so_and_asked_for_the_place_here() -> None:
    play(
        """
        > 停水了 {pin 39.1 117.2}
        < 不在本市，请拨当地区号加12345
        < 在什么地方？
        > 望京
        < 地点：朝阳区望京街道
        """,
        two(),
    )


def test_the_pin_of_an_emergency_is_passed_on_at_once() -> None:
    talk = play(
        """
        > 家里着火了
        < 119
        < 在什么地方？
        > {pin}
        < 位置收到了。
        < 海淀区哪个街道或小区？
        = AddToTicket
        """,
        two(),
    )
    added = talk.requests[0]
    assert isinstance(added, AddToTicket)
    assert (added.place.district, added.pin is None) == ("110108", False)


def test_an_emergency_told_with_a_pin_goes_to_its_district() -> None:
    talk = play("> 家里着火了 {pin}\n< 119\n< 海淀区政府", two())
    assert talk.city.opened[0].draft.place.district == "110108"


def test_without_outlines_a_pin_is_kept_and_the_place_asked() -> None:
    talk = play(
        """
        > {pin}
        < 位置收到了。
        < 那里遇到什么事？
        > 停水了
        < 那是哪个区、哪个街道或小区？
        > 田村路
        > [对，提交]
        < 已受理
        """,
        without_outlines(),
    )
    assert talk.city.opened[0].draft.pin is not None


PINS = [
    Pin(39.92, 116.26),
    Pin(39.92, 116.3002),
    Pin(39.87, 116.22),
    Pin(39.92, 116.4, ""),
    Pin(39.92, 116.4, accuracy_meters=50_000),
    Pin(39.1, 117.2),
    Pin(-90, 180, "GCJ-02"),
]
SAID = [
    "",
    "",
    "停水了",
    "八里庄",
    "望京",
    "海淀区",
    "家里着火了",
    "不知道",
    "不对，是朝阳区",
    "要改",
    "地点",
    "1",
    "2",
]
MESSAGES = st.builds(Said, st.sampled_from(SAID), pin=st.sampled_from([None, *PINS])).filter(
    lambda said: said.text or said.pin
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MESSAGES, min_size=1, max_size=8))
def test_wherever_pins_come_everything_is_answered_and_a_ticket_can_be_opened(
    messages: list[Said],
) -> None:
    talk = Talk(facts(HAIDIAN, CHAOYANG, TIANCUN))
    for message in messages:
        assert talk.event(message)
    before = len(talk.city.opened)
    talk.say("重来")
    talk.say("望京停水了 {pin}")
    for choice in ("submit", "none"):
        if len(talk.city.opened) == before:
            talk.press(choice)
    assert talk.city.opened[-1].draft.place.street
    assert talk.city.opened[-1].draft.pin == PINS[0]
