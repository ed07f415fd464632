"""The case that the city's own story tells: a broken pole in Haidian that nobody owns, solved within a week.

The district's urban management commission signs, whistles eight units of two kinds, they find out whose it is; two calls
back, the handler's and the centre's; "solved, satisfied". The resident calls from a land line, so the centre rings it.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import clock
from handlers.case import By
from handlers.contact import record_contact
from handlers.report_in import opine, report_in
from handlers.resolve import answer_as_assist, resolve
from handlers.sign import sign
from handlers.whistle import Whistling, whistle
from handlers.whistle_close import Concluding, close_whistle
from store.database import Pool
from tests.office import CGW, Office, act
from tests.telephone import LAND_LINE, Town, town

TOLD = "海淀区路边有根电线杆断了半截，问了好几家都说不是自己的"
DEPARTMENTS = ("110108-jgj", "110108-yllh")
COMPANIES = ("ent-power", "ent-gehua", "ent-cmcc", "ent-cucc", "ent-ctcc", "ent-tower")
OWNER, LATECOMER = "ent-cucc", "ent-tower"


def at_desk_of(office: Office, code: str, form: str) -> By:
    """Somebody of one of the called units."""
    unit = office.world.city.responsibilities.units[code]
    return replace(office.by("cgw", f"{code}-{form}"), unit_id=unit.id)


async def found_out(office: Office, ticket: int, blown: int, codes: Sequence[str]) -> None:
    """Units come, look, and say whether it is theirs."""
    for code in codes:
        async with office.pool.acquire() as connection, connection.transaction():
            world, how = office.world, "on_the_spot" if code in COMPANIES else "on_line"
            by = at_desk_of(office, code, "report")
            await report_in(connection, world, by, ticket, blown, how)
            said = "查了台账，是我们的杆" if code == OWNER else "不是我们的"
            by = at_desk_of(office, code, "opinion")
            await opine(connection, world, by, ticket, blown, said)


async def whistled(office: Office, ticket: int) -> int:
    """The commission calls all eight."""
    units = office.world.city.responsibilities.units
    ids = tuple(units[code].id for code in (*DEPARTMENTS, *COMPANIES))
    order = Whistling("daily", "establish", ids, "路边断杆无主，请到现场认领", "颐和园路口")
    return int(await act(office, whistle, "cgw", ticket, order))


async def find_the_owner(office: Office, ticket: int) -> None:
    """All eight come, one of them late, and one says that it is theirs."""
    blown = await whistled(office, ticket)
    in_time = [code for code in (*DEPARTMENTS, *COMPANIES) if code != LATECOMER]
    await found_out(office, ticket, blown, in_time)
    await office.ring(timedelta(days=1))
    late = "select note from ticket_events where type = 'whistle_late'"
    assert await office.value(late) == "日常哨到时没有报到：北京铁塔公司"
    await found_out(office, ticket, blown, [LATECOMER])

    owner = office.world.city.responsibilities.units[OWNER].id
    concluding = Concluding(blown, "联通的杆，由联通更换", owner)
    await act(office, close_whistle, "cgw", ticket, concluding)


async def owner_mends(office: Office, ticket: int) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        by = at_desk_of(office, OWNER, "sign")
        await sign(connection, office.world, by, ticket)
        by = at_desk_of(office, OWNER, "assist")
        await answer_as_assist(connection, office.world, by, ticket, "断杆已拆除，换了新杆")


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        made.office.at = clock.now()
        yield made


async def called(city: Town) -> int:
    """The resident tells of it on the phone, and hangs up; returns the ticket."""
    caller, _ = await city.call(LAND_LINE)
    await caller.key("1")
    await caller.say(TOLD)
    await caller.say("不知道")
    assert "已受理" in await caller.key("1")
    await caller.hang_up()
    return int(await city.office.value("select max(id) from tickets"))


async def called_back(city: Town) -> None:
    """The centre rings the resident days later, which is now for the telephone, and hears how it went."""
    await city.office.ring()
    due = "update outbox set due_at = $1 where purpose = 'notice' and state = 'pending' returning 1"
    assert await city.office.value(due, clock.now())
    resident = await city.rings(LAND_LINE)
    assert "已换新杆" in await resident.pick_up()
    for _ in range(5):
        await resident.key("1")


async def test_a_broken_pole_finds_its_owner_and_is_mended_within_a_week(city: Town) -> None:
    office = city.office
    ticket = await called(city)
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[CGW]
    await act(office, sign, "cgw", ticket)
    await act(
        office, record_contact, "cgw", ticket, "reached", "约好现场看"
    )  # the handler's call back

    await find_the_owner(office, ticket)
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[CGW]
    office.at += timedelta(days=3)
    await owner_mends(office, ticket)
    await act(office, resolve, "cgw", ticket, "查明是联通的杆，已换新杆。")
    row = await office.ticket(ticket)
    assert row["resolved_at"] < row["opened_at"] + timedelta(days=7)

    await called_back(city)
    said = await office.rows("select contacted, unit_contacted, solved, result from surveys")
    assert [tuple(one) for one in said] == [(True, True, "yes", "satisfied")]
    assert (await office.ticket(ticket))["state"] == "closed"
    assert await office.value("select count(*) from whistle_calls where opinion <> ''") == 8
