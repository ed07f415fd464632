"""Telegram: what its updates say and what we make of them, how they are proven, and what residents get."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson
import pytest

from channels.base import (
    Channel,
    ForgedError,
    Inbound,
    MalformedError,
    Message,
    Reachable,
    RemoteMedia,
    Wire,
)
from channels.telegram import ALONE, channel
from channels.telegram_api import TelegramBot
from channels.telegram_keyboard import markup, rows
from channels.telegram_update import callback_data
from dialogs.said import UNSEEN_FILE, UNSEEN_STICKER, Choice, Pin, Reply, Said
from dialogs.words import Language
from tests.telegram_updates import CHAT, GROUP, LI, edited, file, member, message, photo, pressed

SECRET = "s3cret_Token-0123456789"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BOT = TelegramBot("99:" + "A" * 35, SECRET, "http://127.0.0.1:1")
BIG = 21 * 1024 * 1024


@pytest.fixture
def telegram() -> Channel:
    return channel(BOT, "CN")


def posted(update: object, secret: str | None = SECRET) -> Wire:
    headers = {"content-type": "application/json"}
    if secret is not None:
        headers["x-telegram-bot-api-secret-token"] = secret
    body = update if isinstance(update, bytes) else orjson.dumps(update)
    return Wire("https://hotline.example/webhooks/telegram", headers, body)


def pin(**fields: object) -> dict[str, Any]:
    return {"latitude": 39.9, "longitude": 116.3} | fields


def card(number: str, user_id: int | None = None) -> dict[str, Any]:
    own = {"phone_number": number, "first_name": "韩", "last_name": "梅梅"}
    return own | ({"user_id": user_id} if user_id else {})


SAID: list[tuple[str, dict[str, Any], Said]] = [
    ("text", message(text="暖气不热"), Said(text="暖气不热")),
    ("text in a row of spaces", message(text="  暖气\n不热 "), Said(text="暖气\n不热")),
    ("a NUL, which no database takes", message(text="暖\x00气"), Said(text="暖气")),
    ("markup stays what it is", message(text="<b>&amp;*_"), Said(text="<b>&amp;*_")),
    ("emoji", message(text="👍🏽"), Said(text="👍🏽")),
    ("a forward is text", message(text="停水了", forward_origin={"type": "user"}), Said(text="停水了")),
    ("by way of another bot", message(text="停水了", via_bot=LI), Said(text="停水了")),
    ("an answer to a message", message(text="对", reply_to_message={"x": 1}), Said(text="对")),
    ("fields that are new to us", message(text="停水", novelty={"a": [1]}), Said(text="停水")),
    ("/start", message(text="/start"), Said(text="你好")),
    ("/start with a deep link", message(text="/start ref_<x>"), Said(text="你好")),
    ("/start in English", message(text="/start", sender=LI | {"language_code": "en"}), Said(text="hello")),
    ("/new", message(text="/new"), Said(choice="command:new")),
    ("/new with the matter", message(text="/new 路灯不亮"), Said(text="路灯不亮")),
    ("/status", message(text="/status"), Said(choice="command:status")),
    ("/status@bot", message(text="/status@jiesu_bot"), Said(choice="command:status")),
    ("/LANGUAGE", message(text="/LANGUAGE"), Said(choice="command:language")),
    ("/human", message(text="/human"), Said(choice="command:human")),
    ("/help", message(text="/help"), Said(choice="command:help")),
    ("a command of nobody", message(text="/start_over"), Said(text="start over")),
    ("a path is no command", message(text="/var/log 满了"), Said(text="/var/log 满了")),
    ("a pin", message(location=pin()), Said(pin=Pin(39.9, 116.3))),
    (
        "a live location begins",
        message(location=pin(live_period=900, horizontal_accuracy=12.5)),
        Said(pin=Pin(39.9, 116.3, accuracy_meters=12.5)),
    ),
    (
        "a venue, beside its own location",
        message(venue={"location": pin(), "title": "田村路小学", "address": "田村路1号"}, location=pin()),
        Said(text="田村路1号 田村路小学", pin=Pin(39.9, 116.3)),
    ),
    ("one's own card", message(contact=card("8613800138000", CHAT)), Said(phone="+8613800138000")),
    ("one's own card, with a plus", message(contact=card("+8613800138000", CHAT)), Said(phone="+8613800138000")),
    ("another's card is text", message(contact=card("+8613900139000", 5)), Said(text="+8613900139000 韩 梅梅")),
    ("a card of nobody on Telegram", message(contact=card("13900139000")), Said(text="+8613900139000 韩 梅梅")),
    ("one's own card that is no number", message(contact=card("12", CHAT)), Said(text="12 韩 梅梅")),
    ("a sticker", message(sticker=file("s", type="regular")), Said(text=UNSEEN_STICKER)),
    ("a poll", message(poll={"id": "1"}), Said(text=UNSEEN_STICKER)),
    ("dice", message(dice={"emoji": "🎲", "value": 6}), Said(text=UNSEEN_STICKER)),
    ("a game", message(game={"title": "x"}), Said(text=UNSEEN_STICKER)),
    ("a film that is too large", message(video=file("v", file_size=BIG)), Said(text=UNSEEN_FILE)),
    ("a film that is too large, with words", message(video=file("v", file_size=BIG), caption="漏水"), Said(text="漏水")),
    ("an edit", edited(text="暖气热了"), Said(text="暖气热了", edits=f"{CHAT}-17-0")),
    ("an edited caption", edited(caption="五号楼", photo=photo(9)), Said(text="五号楼", edits=f"{CHAT}-17-0")),
    ("a button", pressed("17:submit"), Said(choice="submit", prompt=17)),
    ("a button with a colon in it", pressed("17:command:human"), Said(choice="command:human", prompt=17)),
    ("a button that carries its place", pressed("17:#3"), Said(text="3", prompt=17)),
    ("a button of no question", pressed("0:command:new"), Said(choice="command:new")),
    ("a button that is not ours", pressed("zzz"), Said(choice="?")),
    ("a button without data", pressed(None, game_short_name="x"), Said(choice="?")),
    ("a button on a message long gone", pressed("17:submit", message={"chat": {"id": CHAT, "type": "private"}, "message_id": 16, "date": 0}), Said(choice="submit", prompt=17)),
]  # fmt: skip


@pytest.mark.parametrize(("label", "update", "said"), SAID, ids=[row[0] for row in SAID])
def test_an_update_says_what_was_said(
    telegram: Channel, label: str, update: dict[str, Any], said: Said
) -> None:
    (heard,) = telegram.webhooks[0].read(posted(update), NOW)
    assert isinstance(heard, Inbound), label
    assert heard.said == said
    assert (heard.channel, heard.address, heard.name) == ("telegram", str(CHAT), "李 雷")
    assert not heard.inline


MEDIA: list[tuple[str, dict[str, Any], str, RemoteMedia]] = [
    ("the largest of a photo's sizes", message(photo=photo(90, 320, 1280)), "", RemoteMedia("AgAC-1280", "image/jpeg", "", 1280)),
    ("a photo with words", message(photo=photo(90), caption="路面塌了"), "路面塌了", RemoteMedia("AgAC-90", "image/jpeg", "", 90)),
    ("a voice note", message(voice=file("v", mime_type="audio/ogg", duration=3)), "", RemoteMedia("v", "audio/ogg", "", 4096)),
    ("a song", message(audio=file("a", mime_type="audio/mp4", file_name="录音.m4a")), "", RemoteMedia("a", "audio/mp4", "录音.m4a", 4096)),
    ("a film", message(video=file("f", mime_type="video/mp4")), "", RemoteMedia("f", "video/mp4", "", 4096)),
    ("a round film", message(video_note=file("n", length=240)), "", RemoteMedia("n", "video/mp4", "", 4096)),
    ("an animation once", message(animation=file("g", mime_type="video/mp4"), document=file("g", mime_type="video/mp4")), "", RemoteMedia("g", "video/mp4", "", 4096)),
    ("a document", message(document=file("d", mime_type="application/pdf", file_name="合同.pdf")), "", RemoteMedia("d", "application/pdf", "合同.pdf", 4096)),
    ("a document of unknown type", message(document=file("d")), "", RemoteMedia("d", "application/octet-stream", "", 4096)),
]  # fmt: skip


@pytest.mark.parametrize(("label", "update", "text", "media"), MEDIA, ids=[row[0] for row in MEDIA])
def test_what_lies_at_telegram_is_named(
    telegram: Channel, label: str, update: dict[str, Any], text: str, media: RemoteMedia
) -> None:
    (heard,) = telegram.webhooks[0].read(posted(update), NOW)
    assert isinstance(heard, Inbound), label
    assert (heard.said, heard.media) == (Said(text=text), (media,))


NOTHING: list[tuple[str, dict[str, Any]]] = [
    ("a bot's message", message(text="hi", sender=LI | {"is_bot": True})),
    ("a message of nobody", message(text="hi", sender=None)),
    ("a pinned message", message(pinned_message={"message_id": 1})),
    ("a timer of messages", message(message_auto_delete_timer_changed={"x": 1})),
    ("a live location moves on", edited(location=pin(live_period=900))),
    ("a photo that was exchanged without words", edited(photo=photo(9))),
    ("a post in a channel", {"update_id": 1, "channel_post": {"message_id": 1}}),
    ("an update of a kind to come", {"update_id": 1, "novelty": {}}),
    ("we were put out of a group", member("kicked", GROUP)),
]


@pytest.mark.parametrize(("label", "update"), NOTHING, ids=[row[0] for row in NOTHING])
def test_what_is_none_of_our_business_says_nothing(
    telegram: Channel, label: str, update: dict[str, Any]
) -> None:
    read = telegram.webhooks[0].read(posted(update), NOW)
    assert list(read) == [], label
    assert telegram.webhooks[0].answer(read, ()).status == 200


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_who_blocks_us_or_lets_us_in_again_is_noted(
    telegram: Channel,
    status: str,
    blocked: bool,  # noqa: FBT001 - a table
) -> None:
    (heard,) = telegram.webhooks[0].read(posted(member(status)), NOW)
    assert heard == Reachable("telegram", str(CHAT), blocked)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "密"])
def test_an_update_without_the_secret_is_forged(telegram: Channel, secret: str | None) -> None:
    with pytest.raises(ForgedError):
        telegram.webhooks[0].read(posted(message(text="hi"), secret), NOW)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"update_id":"x"}', b"\xff", b'{"a":1}' + b" " * 300_000]
)
def test_what_is_no_update_is_malformed(telegram: Channel, body: bytes) -> None:
    with pytest.raises(MalformedError):
        telegram.webhooks[0].read(posted(body), NOW)


def test_keys_tell_messages_versions_and_presses_apart(telegram: Channel) -> None:
    updates = [
        message(17, text="a"),
        message(18, text="a"),
        edited(17, 1795400060, text="b"),
        edited(17, 1795400061, text="c"),
        edited(17, 1795400061, text="d"),
        pressed("1:a"),
        pressed("1:a", id="another"),
    ]
    keys = [telegram.webhooks[0].read(posted(u), NOW)[0].key for u in updates]  # type: ignore[union-attr]  # all are messages
    assert len(set(keys)) == len(keys)
    again = message(17, text="a") | {"update_id": 1}
    assert telegram.webhooks[0].read(posted(again), NOW)[0].key == keys[0]  # type: ignore[union-attr]  # as above


LANGUAGES = [("zh-hans", "zh-CN"), ("zh-TW", "zh-CN"), ("en", "en"), ("ru", "en"), ("", None)]


@pytest.mark.parametrize(("code", "language"), LANGUAGES)
def test_the_app_hints_at_the_resident_s_language(
    telegram: Channel, code: str, language: str | None
) -> None:
    sender = LI | {"language_code": code}
    (heard,) = telegram.webhooks[0].read(posted(message(text="1", sender=sender)), NOW)
    assert isinstance(heard, Inbound)
    assert heard.language == language


def test_a_press_is_answered_each_time_it_comes(telegram: Channel) -> None:
    webhook = telegram.webhooks[0]
    for _ in range(2):
        read = webhook.read(posted(pressed("17:submit")), NOW)
        (heard,) = read
        assert isinstance(heard, Inbound)
        assert heard.mark == "16"
        answer = webhook.answer(read, [Message(1, 2, Reply("x"), ("x",))])
        assert answer.content_type == "application/json"
        call = {"method": "answerCallbackQuery", "callback_query_id": "4382bfdwdsb323b2d9"}
        assert msgspec.json.decode(answer.body) == call


def test_a_message_is_answered_with_nothing_for_the_reply_goes_by_the_api(
    telegram: Channel,
) -> None:
    read = telegram.webhooks[0].read(posted(message(text="hi")), NOW)
    assert telegram.webhooks[0].answer(read, ()).body == b""


def test_a_group_is_told_once_why_not_and_left(telegram: Channel) -> None:
    webhook = telegram.webhooks[0]
    calls = []
    for update in (member("member", GROUP), message(text="hi", chat=GROUP)):
        read = webhook.read(posted(update), NOW)
        assert all(isinstance(one, Reachable) for one in read)
        calls.append(msgspec.json.decode(webhook.answer(read, ()).body))
    assert calls[0] == {"method": "sendMessage", "chat_id": str(GROUP["id"]), "text": ALONE}
    assert calls[1] == {"method": "leaveChat", "chat_id": str(GROUP["id"])}


def test_long_texts_are_cut_at_sentences_within_the_limit_of_utf_16(telegram: Channel) -> None:
    text = "".join(f"第{n}件事已经办好了，请放心。😀" for n in range(900))
    parts = telegram.render(Reply(text), Language.CHINESE)
    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)
    assert all(part.endswith(("。", "😀")) for part in parts)
    assert len(parts) == 4
    assert telegram.render(Reply("好"), Language.CHINESE) == ("好",)


@pytest.mark.parametrize(
    ("labels", "widths"),
    [
        (["对", "要改"], [2]),
        (["是", "否", "不知道", "返回"], [3, 1]),
        (["海淀区", "朝阳区", "丰台区", "西城区"], [3, 1]),
        (["对，提交", "要改"], [2]),
        (["和邻居的一起办，进展也告诉我", "单独提交"], [1, 1]),
        (["Submit it alone", "No"], [1, 1]),
    ],
)
def test_buttons_stand_beside_each_other_as_far_as_they_fit(
    labels: list[str], widths: list[int]
) -> None:
    assert [len(row) for row in rows(labels)] == widths


def test_buttons_carry_their_question_and_choice_within_64_bytes() -> None:
    choices = (Choice("submit", "对"), Choice("长" * 40, "很长"))
    keyboard = markup(Reply("对吗？", choices, 17))
    assert keyboard is not None
    shown = keyboard.to_dict()["inline_keyboard"]
    assert [[b["callback_data"] for b in row] for row in shown] == [["17:submit", "17:#2"]]
    assert callback_data(17, "x" * 61, 1) == "17:" + "x" * 61
    assert callback_data(17, "x" * 62, 1) == "17:#1"


def test_a_phone_number_is_shared_by_a_button_in_place_of_the_keyboard() -> None:
    reply = Reply("要分享手机号吗？", (Choice("skip", "不用"),), 3, contact=True)
    keyboard = markup(reply)
    assert keyboard is not None
    assert keyboard.to_dict()["keyboard"] == [
        [{"text": "📱 分享手机号", "request_contact": True}],
        [{"text": "不用"}],
    ]
    place = markup(Reply("Where?", place=True, language=Language.ENGLISH))
    assert place is not None
    assert place.to_dict()["keyboard"] == [
        [{"text": "📍 Send my location", "request_location": True}]
    ]


def test_a_plain_message_takes_an_earlier_keyboard_away() -> None:
    plain = markup(Reply("已受理。"))
    assert plain is not None
    assert plain.to_dict() == {"remove_keyboard": True}


def test_an_address_has_one_spelling_and_a_mask(telegram: Channel) -> None:
    assert telegram.normalise("700100200") == "700100200"
    assert [telegram.normalise(raw) for raw in ("", "-100", "０", "x", "012")] == [None] * 5
    assert telegram.mask("700100200") == "tg-****0200"
