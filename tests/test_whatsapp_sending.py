"""How replies go out by WhatsApp, through Twilio's own library to the stand-in: buttons, lists, text, and what is refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from channels import whatsapp as adapter
from channels.base import Channel, Message, Parcel, SendError, Sent
from channels.twilio import TwilioAccount
from channels.whatsapp import NO_TEMPLATES, Templates
from dialogs.said import Choice, Reply
from dialogs.words import Language
from gateway import clock
from gateway.simulator import whatsapp
from gateway.simulator.faults import Faults
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn
from gateway.simulator.texts import Text

DEMO = DemoAccount()
PHONE = "+8613812345678"
WHO = whatsapp.PREFIX + PHONE
ALL = Templates(whatsapp.BUTTONS | whatsapp.LISTS, whatsapp.NOTICE_TEMPLATE)
UNKNOWN = Templates({"buttons2": "HX" + "0" * 32})
YES_NO = (Choice("yes", "对"), Choice("no", "不对"))
PLACES = tuple(Choice(str(n), f"第{n}个八里庄街道办事处") for n in range(4))


@dataclass(frozen=True, slots=True)
class Line:
    """An account's stand-in, and the address of its API."""

    standin: TwilioStandIn
    account: TwilioAccount

    def channel(self, templates: Templates = ALL) -> Channel:
        return adapter.channel(self.account, whatsapp.NUMBER, "CN", templates)

    async def send(self, channel: Channel, reply: Reply, *, heard_hours_ago: float = 1) -> Text:
        """Send one reply; gives what the phone got."""
        now = clock.now()
        parts = channel.render(reply, Language.CHINESE)
        message = Message(5, 6, reply, parts)
        heard_at = now - timedelta(hours=heard_hours_ago)
        assert channel.send is not None
        await channel.send(Parcel(PHONE, message, len(parts) - 1, "reply", heard_at, now))
        await channel.close()
        return self.standin.texts.matching(receiver=WHO)[0]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    standin = TwilioStandIn(
        sid=DEMO.sid,
        auth_token=DEMO.auth_token,
        phone_number=DEMO.phone_number,
        public_url="http://127.0.0.1:1",
    )
    async with serving(standin) as api_url:
        yield Line(standin, TwilioAccount(DEMO.sid, DEMO.auth_token, api_url, "http://127.0.0.1:1"))


async def test_few_short_choices_are_buttons_that_bring_back_their_question(line: Line) -> None:
    text = await line.send(line.channel(), Reply("对吗？", YES_NO, prompt=17))
    assert (text.body, text.is_list) == ("对吗？", False)
    assert text.choices == (("对", "17:yes"), ("不对", "17:no"))


async def test_more_choices_are_a_list(line: Line) -> None:
    text = await line.send(line.channel(), Reply("哪个？", PLACES, prompt=3))
    assert text.is_list
    assert text.choices[3] == ("第3个八里庄街道办事处", "3:3")


async def test_without_templates_choices_are_numbered(line: Line) -> None:
    text = await line.send(line.channel(NO_TEMPLATES), Reply("对吗？", YES_NO, prompt=17))
    assert (text.body, text.choices) == ("对吗？\n1. 对\n2. 不对", ())


async def test_a_template_that_twilio_does_not_know_becomes_numbered_text_at_once(
    line: Line,
) -> None:
    text = await line.send(line.channel(UNKNOWN), Reply("对吗？", YES_NO, prompt=17))
    assert text.body == "对吗？\n1. 对\n2. 不对"


async def test_after_a_day_the_notice_template_takes_the_words_on_one_line(line: Line) -> None:
    reply = Reply("暖气修好了。\n解决了吗？", YES_NO, prompt=2)
    text = await line.send(line.channel(), reply, heard_hours_ago=25)
    assert "暖气修好了。 解决了吗？ 1. 对 2. 不对" in text.body


@pytest.mark.parametrize(
    ("templates", "words"), [(NO_TEMPLATES, "已受理。"), (ALL, "长" * 901)], ids=["none", "long"]
)
async def test_after_a_day_what_no_template_takes_is_refused_for_good(
    line: Line, templates: Templates, words: str
) -> None:
    with pytest.raises(SendError) as raised:
        await line.send(line.channel(templates), Reply(words), heard_hours_ago=24)
    assert (raised.value.retry_seconds, raised.value.blocked) == (None, False)
    assert line.standin.texts.count == 0


@pytest.mark.parametrize("hours", [1, 25], ids=["in words", "by template"])
async def test_twilio_is_asked_whether_a_part_was_taken(line: Line, hours: float) -> None:
    channel = line.channel()
    began = clock.now()
    line.standin.faults = Faults(lose_next=1)
    with pytest.raises(SendError) as raised:
        await line.send(channel, Reply("已受理。"), heard_hours_ago=hours)
    assert raised.value.unknown
    assert channel.find is not None
    found = await channel.find(PHONE, "已受理。", began)
    assert isinstance(found, Sent)
    assert await channel.find(PHONE, "别的话", began) is None
    await channel.close()
