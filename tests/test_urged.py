"""What pressing, adding, withdrawing and "not solved" set in motion at the units."""

from datetime import timedelta

import pytest

from handlers.resolve import resolve
from handlers.rules import Rules
from handlers.sign import sign
from store.database import Pool
from tests.office import TIANCUN, Office, act, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    opened = await open_office(pool)
    opened.world.rules = Rules({"result.needs_contact": 0, "review.needed": 0, "assist.waits": 0})
    return opened


async def told_units(office: Office, event: str) -> list[tuple[str | None, str, bool]]:
    """Who was told of an event: the unit's code (None: the centre), whom there, how urgently."""
    rows = await office.rows(
        "select u.code, n.audience, n.urgent from unit_notices n left join units u on u.id = n.unit_id"
        " where n.event = $1 order by n.id",
        event,
    )
    return [(row["code"], row["audience"], row["urgent"]) for row in rows]


async def test_each_press_reaches_the_unit_and_the_third_its_head(office: Office) -> None:
    ticket = await office.open()
    await office.say("催单")
    await act(office, sign, "tiancun", ticket)
    await office.say("催单")
    assert await told_units(office, "urged") == [
        (TIANCUN, "desk", False),
        (TIANCUN, "handler", False),
    ]
    (third,) = await office.say("催单")
    assert third.message is not None
    assert "报给单位负责人" in "".join(third.message.parts)
    assert await told_units(office, "urged_head") == [(TIANCUN, "head", True)]
    assert (await office.events(ticket))[-2:] == ["urged", "urged_head"]


async def test_what_is_added_or_withdrawn_is_told_to_the_leads_desk(office: Office) -> None:
    await office.open()
    await office.say("补充 是三号楼", "撤单", "1")
    assert await told_units(office, "added") == [(TIANCUN, "desk", False)]
    assert await told_units(office, "withdrawn") == [(TIANCUN, "desk", False)]


async def answered_not_solved(office: Office, ticket: int) -> str:
    await act(office, sign, "tiancun", ticket)
    await act(office, resolve, "tiancun", ticket, "已维修。")
    await office.ring(timedelta(seconds=2))
    await office.say("1", "3", "4", "4")
    turned = await office.say("没有了")
    return "".join(turned[-1].message.parts) if turned[-1].message else ""


async def test_not_solved_tells_the_unit_above_and_the_resident_hears_so(office: Office) -> None:
    ticket = await office.open()
    assert "并告知上级单位" in await answered_not_solved(office, ticket)
    assert await told_units(office, "reopened") == [
        (TIANCUN, "desk", False),
        ("110108", "head", False),
    ]
    lead = await office.value(
        "select unit_id from assignments where ticket_id = $1 and round = 2 and role = 'lead'",
        ticket,
    )
    assert lead == office.units[TIANCUN]


async def test_of_a_confidential_ticket_the_centre_hears_in_place_of_the_unit_above(
    office: Office,
) -> None:
    ticket = await office.open()
    await office.value("update tickets set confidential = true where id = $1 returning 1", ticket)
    assert "上级" not in await answered_not_solved(office, ticket)
    assert await told_units(office, "reopened") == [(TIANCUN, "desk", False), (None, "head", False)]


async def test_how_long_a_closed_ticket_may_be_reopened_is_a_rule(office: Office) -> None:
    office.world.rules = Rules({"reopen.days": 2})
    ticket = await office.open()
    await office.say("撤单", "1")
    office.at += timedelta(days=3)
    await office.say("补充 又不热了")
    assert (await office.ticket(ticket))["state"] == "withdrawn"


async def test_the_third_round_is_supervised_by_itself(office: Office) -> None:
    ticket = await office.open()
    await answered_not_solved(office, ticket)
    assert "supervised" not in await office.events(ticket)
    await answered_not_solved(office, ticket)
    assert "supervised" in await office.events(ticket)
    unit = "select u.code from supervisions s join units u on u.id = s.by_unit_id"
    assert await office.value(unit) == "110108"
