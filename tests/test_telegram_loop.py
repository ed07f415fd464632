"""A Telegram user goes through the whole loop: the real application, the real adapter, the stand-in on the other side."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from channels.telegram import PATH
from gateway import clock
from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.keys import KICK, METRICS
from gateway.simulator import telegram_rest
from gateway.simulator.faults import Faults
from gateway.simulator.telegram import DemoBot, TelegramStandIn
from gateway.simulator.telegram_chats import Said
from gateway.simulator.telegram_people import PIXEL, Person, person
from gateway.telegram_setup import inspect, register
from gateway.web import application
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import Office, act, open_office
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port
from tests.telegram_updates import message
from tests.webchat.small_city import served

DEMO = DemoBot()
LI = 700100200
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@dataclass
class Town:
    """A resident's chat with the bot, and the city behind it."""

    office: Office
    standin: TelegramStandIn
    app: web.Application
    li: Person
    url: str

    @property
    def heard(self) -> list[Said]:
        """What the bot has said, oldest first."""
        return self.li.heard

    async def next(self, seen: int) -> Said:
        """The message after those seen, once it is there."""
        await self.until(lambda: len(self.heard) > seen)
        return self.heard[seen]

    async def until(self, reached: Callable[[], bool]) -> None:
        ends = clock.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert clock.monotonic() < ends, [said.text for said in self.heard]
            self.app[KICK]()
            await asyncio.sleep(0.02)

    async def until_value(self, query: str, wanted: object) -> None:
        """Return when the database gives this value."""
        ends = clock.monotonic() + PATIENCE_SECONDS
        while (got := await self.office.value(query)) != wanted:
            assert clock.monotonic() < ends, got
            await asyncio.sleep(0.02)

    async def opened(self) -> int:
        """A ticket, opened by buttons."""
        await self.li.write(MATTER)
        await self.next(0)
        await self.li.pick("对，提交")
        assert "已受理" in (await self.next(1)).text
        return int(await self.office.value("select max(id) from tickets"))

    async def count(self, table: str) -> int:
        return int(await self.office.value(f"select count(*) from {table}"))  # noqa: S608 - a test's own


