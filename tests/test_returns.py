"""First receiver and return (首接负责, 退单): when, why and how a unit may give a ticket back, and who leads meanwhile."""

from datetime import timedelta

import pytest

from handlers.applications import APPLICATION_MOVES
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.confer import Conferring, confer
from handlers.contact import record_contact
from handlers.coordinations import Opinion, opine
from handlers.correct import Correcting, correct
from handlers.decide import Deciding, decide, take_back
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.reply import reply
from handlers.return_unit import Returning, return_unit
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from store.database import Pool
from tests.office import CGW, DISTRICT, OTHER, TIANCUN, Office, act, open_office
from tests.test_evidence import file

AREA = Returning("area", "产权单位自管，不在辖区")
SHARES = """
    select u.code, a.role, a.state from assignments a join units u on u.id = a.unit_id
    where a.ticket_id = $1 order by a.id
"""
TOLD = """
    select coalesce(u.code, 'centre') as code, n.audience, n.note from unit_notices n
    left join units u on u.id = n.unit_id where n.event = $1 order by n.id
"""


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def contacted(office: Office) -> int:
    """A ticket whose lead has tried to reach the resident."""
    ticket = await office.open()
    await act(office, record_contact, "tiancun", ticket, "no_answer", "")
    return ticket


async def returning(office: Office, ticket: int) -> int:
    """The lead has applied; returns the application's id."""
    await act(office, return_unit, "tiancun", ticket, AREA)
    found: int = await office.value("select max(id) from applications where state = 'open'")
    return found


async def say(
    office: Office, login: str, ticket: int, application: int, *, upheld: bool, unit: str = ""
) -> None:
    """Screen (the district) or decide (the centre)."""
    step = StaffAct.SCREEN if login == "district" else StaffAct.DECIDE
    added = {"unit": office.units[unit]} if unit else {}
    order = Deciding(step, application, upheld=upheld, note="已核实", added=added)
    await act(office, decide, login, ticket, order)


async def shares(office: Office, ticket: int) -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[2]) for row in await office.rows(SHARES, ticket)]


async def told(office: Office, event: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in await office.rows(TOLD, event)]


async def test_who_gets_a_ticket_first_is_its_first_receiver(office: Office) -> None:
    ticket = await office.open()
    assert (await office.ticket(ticket))["first_unit_id"] == office.units[TIANCUN]


async def test_a_dispatch_by_hand_makes_a_first_receiver_too_but_not_after_signing(
    office: Office,
) -> None:
    ticket = await office.open()
    await act(office, dispatch_by_hand, "centre", ticket, Dispatching(office.units[OTHER], "现场"))
    assert (await office.ticket(ticket))["first_unit_id"] == office.units[OTHER]
    await act(office, sign, "other", ticket)
    order = Dispatching(office.units[CGW], "换一家")
    with pytest.raises(ActRefusedError, match="不能派单"):
        await act(office, dispatch_by_hand, "centre", ticket, order)


async def test_nobody_returns_without_having_tried_to_reach_the_resident(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="先联系市民"):
        await act(office, return_unit, "tiancun", ticket, AREA)
    await act(office, reply, "tiancun", ticket, "正在核实是否归我们管。")
    await act(office, return_unit, "tiancun", ticket, AREA)
    assert (await office.events(ticket))[-1] == "applied"


async def test_a_return_needs_a_reason_of_the_list_and_evidence(office: Office) -> None:
    ticket = await contacted(office)
    with pytest.raises(ActRefusedError, match="职责交叉不是退单理由"):
        await act(office, return_unit, "tiancun", ticket, Returning("overlap", "两家都管"))
    with pytest.raises(ActRefusedError, match="退单依据"):
        await act(office, return_unit, "tiancun", ticket, Returning("area", " "))
    with pytest.raises(ActRefusedError, match="本单位是协办"):
        await act(office, return_unit, "cgw", ticket, AREA)


async def test_files_that_prove_a_return_stand_on_the_ticket(office: Office) -> None:
    ticket = await contacted(office)
    proof = [await file(office, b"%PDF-1.7", "application/pdf")]
    order = Returning("area", "见产权证", files=proof)
    await act(office, return_unit, "tiancun", ticket, order)
    assert await office.value("select unit_id from evidence") == office.units[TIANCUN]
    assert (await office.events(ticket))[-2:] == ["evidence_added", "applied"]


