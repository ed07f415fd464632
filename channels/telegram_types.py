"""The wire types of Telegram's Bot API, as far as we read them: https://core.telegram.org/bots/api#available-types.

The library's own classes take a hundred times as long to read an update.
"""

import msgspec

from dialogs.words import Language

PRIVATE = "private"


class User(msgspec.Struct):
    """Somebody, or a bot."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""

    @property
    def name(self) -> str:
        """What the resident is called there."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def language(self) -> Language | None:
        """What the resident's own app speaks; those that we do not speak are rather met in English."""
        if not self.language_code:
            return None
        return Language.CHINESE if self.language_code.startswith("zh") else Language.ENGLISH


class Chat(msgspec.Struct):
    """Where it was said."""

    id: int
    type: str = PRIVATE


class File(msgspec.Struct):
    """A photo, a recording, a document; Telegram names the type of some only."""

    file_id: str
    file_size: int = 0
    mime_type: str = ""
    file_name: str = ""


class Location(msgspec.Struct):
    """A pin; `live_period` seconds when it goes on moving."""

    latitude: float
    longitude: float
    horizontal_accuracy: float = 0.0
    live_period: int = 0


class Venue(msgspec.Struct):
    """A place with a name."""

    location: Location
    title: str = ""
    address: str = ""


class Contact(msgspec.Struct):
    """A card: the sender's own if `user_id` is the sender."""

    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int = 0


class Message(msgspec.Struct):
    """One message. `edit_date` tells versions of it apart."""

    message_id: int
    chat: Chat
    from_: User | None = msgspec.field(default=None, name="from")
    edit_date: int = 0
    text: str = ""
    caption: str = ""
    photo: tuple[File, ...] = ()
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    video_note: File | None = None
    animation: File | None = None
    document: File | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Contact | None = None


class Press(msgspec.Struct):
    """A button that was pressed; `message` is the one it hung on, which Telegram may no longer know in full."""

    id: str
    from_: User = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class Member(msgspec.Struct):
    """What we are to a chat now."""

    status: str = ""


class Membership(msgspec.Struct):
    """A resident has blocked us or let us in again, or somebody has put us into a group."""

    chat: Chat
    new_chat_member: Member


class Update(msgspec.Struct):
    """One thing that happened; only what `ALLOWED` names is sent to us."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


class Kinds(msgspec.Struct):
    """A message by the names of its fields: they tell what kind of content it has."""

    message: dict[str, msgspec.Raw] = {}
