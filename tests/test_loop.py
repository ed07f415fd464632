"""The loop in time: silence, deadlines, surveys and what they lead to, on a clock that is moved by hand."""

from datetime import timedelta

from dialogs.words import Role
from handlers.case import By
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.world import Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


async def opened(pool: Pool) -> tuple[Town, int]:
    """A town with one ticket."""
    city = await town(pool)
    await city.say(HEATING, "1")
    await city.deliver()
    return city, int(await pool.fetchval("select max(id) from tickets"))


async def desk(city: Town, ticket_id: int, key: str) -> By:
    """Somebody at the desk of the ticket's lead."""
    unit_id = await city.pool.fetchval("select lead_unit_id from tickets where id = $1", ticket_id)
    staff_id = await city.pool.fetchval(
        "insert into staff (login, name, password_hash, roles, unit_id, created_at)"
        " values ($1, '王', '', '{desk}', $2, $3)"
        " on conflict (login) do update set name = '王' returning id",
        f"desk-{unit_id}",
        unit_id,
        city.now,
    )
    roles = frozenset({Role.DESK, Role.HANDLER, Role.REVIEWER, Role.HEAD})
    return By(staff_id, "王", unit_id, roles, key, city.now)


async def done(city: Town, ticket_id: int, result: str = "已维修阀门，室温恢复到20度") -> None:
    """The unit signs and says it is done."""
    for act in ("sign", "resolve"):
        by = await desk(city, ticket_id, f"{act}-{city.now}")
        async with city.pool.acquire() as connection, connection.transaction():
            if act == "sign":
                await sign(connection, city.world, by, ticket_id)
            else:
                await contact_and_resolve(connection, city.world, by, ticket_id, result)


async def survey_row(pool: Pool, round_number: int = 1) -> tuple[object, ...]:
    """The answers of a round's survey."""
    row = await pool.fetchrow(
        "select state, contacted, solved, result, attitude, remark, overdue from surveys where round = $1",
        round_number,
    )
    return tuple(row) if row else ()


