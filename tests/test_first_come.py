"""Two do what excludes each other at the same moment: it goes as if the second had come when the first was done."""

from collections.abc import Awaitable, Callable
from datetime import date, time
from typing import Any

import pytest

from dialogs.ticket_number import format_number
from dialogs.words import Role
from handlers.abuse import mark_abuse
from handlers.away import let_go
from handlers.case import ActRefusedError
from handlers.catalogue_draft import Approving, approve, begin_draft
from handlers.duty import add_phone
from handlers.edit_rules import change_rule
from handlers.hand_on import hand_on
from handlers.join import join, split
from handlers.offices import add_office, close_office
from handlers.roster import Turns, add_turns
from handlers.succession import begin_successions
from handlers.surge import Declaring, declare, end_surge
from handlers.surge_staff import Giving, give_accounts
from store import stewards, tickets
from store.database import Connection, Pool, transaction
from store.turnstiles import Matter, one_at_a_time
from tests.heirs import name_heir
from tests.meanwhile import Work, meanwhile
from tests.office import CGW, OTHER, TIANCUN, Office, act, employ, open_office
from tests.test_join import SECOND, joined

TODAY = date(2026, 11, 23)


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


def doing(
    office: Office, act: Callable[..., Awaitable[Any]], login: str, *args: object, **named: object
) -> Work[Any]:
    """An act in somebody's hands, as `tests.office.act` does it."""
    by = office.by(login)
    return lambda connection: act(connection, office.world, by, *args, **named)


async def test_who_joins_two_tickets_locks_both_at_once_as_everybody_does(office: Office) -> None:
    lower, higher, _ = await joined(office)
    await act(office, split, "centre", higher)
    await meanwhile(
        office.pool,
        lambda other: tickets.lock(other, [lower]),
        doing(office, join, "centre", higher, format_number(lower)),
        lambda other: tickets.lock(other, [higher]),
    )
    assert (await office.ticket(higher))["joined_to"] == lower


async def test_every_matter_that_one_at_a_time_decides_has_its_row(pool: Pool) -> None:
    assert {row[0] for row in await pool.fetch("select matter from turnstiles")} == set(Matter)


async def test_two_rules_that_bound_each_other_are_not_changed_past_each_other(
    office: Office,
) -> None:
    def change(key: str, value: str) -> Work[None]:
        by = office.by("admin")
        return lambda connection: change_rule(connection, by, key, value, "冬季作息")

    late = change("working.begins_hour", "16")
    with pytest.raises(ActRefusedError, match="上班须早于下班"):
        await meanwhile(office.pool, late, change("working.ends_hour", "15"))


async def test_two_units_do_not_become_each_others_successors(office: Office) -> None:
    def name(unit: str, successor: str) -> Work[None]:
        return doing(office, name_heir, "admin", unit, successor)

    with pytest.raises(ActRefusedError, match="本身也将撤销"):
        await meanwhile(office.pool, name(TIANCUN, OTHER), name(OTHER, TIANCUN))


async def test_a_sweep_leaves_successions_to_who_is_naming_them(office: Office) -> None:
    async with transaction(office.pool) as naming, transaction(office.pool) as sweep:
        await doing(office, name_heir, "admin", TIANCUN, OTHER)(naming)
        await begin_successions(sweep, TODAY, office.at)
    assert await office.value("select done_at from unit_successors") is None


async def test_of_two_drafts_of_one_version_the_second_is_not_approved(office: Office) -> None:
    await employ(office, "second_admin", (Role.ADMIN,), "")
    draft = await act(office, begin_draft, "admin", "", "供热改派")
    base = await office.value("select base_id from catalogue_versions where id = $1", draft)

    async def approved(connection: Connection) -> None:
        await one_at_a_time(connection, Matter.CATALOGUE)
        await connection.execute(
            "insert into catalogue_versions (valid_from, loaded_at, digest, note, base_id)"
            " values ($1, $2, 'of another', '', $3)",
            TODAY,
            office.at,
            base,
        )

    order = Approving(draft, "", 1)
    try:
        with pytest.raises(ActRefusedError, match="已有新的版本"):
            await meanwhile(office.pool, approved, doing(office, approve, "second_admin", order))
    finally:
        await office.value("delete from catalogue_versions where base_id = $1", base)


