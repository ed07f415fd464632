"""Photos over web chat."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from redis.asyncio import Redis

from gateway.config import Settings
from handlers.keep_media import LARGEST_PHOTO_BYTES
from store.database import Pool
from store.media_files import MediaFolder
from tests.photos import GIF_HEAD, JPEG_HEAD, png
from tests.webchat.client import COMPLAINT, Client, MakeClient, browser_at, problem_of, read
from tests.webchat.small_city import SmallTurns, web_chat


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
    assert (stolen.status, await problem_of(stolen)) == (404, "no-file")


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


@pytest.mark.parametrize(
    ("body", "told", "content_type", "disposition"),
    [
        (b"OggS".ljust(99, b"\x01"), "audio/ogg", "audio/ogg", "inline"),
        (b"\x1a\x45\xdf\xa3".ljust(99, b"\x01"), "audio/webm;codecs=opus", "audio/webm", "inline"),
        (b"%PDF-1.7".ljust(99), "application/pdf", "application/pdf", "attachment"),
    ],
)
async def test_recordings_and_documents_are_kept_too_and_no_document_is_run(
    browser: Client, body: bytes, told: str, content_type: str, disposition: str
) -> None:
    headers = {"Content-Type": told}
    kept = await (await browser.post("/chat/media", data=body, headers=headers)).json()
    assert kept["content_type"] == content_type
    shown = await browser.get(f"/chat/media/{kept['id']}")
    assert (await shown.read(), shown.content_type) == (body, content_type)
    assert shown.headers["Content-Disposition"].partition(";")[0] == disposition
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("body", [GIF_HEAD * 20, b"<svg/>" * 20, b""])
async def test_what_is_no_photo_is_refused(browser: Client, body: bytes) -> None:
    answer = await browser.post("/chat/media", data=body)
    assert (answer.status, await problem_of(answer)) == (415, "wrong-type")


async def test_a_photo_over_ten_megabytes_is_refused(browser: Client) -> None:
    async def streamed() -> AsyncIterator[bytes]:  # without a length that could be looked at first
        yield JPEG_HEAD.ljust(LARGEST_PHOTO_BYTES + 1, b"\x01")

    for body in (BytesIO(JPEG_HEAD.ljust(LARGEST_PHOTO_BYTES + 1, b"\x01")), streamed()):
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
