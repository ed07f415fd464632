"""Units merge, split and close with tickets open: their people, work and figures have a successor."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.understanding.place import Place
from dialogs.words import Role
from handlers.case import ActRefusedError
from handlers.catalogue import read_city_catalogue
from handlers.catalogue_draft import Approving, approve
from handlers.contact import record_contact
from handlers.resolve import resolve
from handlers.sign import sign
from handlers.succession import begin_successions
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED, CatalogueError
from store.catalogue.load import Loading, load
from store.catalogue.read import current_version
from store.database import Connection, Pool, transaction
from store.rates import three_rates
from tests.city import write
from tests.heirs import name_heir
from tests.office import CGW, OTHER, TIANCUN, Office, act, employ, open_office

DAY = timedelta(days=1)
STREET, NEXT = "110108021", "110108020"  # 田村路街道, a neighbour


async def unit(office: Office, code: str) -> int:
    found: int = await office.value("select id from units where code = $1", code)
    return found


async def restore(office: Office) -> None:
    """Units are kept between tests."""
    await office.rows("update units set valid_to = null where valid_to is not null returning id")


async def succeed(office: Office, unit: str = STREET, successor: str = NEXT) -> None:
    await act(office, name_heir, "admin", unit, successor)
    await begin(office)


async def begin(office: Office) -> None:
    async with transaction(office.pool) as connection:
        await begin_successions(connection, office.at.date(), office.at)


async def leads(office: Office, ticket_id: int) -> list[tuple[str, str, str]]:
    rows = await office.rows(
        "select a.role, u.code, a.state from assignments a join units u on u.id = a.unit_id"
        " where a.ticket_id = $1 and a.state in ('open', 'signed') order by a.role desc, u.code",
        ticket_id,
    )
    return [tuple(row) for row in rows]


@pytest.fixture
async def office(pool: Pool) -> AsyncIterator[Office]:
    office = await open_office(pool)
    yield office
    await restore(office)


async def test_the_work_of_a_unit_that_merges_goes_over_and_says_why(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await succeed(office)
    await office.ring()
    found = await office.ticket(ticket)
    heir = await unit(office, NEXT)
    assert (found["lead_unit_id"], found["first_unit_id"]) == (heir, heir)
    assert await leads(office, ticket) == [("lead", NEXT, "signed"), ("assist", CGW, "open")]
    note = await office.value("select note from ticket_events where type = 'succeeded'")
    assert note == "田村路街道合并，由马连洼街道继续办理"
    told = await office.rows("select unit_id, event from unit_notices where event = 'succeeded'")
    assert [tuple(row) for row in told] == [(heir, "succeeded")]


async def test_who_was_reached_before_need_not_be_called_again(office: Office) -> None:
    ticket = await office.open("海淀区田村路街道阜石路第一社区楼道堆物")
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await succeed(office)
    await office.ring()
    office.units[NEXT] = await unit(office, NEXT)
    await employ(office, "next", (Role.DESK, Role.HANDLER), NEXT)
    await act(office, resolve, "next", ticket, "已清走")
    assert (await office.ticket(ticket))["state"] == "resolved"


async def test_the_resident_hears_who_goes_on_in_the_same_conversation(office: Office) -> None:
    ticket = await office.open()
    await succeed(office)
    await office.ring()
    assert (await office.notices())[-1] == (
        "田村路街道的工作改由马连洼街道接着做，您反映的事照常办，期限不变，不用再说一遍。"
    )
    before = len(await office.notices())
    await begin(office)
    await office.ring()
    assert len(await office.notices()) == before
    assert (await office.events(ticket)).count("succeeded") == 1


async def test_an_assisting_unit_s_successor_assists_and_no_resident_is_disturbed(
    office: Office,
) -> None:
    ticket = await office.open()
    await succeed(office, unit=CGW, successor="110108-swj")
    await office.ring()
    assert await leads(office, ticket) == [
        ("lead", TIANCUN, "open"),
        ("assist", "110108-swj", "open"),
    ]
    assert not await office.notices()


async def test_a_lead_that_takes_over_its_own_assisting_unit_has_one_share(office: Office) -> None:
    ticket = await office.open()
    await succeed(office, unit=CGW, successor=STREET)
    await office.ring()
    assert await leads(office, ticket) == [("lead", TIANCUN, "open")]


async def test_an_assisting_unit_that_takes_over_its_lead_leads(office: Office) -> None:
    ticket = await office.open()
    await succeed(office, unit=STREET, successor=CGW)
    await office.ring()
    assert await leads(office, ticket) == [("lead", CGW, "open")]


async def test_people_offices_and_phones_go_over_at_once(office: Office) -> None:
    old, heir = await unit(office, STREET), await unit(office, NEXT)
    for id_ in (old, heir):
        await office.value(
            "insert into offices (unit_id, name) values ($1, '城管办') returning id", id_
        )
    await office.value(
        "insert into duty_phones (unit_id, phone, masked, added_at) values ($1, '', '', now())"
        " returning id",
        old,
    )
    await succeed(office)
    assert await office.value("select unit_id from staff where login = 'tiancun'") == heir
    names = await office.rows("select name from offices where unit_id = $1 order by id", heir)
    assert [row["name"] for row in names] == ["田村路街道城管办", "城管办"]
    assert await office.value("select unit_id from duty_phones") == heir


async def test_offices_of_one_name_come_from_two_units_at_once(office: Office) -> None:
    for code in (STREET, OTHER):
        await office.value(
            "insert into offices (unit_id, name) values ($1, '城管办') returning id",
            await unit(office, code),
        )
        await act(office, name_heir, "admin", code, NEXT)
    await begin(office)
    names = await office.rows(
        "select name from offices where unit_id = $1 order by id", await unit(office, NEXT)
    )
    assert [row["name"] for row in names] == ["田村路街道城管办", "东华门街道城管办"]


async def test_what_the_catalogue_sends_to_a_unit_that_has_ended_goes_to_its_successor(
    office: Office,
) -> None:
    before = office.world.city.mark
    await succeed(office)
    async with office.pool.acquire() as connection:
        city = await read_city_catalogue(connection, office.at.date(), outlined=False)
    assert city is not None
    assert city.mark != before
    decision = city.responsibilities.decide("T031", Place("110108", STREET), "")
    assert decision.lead is not None
    assert decision.lead.code == NEXT
    assert decision.why.endswith("；田村路街道2026-11-23起合并，由马连洼街道承接")


async def test_it_waits_for_its_day(office: Office) -> None:
    ticket = await office.open()
    await act(office, name_heir, "admin", STREET, NEXT, office.at.date() + DAY)
    await begin(office)
    await office.ring()
    assert (await leads(office, ticket))[0][1] == STREET
    office.at += DAY
    await begin(office)
    await office.ring()
    assert (await leads(office, ticket))[0][1] == NEXT


async def test_what_comes_to_a_unit_after_it_has_ended_goes_over_too(office: Office) -> None:
    await succeed(office)
    await office.ring()
    late = await office.open()  # by a process that has not read the catalogue again
    await begin(office)
    await office.ring()
    assert (await leads(office, late))[0][1] == NEXT


async def test_a_unit_that_ends_with_tickets_and_no_successor_leaves_them_to_the_one_above(
    office: Office,
) -> None:
    ticket = await office.open()
    await office.value(
        "update units set valid_to = $2 where code = $1 returning id", STREET, office.at.date()
    )
    await begin(office)
    await office.ring()
    assert (await leads(office, ticket))[0][1] == "110108"


async def test_a_successor_s_rates_hold_those_of_its_predecessors(office: Office) -> None:
    for code in (STREET, NEXT):
        ticket = await office.open(phone=f"+86138001380{code[-2:]}")
        await office.value(
            "insert into surveys (ticket_id, round, unit_id, conversation_id, state, unit_contacted, created_at,"
            " solved) select id, 1, $2, conversation_id, 'finished', false, $3, 'yes' from tickets where id = $1"
            " returning id",
            ticket,
            await unit(office, code),
            office.at,
        )
    await succeed(office)
    async with office.pool.acquire() as connection:
        (rates,) = await three_rates(connection, office.at - DAY, office.at + DAY)
    assert (rates.unit, rates.surveys, rates.solved) == ("马连洼街道（含田村路街道）", 2, 2)
    async with office.pool.acquire() as connection:
        then = await three_rates(connection, office.at - DAY, office.at + DAY, inherited=False)
    assert {one.unit for one in then} == {"马连洼街道", "田村路街道"}


async def test_a_unit_goes_to_one_other_that_goes_on_and_is_not_itself(office: Office) -> None:
    with pytest.raises(ActRefusedError, match="就是原单位"):
        await succeed(office, successor=STREET)
    await succeed(office)
    with pytest.raises(ActRefusedError, match="已经指定"):
        await succeed(office, successor=OTHER)
    with pytest.raises(ActRefusedError, match="本身也将撤销"):
        await succeed(office, unit=OTHER, successor=STREET)


@pytest.fixture
async def connection(office: Office) -> AsyncIterator[Connection]:
    """What is loaded is undone at the end."""
    async with office.pool.acquire() as connection:
        undone = connection.transaction()
        await undone.start()
        try:
            yield connection
        finally:
            await undone.rollback()


async def test_no_load_ends_a_unit_with_open_tickets_unless_it_names_who_goes_on(
    office: Office, connection: Connection, tmp_path: Path
) -> None:
    await office.open("海淀区马连洼街道百草园社区5号楼垃圾堆积")
    files, day = read_folder(write(tmp_path)), office.at.date()
    with pytest.raises(CatalogueError) as raised:
        await load(connection, files, day, office.at)
    assert raised.value.faults == (
        "units:110108020: “马连洼街道” would end with 1 tickets open: name who goes on with them",
    )
    with pytest.raises(CatalogueError, match="no unit's code"):
        await load(connection, files, day, office.at, how=Loading(heirs={NEXT: "1"}))
    drafted = await load(connection, files, day, office.at, how=Loading(draft=True))
    assert await current_version(connection, day) != drafted.version
    draft = Approving(drafted.version, "", 30)
    with pytest.raises(ActRefusedError, match="马连洼街道（1张）"):
        await approve(connection, office.world, office.by("admin"), draft)
    await load(connection, files, day, office.at, how=Loading(heirs={NEXT: STREET}))
    await begin_successions(connection, day, office.at)
    assert await connection.fetchval("select count(*) from timers where kind like 'succession%'")


async def test_an_operator_s_draft_is_approved_by_any_administrator_with_its_units(
    office: Office, connection: Connection, tmp_path: Path
) -> None:
    streets = ("田村路街道", "田村街道")
    files, day = read_folder(write(tmp_path, {"streets": streets})), office.at.date()
    drafted = await load(connection, files, day, office.at, how=Loading(draft=True))
    name = "select name from units where code = $1"
    assert await connection.fetchval(name, STREET) == "田村路街道"
    await approve(connection, office.world, office.by("admin"), Approving(drafted.version, "", 30))
    assert await connection.fetchval(name, STREET) == "田村街道"


async def test_no_load_brings_back_a_unit_that_another_has_taken_over(
    office: Office, connection: Connection
) -> None:
    await succeed(office)
    day = office.at.date()
    await connection.execute("update catalogue_versions set digest = '' where state = 'approved'")
    report = await load(connection, read_folder(SHIPPED), day, office.at)
    assert report.units.added == 0
    assert "田村路街道 (110108021) stays ended: another unit has taken it over." in report.notes
    ended = "select valid_to from units where code = $1"
    assert await connection.fetchval(ended, STREET) == day