async def test_an_event_of_one_name_is_declared_once(office: Office) -> None:
    declaring = [
        doing(office, declare, "admin", Declaring("供热抢修", "heating", words="暖气"))
        for _ in range(2)
    ]
    with pytest.raises(ActRefusedError, match="已经启动"):
        await meanwhile(office.pool, *declaring)


async def test_no_account_is_given_for_an_event_that_is_being_ended(office: Office) -> None:
    surge = await act(office, declare, "admin", Declaring("供热抢修", "heating", words="暖气"))
    giving = doing(office, give_accounts, "admin", surge, Giving(("王助",), "intake", "3"), ("-",))
    with pytest.raises(ActRefusedError, match="已经结束"):
        await meanwhile(office.pool, doing(office, end_surge, "admin", surge), giving)
    assert await office.value("select count(*) from staff where surge_id is not null") == 0


async def test_nothing_goes_to_an_office_that_is_being_closed(office: Office) -> None:
    ticket = await office.open()
    await act(office, add_office, "tiancun", "热力科", "office", "")
    office_id = await office.value("select id from offices")
    closing = doing(office, close_office, "tiancun", office_id)
    giving = doing(office, hand_on, "tiancun", ticket, office_id=office_id)
    with pytest.raises(ActRefusedError, match="请选择科室"):
        await meanwhile(office.pool, closing, giving)


async def test_what_goes_to_an_office_just_before_it_is_closed_is_the_desks_again(
    office: Office,
) -> None:
    ticket = await office.open()
    await act(office, add_office, "tiancun", "热力科", "office", "")
    office_id = await office.value("select id from offices")
    closing = doing(office, close_office, "tiancun", office_id)
    giving = doing(office, hand_on, "tiancun", ticket, office_id=office_id)
    await meanwhile(office.pool, giving, closing)
    assert await office.value("select count(*) from assignments where office_id is not null") == 0


async def test_nothing_goes_to_somebody_who_is_being_let_go(office: Office) -> None:
    ticket = await office.open()
    leaver = await employ(office, "li", (Role.HANDLER,), TIANCUN)
    await employ(office, "head", (Role.HEAD,), TIANCUN)
    giving = doing(office, hand_on, "tiancun", ticket, staff_id=leaver)
    with pytest.raises(ActRefusedError, match="承办人"):
        await meanwhile(office.pool, doing(office, let_go, "head", leaver), giving)


async def test_one_turn_of_duty_stands_once_on_the_roster(office: Office) -> None:
    night = Turns(office.staff_ids["tiancun"], TODAY, 1, time(18), time(8))
    adding = [doing(office, add_turns, "tiancun", night) for _ in range(2)]
    with pytest.raises(ActRefusedError, match="已经排上"):
        await meanwhile(office.pool, *adding)


async def test_two_duty_phones_have_each_their_place(office: Office) -> None:
    adding = [
        doing(office, add_phone, "tiancun", number, "值班室", "CN")
        for number in ("13800138011", "13800138012")
    ]
    await meanwhile(office.pool, *adding)
    assert [row[0] for row in await office.rows("select position from duty_phones order by 1")] == [
        1,
        2,
    ]


async def test_a_resident_is_proposed_for_a_mark_once_whatever_the_ticket(office: Office) -> None:
    first = await office.open()
    second = await office.open("海淀区田村路街道阜石路第一社区路灯不亮")
    proposing = doing(office, mark_abuse, "centre", first, "空拨")
    with pytest.raises(ActRefusedError, match="已经有一个标记"):
        await meanwhile(office.pool, proposing, doing(office, mark_abuse, "deputy", second, "骂人"))


async def test_a_steward_is_on_one_round_at_a_time(office: Office) -> None:
    await office.say("你好", phone=SECOND)
    steward = await office.value(
        "insert into stewards (resident_id, unit_id, state, asked_at)"
        " select max(id), $1, 'active', $2 from residents returning id",
        office.units[CGW],
        office.at,
    )
    begin: Work[None] = lambda one: stewards.begin_patrols(one, [steward], office.at)  # noqa: E731
    await meanwhile(office.pool, begin, begin)
    assert await office.value("select count(*) from patrols") == 1
