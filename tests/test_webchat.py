import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis

from channels import webchat
from dialogs.said import Attachment, Choice, Pin, Reply, Said
from dialogs.words import Language
from gateway.browser import COOKIE
from gateway.config import Settings
from handlers.media import LARGEST_BYTES
from store.database import Pool
from store.keys import Keys
from store.media_files import MediaFolder
from tests.photos import GIF_HEAD, JPEG_HEAD, png
from tests.small_city import NOW, SmallTurns, web_chat

Client = TestClient[web.Request, web.Application]
MakeClient = Callable[..., Awaitable[Client]]

COMPLAINT = {"id": "11111111-aaaa", "text": "田村路街道暖气不热"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://12345.example"}
    return Settings.from_env(given, production=False)


@pytest.fixture
def turns(pool: Pool, valkey: Redis) -> SmallTurns:
    return SmallTurns(pool, Keys(b"s" * 32, b"f" * 32), valkey)


@pytest.fixture
def app(settings: Settings, pool: Pool, valkey: Redis, turns: SmallTurns) -> web.Application:
    return web_chat(settings, pool, valkey, turns)


@pytest.fixture
async def other(aiohttp_client: MakeClient, app: web.Application) -> Client:
    """Another browser, at the same server."""
    return await browser_at(aiohttp_client, app)


@pytest.fixture
async def browser(aiohttp_client: MakeClient, app: web.Application) -> Client:
    return await browser_at(aiohttp_client, app)


async def browser_at(aiohttp_client: MakeClient, app: web.Application) -> Client:
    client = await aiohttp_client(app, cookie_jar=aiohttp.CookieJar(unsafe=True))
    # The cookie is Secure here, and the test server speaks http: carry it by hand.
    token = (await client.get("/")).cookies[COOKIE].value
    client.session.headers["Cookie"] = f"{COOKIE}={token}"
    return client


async def problem_of(answer: ClientResponse) -> str:
    assert answer.content_type == "application/problem+json"
    document = json.loads(await answer.read())
    assert document["status"] == answer.status
    assert document["title_zh"]
    assert document["title_en"]
    return str(document["type"]).removeprefix("urn:jiesu:")


async def read(client: Client, after: int = 0) -> list[dict[str, Any]]:
    answer = await client.get(f"/chat/messages?after={after}")
    assert answer.status == 200
    return list((await answer.json())["messages"])


async def events(answer: ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The messages of a stream, as they come."""
    while not answer.content.at_eof():
        line = (await answer.content.readline()).decode().strip()
        if line.startswith("data: ") and line != "data: []":
            for message in json.loads(line.removeprefix("data: ")):
                yield message


def test_the_channel_shows_buttons_and_renders_one_part() -> None:
    channel = webchat.channel()
    reply = Reply("对吗？", (Choice("yes", "对"),), prompt=3)
    assert (channel.name, channel.send, channel.webhooks) == ("webchat", None, ())
    assert channel.abilities.buttons
    assert channel.abilities.mailbox
    assert channel.render(reply, Language.CHINESE) == ("对吗？",)


def test_only_a_token_of_ours_is_an_address_and_its_mask_opens_nothing() -> None:
    token = "A" * 43
    assert webchat.normalise(token) == token
    assert webchat.normalise("admin") is None
    assert webchat.normalise(token + "\n") is None
    assert token not in webchat.mask(token)


async def test_a_first_visit_gets_a_secret_that_no_script_can_read(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    answer = await (await aiohttp_client(app)).get("/")
    cookie = answer.cookies[COOKIE]
    assert webchat.normalise(cookie.value)
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert int(cookie["max-age"]) == 180 * 24 * 3600


async def test_a_secret_that_we_did_not_make_is_replaced(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    client = await aiohttp_client(app)
    answer = await client.get("/", headers={"Cookie": f"{COOKIE}=chosen-by-somebody"})
    assert webchat.normalise(answer.cookies[COOKIE].value)


async def test_the_page_runs_no_script_but_ours_and_is_never_kept(browser: Client) -> None:
    answer = await browser.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in await answer.text()


async def test_assets_are_kept_for_ever_under_names_that_change_with_them(browser: Client) -> None:
    page = await (await browser.get("/")).text()
    url = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = await browser.get(url)
    assert (answer.status, answer.content_type) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await browser.get("/static/chat.css")).status == 404
    assert (await browser.get("/static/../templates/chat.html")).status == 404


async def test_a_message_is_answered_with_its_place_and_the_reply(browser: Client) -> None:
    answer = await browser.post("/chat/messages", json=COMPLAINT)
    posted = await answer.json()
    assert (answer.status, posted["seq"]) == (200, 1)
    assert [(m["seq"], m["ours"], m["prompt"]) for m in posted["messages"]] == [(2, True, 1)]
    assert [c["label"] for c in posted["messages"][0]["choices"]] == ["对，提交", "不对，要改"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_repeated_message_has_one_effect_and_keeps_its_place(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    again = await browser.post("/chat/messages", json=COMPLAINT)
    assert (await again.json())["seq"] == 1
    assert [m["seq"] for m in await read(browser)] == [1, 2]


async def test_the_same_message_id_in_two_browsers_is_two_messages(
    browser: Client, other: Client
) -> None:
    for each in (browser, other):
        assert (
            len((await (await each.post("/chat/messages", json=COMPLAINT)).json())["messages"]) == 1
        )


async def test_everything_said_reaches_the_turn(browser: Client, turns: SmallTurns) -> None:
    photo = await (await browser.post("/chat/media", data=png())).json()
    said = {
        "id": "11111111-aaaa",
        "text": " 暖气\u0000不热 ",
        "choice": "yes",
        "prompt": 3,
        "attachments": [photo["id"]],
        "pin": {"latitude": 39.9, "longitude": 116.4},
    }
    await browser.post("/chat/messages", json=said)
    inbound = turns.taken[0]
    assert inbound.said == Said(
        text="暖气不热",
        choice="yes",
        prompt=3,
        attachments=(Attachment(photo["id"], "image/png"),),
        pin=Pin(39.9, 116.4),
    )
    assert (inbound.channel, inbound.received_at, inbound.inline) == ("webchat", NOW, False)


async def test_a_message_that_waits_in_the_spool_is_accepted(
    browser: Client, turns: SmallTurns
) -> None:
    turns.away = True
    answer = await browser.post("/chat/messages", json=COMPLAINT)
    assert answer.status == 202
    assert (await answer.json())["spooled"] is True


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"id": "11111111-aaaa"}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "  "}, 400, "malformed"),
        ({"text": "no id"}, 400, "malformed"),
        ({"id": "short", "text": "x"}, 400, "malformed"),
        ({"id": "a:b:c:d:e:f", "text": "x"}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": 5}, 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "x", "more": 1}, 400, "malformed"),
        ({"id": "11111111-aaaa", "attachments": ["unknown"]}, 400, "malformed"),
        ({"id": "11111111-aaaa", "attachments": ["x"] * 11}, 400, "malformed"),
        ({"id": "11111111-aaaa", "pin": {"latitude": 91, "longitude": 0}}, 400, "malformed"),
        ([1], 400, "malformed"),
        ({"id": "11111111-aaaa", "text": "长" * 4001}, 413, "too-long"),
        ({"id": "11111111-aaaa", "text": "长" * 40_000}, 413, "too-long"),
    ],
)
async def test_a_message_that_is_not_well_formed_is_refused(
    browser: Client, turns: SmallTurns, body: object, status: int, kind: str
) -> None:
    answer = await browser.post("/chat/messages", json=body)
    assert (answer.status, await problem_of(answer)) == (status, kind)
    assert turns.taken == []


async def test_four_thousand_characters_are_taken(browser: Client) -> None:
    answer = await browser.post("/chat/messages", json=COMPLAINT | {"text": "长" * 4000})
    assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/media", "/chat/seen"])
async def test_no_other_site_can_speak_for_a_resident(
    browser: Client, turns: SmallTurns, headers: dict[str, str], path: str
) -> None:
    answer = await browser.post(path, json=COMPLAINT, headers=headers)
    assert (answer.status, await problem_of(answer)) == (403, "foreign-page")
    assert turns.taken == []


async def test_our_own_page_may_speak_at_the_public_address(browser: Client) -> None:
    headers = {"Origin": "https://12345.example", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/chat/messages", json=COMPLAINT, headers=headers)).status == 200


async def test_a_form_of_another_site_is_no_message(browser: Client) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = await browser.post("/chat/messages", data=json.dumps(COMPLAINT), headers=headers)
    assert (answer.status, await problem_of(answer)) == (415, "not-json")


async def test_a_flood_from_one_browser_is_slowed_down(browser: Client) -> None:
    for number in range(30):
        sent = await browser.post("/chat/messages", json={"id": f"flood-{number:04}", "text": "x"})
        assert sent.status == 200
    answer = await browser.post("/chat/messages", json={"id": "flood-last", "text": "x"})
    assert (answer.status, await problem_of(answer)) == (429, "too-often")
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_page_reads_both_sides_from_where_it_was(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "yes", "prompt": 1})
    everything = await read(browser)
    assert [(m["seq"], m["ours"]) for m in everything] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
    ]
    assert everything[0]["id"] == COMPLAINT["id"]
    assert await read(browser, after=2) == everything[2:]
    assert await read(browser, after=4) == []


async def test_a_pressed_button_reads_as_what_stood_on_it(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "yes", "prompt": 1})
    pressed = (await read(browser, after=2))[0]
    assert (pressed["text"], pressed["choice"]) == ("对，提交", "yes")


async def test_a_button_of_the_greeting_reads_as_what_stood_on_it(browser: Client) -> None:
    await browser.post("/chat/messages", json={"id": "22222222", "choice": "command:status"})
    assert (await read(browser))[0]["text"] == "查进度"


async def test_what_the_city_tells_itself_is_not_shown(browser: Client, pool: Pool) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await pool.execute(
        "insert into inbound (channel, key, conversation_id, seq, said, received_at)"
        " select 'internal', 'survey:1', id, 9, '{\"type\":\"SurveyDue\"}', now() from conversations"
    )
    assert [m["seq"] for m in await read(browser)] == [1, 2]


async def test_nobody_reads_anothers_conversation(browser: Client, other: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    assert await read(other) == []


async def test_an_after_that_is_no_sequence_is_refused(browser: Client) -> None:
    for after in ("-1", "x", "9" * 30):
        answer = await browser.get("/chat/messages", params={"after": after})
        assert (answer.status, await problem_of(answer)) == (400, "malformed")


async def test_what_was_seen_only_moves_forward_and_never_past_the_end(
    browser: Client, pool: Pool
) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    for seq, seen in ((1, 1), (99, 2), (1, 2)):
        assert (await browser.post("/chat/seen", json={"seq": seq})).status == 204
        assert await pool.fetchval("select seen_seq from conversations") == seen
    assert (await (await browser.get("/chat/messages")).json())["seen"] == 2


async def test_a_stream_tells_what_was_missed_and_then_what_comes(
    browser: Client, turns: SmallTurns
) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=1") as answer:
        coming = events(answer)
        assert (await anext(coming))["seq"] == 2
        await turns.notice("已交田村路街道办理")
        told = await asyncio.wait_for(anext(coming), 5)
    assert (told["seq"], told["purpose"], told["text"]) == (3, "notice", "已交田村路街道办理")


async def test_a_stream_goes_on_after_the_last_event_that_the_browser_got(browser: Client) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    await browser.post("/chat/messages", json={"id": "22222222", "text": "谢谢"})
    headers = {"Last-Event-ID": "3"}
    async with browser.get("/chat/stream?after=0", headers=headers) as answer:
        assert (await anext(events(answer)))["seq"] == 4


async def test_a_browser_without_a_secret_is_told_to_stop_asking(
    aiohttp_client: MakeClient, app: web.Application
) -> None:
    assert (await (await aiohttp_client(app)).get("/chat/stream")).status == 204


async def test_a_stopping_process_ends_its_streams(browser: Client, app: web.Application) -> None:
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=2") as answer:
        await answer.content.readline()
        await app.shutdown()
        await asyncio.wait_for(answer.content.read(), 5)
        assert answer.content.at_eof()


async def test_a_photo_is_seen_by_its_sender_alone(browser: Client, other: Client) -> None:
    answer = await browser.post("/chat/media", data=png())
    photo = await answer.json()
    assert (answer.status, photo["content_type"], photo["size"]) == (201, "image/png", len(png()))
    own = await browser.get(f"/chat/media/{photo['id']}")
    assert (own.status, own.content_type, await own.read()) == (200, "image/png", png())
    assert own.headers["X-Content-Type-Options"] == "nosniff"
    assert own.headers["Content-Disposition"] == "inline"
    assert "private" in own.headers["Cache-Control"]
    stolen = await other.get(f"/chat/media/{photo['id']}")
    assert (stolen.status, await problem_of(stolen)) == (404, "no-photo")


async def test_nobody_can_send_anothers_photo(browser: Client, other: Client) -> None:
    photo = await (await browser.post("/chat/media", data=png())).json()
    message = {"id": "22222222", "attachments": [photo["id"]]}
    answer = await other.post("/chat/messages", json=message)
    assert (answer.status, await problem_of(answer)) == (400, "malformed")


async def test_a_sent_photo_belongs_to_its_conversation(browser: Client, pool: Pool) -> None:
    photo = await (await browser.post("/chat/media", data=png())).json()
    await browser.post("/chat/messages", json={"id": "22222222", "attachments": [photo["id"]]})
    assert await pool.fetchval(
        "select c.id is not null from media m join conversations c on c.id = m.conversation_id"
    )
    assert (await read(browser))[0]["attachments"][0]["id"] == photo["id"]


@pytest.mark.parametrize("body", [GIF_HEAD * 20, b"<svg/>" * 20, b""])
async def test_what_is_no_photo_is_refused(browser: Client, body: bytes) -> None:
    answer = await browser.post("/chat/media", data=body)
    assert (answer.status, await problem_of(answer)) == (415, "not-a-photo")


async def test_a_photo_over_ten_megabytes_is_refused(browser: Client) -> None:
    async def streamed() -> AsyncIterator[bytes]:  # without a length that could be looked at first
        yield JPEG_HEAD.ljust(LARGEST_BYTES + 1, b"\x01")

    for body in (BytesIO(JPEG_HEAD.ljust(LARGEST_BYTES + 1, b"\x01")), streamed()):
        answer = await browser.post("/chat/media", data=body)
        assert (answer.status, await problem_of(answer)) == (413, "too-large")


async def test_a_full_disk_refuses_photos_and_still_takes_words(
    aiohttp_client: MakeClient,
    settings: Settings,
    pool: Pool,
    valkey: Redis,
    turns: SmallTurns,
    tmp_path: Path,
) -> None:
    full = MediaFolder(tmp_path / "media", reserve_bytes=2**60)
    browser = await browser_at(aiohttp_client, web_chat(settings, pool, valkey, turns, media=full))
    answer = await browser.post("/chat/media", data=png())
    assert (answer.status, await problem_of(answer)) == (507, "disk-full")
    assert (await browser.post("/chat/messages", json=COMPLAINT)).status == 200


async def test_while_the_database_is_away_words_are_taken_and_reading_says_when(
    browser: Client, turns: SmallTurns, pool: Pool
) -> None:
    photo = await (await browser.post("/chat/media", data=png())).json()
    await pool.close()
    turns.away = True
    sent = await browser.post("/chat/messages", json=COMPLAINT | {"attachments": [photo["id"]]})
    assert sent.status == 202
    assert turns.taken[0].said.attachments[0].content_type == "image/png"
    for answer in (
        await browser.get("/chat/messages"),
        await browser.post("/chat/media", data=png()),
    ):
        assert (answer.status, await problem_of(answer)) == (503, "unavailable")
        assert answer.headers["Retry-After"]


async def test_a_stream_goes_on_without_redis(
    aiohttp_client: MakeClient, settings: Settings, pool: Pool, turns: SmallTurns
) -> None:
    nowhere = Redis(host="127.0.0.1", port=1)
    turns.redis = nowhere
    browser = await browser_at(
        aiohttp_client, web_chat(settings, pool, nowhere, turns, poll_seconds=0.05)
    )
    await browser.post("/chat/messages", json=COMPLAINT)
    async with browser.get("/chat/stream?after=2") as answer:
        await turns.notice("已交田村路街道办理")
        assert (await asyncio.wait_for(anext(events(answer)), 5))["seq"] == 3
    await nowhere.aclose()
