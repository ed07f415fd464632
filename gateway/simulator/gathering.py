"""What a `<Gather>` has collected so far, and what ends it: https://www.twilio.com/docs/voice/twiml/gather."""

from dataclasses import dataclass

from gateway.simulator.acts import Act, Keyed, Silent, Spoken
from gateway.simulator.calls import Form
from gateway.simulator.twiml import Verb

SECONDS = 5
PLENTY = 1_000_000


@dataclass(slots=True)
class Gathering:
    """Keys and words for one question."""

    verb: Verb
    digits: str = ""

    @property
    def listens(self) -> str:
        """What can be answered by: keys, speech, or keys+speech."""
        heard = self.verb.attributes.get("input", "dtmf").split()
        return "+".join(
            name for name, of in (("keys", "dtmf"), ("speech", "speech")) if of in heard
        )

    @property
    def seconds(self) -> int:
        """How long it waits for the first, or the next, key or word."""
        return self.verb.whole("timeout", SECONDS)

    def take(self, act: Act) -> Form | None:
        """The result once there is one: the fields for the action URL, none of them where nothing came."""
        match act:
            case Keyed(keys) if "keys" in self.listens:
                return self._keyed(keys)
            case Spoken(text, confidence) if "speech" in self.listens:
                return [
                    ("SpeechResult", text),
                    ("Confidence", f"{confidence:.8g}"),
                    ("Language", self.verb.attributes.get("language", "en-US")),
                ]
            case Silent():
                return self._digits() if self.digits else []
            case _:
                return None

    def _keyed(self, keys: str) -> Form | None:
        """Keys after the last one that counts are lost, as when somebody goes on typing."""
        ends = self.verb.attributes.get("finishOnKey", "#")
        most = self.verb.whole("numDigits", PLENTY)
        for key in keys:
            if ends and key == ends:
                return [*self._digits(), ("FinishedOnKey", key)] if self.digits else []
            self.digits += key
            if len(self.digits) >= most:
                return self._digits()
        return None

    def _digits(self) -> Form:
        return [("Digits", self.digits)]
