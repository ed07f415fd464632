"""The turn on the real database: effects once, in order, and failures alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec

from channels.base import DeliveryReport, Reference
from dialogs.dialog import Dialog, Move, State, Talk
from dialogs.engine import Repertoire
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import AddToTicket, Event
from dialogs.said import Attachment, Reply, Said
from dialogs.words import Delivery
from handlers.delivery import apply_reports
from handlers.effects import Effects
from handlers.follow_up import follow_up
from handlers.limits import Rates
from handlers.visit import visit
from store import conversations, tickets
from store.database import Pool
from tests.world import START, shown, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


async def test_a_complaint_that_says_what_and_where_is_a_ticket_after_one_confirmation(
    pool: Pool,
) -> None:
    city = await town(pool)
    assert "对吗" in await city.say(HEATING)
    answer = await city.say("1")
    assert "261123-" in answer
    assert "田村路街道" in answer
    ticket = await pool.fetchrow("select * from tickets")
    assert ticket is not None
    assert (ticket["state"], ticket["topic"], ticket["grade"]) == ("dispatched", "T001", "II")
    assert ticket["due_at"] == START + timedelta(hours=24)
    roles = await pool.fetch(
        "select a.role, u.short_name from assignments a join units u on u.id = a.unit_id order by a.role desc"
    )
    assert [tuple(row) for row in roles] == [("lead", "田村路街道"), ("assist", "海淀区城管委")]
    events = await pool.fetch("select type, actor from ticket_events order by id")
    assert [tuple(row) for row in events] == [("opened", "resident"), ("dispatched", "system")]


async def test_a_repeated_webhook_gets_the_same_reply_and_has_no_second_effect(pool: Pool) -> None:
    city = await town(pool)
    first = city.message(HEATING, key="SMa")
    confirm = city.message("1", key="SMb")
    async with (turns := city.turns()).running():
        await turns.submit(first)
        answers = [await turns.submit(confirm) for _ in range(3)]
    assert len({shown(answer) for answer in answers}) == 1
    assert [answer.repeated for answer in answers] == [False, True, True]
    assert await pool.fetchval("select count(*) from tickets") == 1
    assert await pool.fetchval("select count(*) from outbox") == 2


async def test_a_repeat_after_delivery_gets_an_empty_reply(pool: Pool) -> None:
    city = await town(pool)
    message = city.message(HEATING)
    async with (turns := city.turns()).running():
        await turns.submit(message)
        await city.deliver()
        again = await turns.submit(message)
    assert again.repeated
    assert again.messages == ()


async def test_messages_of_one_conversation_in_one_batch_run_in_order(pool: Pool) -> None:
    city = await town(pool)
    messages = [city.message(said) for said in (HEATING, "1", "查询", "催办")]
    async with (turns := city.turns()).running():
        answers = await asyncio.gather(*(turns.submit(message) for message in messages))
    assert city.notes.batches == [4]
    assert "已受理" in shown(answers[1])
    assert "261123-" in shown(answers[2])
    assert await pool.fetchval("select urged from tickets") == 1
    heard = await pool.fetch("select key, seq, reply_seq from inbound order by seq")
    assert [tuple(row)[1:] for row in heard] == [(1, 2), (3, 4), (5, 6), (7, 8)]


async def test_the_same_message_twice_in_one_batch_is_heard_once(pool: Pool) -> None:
    city = await town(pool)
    message = city.message(HEATING)
    async with (turns := city.turns()).running():
        answers = await asyncio.gather(*(turns.submit(message) for _ in range(3)))
    assert len({shown(answer) for answer in answers}) == 1
    assert await pool.fetchval("select count(*) from inbound") == 1


async def test_two_processes_that_meet_a_new_resident_at_once_make_one_conversation(
    pool: Pool,
) -> None:
    city = await town(pool)
    async with (
        (one := city.turns()).running(),
        (other := city.turns()).running(),
    ):
        await asyncio.gather(
            *(queue.submit(city.message("楼道灯坏了")) for _ in range(5) for queue in (one, other))
        )
    assert await pool.fetchval("select count(*) from conversations") == 1
    assert await pool.fetchval("select count(*) from residents") == 1
    seqs = await pool.fetch("select seq from inbound union all select seq from outbox order by 1")
    assert [row[0] for row in seqs] == list(range(1, len(seqs) + 1))


def _stumbling() -> Repertoire:
    """Beijing's dialogs, with one that breaks at a word."""

    def hear(talk: Talk, data: object, event: Event) -> Move:
        del talk, data, event
        raise ZeroDivisionError

    def ask(talk: Talk, data: object) -> Reply:
        del talk, data
        raise ZeroDivisionError

    intake = REPERTOIRE.dialogs["intake"]
    broken = Dialog(
        "broken",
        intake.data,
        {"broken": State(hear, ask)},
        "broken",
        (),
        commands={"绊一跤": "broken"},
    )
    return Repertoire({**REPERTOIRE.dialogs, "broken": broken}, "intake", "survey")


