"""Files are fetched from their provider once, by whoever comes first, and kept under their hash."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typing_extensions import override

from channels.base import Channel, RemoteMedia, SendError
from channels.twilio_media import TwilioMedia, is_public, origin
from gateway.fetching import Fetcher, FetchRules
from handlers.fetch_media import TRIES
from store import media
from store.database import Pool
from store.media import Media
from store.media_files import MediaFolder
from tests.photos import GIF_HEAD, JPEG_HEAD, png
from tests.world import ACCOUNT, Town, town

AUTH = "Basic " + b64encode(f"{ACCOUNT.sid}:{ACCOUNT.auth_token}".encode()).decode()
OGG = b"OggS\x00\x02".ljust(5000, b"\x01")
PDF = b"%PDF-1.7\n".ljust(3000, b" ")
FILES = {
    "photo": ("image/jpeg", png()),
    "voice": ("audio/ogg", OGG),
    "paper": ("application/pdf", PDF),
    "liar": ("image/jpeg", b"<html><script>alert(1)</script>".ljust(200)),
    "program": ("application/pdf", b"MZ\x90".ljust(400, b"\x00")),
    "small": ("image/png", b"\x89PN"),
    "huge": ("audio/ogg", OGG * 100),
    "large-photo": ("image/jpeg", JPEG_HEAD.ljust(10 * 1024 * 1024 + 1, b"\x01")),
}


@dataclass
class Provider:
    """A stand-in that keeps files, and leads astray where it is told to."""

    server: TestServer
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, authorization
    broken: int = 0  # answers with 500, so often
    redirects: dict[str, str] = field(default_factory=dict)

    def url(self, name: str) -> str:
        return str(self.server.make_url(f"/2010-04-01/{name}"))


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    app = web.Application()
    server = TestServer(app)
    here = Provider(server)

    async def serve(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        here.asked.append((request.method, name, request.headers.get("Authorization", "")))
        if request.method == "DELETE":
            return web.Response(status=204)
        if here.broken:
            here.broken -= 1
            return web.Response(status=500)
        if name in here.redirects:
            raise web.HTTPTemporaryRedirect(here.redirects[name])
        if name.startswith("slow"):
            return await _trickle(request)
        if name not in FILES:
            return web.Response(status=404)
        kind, body = FILES[name]
        if name == "huge":  # of a length that nobody is told
            response = web.StreamResponse(headers={"Content-Type": kind})
            await response.prepare(request)
            await response.write(body)
            return response
        return web.Response(body=body, content_type=kind)

    app.router.add_route("*", "/2010-04-01/{name:.*}", serve)
    await server.start_server()
    try:
        yield here
    finally:
        await server.close()


async def _trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "audio/ogg"})
    await response.prepare(request)
    for _ in range(1000):
        await response.write(OGG[:40])
        await asyncio.sleep(0.05)
    return response


@dataclass
class Desk:
    """A town whose SMS lie at the provider, and the job that fetches them."""

    town: Town
    provider: Provider
    media: TwilioMedia
    folder: MediaFolder
    states: list[str] = field(default_factory=list)

    def fetcher(self, rules: FetchRules | None = None) -> Fetcher:
        rules = rules or FetchRules(100_000)
        return Fetcher(
            self.town.pool,
            self.town.world,
            self.folder,
            self.states.append,
            rules,
            lambda: self.town.now,
        )

    async def send(self, *names: str, kind: str = "", text: str = "") -> None:
        files = tuple(
            RemoteMedia(self.provider.url(name), kind or FILES.get(name, ("audio/ogg", b""))[0])
            for name in names
        )
        async with (turns := self.town.turns()).running():
            await turns.submit(replace(self.town.message(text), media=files))

    async def row(self) -> Media:
        row = await self.town.pool.fetchrow("select id from media order by created_at desc limit 1")
        assert row is not None
        async with self.town.pool.acquire() as connection:
            found = await media.find(connection, row["id"])
        assert found is not None
        return found


@pytest.fixture
async def desk(pool: Pool, provider: Provider, tmp_path: Path) -> AsyncIterator[Desk]:
    here = await town(pool)
    account = replace(ACCOUNT, api_url=str(provider.server.make_url("")).rstrip("/"))
    files = TwilioMedia(account)
    sms: Channel = here.world.channels["sms"]
    here.world.channels = {
        **here.world.channels,
        "sms": replace(sms, fetch=files.fetch, discard=files.discard),
    }
    yield Desk(here, provider, files, MediaFolder(tmp_path, reserve_bytes=0))
    await files.close()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["photo", "voice", "paper"])
async def test_a_file_is_fetched_once_signed_in_and_kept_under_its_hash(
    desk: Desk, name: str
) -> None:
    await desk.send(name)
    assert await desk.fetcher().drain() == 1
    assert await desk.fetcher().drain() == 0
    row, body = await desk.row(), FILES[name][1]
    assert (row.state, row.size, row.sha256) == ("kept", len(body), hashlib.sha256(body).digest())
    path = await desk.folder.find(row.sha256)
    assert path is not None
    assert path.read_bytes() == body
    assert desk.provider.asked == [("GET", name, AUTH)]
    assert await desk.town.pool.fetchval("select source is null and due_at is null from media")


async def test_the_type_is_that_of_the_first_bytes_whatever_the_provider_says(desk: Desk) -> None:
    await desk.send("photo", kind="application/pdf")
    await desk.fetcher().drain()
    assert (await desk.row()).content_type == "image/png"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("liar", "wrong type"),
        ("program", "wrong type"),
        ("small", "wrong type"),
        ("huge", "too large"),
    ],
)
async def test_what_is_nothing_that_is_kept_is_refused_with_its_reason_and_leaves_nothing(
    desk: Desk, tmp_path: Path, name: str, why: str
) -> None:
    await desk.send(name)
    await desk.fetcher().drain()
    row = await desk.row()
    assert (row.state, row.error) == ("refused", why)
    assert files_in(tmp_path) == []
    await desk.town.wait(days=1)
    assert await desk.fetcher().drain() == 0


async def test_photos_have_a_limit_of_their_own(desk: Desk) -> None:
    await desk.send("large-photo")
    await desk.fetcher(FetchRules()).drain()
    assert ((await desk.row()).state, (await desk.row()).error) == ("refused", "too large")


async def test_a_provider_that_stumbles_is_asked_again_later(desk: Desk) -> None:
    await desk.send("photo")
    desk.provider.broken = 1
    assert await desk.fetcher().drain() == 1
    assert (await desk.row()).state == "wanted"
    assert await desk.fetcher().drain() == 0
    desk.town.now += timedelta(seconds=31)
    assert await desk.fetcher().drain() == 1
    assert (await desk.row()).state == "kept"
    assert desk.states == ["wanted", "kept"]


async def test_what_never_comes_is_lost_and_the_ticket_says_so(desk: Desk) -> None:
    await desk.send("nothing", text="海淀区田村路街道阜石路第一社区5号楼暖气不热")
    await desk.town.say("1")
    for _ in range(TRIES):
        assert await desk.fetcher().drain() == 1
        desk.town.now += timedelta(hours=4)
    assert await desk.fetcher().drain() == 0
    row = await desk.row()
    assert (row.state, row.error) == ("lost", "gone")
    events = await desk.town.pool.fetch("select type from ticket_events where type like 'file%'")
    assert [event[0] for event in events] == ["file_lost"]


async def test_a_provider_that_trickles_is_broken_off(desk: Desk, tmp_path: Path) -> None:
    await desk.send("slow")
    await desk.fetcher(FetchRules(seconds=0.3)).drain()
    row = await desk.row()
    assert (row.state, row.error) == ("wanted", "slow")
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/secret",
        "http://169.254.169.254/latest/meta-data/",
        "http://mms.twiliocdn.com/photo",  # not https
        "https://mms.twiliocdn.com:8443/photo",
        "https://mms.twiliocdn.com.evil.example/photo",
        "https://evil.example/mms.twiliocdn.com/",
        "https://s3-external-1.amazonaws.com/other-bucket/photo",
        "file:///etc/passwd",
        "https://user@mms.twiliocdn.com/photo",
        "http://[::1]:1/",
        "//evil.example/photo",
    ],
)
async def test_no_redirect_to_another_host_is_followed(desk: Desk, target: str) -> None:
    desk.provider.redirects["moved"] = target
    await desk.send("moved", kind="image/jpeg")
    await desk.fetcher().drain()
    row = await desk.row()
    assert (row.state, row.error) == ("lost", "elsewhere")


async def test_a_redirect_at_home_is_followed_and_a_circle_is_not(desk: Desk) -> None:
    desk.provider.redirects["moved"] = "/2010-04-01/photo"
    await desk.send("moved", kind="image/jpeg")
    await desk.fetcher().drain()
    assert (await desk.row()).state == "kept"
    desk.town.now += timedelta(seconds=1)
    desk.provider.redirects["round"] = "/2010-04-01/round"
    await desk.send("round", kind="image/jpeg")
    await desk.fetcher().drain()
    assert (await desk.row()).error == "elsewhere"


async def test_a_source_that_is_not_the_provider_s_is_not_asked(desk: Desk) -> None:
    with pytest.raises(SendError, match="elsewhere"):
        await desk.media.fetch("http://127.0.0.1:1/2010-04-01/photo")
    with pytest.raises(SendError, match="elsewhere"):
        await desk.media.discard("https://evil.example/2010-04-01/photo")
    assert desk.provider.asked == []


async def test_a_store_is_told_no_secret_and_may_not_lead_to_a_private_machine(
    provider: Provider,
) -> None:
    """The store's name leads to this machine here: it is refused before anything is sent."""
    provider.redirects["moved"] = "https://mms.twiliocdn.com/photo"
    account = replace(ACCOUNT, api_url=str(provider.server.make_url("")).rstrip("/"))
    files = TwilioMedia(account)
    with pytest.raises(SendError) as caught:
        await files.fetch(provider.url("moved"))
    await files.close()
    assert caught.value.reason in {"elsewhere", "unreachable"}
    assert [name for _, name, _ in provider.asked] == ["moved"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - recognised, not bound
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2001:4860:4860::8888", True),
    ],
)
def test_addresses_of_the_open_internet_are_told_from_others(address: str, public: bool) -> None:  # noqa: FBT001
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url", ["ftp://x/", "http://", "https://a:b@x/", "http://x:99999/", "javascript:alert(1)", ""]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(SendError):
        origin(url)


