"""Units are told of what waits for them, where they wish; without the console they act by writing back."""

import hashlib
import hmac
from dataclasses import replace
from datetime import time, timedelta

import orjson
import pytest

from channels import telegram, webchat
from channels.base import Inbound, SendError
from dialogs.said import Said
from dialogs.ticket_number import format_number
from dialogs.words import Role
from gateway.unit_sending import signature
from handlers.case import ActRefusedError
from handlers.quiet import QuietHours
from handlers.sign import sign
from handlers.turn import run_turns
from handlers.unit_words import Command, Want, parse
from handlers.waiting import awaited
from handlers.whistle import Whistling, whistle
from store import unit_contacts, unit_sendings
from store.database import Pool, transaction
from tests.handled import contact_and_resolve
from tests.office import OTHER, TIANCUN, Office, act, open_office
from tests.unit_phone import DESK_PHONE, TOKEN, UnitPhone

STRANGER = "+8613600136000"
QUIET_MATTERS = (  # of grade III: what is urgent is told at once
    "海淀区田村路街道玉海园小区楼道堆满杂物",
    "海淀区田村路街道田村路上有人占道经营",
    "海淀区田村路街道半壁店社区垃圾没人清运",
)
URL = "https://work.example.cn/jiesu"


@pytest.fixture
async def phone(pool: Pool) -> UnitPhone:
    return UnitPhone(await open_office(pool))


async def state(office: Office, ticket: int) -> str:
    return str((await office.ticket(ticket))["state"])


def code(ticket: int) -> str:
    return f"{ticket % 10000:04d}"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("签收0123", Command(Want.SIGN, "0123")),
        ("签收 ０１２３", Command(Want.SIGN, "0123")),
        ("签收", Command(Want.SIGN)),
        ("报到 0123 现场", Command(Want.REPORT_IN, "0123", on_the_spot=True)),
        ("报到", Command(Want.REPORT_IN)),
        ("意见0123：不是我们的", Command(Want.OPINION, "0123", text="不是我们的")),
        ("进展 已派人", Command(Want.PROGRESS, text="已派人")),
        ("1", Command(Want.NEXT)),
        ("收到", Command(Want.NOD)),
        ("好的，马上去看", Command(Want.NOD)),
        ("办结 已清走", Command(Want.ELSEWHERE)),
        ("收到一条诈骗短信说我家水费欠了", None),
        ("办结以后又坏了", None),
        ("进展", None),
        ("签收了快递没人管", None),
        ("报到那天没人接待", None),
        ("暖气不热", None),
        ("12", None),
    ],
)
def test_what_a_unit_writes_is_told_from_what_a_resident_writes(
    text: str, read: Command | None
) -> None:
    assert parse(text) == read


async def test_a_number_is_the_units_when_it_says_so_itself(phone: UnitPhone) -> None:
    office = phone.office
    await phone.register()
    assert "确认" in (await phone.read())[-1]
    ticket = await office.open()
    assert await phone.told(minutes=2) == []
    assert "已确认" in (await phone.write("确认"))[-1]
    again = await office.open(QUIET_MATTERS[0], phone=STRANGER)
    (said,) = await phone.told(minutes=2)
    assert code(again) in said
    assert code(ticket) not in said


async def test_a_number_speaks_for_one_unit_and_unproven_ones_give_way(phone: UnitPhone) -> None:
    await phone.register(unit=OTHER)
    await phone.confirmed()
    with pytest.raises(ActRefusedError, match="已经登记过"):
        await phone.register(unit=OTHER)


