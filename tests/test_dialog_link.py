"""Linking a phone number: a code by SMS proves it, nothing that is merely said does."""

from dataclasses import replace

import pytest

from dialogs.requests import CheckLinkCode, LinkCodeChecked, LinkCodeSent, LinkPhone, SendLinkCode
from tests.transcript import City, facts, play, sms

WEB = replace(facts(), linkable=True)
BEGUN = "> 绑定手机\n< 您的手机号是多少？\n> 13800138000"


def test_a_number_is_linked_by_the_code_that_came_to_it() -> None:
    city = City()
    play(
        f"""{BEGUN}
        = SendLinkCode
        < 尾号8000
        > 123456
        = CheckLinkCode(code='123456')
        < 绑定好了""",
        WEB,
        city,
    )
    assert not any(isinstance(request, LinkPhone) for request in city.requests)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("１３８００１３８０００", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+8613800138000", "+8613800138000"),
        ("+1 415 555 0100", "+14155550100"),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str, number: str) -> None:
    play(f"> 绑定手机\n> {written}\n= SendLinkCode(number='{number}')", WEB)


def test_a_wrong_code_may_be_tried_again_and_at_last_no_more() -> None:
    city = City()
    city.answers[CheckLinkCode] = LinkCodeChecked(right=False, tries=4)
    play(f"{BEGUN}\n> 000000\n< 验证码不对\n< 再发一次", WEB, city)
    city.answers[CheckLinkCode] = LinkCodeChecked(right=False)
    play(f"{BEGUN}\n> 111111\n< 这个验证码不能用了", WEB, city)


def test_a_number_that_takes_no_code_is_told_so() -> None:
    city = City()
    city.answers[SendLinkCode] = LinkCodeSent(sent=False)
    play(f"{BEGUN}\n< 发不了验证码", WEB, city)


def test_the_code_can_be_sent_again_or_to_another_number() -> None:
    play(f"{BEGUN}\n> [再发一次]\n= SendLinkCode\n> [换个号码]\n< 您的手机号是多少？", WEB)


@pytest.mark.parametrize("word", ["算了", "不用了", "返回"])
def test_nobody_has_to_link_anything(word: str) -> None:
    play(f"> 绑定手机\n> {word}\n< 好", WEB)
    play(f"{BEGUN}\n> {word}\n< 好", WEB)


def test_a_matter_told_instead_is_heard() -> None:
    play("> 绑定手机\n> 海淀区田村路街道暖气不热\n< 暖气不热", WEB)
    play(f"{BEGUN}\n> 海淀区田村路街道暖气不热\n< 暖气不热", WEB)


def test_what_is_neither_number_nor_code_is_asked_again() -> None:
    play("> 绑定手机\n> 12345\n< 手机号是11位数字", WEB)
    play(f"{BEGUN}\n> 1234\n< 6位数字", WEB)


def test_where_a_button_shares_the_number_nothing_has_to_be_typed() -> None:
    talk = play("> 绑定手机", replace(WEB, contact=True))
    assert talk.reply is not None
    assert talk.reply.contact


def test_who_texts_or_calls_has_nothing_to_link() -> None:
    play("> 绑定手机\n< 不用再绑定", sms())


def test_it_is_offered_where_it_helps_and_nowhere_else() -> None:
    play("> 查询\n< 回“绑定手机”，在这里也能查到", WEB)
    play("> 查询\n<! 绑定手机", facts())
    matter = "> 海淀区田村路街道阜石路第一社区5号楼暖气不热\n> 1\n< 已受理"
    play(f"{matter}\n< 请回“绑定手机”", WEB)
    play(f"{matter}\n<! 绑定手机", replace(WEB, contact=True))
    play(f"{matter}\n<! 绑定手机", sms())
