"""What handlers are given of the world besides a connection: catalogue, channels, keys, phrases, numbers, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from channels.base import Channel
from dialogs.dialog import Facts, Line
from dialogs.engine import Repertoire
from dialogs.phrases import Phrases
from dialogs.words import Language
from handlers.call_rules import CallRules
from handlers.catalogue import CityCatalogue
from handlers.human_service import HumanService
from handlers.limits import Limits
from handlers.quiet import QuietHours
from handlers.ticket_numbers import TicketNumbers
from store.keys import Keys


@dataclass(slots=True)
class World:
    """One for a process. `city` is replaced when a new catalogue comes into force; everything else stays."""

    city: CityCatalogue
    channels: Mapping[str, Channel]
    keys: Keys
    phrases: Phrases
    repertoire: Repertoire
    timezone: ZoneInfo
    language: Language  # spoken to whom we do not know
    languages: tuple[Language, ...]
    numbers: TicketNumbers
    limits: Limits
    quiet: QuietHours = field(default_factory=QuietHours)
    reads_twice: bool = False  # a language model is there to read what the rules leave open
    lines: Mapping[str, Line] = field(default_factory=dict)  # by our number that was called
    human: HumanService = field(default_factory=HumanService)
    calling: CallRules = field(default_factory=CallRules)
    duty_phones: tuple[str, ...] = ()  # who gets an SMS when an alert is raised

    def facts(self, channel: Channel, now: datetime, line: str = "") -> Facts:
        """What a dialog step on this channel may know; `line` is our number that was called."""
        abilities = channel.abilities
        return Facts(
            now=now,
            reader=self.city.reader,
            phrases=self.phrases,
            timezone=self.timezone,
            buttons=abilities.buttons,
            brief=abilities.brief,
            reachable=abilities.phone,
            opt_out=abilities.opt_out,
            voice=abilities.voice,
            contact=abilities.contact,
            line=self.lines.get(line, Line(line)),
            languages=self.languages,
        )

    def where(self, channel: str, address: str) -> tuple[str, bytes]:
        """The channel and the hash that a conversation is found by: those of its home."""
        home = self.channels[channel].home_of(address)
        return home, self.address_hash(home, address)

    def address_hash(self, channel: str, address: str) -> bytes:
        """The keyed hash that an address is found by."""
        return self.keys.lookup(f"{channel}:{address}")
