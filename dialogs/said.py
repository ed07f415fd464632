"""What is said: the one vocabulary that channels translate to and from."""

import msgspec

from dialogs.words import CallAct, Language, Moment

UNSEEN_PHOTO = "[图片]"  # stands for a picture that a channel was sent but cannot keep
UNSEEN_STICKER = "[贴纸]"  # stands for what tells nothing: a sticker, a poll, a game
UNSEEN_FILE = "[文件过大]"  # stands for a file that is too large to be fetched


class Choice(msgspec.Struct, frozen=True):
    """One thing that can be picked: `id` is what comes back, `label` what is shown."""

    id: str
    label: str


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A photo, recording or file that is kept already; `id` is the media row's."""

    id: str
    content_type: str
    name: str = ""


class Pin(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shared location in degrees; `datum` is WGS-84 unless a Chinese map made it (GCJ-02), "" when nobody knows.

    `accuracy_meters`: how far off it may be by its own account, 0 where nothing is said.
    """

    latitude: float
    longitude: float
    datum: str = "WGS-84"
    accuracy_meters: float = 0.0


class Said(msgspec.Struct, frozen=True, omit_defaults=True, tag="said"):
    """One message of a resident. `choice` is a pressed button's id, `prompt` the question it hung on.

    On a phone, `moment` says what happened instead of words, and `confidence` (0 to 1) how sure the recogniser is of
    `text`. `phone` is a number that the channel vouches for as the sender's own, E.164. `edits` is the provider's key
    of an earlier message whose text this one replaces; `before` is that text, filled in by the turn.
    """

    text: str = ""
    choice: str = ""
    prompt: int = 0
    attachments: tuple[Attachment, ...] = ()
    pin: Pin | None = None
    moment: Moment | None = None
    confidence: float = 1.0
    phone: str = ""
    edits: str = ""
    before: str = ""


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a phone call does once the text has been spoken; without it, the caller is listened to.

    `number` (E.164, or as short as 119) is dialled, `room` names the conference or the queue, `seconds` is the longest
    a recording or a pause takes.
    """

    act: CallAct
    number: str = ""
    room: str = ""
    seconds: int = 0


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to a resident; channels degrade `choices` (keyboard, numbered text, keypad).

    `prompt` numbers the question that the choices answer, 0 for none. `photo`, `place` and `contact` say that a photo, a
    shared location or a shared phone number would be welcome as the answer. On a phone, `digits` is how many digits
    the number has at most that is asked for (0: a choice or words), `keys_only` that speech was not understood and keys
    alone are listened to, `record` that from here on the call is recorded, and `call` what comes after the words.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    prompt: int = 0
    place: bool = False
    photo: bool = False
    contact: bool = False
    digits: int = 0
    keys_only: bool = False
    record: bool = False
    call: Call | None = None
    language: Language = Language.CHINESE
