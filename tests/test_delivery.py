"""The drain of the outbox on the real database: in order, under leases, doubled only where that is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from channels.base import Parcel, SendError, Sent
from dialogs.words import Delivery
from gateway.delivery import Deliverer
from store import outbox
from store.database import Pool
from tests.world import Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
PHONES = [f"+861380013{n:04d}" for n in range(6)]


@dataclass
class Provider:
    """What a provider was asked; `trouble` may raise for an address, `took` what it says when it is asked."""

    trouble: Callable[[str], None] = lambda address: None
    took: Sent | SendError | None = None
    log: list[str] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> Sent:
        self.log.append(f"send {parcel.address[-4:]}")
        self.trouble(parcel.address)
        return Sent(f"SM{parcel.reference}")

    async def find(self, address: str, text: str, since: datetime) -> Sent | None:
        del text, since
        self.log.append(f"find {address[-4:]}")
        if isinstance(self.took, SendError):
            raise self.took
        return self.took


@dataclass
class Post:
    """A town whose messages go out through a provider of ours."""

    city: Town
    provider: Provider
    outcomes: list[str] = field(default_factory=list)

    def deliverer(self) -> Deliverer:
        sms = self.city.world.channels["sms"]
        ours = replace(sms, send=self.provider.send, find=self.provider.find)
        self.city.world.channels = {**self.city.world.channels, "sms": ours}
        return Deliverer(
            self.city.pool,
            self.city.world,
            lambda _, outcome: self.outcomes.append(outcome),
            lambda: self.city.now,
        )

    async def states(self) -> list[str]:
        rows = await self.city.pool.fetch("select state from outbox order by address_id, seq")
        return [row[0] for row in rows]


async def post(pool: Pool, provider: Provider, phones: int = 1) -> Post:
    """Residents whose replies wait to be sent."""
    city = await town(pool)
    for phone in PHONES[:phones]:
        await city.say(HEATING, phone=phone)
    await pool.execute("update outbox set state = 'pending', due_at = $1", city.now)
    return Post(city, provider)


async def lapse(pool: Pool) -> None:
    """Let every lease end."""
    await pool.execute("update outbox set lease_until = now() - interval '1 second'")


async def test_what_is_due_is_sent_once_and_noted(pool: Pool) -> None:
    office = await post(pool, Provider(), 3)
    assert await office.deliverer().drain() == 3
    assert await office.deliverer().drain() == 0
    assert await office.states() == ["sent"] * 3
    assert office.outcomes == ["sent"] * 3
    assert len(office.provider.log) == 3


async def test_only_the_oldest_open_message_of_an_address_goes_out(pool: Pool) -> None:
    def down(address: str) -> None:
        del address
        raise SendError("down", retry_seconds=60)

    office = await post(pool, Provider(down))
    await office.city.say("1", phone=PHONES[0])
    assert await office.deliverer().drain() == 1
    assert await office.states() == ["pending", "pending"]
    office.provider.trouble = lambda address: None
    office.city.now += timedelta(minutes=2)
    assert await office.deliverer().drain() == 2
    assert await office.states() == ["sent", "sent"]


async def test_an_unforeseen_error_holds_up_one_message_and_no_other(pool: Pool) -> None:
    def poison(address: str) -> None:
        if address == PHONES[0]:
            raise ZeroDivisionError

    office = await post(pool, Provider(poison), 6)
    await office.deliverer().drain()
    assert sorted(office.provider.log) == [f"send {phone[-4:]}" for phone in PHONES]
    assert sorted(await office.states()) == ["sending"] + ["sent"] * 5


async def test_after_a_crash_the_provider_is_asked_before_a_part_is_sent_again(pool: Pool) -> None:
    office = await post(pool, Provider(took=Sent("SM1", Delivery.DELIVERED)))
    await pool.execute("update outbox set state = 'sending', attempts = 1")
    await lapse(pool)
    await office.deliverer().drain()
    assert office.provider.log == [f"find {PHONES[0][-4:]}"]
    assert await pool.fetchval("select doubtful from outbox") == 0


async def test_a_reply_that_was_offered_and_not_confirmed_is_asked_for_too(pool: Pool) -> None:
    office = await post(pool, Provider())
    await pool.execute("update outbox set state = 'offered'")
    await office.deliverer().drain()
    assert [line.split()[0] for line in office.provider.log] == ["find", "send"]
    assert await office.states() == ["sent"]


async def test_doubt_stays_until_the_provider_has_answered(pool: Pool) -> None:
    def unheard(address: str) -> None:
        del address
        raise SendError("no answer", retry_seconds=5, unknown=True)

    office = await post(pool, Provider(unheard, took=SendError("down", retry_seconds=5)))
    await office.deliverer().drain()
    for _ in range(2):
        office.city.now += timedelta(minutes=10)
        await office.deliverer().drain()
    assert [line.split()[0] for line in office.provider.log] == ["send", "find", "find"]
    office.provider.took = Sent("SM1")
    office.city.now += timedelta(hours=1)
    await office.deliverer().drain()
    assert await office.states() == ["sent"]
    assert [line.split()[0] for line in office.provider.log] == ["send", "find", "find", "find"]


async def test_where_the_provider_cannot_be_asked_a_double_is_counted(pool: Pool) -> None:
    office = await post(pool, Provider())
    await pool.execute("update outbox set state = 'sending', attempts = 1")
    deliverer = office.deliverer()
    ours = replace(office.city.world.channels["sms"], find=None)
    deliverer = Deliverer(
        pool,
        replace(office.city.world, channels={"sms": ours}),
        lambda *_: None,
        lambda: office.city.now,
    )
    await deliverer.drain()
    assert await pool.fetchval("select doubtful from outbox") == 1


async def test_what_is_given_up_becomes_a_dead_letter_and_a_human_task(pool: Pool) -> None:
    def never(address: str) -> None:
        del address
        raise SendError("21211", retry_seconds=None)

    office = await post(pool, Provider(never))
    await office.deliverer().drain()
    assert await office.states() == ["failed"]
    assert await pool.fetchval("select kind from human_tasks") == "undelivered"


async def test_a_provider_that_reports_a_block_ends_the_messages_and_is_remembered(
    pool: Pool,
) -> None:
    def blocked(address: str) -> None:
        del address
        raise SendError("21610", retry_seconds=None, blocked=True)

    office = await post(pool, Provider(blocked))
    await office.deliverer().drain()
    assert await office.states() == ["cancelled"]
    assert await pool.fetchval("select blocked_at is not null from addresses")


async def test_a_plan_made_while_nothing_was_open_looks_up_the_oldest_of_each_address(
    pool: Pool,
) -> None:
    async with pool.acquire() as connection:
        await connection.execute(f"prepare claiming as {outbox.CLAIM}")
        rows = await connection.fetch("explain execute claiming(null, null, null, null, null)")
        await connection.execute("deallocate claiming")
    plan = "\n".join(row[0] for row in rows)
    assert "Anti Join" not in plan
    assert "Index Cond: (address_id = " in plan
