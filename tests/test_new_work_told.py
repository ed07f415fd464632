"""Work that comes to a unit is told once, by the event that brought it, with what a reply can do."""

from datetime import timedelta

import pytest

from dialogs.ticket_number import format_number
from handlers.coordinate import Settling, decide_coordination
from handlers.join import join, split
from handlers.sign import sign
from store.database import Pool
from tests.office import MATTER, OTHER, TIANCUN, act, open_office
from tests.test_coordination import coordinating
from tests.test_returns import contacted, returning, say
from tests.test_succession import restore, succeed
from tests.unit_phone import DESK_PHONE, UnitPhone
from tests.walk_checks import broken

OTHER_PHONE = "+8613700137009"
SIGNS = "回1签收"


@pytest.fixture
async def phone(pool: Pool) -> UnitPhone:
    return UnitPhone(await open_office(pool))


async def told(phone: UnitPhone, number: str, unit: str, ticket: int) -> tuple[str, list[str]]:
    """What the phone hears in the next minutes, and the events that its unit's notices of a ticket name."""
    before = len(await phone.read(number))
    await phone.work(minutes=2)
    said = (await phone.read(number))[before:]
    assert await broken(phone.office) == []
    rows = await phone.office.rows(
        "select n.event from unit_notices n join units u on u.id = n.unit_id"
        " where u.code = $1 and n.ticket_id = $2 and n.audience = 'desk' order by n.id",
        unit,
        ticket,
    )
    return "|".join(said), [row["event"] for row in rows]


async def test_a_return_that_was_upheld_brings_work_by_that_name(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed(OTHER_PHONE, OTHER)
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    said, events = await told(phone, OTHER_PHONE, OTHER, ticket)
    assert said.startswith("改派工单（II级）：海淀区")
    assert SIGNS in said
    assert events == ["upheld"]


async def test_what_a_coordination_decides_is_told_once_and_can_be_signed(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed(OTHER_PHONE, OTHER)
    ticket = await office.open()
    talk = await coordinating(office, ticket)
    await told(phone, OTHER_PHONE, OTHER, ticket)
    order = Settling(talk, "由东华门街道办", office.units[OTHER], [])
    await act(office, decide_coordination, "district", ticket, order)
    said, events = await told(phone, OTHER_PHONE, OTHER, ticket)
    assert SIGNS in said
    assert set(events) == {"coordinated", "coordination_ended"}


async def test_what_was_split_off_is_told_as_such(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    parent = await office.open(phone="+8613800138001")
    await office.say(MATTER, "2", phone="+8613800138002")
    child = await office.value("select max(id) from tickets")
    await act(office, join, "tiancun", child, format_number(parent))
    await told(phone, DESK_PHONE, TIANCUN, parent)
    await act(office, split, "centre", child)
    said, events = await told(phone, DESK_PHONE, TIANCUN, child)
    assert "拆出单办（II级）" in said
    assert events[-1] == "split"


async def test_a_successor_is_told_by_the_succession_alone(phone: UnitPhone) -> None:
    office = phone.office
    try:
        await phone.confirmed()
        ticket = await office.open()
        office.at += timedelta(minutes=5)
        await succeed(office)
        await office.ring()
        said, events = await told(phone, DESK_PHONE, "110108020", ticket)
        assert "继续办理" in said
        assert SIGNS in said
        assert events == ["succeeded"]
    finally:
        await restore(office)


async def test_who_has_signed_is_not_asked_to_sign(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    said, _ = await told(phone, DESK_PHONE, TIANCUN, ticket)
    assert "签收" not in said
