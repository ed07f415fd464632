"""A WhatsApp user goes through the whole loop: the real application, the real adapter, the stand-in on the other side."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from gateway import clock
from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.keys import KICK
from gateway.simulator import whatsapp
from gateway.simulator.faults import Faults
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, Exchange, TwilioStandIn
from gateway.simulator.texts import Text
from gateway.web import application
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import Office, act, open_office
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port
from tests.webchat.small_city import served

DEMO = DemoAccount()
PHONE = "+8613812345678"
WHO = whatsapp.PREFIX + PHONE
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@dataclass
class Chat:
    """A phone with WhatsApp, and the city it writes to."""

    office: Office
    standin: TwilioStandIn
    app: web.Application

    async def write(self, words: str) -> Exchange:
        return await self.standin.receive(WHO, words, more=[("MessageType", "text")])

    async def press(self, text: Text, label: str) -> Exchange:
        payload = next(payload for shown, payload in text.choices if label in shown)
        more = whatsapp.pressed(payload, label, is_list=text.is_list)
        return await self.standin.receive(WHO, label, more=more)

    def got(self, who: str = WHO) -> list[Text]:
        """What arrived on the phone, oldest first."""
        return self.standin.texts.matching(receiver=who)[::-1]

    async def next(self, seen: int, who: str = WHO) -> Text:
        """The message after those seen, once it is there."""
        await self.until(lambda: len(self.got(who)) > seen)
        return self.got(who)[seen]

    async def until(self, reached: Callable[[], bool]) -> None:
        ends = clock.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert clock.monotonic() < ends, [one.body for one in self.got()]
            self.app[KICK]()
            await asyncio.sleep(0.02)

    async def opened(self) -> int:
        """A ticket, opened by buttons."""
        await self.write(MATTER)
        await self.press(await self.next(0), "提交")
        accepted = await self.next(1)
        assert "已受理" in accepted.body
        ticket: int = await self.office.value("select max(id) from tickets")
        return ticket


@pytest.fixture
async def chat(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Chat]:
    office = await open_office(pool)
    port = free_port()
    async with AsyncExitStack() as stack:
        standin = TwilioStandIn(
            sid=DEMO.sid,
            auth_token=DEMO.auth_token,
            phone_number=DEMO.phone_number,
            public_url=f"http://127.0.0.1:{port}",
        )
        api_url = await stack.enter_async_context(serving(standin))
        settings = _settings(api_url, standin.public_url, database_url, redis_url, tmp_path)
        core = await stack.enter_async_context(open_core(settings, city=office.world.city))
        office.world = core.world
        app = await application(core)
        await stack.enter_async_context(served(lambda: app, port))
        yield Chat(office, standin, app)


def _settings(
    api_url: str, public_url: str, database_url: str, redis_url: str, folder: Path
) -> Settings:
    return Settings.from_env(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": public_url,
            "TWILIO_ACCOUNT_SID": DEMO.sid,
            "TWILIO_AUTH_TOKEN": DEMO.auth_token,
            "TWILIO_PHONE_NUMBER": DEMO.phone_number,
            "TWILIO_API_URL": api_url,
            "WHATSAPP_NUMBER": whatsapp.NUMBER,
            "WHATSAPP_TEMPLATES": ",".join(
                f"{name}={sid}" for name, sid in (whatsapp.BUTTONS | whatsapp.LISTS).items()
            ),
            "WHATSAPP_NOTICE_TEMPLATE": whatsapp.NOTICE_TEMPLATE,
            "QUIET_HOURS": "none",
        },
        production=False,
    )


async def test_complaint_ticket_notice_and_survey(chat: Chat) -> None:
    ticket = await chat.opened()
    await act(chat.office, reply, "tiancun", ticket, "师傅明天上午到。")
    notice = await chat.next(2)
    assert "师傅明天上午到" in notice.body
    await act(chat.office, sign, "tiancun", ticket)
    await act(chat.office, contact_and_resolve, "tiancun", ticket, "暖气已修好。")
    question = await chat.next(3)
    assert "暖气已修好" in question.body
    for place in range(4):
        choices = chat.got()[3 + place].choices
        await chat.press(chat.got()[3 + place], choices[0][0])
        await chat.next(4 + place)
    survey = (await chat.office.rows("select state, contacted, solved from surveys"))[0]
    assert (survey["contacted"], survey["solved"]) == (True, "yes")
    assert all(one.status == "delivered" for one in chat.got()[:-1])


async def test_a_burst_gets_one_reply(chat: Chat) -> None:
    for piece in ("你好", "我家暖气不热", "海淀区田村路街道", "阜石路第一社区", "5号楼"):
        await chat.write(piece)
    await chat.until(lambda: any("5号楼" in text.body for text in chat.got()))
    # How many pieces come within the time of a burst is the machine's; none gets a reply of its own after that.
    silent = await chat.office.value("select count(*) from inbound where outcome = 'silent:burst'")
    assert silent + len(chat.got()) == 5
    assert "5号楼" in chat.got()[-1].body


async def test_a_repeated_webhook_has_one_effect_and_a_forged_one_none(chat: Chat) -> None:
    chat.standin.faults = Faults(repeat_every=1)
    await chat.write(MATTER)
    await chat.next(0)
    assert await chat.office.value("select count(*) from inbound") == 1
    chat.standin.auth_token = "guess"
    assert (await chat.write("1")).status == 403
    assert await chat.office.value("select count(*) from inbound") == 1


async def test_after_a_day_of_silence_a_template_brings_the_notice(chat: Chat) -> None:
    ticket = await chat.opened()
    await _silent_for_a_day(chat)
    await act(chat.office, reply, "tiancun", ticket, "师傅明天上午到。\n请留人在家。")
    notice = await chat.next(2)
    assert notice.body.startswith("12345市民热线：")
    assert "师傅明天上午到。 请留人在家。" in notice.body
    await chat.until(lambda: notice.status == "delivered")


async def test_without_a_template_it_comes_by_sms(chat: Chat) -> None:
    ticket = await chat.opened()
    await chat.standin.receive(PHONE, "查询")
    await chat.until(lambda: len(chat.got(PHONE)) == 1)
    await _one_resident(chat)
    await _silent_for_a_day(chat)
    await act(chat.office, reply, "tiancun", ticket, "师傅明天上午到，" + "请您在家等候。" * 140)
    text = await chat.next(1, PHONE)
    assert "师傅明天上午到" in text.body
    assert len(chat.got()) == 2


async def test_what_whatsapp_refuses_later_comes_by_sms_too(chat: Chat) -> None:
    ticket = await chat.opened()
    await chat.standin.receive(PHONE, "查询")
    await chat.until(lambda: len(chat.got(PHONE)) == 1)
    await _one_resident(chat)
    chat.standin.faults = Faults(window_closed=[WHO])
    await act(chat.office, reply, "tiancun", ticket, "师傅明天上午到。")
    refused = await chat.next(2)
    await chat.until(lambda: refused.error_code == whatsapp.OUTSIDE_WINDOW)
    assert "师傅明天上午到" in (await chat.next(1, PHONE)).body


async def test_a_photo_and_a_place_are_taken(chat: Chat) -> None:
    await chat.standin.receive(WHO, "楼道堆杂物", pictures=1, more=[("MessageType", "image")])
    first = await chat.next(0)
    place = [("MessageType", "location"), ("Latitude", "39.9219"), ("Longitude", "116.2631")]
    await chat.standin.receive(WHO, "", more=place)
    assert (await chat.next(1)).body != first.body
    await _fetched(chat)
    row = (await chat.office.rows("select content_type, size, state from media"))[0]
    assert (row["content_type"], row["state"]) == ("image/png", "kept")
    assert row["size"]


async def _fetched(chat: Chat) -> None:
    """Wait until nothing is left to be fetched: the job runs beside the turns."""
    ends = clock.monotonic() + PATIENCE_SECONDS
    while await chat.office.value("select count(*) from media where state = 'wanted'"):
        assert clock.monotonic() < ends
        await asyncio.sleep(0.02)


async def _silent_for_a_day(chat: Chat) -> None:
    chat.standin.faults = Faults(window_closed=[WHO])
    await chat.office.value(
        "update conversations set last_said_at = last_said_at - interval '25 hours'"
        " where channel = 'whatsapp' returning 1"
    )


async def _one_resident(chat: Chat) -> None:
    for table in ("addresses", "conversations"):
        await chat.office.value(
            f"with t as (update {table} set resident_id = (select max(resident_id) from tickets)"  # noqa: S608
            " returning id) select count(*) from t"
        )
