"""Registering as a lane steward: name, street, consent; the street decides, and a caller is asked to write."""

from dataclasses import replace

import pytest

from dialogs.rounds import FindSteward, StewardFound
from tests.transcript import City, facts, play, sms


@pytest.mark.parametrize("words", ["我要当小巷管家", "小巷管家", "become a steward"])
def test_any_of_these_words_begins_it(words: str) -> None:
    play(f"> {words}\n< 怎么称呼", facts())


def test_name_street_and_consent_are_all_it_takes() -> None:
    play(
        "> 我要当小巷管家\n< 怎么称呼\n> 我叫王芳\n< 想照看哪个街道\n> 海淀区田村路街道\n"
        "< 田村路街道会看到您的姓名和电话，并和您联系。同意吗？\n> 1\n< 街道看过就在这里告诉您\n"
        "= AskSteward(name='王芳'",
        sms(),
    )


def test_without_consent_nothing_is_kept() -> None:
    talk = play("> 小巷管家\n> 王芳\n> 海淀区田村路街道\n> 2\n< 没有留下任何信息", sms())
    assert talk.requests == []


@pytest.mark.parametrize(
    ("state", "said"), [("active", "您是田村路街道的小巷管家"), ("asked", "正在看您的报名")]
)
def test_who_is_known_already_hears_how_it_stands(state: str, said: str) -> None:
    city = City()
    city.answers[FindSteward] = StewardFound(state, "田村路街道")
    play(f"> 小巷管家\n< {said}", sms(), city)


def test_danger_goes_before_a_name() -> None:
    play("> 小巷管家\n> 海淀区田村路街道煤气泄漏有人晕倒了\n= OpenTicket", sms())


def test_a_caller_is_asked_to_write() -> None:
    spoken = replace(sms(), voice=True)
    play("> 小巷管家\n< 短信或网上对话上报", spoken)


def test_where_the_channel_tells_no_number_one_is_asked_for_and_may_be_left_out() -> None:
    begin = "> 小巷管家\n> 王芳\n> 海淀区田村路街道\n< 打哪个电话能找到您"
    given = f"{begin}\n> 13911112222\n< 看到您的姓名和电话\n> 同意\n= AskSteward"
    assert "phone='13911112222'" in repr(play(given, facts()).requests)
    play(f"{begin}\n> 不留\n< 看到您的姓名，在这里答复您\n> 同意\n= AskSteward", facts())


def test_who_wants_to_be_none_any_more_is_asked_once() -> None:
    city = City()
    city.answers[FindSteward] = StewardFound("active", "田村路街道")
    play(
        "> 不当小巷管家了\n< 不想当小巷管家了吗\n> 是\n< 已经告诉街道\n= LeaveStewards", sms(), city
    )
    assert play("> 不当小巷管家了\n> 2\n< 您还是小巷管家", sms(), city).requests == []
    play("> 不当小巷管家了\n< 您现在不是小巷管家", sms())
