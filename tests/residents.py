"""Residents with phones, and the desk that handles what they say, at a site whose processes come and go."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from dialogs.ticket_number import parse_number
from dialogs.words import Role
from gateway import clock
from gateway.bootstrap import Core
from gateway.simulator.texts import Text
from gateway.turns import AGAIN, AWAY
from handlers.case import By, RepeatedActError
from handlers.reply import reply
from handlers.sign import sign
from store.database import Connection, transaction
from store.staff import NewStaff, add_staff
from store.units import unit_ids
from tests.handled import contact_and_resolve
from tests.patience import PATIENCE_SECONDS
from tests.processes import POLL_SECONDS, Site, until

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
STREET = "110108021"
ALONE = "2 单独办"
NUMBER = re.compile(r"\d{6}-\d{6}-\d")
HEARD_SECONDS = PATIENCE_SECONDS


@dataclass(slots=True)
class Resident:
    """Somebody with a phone, who reads an answer before going on. `acknowledged` holds the ids that were taken."""

    site: Site
    phone: str
    acknowledged: list[str] = field(default_factory=list)
    heard_up_to: int = 0

    async def say(self, text: str) -> None:
        """Write; the provider posts it under the same id until it is acknowledged."""
        standin = self.site.standin
        self.heard_up_to = standin.texts.count
        exchange = await standin.receive(self.phone, text)
        said = standin.texts.get(exchange.sid)
        while said is not None and exchange.status != 200:
            exchange = await standin.post(said)
        self.acknowledged.append(exchange.sid)

    async def hear(self, words: str) -> str:
        """Wait for a message with these words that came after what was said last; returns it once delivered."""
        found: list[Text] = []

        def arrived() -> bool:
            texts = self.site.standin.texts.matching(receiver=self.phone)
            found[:] = [t for t in texts if t.number > self.heard_up_to and words in t.body]
            return bool(found) and found[0].status == "delivered"

        await until(arrived, HEARD_SECONDS, f"{words!r} at {self.phone}")
        return found[0].body

    async def ask(self, text: str, words: str) -> str:
        """Say something and wait for the answer with these words."""
        await self.say(text)
        return await self.hear(words)

    async def complain(self) -> int:
        """Complain, alone if neighbours have, and confirm; returns the ticket's id."""
        asked = await self.ask(HEATING, "回复：1")
        number = NUMBER.search(await self.ask("2" if ALONE in asked else "1", "已受理"))
        ticket_id = parse_number(number[0]) if number else None
        if ticket_id is None:
            raise LookupError("no ticket number was told")
        return ticket_id

    async def answer_survey(self) -> None:
        """Answer all that the centre asks."""
        answers = (
            ("1", "解决了吗"),
            ("1", "办理结果"),
            ("1", "态度"),
            ("2", "还有什么"),
            ("跳过", "谢谢您"),
        )
        for said, words in answers:
            await self.ask(said, words)


@dataclass(frozen=True, slots=True)
class Desk:
    """The street's desk. What it does is done again until the database has it, under one key, as its forms are."""

    core: Core
    staff_id: int
    unit_id: int

    async def sign(self, ticket_id: int) -> None:
        await self._act("sign", lambda c, by: sign(c, self.core.world, by, ticket_id), ticket_id)

    async def reply(self, ticket_id: int, text: str) -> None:
        await self._act(
            "reply", lambda c, by: reply(c, self.core.world, by, ticket_id, text), ticket_id
        )

    async def resolve(self, ticket_id: int, result: str) -> None:
        await self._act(
            "resolve",
            lambda c, by: contact_and_resolve(c, self.core.world, by, ticket_id, result),
            ticket_id,
        )

    async def _act(
        self, name: str, act: Callable[[Connection, By], Awaitable[object]], ticket_id: int
    ) -> None:
        roles = frozenset({Role.DESK, Role.HANDLER, Role.REVIEWER, Role.HEAD})
        key = f"{name}-{ticket_id}"
        while True:
            by = By(self.staff_id, "王", self.unit_id, roles, key, clock.now())
            try:
                async with transaction(self.core.pool) as connection:
                    await act(connection, by)
            except RepeatedActError:
                return
            except (*AGAIN, *AWAY):
                await asyncio.sleep(POLL_SECONDS)
            else:
                return


async def desk_of_the_street(core: Core) -> Desk:
    """Somebody at the desk of the street that the complaints are about."""
    async with core.pool.acquire() as connection:
        units = await unit_ids(connection, [STREET])
        new = NewStaff("desk", "王", "", (Role.DESK, Role.HANDLER), units[STREET])
        await add_staff(connection, [new], clock.now())
        staff_id = await connection.fetchval("select id from staff where login = 'desk'")
    return Desk(core, staff_id, units[STREET])
