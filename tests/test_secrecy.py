"""Who is confidential stays unknown to the unit: the centre passes words on, and nothing else gives a name away."""

import pytest

from dialogs.words import Kind, TicketState
from handlers.case import ActRefusedError
from handlers.contact import record_contact
from handlers.relay import ask_relay, relay
from handlers.reply import reply
from handlers.resolve import resolve
from handlers.retopic import Retopicing, retopic
from handlers.sign import sign
from handlers.ticket_view import TicketView, may_see_file, view_ticket
from store import worklist
from store.database import Pool
from store.worklist import Wanted
from tests.office import STAFF, TIANCUN, Office, act, open_office
from tests.test_urged import told_units
from tests.world import PHONE


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def secret(office: Office) -> int:
    """A confidential complaint that its unit has signed for; the resident has left a name."""
    ticket = await office.open()
    name = office.world.keys.seal("王小明")
    await office.value(
        "update tickets set confidential = true, contact_name = $2, contact_masked = '138****8000',"
        " latitude = 39.9, longitude = 116.3 where id = $1 returning 1",
        ticket,
        name,
    )
    await act(office, sign, "tiancun", ticket)
    return ticket


async def seen(office: Office, login: str, ticket: int) -> TicketView:
    roles, unit = STAFF[login]
    async with office.pool.acquire() as connection:
        view = await view_ticket(connection, office.units.get(unit), frozenset(roles), ticket)
    assert view is not None
    return view


async def test_a_unit_sees_no_trace_of_who_it_is_the_centre_does(office: Office) -> None:
    ticket = await secret(office)
    await office.say("补充 我是三楼的王小明")
    unit, centre = await seen(office, "tiancun", ticket), await seen(office, "centre", ticket)
    facts = unit.facts
    assert (facts.masked, facts.contact_masked, facts.named) == ("", "", False)
    assert (facts.latitude, facts.longitude) == (None, None)
    assert "王小明" not in "".join(one.note for one in unit.events)
    assert centre.facts.masked
    assert "王小明" in "".join(one.note for one in centre.events)
    assert not unit.may_open


async def test_why_it_is_reopened_names_nobody(office: Office) -> None:
    await secret(office)
    await office.say("撤单", "1", "补充 我是王小明，又吵了")

    assert "王小明" not in await office.value("select string_agg(note, '') from unit_notices")
    assert "王小明" not in await office.value(
        "select string_agg(note, '') from ticket_events where type = 'reopened'"
    )


async def test_what_a_confidential_resident_adds_is_for_the_centre_to_pass_on(
    office: Office,
) -> None:
    await secret(office)
    await office.say("补充 每天晚上十点")
    (task,) = await office.rows("select kind, unit_id, note from human_tasks")
    assert (task["kind"], task["unit_id"]) == ("relay", None)
    assert "每天晚上十点" in task["note"]


async def test_a_unit_does_not_speak_in_the_talk_of_who_is_confidential_the_centre_may(
    office: Office,
) -> None:
    ticket = await secret(office)
    with pytest.raises(ActRefusedError, match="请用“请中心转达”"):
        await act(office, reply, "tiancun", ticket, "几点最吵？")
    assert await office.notices() == []
    with pytest.raises(ActRefusedError, match="请先用“请中心转达”联系"):
        await act(office, resolve, "tiancun", ticket, "已劝导")
    await act(office, reply, "centre", ticket, "我们在跟进。")
    assert "我们在跟进。" in (await office.notices())[-1]


async def test_a_unit_asks_and_the_centre_passes_it_on_which_counts_as_contact(
    office: Office,
) -> None:
    ticket = await secret(office)
    with pytest.raises(ActRefusedError, match="请中心转达"):
        await act(office, record_contact, "tiancun", ticket, "reached", "")
    await act(office, ask_relay, "tiancun", ticket, "几点最吵？")
    assert await told_units(office, "relay_asked") == [(None, "desk", False)]
    assert await office.value("select count(*) from human_tasks where kind = 'relay'") == 1
    with pytest.raises(ActRefusedError, match="不能转达"):
        await act(office, relay, "tiancun", ticket, "message", "几点最吵？")
    await act(office, relay, "centre", ticket, "message", "几点最吵？")
    (told,) = await office.notices()
    assert "几点最吵？" in told
    assert "看不到您是谁" in told
    assert (await office.events(ticket))[-1] == "relayed"


async def test_the_answer_goes_back_without_name_and_number(office: Office) -> None:
    ticket = await secret(office)
    answer = f"王小明说晚上十点，可打{PHONE}或{PHONE[-11:]}，身份证110108199001011234"
    await act(office, relay, "centre", ticket, "back", answer)
    note = (await seen(office, "tiancun", ticket)).events[-1].note
    assert "市民说晚上十点" in note
    for told in ("王小明", PHONE[-11:], "19900101"):
        assert told not in note
    units = await told_units(office, "relayed_back")
    assert [audience for _, audience, _ in units] == ["handler", "handler"]
    assert await office.notices() == []


async def test_who_gets_no_messages_is_told_by_phone_and_open_tickets_need_no_relay(
    office: Office,
) -> None:
    ticket = await secret(office)
    await office.value("update addresses set opted_out_at = now() returning 1")
    with pytest.raises(ActRefusedError, match="电话转达"):
        await act(office, relay, "centre", ticket, "message", "几点？")
    await act(office, relay, "centre", ticket, "phone", "几点？")
    await office.value("update tickets set confidential = false returning 1")
    with pytest.raises(ActRefusedError, match="只有保密"):
        await act(office, relay, "centre", ticket, "phone", "几点？")


async def test_what_turns_out_to_be_a_tip_off_is_confidential_from_then_on(office: Office) -> None:
    ticket = await office.open()
    await act(office, retopic, "centre", ticket, Retopicing(kind=Kind.TIP_OFF))
    assert (await office.ticket(ticket))["confidential"]


async def test_a_unit_finds_nobody_by_what_a_confidential_resident_wrote(office: Office) -> None:
    ticket = await secret(office)
    await office.value("update tickets set matter = '我是王小明' where id = $1 returning 1", ticket)
    async with office.pool.acquire() as connection:
        for unit_ids, found in (((office.units[TIANCUN],), 0), (None, 1)):
            wanted = Wanted(unit_ids, tuple(TicketState), words="王小明")
            items = await worklist.page(connection, wanted, None, 10, office.at)
            assert len(items) == found


async def test_a_unit_hears_no_voice_of_who_is_confidential(office: Office) -> None:
    ticket = await secret(office)
    conversation = (await office.ticket(ticket))["conversation_id"]
    for name, kind in (("voice", "audio/ogg"), ("photo", "image/jpeg")):
        await office.value(
            "insert into media (id, sha256, conversation_id, content_type, size, state, created_at)"
            " values ($1, '', $2, $3, 1, 'kept', $4) returning 1",
            name,
            conversation,
            kind,
            office.at,
        )
        await office.value(
            "insert into ticket_media (ticket_id, media_id) values ($1, $2) returning 1",
            ticket,
            name,
        )
    assert [one.id for one in (await seen(office, "tiancun", ticket)).files] == ["photo"]
    assert len((await seen(office, "centre", ticket)).files) == 2
    async with office.pool.acquire() as connection:
        unit = office.units[TIANCUN]
        assert not await may_see_file(connection, unit, "voice")
        assert await may_see_file(connection, unit, "photo")
