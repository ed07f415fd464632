"""Why a ticket went where it went can always be read on it: each way says it in a sentence, with the catalogue's version and day."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.community import take_matter
from handlers.contact import record_contact
from handlers.correct import Correcting, correct
from handlers.decide import Deciding, decide
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.in_force import read_events
from handlers.join import split
from handlers.return_unit import Returning, return_unit
from handlers.staff_acts import StaffAct
from handlers.succession import begin_successions
from handlers.surge import Declaring, declare, end_surge
from handlers.walk_in import WalkIn
from store.database import Pool, transaction
from store.dispatched import sendings
from tests.heirs import name_heir
from tests.office import CGW, OTHER, Office, act, open_office
from tests.test_split import responsibilities

HEATING = "派单目录第{v}版：T001 室温不达标/暖气不热，双派：田村路街道主办、海淀区城管委协办"
DISPUTE = "海淀区田村路街道北京移动的预付卡退费难"
OTHER_MATTER = "海淀区田村路街道阜石路第一社区3号楼垃圾堆积"
Way = Callable[[Office], Awaitable[int]]


async def told(office: Office, *said: str) -> int:
    await office.say(*said)
    ticket: int = await office.value("select max(id) from tickets")
    return ticket


async def responsibility(office: Office) -> int:
    return await office.open()


async def jurisdiction(office: Office) -> int:
    return await told(office, "东城区王府井地区无照摆摊", "1", "1")


async def enterprise(office: Office) -> int:
    return await office.open("海淀区田村路街道阜石路第一社区5号楼停水")


async def backstop(office: Office) -> int:
    return await told(office, "海淀区一件说不清楚的麻烦事情", "1", "1")


async def triage(office: Office) -> int:
    return await told(office, "北京市路灯不亮", "不知道", "不知道", "1")


async def by_hand(office: Office) -> int:
    ticket = await office.open()
    await act(office, dispatch_by_hand, "centre", ticket, Dispatching(office.units[OTHER], "现场"))
    return ticket


async def upheld(office: Office, ticket: int, added: dict[str, object]) -> int:
    """Screened by the district, decided by the centre."""
    found = await office.value("select max(id) from applications where state = 'open'")
    for login, step in (("district", StaffAct.SCREEN), ("centre", StaffAct.DECIDE)):
        given = added if step is StaffAct.DECIDE else {}
        order = Deciding(step, found, upheld=True, note="已核实", added=given)
        await act(office, decide, login, ticket, order)
    return ticket


async def returned(office: Office) -> int:
    ticket = await office.open()
    await act(office, record_contact, "tiancun", ticket, "no_answer", "")
    await act(office, return_unit, "tiancun", ticket, Returning("area", "产权单位自管"))
    return await upheld(office, ticket, {"unit": office.units[CGW]})


async def corrected(office: Office) -> int:
    ticket = await office.open()
    await act(office, correct, "tiancun", ticket, Correcting("是退货", "T050"))
    return await upheld(office, ticket, {})


async def surge_route(office: Office) -> int:
    event = Declaring("供热抢修", "heating", words="暖气", places="海淀区", grade="I")
    event = replace(event, lead_unit_id=office.units[CGW])
    surge: int = await act(office, declare, "admin", event)
    await _events(office)
    ticket = await office.open()
    await act(office, end_surge, "admin", surge)
    await _events(office)
    return ticket


async def _events(office: Office) -> None:
    async with office.pool.acquire() as connection:
        await read_events(connection, office.world, office.at)


async def community_late(office: Office) -> int:
    matter = WalkIn("阜石路第一社区5号楼楼道堆物", "", phone="13800138000")
    async with office.world.numbers.held(1, office.at):
        ticket: int = await act(office, take_matter, "tiancun", matter)
    await office.ring(timedelta(days=3))
    return ticket


async def green_late(office: Office) -> int:
    ticket = await told(office, DISPUTE, "1", "1")
    await office.ring(timedelta(hours=72))
    return ticket


async def followed(office: Office) -> int:
    await office.open()
    second = await office.open(phone="+8613800138009")  # who says that it is the same
    await act(office, split, "centre", second)
    return second


async def succeeded(office: Office) -> int:
    ticket = await office.open()
    await act(office, name_heir, "admin", "110108021", "110108020")
    async with transaction(office.pool) as connection:
        await begin_successions(connection, office.at.date(), office.at)
    await office.ring()
    return ticket


async def after_succession(office: Office) -> int:
    await succeeded(office)
    city = replace(office.world.city, responsibilities=await responsibilities(office))
    office.world = replace(office.world, city=city)
    return await office.open(OTHER_MATTER, "+8613800138008")


WAYS: list[tuple[Way, list[str]]] = [
    (responsibility, ["派给田村路街道：" + HEATING]),
    (jurisdiction, ["按特别管辖（东城区2020-06-30执法权限划分，草案待核对）直派东华门街道"]),
    (enterprise, ["直派"]),
    (backstop, ["由海淀区政府兜底"]),
    (triage, ["转人工派单：派单目录第{v}版", "地点不明，待人工派单"]),
    (by_hand, ["派给东华门街道（centre）：现场"]),
    (returned, ["派给海淀区城管委（centre）：田村路街道退单：不属于本辖区"]),
    (corrected, ["申请更正后重派：派单目录第{v}版：T050"]),
    (surge_route, ["派给海淀区城管委：平战转换“供热抢修”，直派海淀区城管委"]),
    (community_late, ["社区没有办好，转为工单；派单目录第{v}版"]),
    (green_late, ["没有谈成，转海淀区市场监管局"]),
    (followed, ["跟随别的工单：并入", "拆出，由田村路街道单独办理（centre）："]),
    (succeeded, ["转由马连洼街道承接：田村路街道合并，由马连洼街道继续办理"]),
    (after_succession, ["田村路街道2026-11-23起合并，由马连洼街道承接"]),
]


@pytest.mark.parametrize(("way", "says"), WAYS, ids=[way.__name__ for way, _ in WAYS])
async def test_why_it_went_there_is_read_on_the_ticket(
    pool: Pool, way: Way, says: list[str]
) -> None:
    office = await open_office(pool)
    version = office.world.city.version
    ticket = await way(office)
    async with office.pool.acquire() as connection:
        found = await sendings(connection, ticket, office.world.timezone)
    await office.rows("update units set valid_to = null where valid_to is not null returning id")
    read = "\n".join(
        f"{one.says}{f'（{one.staff}）' if one.staff else ''}：{one.why}" for one in found
    )
    assert all(part.format(v=version) in read for part in says), read
    assert {(one.version, one.since is not None) for one in found} == {(version, True)}
