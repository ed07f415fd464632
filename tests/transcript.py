"""Plays a dialog as a transcript: `> ` is what a resident says, `< ` what must be replied, `! ` an event of the city.

Between any two steps the session is written to JSON and read back. `> [choice]` presses a button, `> {photo}` and
`> {pin}` (or `{pin 39.9 116.4}`) send one; `< ` lines must all stand in the reply, in order; `<!` must not; `= ` is a request that was made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import msgspec

from dialogs.dialog import Facts
from dialogs.engine import Step, join, step
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import (
    Answer,
    Awaited,
    ChannelPreferred,
    CheckLinkCode,
    Event,
    FindRelated,
    FindTickets,
    JoinQueue,
    LinkCodeChecked,
    LinkCodeSent,
    OpenTicket,
    PreferChannel,
    QueueJoined,
    RelatedFound,
    Request,
    SendLinkCode,
    Silence,
    SurveyDue,
    TicketCard,
    TicketOpened,
    TicketsFound,
    WithdrawTicket,
)
from dialogs.rounds import FindSteward, Patrol, StewardFound
from dialogs.said import Attachment, Pin, Reply, Said
from dialogs.session import Session, dump, load
from dialogs.words import GRADE_HOURS, Grade, Language, TicketState
from gateway.phrases import load_phrases
from tests.catalogue import reader

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
PHOTO = Attachment("photo-1", "image/jpeg")
PIN = Pin(39.92, 116.26)
_MOST_ANSWERS = 4
_PINNED = re.compile(r"\{pin(?: (?P<latitude>[\d.]+) (?P<longitude>[\d.]+))?\}")


@cache
def facts() -> Facts:
    """A web chat's facts; tests replace what differs."""
    return Facts(now=NOW, reader=reader(), phrases=load_phrases(), timezone=BEIJING)


def sms() -> Facts:
    return replace(facts(), buttons=False, brief=True, reachable=True, opt_out=True)


@dataclass
class City:
    """A city in memory: it opens tickets, finds them, and keeps what it was asked for."""

    tickets: list[TicketCard] = field(default_factory=list)
    foreign: list[TicketCard] = field(default_factory=list)  # other people's; the proof is 1234
    related: RelatedFound = field(default_factory=RelatedFound)
    requests: list[Request] = field(default_factory=list)
    opened: list[OpenTicket] = field(default_factory=list)
    # What the city says to whatever else is asked of it.
    answers: dict[type[Request], Answer] = field(
        default_factory=lambda: {
            JoinQueue: QueueJoined(ahead=2, minutes=3),
            SendLinkCode: LinkCodeSent(),
            CheckLinkCode: LinkCodeChecked(),
            PreferChannel: ChannelPreferred(),
            FindSteward: StewardFound(),
            Patrol: StewardFound(),
        }
    )

    def answer(self, request: Awaited) -> Answer:
        if isinstance(request, FindRelated):
            return self.related
        if isinstance(request, FindTickets):
            return self._find(request)
        if isinstance(request, OpenTicket):
            return self._open(request)
        return self.answers[type(request)]

    def take(self, request: Request) -> None:
        self.requests.append(request)
        if isinstance(request, WithdrawTicket):
            self.tickets = [
                msgspec.structs.replace(card, state=TicketState.WITHDRAWN)
                if card.ticket_id == request.ticket_id
                else card
                for card in self.tickets
            ]

    def _open(self, request: OpenTicket) -> TicketOpened:
        self.opened.append(request)
        draft = request.draft
        ticket_id = 261123_000123 + len(self.opened) - 1
        street = reader().street(draft.place.street)
        district = reader().district(draft.place.district)
        unit = street.name if street else f"{district.name}政府" if district else ""
        hours = GRADE_HOURS[draft.grade or Grade.III]
        state = TicketState.DISPATCHED if unit else TicketState.TRIAGE
        due = NOW + timedelta(hours=hours)
        self.tickets.insert(0, TicketCard(ticket_id, draft.title, state, unit, NOW, due))
        return TicketOpened(ticket_id, unit, hours)

    def _find(self, request: FindTickets) -> TicketsFound:
        ended = {TicketState.CLOSED, TicketState.WITHDRAWN}
        mine = [c for c in self.tickets if not (request.open_only and c.state in ended)]
        if not request.ticket_id:
            return TicketsFound(tuple(mine[:5]))
        own = tuple(card for card in mine if card.ticket_id == request.ticket_id)
        if own or not request.proof:
            return TicketsFound(own)
        if request.proof != "1234":
            return TicketsFound(refused=True)
        return TicketsFound(tuple(c for c in self.foreign if c.ticket_id == request.ticket_id))