async def test_a_turn_that_fails_fails_alone_with_an_apology_and_a_human_task(pool: Pool) -> None:
    city = await town(pool, repertoire=_stumbling())
    good = [city.message(HEATING, phone=f"+861380013800{i}") for i in range(5)]
    bad = city.message("绊一跤", phone="+8613900139000")
    async with (turns := city.turns()).running():
        answers = await asyncio.gather(*(turns.submit(m) for m in (*good[:2], bad, *good[2:])))
        repeated = await turns.submit(bad)
    assert "抱歉" in shown(answers[2])
    assert repeated.repeated
    assert all("对吗" in shown(answer) for i, answer in enumerate(answers) if i != 2)
    assert city.notes.failures == [bad]
    tasks = await pool.fetch("select kind, note from human_tasks")
    assert [tuple(row) for row in tasks] == [("failed_turn", bad.key)]
    assert await pool.fetchval("select outcome from inbound where key = $1", bad.key) == "failed"


async def test_what_cannot_be_stored_is_taken_off_and_the_rest_is_heard(pool: Pool) -> None:
    city = await town(pool)
    assert "对吗" in await city.say(HEATING + "\x00")


async def test_an_address_over_its_budget_is_silent_and_the_message_is_kept(pool: Pool) -> None:
    city = await town(pool, rates=Rates(3, 999_999, 999_999))
    answers = [await city.say("你好") for _ in range(5)]
    assert [bool(answer) for answer in answers] == [True, True, True, False, False]
    outcomes = await pool.fetch("select outcome from inbound order by seq")
    assert [row[0] for row in outcomes][-2:] == ["silent:rate"] * 2
    city.now += timedelta(hours=1)
    assert await city.say("你好")


async def test_a_prefix_over_its_rate_waits_and_is_not_lost(pool: Pool) -> None:
    city = await town(pool, rates=Rates(100, 2, 999_999))
    answers = [await city.say(HEATING, phone=f"+861380013800{i}") for i in range(4)]
    assert [bool(answer) for answer in answers] == [True, True, False, False]
    waiting = await pool.fetch("select due_at from outbox where state = 'pending' order by due_at")
    assert [row[0] - START for row in waiting] == [timedelta(seconds=30), timedelta(minutes=1)]
    assert city.world.limits.deferred == 2


async def test_delivery_only_moves_forward(pool: Pool) -> None:
    city = await town(pool)
    await city.say(HEATING)
    conversation_id = int(await pool.fetchval("select id from conversations"))
    states = []
    for said in (Delivery.SENT, Delivery.DELIVERED, Delivery.SENT, Delivery.FAILED):
        report = DeliveryReport(Reference(conversation_id, 2, 0), said)
        async with pool.acquire() as connection, connection.transaction():
            await apply_reports(connection, [report], city.now)
        states.append(await pool.fetchval("select state from outbox"))
    assert states == ["sent", "delivered", "delivered", "delivered"]


async def test_an_undelivered_message_becomes_a_human_task_once(pool: Pool) -> None:
    city = await town(pool)
    await city.say(HEATING)
    conversation_id = int(await pool.fetchval("select id from conversations"))
    report = DeliveryReport(Reference(conversation_id, 2, 0), Delivery.FAILED, error="30003")
    for _ in range(2):
        async with pool.acquire() as connection, connection.transaction():
            await apply_reports(connection, [report], city.now)
    tasks = await pool.fetch("select kind, note from human_tasks")
    assert [tuple(row) for row in tasks] == [("undelivered", "30003")]


async def test_a_report_for_a_message_that_never_was_changes_nothing(pool: Pool) -> None:
    city = await town(pool)
    async with pool.acquire() as connection, connection.transaction():
        report = DeliveryReport(Reference(10**12, 1, 0), Delivery.SENT)
        assert await apply_reports(connection, [report], city.now) == 1


async def test_a_danger_is_a_ticket_at_once_and_dispatched_when_its_place_is_told(
    pool: Pool,
) -> None:
    city = await town(pool)
    answer = await city.say("有人触电了快来")
    assert "120" in answer
    opened = await pool.fetchrow("select state, grade, emergency from tickets")
    assert opened is not None
    assert tuple(opened) == ("triage", "I", True)
    await city.say("海淀区田村路街道阜石路第一社区5号楼")
    row = await pool.fetchrow(
        "select t.state, t.street_code, u.short_name, t.why from tickets t left join units u on u.id = t.lead_unit_id"
    )
    assert row is not None
    assert row["state"] == "dispatched"
    assert row["street_code"] == "110108021"
    assert row["why"].startswith("派单目录")
    assert await pool.fetchval("select count(*) from assignments where role = 'lead'") == 1


