"""The memory of a conversation: small JSON with named states, readable by the next version too."""

from datetime import datetime
from typing import TypeVar

import msgspec

from dialogs.requests import SurveyDue
from dialogs.words import Language

T = TypeVar("T", bound=msgspec.Struct)


class Frame(msgspec.Struct, frozen=True):
    """One dialog under way. `data` is that dialog's own JSON, decoded by it alone."""

    dialog: str
    state: str
    data: msgspec.Raw = msgspec.Raw(b"{}")

    def read(self, kind: type[T]) -> T | None:
        """Decode the data, None when another version wrote what this one cannot read."""
        try:
            return msgspec.json.decode(self.data, type=kind)
        except msgspec.ValidationError:
            return None


class OnPhone(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a call remembers until it ends."""

    spoke: bool = False  # something was said or keyed in it
    trouble: int = 0  # times in a row that nothing was said or understood
    unsure: str = ""  # half heard, and read back
    page: int = 0  # of choices that are more than one can keep in mind
    recorded: bool = False
    ours: bool = False  # we have called
    danger: bool = False  # a danger to life is being handed in, and can be put through
    acted: bool = False  # something was carried out, so that there is no way back behind it
    last: str = ""  # what was said last, to be repeated on demand
    trail: tuple[tuple[Frame, ...], ...] = ()  # how the talk stood before each of the last answers


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """Frames lie bottom first; the last one asked the open question; no frame means the talk is idle."""

    language: Language = Language.CHINESE
    frames: tuple[Frame, ...] = ()
    prompt: int = 0  # the number of the question last asked; buttons carry it
    choices: tuple[str, ...] = ()  # ids offered with it, in order, so that "2" means the second
    misses: int = 0  # misunderstandings in a row
    silence: int = 0  # stages of patience used up since the resident last spoke
    waiting: tuple[SurveyDue, ...] = ()  # surveys that wait until the talk is idle
    last_ticket: int = 0
    offences: int = 0  # messages in a row that were mere abuse or nonsense
    paused_until: datetime | None = None  # until then such messages are not answered
    regarded: bool = False  # the resident's anger has been met with a word in this talk
    alerted: dict[str, datetime] = {}  # AlertKind -> when a phone rang for it last
    language_chosen: bool = False  # chosen, or told by how the resident writes
    phone: OnPhone | None = None  # a call is under way
    linked: bool = (
        False  # the resident's own phone number is known, vouched for by a channel or a code
    )
    offered: tuple[str, ...] = ()  # dialogs that were offered once, and need not be again
    queued: bool = False  # waits for a person; the dialog goes on meanwhile
    marked_until: datetime | None = None  # two of the centre have marked this resident for abuse


_decoder = msgspec.json.Decoder(Session)
_encoder = msgspec.json.Encoder()


def load(text: bytes | str) -> Session:
    """Read a session from its JSON; unknown fields are ignored. Raises `msgspec.ValidationError`."""
    return _decoder.decode(text)


def dump(session: Session) -> bytes:
    """Write a session as JSON."""
    return _encoder.encode(session)
