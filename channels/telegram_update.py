"""What Telegram posts, and what of it was said: https://core.telegram.org/bots/api#update."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from channels.base import Heard, Inbound, MalformedError, Reachable, RemoteMedia
from channels.phone import normalise as normalise_phone
from channels.telegram_types import (
    PRIVATE,
    Chat,
    Contact,
    Kinds,
    Membership,
    Message,
    Press,
    Update,
    User,
)
from dialogs.said import UNSEEN_FILE, UNSEEN_STICKER, Pin, Said
from dialogs.words import Language

NAME = "telegram"
PRESSED = "press-"  # begins the key of a pressed button; the rest is what Telegram wants answered
BESIDE = (
    "group:"  # begins the address of what is no private chat: nobody's, so nothing is kept of it
)
MOST_DATA_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton
LARGEST_FILE_BYTES = 20 * 1024 * 1024  # https://core.telegram.org/bots/api#getfile
PRESS_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
GONE = frozenset({"left", "kicked"})

# https://core.telegram.org/bots/features#commands
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
COMMANDS: Final[Mapping[str, str]] = {
    "new": "command:new",
    "status": "command:status",
    "language": "command:language",
    "human": "command:human",
    "help": "command:help",
}
_HELLO = {Language.CHINESE: "你好", Language.ENGLISH: "hello"}
# By the place in the list, where the choice's own id would not go into 64 bytes.
NUMBERED = "#"

# Content that says nothing by itself. What is neither this nor known below is a service message.
_UNSEEN = frozenset(
    {"sticker", "poll", "dice", "game", "story", "checklist", "paid_media", "giveaway", "invoice"}
)


ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_decoder = msgspec.json.Decoder(Update)
_kinds = msgspec.json.Decoder(Kinds)


@dataclass(frozen=True, slots=True)
class Reading:
    """How an update is read: `region` is that of phone numbers without a country code."""

    region: str

    def heard(self, body: bytes, now: datetime) -> Sequence[Heard]:
        """What an update says; nothing for what is none of our business. Raises `MalformedError`."""
        try:
            update = _decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedError("not an update of Telegram's") from error
        if update.callback_query is not None:
            return _pressed(update.callback_query, now)
        if update.my_chat_member is not None:
            return _membership(update.my_chat_member)
        message = update.message or update.edited_message
        return () if message is None else self._message(message, body, update, now)

    def _message(
        self, message: Message, body: bytes, update: Update, now: datetime
    ) -> Sequence[Heard]:
        if message.chat.type != PRIVATE:
            return _beside(message.chat)
        if message.from_ is None or message.from_.is_bot:
            return ()
        said, media = self._said(message, body, is_edit=update.message is None)
        return () if said is None else (_inbound(message, message.from_, said, media, now),)

    def _said(
        self, message: Message, body: bytes, *, is_edit: bool
    ) -> tuple[Said | None, tuple[RemoteMedia, ...]]:
        if message.location is not None or message.venue is not None:
            return (None if is_edit else _pinned(message)), ()  # a live location only moves on
        if message.contact is not None:
            return self._card(message.contact, message.from_), ()
        text = (message.text or message.caption).replace("\x00", "").strip()
        if is_edit:
            edits = key_of(message.chat.id, message.message_id, 0)
            return (Said(text=text, edits=edits) if text else None), ()
        media, too_large = _media(message)
        if media or too_large:
            return Said(text=text or (UNSEEN_FILE if too_large else "")), media
        if text:
            return _command(text, message.from_) or Said(text=text), ()
        return _without_words(body), ()

    def _card(self, contact: Contact, sender: User | None) -> Said:
        """One's own number, which Telegram vouches for and writes with its country; another's card is but text."""
        raw = contact.phone_number.strip()
        if sender is not None and contact.user_id == sender.id:
            number = normalise_phone(f"+{raw.removeprefix('+')}", self.region)
            if number is not None:
                return Said(phone=number)
        name = f"{contact.first_name} {contact.last_name}".strip()
        return Said(text=f"{normalise_phone(raw, self.region) or raw} {name}".strip())


def key_of(chat_id: int, message_id: int, edit_date: int) -> str:
    """What names a version of a message. Not `update_id`: that begins anew after a quiet week."""
    return f"{chat_id}-{message_id}-{edit_date}"


def callback_data(prompt: int, choice: str, place: int) -> str:
    """What a button carries: its question and its choice, in the 64 bytes that Telegram gives it."""
    data = f"{prompt}:{choice}"
    return data if len(data.encode()) <= MOST_DATA_BYTES else f"{prompt}:{NUMBERED}{place}"


def _pressed(press: Press, now: datetime) -> Sequence[Heard]:
    """What was picked. Data that is not ours is a button of long ago: the open question is asked again."""
    if PRESS_ID.fullmatch(press.id) is None:
        raise MalformedError("a press without an id")
    if press.message is None or press.from_.is_bot:
        return ()
    if press.message.chat.type != PRIVATE:
        return _beside(press.message.chat)
    prompt, _, choice = press.data.replace("\x00", "").partition(":")
    number = int(prompt) if prompt.isdecimal() and len(prompt) < 10 else 0  # noqa: PLR2004 - of digits
    if choice.startswith(NUMBERED):
        said = Said(text=choice.removeprefix(NUMBERED), prompt=number)
    else:
        said = Said(choice=choice or "?", prompt=number)
    return (
        Inbound(
            NAME,
            PRESSED + press.id,
            str(press.message.chat.id),
            said,
            now,
            name=press.from_.name,
            mark=str(press.message.message_id),
            language=press.from_.language,
        ),
    )


def _membership(change: Membership) -> Sequence[Heard]:
    gone = change.new_chat_member.status in GONE
    if change.chat.type != PRIVATE:
        return () if gone else _beside(change.chat)
    return (Reachable(NAME, str(change.chat.id), blocked=gone),)


def _beside(chat: Chat) -> Sequence[Heard]:
    """A group or channel: an address that nobody has, so that it changes nothing, and is answered all the same."""
    return (Reachable(NAME, f"{BESIDE}{chat.id}", blocked=True),)


def _inbound(
    message: Message, sender: User, said: Said, media: tuple[RemoteMedia, ...], now: datetime
) -> Inbound:
    key = key_of(message.chat.id, message.message_id, message.edit_date if said.edits else 0)
    if said.edits:  # two edits may fall into one second
        key += f"-{zlib.crc32(said.text.encode()):x}"
    return Inbound(
        NAME,
        key,
        str(message.chat.id),
        said,
        now,
        media=media,
        name=sender.name,
        language=sender.language,
    )


def _pinned(message: Message) -> Said:
    """A location; the name of the place stands beside it."""
    venue = message.venue
    at = venue.location if venue is not None else message.location
    if at is None:
        return Said()
    pin = Pin(at.latitude, at.longitude, accuracy_meters=at.horizontal_accuracy)
    named = f"{venue.address} {venue.title}".strip() if venue is not None else ""
    return Said(text=named, pin=pin)


def _media(message: Message) -> tuple[tuple[RemoteMedia, ...], bool]:
    """What lies at Telegram, and whether some of it is larger than a bot may fetch."""
    files = [
        (message.photo[-1] if message.photo else None, "image/jpeg"),  # the largest comes last
        (message.voice, "audio/ogg"),
        (message.audio, "audio/mpeg"),
        (message.video, "video/mp4"),
        (message.video_note, "video/mp4"),
        # An animation stands under `document` a second time, for older bots.
        (message.animation, "video/mp4"),
        (None if message.animation else message.document, "application/octet-stream"),
    ]
    found = [(file, usual) for file, usual in files if file is not None]
    media = tuple(
        RemoteMedia(file.file_id, file.mime_type or usual, file.file_name, file.file_size)
        for file, usual in found
        if file.file_size <= LARGEST_FILE_BYTES
    )
    return media, len(media) < len(found)


def _command(text: str, sender: User | None) -> Said | None:
    """/status@bot and the others as the words they stand for; the payload of a deep link is nobody's words."""
    match = _COMMAND.fullmatch(text)
    if match is None:
        return None
    word, rest = match[1].lower(), (match[2] or "").strip()
    if word == "start":
        language = sender.language if sender is not None else None
        return Said(text=_HELLO[language or Language.CHINESE])
    if rest and word in COMMANDS:
        return Said(text=rest)
    if word in COMMANDS:
        return Said(choice=COMMANDS[word])
    return Said(text=f"{word.replace('_', ' ')} {rest}".strip())


def _without_words(body: bytes) -> Said | None:
    """A sticker, a poll and the like ask for an answer; that a message was pinned does not."""
    kinds = _kinds.decode(body).message.keys()
    return Said(text=UNSEEN_STICKER) if _UNSEEN & kinds else None
