"""The three clocks of a share: when they are due, who hears of them, what stops them."""

from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import Record

from dialogs.words import TicketState
from handlers.case_timers import CASE
from handlers.clocks import CLOCK_NAMES, STOPPED, Clock, move_feedback
from handlers.contact import record_contact
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.effects import Effects
from handlers.new_work import look_at_clocks
from handlers.reply import reply
from handlers.rules import Rules
from handlers.sign import sign
from handlers.timers import run_timers
from store import tickets, timers
from store.database import Pool, transaction
from tests.office import CGW, DISTRICT, TIANCUN, Office, act, open_office
from tests.world import START

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
GENERAL = "海淀区田村路街道阜石路第一社区楼道堆满杂物，没人管"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def shares(office: Office, ticket: int) -> dict[str, Record]:
    rows = await office.rows(
        "select a.*, u.code from assignments a join units u on u.id = a.unit_id "
        "where ticket_id = $1 and a.state in ('open', 'signed')",
        ticket,
    )
    return {row["role"]: row for row in rows}


async def told(office: Office, ticket: int, like: str = "%") -> list[tuple[str, str, str]]:
    """Who was told what of a ticket's clocks: (unit's code, audience, event)."""
    rows = await office.rows(
        "select coalesce(u.code, '') as code, n.audience, n.event from unit_notices n "
        "left join units u on u.id = n.unit_id "
        "where ticket_id = $1 and n.event ~ '^(clock|dispatch)_' and n.note like $2 order by n.id",
        ticket,
        like,
    )
    return [tuple(row) for row in rows]


async def told_of_lead(office: Office, ticket: int) -> list[tuple[str, str, str]]:
    """Who was told of the leading unit's clocks."""
    of_assist = await told(office, ticket, "%协办%")
    found = await told(office, ticket)
    for one in of_assist:
        found.remove(one)
    return found


async def in_triage(office: Office) -> int:
    """A ticket that the catalogue sends to nobody."""
    await office.say("海淀区田村路街道法院判决下来了物业不执行", "请记下", "1", "不用", "1")
    ticket: int = await office.value("select id from tickets where state = 'triage'")
    return ticket


async def test_a_share_gets_three_clocks_when_its_ticket_is_opened(office: Office) -> None:
    ticket = await office.open()
    lead = (await shares(office, ticket))["lead"]
    assist = (await shares(office, ticket))["assist"]

    # A Monday at ten; heating is grade II, which counts through the night.
    assert (await office.ticket(ticket))["grade"] == "II"
    assert lead["sign_due_at"] == START + timedelta(minutes=30)
    assert lead["contact_due_at"] == START + 2 * HOUR
    assert lead["due_at"] == START + DAY
    assert assist["due_at"] == START + 0.6 * DAY
    assert assist["contact_due_at"] is None


async def test_general_matters_are_signed_and_first_contacted_in_working_time(
    office: Office,
) -> None:
    office.at = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)  # a Friday, half past five in Beijing
    ticket = await office.open(GENERAL)
    lead = (await shares(office, ticket))["lead"]

    assert (await office.ticket(ticket))["grade"] == "III"
    assert lead["sign_due_at"] == datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
    assert lead["contact_due_at"] == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert lead["due_at"] == office.at + 7 * DAY  # an answer counts calendar days


async def test_an_operator_may_count_answers_in_working_days(office: Office) -> None:
    office.world.rules = Rules({"feedback.working_time": 1, "sign.III_minutes": 30})
    ticket = await office.open(GENERAL)
    lead = (await shares(office, ticket))["lead"]

    assert (await office.ticket(ticket))["due_at"] == START + 9 * DAY
    assert lead["due_at"] == START + 9 * DAY
    assert lead["sign_due_at"] == START + HOUR / 2


