"""The stand-in for Twilio: phones that write through the real adapter, faults, and the page's own interface."""

import asyncio
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from channels.base import ForgedError
from dialogs.words import Delivery
from gateway.simulator.faults import Faults
from gateway.simulator.standin import STOPPED_TEXT, twiml_messages
from tests.twilio_gateway import DEMO, Pair, connected

PHONE = "+8613812345678"


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with connected() as both:
        yield both


@pytest.fixture
async def page(pair: Pair) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pair.api_url.removesuffix("/twilio") + "/") as session:
        yield session


def on_phone(pair: Pair, phone: str = PHONE) -> list[tuple[str, str]]:
    """What a phone shows, oldest first."""
    return [(text.body, text.status) for text in pair.standin.texts.since(0, {phone})]


async def test_a_phone_writes_and_reads_the_answer(pair: Pair) -> None:
    exchange = await pair.standin.receive(PHONE, "暖气不热 & 没水")
    await pair.standin.settled()
    assert (exchange.status, exchange.replies) == (200, ("【12345】已受理。",))
    assert pair.gateway.messages[0].said.text == "暖气不热 & 没水"
    assert on_phone(pair) == [("暖气不热 & 没水", "received"), ("【12345】已受理。", "delivered")]
    assert [r.delivery for r in pair.gateway.reports] == [
        Delivery.SENT,
        Delivery.SENT,
        Delivery.DELIVERED,
    ]
    assert not pair.gateway.refused


async def test_an_answer_without_words_shows_nothing(pair: Pair) -> None:
    pair.gateway.replies = ()
    assert (await pair.standin.receive(PHONE, "1")).replies == ()
    assert on_phone(pair) == [("1", "received")]


async def test_stop_is_heeded_by_twilio_itself_and_told_to_us_too(pair: Pair) -> None:
    await pair.standin.receive(PHONE, "Stop")
    await pair.standin.settled()
    assert pair.gateway.messages[0].said.text == "Stop"
    assert on_phone(pair) == [("Stop", "received"), (STOPPED_TEXT, "delivered")]
    assert pair.gateway.reports == []


async def test_a_gateway_that_fails_is_not_taken_for_one_that_answers(pair: Pair) -> None:
    pair.gateway.fail_next = 1
    assert (await pair.standin.receive(PHONE, "1")).status == 503
    assert on_phone(pair) == [("1", "failed")]


async def test_a_gateway_that_is_away_answers_nothing(pair: Pair) -> None:
    await pair.server.close()
    exchange = await pair.standin.receive(PHONE, "1")
    assert (exchange.status, exchange.replies) == (0, ())


async def test_an_operator_with_a_fallback_url_loses_no_message() -> None:
    async with connected(webhook_attempts=3) as pair:
        pair.gateway.fail_next = 2
        exchange = await pair.standin.receive(PHONE, "1")
        assert [m.key for m in pair.gateway.messages] == [exchange.sid]
        assert exchange.status == 200


async def test_every_nth_webhook_arrives_after_those_behind_it(pair: Pair) -> None:
    pair.standin.faults = Faults(delay_every=2)
    await pair.standin.receive(PHONE, "1")
    await asyncio.gather(pair.standin.receive(PHONE, "2"), pair.standin.receive(PHONE, "3"))
    assert [m.said.text for m in pair.gateway.messages] == ["1", "3", "2"]


