"""The console alone, on the real store: an application for tests, and somebody who uses it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis

from gateway import clock, console
from gateway.chat_media import MEDIA
from gateway.config import Settings
from gateway.console.session import COOKIE
from gateway.keys import CLOCK, KEYS, KICK, POOL, REDIS, SETTINGS, WORLD
from handlers.login import SESSION_LASTS, token_hash
from store.media_files import MediaFolder
from store.staff import add_session
from tests.office import Office

PASSWORD = "right-password"
PASSWORD_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$sVYTY1lYqIdgyMsOL+rjHQ"
    "$AeQBSVEaoKtp0BLwWxs9PCdiagoBkuGdN3yMOY80HlE"
)
_INPUT = re.compile(r'name="(csrf|key)" value="([^"]*)"')

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True, slots=True)
class Site:
    """An application, and how often it asked for timers and outbox to be looked at."""

    app: web.Application
    kicks: list[str] = field(default_factory=list)


def console_site(
    office: Office, redis: Redis, folder: Path, env: Mapping[str, str] | None = None
) -> Site:
    """The console over an office; `env` adds settings."""
    app = web.Application()
    site = Site(app)
    settings = Settings.from_env({"DATA_DIR": str(folder), **(env or {})}, production=False)
    app[SETTINGS], app[POOL], app[REDIS] = settings, office.pool, redis
    app[KEYS], app[WORLD] = office.world.keys, office.world
    app[CLOCK] = lambda: office.at
    app[KICK] = lambda: site.kicks.append("kick")
    app[MEDIA] = MediaFolder(folder / "media")
    console.routes(app)
    return site


async def give_passwords(office: Office) -> None:
    """Let all staff log in with `PASSWORD`."""
    await office.value("update staff set password_hash = $1 returning 1", PASSWORD_HASH)


@dataclass
class Desk:
    """A member of staff in front of the console; forms are sent with what their page carried."""

    client: Client

    async def log_in(self, login: str) -> None:
        """Begin a session without the form: checking a password takes a quarter of a second."""
        app, token, csrf = self.client.app, clock.new_id(), clock.new_id()
        now = app[CLOCK]()
        async with app[POOL].acquire() as connection:
            staff_id = await connection.fetchval("select id from staff where login = $1", login)
            hashed = token_hash(token)
            await add_session(connection, staff_id, hashed, csrf, now, now + SESSION_LASTS)
        page = self.client.make_url("/console")
        self.client.session.cookie_jar.update_cookies({COOKIE: token}, page)

    async def send_login(self, login: str, password: str = PASSWORD, **more: str) -> ClientResponse:
        """Log in by the form."""
        form = {"login": login, "password": password, **more}
        return await self.client.post("/console/login", data=form, allow_redirects=False)

    async def page(self, path: str, status: int = 200) -> str:
        response = await self.client.get(path)
        body = await response.text()
        assert response.status == status, (response.status, body)
        return body

    async def proof(self, path: str) -> dict[str, str]:
        """The CSRF token and a fresh key, as they stand in a page's last form."""
        return dict(_INPUT.findall(await self.page(path)))

    async def send(self, page: str, path: str, **fields: str) -> ClientResponse:
        """Open a page and send one of its forms."""
        form = {**await self.proof(page), **fields}
        return await self.client.post(path, data=form, allow_redirects=False)

    async def act(self, ticket_id: int, act: str, **fields: str) -> ClientResponse:
        """Send a form of a ticket's page."""
        page = f"/console/tickets/{ticket_id}"
        return await self.send(page, f"{page}/{act}", **fields)
