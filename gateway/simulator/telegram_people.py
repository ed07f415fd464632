"""What residents do on Telegram: write, press, send, edit, block; each act is an update that is posted to the gateway."""

from dataclasses import dataclass

from gateway import clock
from gateway.simulator.ogg import silence
from gateway.simulator.telegram import TelegramStandIn
from gateway.simulator.telegram_chats import JSON, Chat, Said

# The smallest picture that is one: a single grey pixel.
PIXEL = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300"
    + "08" * 64
    + "ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0b"
    "ffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a108"
    "2342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a53545556"
    "5758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9"
    "aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7"
    "f8f9faffda0008010100003f00fbdfffd9"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A resident with Telegram; every act returns the HTTP status that the gateway answered with."""

    standin: TelegramStandIn
    chat: Chat

    async def write(self, text: str, **more: object) -> int:
        """Write a message; commands are marked as such."""
        content: JSON = {"text": text, **more}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self._send(content)

    async def press(self, message_id: int, data: str) -> int:
        """Press a button."""
        said = self.chat.says[message_id]
        press = f"{clock.new_id()}"
        self.standin.state.presses[press] = False
        query = {
            "id": press,
            "from": self.chat.user,
            "message": self.standin.state.as_message(said),
            "chat_instance": "1",
            "data": data,
        }
        return await self.standin.post("callback_query", query)

    async def pick(self, label: str) -> int:
        """Press the newest button with this label, on a message or in place of the keyboard."""
        for said in reversed(self.chat.says.values()):
            for button in (button for row in said.buttons for button in row):
                if button["text"] == label:
                    return await self.press(said.id, button["callback_data"])
        for button in (button for row in self.chat.keyboard for button in row):
            if button["text"] == label:
                return await self._tap(button)
        raise LookupError(f"no button {label}")

    async def send_photo(
        self, caption: str = "", body: bytes | None = None, content_type: str = "image/jpeg"
    ) -> int:
        """Send a picture; Telegram keeps it in several sizes."""
        sizes = []
        body = body or PIXEL
        for side in (90, 320):
            file = self.standin.state.keep_file(body, content_type, f"{side}.jpg")
            size = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size}
            sizes.append(size | {"width": side, "height": side})
        return await self._send({"photo": sizes} | ({"caption": caption} if caption else {}))

    async def send_voice(self, body: bytes | None = None, seconds: int = 2) -> int:
        """Send a voice note."""
        file = self.standin.state.keep_file(body or silence(seconds), "audio/ogg", "voice.oga")
        voice = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size}
        return await self._send({"voice": voice | {"duration": seconds, "mime_type": "audio/ogg"}})

    async def send_document(self, name: str, body: bytes, content_type: str, size: int = 0) -> int:
        """Send a file; `size` may claim more than there is."""
        file = self.standin.state.keep_file(body, content_type, name, size)
        shown = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size}
        return await self._send(
            {"document": shown | {"file_name": name, "mime_type": content_type}}
        )

    async def send_location(self, latitude: float, longitude: float) -> int:
        """Share where one is."""
        self.chat.keyboard = []
        return await self._send({"location": {"latitude": latitude, "longitude": longitude}})

    async def send_venue(self, latitude: float, longitude: float, title: str, address: str) -> int:
        """Share a place with a name."""
        location = {"latitude": latitude, "longitude": longitude}
        venue = {"location": location, "title": title, "address": address}
        return await self._send({"venue": venue, "location": location})

    async def share_contact(self, phone: str) -> int:
        """Share one's own number."""
        self.chat.phone, self.chat.keyboard = phone, []
        card = {"phone_number": phone.removeprefix("+"), "first_name": self.chat.name}
        return await self._send({"contact": card | {"user_id": self.chat.id}})

    async def send_sticker(self) -> int:
        """Send a sticker."""
        file = self.standin.state.keep_file(b"RIFF", "image/webp", "sticker.webp")
        sticker = {"file_id": file.id, "file_unique_id": file.id[-8:], "emoji": "👍"}
        return await self._send({"sticker": sticker | {"type": "regular"}})

    async def edit(self, message_id: int, text: str) -> int:
        """Change what one has written."""
        said = self.chat.says[message_id]
        said.content = said.content | {"text": text}
        said.edited_at = clock.now()
        self.standin.state.chats.note(self.chat, said)
        return await self.standin.post("edited_message", self.standin.state.as_message(said))

    async def block(self, *, blocked: bool = True) -> int:
        """Block the bot, or let it in again."""
        self.chat.blocked = blocked
        self.standin.state.chats.note(self.chat)
        return await self._member("kicked" if blocked else "member")

    async def put_into(self, group_id: int) -> int:
        """Put the bot into a group."""
        group = self.standin.state.chats.open(group_id, "小区群")
        return await self._member("member", group)

    @property
    def heard(self) -> list[Said]:
        """What the bot has said here, oldest first."""
        return [said for said in self.chat.says.values() if not said.mine]

    async def _tap(self, button: JSON) -> int:
        """A button in place of the keyboard shares something, or writes what stands on it."""
        self.chat.keyboard = []
        if button.get("request_contact"):
            return await self.share_contact(self.chat.phone or "+8613800138000")
        if button.get("request_location"):
            return await self.send_location(39.9289, 116.2631)
        return await self.write(button["text"])

    async def _send(self, content: JSON) -> int:
        state = self.standin.state
        self.chat.began = True
        said = state.chats.add(self.chat, mine=True, at=clock.now(), content=content)
        return await self.standin.post("message", state.as_message(said))

    async def _member(self, status: str, chat: Chat | None = None) -> int:
        bot = self.standin.state.bot
        change = {
            "chat": (chat or self.chat).place,
            "from": self.chat.user,
            "date": int(clock.now().timestamp()),
            "old_chat_member": {"user": bot, "status": "left"},
            "new_chat_member": {"user": bot, "status": status},
        }
        return await self.standin.post("my_chat_member", change)


def person(standin: TelegramStandIn, chat_id: int, **about: str) -> Person:
    """A resident of that id: the same one each time."""
    return Person(standin, standin.state.chats.open(chat_id, **about))