async def test_a_clock_reaches_the_desk_then_the_head_then_the_unit_above(office: Office) -> None:
    office.world.rules = Rules({"contact.II_minutes": 6000})
    ticket = await office.open()

    await office.ring(timedelta(minutes=15))
    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]
    await office.ring(timedelta(minutes=9))
    await office.ring(timedelta(minutes=6))
    await office.ring(timedelta(minutes=6))
    await office.ring(timedelta(minutes=60))

    assert await told_of_lead(office, ticket) == [
        (TIANCUN, "desk", "clock_warned"),
        (TIANCUN, "desk", "clock_warned"),
        (TIANCUN, "head", "clock_due"),
        (DISTRICT, "head", "clock_over"),
    ]
    events = await office.events(ticket)
    assert events.count("clock_due") == 2  # of the lead, of who assists


async def test_who_has_it_in_hand_hears_of_it_before_it_is_late(office: Office) -> None:
    ticket = await office.open()
    await office.value(
        "update assignments set handler_id = $2 where ticket_id = $1 and role = 'lead'",
        ticket,
        office.staff_ids["tiancun"],
    )

    await office.ring(timedelta(minutes=24))

    assert (TIANCUN, "handler", "clock_warned") in await told_of_lead(office, ticket)
    person = await office.value("select staff_id from unit_notices where audience = 'handler'")
    assert person == office.staff_ids["tiancun"]


async def test_a_timer_that_comes_late_tells_how_far_it_is_by_now_and_no_more(
    office: Office,
) -> None:
    office.world.rules = Rules({"contact.II_minutes": 6000})
    ticket = await office.open()

    await office.ring(timedelta(hours=1))

    assert await told_of_lead(office, ticket) == [(DISTRICT, "head", "clock_over")]


async def look(office: Office, ticket: int, later: timedelta) -> None:
    """Something moves the ticket's clocks, so that they are to be looked at."""
    office.at += later
    async with transaction(office.pool) as connection:
        await timers.arm(connection, [look_at_clocks(ticket, office.at)])


async def ring_one(office: Office, kind: str, later: timedelta) -> None:
    """One timer runs; a worker that is slow has taken none of the others yet."""
    office.at += later
    async with transaction(office.pool) as connection:
        fired = [one for one in await timers.due(connection, office.at, 100) if one.kind == kind]
        await run_timers(connection, office.world, fired, office.at)


async def test_a_step_whose_timer_waits_is_told_by_a_look_at_all_clocks(office: Office) -> None:
    ticket = await office.open()
    await look(office, ticket, timedelta(minutes=16))

    await ring_one(office, "clocks:0", timedelta(minutes=1))
    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]
    await office.ring()
    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]


async def test_a_step_is_told_once_where_a_look_at_all_clocks_has_waited(office: Office) -> None:
    ticket = await office.open()
    await look(office, ticket, timedelta(minutes=14))

    await ring_one(office, f"clocks:{office.units[TIANCUN]}", timedelta(minutes=2))
    await office.ring()

    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]


async def test_clocks_that_are_armed_anew_keep_the_time_since_which_nothing_was_told(
    office: Office,
) -> None:
    ticket = await office.open()
    await look(office, ticket, timedelta(minutes=14))
    await look(office, ticket, timedelta(minutes=14))

    due_at = await office.value("select due_at from timers where kind = 'clocks:0'")
    assert due_at == START + timedelta(minutes=14)


async def test_what_is_signed_and_contacted_in_time_rings_for_the_answer_alone(
    office: Office,
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    lead = (await shares(office, ticket))["lead"]

    await office.ring(timedelta(hours=11))
    assert lead["contacted_at"] == START
    assert await told_of_lead(office, ticket) == []
    await office.ring(timedelta(hours=1))
    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]


async def test_who_left_no_phone_is_contacted_by_the_first_reply(office: Office) -> None:
    chat = await office.open(channel="webchat", phone="web-1")
    texted = await office.open(GENERAL, phone="+8613900139000")
    for ticket in (chat, texted):
        await act(office, reply, "tiancun", ticket, "今天下午上门查看。")

    assert (await shares(office, chat))["lead"]["contacted_at"] == START
    assert (await shares(office, texted))["lead"]["contacted_at"] is None


