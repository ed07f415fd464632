"""What is said: the one vocabulary that channels translate to and from."""

import msgspec

UNSEEN_PHOTO = "[图片]"  # stands for a picture that a channel was sent but cannot keep


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
    """One message of a resident. `choice` is a pressed button's id, `prompt` the question it hung on."""

    text: str = ""
    choice: str = ""
    prompt: int = 0
    attachments: tuple[Attachment, ...] = ()
    pin: Pin | None = None


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to a resident; channels degrade `choices` (keyboard, numbered text, keypad).

    `prompt` numbers the question that the choices answer, 0 for none. `photo` and `place` say that a
    photo or a shared location would be welcome as the answer.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    prompt: int = 0
    place: bool = False
    photo: bool = False
