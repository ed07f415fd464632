"""How the phone speaks and listens: what an operator may set."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.words import Language

# A voice names its language: Google.cmn-CN-Wavenet-A, Polly.Zhiyu does not.
_IN_VOICE = re.compile(r"[A-Za-z]+\.([a-z]{2,3}-[A-Z][A-Za-z]+)\b")
_SPOKEN = {Language.CHINESE: "cmn-CN", Language.ENGLISH: "en-US"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language on the phone: `listen` for recognition, `voice` and its language `speak` for what is said."""

    listen: str
    voice: str
    speak: str

    @classmethod
    def of(cls, language: Language, listen: str, voice: str) -> "Tongue":
        """The language that is spoken stands in most voices' names."""
        named = _IN_VOICE.match(voice)
        return cls(listen, voice, named[1] if named else _SPOKEN[language])


TONGUES: Mapping[Language, Tongue] = {
    Language.CHINESE: Tongue("cmn-Hans-CN", "Google.cmn-CN-Wavenet-A", "cmn-CN"),
    Language.ENGLISH: Tongue("en-US", "Google.en-US-Wavenet-F", "en-US"),
}


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Times are in seconds. Speech with less than `least_confidence` counts as half heard.

    `pause` ends what is said, "auto" lets the recogniser decide, which it does only where no `model` is chosen
    (https://www.twilio.com/docs/api/errors/13327).
    """

    tongues: Mapping[Language, Tongue] = field(default_factory=lambda: TONGUES)
    wait_seconds: int = 5
    pause: str = "auto"
    model: str = ""
    hints: str = ""  # words that the recogniser is told to expect, with commas between
    least_confidence: float = 0.5
    recording: bool = True
    message_seconds: int = 120
    music_url: str = ""  # empty: the queue is silent between words
    queue: str = "jiesu"
    ring_seconds: int = 30
    calls_per_second: int = 1  # what Twilio allows a new account
