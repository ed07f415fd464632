"""A city at work for the tests of staff: the real catalogue, residents who write by SMS and chat, and staff of four units."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from asyncpg import Record

from channels import sms, webchat
from channels.base import Inbound
from channels.twilio import TwilioAccount
from dialogs.repertoire import REPERTOIRE
from dialogs.said import Said
from dialogs.words import Language, Role
from gateway.phrases import load_phrases
from handlers.case import By
from handlers.catalogue import CityCatalogue, read_city_catalogue
from handlers.limits import Limits, Rates
from handlers.ticket_numbers import TicketNumbers
from handlers.timers import run_timers
from handlers.turn import Turned, run_turns
from handlers.world import World
from store import catalogue, timers
from store.catalogue.checks import read_folder
from store.catalogue.load import load
from store.catalogue.read import current_version
from store.database import Connection, Pool
from store.keys import load_keys
from store.staff import NewStaff, add_staff
from store.units import unit_ids

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PHONE = "+8613800138000"
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"

TIANCUN, CGW, DISTRICT, OTHER = "110108021", "110108-cgw", "110108", "110101001"
STAFF: dict[str, tuple[tuple[Role, ...], str]] = {
    "centre": ((Role.INTAKE, Role.DISPATCHER, Role.SURVEYOR), ""),
    "tiancun": ((Role.DESK, Role.HANDLER), TIANCUN),
    "cgw": ((Role.DESK, Role.HANDLER), CGW),
    "district": ((Role.DESK, Role.HEAD), DISTRICT),
    "other": ((Role.DESK, Role.HANDLER), OTHER),
    "reader": ((Role.QUALITY,), TIANCUN),
}

_cities: dict[int, CityCatalogue] = {}  # building one takes a moment


@dataclass
class Office:
    """The city's world with its staff; `at` is the time of whatever is done next."""

    pool: Pool
    world: World
    staff_ids: dict[str, int]
    units: dict[str, int]
    at: datetime = NOW
    _keys: "itertools.count[int]" = field(default_factory=itertools.count)

    def by(self, login: str, key: str = "") -> By:
        """Somebody with a fresh form, or one that was used before."""
        roles, unit = STAFF[login]
        return By(
            self.staff_ids[login],
            login,
            self.units.get(unit),
            frozenset(roles),
            key or f"form-{next(self._keys)}",
            self.at,
        )

    async def say(self, *texts: str, phone: str = PHONE, channel: str = "sms") -> Sequence[Turned]:
        """What a resident writes, one message after another."""
        said = [
            Inbound(channel, f"m{next(self._keys)}", phone, Said(text), self.at) for text in texts
        ]
        await self.world.numbers.ensure(len(said), self.at)
        async with self.pool.acquire() as connection, connection.transaction():
            return await run_turns(connection, self.world, said, self.at)

    async def open(self, matter: str = MATTER, phone: str = PHONE, channel: str = "sms") -> int:
        """A resident's complaint, confirmed; returns the ticket's id."""
        no_phone = () if self.world.channels[channel].abilities.phone else ("不用",)
        await self.say(matter, "1", *no_phone, phone=phone, channel=channel)
        ticket_id: int = await self.value("select max(id) from tickets")
        return ticket_id

    async def ring(self, later: timedelta = timedelta(0)) -> None:
        """Let the timers run that are due by then."""
        self.at += later
        async with self.pool.acquire() as connection, connection.transaction():
            await self.world.numbers.ensure(5, self.at)
            fired = await timers.take(connection, self.at, 100)
            await run_timers(connection, self.world, fired, self.at)

    async def value(self, query: str, *args: object) -> Any:  # noqa: ANN401 - whatever was asked for
        """One value from the store."""
        async with self.pool.acquire() as connection:
            return await connection.fetchval(query, *args)

    async def rows(self, query: str, *args: object) -> list[Record]:
        """Rows from the store."""
        async with self.pool.acquire() as connection:
            rows: list[Record] = await connection.fetch(query, *args)
            return rows

    async def ticket(self, ticket_id: int) -> Record:
        """A ticket's row."""
        return (await self.rows("select * from tickets where id = $1", ticket_id))[0]

    async def events(self, ticket_id: int) -> list[str]:
        """What happened to a ticket, in order."""
        rows = await self.rows(
            "select type from ticket_events where ticket_id = $1 order by id", ticket_id
        )
        return [row["type"] for row in rows]

    async def notices(self) -> list[str]:
        """What the city has told residents unasked, in order."""
        rows = await self.rows(
            "select reply from outbox where purpose = 'notice' order by conversation_id, seq"
        )
        return [orjson.loads(row["reply"])["text"] for row in rows]


async def open_office(pool: Pool) -> Office:
    """Load the shipped catalogue, unless it is there, and employ the staff."""
    async with pool.acquire() as connection:
        city = await _city(connection)
        keys = await load_keys(connection, "x" * 40)
        codes = {unit for _, unit in STAFF.values() if unit}
        units = await unit_ids(connection, codes)
        new = [
            NewStaff(login, login, "", roles, units.get(unit))
            for login, (roles, unit) in STAFF.items()
        ]
        await add_staff(connection, new, NOW)
        rows = await connection.fetch("select login, id from staff")
    account = TwilioAccount(
        sid="AC" + "0" * 32, auth_token="t", api_url="http://127.0.0.1:1", public_url="http://x"
    )
    zone = ZoneInfo("Asia/Shanghai")
    world = World(
        city=city,
        channels={"webchat": webchat.channel(), "sms": sms.channel(account, "+861012345", "CN")},
        keys=keys,
        phrases=load_phrases(),
        repertoire=REPERTOIRE,
        timezone=zone,
        language=Language.CHINESE,
        languages=tuple(Language),
        numbers=TicketNumbers(pool, zone),
        limits=Limits(Rates()),
    )
    return Office(pool, world, {row["login"]: row["id"] for row in rows}, units)


async def _city(connection: Connection) -> CityCatalogue:
    folder = Path(catalogue.__file__).parent / "beijing"
    await load(connection, read_folder(folder), date(2026, 1, 1), NOW)
    version = await current_version(connection, NOW.date())
    if version is None:
        raise LookupError("the catalogue was not loaded")
    if version not in _cities:
        city = await read_city_catalogue(connection, NOW.date())
        if city is not None:
            _cities[version] = city
    return _cities[version]
