"""Alerts reach the duty leader's phone and the console in the very transaction in which the words are heard."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from gateway import live
from handlers.stopped_phones import alert_phones
from store.alerts import LONGEST_NOTE
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import open_office
from tests.patience import PATIENCE_SECONDS
from tests.world import PHONE, START, Town, make_world

DUTY = "+8613911112222"
SAID = "再不发工资我们三十个人就去区政府门口拉横幅堵路，我的电话13800138000"

TOLD = "select {} from outbox o join addresses a on a.id = o.address_id where o.purpose = 'alert'"


@pytest.fixture
async def town(pool: Pool) -> Town:
    world = await make_world(pool)
    world.duty_phones = (DUTY,)
    return Town(pool, world)


async def test_the_duty_phone_has_its_message_in_the_outbox_when_the_resident_is_answered(
    town: Town,
) -> None:
    assert "值班领导" in await town.say(SAID)
    row = await town.pool.fetchrow(TOLD.format("o.parts::text, o.state, o.created_at, a.masked"))
    assert row is not None
    assert (row["state"], row["created_at"]) == ("pending", START)
    assert "值班提醒，讨薪聚集：“再不发工资我们三十个人就去区政府门口拉横幅" in row["parts"]
    assert "13800138000" not in row["parts"]
    assert row["masked"] == "+86139****2222"


async def test_an_urgent_task_stands_until_it_is_settled_with_personal_numbers_hidden(
    town: Town,
) -> None:
    await town.say(SAID)
    task = await town.pool.fetchrow("select kind, urgent, note, created_at from human_tasks")
    assert task is not None
    assert (task["kind"], task["urgent"], task["created_at"]) == ("alert", True, START)
    assert "138****8000" in task["note"]


async def test_the_same_again_adds_its_words_and_rings_no_phone(town: Town) -> None:
    await town.say(SAID, "真的，再不发工资我们五十个人就去区政府门口拉横幅堵路")
    assert await town.pool.fetchval(TOLD.format("count(*)")) == 1
    notes = await town.pool.fetch("select note from human_tasks")
    assert len(notes) == 1
    assert "五十个人" in notes[0]["note"]


async def test_the_same_after_the_alert_was_settled_rings_again(town: Town) -> None:
    await town.say(SAID)
    await town.pool.execute("update human_tasks set done_at = $1", START)
    await town.say(SAID)
    assert await town.pool.fetchval(TOLD.format("count(*)")) == 2
    assert await town.pool.fetchval("select count(*) from human_tasks where done_at is null") == 1


async def test_an_alert_takes_in_no_more_words_than_a_page_can_show(town: Town) -> None:
    await town.say(SAID, *(f"{SAID}，{'太难了' * 100}{n}" for n in range(15)))
    note = await town.pool.fetchval("select note from human_tasks")
    assert LONGEST_NOTE <= len(note) < LONGEST_NOTE + 400


async def test_several_residents_in_one_batch_ring_one_after_the_other(town: Town) -> None:
    async with (turns := town.turns()).running():
        for number in range(3):
            await turns.submit(town.message(SAID, phone=f"+861380013800{number}"))
    seqs = await town.pool.fetch(TOLD.format("o.seq") + " order by o.seq")
    assert [row["seq"] for row in seqs] == [1, 2, 3]


async def test_the_duty_leader_may_raise_one_himself(town: Town) -> None:
    await town.say(SAID, phone=DUTY)
    rows = await town.pool.fetch("select seq, purpose from outbox order by seq")
    assert [row["purpose"] for row in rows] == ["reply", "alert"]


async def test_without_phones_the_console_alone_is_told(town: Town) -> None:
    town.world.duty_phones = ()
    await town.say(SAID, phone=PHONE)
    assert await town.pool.fetchval(TOLD.format("count(*)")) == 0
    assert await town.pool.fetchval("select count(*) from human_tasks") == 1


async def test_a_duty_phone_that_has_stopped_our_messages_is_the_centres_to_know(
    town: Town,
) -> None:
    await town.say("退订", phone=DUTY)
    task = await town.pool.fetchrow("select kind, unit_id, note from human_tasks")
    assert task is not None
    assert (task["kind"], task["unit_id"]) == ("duty_stopped", None)
    assert "+86139****2222退订了短信，收不到值班提醒" in task["note"]
    await town.say(SAID)
    note = await town.pool.fetchval("select note from human_tasks where kind = 'alert'")
    assert "值班手机+86139****2222已退订短信，没有通知到" in note
    async with town.pool.acquire() as connection:
        assert [one.stopped for one in await alert_phones(connection, town.world)] == [True]
        await town.say("恢复", phone=DUTY)
        assert [one.stopped for one in await alert_phones(connection, town.world)] == [False]


async def test_what_a_resident_stops_is_no_task(town: Town) -> None:
    await town.say("退订")
    assert await town.pool.fetchval("select count(*) from human_tasks") == 0


@pytest.fixture
async def desk(pool: Pool, town: Town, valkey: Redis, tmp_path: Path) -> AsyncIterator[Desk]:
    office = await open_office(pool)
    await give_passwords(office)
    office.at = START + timedelta(seconds=30)
    app = console_site(office, valkey, tmp_path).app
    async with TestClient(TestServer(app)) as client:
        yield Desk(client)


async def test_an_alert_stands_on_every_page_of_the_centre_until_somebody_takes_it(
    town: Town, desk: Desk
) -> None:
    await town.say(SAID)
    await desk.log_in("centre")
    for page in ("/console", "/console/rates", "/console/tasks"):
        assert "讨薪聚集" in await desk.page(page)
    task = await town.pool.fetchval("select id from human_tasks")
    sent = await desk.send("/console/rates", f"/console/alerts/{task}/take")
    assert sent.status == 303
    assert "讨薪聚集" not in await desk.page("/console/rates")
    listed = await desk.page("/console/tasks")
    assert "centre 2026-11-23 10:00 已接手" in listed


async def test_units_see_no_alert(town: Town, desk: Desk) -> None:
    await town.say(SAID)
    await desk.log_in("tiancun")
    assert "讨薪聚集" not in await desk.page("/console")
    task = await town.pool.fetchval("select id from human_tasks")
    assert (await desk.send("/console", f"/console/alerts/{task}/take")).status == 404


async def test_a_number_that_is_none_is_not_there(desk: Desk) -> None:
    await desk.log_in("centre")
    for path in ("/console/alerts/{}/take", "/console/tasks/{}"):
        sent = await desk.send("/console/rates", path.format("9" * 5000))
        assert sent.status == 404


async def test_an_open_page_hears_of_it_at_once(town: Town, desk: Desk, valkey: Redis) -> None:
    await desk.log_in("centre")
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        desk.client.get("/console/alerts/stream") as stream,
    ):
        await town.say(SAID)
        await live.publish(valkey, [live.CONSOLE])
        text = ""
        while "event: alerts" not in text:
            text += (await stream.content.readline()).decode()
    assert "event: alerts" in text


THREAT = "再不发工资我们几百人明天就去堵路，朝阳区八里庄街道工地"


async def test_an_alert_names_the_ticket_that_comes_of_it_and_no_earlier_one(pool: Pool) -> None:
    office = await open_office(pool)
    earlier = await office.open(phone=PHONE)
    await office.say(THREAT, phone=PHONE)
    assert await office.value("select ticket_id from human_tasks") is None
    await office.say("1", phone=PHONE)
    ticket = await office.value("select max(id) from tickets")
    assert ticket != earlier
    assert await office.value("select ticket_id from human_tasks where kind = 'alert'") == ticket


async def test_an_alert_of_long_ago_names_no_later_ticket(pool: Pool) -> None:
    office = await open_office(pool)
    await office.say(THREAT, "取消", phone=PHONE)
    office.at += timedelta(days=2)
    await office.open(phone=PHONE)
    assert await office.value("select ticket_id from human_tasks where kind = 'alert'") is None
