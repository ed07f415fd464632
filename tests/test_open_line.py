"""Open-line days: leaders take calls and chats for some hours; what they take is marked and followed to its end."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from dialogs.words import Role
from handlers.call_orders import may_take_calls
from handlers.case import ActRefusedError, By, UnknownTicketError
from handlers.in_force import read_events
from handlers.login import session_of, token_hash
from handlers.open_line import Arranging, arrange, end_day, follow
from handlers.walk_in import WalkIn, walk_in
from store import open_lines
from store.database import Connection, Pool
from store.staff import add_session
from tests.office import DISTRICT, Office, open_office
from tests.world import START

TYPED = WalkIn(matter="路灯不亮", place="海淀区田村路街道")
HOURS = timedelta(hours=3)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


@pytest.fixture
async def connection(office: Office) -> AsyncIterator[Connection]:
    async with office.pool.acquire() as connection:
        yield connection


async def begin(office: Office, later: timedelta = timedelta(0)) -> int:
    """A day of the district's head that begins then."""
    begins = office.at + later
    day = Arranging(
        "区长接听", office.units[DISTRICT], ("district",), begins, begins + HOURS, "供暖季"
    )
    async with office.pool.acquire() as connection, connection.transaction():
        day_id = await arrange(connection, office.by("admin"), day)
        await read_events(connection, office.world, office.at)
    return day_id


async def leader(connection: Connection, office: Office) -> By:
    """The head as the console knows them now."""
    token = f"{office.at}"
    ends_at = office.at + timedelta(hours=12)
    kept = token_hash(token)
    await add_session(connection, office.staff_ids["district"], kept, "", office.at, ends_at)
    found = await session_of(connection, token, office.at)
    assert found is not None
    who = office.by("district")
    return By(who.staff_id, who.name, who.unit_id, found.staff.roles, who.key, office.at)


async def take(office: Office, who: By) -> int:
    """A ticket that somebody types in."""
    async with (
        office.world.numbers.held(1, office.at),
        office.pool.acquire() as connection,
        connection.transaction(),
    ):
        return (await walk_in(connection, office.world, who, TYPED)).ticket_id


async def test_a_leader_takes_talks_while_the_day_is_on_and_not_before_or_after(
    office: Office, connection: Connection
) -> None:
    await begin(office, timedelta(hours=1))
    before = await leader(connection, office)
    assert not may_take_calls(before.unit_id, before.roles)
    office.at += timedelta(hours=1)
    during = await leader(connection, office)
    assert may_take_calls(during.unit_id, during.roles)
    assert during.roles == before.roles | {Role.LISTENER}
    office.at += HOURS
    after = await leader(connection, office)
    assert after.roles == before.roles


async def test_what_a_leader_takes_down_is_marked_and_dispatched_as_any_other(
    office: Office, connection: Connection
) -> None:
    day_id = await begin(office)
    ticket_id = await take(office, await leader(connection, office))
    ticket = await office.ticket(ticket_id)
    assert (ticket["open_line_id"], ticket["state"]) == (day_id, "dispatched")
    assert "open_line" in await office.events(ticket_id)
    (item,) = await open_lines.followed(connection, day_id)
    assert (item.ticket_id, item.leader) == (ticket_id, "district")


async def test_what_others_take_down_meanwhile_is_not_marked(office: Office) -> None:
    await begin(office)
    assert (await office.ticket(await take(office, office.by("centre"))))["open_line_id"] is None
    assert (await office.ticket(await office.open()))["open_line_id"] is None


async def test_nobody_types_in_tickets_without_a_day(
    office: Office, connection: Connection
) -> None:
    who = await leader(connection, office)
    with pytest.raises(ActRefusedError, match="话务员"):
        await take(office, who)


