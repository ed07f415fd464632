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
from handlers.rules import Rules
from handlers.surges import SurgeInForce
from handlers.ticket_numbers import TicketNumbers
from store.keys import Keys
from store.open_lines import OpenLine

SMS = "sms"  # the channel that numbers are proven by


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
    region: str = "CN"  # whose numbers are meant that are written without a country
    quiet: QuietHours = field(default_factory=QuietHours)
    reads_twice: bool = False  # a language model is there to read what the rules leave open
    lines: Mapping[str, Line] = field(default_factory=dict)  # by our number that was called
    human: HumanService = field(default_factory=HumanService)
    calling: CallRules = field(default_factory=CallRules)
    duty_phones: tuple[str, ...] = ()  # who gets an SMS when an alert is raised
    rules: Rules = field(
        default_factory=Rules
    )  # of casework; replaced when an operator changes one
    surges: tuple[SurgeInForce, ...] = ()  # events in force, the newest first
    open_lines: tuple[OpenLine, ...] = ()  # days that run or are to come

    def facts(
        self, channel: Channel, now: datetime, line: str = "", *, numbered: bool = True
    ) -> Facts:
        """What a dialog step on this channel may know; `line` is our number that was called.

        `numbered`: it is known which phone number is this resident's.
        """
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
            linkable=not (numbered or abilities.phone or abilities.voice) and SMS in self.channels,
            line=self.lines.get(line, Line(line)),
            languages=self.languages,
            surges=tuple([one.surge for one in self.surges]) if self.surges else (),
            green_hours=self.rules.value("green.hours"),
        )

    def where(self, channel: str, address: str) -> tuple[str, bytes]:
        """The channel and the hash that a conversation is found by: those of its home."""
        home = self.channels[channel].home_of(address)
        return home, self.address_hash(home, address)

    def number_hash(self, channel: str, address: str) -> bytes | None:
        """The hash of the phone number that an address proves, None where it proves none."""
        number = self.channels[channel].number
        proven = number(address) if number is not None else None
        return self.hash_of_number(proven) if proven is not None else None

    def hash_of_number(self, number: str) -> bytes:
        """What a phone number (E.164) is found by, whichever channel proves it: the hash of its SMS address."""
        return self.address_hash(SMS, number)

    def address_hash(self, channel: str, address: str) -> bytes:
        """The keyed hash that an address is found by."""
        return self.keys.lookup(f"{channel}:{address}")
