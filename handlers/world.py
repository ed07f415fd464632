"""What handlers are given of the world besides a connection: catalogue, channels, keys, phrases, numbers, limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from channels.base import Channel
from dialogs.dialog import Facts
from dialogs.engine import Repertoire
from dialogs.phrases import Phrases
from dialogs.words import Language
from handlers.catalogue import CityCatalogue
from handlers.limits import Limits
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
    reads_twice: bool = False  # a language model is there to read what the rules leave open
    duty_phones: tuple[str, ...] = ()  # who gets an SMS when an alert is raised

    def facts(self, channel: Channel, now: datetime) -> Facts:
        """What a dialog step on this channel may know."""
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
            languages=self.languages,
        )

    def address_hash(self, channel: str, address: str) -> bytes:
        """The keyed hash that an address is found by."""
        return self.keys.lookup(f"{channel}:{address}")
