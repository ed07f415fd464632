"""What a dialog asks of the city for lane stewards (小巷管家), and what it is told."""

import msgspec

from dialogs.understanding.place import Place


class FindSteward(msgspec.Struct, frozen=True, tag=True):
    """Whether this resident is a lane steward (小巷管家); answered with `StewardFound`."""


class AskSteward(msgspec.Struct, frozen=True, tag=True):
    """Register this resident as a steward of a street, which decides; `phone` where the channel does not tell it."""

    name: str
    place: Place
    phone: str = ""


class LeaveStewards(msgspec.Struct, frozen=True, tag=True):
    """This resident is a steward no more; the street is told."""


class Patrol(msgspec.Struct, frozen=True, tag=True):
    """Begin or end a steward's round; answered with `StewardFound`."""

    begins: bool


class StewardFound(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `FindSteward` and `Patrol`; `state` is empty, asked, active, refused or ended.

    `patrolling`: a round is (or just was) under way, with so many `reports`.
    """

    state: str = ""
    unit: str = ""  # the street's short name
    place: Place = Place()
    patrolling: bool = False
    reports: int = 0

    @property
    def active(self) -> bool:
        """Whether they may report as a steward."""
        return self.state == "active"