async def test_new_work_is_told_with_place_and_matter_and_one_key_signs(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    (said,) = await phone.told(minutes=2)
    assert "暖气不热" in said
    assert "阜石路第一社区" in said
    assert said.endswith("回1签收。")
    (answer,) = await phone.write("1")
    assert answer == f"{code(ticket)}已签收，请尽快联系市民。有进展回“进展{code(ticket)}”加情况。"
    assert await state(office, ticket) == "handling"
    who = await office.value(
        "select s.name from ticket_events e join staff s on s.id = e.staff_id where e.type = 'signed'"
    )
    assert who == "值班手机 短信"
    assert not await office.value("select active from staff where name = $1", who)


async def test_what_is_reopened_is_told_once_and_signed_by_writing_back(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open(QUIET_MATTERS[0])
    await phone.told(minutes=2)
    await phone.write("1")
    await act(office, contact_and_resolve, "tiancun", ticket, "已清走")
    await office.ring(timedelta(minutes=1))
    await phone.work()
    await office.say("1", "3", "4", "4", "跳过")
    (said,) = await phone.told(minutes=2)
    assert f"第1次重办，请重新签收。回访：市民表示没解决。编号{code(ticket)}。" in said
    assert f"“签收{code(ticket)}”" in said
    await phone.write(f"签收{code(ticket)}")
    assert await state(office, ticket) == "handling"


async def test_many_become_one_message_and_one_key_signs_them_all(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    tickets = [
        await office.open(matter, phone=f"+861380013800{i}")
        for i, matter in enumerate(QUIET_MATTERS)
    ]
    (said,) = await phone.told(minutes=2)
    assert said.startswith("3张新工单：")
    assert all(code(one) in said for one in tickets)
    (answer,) = await phone.write("进展 已派人")
    assert "请写明编号" in answer
    await phone.write(f"签收{code(tickets[1])}")
    assert [await state(office, one) for one in tickets] == ["dispatched", "handling", "dispatched"]
    await phone.write("1")
    assert [await state(office, one) for one in tickets] == ["handling"] * 3


async def test_a_called_unit_reports_in_and_gives_its_opinion_by_text(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed(unit=OTHER)
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    order = Whistling("urgent", "act", (office.units[OTHER],), "路口看线杆")
    await act(office, whistle, "tiancun", ticket, order)
    (said,) = await phone.told(seconds=1)
    assert "吹哨" in said
    (answer,) = await phone.write(f"报到{code(ticket)}现场")
    assert "已报到" in answer
    (answer,) = await phone.write("意见：不是我们的杆")
    assert "意见已交" in answer
    call = (await office.rows("select how, opinion, late from whistle_calls"))[0]
    assert tuple(call) == ("on_the_spot", "不是我们的杆", False)


async def test_progress_by_text_is_an_event_of_the_ticket(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    await phone.told(minutes=2)
    await phone.write("1")
    (answer,) = await phone.write(f"进展{code(ticket)} 已派人上门")
    assert "进展已记录" in answer
    assert "progressed" in await office.events(ticket)
    assert await office.notices() == []


async def test_a_refusal_is_answered_in_a_sentence_and_leaves_no_trace(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    await phone.told(minutes=2)
    await phone.write("1")
    (answer,) = await phone.write(f"签收{code(ticket)}")
    assert "已经签收过了" in answer
    (answer,) = await phone.write("签收9999")
    assert "没有找到" in answer
    assert (await office.events(ticket)).count("signed") == 1


async def test_permits_hold_for_texts_too(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed(unit=OTHER)
    ticket = await office.open()
    (answer,) = await phone.write(f"进展{format_number(ticket)} 我来办")
    assert "不由贵单位办理" in answer
    assert await state(office, ticket) == "dispatched"


async def test_a_clerk_is_a_resident_too(phone: UnitPhone) -> None:
    """Only what answers our word to the unit is the unit's; the rest is the clerk's own."""
    await phone.confirmed()
    said = (await phone.write("海淀区田村路街道阜石路第一社区5号楼暖气不热"))[-1]
    assert "对吗" in said
    assert "已受理" in (await phone.write("1"))[0]


async def test_a_nod_is_no_complaint_and_what_a_text_cannot_do_is_said(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    await office.open()
    await phone.told(minutes=2)
    (answer,) = await phone.write("收到，马上去看")
    assert answer == "好。还没有签收或报到，要办请回1。"
    await phone.write("1")
    (answer,) = await phone.write("好的")
    assert answer == "好。有进展请回“进展”加情况。"
    (answer,) = await phone.write("办结 已清走")
    assert "在系统里办" in answer


async def test_a_plain_word_is_the_units_even_after_talk_of_the_clerks_own(
    phone: UnitPhone,
) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    await phone.told(minutes=2)
    await phone.write("你好")
    await phone.write("签收")
    assert await state(office, ticket) == "handling"
    (answer,) = await phone.write("进展：已派人上门")
    assert "进展已记录" in answer


async def test_no_message_says_who_the_resident_is(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    await office.open("我叫王小明，电话13812345678，海淀区田村路街道阜石路第一社区5号楼暖气不热")
    (said,) = await phone.told(minutes=2)
    assert "小明" not in said
    assert "13812345678" not in said
    assert "王**" in said


async def test_strangers_words_are_their_own(phone: UnitPhone) -> None:
    ticket = await phone.office.open()
    await phone.write(f"签收{code(ticket)}", phone=STRANGER)
    assert await state(phone.office, ticket) == "dispatched"
    assert await phone.office.value("select count(*) from unit_replies") == 0


async def test_a_message_that_comes_twice_acts_once(phone: UnitPhone) -> None:
    office = phone.office
    await phone.confirmed()
    ticket = await office.open()
    await phone.told(minutes=2)
    same = Inbound("sms", "same", DESK_PHONE, Said(f"签收{code(ticket)}"), office.at)
    for _ in range(2):
        async with office.pool.acquire() as connection, connection.transaction():
            await run_turns(connection, office.world, [same, same], office.at)
    assert await office.value("select count(*) from unit_replies where answered_at is null") == 1
    await phone.work()
    assert (await office.events(ticket)).count("signed") == 1


async def test_at_night_only_what_is_urgent_is_told(phone: UnitPhone) -> None:
    office = phone.office
    office.world.quiet = QuietHours(office.world.timezone, (time(22), time(7)))
    await phone.confirmed()
    ticket = await office.open()
    await office.value(
        "insert into unit_notices (unit_id, ticket_id, event, note, created_at)"
        " values ($1, $2, 'urged', '催办', now()) returning 1",
        office.units[TIANCUN],
        ticket,
    )
    await office.value("update tickets set grade = 'III' returning 1")
    office.at += timedelta(hours=14)  # midnight
    assert await phone.told() == []
    assert len(await phone.told(minutes=2)) == 0
    assert len(await phone.told(hours=8)) == 1


async def test_a_system_is_told_with_a_signature_over_moment_and_body(phone: UnitPhone) -> None:
    office = phone.office
    made = await phone.register(URL, "webhook")
    assert made.secret == TOKEN
    ticket = await office.open()
    await phone.work(minutes=2)
    ((url, body, signed),) = phone.wire.posted
    assert url == URL
    moment, proof = (part.partition("=")[2] for part in signed.split(","))
    expected = hmac.new(TOKEN.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(proof, expected)
    assert signature(TOKEN, office.at, body) == signed
    said = orjson.loads(body)
    assert (said["version"], said["unit"]) == (1, TIANCUN)
    assert said["notices"][0]["event"] == "dispatched"
    assert said["notices"][0]["ticket"] == format_number(ticket)
    await phone.work(minutes=10)
    assert len(phone.wire.posted) == 1


async def test_a_system_that_is_away_is_tried_again_longer_and_longer(phone: UnitPhone) -> None:
    await phone.register(URL, "webhook")
    await phone.office.open()
    phone.wire.refusal = SendError("HTTP 503", retry_seconds=0.0)
    await phone.work(minutes=2)
    await phone.work()
    assert len(phone.wire.posted) == 1
    for _ in range(10):
        await phone.work(hours=2)
    assert len(phone.wire.posted) == 8
    rows = await phone.office.rows("select state, error from unit_sendings")
    assert [tuple(row) for row in rows] == [("failed", "HTTP 503")]


async def test_a_chat_binds_itself_by_the_code_of_the_page(phone: UnitPhone) -> None:
    office, chat = phone.office, "4711"
    toy = replace(webchat.channel(), name=telegram.NAME)
    office.world.channels = {**office.world.channels, telegram.NAME: toy}
    made = (await phone.register("", telegram.NAME)).code
    assert len(made) == 8
    await phone.write("绑定 00000000", phone=chat, channel=telegram.NAME)
    assert await office.value("select count(*) from unit_replies") == 0
    said = await phone.write(f"绑定 {made}", phone=chat, channel=telegram.NAME)
    assert "已确认" in said[-1]
    assert await office.value("select verified_at is not null from unit_contacts")
    ticket = await office.open()
    await phone.work(minutes=2)
    assert code(ticket) in (await phone.read(chat, telegram.NAME))[-1]


async def test_who_has_said_stop_is_told_nothing(phone: UnitPhone) -> None:
    await phone.confirmed()
    await phone.write("退订")
    await phone.office.open()
    await phone.work(minutes=2)
    errors = await phone.office.rows("select state, error from unit_sendings")
    assert [tuple(row) for row in errors] == [("failed", "stopped")]
    assert DESK_PHONE not in str(errors)
    async with phone.office.pool.acquire() as connection:
        unit_id, roles = phone.office.units[TIANCUN], frozenset({Role.DESK})
        (waits,) = await awaited(connection, unit_id, 0, roles, 12)
    assert (waits.what, waits.title) == ("收不到单位通知", "值班手机")


async def test_what_one_contact_writes_is_done_in_its_order_whoever_works_it_off(
    phone: UnitPhone,
) -> None:
    office = phone.office
    await phone.confirmed()
    await phone.confirmed(STRANGER, OTHER)
    for text, number in (
        ("签收0001", DESK_PHONE),
        ("进展0001 到了", DESK_PHONE),
        ("签收0002", STRANGER),
    ):
        await office.say(text, phone=number)
    async with transaction(office.pool) as one, transaction(office.pool) as other:
        taken = [await unit_sendings.next_reply(worker) for worker in (one, other)]
        assert [reply and reply.text for reply in taken] == ["签收0001", "签收0002"]
        assert await unit_sendings.next_reply(other) == taken[1]


async def test_what_a_contact_was_to_be_told_when_it_ended_waits_for_nobody(
    phone: UnitPhone,
) -> None:
    office = phone.office
    await phone.confirmed()
    await office.open(QUIET_MATTERS[0])
    await phone.work()
    await office.rows("update unit_contacts set ended_at = $1 returning id", office.at)
    later = office.at + timedelta(hours=1)
    async with transaction(office.pool) as connection:
        assert await unit_sendings.overdue_seconds(connection, later) == 0
        assert await unit_sendings.claim(connection, later, timedelta(minutes=1), 9) == []
    assert await office.value("select count(*) from unit_sendings where state = 'pending'") == 1


async def test_a_units_phone_that_stops_our_messages_is_a_task_of_the_centre(
    phone: UnitPhone,
) -> None:
    await phone.confirmed()
    await phone.office.say("退订", phone=DESK_PHONE)
    (task,) = await phone.office.rows("select kind, unit_id, note from human_tasks")
    assert (task["kind"], task["unit_id"]) == ("duty_stopped", None)
    assert "田村路街道登记的+86137****7000退订了短信" in task["note"]
    async with phone.office.pool.acquire() as connection:
        (contact,) = await unit_contacts.of_units(connection, [phone.office.units[TIANCUN]])
    assert contact.error == "stopped"