async def test_a_share_given_by_hand_gets_its_clocks_by_its_first_timer(office: Office) -> None:
    ticket = await office.open()
    order = Dispatching(office.units[CGW], "市政设施归城管委")
    await act(office, dispatch_by_hand, "centre", ticket, order)

    await office.ring()

    lead = (await shares(office, ticket))["lead"]
    assert (lead["code"], lead["sign_due_at"]) == (CGW, START + HOUR / 2)
    kinds = await office.rows("select kind from timers where subject = $1", CASE)
    assert [row["kind"] for row in kinds] == [f"clocks:{office.units[CGW]}"]


async def test_clocks_of_a_share_that_was_taken_away_ring_no_more(office: Office) -> None:
    ticket = await office.open()
    order = Dispatching(office.units[CGW], "市政设施归城管委")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    await office.ring(timedelta(hours=30))

    assert all(code != TIANCUN for code, _, _ in await told(office, ticket))


async def test_moving_the_answers_time_moves_its_clock_and_lets_it_run_anew(
    office: Office,
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    async with transaction(office.pool) as connection:
        effects = Effects()
        effects.locked = await tickets.lock(connection, [ticket])
        later = START + 2 * DAY
        moved = move_feedback(effects, effects.locked[ticket], later, office.at)
        await effects.write(connection, office.at)

    assert moved.due_at == later
    assert (await shares(office, ticket))["lead"]["due_at"] == later
    await office.ring()
    await office.ring(timedelta(hours=23))
    assert await told_of_lead(office, ticket) == []
    await office.ring(timedelta(hours=1))
    assert await told_of_lead(office, ticket) == [(TIANCUN, "desk", "clock_warned")]


async def test_the_answers_clock_stands_still_while_on_hold(office: Office) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    await act(office, record_contact, "tiancun", ticket, "reached", "")
    await office.value("update tickets set hold_until = $2 where id = $1", ticket, START + 9 * DAY)

    await office.ring(timedelta(hours=40))

    assert await told_of_lead(office, ticket) == []


async def test_a_secret_that_is_late_goes_to_the_centre_not_to_the_unit_above(
    office: Office,
) -> None:
    ticket = await office.open()
    await office.value("update tickets set confidential = true where id = $1", ticket)

    await office.ring(timedelta(minutes=40))

    assert ("", "head", "clock_over") in await told(office, ticket)
    assert (DISTRICT, "head", "clock_over") not in await told(office, ticket)


async def test_what_nobody_has_rings_at_the_centre_at_once_then_for_its_head_day_by_day(
    office: Office,
) -> None:
    ticket = await in_triage(office)

    await office.ring()
    assert await told(office, ticket) == [("", "desk", "dispatch_due")]
    await office.ring(timedelta(minutes=29))
    await office.ring(timedelta(minutes=1))
    await office.ring(DAY)
    assert await told(office, ticket) == [
        ("", "desk", "dispatch_due"),
        ("", "head", "dispatch_late"),
        ("", "head", "dispatch_late"),
    ]
    order = Dispatching(office.units[TIANCUN], "居民说在田村")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    await office.ring(DAY)
    assert len([one for one in await told(office, ticket) if one[2].startswith("dispatch")]) == 3


async def test_what_was_typed_in_may_wait_two_hours_for_dispatch(office: Office) -> None:
    ticket = await in_triage(office)
    await office.value("update tickets set source = 'walk_in' where id = $1", ticket)

    await office.ring(timedelta(minutes=119))
    assert await told(office, ticket) == []
    await office.ring(timedelta(minutes=1))
    assert await told(office, ticket) == [("", "desk", "dispatch_due")]


async def test_a_limit_that_passed_before_dispatch_gives_its_unit_a_whole_one(
    office: Office,
) -> None:
    ticket = await in_triage(office)
    promised = (await office.ticket(ticket))["due_at"]
    office.at = promised + DAY
    order = Dispatching(office.units[TIANCUN], "居民说在田村")
    await act(office, dispatch_by_hand, "centre", ticket, order)
    await office.ring()

    lead = (await shares(office, ticket))["lead"]
    assert lead["due_at"] == office.at + (promised - START)
    assert (await office.ticket(ticket))["due_at"] == promised


def test_every_state_says_which_clocks_stop_and_every_clock_has_a_name() -> None:
    assert set(STOPPED) == set(TicketState)
    assert set(CLOCK_NAMES) == set(Clock)