class Talk:
    """One conversation under test."""

    def __init__(self, facts: Facts, city: City | None = None) -> None:
        self.facts = facts
        self.city = city or City()
        self.session = Session()
        self.reply: Reply | None = None
        self.wake_seconds: int | None = None
        self.requests: list[Request] = []  # those of the last turn
        self.silent = ""  # why it was not answered

    def say(self, text: str) -> str:
        return self.event(self._said(text))

    def press(self, choice: str) -> str:
        return self.event(Said(choice=choice, prompt=self.session.prompt))

    def silence(self) -> str:
        return self.event(Silence(self.session.silence))

    def event(self, event: Event) -> str:
        """Make one turn and return the text of its reply, "" when nothing is said."""
        steps = [self._step(event)]
        for _ in range(_MOST_ANSWERS):
            awaited = steps[-1].awaited
            if awaited is None:
                break
            steps.append(self._step(self.city.answer(awaited)))
        assert steps[-1].awaited is None, "the dialog asks the city without end"
        self.requests = [request for one in steps for request in one.requests]
        for request in self.requests:
            self.city.take(request)
        self.wake_seconds = steps[-1].wake_seconds
        self.silent = steps[-1].silent
        self.reply = join(tuple(steps))
        return shown(self.reply)

    def _step(self, event: Event) -> Step:
        made = step(load(dump(self.session)), event, self.facts, REPERTOIRE)
        self.session = made.session
        return made

    def _said(self, text: str) -> Said:
        if text.startswith("[") and text.endswith("]"):
            return Said(choice=self._choice(text[1:-1]), prompt=self.session.prompt)
        photo, pin = "{photo}" in text, _PINNED.search(text)
        words = _PINNED.sub("", text.replace("{photo}", "")).strip()
        return Said(words, attachments=(PHOTO,) if photo else (), pin=_pin(pin) if pin else None)

    def _choice(self, label: str) -> str:
        choices = self.reply.choices if self.reply else ()
        found = [choice.id for choice in choices if choice.label == label]
        assert found, f"no button {label!r} among {[choice.label for choice in choices]}"
        return found[0]


def _pin(said: re.Match[str]) -> Pin:
    return Pin(float(said["latitude"]), float(said["longitude"])) if said["latitude"] else PIN


def shown(reply: Reply | None) -> str:
    """Show a reply as numbered text."""
    if reply is None:
        return ""
    choices = [f"{number} {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n".join(part for part in (reply.text, *choices) if part)


def play(transcript: str, facts: Facts, city: City | None = None) -> Talk:
    """Play a transcript; an `AssertionError` shows the turn that went otherwise."""
    talk = Talk(facts, city)
    reply = ""
    at = 0
    for number, line in enumerate(transcript.strip().splitlines(), 1):
        mark, _, text = line.strip().partition(" ")
        where = f"line {number}: {line.strip()}\ngot:\n{reply}"
        if mark == ">":
            reply, at = talk.say(text), 0
        elif mark == "!":
            reply, at = talk.event(_event(text, talk)), 0
        elif mark == "<":
            assert text in reply[at:] if text else reply == "", where
            at = reply.index(text, at) + len(text)
        elif mark == "<!":
            assert text not in reply, where
        elif mark == "=":
            made = [repr(request) for request in talk.requests]
            assert any(text in request for request in made), f"{line.strip()}\nmade: {made}"
        elif mark:
            raise ValueError(line)
    return talk


def _event(text: str, talk: Talk) -> Event:
    if text == "silence":
        return Silence(talk.session.silence)
    if text == "survey due":
        return SurveyDue(7, 261123_000123, "暖气不热", "田村路街道", "已更换阀门")
    if text == "survey overdue":
        return SurveyDue(7, 261123_000123, "暖气不热", "田村路街道", overdue=True)
    raise ValueError(text)


def card(
    ticket_id: int = 261122_000001,
    title: str = "路灯不亮",
    state: TicketState = TicketState.HANDLING,
    unit: str = "八角街道",
) -> TicketCard:
    """A ticket that was opened yesterday."""
    opened_at = NOW - timedelta(days=1)
    return TicketCard(ticket_id, title, state, unit, opened_at, opened_at + timedelta(days=7))


def pressed(talk: Talk, labels: Sequence[str]) -> None:
    """Press one button after another."""
    for label in labels:
        talk.say(f"[{label}]")


__all__ = ["BEIJING", "NOW", "City", "Language", "Talk", "card", "facts", "play", "sms"]