async def test_two_batches_at_once_never_run_out_of_ticket_numbers(pool: Pool) -> None:
    city = await town(pool)
    phones = [f"+86138{n:08d}" for n in range(150)]
    async with (turns := city.turns()).running():
        for said in (HEATING, "1"):
            messages = [city.message(said, phone=phone) for phone in phones]
            await asyncio.gather(*(turns.submit(message) for message in messages))
    assert await pool.fetchval("select count(distinct id) from tickets") == 150
    assert city.notes.failures == []


async def test_ticket_numbers_are_used_up_by_tickets_alone(pool: Pool) -> None:
    city = await town(pool)
    for index in range(5):
        await city.say(HEATING, "1", phone=f"+861380013{index:04d}")
        await city.wait(seconds=1)
    last = await pool.fetchval("select max(id) % 1000000 from tickets")
    assert last == 5


async def test_a_day_without_numbers_left_stops_tickets_and_nothing_else(pool: Pool) -> None:
    city = await town(pool)
    await pool.execute("insert into ticket_days values ('2026-11-23', 1000000)")
    assert "对吗" in await city.say(HEATING)
    assert "抱歉" in await city.say("1")
    assert "您好" in await city.say("你好", phone="+8613900000000")


async def test_four_digits_let_somebody_look_at_a_ticket_and_not_act_on_it(pool: Pool) -> None:
    city = await town(pool)
    await city.say(HEATING, "1")
    other = "+8613911112222"
    shown_to_other = await city.say("261123-000001-2", "8000", phone=other)
    assert "暖气不热" in shown_to_other
    assert "撤单" not in shown_to_other
    await city.say("催办", phone=other)
    assert await pool.fetchval("select urged from tickets") == 0


async def test_a_photo_belongs_to_the_conversation_it_was_sent_in_and_to_its_ticket(
    pool: Pool,
) -> None:
    city = await town(pool)
    await pool.execute(
        "insert into media (id, sha256, content_type, size, created_at)"
        " values ('m1', '\\x00', 'image/png', 1, now())"
    )
    message = city.message(HEATING)
    said = msgspec.structs.replace(message.said, attachments=(Attachment("m1", "image/png"),))
    async with (turns := city.turns()).running():
        await turns.submit(replace(message, said=said))
        await turns.submit(city.message("1"))
    assert await pool.fetchval("select conversation_id is not null from media")
    assert await pool.fetchval("select media_id from ticket_media") == "m1"


async def test_a_second_complaint_told_at_the_confirmation_becomes_a_ticket_of_its_own(
    pool: Pool,
) -> None:
    city = await town(pool)
    await city.say(HEATING)
    asked = await city.say("朝阳区望京街道垃圾没人收")
    assert "另一件事" in asked
    answer = await city.say("1")
    assert "已受理" in answer
    assert "望京街道" in answer
    await city.say("1")
    rows = await pool.fetch("select street_code, topic from tickets order by id")
    assert [tuple(row) for row in rows] == [("110108021", "T001"), ("110105026", "T031")]


async def test_what_seemed_another_matter_may_be_a_correction(pool: Pool) -> None:
    city = await town(pool)
    await city.say(HEATING, "朝阳区望京街道垃圾没人收")
    assert "望京街道" in await city.say("2")
    await city.say("1")
    assert await pool.fetchval("select count(*) from tickets") == 1


async def test_a_message_after_withdrawing_reopens_and_long_after_goes_to_a_person(
    pool: Pool,
) -> None:
    city = await town(pool)
    await city.say(HEATING, "1", "撤单", "1")
    assert await pool.fetchval("select state from tickets") == "withdrawn"
    await city.say("补充", "还是不热，麻烦再看看")
    assert tuple(await pool.fetchrow("select state, round from tickets") or ()) == ("dispatched", 2)
    await city.say("撤单", "1")
    await pool.execute("update tickets set closed_at = closed_at - interval '31 days'")
    row = await pool.fetchrow("select id, conversation_id from tickets")
    assert row is not None
    async with pool.acquire() as connection, connection.transaction():
        effects = Effects(locked=await tickets.lock(connection, [row["id"]]))
        (locked,) = await conversations.lock_by_id(connection, [row["conversation_id"]])
        one = visit(city.world, locked, Said(text="又坏了"))
        follow_up(city.world, effects, one, AddToTicket(row["id"], "又坏了"), city.now)
        await effects.write(connection, city.now)
    note = await pool.fetchval("select note from human_tasks where kind = 'call_back'")
    assert "又坏了" in note
