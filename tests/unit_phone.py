"""A unit's phone for the tests: registered and confirmed, told by the drain, and it writes back."""

from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from channels.base import SendError
from dialogs.words import Role
from gateway.unit_sending import UnitSender
from handlers.case import By
from handlers.unit_contacts import Registered, Registering, register
from tests.office import TIANCUN, Office

DESK_PHONE = "+8613700137000"
TOKEN = "k" * 43


@dataclass
class Wire:
    """Systems of units that are called: `refusal` is what they answer."""

    posted: list[tuple[str, bytes, str]] = field(default_factory=list)
    refusal: SendError | None = None

    async def post(self, url: str, body: bytes, signature: str) -> None:
        self.posted.append((url, body, signature))
        if self.refusal is not None:
            raise self.refusal

    async def close(self) -> None:
        """Nothing is held."""


@dataclass
class UnitPhone:
    """An office with a unit's phone in reach."""

    office: Office
    wire: Wire = field(default_factory=Wire)

    async def register(
        self,
        address: str = DESK_PHONE,
        channel: str = "sms",
        login: str = "tiancun",
        audience: str = "desk",
        unit: str = TIANCUN,
    ) -> Registered:
        """Somebody registers a contact of a unit."""
        units = {one.code: one.id for one in self.office.world.city.units.values()}
        order = Registering(channel, "值班手机", address, audience, units[unit])
        by = self.office.by(login)
        by = By(by.staff_id, by.name, units[unit], frozenset({Role.DESK}), f"reg-{by.key}", by.at)
        async with self.office.pool.acquire() as connection, connection.transaction():
            return await register(connection, self.office.world, by, order, TOKEN)

    async def confirmed(self, phone: str = DESK_PHONE, unit: str = TIANCUN) -> None:
        """A phone that is known to be the unit's."""
        await self.register(phone, unit=unit)
        await self.write("确认", phone=phone)

    async def work(self, **later: float) -> int:
        """Let the drain run, a while later."""
        self.office.at += timedelta(**later)
        sender = UnitSender(self.office.pool, self.office.world, self.wire, lambda: self.office.at)
        return await sender.drain()

    async def write(self, text: str, *, phone: str = DESK_PHONE, channel: str = "sms") -> list[str]:
        """Write to the city and wait for what comes of it; returns what was answered since."""
        before = len(await self.read(phone, channel))
        self.office.at += timedelta(seconds=5)
        await self.office.say(text, phone=phone, channel=channel)
        await self.work()
        return (await self.read(phone, channel))[before:]

    async def read(self, phone: str = DESK_PHONE, channel: str = "sms") -> list[str]:
        """All that this phone was told."""
        hashed = self.office.world.address_hash(channel, phone)
        rows = await self.office.rows(
            "select o.reply from outbox o join addresses a on a.id = o.address_id"
            " where a.hash = $1 order by o.seq",
            hashed,
        )
        return [orjson.loads(row["reply"])["text"] for row in rows]

    async def told(self, **later: float) -> list[str]:
        """What the phone is told in the time to come."""
        before = len(await self.read())
        await self.work(**later)
        return (await self.read())[before:]
