"""Residents join and talk while staff act and several processes run timers: each hears each reply once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from channels.base import Inbound
from dialogs.said import Said
from gateway.timers import TimerRunner
from handlers.reply import reply
from handlers.sign import sign
from handlers.turn import run_turns
from store import database
from store.database import Connection, Pool, transaction
from tests.handled import contact_and_resolve
from tests.office import MATTER, Office, open_office

EARLY, LATE, REPLIES, PROCESSES = 4, 8, 4, 2

# What each was told of the replies, beside those that came after it had joined.
HEARD = """
    select (select count(*) from outbox o where o.conversation_id = t.conversation_id
            and o.purpose = 'notice' and o.reply ->> 'text' like '%次答复。') as told,
        (select count(distinct o.reply ->> 'text') from outbox o where o.conversation_id = t.conversation_id
            and o.purpose = 'notice' and o.reply ->> 'text' like '%次答复。') as different,
        (select count(*) from ticket_events p where p.ticket_id = t.joined_to and p.type = 'replied' and p.id > (
            select min((e.data ->> 'seen')::bigint) from ticket_events e where e.ticket_id = t.id)) as due
    from tickets t where t.joined_to is not null
"""


async def _until_committed(run: Callable[[Connection], Awaitable[object]], pool: Pool) -> None:
    """As the processes do: again, when another was first."""
    while True:
        try:
            async with transaction(pool) as connection:
                await run(connection)
        except (asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError):
            continue
        return


async def _resident(office: Office, number: int) -> None:
    phone = f"+86136{number:08d}"
    for place, text in enumerate((MATTER, "1", "查询", "补充 还是冷", "催办")):
        said = Inbound("sms", f"{number}-{place}", phone, Said(text), office.at)

        async def turn(connection: Connection, said: Inbound = said) -> None:
            async with office.world.numbers.held(1, office.at):
                await run_turns(connection, office.world, [said], office.at)

        await _until_committed(turn, office.pool)


async def _staff(office: Office, parent: int) -> None:
    async def act(doing: Callable[..., Awaitable[None]], *words: str) -> None:
        by = office.by("tiancun")
        await _until_committed(lambda c: doing(c, office.world, by, parent, *words), office.pool)

    await act(sign)
    for number in range(REPLIES):
        await act(reply, f"第{number + 1}次答复。")
    await act(contact_and_resolve, "修好了。")


async def test_each_hears_each_reply_once_and_is_asked_once(database_url: str, pool: Pool) -> None:
    del pool  # has emptied the tables
    wide = await database.connect(database_url, size=8)
    office = await open_office(wide)
    parent = await office.open(phone="+8613700000000")
    over = asyncio.Event()

    async def process() -> None:
        runner = TimerRunner(wide, office.world, lambda _: None, lambda: office.at)
        while not over.is_set():
            await runner.run_due()

    async with asyncio.TaskGroup() as processes:
        for _ in range(PROCESSES):
            processes.create_task(process())
        await asyncio.gather(*(_resident(office, number) for number in range(EARLY)))
        late = (_resident(office, number) for number in range(EARLY, EARLY + LATE))
        await asyncio.gather(_staff(office, parent), *late)
        over.set()
    office.at += timedelta(minutes=2)
    await TimerRunner(wide, office.world, lambda _: None, lambda: office.at).run_due()
    await _check(wide, parent)
    await wide.close()


async def _check(wide: Pool, parent: int) -> None:
    heard = await wide.fetch(HEARD)
    joined = await wide.fetchval("select count(*) from tickets where joined_to = $1", parent)
    assert len(heard) == joined >= EARLY
    assert [tuple(row) for row in heard if len(set(row)) != 1] == []
    still_open = "select count(*) from tickets where joined_to = $1 and state <> 'resolved'"
    assert await wide.fetchval(still_open, parent) == 0
    surveys = (
        "select count(*) from surveys s join tickets t on t.id = s.ticket_id where t.joined_to = $1"
    )
    assert await wide.fetchval(surveys, parent) == joined
