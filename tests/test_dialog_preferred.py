"""Where notices go from now on: said in one breath, or asked for and picked."""

from dataclasses import replace

import pytest

from dialogs.requests import ChannelPreferred, PreferChannel
from store.database import Pool
from tests.office import open_office
from tests.transcript import City, Talk, facts, play, sms
from tests.world import PHONE


@pytest.mark.parametrize(
    ("words", "channel", "answer"),
    [
        ("以后用短信通知我", "sms", "以后用短信通知您"),
        ("以后请用短信通知我。", "sms", "以后用短信通知您"),
        ("用WhatsApp通知我", "whatsapp", "以后用WhatsApp通知您"),
        ("以后用电报通知我", "telegram", "以后用Telegram通知您"),
        ("notify me by Telegram", "telegram", "by Telegram"),
        ("以后就在这里通知我", "", "就在这里通知您"),
    ],
)
def test_a_channel_is_wished_for_in_one_breath(words: str, channel: str, answer: str) -> None:
    wish = PreferChannel(channel)
    play(f"> {words}\n< {answer}\n= {wish!r}", facts())


def test_who_asks_how_picks_one() -> None:
    play(
        "> 通知方式\n< 在哪里通知您\n> 2\n< 以后用短信通知您\n= PreferChannel(channel='sms')", sms()
    )


def test_a_channel_that_was_never_used_cannot_be_wished_for() -> None:
    city = City()
    city.answers[PreferChannel] = ChannelPreferred(known=False)
    talk = Talk(replace(facts()), city)
    assert "还没有您的WhatsApp" in talk.say("以后用WhatsApp通知我")


def test_what_was_under_way_goes_on_afterwards() -> None:
    play("> 暖气不热\n> 以后用短信通知我\n< 以后用短信通知您\n< 什么地方", facts())


async def test_the_wish_is_noted_with_the_address_it_names(pool: Pool) -> None:
    office = await open_office(pool)
    await office.say("你好")
    (turned,) = await office.say("以后用短信通知我")
    assert turned.message is not None
    assert "以后用短信通知您" in turned.message.parts[0]
    assert await office.value("select preferred_at from addresses") == office.at
    (turned,) = await office.say("以后用WhatsApp通知我", phone=PHONE)
    assert turned.message is not None
    assert "还没有您的WhatsApp" in turned.message.parts[0]
