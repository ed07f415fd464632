"""All that Telegram's stand-in remembers of one bot."""

from dataclasses import dataclass, field

from gateway import clock
from gateway.simulator.faults import Faults
from gateway.simulator.telegram_chats import JSON, Chat, Chats, Said
from gateway.simulator.telegram_rules import webhook_of

MOST_COMPLAINTS = 100
ALL_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(slots=True)
class Hook:
    """The webhook as `setWebhook` has left it."""

    url: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = ALL_KINDS
    max_connections: int = 40
    pending: int = 0
    last_error: str = ""
    last_error_at: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A file that a resident has sent; `path` is where it can be had."""

    id: str
    body: bytes
    content_type: str
    path: str
    size: int


@dataclass(slots=True)
class State:
    """`presses` are pressed buttons by id, and whether they have been answered; `calls` counts methods.

    `forgetful`: what began before it was started is not known any more, so that every chat is taken for one that began.
    """

    token: str
    username: str
    hook: Hook = field(default_factory=Hook)
    commands: dict[str, list[JSON]] = field(default_factory=dict)  # by language
    descriptions: dict[str, str] = field(default_factory=dict)
    chats: Chats = field(default_factory=Chats)
    files: dict[str, File] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    complaints: list[str] = field(default_factory=list)
    presses: dict[str, bool] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    forgetful: bool = False

    @property
    def bot(self) -> JSON:
        """The bot as Telegram shows it."""
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "12345", "username": self.username}

    def set_webhook(self, call: JSON) -> None:
        """Where updates go from now on; raises `RefusedError`."""
        url, secret, allowed = webhook_of(call)
        most = int(call.get("max_connections") or 40)
        self.hook = Hook(url, secret, allowed or ALL_KINDS, most)

    def complain(self, words: str) -> None:
        """Note what Telegram would pass over in silence."""
        self.complaints.append(words)
        del self.complaints[:-MOST_COMPLAINTS]

    def keep_file(self, body: bytes, content_type: str, name: str, size: int = 0) -> File:
        """Keep what a resident sends; `size` may claim more than there is."""
        file_id = f"F{clock.new_id()}"
        kept = File(file_id, body, content_type, f"files/{file_id}/{name}", size or len(body))
        self.files[file_id] = kept
        return kept

    def say(self, chat: Chat, content: JSON) -> Said:
        """Take a message of the bot."""
        said = self.chats.add(chat, mine=False, at=clock.now(), content=content)
        markup = content.get("reply_markup", {})
        if "keyboard" in markup:
            chat.keyboard = markup["keyboard"]
        elif markup.get("remove_keyboard"):
            chat.keyboard = []
        return said

    def as_message(self, said: Said) -> JSON:
        """A message as Telegram gives it."""
        chat = self.chats.open(said.chat)
        sender = chat.user if said.mine else self.bot
        at = int(said.at.timestamp())
        shown = {"message_id": said.id, "from": sender, "chat": chat.place, "date": at}
        if said.edited_at is not None:
            shown["edit_date"] = int(said.edited_at.timestamp())
        content = {n: v for n, v in said.content.items() if n != "reply_markup" or said.buttons}
        return shown | content