async def test_after_the_return_time_the_first_receiver_leads_to_the_end(office: Office) -> None:
    ticket = await contacted(office)
    office.at += timedelta(hours=24, seconds=1)
    with pytest.raises(ActRefusedError, match="24小时内"):
        await act(office, return_unit, "tiancun", ticket, AREA)


async def test_the_unit_keeps_the_ticket_and_its_clock_until_it_is_decided(office: Office) -> None:
    ticket = await contacted(office)
    before = await office.ticket(ticket)
    await returning(office, ticket)
    after = await office.ticket(ticket)
    assert (after["state"], after["lead_unit_id"], after["due_at"]) == (
        before["state"],
        before["lead_unit_id"],
        before["due_at"],
    )
    assert after["returns"] == 1
    assert await told(office, "applied") == [(DISTRICT, "head")]
    with pytest.raises(ActRefusedError, match="已经有一份"):
        await act(office, return_unit, "tiancun", ticket, AREA)
    await act(office, sign, "tiancun", ticket)


async def test_the_district_screens_and_may_refuse_which_ends_it(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    with pytest.raises(UnknownTicketError):
        await say(office, "centre", ticket, application, upheld=True)
    await say(office, "district", ticket, application, upheld=False)
    assert await office.value("select state from applications") == "refused"
    assert (await office.events(ticket))[-1] == "refused"
    assert await told(office, "refused") == [(TIANCUN, "desk")]
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[TIANCUN]
    assert await office.notices() == []


async def test_what_is_upheld_goes_to_the_unit_that_is_named_and_the_resident_hears_which(
    office: Office,
) -> None:
    ticket = await contacted(office)
    due_at = (await office.ticket(ticket))["due_at"]
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    assert await told(office, "screened") == [("centre", "head")]
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    row = await office.ticket(ticket)
    assert (row["state"], row["lead_unit_id"], row["first_unit_id"]) == (
        "dispatched",
        office.units[OTHER],
        office.units[OTHER],
    )
    assert row["due_at"] == due_at
    assert await shares(office, ticket) == [
        (TIANCUN, "lead", "returned"),
        (CGW, "assist", "open"),
        (OTHER, "lead", "open"),
    ]
    assert await office.notices() == [
        "经核实，“暖气不热”的地点归东华门街道管，改由他们办理，期限不变，您不用再次反映。"
    ]
    assert "不属于本辖区" in row["why"]


async def test_a_decision_without_a_unit_puts_it_before_the_dispatchers(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True)
    row = await office.ticket(ticket)
    assert (row["state"], row["lead_unit_id"], row["first_unit_id"]) == ("triage", None, None)
    assert await office.notices() == []


async def test_nobody_is_sent_back_to_the_unit_whose_return_was_upheld(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    with pytest.raises(ActRefusedError, match="就是现在的主办单位"):
        await say(office, "centre", ticket, application, upheld=True, unit=TIANCUN)


async def test_the_survey_goes_to_who_leads_then_so_that_the_returners_rates_are_not_touched(
    office: Office,
) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    limit = (await office.ticket(ticket))["due_at"]
    await office.ring(limit - office.at)
    asked = await office.rows("select unit_id from surveys where ticket_id = $1", ticket)
    assert [row["unit_id"] for row in asked] == [office.units[OTHER]]


async def test_a_return_may_be_taken_back_while_it_is_open(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await act(office, take_back, "tiancun", ticket, application)
    with pytest.raises(ActRefusedError, match="已经有结果"):
        await say(office, "district", ticket, application, upheld=True)


async def test_who_does_not_decide_in_time_is_reminded(office: Office) -> None:
    ticket = await contacted(office)
    await returning(office, ticket)
    await office.ring(timedelta(hours=24))
    assert (DISTRICT, "head") in await told(office, "undecided")
    assert "undecided" in await office.events(ticket)


async def test_units_are_asked_before_a_disputed_return_is_decided(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    order = Conferring(application, [office.units[OTHER]], "5号楼归谁管？")
    with pytest.raises(ActRefusedError, match="不由您的单位经办"):
        await act(office, confer, "cgw", ticket, order)
    await act(office, confer, "centre", ticket, order)
    assert (OTHER, "party", "open") in await shares(office, ticket)
    with pytest.raises(ActRefusedError, match="会商还没有结束"):
        await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    parties = await office.rows("select id, unit_id from coordination_parties order by id")
    other, lead = parties
    assert lead["unit_id"] == office.units[TIANCUN]
    with pytest.raises(UnknownTicketError):
        await act(office, opine, "cgw", ticket, Opinion(other["id"], "不是我们"))
    await act(office, opine, "other", ticket, Opinion(other["id"], "不在我街道"))
    await act(office, opine, "tiancun", ticket, Opinion(lead["id"], "也不在我街道"))
    assert await told(office, "opined") == [("centre", "head")]
    await say(office, "centre", ticket, application, upheld=False)
    assert (OTHER, "party", "done") in await shares(office, ticket)
    assert await office.value("select state from coordinations") == "decided"
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[TIANCUN]


async def test_who_is_silent_in_a_conference_is_named_to_its_superior_and_waited_for_no_longer(
    office: Office,
) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    order = Conferring(application, [office.units[OTHER]], "归谁管？")
    await act(office, confer, "centre", ticket, order)
    await office.ring(timedelta(hours=24))
    due = await office.rows(TOLD, "coordination_due")
    assert [(row["code"], row["audience"]) for row in due] == [
        ("centre", "head"),
        ("110101", "head"),
        (DISTRICT, "head"),
    ]
    assert "东华门街道" in due[1]["note"]
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    assert (await office.ticket(ticket))["lead_unit_id"] == office.units[OTHER]


async def test_a_conference_ends_with_the_return_it_is_about(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    order = Conferring(application, [office.units[OTHER]], "归谁管？")
    await act(office, confer, "centre", ticket, order)
    await act(office, take_back, "tiancun", ticket, application)
    assert await office.value("select state from coordinations") == "taken_back"
    assert (OTHER, "party", "ended") in await shares(office, ticket)


async def test_the_third_return_goes_to_coordination_with_all_who_had_it(office: Office) -> None:
    ticket = await contacted(office)
    application = await returning(office, ticket)
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True, unit=OTHER)
    await office.value("update tickets set returns = 2 where id = $1 returning 1", ticket)
    await act(office, reply, "other", ticket, "正在核实。")
    await act(office, return_unit, "other", ticket, AREA)
    talk = (await office.rows("select * from coordinations"))[0]
    assert (talk["kind"], talk["level"], talk["host_unit_id"]) == ("area", "city", None)
    assert "第3次退单" in talk["reason"]
    asked = await office.rows("select unit_id from coordination_parties order by id")
    assert [row["unit_id"] for row in asked] == [office.units[TIANCUN], office.units[OTHER]]
    assert await office.value("select count(*) from applications where state = 'open'") == 0
    row = await office.ticket(ticket)
    assert (row["lead_unit_id"], row["returns"]) == (office.units[OTHER], 3)


async def test_a_wrong_place_is_corrected_and_the_ticket_goes_where_the_catalogue_sends_it(
    office: Office,
) -> None:
    ticket = await contacted(office)
    place = office.world.city.reader.place("东城区东华门街道").place
    with pytest.raises(ActRefusedError, match="正确的问题分类或者地点"):
        await act(office, correct, "tiancun", ticket, Correcting("地点不对"))
    await act(office, correct, "tiancun", ticket, Correcting("现场在东华门", None, place))
    application = await office.value("select id from applications")
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True)
    row = await office.ticket(ticket)
    assert (row["street_code"], row["lead_unit_id"]) == (OTHER, office.units[OTHER])
    assert (CGW, "assist", "returned") in await shares(office, ticket)
    assert "东华门街道" in (await office.notices())[-1]


async def test_a_correction_that_sends_it_to_the_same_unit_changes_what_was_wrong_alone(
    office: Office,
) -> None:
    ticket = await contacted(office)
    topics = office.world.city.responsibilities.topics.values()
    street = next(one.topic for one in topics if one.level == "street")
    await act(office, correct, "tiancun", ticket, Correcting("是别的事", street))
    application = await office.value("select id from applications")
    await say(office, "district", ticket, application, upheld=True)
    await say(office, "centre", ticket, application, upheld=True)
    row = await office.ticket(ticket)
    assert (row["topic"], row["lead_unit_id"]) == (street, office.units[TIANCUN])
    assert await office.notices() == []


def test_an_application_that_has_ended_moves_no_more() -> None:
    ends = {after for (before, _), after in APPLICATION_MOVES.items() if before != after}
    assert {before for before, _ in APPLICATION_MOVES} == {"open"}
    assert ends == {"upheld", "refused", "taken_back", "lapsed"}
