"""Phones of the centre: told of what waits for dispatch, those who are on duty first, many tickets at a time."""

from datetime import date, time, timedelta

import pytest

from handlers.case import ActRefusedError, By
from handlers.roster import Turns, add_turns
from handlers.unit_contacts import Registered, Registering, register
from handlers.world import World
from store.database import Connection, Pool
from tests.office import TIANCUN, Office, act, open_office
from tests.test_clocks import in_triage
from tests.unit_phone import DESK_PHONE, TOKEN, UnitPhone

DEPUTY_PHONE = "+8613700137001"
PLACELESS = "法院判决下来了物业不执行"


@pytest.fixture
async def phone(pool: Pool) -> UnitPhone:
    return UnitPhone(await open_office(pool))


async def _register(connection: Connection, world: World, by: By, order: Registering) -> Registered:
    return await register(connection, world, by, order, TOKEN)


async def of_centre(
    phone: UnitPhone, address: str = DESK_PHONE, duty: str = "", audience: str = "desk"
) -> None:
    """An administrator registers a phone of the centre, and its owner confirms."""
    duty_id = phone.office.staff_ids[duty] if duty else None
    order = Registering("sms", "派单值班", address, audience, None, duty_id)
    await act(phone.office, _register, "admin", order)
    await phone.write("确认", phone=address)


async def on_duty(office: Office, login: str) -> None:
    turns = Turns(office.staff_ids[login], date(2026, 11, 23), 1, time(9), time(18))
    await act(office, add_turns, "centre", turns)


async def test_what_waits_for_dispatch_is_told_without_a_word_of_how_to_reply(
    phone: UnitPhone,
) -> None:
    await of_centre(phone)
    assert "登记用本号码接收派单提醒" in (await phone.read())[0]
    ticket = await in_triage(phone.office)
    await phone.office.ring()
    (said,) = await phone.told()
    assert "待派单，请马上派单" in said
    assert said.endswith(f"编号{ticket % 10000:04d}。")


async def test_a_reply_of_the_centres_phone_does_nothing_and_says_where_to_act(
    phone: UnitPhone,
) -> None:
    await of_centre(phone)
    ticket = await in_triage(phone.office)
    await phone.office.ring()
    await phone.told()
    (answer,) = await phone.write(f"签收{ticket % 10000:04d}")
    assert "请在系统里办理" in answer
    assert (await phone.office.ticket(ticket))["state"] == "triage"
    assert await phone.office.value("select count(*) from staff where login like 'contact%'") == 0


async def test_many_that_wait_become_one_message_and_the_next_comes_a_while_later(
    phone: UnitPhone,
) -> None:
    office = phone.office
    await of_centre(phone)
    await in_triage(office)
    await office.ring()
    assert len(await phone.told()) == 1
    for other in ("+8613800138001", "+8613800138002"):
        await office.say(PLACELESS, "请记下", "1", "不用", "1", phone=other)
    await office.ring()
    assert await phone.told(minutes=1) == []
    (said,) = await phone.told(minutes=9)
    assert said.startswith("2条提醒：")
    assert "签收" not in said


async def test_who_is_off_duty_is_left_in_peace_while_somebody_is_on(phone: UnitPhone) -> None:
    office = phone.office
    await of_centre(phone, DESK_PHONE, "centre")
    await of_centre(phone, DEPUTY_PHONE, "deputy")
    await on_duty(office, "deputy")
    before = await phone.read()
    await in_triage(office)
    await office.ring()
    assert await phone.told() == []
    assert "待派单" in (await phone.read(DEPUTY_PHONE))[-1]
    assert await phone.read() == before


async def test_where_nobody_is_on_duty_all_are_told(phone: UnitPhone) -> None:
    await of_centre(phone, DESK_PHONE, "centre")
    await of_centre(phone, DEPUTY_PHONE, "deputy")
    await in_triage(phone.office)
    await phone.office.ring()
    assert len(await phone.told()) == 1
    assert "待派单" in (await phone.read(DEPUTY_PHONE))[-1]


async def test_what_is_late_goes_to_the_head_of_the_centre(phone: UnitPhone) -> None:
    office = phone.office
    await of_centre(phone, audience="head")
    await in_triage(office)
    await office.ring()
    assert await phone.told() == []
    await office.ring(timedelta(minutes=30))
    (said,) = await phone.told()
    assert "超过派单时限" in said


async def test_only_an_administrator_registers_the_centres_and_only_its_people_are_on_its_roster(
    phone: UnitPhone,
) -> None:
    office = phone.office
    order = Registering("sms", "手机", DESK_PHONE, "desk", None)
    for login in ("centre", "tiancun"):
        with pytest.raises(ActRefusedError, match="本单位"):
            await act(office, _register, login, order)
    order = Registering("sms", "手机", DESK_PHONE, "desk", None, office.staff_ids["tiancun"])
    with pytest.raises(ActRefusedError, match="值班人员"):
        await act(office, _register, "admin", order)
    order = Registering("sms", "手机", DESK_PHONE, "desk", office.units[TIANCUN])
    await act(office, _register, "admin", order)
