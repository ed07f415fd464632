"""What the city knows of a matter that is about to be submitted: own tickets, others nearby, and the third time."""

import time
from datetime import timedelta

import pytest

from handlers.settle_task import settle_task
from handlers.told_before import estate, may_be_one
from store import human_tasks, related
from store.database import Pool
from store.related import RELATED, Wanted
from tests.office import MATTER, Office, open_office
from tests.world import START

ONE, TWO, THREE, FOUR = (f"+861380013800{n}" for n in range(1, 5))
LAMP = "海淀区田村路街道阜石路第一社区路灯不亮"


def wanted(resident_id: int = 0, *, own: bool = False) -> Wanted:
    """Heating in the street, with no more known of the place."""
    street = ("T001", "110108", "110108021", "", "", None, None)
    return Wanted(resident_id, own, True, *street)  # noqa: FBT003


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def said(office: Office, text: str, phone: str = ONE, channel: str = "sms") -> str:
    """What is answered to one message."""
    turned = (await office.say(text, phone=phone, channel=channel))[0]
    assert turned.message is not None
    return turned.message.reply.text


async def last(office: Office) -> int:
    ticket_id: int = await office.value("select max(id) from tickets")
    return ticket_id


async def test_a_resident_who_tells_the_same_again_is_reminded_of_the_ticket(
    office: Office,
) -> None:
    ticket = await office.open(phone=ONE)
    assert "您今天反映过“暖气不热”，田村路街道正在办" in await said(office, MATTER)
    await said(office, "2")
    row = await office.ticket(ticket)
    assert (await last(office), row["urged"], row["repeats"]) == (ticket, 1, 1)
    assert (await office.events(ticket))[-2:] == ["added", "urged"]


async def test_another_place_or_matter_is_not_the_same(office: Office) -> None:
    await office.open(phone=ONE)
    other_building = MATTER.replace("5号楼", "6号楼")
    for matter in (LAMP, other_building, "海淀区永定路街道复兴路28号院暖气不热"):
        assert "反映过" not in await said(office, matter)
        await said(office, "取消")


async def test_after_a_month_it_is_a_new_matter(office: Office) -> None:
    await office.open(phone=ONE)
    office.at += timedelta(days=31)
    assert "反映过" not in await said(office, MATTER)


async def test_a_withdrawn_ticket_is_not_brought_up_again(office: Office) -> None:
    await office.open(phone=ONE)
    await office.say("撤单", "1", phone=ONE)
    assert "反映过" not in await said(office, MATTER)


async def test_who_tells_it_three_times_is_one_resident(office: Office) -> None:
    for choice in ([], ["3"], ["3"]):
        await office.say(LAMP, *choice, "1", phone=ONE)
    assert await office.value("select count(*) from tickets") == 3
    assert "已有" not in await said(office, LAMP, phone=TWO)
    await office.say("1", phone=TWO)
    await office.say(LAMP, "1", phone=THREE)
    assert "已有3人反映" in await said(office, LAMP, phone=FOUR)


async def test_what_one_told_is_never_named_to_another(office: Office) -> None:
    await office.open("举报海淀区田村路街道阜石路第一社区有人违法建房", phone=ONE)
    text = await said(office, "举报海淀区田村路街道阜石路第一社区有人违法建房", phone=TWO)
    assert "反映" not in text


async def test_the_third_time_goes_to_the_district_over_the_street(office: Office) -> None:
    for choice in ("", "3", "3"):
        await office.say(MATTER, *([choice] if choice else []), "1", phone=ONE)
    third = await last(office)
    row = await office.ticket(third)
    assert row["repeats"] == 2
    assert row["linked_ticket_id"] == third - 1
    assert "repeated" in await office.events(third)
    tasks = await office.rows("select kind, unit_id, ticket_id from human_tasks")
    assert [tuple(task) for task in tasks] == [("repeated", office.units["110108"], third)]


async def test_three_times_told_to_one_ticket_is_the_third_time_too(office: Office) -> None:
    ticket = await office.open(phone=ONE)
    for choice in ("1", "2", "1"):
        await office.say(MATTER, choice, phone=ONE)
    assert (await office.events(ticket)).count("repeated") == 1
    assert await office.value("select count(*) from human_tasks where kind = 'repeated'") == 1


async def test_the_people_of_the_superior_alone_see_and_settle_it(office: Office) -> None:
    for choice in ("", "3", "3"):
        await office.say(MATTER, *([choice] if choice else []), "1", phone=ONE)
    async with office.pool.acquire() as connection:
        district = office.units["110108"]
        (task,) = await human_tasks.waiting(connection, district, 9)
        assert await human_tasks.waiting(connection, None, 9) == []
        assert "第3次反映“暖气不热”" in task.note
        async with connection.transaction():
            await settle_task(connection, office.by("district"), task.id, "已督促街道今晚解决")
        assert await human_tasks.waiting(connection, district, 9) == []


async def test_a_third_tip_off_is_put_before_the_centre_alone(office: Office) -> None:
    tip = "举报海淀区田村路街道阜石路第一社区楼顶有人违法建房"
    for choice in ([], ["3"], ["3"]):
        await office.say(tip, *choice, "保密", "1", phone=ONE)
    assert await office.value("select count(*) from human_tasks where kind = 'repeated'") == 1
    assert await office.value("select unit_id from human_tasks where kind = 'repeated'") is None


