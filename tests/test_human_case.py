"""What comes of a talk with a person: tickets, notes, tasks; and what the dialog heeds while it is silent."""

from datetime import timedelta

import pytest

from channels.base import Inbound
from dialogs.said import Attachment, Pin, Said
from handlers.case import ActRefusedError
from handlers.human_case import begin_talk, open_from_talk
from handlers.human_talk import Ending, answer_talk, give_back_talk, take_talk
from handlers.turn import run_turns
from handlers.walk_in import WalkIn
from store.database import Pool
from tests.office import Office, act, open_office

MINUTE = timedelta(minutes=1)
CHAT = "a" * 32


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def taken(office: Office, *said: str) -> int:
    await office.value(
        "insert into staff_sessions (token_hash, staff_id, csrf, created_at, expires_at)"
        " values ('x', $1, '', $2, $3) on conflict do nothing returning 1",
        office.staff_ids["centre"],
        office.at,
        office.at + timedelta(days=1),
    )
    await office.say(*said, "人工")
    return (await act(office, take_talk, "centre")).id


async def opened(office: Office, talk: int, typed: WalkIn, key: str = "") -> int:
    async with (
        office.world.numbers.held(1, office.at),
        office.pool.acquire() as connection,
        connection.transaction(),
    ):
        by = office.by("centre", key)
        made = await open_from_talk(connection, office.world, by, talk, typed)
    return made.ticket_id


async def told(office: Office) -> list[str]:
    rows = await office.rows(
        "select reply ->> 'text' as text from outbox order by conversation_id, seq"
    )
    return [row["text"] for row in rows]


async def test_a_ticket_opened_in_the_talk_is_the_residents_and_the_draft_is_asked_no_further(
    office: Office,
) -> None:
    talk = await taken(office, "暖气不热")
    ticket = await opened(office, talk, WalkIn("5号楼暖气不热", "海淀区田村路街道"))
    row = await office.ticket(ticket)
    assert (row["source"], row["created_by"]) == ("walk_in", office.staff_ids["centre"])
    assert row["conversation_id"] == await office.value("select conversation_id from human_talks")
    assert "已受理" in (await told(office))[-1]
    await act(office, give_back_talk, "centre", talk, Ending())
    assert "在什么地方" not in (await told(office))[-1]
    await office.say("查询")
    assert "5号楼" in (await told(office))[-1] or "暖气" in (await told(office))[-1]


async def test_photos_and_location_of_the_draft_go_with_the_ticket(office: Office) -> None:
    await office.say("暖气不热")
    pin = Said("", pin=Pin(39.92, 116.26))
    one = Inbound("sms", "pin-1", "+8613800138000", pin, office.at)
    async with office.pool.acquire() as connection, connection.transaction():
        await run_turns(connection, office.world, [one], office.at)
    talk = await taken(office)
    ticket = await opened(office, talk, WalkIn("暖气不热", "海淀区田村路街道"))
    assert (await office.ticket(ticket))["latitude"] == pytest.approx(39.92, abs=0.01)


async def test_the_summary_goes_into_a_ticket_of_this_resident_and_into_a_task(
    office: Office,
) -> None:
    other = await office.open(phone="+8613800138001")
    talk = await taken(office)
    ticket = await opened(office, talk, WalkIn("路灯不亮", "海淀区田村路街道"))
    ending = Ending("已解释", over=True, ticket_id=other)
    with pytest.raises(ActRefusedError, match="不是这位市民"):
        await act(office, give_back_talk, "centre", talk, ending)
    ending = Ending("答应明天回电", over=True, ticket_id=ticket, follow_up=True)
    await act(office, give_back_talk, "centre", talk, ending)
    assert (await office.events(ticket))[-1] == "chatted"
    (task,) = await office.rows("select kind, note, ticket_id from human_tasks")
    assert tuple(task) == ("follow_up", "答应明天回电", ticket)


async def test_whoever_was_kept_a_call_back_in_a_chat_is_written_to(office: Office) -> None:
    await office.say("人工", phone=CHAT, channel="webchat")
    await office.ring(6 * MINUTE)
    task = await office.value("select id from human_tasks where kind = 'call_back'")
    talk = await act(office, begin_talk, "centre", task)
    await act(office, answer_talk, "centre", talk.id, "您好，刚才没接上。")
    assert (await told(office))[-1] == "您好，刚才没接上。"
    (turned,) = await office.say("暖气不热", phone=CHAT, channel="webchat")
    assert turned.message is None
    with pytest.raises(ActRefusedError, match="正在排队"):
        await act(office, begin_talk, "centre", task)


async def test_a_talk_that_was_only_taken_and_never_answered_goes_back(office: Office) -> None:
    await taken(office)
    await office.ring(6 * MINUTE)
    assert await office.value("select state from human_talks") == "waiting"


async def test_danger_is_answered_and_reaches_the_duty_leader_even_then(office: Office) -> None:
    await taken(office)
    (turned,) = await office.say("家里着火了快来人")
    assert turned.message is not None
    assert "119" in turned.message.reply.text
    (turned,) = await office.say("我不想活了")
    assert turned.alerted
    assert await office.value("select count(*) from human_tasks where kind = 'alert'") == 1


async def test_what_is_said_is_kept_with_its_photos_and_named_as_silent(office: Office) -> None:
    await taken(office)
    photo = Said("看照片", attachments=(Attachment("p1", "image/jpeg"),))
    one = Inbound("sms", "photo-1", "+8613800138000", photo, office.at)
    async with office.pool.acquire() as connection, connection.transaction():
        (turned,) = await run_turns(connection, office.world, [one], office.at)
    assert turned.message is None
    (row,) = await office.rows(
        "select outcome, said #>> '{attachments,0,id}' as photo from inbound order by seq desc limit 1"
    )
    assert row["outcome"] == "silent:human"
    assert row["photo"] == "p1"


async def test_a_person_asked_for_mid_complaint_answers_hands_back_and_it_becomes_a_ticket(
    office: Office,
) -> None:
    talk = await taken(office, "暖气不热")
    await act(office, answer_talk, "centre", talk, "您好，请说是哪一栋楼。")
    await office.say("阜石路第一社区5号楼")
    await act(office, give_back_talk, "centre", talk, Ending("请市民补地点"))
    assert "在什么地方" in (await told(office))[-1]
    await office.say("海淀区田村路街道阜石路第一社区5号楼", "1")
    assert await office.value("select matter from tickets") == "暖气不热"