async def test_done_is_told_and_asked_about_in_one_message_and_answers_close_the_ticket(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    await done(city, ticket_id)
    (first,) = await city.wait(seconds=1)
    assert "已维修阀门" in first
    assert "联系" in first
    await city.deliver()
    for said in ("1", "1", "1", "2"):
        await city.say(said)
    assert "谢谢" in await city.say("师傅很负责")
    assert await survey_row(pool) == (
        "finished",
        True,
        "yes",
        "satisfied",
        "basically",
        "师傅很负责",
        False,
    )
    assert await pool.fetchval("select state from tickets") == "closed"
    assert await pool.fetchval("select count(*) from timers where subject = 'ticket'") == 0


async def test_not_solved_reopens_to_the_first_receiver_and_the_first_answers_stay(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    lead = await pool.fetchval("select lead_unit_id from tickets")
    await done(city, ticket_id)
    await city.wait(seconds=1)
    await city.deliver()
    answer = await city.say("1", "3", "4", "4", "跳过")
    assert "重新办理" in answer
    ticket = await pool.fetchrow("select state, round, lead_unit_id, due_at from tickets")
    assert ticket is not None
    assert tuple(ticket) == ("dispatched", 2, lead, city.now + timedelta(hours=24))
    shares = await pool.fetch(
        "select role, state from assignments where round = 2 order by role desc"
    )
    assert [tuple(row) for row in shares] == [("lead", "open"), ("assist", "open")]
    why = await pool.fetchval("select note from ticket_events where type = 'reopened'")
    assert "没解决" in why
    await done(city, ticket_id, "换了新管")
    (again,) = await city.wait(seconds=1)
    assert "换了新管" in again
    await city.deliver()
    await city.say("1", "1", "1", "1", "跳过")
    assert (await survey_row(pool, 1))[:3] == ("finished", True, "no")
    assert (await survey_row(pool, 2))[:3] == ("finished", True, "yes")
    assert await pool.fetchval("select state from tickets") == "closed"


async def test_a_partial_survey_is_reminded_once_expires_and_is_kept(pool: Pool) -> None:
    city, ticket_id = await opened(pool)
    await done(city, ticket_id)
    await city.wait(seconds=1)
    await city.deliver()
    await city.say("1", "1")
    await city.deliver()
    told = await city.wait(hours=25)
    await city.deliver()
    assert len(told) == 1
    assert await city.wait(hours=24) == []
    assert await city.wait(days=4) == []
    assert await survey_row(pool) == ("expired", True, "yes", None, None, "", False)
    assert await pool.fetchval("select state from tickets") == "closed"


async def test_the_time_limit_brings_the_survey_when_the_unit_is_silent(pool: Pool) -> None:
    city, ticket_id = await opened(pool)
    assert await city.wait(hours=23) == []
    (told,) = await city.wait(hours=2)
    await city.deliver()
    assert "暖气不热" in told
    await city.say("2", "3", "4", "4", "跳过")
    assert (await survey_row(pool))[:3] == ("finished", False, "no")
    assert (await survey_row(pool))[-1] is True
    events = [row[0] for row in await pool.fetch("select type from ticket_events order by id")]
    assert "deadline_passed" in events
    assert await pool.fetchval("select round from tickets where id = $1", ticket_id) == 2


async def test_a_survey_that_comes_up_in_the_middle_of_a_talk_waits_until_it_is_idle(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    await city.say("朝阳区望京街道垃圾没人收")
    await city.deliver()
    await done(city, ticket_id)
    told = await city.wait(seconds=1)
    assert all("联系过您" not in one for one in told)
    answer = await city.say("1")
    assert "已受理" in answer
    assert "联系" in answer
    assert await pool.fetchval("select state from surveys") == "asked"


async def test_a_reply_of_the_unit_reaches_the_resident_in_the_same_conversation(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    by = await desk(city, ticket_id, "s")
    async with pool.acquire() as connection, connection.transaction():
        await sign(connection, city.world, by, ticket_id)
    by = await desk(city, ticket_id, "r")
    async with pool.acquire() as connection, connection.transaction():
        await reply(connection, city.world, by, ticket_id, "今天下午上门检修。")
    row = await pool.fetchrow(
        "select state, parts::text, seq from outbox order by seq desc limit 1"
    )
    assert row is not None
    assert row["state"] == "pending"
    assert "今天下午上门检修" in row["parts"]
    assert await city.say("谢谢") == ""  # an inline reply would overtake it
    await city.deliver()
    assert "今天下午上门" in await city.say("查询")


async def test_a_draft_left_alone_is_nudged_once_and_then_opened_as_it_stands(pool: Pool) -> None:
    city = await town(pool)
    await city.say(HEATING)
    await city.deliver()
    assert len(await city.wait(minutes=31)) == 1
    await city.deliver()
    assert await city.wait(hours=20) == []
    (told,) = await city.wait(hours=5)
    assert "261123-" in told or "261124-" in told
    assert await pool.fetchval("select confirmed from tickets") is False


async def test_a_question_that_is_not_out_yet_does_not_use_up_the_resident_s_patience(
    pool: Pool,
) -> None:
    city = await town(pool)
    await city.say(HEATING)
    assert await city.wait(minutes=40) == []
    await pool.execute(
        "update outbox set state = 'sent', part_states = 's', sent_at = $1", city.now
    )
    assert await city.wait(minutes=20) == []
    assert len(await city.wait(minutes=20)) == 1


async def test_a_withdrawn_ticket_has_no_deadline_and_no_survey(pool: Pool) -> None:
    city, _ = await opened(pool)
    answer = await city.say("撤单", "1")
    assert "撤" in answer
    await city.deliver()
    assert await pool.fetchval("select state from tickets") == "withdrawn"
    assert await city.wait(days=3) == []
    assert await pool.fetchval("select count(*) from surveys") == 0


async def test_who_stopped_our_messages_is_asked_by_hand(pool: Pool) -> None:
    city, ticket_id = await opened(pool)
    await city.say("退订")
    await city.deliver()
    await done(city, ticket_id)
    assert await city.wait(seconds=1) == []
    assert await pool.fetchval("select kind from human_tasks") == "survey_by_hand"
    assert await pool.fetchval("select count(*) from outbox where state = 'pending'") == 0


async def test_a_question_with_less_patience_wakes_before_the_timer_armed_earlier(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    await done(city, ticket_id)
    await city.wait(seconds=1)
    await city.deliver()
    await city.wait(hours=1)
    await city.say("朝阳区望京街道垃圾没人收")
    await city.deliver()
    assert len(await city.wait(minutes=31)) == 1


async def test_a_timer_whose_conversation_is_held_waits_without_blocking(pool: Pool) -> None:
    city, _ = await opened(pool)
    await city.say("朝阳区望京街道垃圾没人收")
    await city.deliver()
    async with pool.acquire() as holder, holder.transaction():
        await holder.execute("select from conversations for update")
        assert await city.wait(minutes=31) == []
    assert len(await city.wait(seconds=1)) == 1


async def test_a_card_that_is_being_looked_at_does_not_hold_up_the_result(pool: Pool) -> None:
    city, ticket_id = await opened(pool)
    await city.say("查询")
    await city.deliver()
    await done(city, ticket_id)
    (told,) = await city.wait(seconds=1)
    assert "已维修阀门" in told


async def test_who_stopped_our_messages_is_asked_by_hand_when_the_time_limit_ends_too(
    pool: Pool,
) -> None:
    city, ticket_id = await opened(pool)
    await city.say("退订")
    await city.deliver()
    assert await city.wait(hours=25) == []
    assert await pool.fetchval("select kind from human_tasks") == "survey_by_hand"
    assert await city.wait(days=8) == []
    assert (await survey_row(pool))[0] == "expired"
    await done(city, ticket_id)
    assert await pool.fetchval("select state from tickets") == "closed"
    assert await pool.fetchval("select count(*) from outbox where state = 'pending'") == 0