async def test_two_that_fetch_at_once_ask_the_provider_once(desk: Desk) -> None:
    await desk.send("photo", "voice")
    counts = await asyncio.gather(desk.fetcher().drain(), desk.fetcher().drain())
    assert sum(counts) == 2
    assert sorted(name for _, name, _ in desk.provider.asked) == ["photo", "voice"]


async def test_killed_between_fetching_and_noting_the_next_one_finds_the_same(
    desk: Desk, tmp_path: Path
) -> None:
    there = asyncio.Event()

    class Stuck(MediaFolder):
        @override
        async def keep(self, name: str, chunks: AsyncIterable[bytes]) -> bytes:
            await super().keep(name, chunks)
            there.set()
            return await asyncio.Future()

    await desk.send("photo")
    dying = asyncio.get_running_loop().create_task(
        replace(desk, folder=Stuck(tmp_path, reserve_bytes=0)).fetcher().drain()
    )
    await there.wait()
    dying.cancel()
    assert (await desk.row()).state == "wanted"
    assert await desk.fetcher().drain() == 0  # its lease is another's still
    desk.town.now += timedelta(minutes=5)
    assert await desk.fetcher().drain() == 1
    row = await desk.row()
    assert row.state == "kept"
    assert await desk.folder.find(row.sha256) is not None


