"""WhatsApp: what Twilio posts and what we make of it, what residents get inside the window and outside it."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from channels import sms, whatsapp
from channels.base import (
    Channel,
    ForgedError,
    Inbound,
    MalformedError,
    RemoteMedia,
    Wire,
)
from channels.twilio import FORM, TwilioAccount, signature
from channels.whatsapp import Templates
from dialogs.said import Choice, Pin, Reply, Said
from dialogs.words import Language

TOKEN = "token"
PUBLIC = "https://hotline.example"
OWN = "+14155238886"
RESIDENT = "+8613812345678"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ACCOUNT = TwilioAccount("AC" + "0" * 32, TOKEN, "", PUBLIC)
SID = "SM" + "1" * 32
PATH = "/webhooks/twilio/sms"
API = "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/MM0/Media"
BUTTONS = Templates(
    {"buttons2": "HX" + "2" * 32, "buttons3": "HX" + "3" * 32, "list4": "HX" + "4" * 32},
    "HX" + "9" * 32,
)


@pytest.fixture
def chat() -> Channel:
    return whatsapp.channel(ACCOUNT, OWN, "CN", BUTTONS)


def posted(form: dict[str, str], token: str = TOKEN) -> Wire:
    """A form as Twilio signs and posts it."""
    url = PUBLIC + PATH
    headers = {"content-type": FORM, "x-twilio-signature": signature(token, url, form.items())}
    return Wire(url, headers, urlencode(form).encode())


def received(**fields: str) -> dict[str, str]:
    """The fields of a WhatsApp message as they were recorded, with some changed."""
    return {
        "SmsMessageSid": SID,
        "NumMedia": "0",
        "ProfileName": "小王",
        "MessageType": "text",
        "SmsSid": SID,
        "WaId": "8613812345678",
        "SmsStatus": "received",
        "Body": "暖气不热",
        "To": f"whatsapp:{OWN}",
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": SID,
        "AccountSid": ACCOUNT.sid,
        "ChannelMetadata": '{"type":"whatsapp","data":{"context":{"ProfileName":"小王"}}}',
        "From": f"whatsapp:{RESIDENT}",
        "ApiVersion": "2010-04-01",
    } | fields


def pressed(payload: str, text: str = "对") -> dict[str, str]:
    return {
        "MessageType": "button",
        "Body": text,
        "ButtonText": text,
        "ButtonPayload": payload,
        "OriginalRepliedMessageSid": "MM" + "5" * 32,
        "OriginalRepliedMessageSender": f"whatsapp:{OWN}",
    }


def picked(item: str, title: str = "海淀区八里庄街道") -> dict[str, str]:
    return {"MessageType": "interactive", "Body": title, "ListId": item, "ListTitle": title}


def located(**fields: str) -> dict[str, str]:
    pin = {"Latitude": "39.9219", "Longitude": "116.2631"}
    return {"MessageType": "location", "Body": "", **pin, **fields}


def sent(kind: str, content_type: str, body: str = "") -> dict[str, str]:
    media = {"NumMedia": "1", "MediaUrl0": f"{API}/1", "MediaContentType0": content_type}
    return {"MessageType": kind, "Body": body, **media}


PIN = Pin(39.9219, 116.2631)
SAID: list[tuple[str, dict[str, str], Said]] = [
    ("words", {}, Said("暖气不热")),
    ("English", {"Body": "No heating & no water"}, Said("No heating & no water")),
    ("several lines", {"Body": " 第一行\n第二行\n"}, Said("第一行\n第二行")),
    ("emoji", {"Body": "👍🏽"}, Said("👍🏽")),
    ("a NUL", {"Body": "暖\x00气"}, Said("暖气")),
    ("a digit", {"Body": "1"}, Said("1")),
    ("STOP", {"Body": "STOP"}, Said("STOP")),
    ("forwarded", {"Forwarded": "true"}, Said("暖气不热")),
    ("forwarded often", {"Forwarded": "true", "FrequentlyForwarded": "true"}, Said("暖气不热")),
    ("an answer", {"OriginalRepliedMessageSid": "MM" + "6" * 32}, Said("暖气不热")),
    ("from an advertisement", {"ReferralNumMedia": "1", "ReferralBody": "x"}, Said("暖气不热")),
    ("a button", pressed("17:yes"), Said(choice="yes", prompt=17)),
    ("a choice with a colon", pressed("17:place:3"), Said(choice="place:3", prompt=17)),
    ("a command's button", pressed("command:human"), Said(choice="command:human")),
    ("a template's button", pressed("查询", "查进度"), Said("查进度")),
    ("a template's button without words", pressed("查询", ""), Said("查询")),
    ("a line of a list", picked("4:b"), Said(choice="b", prompt=4)),
    ("a place", located(), Said(pin=PIN)),
    (
        "a place with a name",
        located(Address="阜石路5号", Label="第一社区"),
        Said("阜石路5号 第一社区", pin=PIN),
    ),
    ("a place with words", located(Body="就在这里"), Said("就在这里", pin=PIN)),
    ("a place off the earth", located(Latitude="139"), Said()),
    ("a place that is none", located(Latitude="x"), Said()),
    ("a sticker", {"MessageType": "sticker", "Body": ""}, Said("[贴纸]")),
    ("a card", sent("contacts", "text/vcard"), Said("[贴纸]")),
    ("what Twilio cannot read", {"MessageType": "unsupported", "Body": ""}, Said("[贴纸]")),
    ("nothing", {"Body": ""}, Said()),
]


@pytest.mark.parametrize(("label", "fields", "said"), SAID, ids=[row[0] for row in SAID])
def test_a_message_says_what_was_written_pressed_or_shared(
    chat: Channel, label: str, fields: dict[str, str], said: Said
) -> None:
    (inbound,) = chat.webhooks[0].read(posted(received(**fields)), NOW)
    expected = Inbound("whatsapp", SID, RESIDENT, said, NOW, name="小王", line=OWN)
    assert inbound == expected, label


MEDIA: list[tuple[str, dict[str, str], str, str]] = [
    ("a photo", sent("image", "image/jpeg"), "", "image/jpeg"),
    ("a photo with words", sent("image", "image/jpeg", "楼道"), "楼道", "image/jpeg"),
    ("a voice note", sent("audio", "audio/ogg"), "", "audio/ogg"),
    ("a film", sent("video", "video/mp4"), "", "video/mp4"),
    ("a document", sent("document", "application/pdf", "通知.pdf"), "通知.pdf", "application/pdf"),
    ("a sticker that is a picture", sent("sticker", "image/webp"), "", "image/webp"),
]


@pytest.mark.parametrize(("label", "fields", "text", "kind"), MEDIA, ids=[row[0] for row in MEDIA])
def test_what_lies_at_twilio_is_named_for_the_job_that_fetches_it(
    chat: Channel, label: str, fields: dict[str, str], text: str, kind: str
) -> None:
    (inbound,) = chat.webhooks[0].read(posted(received(**fields)), NOW)
    assert isinstance(inbound, Inbound)
    assert inbound.media == (RemoteMedia(f"{API}/1", kind),), label
    assert inbound.said == Said(text)


@pytest.mark.parametrize("kind", ["reaction", "system"])
def test_what_is_no_message_is_passed_over(chat: Channel, kind: str) -> None:
    wire = posted(received(MessageType=kind, Body="👍"))
    assert chat.webhooks[0].read(wire, NOW) == ()
    assert chat.webhooks[0].answer((), ()).body.endswith(b"<Response/>")


@pytest.mark.parametrize(
    "fields",
    [
        {"From": f"whatsapp:{OWN}"},
        {"From": "whatsapp:"},
        {"From": "whatsapp:ID.4566546130240823"},
        {"MessageSid": "", "SmsMessageSid": "", "SmsSid": ""},
    ],
)
def test_a_message_that_cannot_be_answered_is_malformed(
    chat: Channel, fields: dict[str, str]
) -> None:
    with pytest.raises(MalformedError):
        chat.webhooks[0].read(posted(received(**fields)), NOW)


def test_a_forged_message_is_refused(chat: Channel) -> None:
    with pytest.raises(ForgedError):
        chat.webhooks[0].read(posted(received(), token="guess"), NOW)


def test_sms_and_whatsapp_come_to_the_very_same_webhook(chat: Channel) -> None:
    beside = sms.channel(ACCOUNT, "+15005550006", "CN", whatsapp=True)
    assert beside.webhooks[0] is chat.webhooks[0]
    (inbound,) = beside.webhooks[0].read(posted(received(From=RESIDENT, To="+15005550006")), NOW)
    assert isinstance(inbound, Inbound)
    assert inbound.channel == "sms"


def test_whatsapp_that_is_not_set_up_is_not_heard() -> None:
    alone = sms.channel(ACCOUNT, "+15005550006", "CN")
    with pytest.raises(MalformedError):
        alone.webhooks[0].read(posted(received()), NOW)


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(place), label) for place, label in enumerate(labels, 1))


LONG_LABEL = "海淀区八里庄街道办事处第一社区居民委员会门口"  # 22 characters: no button, but a line


@pytest.mark.parametrize(
    ("reply", "parts"),
    [
        (Reply("请问在哪里？"), ("请问在哪里？",)),
        (Reply("对吗？", choices("对", "不对"), prompt=3), ("对吗？",)),
        (Reply("对吗？", choices("对")), ("对吗？\n1. 对",)),
        (Reply("哪个？", choices(LONG_LABEL, "否")), (f"哪个？\n1. {LONG_LABEL}\n2. 否",)),
        (Reply("哪个？", choices(LONG_LABEL, "二", "三", "四")), ("哪个？",)),
        (Reply("长。" * 1000), ("长。" * 800, "长。" * 200)),
        (Reply("长。" * 600, choices("对", "不对")), ("长。" * 512, "长。" * 88)),
    ],
)
def test_choices_are_numbered_where_no_template_shows_them(
    chat: Channel, reply: Reply, parts: tuple[str, ...]
) -> None:
    assert chat.render(reply, Language.CHINESE) == parts


def test_what_it_can_do_is_said_by_its_abilities(chat: Channel) -> None:
    able = chat.abilities
    assert (able.buttons, able.phone, able.opt_out, able.burst_seconds) == (True, True, True, 0.8)
    assert not able.inline
    assert not able.brief
    assert not whatsapp.channel(ACCOUNT, OWN, "CN").abilities.buttons


def test_an_address_is_a_number_and_proves_it(chat: Channel) -> None:
    assert chat.normalise(f"whatsapp:{RESIDENT}") == RESIDENT
    assert chat.normalise("138 1234 5678") == RESIDENT
    assert chat.number is not None
    assert chat.number(RESIDENT) == RESIDENT
