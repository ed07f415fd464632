"""One's own phone number by a button: offered once, after a ticket, and good for the ticket and for the resident."""

from dataclasses import replace

from dialogs.dialog import Facts
from dialogs.requests import AddToTicket, LinkPhone, SurveyDue
from dialogs.said import Said
from tests.transcript import Talk, facts

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
OFFER = "要用短信和电话也能查到，请分享手机号。"
PHONE = "+8613800138000"


def telegram() -> Facts:
    return replace(facts(), contact=True)


def opened(text: str = HEATING) -> Talk:
    talk = Talk(telegram())
    assert "发手机号" not in talk.say(text)  # no digits are asked for where they can be shared
    talk.say("[对，提交]")
    return talk


def test_after_a_ticket_the_number_can_be_shared() -> None:
    talk = opened()
    assert talk.reply is not None
    assert "已受理" in talk.reply.text
    assert talk.reply.text.endswith(OFFER)
    assert talk.reply.contact
    assert [choice.label for choice in talk.reply.choices] == ["以后再说"]
    told = talk.event(Said(phone=PHONE))
    assert told == "谢谢，以后用短信、打电话也能查到。"
    assert talk.requests == [LinkPhone(PHONE), AddToTicket(261123_000123, contact=PHONE)]
    assert talk.session.frames == ()


def test_whoever_would_rather_not_is_not_asked_again() -> None:
    talk = opened()
    assert talk.say("以后再说") == "好的。"
    talk.say("朝阳区望京街道路灯不亮")
    assert OFFER not in talk.say("[对，提交]")


def test_whoever_has_shared_it_is_not_asked() -> None:
    talk = Talk(telegram())
    talk.event(Said(phone=PHONE))
    assert talk.requests == [LinkPhone(PHONE)]
    talk.say(HEATING)
    assert OFFER not in talk.say("[对，提交]")


def test_the_next_matter_can_be_told_instead_of_an_answer() -> None:
    talk = opened()
    assert "路灯不亮" in talk.say("朝阳区望京街道路灯不亮")
    assert talk.session.last_ticket == 261123_000123


def test_a_number_shared_while_something_is_told_is_the_draft_s_too() -> None:
    talk = Talk(telegram())
    talk.say(HEATING)
    told = talk.event(Said(phone=PHONE))
    assert told.startswith("谢谢")
    assert PHONE in told
    talk.say("[对，提交]")
    assert talk.city.opened[0].draft.contact == PHONE


def test_a_survey_does_not_wait_for_the_number() -> None:
    talk = opened()
    assert talk.session.frames

    assert "联系" in talk.event(SurveyDue(7, 261123_000123, "暖气不热", "田村路街道", "已更换"))


def test_nobody_who_wants_to_be_nobody_is_asked() -> None:
    talk = Talk(telegram())
    talk.say("匿名反映" + HEATING)
    assert OFFER not in talk.say("[对，提交]")


def test_whoever_speaks_for_another_may_still_send_that_number() -> None:
    talk = Talk(telegram())
    assert "请发他的电话" in talk.say("我替我妈反映，" + HEATING)


def test_on_channels_that_cannot_share_nothing_is_different() -> None:
    talk = Talk(facts())
    assert "发手机号" in talk.say(HEATING)
    assert OFFER not in talk.say("[对，提交]")
