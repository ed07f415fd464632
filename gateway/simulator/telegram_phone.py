"""What the page's Telegram chats ask for: write, press, send, edit, block, watch, and faults of the provider behind them."""

from base64 import b64decode
from typing import Annotated

import msgspec
from aiohttp import web

from gateway.simulator.faults import Faults
from gateway.simulator.page_wire import WATCH_SECONDS, read, version_after, waits, written
from gateway.simulator.telegram import TelegramStandIn
from gateway.simulator.telegram_chats import JSON, Chat, Said
from gateway.simulator.telegram_people import Person, person

ChatId = Annotated[int, msgspec.Meta(ge=1, le=10**12)]
Text = Annotated[str, msgspec.Meta(max_length=4096)]
PATH = "/simulator/telegram"
LARGEST = 12 * 1024 * 1024


class Act(msgspec.Struct, forbid_unknown_fields=True, tag_field="act"):
    """What a resident does in a chat."""

    chat: ChatId


class Write(Act, tag="write"):
    """Write."""

    text: Text
    language: Annotated[str, msgspec.Meta(max_length=10)] = "zh-hans"


class Press(Act, tag="press"):
    """Press a button on a message."""

    message: int
    data: str


class Edit(Act, tag="edit"):
    """Change an own message."""

    message: int
    text: Text


class SendPhoto(Act, tag="photo"):
    """Send a picture, given in Base64."""

    body: Annotated[str, msgspec.Meta(max_length=LARGEST)] = ""
    caption: Text = ""


class SendVoice(Act, tag="voice"):
    """Send a voice note."""


class SendSticker(Act, tag="sticker"):
    """Send a sticker."""


class SendLocation(Act, tag="location"):
    """Share where one is."""

    latitude: float
    longitude: float


class ShareContact(Act, tag="contact"):
    """Share one's own number."""

    phone: Annotated[str, msgspec.Meta(pattern=r"^\+[1-9]\d{6,14}$")]


class Block(Act, tag="block"):
    """Block the bot, or let it in again."""

    blocked: bool


Acts = (
    Write | Press | Edit | SendPhoto | SendVoice | SendSticker | SendLocation | ShareContact | Block
)


def add_routes(app: web.Application, standin: TelegramStandIn) -> None:
    """Serve the chats' JSON."""
    phones = _Phones(standin)
    app.router.add_get(f"{PATH}/talks", phones.watch)
    app.router.add_post(f"{PATH}/acts", phones.act)
    app.router.add_post(f"{PATH}/faults", phones.set_faults)


class _Phones:
    def __init__(self, standin: TelegramStandIn) -> None:
        self._standin = standin

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """What changed after a version, as soon as something has; with `wait=0` at once."""
        state = self._standin.state
        after = version_after(request)
        if waits(request):
            await state.chats.changes.after(after, WATCH_SECONDS)
        chats, says = state.chats.since(after)
        return written(
            {
                "version": state.chats.changes.version,
                "commands": state.commands.get("", []),
                "chats": [_shown_chat(chat) for chat in chats if chat.kind == "private"],
                "says": [_shown(said) for said in says if said.chat > 0],
            }
        )

    async def act(self, request: web.Request) -> web.StreamResponse:
        act: Acts = await read(request, Acts)  # type: ignore[arg-type]  # a union is what it decodes
        who = person(self._standin, act.chat)
        return written({"status": await _done(who, act)})

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        self._standin.state.faults = await read(request, Faults)
        return written(self._standin.state.faults)


async def _done(who: Person, act: Acts) -> int:  # noqa: C901, PLR0911, PLR0912 - a table in words
    match act:
        case Write():
            who.chat.language_code = act.language
            return await who.write(act.text)
        case Press() | Edit() if act.message not in who.chat.says:
            raise web.HTTPNotFound
        case Press():
            return await who.press(act.message, act.data)
        case Edit():
            return await who.edit(act.message, act.text)
        case SendPhoto():
            body = b64decode(act.body) if act.body else None
            return await who.send_photo(act.caption, body)
        case SendVoice():
            return await who.send_voice()
        case SendSticker():
            return await who.send_sticker()
        case SendLocation():
            return await who.send_location(act.latitude, act.longitude)
        case ShareContact():
            return await who.share_contact(act.phone)
        case Block():
            return await who.block(blocked=act.blocked)


def _shown_chat(chat: Chat) -> JSON:
    return {
        "id": chat.id,
        "began": chat.began,
        "blocked": chat.blocked,
        "keyboard": chat.keyboard,
    }


def _shown(said: Said) -> JSON:
    """A message as the page shows it."""
    kinds = ("photo", "voice", "document", "location", "contact", "sticker")
    return {
        "chat": said.chat,
        "message": said.id,
        "mine": said.mine,
        "text": said.text,
        "kind": next((kind for kind in kinds if kind in said.content), "text"),
        "buttons": said.buttons,
        "edited": said.edited_at is not None and said.mine,
        "at": said.at.isoformat(),
    }
