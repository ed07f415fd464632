"""What happens at a simulated phone: done by its owner, or to it from elsewhere."""

from dataclasses import dataclass

from gateway.simulator.rooms import Room


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys were pressed, one after another."""

    keys: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something was said; `confidence` is how sure the recogniser will be of it."""

    text: str
    confidence: float = 0.92


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing happened for as long as was waited."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The phone was laid down, or the call was ended from outside."""

    status: str = "completed"


@dataclass(frozen=True, slots=True)
class PickedUp:
    """A ringing phone was answered: by human or machine."""

    by: str = "human"


@dataclass(frozen=True, slots=True)
class NotPickedUp:
    """A ringing phone was not answered: busy, no-answer, failed or canceled."""

    status: str


@dataclass(frozen=True, slots=True)
class Redirected:
    """Twilio's API was told to go on elsewhere."""

    url: str
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """Somebody is on the other end now: who was dialled, or who took the call out of the queue."""

    room: Room


@dataclass(frozen=True, slots=True)
class Parted:
    """Nobody is on the other end any more."""

    status: str = "completed"
    seconds: int = 0


Act = Keyed | Spoken | Silent | HungUp | PickedUp | NotPickedUp | Redirected | Connected | Parted