async def test_an_anonymous_ticket_is_not_tied_to_the_named_one(office: Office) -> None:
    tip = "举报海淀区田村路街道阜石路第一社区楼顶有人违法建房"
    await office.say(tip, "保密", "1", phone=ONE)
    await office.say(tip, "3", "匿名", "1", phone=ONE)
    row = await office.ticket(await last(office))
    assert row["anonymous"]
    assert (row["linked_ticket_id"], row["repeats"], row["resident_id"]) == (None, 0, None)


async def test_one_other_is_enough_for_an_outage_three_for_anything_else(office: Office) -> None:
    await office.open(phone=ONE)
    assert "已有1人反映，田村路街道在办" in await said(office, MATTER, TWO)
    for phone in (ONE, TWO, THREE):
        await office.say("取消", phone=phone)
        await office.say(LAMP, "1", phone=phone)
    assert "已有3人反映" in await said(office, LAMP, FOUR)


async def test_those_who_joined_are_counted_and_those_who_withdrew_are_not(office: Office) -> None:
    await office.open(phone=ONE)
    await office.say(MATTER, "1", phone=TWO)
    assert "已有2人反映" in await said(office, MATTER, THREE)
    await office.say("取消", phone=THREE)
    await office.say("撤单", "1", phone=TWO)
    assert "已有1人反映" in await said(office, MATTER, THREE)


@pytest.mark.parametrize(
    "change",
    [
        "confidential = true",
        "anonymous = true",
        "kind = 'tip_off'",
        "kind = 'question'",
        "state = 'resolved'",
        "opened_at = opened_at - interval '15 days'",
        "community_code = '110108021004'",
        "topic = 'T002'",
    ],
)
async def test_what_others_may_not_know_or_is_not_the_same_is_not_offered(
    office: Office, change: str
) -> None:
    ticket = await office.open(phone=ONE)
    await office.value(f"update tickets set {change} where id = $1 returning 1", ticket)  # noqa: S608
    assert "人反映" not in await said(office, MATTER, TWO)


async def test_who_wants_to_stay_hidden_is_not_asked_to_join(office: Office) -> None:
    await office.open(phone=ONE)
    assert "人反映" not in await said(office, f"{MATTER}，请保密", TWO)
    assert "人反映" not in await said(office, f"{MATTER}，匿名反映", THREE)


async def test_an_estate_or_a_pin_makes_neighbours_where_no_community_is_known(
    office: Office,
) -> None:
    ticket = await office.open(phone=ONE)
    await office.value(
        "update tickets set community_code = '', address_detail = '西山一号院小区3号楼', latitude = 39.9270,"
        " longitude = 116.2510 where id = $1 returning 1",
        ticket,
    )
    base = wanted()
    since = START - timedelta(days=14)
    asked = [
        base._replace(estate="西山一号院小区"),
        base._replace(estate="阜石路甲69号院"),
        base._replace(latitude=39.9290, longitude=116.2520),
        base._replace(latitude=39.9390, longitude=116.2520),
        base,
    ]
    async with office.pool.acquire() as connection:
        found = await related.related(connection, asked, since, since)
    assert {place: rows[0].near for place, rows in found.items()} == {0: "estate", 2: "pin"}


@pytest.mark.parametrize(
    ("detail", "name"),
    [
        ("芳城园一区3号楼2单元501", "芳城园一区"),
        ("西山一号院小区", "西山一号院小区"),
        ("5号楼", ""),
        ("我们小区门口", ""),
        ("小区", ""),
        ("阜石路甲69号院7号楼", "阜石路甲69号院"),
        ("", ""),
    ],
)
def test_an_estate_is_what_stands_before_the_building(detail: str, name: str) -> None:
    assert estate(detail) == name


def test_a_long_row_of_numbers_takes_no_time_that_grows_by_the_square() -> None:
    began = time.process_time()
    assert estate("阜石路" + "一" * 40_000) == "阜石路" + "一" * 40_000
    assert may_be_one("一" * 40_000, "1号楼")
    assert time.process_time() - began < 1


async def test_looking_reads_no_table_from_end_to_end(office: Office) -> None:
    ticket = await office.open(phone=ONE)
    async with office.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        columns = [
            row["attname"]
            for row in await connection.fetch(
                "select attname from pg_attribute where attrelid = 'tickets'::regclass and attnum > 0"
            )
        ]
        changed = {
            "id": "t.id + n + 100",
            "street_code": "'1101080' || lpad((n % 300)::text, 2, '0')",
            "resident_id": "n",
        }
        cells = ", ".join(changed.get(name, f"t.{name}") for name in columns)
        await connection.execute(
            f"insert into tickets select {cells} from tickets t, generate_series(1, 5000) n where t.id = $1",  # noqa: S608
            ticket,
        )
        await connection.execute("analyze tickets")
        rows_wanted = [wanted(7, own=True)]
        arguments = [*map(list, zip(*rows_wanted, strict=True)), START, START]
        rows = await connection.fetch(f"explain {RELATED}", *arguments)
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan on tickets" not in plan
    assert "tickets_nearby" in plan
    assert "tickets_resident_id_id_idx" in plan


async def test_a_repeated_webhook_at_that_question_adds_once(office: Office) -> None:
    ticket = await office.open(phone=ONE)
    await office.say(MATTER, phone=ONE)
    await office.say("1", phone=ONE)
    assert (await office.events(ticket)).count("added") == 1
