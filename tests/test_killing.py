"""Web, worker, clock, PostgreSQL and Valkey are killed while residents talk: nothing is lost, nothing happens twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from gateway import clock
from gateway.bootstrap import Core
from gateway.simulator.faults import Faults
from gateway.turns import AWAY
from tests.patience import PATIENCE_SECONDS
from tests.processes import POLL_SECONDS, Site, site, until
from tests.residents import HEARD_SECONDS, Desk, Resident, desk_of_the_street
from tests.world import GAPS

RESIDENTS = 24
ROUNDS = 2
KILLS = 5 * ROUNDS
TALK = 10  # messages that are taken between two kills
TAKEN_UP = timedelta(seconds=120)  # a minute, and as much again for a busy machine
WEBHOOK_ATTEMPTS = (
    8  # half a second later each time: 14 s in all, as a provider with a retry policy does
)
SETTLED_SECONDS = PATIENCE_SECONDS
KILLS_SECONDS = 4 * PATIENCE_SECONDS
HELD = "师傅明天上午到。"
NOTED_BY_NOBODY = "师傅明天下午到。"


@pytest.fixture
async def city(server_folder: Path) -> AsyncIterator[Site]:
    """Everything but the gateway itself."""
    async with site(server_folder, webhook_attempts=WEBHOOK_ATTEMPTS) as made:
        yield made


@dataclass(slots=True)
class Trial:
    """What is killed, and who talks meanwhile."""

    site: Site
    core: Core
    desk: Desk
    residents: list[Resident] = field(default_factory=list)
    kills: int = 0

    def resident(self, number: int) -> Resident:
        """Somebody new, each at an operator's block of their own."""
        self.residents.append(Resident(self.site, f"+86138{number:04d}8000"))
        return self.residents[-1]

    def heard(self) -> int:
        """How many messages were acknowledged."""
        return sum(len(resident.acknowledged) for resident in self.residents)

    async def talk(self, messages: int) -> None:
        """Let so many messages be acknowledged."""
        enough = self.heard() + messages
        await until(lambda: self.heard() >= enough, HEARD_SECONDS, "residents are heard")

    async def whole_loop(self, number: int) -> None:
        """One resident from the complaint to the survey, beginning after some kills."""
        await until(lambda: self.kills >= number * KILLS // RESIDENTS, KILLS_SECONDS, "kills")
        resident = self.resident(number)
        ticket_id = await resident.complain()
        await self.desk.sign(ticket_id)
        await resident.ask("查询", "在办")
        await self.desk.reply(ticket_id, "今天下午上门检修。")
        await resident.hear("今天下午上门")
        await resident.ask("补充 家里有老人", "已补充")
        await resident.ask("催办", "催办")
        while number % 3 == 0 and self.kills < KILLS:
            await resident.ask("谢谢", "不客气")
        await self.desk.resolve(ticket_id, "已更换阀门")
        await resident.hear("联系过您")
        await resident.answer_survey()

    async def kill_all(self) -> None:
        """One after another, each amid the talk and back before the next."""
        for _ in range(ROUNDS):
            for command in ("serve", "worker", "clock"):
                await self._killed(command)
            await self._kill_postgres()
            await self._kill_valkey()

    async def _killed(self, command: str) -> None:
        process = self.site.process(command)
        starts = process.starts
        process.kill()
        self.kills += 1
        await until(
            lambda: process.starts > starts, PATIENCE_SECONDS, f"{command} is started again"
        )
        await self.talk(TALK)

    async def _kill_postgres(self) -> None:
        """Messages go to the spool; in the second round its process dies too and leaves it behind."""
        self.site.postgres.kill()
        self.kills += 1
        await self.talk(3)
        if self.kills > KILLS // 2:
            self.site.process("serve").kill()
        self.site.postgres.start()
        await self.talk(TALK)

    async def _kill_valkey(self) -> None:
        self.site.valkey.kill()
        self.kills += 1
        await self.talk(TALK)
        self.site.valkey.start()

    async def kill_after_sending(self, resident: Resident) -> None:
        """Kill the worker when a message is out, before it can note so."""
        await self.complaint_with_reply(resident, NOTED_BY_NOBODY)
        texts = self.site.standin.texts
        while not any(NOTED_BY_NOBODY in t.body for t in texts.matching(receiver=resident.phone)):
            await texts.changed(texts.version, 1.0)
        self.site.process("worker").kill()

    async def kill_before_sending(self, resident: Resident) -> datetime:
        """Kill the worker when it has claimed a message, before that is out; returns when."""
        self.site.standin.faults = Faults(slow_seconds=2.0, drop_next=1)
        await self.complaint_with_reply(resident, HELD)
        await self.await_none(
            "select 1 where not exists (select from outbox where state = 'sending')"
        )
        self.site.process("worker").kill()
        self.site.standin.faults = Faults()
        return clock.now()

    async def complaint_with_reply(self, resident: Resident, text: str) -> None:
        ticket_id = await resident.complain()
        await self.desk.sign(ticket_id)
        await self.desk.reply(ticket_id, text)

    async def settle(self) -> None:
        """Wait until nothing is left to be replayed, run or sent."""
        await until(lambda: not self.site.spooled_bytes(), PATIENCE_SECONDS, "the spool is empty")
        await self.await_none(UNDONE)

    async def await_none(self, query: str) -> None:
        """Wait until there are no such rows any more."""
        deadline = clock.monotonic() + SETTLED_SECONDS
        while left := await self.rows(query):
            if clock.monotonic() > deadline:
                raise TimeoutError(f"{left}\n{self.site.said()}")
            await asyncio.sleep(POLL_SECONDS)

    async def rows(self, query: str) -> list[asyncpg.Record]:
        """Rows from the store, as soon as it is there."""
        while True:
            try:
                async with self.core.pool.acquire() as connection:
                    return list(await connection.fetch(query))
            except AWAY:
                await asyncio.sleep(POLL_SECONDS)

    async def value(self, query: str) -> object:
        return (await self.rows(query))[0][0]

    def arrived(self) -> Counter[str]:
        """How often each part of a message reached its phone, by its reference."""
        texts = self.site.standin.texts.matching(sender=self.site.standin.phone_number)
        urls = [urlsplit(text.callback_url) for text in texts]
        return Counter(parse_qs(url.query)["ref"][0] for url in urls)


UNDONE = """
    select 'message', conversation_id, state from outbox where state in ('pending', 'offered', 'sending')
    union all select 'timer', subject_id, kind from timers where due_at <= now()
"""
PARTS = """
    select conversation_id || '-' || seq || '-' || part - 1
    from outbox, generate_series(1, length(part_states)) as part
    where state in ('sent', 'delivered')
"""
EFFECTS = """
    select t.state, t.urged, count(*) as residents
    from tickets t group by t.state, t.urged order by t.state
"""
EVENTS = "select type, count(*), count(distinct ticket_id) from ticket_events group by type"


@pytest.mark.timeout(900)
async def test_everything_is_killed_while_residents_talk_and_nothing_is_lost_or_done_twice(
    city: Site,
) -> None:
    async with city.running("serve", "worker", "clock"), city.core() as core:
        trial = Trial(city, core, await desk_of_the_street(core))
        await trial.kill_after_sending(trial.resident(9998))
        held = trial.resident(9999)
        killed_at = await trial.kill_before_sending(held)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(trial.kill_all())
            for number in range(RESIDENTS):
                tasks.create_task(trial.whole_loop(number))
        await held.hear(HELD)
        await trial.settle()
        await _check_what_was_heard(trial)
        await _check_what_was_told(trial)
        text = next(t for t in city.standin.texts.matching(receiver=held.phone) if HELD in t.body)
        assert text.created_at - killed_at < TAKEN_UP


async def _check_what_was_heard(trial: Trial) -> None:
    """Every acknowledged message has its effect once."""
    keys = [row[0] for row in await trial.rows("select key from inbound")]
    said = [key for resident in trial.residents for key in resident.acknowledged]
    assert Counter(keys) == Counter(said)
    assert await trial.rows(GAPS) == []
    assert [tuple(row) for row in await trial.rows(EFFECTS)] == [
        ("closed", 1, RESIDENTS),
        ("handling", 0, 2),
    ]
    events = {row[0]: tuple(row)[1:] for row in await trial.rows(EVENTS)}
    for kind in ("added", "urged", "resolved"):
        assert events[kind] == (RESIDENTS, RESIDENTS), kind
    for kind in ("opened", "dispatched", "signed", "replied"):
        assert events[kind] == (RESIDENTS + 2, RESIDENTS + 2), kind
    surveys = await trial.rows("select state, solved, count(*) from surveys group by 1, 2")
    assert [tuple(row) for row in surveys] == [("finished", "yes", RESIDENTS)]
    assert await trial.rows("select kind, note from human_tasks") == []


async def _check_what_was_told(trial: Trial) -> None:
    """Every message reached its phone; what came twice is counted."""
    meant = {str(row[0]) for row in await trial.rows(PARTS)}
    arrived = trial.arrived()
    assert set(arrived) == meant
    twice = sum(arrived.values()) - len(meant)
    doubtful = await trial.value("select coalesce(sum(doubtful), 0)::int from outbox")
    assert isinstance(doubtful, int)
    assert twice <= doubtful