async def test_it_runs_as_a_process_of_its_own() -> None:
    command = ["-m", "gateway.simulator", "--port", "0", "--public-url", "http://127.0.0.1:9"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode().strip()
        api_url = line.removeprefix("TWILIO_API_URL=")
        url = f"{api_url}/2010-04-01/Accounts/{DEMO.sid}/Messages.json"
        basic = b64encode(f"{DEMO.sid}:{DEMO.auth_token}".encode()).decode()
        async with aiohttp.ClientSession(headers={"Authorization": f"Basic {basic}"}) as session:
            async with session.get(url) as response:
                assert (await response.json())["messages"] == []
            async with session.get(url, headers={"Authorization": "Basic eDp5"}) as response:
                assert (await response.json())["code"] == 20003
    finally:
        process.terminate()
        await process.communicate()


async def test_a_webhook_can_be_posted_again_under_its_id(pair: Pair) -> None:
    first = await pair.standin.receive(PHONE, "1")
    text = pair.standin.texts.get(first.sid)
    assert text is not None
    await pair.standin.post(text)
    assert [m.key for m in pair.gateway.messages] == [first.sid, first.sid]


async def test_every_nth_webhook_is_repeated_and_its_first_answer_lost(pair: Pair) -> None:
    pair.standin.faults = Faults(repeat_every=2)
    for word in "123":
        await pair.standin.receive(PHONE, word)
    assert [m.said.text for m in pair.gateway.messages] == ["1", "2", "2", "3"]
    await pair.standin.settled()
    assert len(on_phone(pair)) == 6


async def test_a_shuffled_report_tells_the_end_before_the_middle(pair: Pair) -> None:
    pair.standin.faults = Faults(shuffle_every=1)
    await pair.standin.receive(PHONE, "1")
    await pair.standin.settled()
    assert [r.delivery for r in pair.gateway.reports] == [
        Delivery.SENT,
        Delivery.DELIVERED,
        Delivery.SENT,
    ]
    assert on_phone(pair)[-1][1] == "delivered"


async def test_a_phone_that_is_switched_off_is_reported(pair: Pair) -> None:
    pair.standin.faults = Faults(unreachable=[PHONE])
    await pair.send("x", PHONE)
    await pair.standin.settled()
    assert pair.gateway.reports[-1].delivery is Delivery.FAILED
    assert pair.gateway.reports[-1].error == "30003"


async def test_another_token_is_refused_by_the_gateway(pair: Pair) -> None:
    pair.standin.auth_token = "guess"
    assert (await pair.standin.receive(PHONE, "1")).status == 403
    assert isinstance(pair.gateway.refused[0], ForgedError)


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("<Response/>", []),
        ("<Response><Message>一</Message></Response>", [("一", "")]),
        ('<Response><Message action="/s"><Body>一</Body></Message></Response>', [("一", "/s")]),
        ('<Response><Message statusCallback="/s">一</Message></Response>', [("一", "/s")]),
        ("not XML", []),
    ],
)
def test_twiml_is_read_as_twilio_reads_it(body: str, messages: list[tuple[str, str]]) -> None:
    assert twiml_messages(body) == messages


async def test_the_page_shows_what_a_phone_wrote_and_read(
    pair: Pair, page: aiohttp.ClientSession
) -> None:
    async with page.post("texts", json={"phone": PHONE, "body": "你好"}) as response:
        assert (await response.json())["status"] == 200
    await pair.standin.settled()
    seen: dict[str, Any] = await (await page.get(f"texts?phone=%2B{PHONE[1:]}&wait=0")).json()
    assert [(t["mine"], t["inline"], t["status"], t["segments"]) for t in seen["texts"]] == [
        (True, False, "received", 1),
        (False, True, "delivered", 1),
    ]
    later = await (await page.get(f"texts?after={seen['version']}&wait=0")).json()
    assert later["texts"] == []


async def test_a_watcher_hears_at_once(pair: Pair, page: aiohttp.ClientSession) -> None:
    async with page.post("texts", json={"phone": PHONE, "body": "你好"}):
        pass
    async with page.get("texts?after=0") as response:
        assert (await response.json())["version"] > 0
    assert pair.gateway.messages


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ({"phone": "12345", "body": "x"}, 400),
        ({"phone": PHONE, "body": "长" * 1601}, 400),
        ({"phone": PHONE, "words": "x"}, 400),
        (["x"], 400),
    ],
)
async def test_the_page_refuses_what_no_phone_writes(
    page: aiohttp.ClientSession, payload: object, status: int
) -> None:
    async with page.post("texts", json=payload) as response:
        assert response.status == status


async def test_only_json_is_taken_so_that_no_other_site_can_write(
    page: aiohttp.ClientSession,
) -> None:
    async with page.post("texts", data={"phone": PHONE, "body": "x"}) as response:
        assert response.status == 415


async def test_faults_are_switched_on_from_outside(pair: Pair, page: aiohttp.ClientSession) -> None:
    async with page.post("faults", json={"repeat_every": 20}) as response:
        assert (await response.json())["repeat_every"] == 20
    assert pair.standin.faults.repeat_every == 20


async def test_the_page_and_its_files_are_our_own(page: aiohttp.ClientSession) -> None:
    async with page.get("../simulator") as response:
        document = await response.text()
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "//" not in document.replace("<!doctype html>", "")
    for name in ("page.css", "sms.js", "start.js"):
        assert f"simulator/static/{name}" in document
        async with page.get(f"static/{name}") as response:
            assert response.status == 200
    async with page.get("static/page.py") as response:
        assert response.status == 404
