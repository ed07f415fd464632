"""SMS: what Twilio posts and what we make of it, what residents get, and how parts are sent."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from channels.base import (
    Channel,
    DeliveryReport,
    ForgedError,
    Inbound,
    MalformedError,
    Message,
    Reference,
    RemoteMedia,
    Wire,
)
from channels.length import measure
from channels.sms import channel
from channels.twilio import FORM, TwilioAccount, signature
from dialogs.said import Choice, Reply, Said
from dialogs.words import Delivery, Language

TOKEN = "token"
PUBLIC = "https://hotline.example"
OWN = "+15005550006"
RESIDENT = "+8613812345678"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ACCOUNT = TwilioAccount("AC" + "0" * 32, TOKEN, "", PUBLIC)
SID = "SM" + "1" * 32
NUMBER = "261123-000123-4"
API = "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/MM0/Media"


@pytest.fixture
def sms() -> Channel:
    return channel(ACCOUNT, OWN, "CN")


def posted(path: str, form: dict[str, str], token: str = TOKEN) -> Wire:
    """A form as Twilio signs and posts it."""
    url = PUBLIC + path
    headers = {"content-type": FORM, "x-twilio-signature": signature(token, url, form.items())}
    return Wire(url, headers, urlencode(form).encode())


def received(**fields: str) -> dict[str, str]:
    """The fields of a message to us, with some changed; an empty name is left out."""
    form = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": SID,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": SID,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": "暖气不热",
        "FromCountry": "CN",
        "To": OWN,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": SID,
        "AccountSid": ACCOUNT.sid,
        "From": RESIDENT,
        "ApiVersion": "2010-04-01",
    }
    return form | fields


def reported(status: str, **fields: str) -> dict[str, str]:
    """The fields of a status report."""
    return {
        "SmsSid": SID,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": RESIDENT,
        "MessageSid": SID,
        "AccountSid": ACCOUNT.sid,
        "From": OWN,
        "ApiVersion": "2010-04-01",
    } | fields


SAID: list[tuple[str, dict[str, str], str]] = [
    ("Chinese", {}, "暖气不热"),
    ("English", {"Body": "No heating & no water + 50% off"}, "No heating & no water + 50% off"),
    ("a digit", {"Body": "1"}, "1"),
    ("full-width", {"Body": " １ "}, "１"),
    ("several lines", {"Body": "第一行\r\n第二行\n"}, "第一行\r\n第二行"),
    ("emoji", {"Body": "👍🏽"}, "👍🏽"),
    ("nothing", {"Body": ""}, ""),
    ("a NUL, which no database takes", {"Body": "暖\x00气"}, "暖气"),
    ("markup", {"Body": "<Response>&amp;"}, "<Response>&amp;"),
    ("a long one", {"Body": "长" * 1600, "NumSegments": "24"}, "长" * 1600),
    ("a picture that is nowhere", {"Body": "", "NumMedia": "1"}, "[图片]"),
    ("a count that is none", {"NumMedia": "many"}, "暖气不热"),
    ("STOP", {"Body": "STOP"}, "STOP"),
    ("退订", {"Body": "退订"}, "退订"),
    ("TD", {"Body": "td"}, "td"),
    ("an operator's own stop word", {"Body": "别发了", "OptOutType": "STOP"}, "STOP"),
    ("an operator's own start word", {"Body": "继续", "OptOutType": "START"}, "START"),
    ("an operator's own help word", {"Body": "帮帮我", "OptOutType": "HELP"}, "HELP"),
    ("a messaging service", {"MessagingServiceSid": "MG" + "2" * 32}, "暖气不热"),
    ("fields that are new to us", {"ChannelMetadata": '{"type":"sms"}', "新": "x"}, "暖气不热"),
    ("old field names only", {"MessageSid": "", "SmsMessageSid": ""}, "暖气不热"),
]


@pytest.mark.parametrize(("label", "fields", "text"), SAID, ids=[row[0] for row in SAID])
def test_a_message_says_what_was_written(
    sms: Channel, label: str, fields: dict[str, str], text: str
) -> None:
    wire = posted("/webhooks/twilio/sms", received(**fields))
    expected = Inbound("sms", SID, RESIDENT, Said(text=text), NOW, inline=True, line=OWN)
    assert sms.webhooks[0].read(wire, NOW) == (expected,), label


def test_pictures_and_files_are_named_for_the_job_that_fetches_them(sms: Channel) -> None:
    fields = {"NumMedia": "2", "MediaUrl0": f"{API}/1", "MediaContentType0": "image/jpeg"}
    fields |= {"MediaUrl1": f"{API}/2", "MediaContentType1": "video/3gpp", "Body": ""}
    (inbound,) = sms.webhooks[0].read(posted("/webhooks/twilio/sms", received(**fields)), NOW)
    assert isinstance(inbound, Inbound)
    assert inbound.said == Said()
    assert inbound.media == (
        RemoteMedia(f"{API}/1", "image/jpeg"),
        RemoteMedia(f"{API}/2", "video/3gpp"),
    )


MALFORMED: list[tuple[str, dict[str, str]]] = [
    ("our own number", {"From": OWN}),
    ("no sender", {"From": ""}),
    ("a short code", {"From": "12345"}),
    ("an operator's long code", {"From": "106980095588123456789"}),
    ("a name", {"From": "TWILIO"}),
    ("WhatsApp", {"From": "whatsapp:+8613812345678"}),
    ("no id", {"MessageSid": "", "SmsMessageSid": "", "SmsSid": ""}),
]


@pytest.mark.parametrize(("label", "fields"), MALFORMED, ids=[row[0] for row in MALFORMED])
def test_a_message_that_cannot_be_answered_is_malformed(
    sms: Channel, label: str, fields: dict[str, str]
) -> None:
    with pytest.raises(MalformedError):
        sms.webhooks[0].read(posted("/webhooks/twilio/sms", received(**fields)), NOW)


REPORTS: list[tuple[str, dict[str, str], Delivery, str, bool]] = [
    ("accepted", {}, Delivery.SENT, "", False),
    ("scheduled", {}, Delivery.SENT, "", False),
    ("queued", {}, Delivery.SENT, "", False),
    ("sending", {}, Delivery.SENT, "", False),
    ("sent", {}, Delivery.SENT, "", False),
    ("delivered", {"RawDlrDoneDate": "2611230801"}, Delivery.DELIVERED, "", False),
    ("read", {}, Delivery.DELIVERED, "", False),
    ("undelivered", {"ErrorCode": "30003"}, Delivery.FAILED, "30003", False),
    ("failed", {"ErrorCode": "30007"}, Delivery.FAILED, "30007", False),
    ("failed", {"ErrorCode": "21610"}, Delivery.FAILED, "21610", True),
    ("failed", {}, Delivery.FAILED, "failed", False),
    ("canceled", {}, Delivery.FAILED, "canceled", False),
    ("delivered", {"ErrorCode": "0"}, Delivery.DELIVERED, "", False),
]


@pytest.mark.parametrize(("status", "fields", "delivery", "error", "blocked"), REPORTS)
def test_a_report_says_how_far_a_part_has_come(
    sms: Channel,
    status: str,
    fields: dict[str, str],
    delivery: Delivery,
    error: str,
    blocked: bool,  # noqa: FBT001
) -> None:
    wire = posted("/webhooks/twilio/status?ref=7-3-1", reported(status, **fields))
    later = {"30003": 900.0}.get(error)
    expected = DeliveryReport(Reference(7, 3, 1), delivery, SID, error, blocked, later)
    assert sms.webhooks[1].read(wire, NOW) == (expected,)
    assert sms.webhooks[1].answer((), ()).status == 204


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/webhooks/twilio/status", reported("sent")),
        ("/webhooks/twilio/status?ref=1-2-0", reported("partially_delivered")),
        ("/webhooks/twilio/status?ref=1-2-0", reported("received")),
    ],
)
def test_a_report_that_says_nothing_to_us_is_passed_over(
    sms: Channel, path: str, form: dict[str, str]
) -> None:
    assert sms.webhooks[1].read(posted(path, form), NOW) == ()


@pytest.mark.parametrize("reference", ["1-2", "a-b-c", "1-2--3", "1-2-3-4", "９-1-0"])
def test_a_report_on_nothing_of_ours_is_malformed(sms: Channel, reference: str) -> None:
    wire = posted(f"/webhooks/twilio/status?ref={reference}", reported("sent"))
    with pytest.raises(MalformedError):
        sms.webhooks[1].read(wire, NOW)


@pytest.mark.parametrize("index", [0, 1])
def test_forged_messages_and_reports_are_refused(sms: Channel, index: int) -> None:
    webhook = sms.webhooks[index]
    with pytest.raises(ForgedError):
        webhook.read(posted(webhook.path, received(), token="guess"), NOW)


def test_the_answer_carries_every_part_with_its_reference(sms: Channel) -> None:
    messages = [
        Message(7, 3, Reply("一"), ("第一<条>", "第二条")),
        Message(7, 4, Reply("二"), ("第三条",)),
    ]
    answer = sms.webhooks[0].answer((), messages)
    status = f"{PUBLIC}/webhooks/twilio/status?ref="
    parts = [("7-3-0", "第一&lt;条&gt;"), ("7-3-1", "第二条"), ("7-4-0", "第三条")]
    inside = "".join(
        f'<Message action="{status}{ref}" statusCallback="{status}{ref}" method="POST">{text}</Message>'
        for ref, text in parts
    )
    assert answer.content_type == "text/xml"
    assert answer.body.decode().endswith(f"<Response>{inside}</Response>")


def test_without_messages_the_answer_is_empty(sms: Channel) -> None:
    assert sms.webhooks[0].answer((), ()).body.endswith(b"<Response/>")


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (RESIDENT, RESIDENT),
        ("13812345678", RESIDENT),
        ("138 1234 5678", RESIDENT),
        ("+86 138-1234-5678", RESIDENT),
        ("0086 13812345678", RESIDENT),
        ("１３８１２３４５６７８", RESIDENT),
        ("010-65123456", "+861065123456"),
        ("+1 (500) 555-0006", OWN),
        ("+85261234567", "+85261234567"),
        ("+8619912345678", "+8619912345678"),
        ("12345", None),
        ("+12345", None),
        ("10086", None),
        ("1065502004955590", None),
        ("TWILIO", None),
        ("1800FLOWERS", None),
        ("+8613812345678 ext. 5", None),
        ("", None),
        ("暖气", None),
    ],
)
def test_a_number_has_one_spelling_or_none(sms: Channel, raw: str, address: str | None) -> None:
    assert sms.normalise(raw) == address


@pytest.mark.parametrize(
    ("address", "masked", "prefix"),
    [
        (RESIDENT, "+86138****5678", "+861381234"),
        (OWN, "+1500****0006", "+15005550"),
        ("+85261234567", "****67", "+8526123456"),
        ("+861065123456", "+86106****3456", "+861065123"),
        ("+6841234", "****34", "+6841234"),
        ("nonsense", "****se", "nonsense"),
    ],
)
def test_a_number_is_masked_and_grouped(
    sms: Channel, address: str, masked: str, prefix: str
) -> None:
    assert sms.mask(address) == masked
    assert sms.prefix(address) == prefix


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"id:{label}", label) for label in labels)


@pytest.mark.parametrize(
    ("reply", "language", "text"),
    [
        (Reply("请问在哪里？"), "zh-CN", "【12345】请问在哪里？"),
        (Reply("【12345】已受理。"), "zh-CN", "【12345】已受理。"),
        (Reply("Where is it?"), "en", "[12345] Where is it?"),
        (Reply("[12345] Done."), "en", "[12345] Done."),
        (Reply("对吗？", choices("对", "不对")), "zh-CN", "【12345】对吗？\n回复：1 对 2 不对"),
        (Reply("Right?", choices("Yes", "No")), "en", "[12345] Right?\nReply: 1 Yes 2 No"),
        (
            Reply("哪个？", choices("朝阳区八里庄街道", "海淀区八里庄街道", "都不是")),
            "zh-CN",
            "【12345】哪个？\n1 朝阳区八里庄街道\n2 海淀区八里庄街道\n3 都不是",
        ),
    ],
)
def test_a_reply_is_signed_and_its_choices_numbered(
    sms: Channel, reply: Reply, language: str, text: str
) -> None:
    assert sms.render(reply, Language(language)) == (text,)


def test_the_accepted_message_of_the_wording_fits_its_segments(sms: Channel) -> None:
    words = f"“暖气不热”已受理，编号{NUMBER}，已交田村路街道，24小时内答复您。查进度回“查询”。"
    (part,) = sms.render(Reply(words), Language.CHINESE)
    assert measure(part).segments == 1


def test_english_stays_in_the_cheap_alphabet(sms: Channel) -> None:
    (part,) = sms.render(Reply("Accepted.", choices("Yes", "No")), Language.ENGLISH)
    assert measure(part).encoding == "GSM-7"


def test_only_the_first_part_is_signed_and_none_is_over_five_segments(sms: Channel) -> None:
    parts = sms.render(Reply(f"街道答复：已检修管道，编号{NUMBER}。" * 40), Language.CHINESE)
    assert len(parts) > 1
    assert [part.startswith("【12345】") for part in parts] == [True] + [False] * (len(parts) - 1)
    assert all(measure(part).segments <= 5 and len(part) <= 1600 for part in parts)
    assert all(NUMBER in part for part in parts)
    assert "".join(parts).count(NUMBER) == 40


def test_what_it_can_do_is_said_by_its_abilities(sms: Channel) -> None:
    able = sms.abilities
    assert (able.brief, able.inline, able.phone, able.opt_out) == (True, True, True, True)
    assert not able.buttons
    assert not able.mailbox
    assert channel(ACCOUNT, OWN, "CN", per_second=5).abilities.per_second == 5
