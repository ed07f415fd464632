"""Where legs of calls meet: conferences, two who are bridged, and queues for a person."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gateway import clock
from gateway.simulator.call_forms import queue_form
from gateway.simulator.calls import Form

MOST_QUEUED = (
    100  # https://www.twilio.com/docs/voice/twiml/enqueue: unless it is changed by the API
)


class Member(Protocol):
    """A leg as a room knows it."""

    def hear(self, text: str) -> None:
        """Somebody else in the room has said something."""

    def part(self) -> None:
        """The room is over."""

    def connect(self, room: "Room") -> None:
        """Come out of the queue, into a room."""


@dataclass(slots=True)
class Room:
    """Everybody hears everybody. `enders` end it for all when they leave; a bridge of two ends with either."""

    name: str
    bridge: bool = False
    members: list[Member] = field(default_factory=list)
    enders: list[Member] = field(default_factory=list)

    def enter(self, member: Member, *, ends: bool) -> None:
        """Come in."""
        self.members.append(member)
        if ends:
            self.enders.append(member)

    def leave(self, member: Member) -> None:
        """Go, and perhaps end it."""
        if member not in self.members:
            return
        self.members.remove(member)
        if self.bridge or member in self.enders:
            left, self.members, self.enders = self.members, [], []
            for other in left:
                other.part()

    def say(self, by: Member, text: str) -> None:
        """Say something to all others."""
        for member in self.members:
            if member is not by:
                member.hear(text)


@dataclass(slots=True)
class Queue:
    """Callers who wait, in the order they came."""

    name: str
    sid: str
    waiting: list[tuple[Member, datetime]] = field(default_factory=list)
    waited_seconds: list[int] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether nobody else fits in."""
        return len(self.waiting) >= MOST_QUEUED

    def join(self, member: Member) -> None:
        """Wait at the end."""
        self.waiting.append((member, clock.now()))

    def leave(self, member: Member) -> int:
        """Go, whoever comes next; returns how many seconds were waited."""
        seconds = self.seconds(member)
        self.waited_seconds.append(seconds)
        self.waiting = [one for one in self.waiting if one[0] is not member]
        return seconds

    def seconds(self, member: Member) -> int:
        """How long a member has waited."""
        since = next((at for one, at in self.waiting if one is member), clock.now())
        return round((clock.now() - since).total_seconds())

    def form(self, member: Member) -> Form:
        """What the queue's document is told."""
        position = next((at for at, one in enumerate(self.waiting, 1) if one[0] is member), 0)
        average = sum(self.waited_seconds) // max(len(self.waited_seconds), 1)
        size = len(self.waiting)
        return queue_form(self.sid, position, size, self.seconds(member), average)
