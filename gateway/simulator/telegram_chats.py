"""Private chats with the bot as Telegram keeps them: who is there, what was said, which buttons hang where."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.simulator.changes import Changes

JSON = dict[str, Any]  # the wire's own objects
MOST_KEPT = 2000  # messages of one chat


@dataclass(slots=True)
class Said:
    """One message. `content` holds what Telegram's object has besides who, where and when."""

    id: int
    chat: int
    mine: bool  # the resident's
    at: datetime
    content: JSON
    edited_at: datetime | None = None
    version: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        words: str = self.content.get("text") or self.content.get("caption") or ""
        return words

    @property
    def buttons(self) -> list[list[JSON]]:
        """The rows of buttons that hang on it now."""
        rows: list[list[JSON]] = self.content.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Chat:
    """A resident on Telegram; `keyboard` are the rows that stand in place of the phone's own."""

    id: int
    name: str
    language_code: str = "zh-hans"
    phone: str = ""
    began: bool = False
    blocked: bool = False
    left: bool = False  # a group that the bot has left
    kind: str = "private"
    keyboard: list[list[JSON]] = field(default_factory=list)
    says: dict[int, Said] = field(default_factory=dict)
    version: int = 0

    @property
    def user(self) -> JSON:
        """As Telegram shows the person."""
        user = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language_code} if self.language_code else {})

    @property
    def place(self) -> JSON:
        """As Telegram shows the chat."""
        if self.kind == "private":
            return {"id": self.id, "first_name": self.name, "type": self.kind}
        return {"id": self.id, "title": self.name, "type": self.kind}


class Chats:
    """All chats, and a wake-up for whoever watches them.

    `count_from`: the number of the message before the first. A gateway that remembers earlier ones would take the same
    numbers for messages that are posted again.
    """

    def __init__(self) -> None:
        self.changes = Changes()
        self._chats: dict[int, Chat] = {}
        self._last_id = 0

    def count_from(self, message_id: int) -> None:
        """Number new messages from here on."""
        self._last_id = message_id

    def open(self, chat_id: int, name: str = "", language_code: str | None = None) -> Chat:
        """A resident's chat, made when it is asked for first."""
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = Chat(chat_id, name or f"市民{chat_id % 1000}")
            chat.kind = "private" if chat_id > 0 else "supergroup"
        if language_code is not None:
            chat.language_code = language_code
        return chat

    def get(self, chat_id: int) -> Chat | None:
        """The chat, if there is one."""
        return self._chats.get(chat_id)

    def add(self, chat: Chat, *, mine: bool, at: datetime, content: JSON) -> Said:
        """Keep a new message; the oldest makes room."""
        self._last_id += 1
        said = Said(self._last_id, chat.id, mine, at, content)
        chat.says[said.id] = said
        if len(chat.says) > MOST_KEPT:
            del chat.says[next(iter(chat.says))]
        self.note(chat, said)
        return said

    def note(self, chat: Chat, said: Said | None = None) -> None:
        """Something of the chat, or of this message in it, has changed."""
        chat.version = self.changes.note()
        if said is not None:
            said.version = chat.version

    def since(self, version: int) -> tuple[list[Chat], list[Said]]:
        """Chats and messages that changed after `version`, messages oldest first."""
        chats = [chat for chat in self._chats.values() if chat.version > version]
        says = [said for chat in chats for said in chat.says.values() if said.version > version]
        return chats, sorted(says, key=lambda said: said.id)