@pytest.fixture
async def town(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    office = await open_office(pool)
    port, api_port = free_port(), free_port()
    standin = TelegramStandIn(
        token=DEMO.token, username=DEMO.username, attempts=2, retry_seconds=0.05
    )
    api = web.Application()
    telegram_rest.add_routes(api, standin)
    settings = Settings.from_env(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TELEGRAM_BOT_TOKEN": DEMO.token,
            "TELEGRAM_WEBHOOK_SECRET": DEMO.secret,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{api_port}",
            "QUIET_HOURS": "none",
        },
        production=False,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(standin.running())
        await stack.enter_async_context(served(lambda: api, api_port))
        core = await stack.enter_async_context(open_core(settings, city=office.world.city))
        office.world = core.world
        app = await application(core)
        await stack.enter_async_context(served(lambda: app, port))
        await register(settings)
        assert (await inspect(settings)).faults(settings) == []
        yield Town(office, standin, app, person(standin, LI, name="李雷"), settings.public_url)
        assert standin.state.complaints == []
        assert all(standin.state.presses.values())


async def test_complaint_ticket_notice_and_survey_by_buttons(town: Town) -> None:
    ticket = await town.opened()
    offer = town.heard[1]
    assert "分享手机号" in offer.text
    await town.until(lambda: not town.heard[0].buttons)
    await town.li.pick("📱 分享手机号")
    assert "谢谢" in (await town.next(2)).text
    assert town.li.chat.keyboard == []
    await act(town.office, reply, "tiancun", ticket, "师傅明天上午到。")
    assert "师傅明天上午到" in (await town.next(3)).text
    await act(town.office, sign, "tiancun", ticket)
    await act(town.office, contact_and_resolve, "tiancun", ticket, "暖气已修好。")
    assert "暖气已修好" in (await town.next(4)).text
    for place in range(4, 8):
        question = town.heard[place]
        await town.li.press(question.id, question.buttons[0][0]["callback_data"])
        await town.next(place + 1)
    survey = (await town.office.rows("select state, contacted, solved from surveys"))[0]
    assert (survey["contacted"], survey["solved"]) == (True, "yes")
    await town.until(lambda: not any(said.buttons for said in town.heard[:-1]))


async def test_a_burst_gets_one_reply(town: Town) -> None:
    for piece in ("你好", "我家暖气不热", "海淀区田村路街道", "阜石路第一社区", "5号楼"):
        await town.li.write(piece)
    await town.until(lambda: any("5号楼" in said.text for said in town.heard))
    # How many pieces come within the time of a burst is the machine's; none gets a reply of its own after that.
    silent = await town.office.value("select count(*) from inbound where outcome = 'silent:burst'")
    assert silent + len(town.heard) == 5
    assert "5号楼" in town.heard[-1].text


async def test_an_answer_in_words_takes_the_buttons_of_its_question_away(town: Town) -> None:
    await town.li.write(MATTER)
    assert (await town.next(0)).buttons
    await town.li.write("要改")
    assert (await town.next(1)).buttons
    await town.until(lambda: not town.heard[0].buttons)


async def test_an_edit_changes_the_draft_and_later_corrects_the_ticket(town: Town) -> None:
    await town.li.write(MATTER)
    await town.next(0)
    mine = next(said for said in town.li.chat.says.values() if said.mine)
    await town.li.edit(mine.id, MATTER.replace("暖气不热", "电梯坏了"))
    changed = await town.next(1)
    assert "电梯坏了" in changed.text
    assert "暖气" not in changed.text
    await town.li.pick("对，提交")
    await town.next(2)
    await town.li.edit(mine.id, MATTER.replace("暖气不热", "电梯坏了三天"))
    assert "更正" in (await town.next(3)).text
    note = await town.office.value("select note from ticket_events where type = 'added'")
    assert note == "更正：" + MATTER.replace("暖气不热", "电梯坏了三天")


async def test_photos_voice_notes_and_places_are_kept(town: Town) -> None:
    await town.li.send_photo("楼道堆满杂物")
    await town.next(0)
    await town.li.send_voice()
    await town.next(1)
    await town.li.send_location(39.9219, 116.2631)
    await town.next(2)
    await town.until_value("select count(*) from media where state = 'kept'", 2)
    sizes = [row["size"] for row in await town.office.rows("select size from media order by size")]
    assert len(PIXEL) in sizes


async def test_a_person_is_asked_for_by_command_and_language_by_the_app(town: Town) -> None:
    town.li.chat.language_code = "en"
    await town.li.write("/start")
    assert "Hello" in (await town.next(0)).text
    await town.li.write("/human@jiesu_demo_bot")
    assert "person" in (await town.next(1)).text
    await town.li.write("/language")
    assert [b["text"] for row in (await town.next(2)).buttons for b in row][:1] == ["中文"]
    await town.li.pick("中文")
    assert "中文" in (await town.next(3)).text


async def test_a_repeated_update_has_one_effect_and_is_answered_alike(town: Town) -> None:
    town.standin.state.faults = Faults(repeat_every=1)
    await town.li.write(MATTER)
    await town.next(0)
    assert await town.count("inbound") == 1
    repeats = town.app[METRICS].registry.get_sample_value(
        "jiesu_repeated_total", {"what": "message"}
    )
    assert repeats == 1
    await town.li.pick("要改")
    await town.next(1)
    assert await town.count("inbound") == 2
    assert town.standin.state.complaints.pop().endswith(
        "query ID is invalid"
    )  # of the second answer
    town.standin.state.faults = Faults()
    assert len(town.heard) == 2


async def test_a_forged_update_is_refused_counted_and_changes_nothing(town: Town) -> None:
    async with ClientSession() as http:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
            answer = await http.post(town.url + PATH, json=message(text=MATTER), headers=headers)
            assert answer.status == 403
            answer.release()
    told = {"path": PATH, "why": "forged"}
    counted = town.app[METRICS].registry.get_sample_value("jiesu_webhook_rejected_total", told)
    assert counted == 2
    assert await town.count("inbound") == 0


async def test_who_blocks_the_bot_gets_nothing_until_it_is_let_in_again(town: Town) -> None:
    ticket = await town.opened()
    await town.li.block()
    await act(town.office, reply, "tiancun", ticket, "师傅明天上午到。")
    blocked = "select count(*) from addresses where blocked_at is not null"
    assert await town.office.value(blocked) == 1
    await town.li.block(blocked=False)
    assert await town.office.value(blocked) == 0
    seen = len(town.heard)
    await town.li.write("查询")
    assert "暖气不热" in (await town.next(seen)).text


async def test_too_many_requests_is_obeyed(town: Town) -> None:
    town.standin.state.faults = Faults(throttle_next=1, retry_after_seconds=600)
    await town.li.write(MATTER)
    await town.until(lambda: town.standin.state.faults.throttle_next == 0)
    await town.until_value("select state || ' ' || error from outbox", "pending Telegram 429")
    assert not town.heard


async def test_a_group_changes_nothing(town: Town) -> None:
    await town.li.put_into(-100123)
    group = person(town.standin, -100123)
    await group.write("停水了")
    assert "私聊" in group.heard[0].text
    assert group.chat.left
    assert await town.count("inbound") == 0
