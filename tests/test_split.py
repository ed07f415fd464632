"""A unit splits with a draft of the catalogue (分设): what it has, what comes later, its people and its figures are divided."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from functools import partial

import pytest

from dialogs.understanding.place import Place
from dialogs.words import Role
from handlers.case import ActRefusedError
from handlers.catalogue import responsibilities_of
from handlers.catalogue_compare import compare
from handlers.catalogue_draft import Approving, approve, begin_draft
from handlers.catalogue_parts import Part, add_part, choose_people, remove_part
from handlers.dispatch import Responsibilities
from handlers.hand_on import hand_on
from handlers.heirs import Handover, follow
from handlers.sign import sign
from handlers.succession import begin_successions
from store.catalogue import versions
from store.catalogue.planned import planned
from store.catalogue.read import current_version, read_duties
from store.database import Pool, transaction
from store.rates import three_rates
from store.units import read_units
from tests.office import CGW, OTHER, TIANCUN, Office, act, employ, open_office

NEXT = "110108020"  # 马连洼街道, a neighbour
RUBBISH = "海淀区田村路街道阜石路第一社区3号楼垃圾堆积"
HEATING = Part("split", "田村路街道", "马连洼街道 110108020", "T001", "", "三定方案")
DAY = timedelta(days=1)


@pytest.fixture
async def office(pool: Pool) -> AsyncIterator[Office]:
    """Versions, units and their ends outlive a test: those that it makes are taken away."""
    office = await open_office(pool)
    await employ(office, "second admin", (Role.ADMIN,), "")
    yield office
    await office.rows("delete from catalogue_versions where digest = 'draft' returning 1")
    await office.rows("update units set valid_to = null where valid_to is not null returning 1")


async def drafted(office: Office, *parts: Part) -> int:
    draft = await act(office, begin_draft, "admin", "", "分设")
    for part in parts:
        await act(office, add_part, "admin", draft, part)
    return draft


async def change(
    office: Office, doing: Callable[..., Awaitable[int]], draft: int, what: object
) -> None:
    """What needs no more of the world than the draft."""
    async with transaction(office.pool) as connection:
        await doing(connection, office.by("admin"), draft, what)


async def in_force(office: Office, draft: int) -> None:
    """Approved by the second, its day come, its tickets moved."""
    await act(office, approve, "second admin", Approving(draft, "", 30))
    async with transaction(office.pool) as connection:
        await begin_successions(connection, office.at.date(), office.at)
    await office.ring()


async def lead(office: Office, ticket: int) -> str:
    found: str = await office.value(
        "select u.code from tickets t join units u on u.id = t.lead_unit_id where t.id = $1", ticket
    )
    return found


async def responsibilities(office: Office) -> Responsibilities:
    """What decides on the day, without a reader, which takes a second to make."""
    day = office.at.date()
    async with office.pool.acquire() as connection:
        version = await current_version(connection, day)
        assert version is not None
        units = await read_units(connection, day)
        return responsibilities_of(await read_duties(connection, version, units, day), day)


async def test_what_is_open_and_what_comes_later_is_divided_alike(office: Office) -> None:
    heating = await office.open()
    rubbish = await office.open(RUBBISH, "+8613800138001")
    draft = await drafted(office, HEATING)
    assert await lead(office, heating) == TIANCUN
    await in_force(office, draft)
    assert (await lead(office, heating), await lead(office, rubbish)) == (NEXT, TIANCUN)
    decide = (await responsibilities(office)).decide
    later = decide("T001", Place("110108", TIANCUN), "")
    assert later.lead is not None
    assert (later.lead.code, [one.code for one in later.assist]) == (NEXT, [CGW])
    assert later.why == (
        f"派单目录第{draft}版：T001 室温不达标/暖气不热，双派：田村路街道主办、海淀区城管委协办；"
        "田村路街道2026-11-23起分设，由马连洼街道承接"
    )
    other = decide("T031", Place("110108", TIANCUN), "")
    assert other.lead is not None
    assert other.lead.code == TIANCUN


async def test_the_comparison_shows_it_before_anybody_approves(office: Office) -> None:
    await office.open()
    await office.open(RUBBISH, "+8613800138001")
    draft = await drafted(office, HEATING)
    async with office.pool.acquire() as connection:
        version = await versions.version_of(connection, draft)
        assert version is not None
        compared = await compare(connection, office.world, version, office.at, 30)
    assert compared.says == "这1个分类、近30天1张工单会改派（共2张）。"
    (move,) = compared.topics[0].moves
    assert (move.before, move.after) == ("田村路街道＋海淀区城管委", "马连洼街道＋海淀区城管委")


async def test_the_rest_may_go_too_and_the_unit_ends(office: Office) -> None:
    rubbish = await office.open(RUBBISH)
    rest = Part("split", TIANCUN, OTHER, note="三定方案")
    await in_force(office, await drafted(office, HEATING, rest))
    assert await lead(office, rubbish) == OTHER
    assert await office.value("select valid_to from units where code = $1", TIANCUN) is not None
    decide = (await responsibilities(office)).decide
    leads = [decide(topic, Place("110108", TIANCUN), "").lead for topic in ("T001", "T031")]
    assert [one.code for one in leads if one] == [NEXT, OTHER]


async def test_it_waits_for_its_day(office: Office) -> None:
    ticket = await office.open()
    draft = await drafted(office, HEATING)
    tomorrow = (office.at + DAY).date().isoformat()
    await act(office, approve, "second admin", Approving(draft, tomorrow, 30))
    before = (await responsibilities(office)).decide("T001", Place("110108", TIANCUN), "")
    assert before.lead is not None
    assert before.lead.code == TIANCUN
    office.at += DAY
    async with transaction(office.pool) as connection:
        await begin_successions(connection, office.at.date(), office.at)
    await office.ring()
    assert await lead(office, ticket) == NEXT


async def test_people_go_with_the_part_that_was_chosen_for_them(office: Office) -> None:
    ticket = await office.open(RUBBISH)
    await act(office, sign, "tiancun", ticket)
    goes = await employ(office, "goes", (Role.HANDLER,), TIANCUN)
    await act(office, partial(hand_on, staff_id=goes), "tiancun", ticket)
    draft = await drafted(office, HEATING)
    with pytest.raises(ActRefusedError, match="已经变了"):
        await change(office, choose_people, draft, {office.staff_ids["other"]: 0})
    await change(office, choose_people, draft, {goes: 0})
    await in_force(office, draft)
    unit = "select u.code from staff s join units u on u.id = s.unit_id where s.login = $1"
    assert await office.value(unit, "goes") == NEXT
    assert await office.value(unit, "tiancun") == TIANCUN
    stayed = "select handler_id from assignments where ticket_id = $1 and role = 'lead'"
    assert await office.value(stayed, ticket) is None
    assert (await office.events(ticket))[-1] == "hand_taken_back"
    told = "select event from unit_notices where unit_id = $1 order by id desc limit 1"
    assert await office.value(told, office.units[TIANCUN]) == "hand_taken_back"


async def test_figures_of_the_past_follow_their_tickets_and_stay_readable(office: Office) -> None:
    for matter, phone in (("", "+8613800138001"), (RUBBISH, "+8613800138002")):
        ticket = await (office.open(matter, phone) if matter else office.open(phone=phone))
        await office.value(
            "insert into surveys (ticket_id, round, unit_id, conversation_id, state, unit_contacted, created_at,"
            " solved) select id, 1, lead_unit_id, conversation_id, 'finished', false, $2, 'yes' from tickets"
            " where id = $1 returning id",
            ticket,
            office.at,
        )
    await in_force(office, await drafted(office, HEATING))
    period = (office.at - DAY, office.at + DAY)
    async with office.pool.acquire() as connection:
        now = await three_rates(connection, *period)
        then = await three_rates(connection, *period, inherited=False)
    assert {(one.unit, one.surveys) for one in now} == {
        ("马连洼街道（含田村路街道）", 1),
        ("田村路街道", 1),
    }
    assert [(one.unit, one.surveys) for one in then] == [("田村路街道", 2)]


async def test_what_is_given_back_later_stays_with_whom_it_was_given_back_to(
    office: Office,
) -> None:
    ticket = await office.open()
    await in_force(office, await drafted(office, HEATING))
    back = Part("split", NEXT, TIANCUN, "T001", "", "收回")
    await in_force(office, await drafted(office, back))
    assert await lead(office, ticket) == TIANCUN
    await in_force(office, await drafted(office, Part("split", TIANCUN, OTHER, "T031", "", "再分")))
    assert await lead(office, ticket) == TIANCUN


def test_a_part_comes_before_the_rest_and_heirs_of_heirs_go_on() -> None:
    def handover(unit: str, successor: str, *topics: str) -> Handover:
        day = (2026, 11, 23)
        return Handover(
            unit, unit, successor, successor, "split", frozenset(topics), frozenset(), date(*day)
        )

    known = [handover("a", "rest"), handover("a", "part", "T1"), handover("rest", "last")]
    assert [step.successor for step in follow(known, "a", "T1", frozenset())] == ["part"]
    assert [step.successor for step in follow(known, "a", "T2", frozenset())] == ["rest", "last"]
    circle = [handover("a", "b"), handover("b", "a")]
    assert len(follow(circle, "a", "T1", frozenset())) <= 10


SENSELESS = [
    (Part("x", TIANCUN, NEXT), "请选择"),
    (Part("split", TIANCUN, TIANCUN, "T001", "", "方案"), "就是原单位"),
    (Part("split", TIANCUN, "没有的街道", "T001", "", "方案"), "不在目录中"),
    (Part("split", TIANCUN, NEXT, "T999", "", "方案"), "分类“T999”"),
    (Part("split", TIANCUN, NEXT, "", "没有的地方", "方案"), "没有找到"),
    (Part("merge", TIANCUN, NEXT, "T001", "", "方案"), "只有分设"),
    (Part("split", TIANCUN, NEXT, "T001"), "依据"),
]


async def test_what_makes_no_sense_is_refused(office: Office) -> None:
    draft = await drafted(office)
    for part, refused in SENSELESS:
        with pytest.raises(ActRefusedError, match=refused):
            await act(office, add_part, "admin", draft, part)


async def test_a_part_is_taken_out_again_and_nobody_inherits_from_who_ends(office: Office) -> None:
    rest = Part("close", TIANCUN, NEXT, note="撤销")
    draft = await drafted(office, HEATING, rest)
    for wrong in (rest, Part("close", OTHER, TIANCUN, note="撤销")):
        with pytest.raises(ActRefusedError, match="承接"):
            await act(office, add_part, "admin", draft, wrong)
    await change(office, remove_part, draft, 1)
    with pytest.raises(ActRefusedError, match="不在了"):
        await change(office, remove_part, draft, 1)
    async with office.pool.acquire() as connection:
        (left,) = await planned(connection, draft)
    assert left.topics == ("T001",)
