"""A city at work for the tests of staff: residents who write by SMS and chat, and staff of several units."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import orjson
from asyncpg import Record

from channels.base import Inbound
from dialogs.said import Said
from dialogs.words import Role
from handlers.case import By
from handlers.catalogue import CityCatalogue
from handlers.timers import run_timers
from handlers.turn import Turned, run_turns
from handlers.world import World
from store import timers
from store.database import Connection, Pool
from store.staff import NewStaff, add_staff
from store.units import unit_ids
from tests.world import PHONE, START, make_world

T = TypeVar("T")

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"

TIANCUN, CGW, DISTRICT, OTHER = "110108021", "110108-cgw", "110108", "110101001"
STAFF: dict[str, tuple[tuple[Role, ...], str]] = {
    "centre": ((Role.INTAKE, Role.DISPATCHER, Role.SURVEYOR), ""),
    "tiancun": ((Role.DESK, Role.HANDLER), TIANCUN),
    "cgw": ((Role.DESK, Role.HANDLER), CGW),
    "district": ((Role.DESK, Role.HEAD), DISTRICT),
    "other": ((Role.DESK, Role.HANDLER), OTHER),
    "next_district": ((Role.HEAD,), "110101"),  # that of the other street
    "reader": ((Role.QUALITY,), TIANCUN),
    "editor": ((Role.QUALITY,), ""),
    "deputy": ((Role.INTAKE, Role.DISPATCHER), ""),
    "overseer": ((Role.SUPERVISOR,), ""),
    "second": ((Role.SUPERVISOR,), ""),
    "superior": ((Role.SUPERVISOR, Role.COORDINATOR), DISTRICT),
    "inspector": ((Role.DISCIPLINE,), ""),
    "admin": ((Role.ADMIN,), ""),
}


@dataclass
class Office:
    """The city's world with its staff; `at` is the time of whatever is done next."""

    pool: Pool
    world: World
    staff_ids: dict[str, int]
    units: dict[str, int]
    at: datetime = START
    hired: dict[str, tuple[tuple[Role, ...], str]] = field(default_factory=dict)
    _keys: "itertools.count[int]" = field(default_factory=itertools.count)

    def by(self, login: str, key: str = "") -> By:
        """Somebody with a fresh form, or one that was used before."""
        roles, unit = self.hired.get(login) or STAFF[login]
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
        async with self._transaction(len(said)) as connection:
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
        async with self._transaction(100) as connection:
            fired = await timers.due(connection, self.at, 100)
            await run_timers(connection, self.world, fired, self.at)

    @asynccontextmanager
    async def _transaction(self, tickets: int) -> AsyncIterator[Connection]:
        async with (
            self.world.numbers.held(tickets, self.at),
            self.pool.acquire() as connection,
            connection.transaction(),
        ):
            yield connection

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


async def open_office(pool: Pool, city: CityCatalogue | None = None) -> Office:
    """Load the shipped catalogue, unless it is there or another is given, and employ the staff."""
    world = await make_world(pool, city=city)
    async with pool.acquire() as connection:
        codes = {unit for _, unit in STAFF.values() if unit}
        units = await unit_ids(connection, codes)
        new = [
            NewStaff(login, login, "", roles, units.get(unit))
            for login, (roles, unit) in STAFF.items()
        ]
        await add_staff(connection, new, START)
        rows = await connection.fetch("select login, id from staff")
    return Office(pool, world, {row["login"]: row["id"] for row in rows}, units)


async def employ(office: Office, login: str, roles: tuple[Role, ...], unit: str) -> int:
    """Somebody more, for one test; returns their id."""
    async with office.pool.acquire() as connection:
        new = NewStaff(login, login, "", roles, office.units.get(unit))
        await add_staff(connection, [new], START)
    office.hired[login] = (roles, unit)
    staff_id: int = await office.value("select id from staff where login = $1", login)
    office.staff_ids[login] = staff_id
    return staff_id


async def act(
    office: Office,
    doing: Callable[..., Awaitable[T]],
    login: str,
    *args: object,
    key: str = "",
) -> T:
    """Do one act in a transaction of its own, as a form does."""
    async with office.pool.acquire() as connection, connection.transaction():
        return await doing(connection, office.world, office.by(login, key), *args)