async def test_one_whose_lease_has_ended_cannot_undo_what_another_has_settled(desk: Desk) -> None:
    await desk.send("photo")
    async with desk.town.pool.acquire() as connection:
        late = (await media.claim(connection, desk.town.now, timedelta(0), 10))[0]
        await desk.fetcher().drain()
        lost = media.SettledMedia(late.id, late.attempts, "lost", error="late")
        assert await media.settle(connection, [lost]) == []
    assert (await desk.row()).state == "kept"


async def test_the_same_content_is_kept_once(desk: Desk, tmp_path: Path) -> None:
    await desk.send("photo")
    await desk.send("photo")
    await desk.fetcher().drain()
    assert len(files_in(tmp_path)) == 1
    assert await desk.town.pool.fetchval("select count(*) from media where state = 'kept'") == 2


async def test_the_provider_s_copy_goes_only_where_that_is_wished_and_ours_is_safe(
    desk: Desk,
) -> None:
    await desk.send("photo", "liar")
    await desk.fetcher(FetchRules(100_000, delete_at_provider=True)).drain()
    assert [name for method, name, _ in desk.provider.asked if method == "DELETE"] == ["photo"]


async def test_a_recording_is_asked_for_as_mp3(desk: Desk) -> None:
    FILES["Accounts/AC1/Recordings/RE1.mp3"] = ("audio/mpeg", b"ID3\x04".ljust(300, b"\x01"))
    await desk.send("Accounts/AC1/Recordings/RE1", kind="audio/wav")
    await desk.fetcher().drain()
    assert (await desk.row()).content_type == "audio/mpeg"


async def test_a_film_is_kept_and_a_picture_that_moves_too(desk: Desk) -> None:
    FILES["film"] = ("video/mp4", b"\x00\x00\x00\x20ftypisom".ljust(300, b"\x01"))
    FILES["moves"] = ("image/gif", GIF_HEAD.ljust(100, b"\x01"))
    await desk.send("film", "moves")
    await desk.fetcher().drain()
    rows = await desk.town.pool.fetch("select content_type, state from media order by content_type")
    assert [tuple(row) for row in rows] == [("image/gif", "kept"), ("video/mp4", "kept")]
