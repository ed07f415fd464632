"""Inside a unit: its desk hands a ticket on and takes it back, people hand over, deputies stand in."""

from datetime import timedelta

import pytest

from dialogs.words import Role
from gateway.commands.staff import StaffError, leave
from handlers.away import hand_over_everything, let_go, set_away
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.hand_on import hand_on, hand_over, take_back
from handlers.offices import add_office, close_office, seat
from handlers.sign import sign
from store import worklist
from store.database import Pool
from store.worklist import Wanted
from tests.office import OTHER, TIANCUN, Office, act, employ, open_office


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await employ(office, "li", (Role.HANDLER,), TIANCUN)
    await employ(office, "zhao", (Role.HANDLER,), TIANCUN)
    await employ(office, "head", (Role.HEAD,), TIANCUN)
    return office


async def hands(office: Office, ticket: int) -> tuple[str | None, str | None]:
    """Office and person that have the lead's share."""
    (row,) = await office.rows(
        "select o.name as office, s.login from assignments a left join offices o on o.id = a.office_id"
        " left join staff s on s.id = a.handler_id where a.ticket_id = $1 and a.role = 'lead'",
        ticket,
    )
    return row["office"], row["login"]


async def told(office: Office, login: str) -> list[tuple[str, str]]:
    rows = await office.rows(
        "select event, note from unit_notices where staff_id = $1 order by id",
        office.staff_ids[login],
    )
    return [(row["event"], row["note"]) for row in rows]


async def give(office: Office, ticket: int, login: str, note: str = "") -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await hand_on(
            connection,
            office.world,
            office.by("tiancun"),
            ticket,
            staff_id=office.staff_ids[login],
            note=note,
        )


async def give_to_office(office: Office, ticket: int, office_id: int) -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        await hand_on(connection, office.world, office.by("tiancun"), ticket, office_id=office_id)


async def new_office(office: Office, name: str, login: str = "tiancun") -> int:
    await act(office, add_office, login, name, "community", "")
    found: int = await office.value("select id from offices where name = $1", name)
    return found


async def test_the_desk_hands_on_to_a_person_who_is_told_and_takes_it_back(
    office: Office,
) -> None:
    ticket = await office.open()
    await give(office, ticket, "li", "今天上门")
    assert await hands(office, ticket) == (None, "li")
    assert await told(office, "li") == [("handed_on", "“暖气不热”交给您办理：今天上门")]
    assert await office.notices() == []
    with pytest.raises(ActRefusedError, match="已经在li手里"):
        await give(office, ticket, "li")
    await act(office, take_back, "tiancun", ticket, "li请假")
    assert await hands(office, ticket) == (None, None)
    assert (await told(office, "li"))[-1] == ("hand_taken_back", "“暖气不热”已由收发员收回：li请假")
    with pytest.raises(ActRefusedError, match="没有分办"):
        await act(office, take_back, "tiancun", ticket, "")
    assert (await office.events(ticket))[-2:] == ["handed_on", "hand_taken_back"]


async def test_a_ticket_goes_to_a_community_and_all_its_people_are_told(office: Office) -> None:
    community = await new_office(office, "阜石路第一社区")
    await act(office, seat, "tiancun", office.staff_ids["li"], community)
    ticket = await office.open()
    await give_to_office(office, ticket, community)
    assert await hands(office, ticket) == ("阜石路第一社区", None)
    assert [event for event, _ in await told(office, "li")] == ["handed_on"]
    assert await told(office, "zhao") == []
    await give(office, ticket, "li")
    assert await hands(office, ticket) == ("阜石路第一社区", "li")


async def test_only_offices_and_people_of_the_own_unit_take_work(office: Office) -> None:
    foreign = await new_office(office, "别处", "other")
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="请选择"):
        await give_to_office(office, ticket, foreign)
    for login in ("other", "reader"):
        with pytest.raises(ActRefusedError, match="本单位的承办人"):
            await give(office, ticket, login)
    with pytest.raises(UnknownTicketError):
        await act(office, take_back, "other", ticket, "")
    with pytest.raises(ActRefusedError, match="角色不能收回"):
        await act(office, take_back, "li", ticket, "")


async def test_new_work_of_who_is_away_goes_to_the_deputy(office: Office) -> None:
    until = office.at + timedelta(days=3)
    li, zhao = office.staff_ids["li"], office.staff_ids["zhao"]
    await act(office, set_away, "li", li, until, zhao)
    ticket = await office.open()
    await give(office, ticket, "li")
    assert await hands(office, ticket) == (None, "zhao")
    assert (await told(office, "zhao"))[0][1] == "“暖气不热”交给您办理（li不在岗，由zhao代理）"
    await act(office, set_away, "tiancun", zhao, until, li)
    other = await office.open("海淀区田村路街道阜石路第一社区路灯不亮")
    with pytest.raises(ActRefusedError, match="也没有在岗的代理人"):
        await give(office, other, "li")
    office.at = until
    await give(office, other, "li")
    assert await hands(office, other) == (None, "li")