async def test_the_leader_is_reminded_of_what_is_overdue_each_day_until_it_is_done(
    office: Office, connection: Connection
) -> None:
    await begin(office)
    ticket_id = await take(office, await leader(connection, office))
    due_at = (await office.ticket(ticket_id))["due_at"]
    reminders = "select count(*) from unit_notices where event = 'open_line_late' and staff_id = $1"
    district = office.staff_ids["district"]
    await office.ring(due_at - office.at - timedelta(minutes=1))
    assert await office.value(reminders, district) == 0
    await office.ring(timedelta(minutes=2))
    assert await office.value(reminders, district) == 1
    await office.ring(timedelta(hours=24))
    assert await office.value(reminders, district) == 2
    assert (await office.events(ticket_id)).count("open_line_late") == 2
    await office.value("update tickets set state = 'closed' where id = $1 returning 1", ticket_id)
    await office.ring(timedelta(hours=24))
    assert await office.value(reminders, district) == 2


async def test_a_longer_limit_moves_the_reminder(office: Office, connection: Connection) -> None:
    await begin(office)
    ticket_id = await take(office, await leader(connection, office))
    due_at = (await office.ticket(ticket_id))["due_at"]
    later = due_at + timedelta(days=3)
    await office.value("update tickets set due_at = $2 where id = $1 returning 1", ticket_id, later)
    await office.ring(due_at - office.at)
    assert (
        await office.value(
            "select due_at from timers where subject = 'case' and kind like 'open_line:%'"
        )
        == later
    )


async def test_a_ticket_is_given_to_a_day_once(office: Office) -> None:
    day_id, ticket_id = await begin(office), await office.open()
    async with office.pool.acquire() as connection, connection.transaction():
        await follow(connection, office.by("admin"), day_id, ticket_id)
    assert (await office.ticket(ticket_id))["open_line_id"] == day_id
    async with office.pool.acquire() as connection:
        with pytest.raises(ActRefusedError, match="已经由"):
            await follow(connection, office.by("admin"), day_id, ticket_id)
        with pytest.raises(UnknownTicketError):
            await follow(connection, office.by("admin"), day_id, 1)
        with pytest.raises(ActRefusedError, match="热线中心"):
            await follow(connection, office.by("district"), day_id, ticket_id)


async def test_the_summary_counts_the_day(office: Office, connection: Connection) -> None:
    day_id = await begin(office)
    ticket_id = await take(office, await leader(connection, office))
    now = await open_lines.figures(connection, day_id, office.at)
    assert (now.tickets, now.open, now.overdue, now.calls, now.chats) == (1, 1, 0, 0, 0)
    late = (await office.ticket(ticket_id))["due_at"] + timedelta(minutes=1)
    assert (await open_lines.figures(connection, day_id, late)).overdue == 1


async def test_a_day_is_closed_early_or_called_off(office: Office, connection: Connection) -> None:
    running, coming = await begin(office), await begin(office, timedelta(days=1))
    office.at += timedelta(hours=1)
    await end_day(connection, office.by("admin"), running)
    await end_day(connection, office.by("admin"), coming)
    with pytest.raises(ActRefusedError, match="已经结束"):
        await end_day(connection, office.by("admin"), running)
    left = await open_lines.listed(connection, None, None, 10)
    assert [(one.id, one.ends_at) for one in left] == [(running, office.at)]


@pytest.mark.parametrize(
    ("begins", "ends", "logins", "says"),
    [
        (0, 13, ("district",), "12小时"),
        (2, 1, ("district",), "12小时"),
        (-3, -1, ("district",), "12小时"),
        (0, 3, (), "用户名"),
        (0, 3, ("district", "nobody"), "不存在"),
    ],
)
async def test_a_day_needs_hours_and_leaders(
    office: Office, begins: int, ends: int, logins: tuple[str, ...], says: str
) -> None:
    first, last = START + timedelta(hours=begins), START + timedelta(hours=ends)
    day = Arranging("区长接听", None, logins, first, last)
    async with office.pool.acquire() as connection:
        with pytest.raises(ActRefusedError, match=says):
            await arrange(connection, office.by("admin"), day)
        with pytest.raises(ActRefusedError, match="热线中心"):
            await arrange(connection, office.by("district"), day)
