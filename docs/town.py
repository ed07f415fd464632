"""A whole gateway as `jiesu dev` runs it, for as long as a page is written: a resident's phone, staff at the console."""

import contextlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from pathlib import Path

from aiohttp import ClientResponse, ClientSession

from gateway.config import inherited_environment

PROJECT = Path(__file__).parent.parent
PASSWORD = "jiesu-demo"  # noqa: S105 - of the demo logins, which exist in `jiesu dev` alone
GIVEN = ("DATABASE", "REDIS", "PUBLIC", "TWILIO", "HOST", "PORT", "DATA", "SECRET", "LANGUAGES")

_PROOF = re.compile(r'name="(csrf|key)" value="([^"]*)"')
_STATE = re.compile(r'<b class="state">([^<]+)</b>')
_EVENTS = re.compile(r'<h2>经过</h2>\s*<ol class="log">(.*?)</ol>', re.DOTALL)
_EVENT = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_REVIEWED = re.compile(r'id="act-review-(\d+)"')
_TAG = re.compile(r"<[^>]+>")
_TICKET = re.compile(r"/console/tickets/(\d+)")


class TownError(Exception):
    """The gateway did not do what the page needs; the message says what it said instead."""


@contextlib.contextmanager
def running_town() -> Iterator[str]:
    """Run `jiesu dev` on a free port with data of its own; the address of its pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="jiesu-docs-"))
    folder.chmod(0o755)  # the database's account has to get through
    ours = {
        name: value for name, value in inherited_environment().items() if not name.startswith(GIVEN)
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "dev"],
        cwd=PROJECT,
        env=ours | {"PORT": str(port), "DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for_greeting(process)
        yield f"http://127.0.0.1:{port}"
    except TownError as error:
        error.add_note(_stop(process))
        raise
    finally:
        _stop(process)
        shutil.rmtree(folder)


def _stop(process: "subprocess.Popen[str]") -> str:
    """End the gateway; returns what it said that nobody has read yet."""
    if process.returncode is not None:
        return ""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=30)[0]


def _wait_for_greeting(process: "subprocess.Popen[str]") -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("Stop with"):
            return
    raise TownError("".join(said))


@dataclass(slots=True)
class Phone:
    """A resident's phone at the simulator. Texts are heard one by one, in the order they came."""

    client: ClientSession
    number: str
    _heard: int = 0  # the number of the last text that was heard
    _version: int = 0

    async def say(self, words: str) -> str:
        """Write, and hear what comes back."""
        async with self.client.post(
            "/simulator/texts", json={"phone": self.number, "body": words}
        ) as response:
            exchange = await (await _well(response)).json()
        if exchange["status"] != HTTPStatus.OK:
            raise TownError(f"{words!r} was answered by {exchange}")
        return await self.hear()

    async def hear(self) -> str:
        """Wait for the next text of the city."""
        while True:
            query = {"after": str(self._version), "phone": self.number}
            async with self.client.get("/simulator/texts", params=query) as response:
                seen = await (await _well(response)).json()
            new = [t for t in seen["texts"] if t["number"] > self._heard and not t["mine"]]
            if new:
                self._heard = new[0]["number"]
                return str(new[0]["body"])
            if self._version == seen["version"]:
                raise TownError(f"nothing has come to {self.number}")
            self._version = seen["version"]


@dataclass(slots=True)
class Clerk:
    """A member of staff at the console. Forms carry what their page gave them."""

    client: ClientSession
    login: str

    async def log_in(self) -> None:
        """Begin the day."""
        await self._send("/console/login", login=self.login, password=PASSWORD)

    async def newest(self) -> int:
        """The ticket that stands first in the list."""
        found = _TICKET.search(await self._page("/console"))
        if found is None:
            raise TownError(f"the list of {self.login} is empty")
        return int(found[1])

    async def do(self, ticket_id: int, act: str, **fields: str) -> str:
        """Send one form of a ticket; the state that the ticket is in then."""
        page = f"/console/tickets/{ticket_id}"
        return _one(_STATE, await self._send(page, f"{page}/{act}", **fields))

    async def review(self, ticket_id: int) -> str:
        """Uphold the result that waits for a review; the state that the ticket is in then."""
        subject = _one(_REVIEWED, await self._page(f"/console/tickets/{ticket_id}"))
        return await self.do(ticket_id, "review", subject=subject, decision="yes")

    async def state(self, ticket_id: int) -> str:
        """The state of a ticket."""
        return _one(_STATE, await self._page(f"/console/tickets/{ticket_id}"))

    async def events(self, ticket_id: int) -> list[str]:
        """What has happened to a ticket, a line each."""
        log = _one(_EVENTS, await self._page(f"/console/tickets/{ticket_id}"))
        return [" ".join(unescape(_TAG.sub(" ", line)).split()) for line in _EVENT.findall(log)]

    async def _page(self, path: str) -> str:
        async with self.client.get(path) as response:
            return await (await _well(response)).text()

    async def _send(self, page: str, path: str = "", **fields: str) -> str:
        proof = dict(_PROOF.findall(await self._page(page)))
        async with self.client.post(path or page, data=proof | fields) as response:
            return await (await _well(response)).text()


async def _well(response: ClientResponse) -> ClientResponse:
    if not response.ok:
        raise TownError(f"{response.url}: {response.status} {await response.text()}")
    return response


def _one(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise TownError(f"no {pattern.pattern!r} in {page}")
    return found[1]