async def test_people_say_for_themselves_that_they_are_away_and_desks_for_all(
    office: Office,
) -> None:
    until = office.at + timedelta(days=1)
    li, zhao = office.staff_ids["li"], office.staff_ids["zhao"]
    with pytest.raises(ActRefusedError, match="只能设自己"):
        await act(office, set_away, "li", zhao, until, li)
    with pytest.raises(ActRefusedError, match="本单位"):
        await act(office, set_away, "tiancun", office.staff_ids["other"], until, li)
    with pytest.raises(ActRefusedError, match="另一位"):
        await act(office, set_away, "li", li, until, li)
    with pytest.raises(ActRefusedError, match="以后"):
        await act(office, set_away, "li", li, office.at, zhao)
    await act(office, set_away, "li", li, until, zhao)
    await act(office, set_away, "li", li, None, None)
    row = (await office.rows("select away_until, deputy_id from staff where id = $1", li))[0]
    assert tuple(row) == (None, None)


async def test_one_ticket_is_handed_over_by_its_handler_or_the_desk(office: Office) -> None:
    ticket = await office.open()
    zhao = office.staff_ids["zhao"]
    with pytest.raises(ActRefusedError, match="还没有分办到人"):
        await act(office, hand_over, "tiancun", ticket, zhao, "休假")
    await give(office, ticket, "li")
    with pytest.raises(ActRefusedError, match="只能移交自己手里的"):
        await act(office, hand_over, "zhao", ticket, zhao, "我来")
    await act(office, hand_over, "li", ticket, zhao, "休假")
    assert await hands(office, ticket) == (None, "zhao")
    await act(office, hand_over, "head", ticket, office.staff_ids["li"], "回来了")
    assert (await told(office, "zhao"))[-1] == ("handed_over", "“暖气不热”已移交li：回来了")
    assert (await office.events(ticket))[-1] == "handed_over"


async def test_all_that_somebody_has_is_handed_over_at_once(office: Office) -> None:
    tickets = [
        await office.open(matter)
        for matter in ("海淀区田村路街道路灯不亮", "海淀区田村路街道井盖丢了")
    ]
    li, zhao = office.staff_ids["li"], office.staff_ids["zhao"]
    for ticket in tickets:
        await give(office, ticket, "li")
    with pytest.raises(ActRefusedError, match="只能移交自己"):
        await act(office, hand_over_everything, "zhao", li, zhao, "调走")
    assert await act(office, hand_over_everything, "head", li, zhao, "调走") == ("zhao", 2)
    for ticket in tickets:
        assert await hands(office, ticket) == (None, "zhao")
        assert (await office.events(ticket))[-1] == "handed_over"
    assert (await told(office, "zhao"))[-1] == ("handed_over", "li手里的2件工单已移交给您：调走")


async def test_who_leaves_hands_over_first(office: Office) -> None:
    ticket = await office.open()
    await give(office, ticket, "li")
    li, zhao = office.staff_ids["li"], office.staff_ids["zhao"]
    with pytest.raises(ActRefusedError, match="手里还有1件工单，请先移交"):
        await act(office, let_go, "head", li)
    await act(office, hand_over_everything, "head", li, zhao, "离职")
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, let_go, "zhao", li)
    with pytest.raises(ActRefusedError, match="自己"):
        await act(office, let_go, "head", office.staff_ids["head"])
    await act(office, let_go, "head", li)
    assert await office.value("select active from staff where id = $1", li) is False


async def test_the_operator_lets_go_only_with_somebody_to_take_over(office: Office) -> None:
    ticket = await office.open()
    await give(office, ticket, "li")
    async with office.pool.acquire() as connection:
        for to, wrong in (
            ("", "has 1 tickets in hand"),
            ("other", "no colleague"),
            ("x", "login x"),
        ):
            with pytest.raises(StaffError, match=wrong):
                await leave(connection, "li", to)
        assert await leave(connection, "li", "zhao") == 1
        with pytest.raises(StaffError, match="login li"):
            await leave(connection, "li", "")
        assert await leave(connection, "editor", "") == 0
    assert await hands(office, ticket) == (None, "zhao")
    row = (await office.rows("select actor, staff_id from ticket_events order by id desc limit 1"))[
        0
    ]
    assert tuple(row) == ("system", None)
    told = await office.value("select note from unit_notices where event = 'handed_over'")
    assert told == "li已离岗，手里的1件工单已移交给您。"


async def test_a_closed_office_gives_its_work_back_to_the_desk(office: Office) -> None:
    community = await new_office(office, "阜石路第一社区")
    await act(office, seat, "tiancun", office.staff_ids["li"], community)
    ticket = await office.open()
    await give_to_office(office, ticket, community)
    await act(office, close_office, "tiancun", community)
    assert await hands(office, ticket) == (None, None)
    assert await office.value("select count(*) from staff where office_id is not null") == 0
    with pytest.raises(ActRefusedError, match="没有这个"):
        await act(office, close_office, "tiancun", community)
    with pytest.raises(ActRefusedError, match="角色"):
        await act(office, add_office, "li", "第二社区", "community", "")


async def test_the_list_shows_what_is_in_ones_own_hands(office: Office) -> None:
    mine, other = await office.open(), await office.open("海淀区田村路街道路灯不亮")
    await give(office, mine, "li")
    await act(office, sign, "tiancun", other)
    wanted = Wanted(
        (office.units[TIANCUN],), ("dispatched", "handling"), handler_id=office.staff_ids["li"]
    )
    async with office.pool.acquire() as connection:
        found = await worklist.page(connection, wanted, None, 10, office.at)
        none = await worklist.page(
            connection, Wanted((office.units[OTHER],), wanted.states), None, 10, office.at
        )
    assert [one.ticket_id for one in found] == [mine]
    assert none == []
