"""A telephone exchange for tests: callers in the queue, staff who are rung, duty phones, on the real store."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

from channels import voice
from channels.base import CallEvent, CallSign, Inbound, Message, SendError
from dialogs.said import Reply, Said
from dialogs.words import CallAct, Moment, Role
from gateway.calling import CallMaker
from handlers.call_orders import OwnPhone, take_next
from handlers.calls import heed_call
from handlers.case import By
from handlers.turn import run_turns
from store import human_talks
from store.database import Pool
from store.human_talks import CALL, NewTalk
from store.staff import NewStaff, add_staff
from tests.office import STAFF, Office, open_office
from tests.world import ACCOUNT, PHONE

OWN_NUMBER = "+861012345"
STAFF_PHONE = "13900001111"


@dataclass
class Placed:
    """A provider that only remembers; `refuses` is raised by the next calls."""

    rung: list[tuple[int, str]] = field(default_factory=list)  # order, number
    fetched: list[tuple[str, str]] = field(default_factory=list)  # call, query
    refuses: SendError | None = None

    async def call(
        self, order_id: int, to: str, line: str, ring_seconds: int, *, detect: bool
    ) -> str:
        del line, ring_seconds, detect
        if self.refuses is not None:
            raise self.refuses
        self.rung.append((order_id, to))
        return f"CAout{len(self.rung)}"

    async def fetch(self, call_id: str, query: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.fetched.append((call_id, query))

    async def close(self) -> None:
        return None


@dataclass
class Exchange:
    """The office with its telephones."""

    office: Office
    provider: Placed = field(default_factory=Placed)
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def heed(self, sign: CallSign, call: str, **more: object) -> Reply | None:
        """One sign; returns what is said to it."""
        event = CallEvent("voice", call, f"{call}-{sign}", sign, self.office.at, **more)  # type: ignore[arg-type]  # its fields
        async with self.office.pool.acquire() as connection, connection.transaction():
            messages = await heed_call(connection, self.office.world, event, self.office.at)
        return said(messages)

    async def calls_up(self, phone: str = PHONE, line: str = OWN_NUMBER) -> str:
        """Somebody calls; returns the id of the call."""
        call = f"CAin{next(self._count)}"
        began = Inbound(
            "voice",
            f"{call}-0",
            phone,
            Said(moment=Moment.BEGAN),
            self.office.at,
            inline=True,
            line=line,
        )
        world, at = self.office.world, self.office.at
        async with (
            world.numbers.held(1, at),
            self.office.pool.acquire() as connection,
            connection.transaction(),
        ):
            await run_turns(connection, world, [began], at)
        return call

    async def waits(
        self,
        phone: str = PHONE,
        *,
        line: str = OWN_NUMBER,
        about: str = "暖气不热",
        urgent: bool = False,
    ) -> str:
        """Somebody calls and stands in the queue; returns the id of the call."""
        call = await self.calls_up(phone, line)
        async with self.office.pool.acquire() as connection:
            where = self.office.world.where("voice", phone)
            row = await connection.fetchrow(
                "select c.id, c.channel from conversations c join addresses a on a.id = c.address_id"
                " where a.channel = $1 and a.hash = $2",
                *where,
            )
            assert row is not None
            new = NewTalk(
                row["id"],
                CALL,
                "voice",
                "zh-CN",
                line,
                call,
                "asked",
                about,
                urgent,
                self.office.at,
            )
            await human_talks.join(connection, [new])
        return call

    async def take(self, login: str = "centre", phone: str = STAFF_PHONE) -> int:
        """A member of staff wants the next caller; returns the talk."""
        async with self.office.pool.acquire() as connection, connection.transaction():
            own = OwnPhone(phone, "CN")
            talk = await take_next(connection, self.office.world, self.by(login), own)
        return talk.id

    async def employ(self, *logins: str) -> None:
        """Let more people take callers."""
        new = [NewStaff(login, login, "", (Role.INTAKE,)) for login in logins]
        async with self.office.pool.acquire() as connection:
            await add_staff(connection, new, self.office.at)
            rows = await connection.fetch("select login, id from staff")
        self.office.staff_ids.update({row["login"]: row["id"] for row in rows})

    def by(self, login: str) -> By:
        """Somebody with a fresh form."""
        if login in STAFF:
            return self.office.by(login)
        key = f"own-{next(self._count)}"
        staff_id = self.office.staff_ids[login]
        return By(staff_id, login, None, frozenset({Role.INTAKE}), key, self.office.at)

    async def drain(self) -> int:
        """Make the calls that are due."""
        maker = CallMaker(
            self.office.pool, self.office.world, self.provider, lambda: self.office.at
        )
        return await maker.drain()

    async def rings(self) -> tuple[int, str, str]:
        """Make the calls that are due; returns order, call and number of the last that rings."""
        await self.drain()
        order, number = self.provider.rung[-1]
        return order, f"CAout{len(self.provider.rung)}", number

    async def state(self, call: str) -> str:
        """How the talk of a call stands."""
        state: str = await self.office.value(
            "select state from human_talks where call_id = $1", call
        )
        return state

    async def orders(self) -> list[tuple[str, str]]:
        """Calls of ours, (kind, state)."""
        rows = await self.office.rows("select kind, state from call_orders order by id")
        return [(row["kind"], row["state"]) for row in rows]

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.office.at += timedelta(**span)


def said(messages: object) -> Reply | None:
    """The one reply among messages, None for silence."""
    if not isinstance(messages, tuple | list) or not messages:
        return None
    (message,) = messages
    assert isinstance(message, Message)
    return message.reply


def does(reply: Reply | None) -> CallAct | None:
    """What a call does after these words."""
    return reply.call.act if reply is not None and reply.call is not None else None


async def open_exchange(pool: Pool) -> Exchange:
    """An office that can be called."""
    office = await open_office(pool)
    world = office.world
    world.channels = {**world.channels, voice.NAME: voice.channel(ACCOUNT, OWN_NUMBER, "CN")}
    return Exchange(office)
