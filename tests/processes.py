"""The gateway as operators run it: real processes under a supervisor, real servers, the stand-in on the other side."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from gateway import clock
from gateway.bootstrap import Core, open_core
from gateway.child import follow_parent
from gateway.config import Settings, inherited_environment
from gateway.embedded import Postgres, Valkey
from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.catalogue.load import load
from store.database import connect
from store.migrate import upgrade
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port

DEMO = DemoAccount()
POLL_SECONDS = 0.05
WEBHOOK_ATTEMPTS = (
    8  # half a second longer each time: 14 s in all, as a provider with a retry policy does
)


async def until(reached: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something that other processes bring about; raises `TimeoutError` that says for what."""
    deadline = clock.monotonic() + seconds
    while not reached():
        if clock.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        await asyncio.sleep(POLL_SECONDS)


@dataclass(slots=True)
class Process:
    """One process of the gateway: `web`, `worker` or `clock`. A supervisor starts it again when it ends."""

    command: str
    environment: dict[str, str]
    log: Path
    running: "subprocess.Popen[bytes] | None" = None
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "gateway", self.command],
                env=self.environment,
                stdout=output,
                stderr=output,
                preexec_fn=follow_parent(signal.SIGKILL),  # noqa: PLW1509 - only here can it ask
            )

    @property
    def pid(self) -> int:
        if self.running is None:
            raise ProcessLookupError(self.command)
        return self.running.pid

    @property
    def exit_code(self) -> int | None:
        return None if self.running is None else self.running.poll()

    def kill(self) -> None:
        """`kill -9`."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: finish what is under way, then end."""
        os.kill(self.pid, signal.SIGTERM)

    def end(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    async def supervised(self) -> None:
        """Start it again whenever it ends, until cancelled."""
        while True:
            if self.running is None or self.exit_code is not None:
                self.start()
            await asyncio.sleep(POLL_SECONDS)


@dataclass(slots=True)
class Site:
    """A whole deployment on this machine."""

    postgres: Postgres
    valkey: Valkey
    standin: TwilioStandIn
    settings: Settings
    environment: dict[str, str]
    folder: Path
    processes: dict[str, Process] = field(default_factory=dict)
    http: aiohttp.ClientSession = field(init=False)

    def process(self, command: str) -> Process:
        """The process of that name, made when it is asked for first."""
        if command not in self.processes:
            log = self.folder / f"{command}.log"
            self.processes[command] = Process(command, self.environment, log)
        return self.processes[command]

    async def ready(self) -> None:
        """Return when the web process serves."""
        deadline = clock.monotonic() + PATIENCE_SECONDS
        while not await self._is_ready():
            if clock.monotonic() > deadline:
                raise TimeoutError(f"not ready: {self.said()}")
            await asyncio.sleep(POLL_SECONDS)

    async def _is_ready(self) -> bool:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with self.http.get(f"{self.settings.public_url}/ready") as response:
                return response.status == 200
        return False

    def spooled_bytes(self) -> int:
        """How much lies in the spools."""
        return sum(path.stat().st_size for path in (self.folder / "spool").glob("*.spool"))

    def said(self) -> str:
        """What the processes wrote last: for messages about failure."""
        logs = [process.log for process in self.processes.values() if process.log.exists()]
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in logs)

    @contextlib.asynccontextmanager
    async def running(self, *commands: str) -> AsyncIterator[None]:
        """Run these processes as a supervisor does; returns when the web process serves."""
        async with asyncio.TaskGroup() as tasks:
            watching = [tasks.create_task(self.process(c).supervised()) for c in commands]
            try:
                await self.ready()
                yield
            finally:
                for task in watching:
                    task.cancel()

    @contextlib.asynccontextmanager
    async def core(self) -> AsyncIterator[Core]:
        """The wiring of the gateway in the test's own process, for staff and for looking on."""
        async with open_core(self.settings, connections=3) as core:
            yield core


@contextlib.asynccontextmanager
async def site(folder: Path, *, webhook_attempts: int = 1) -> AsyncIterator[Site]:
    """Servers that flush to disk, a catalogue and the stand-in; processes are started by the test."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    standin = TwilioStandIn(
        sid=DEMO.sid,
        auth_token=DEMO.auth_token,
        phone_number=DEMO.phone_number,
        public_url=public_url,
        webhook_attempts=webhook_attempts,
    )
    with _servers(folder) as (postgres, valkey):
        await asyncio.to_thread(upgrade, postgres.url)
        await _load_catalogue(postgres.url)
        async with serving(standin) as api_url, aiohttp.ClientSession() as http:
            given = _environment(folder, postgres.url, valkey.url, port, api_url)
            environment = inherited_environment() | given
            settings = Settings.from_env(given, production=True)
            made = Site(postgres, valkey, standin, settings, environment, folder)
            made.http = http
            try:
                yield made
            finally:
                for process in made.processes.values():
                    process.end()


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[tuple[Postgres, Valkey]]:
    with contextlib.ExitStack() as ending:
        postgres, valkey = Postgres(folder), Valkey(folder)
        ending.callback(postgres.stop)
        postgres.start()
        ending.callback(valkey.stop)
        valkey.start()
        yield postgres, valkey


async def _load_catalogue(url: str) -> None:
    now = clock.now()
    pool = await connect(url, size=1)
    try:
        async with pool.acquire() as connection:
            await load(connection, read_folder(SHIPPED), now.date(), now, "shipped")
    finally:
        await pool.close()


def _environment(
    folder: Path, database_url: str, redis_url: str, port: int, api_url: str
) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "s" * 40,
        "TWILIO_ACCOUNT_SID": DEMO.sid,
        "TWILIO_AUTH_TOKEN": DEMO.auth_token,
        "TWILIO_PHONE_NUMBER": DEMO.phone_number,
        "TWILIO_API_URL": api_url,
        "QUIET_HOURS": "none",  # the tests run at night too
        "CALL_HOURS": "none",
        "TIMEZONE": "UTC",  # the catalogue is in force from today on, whichever day that is here
        "SMS_ADDRESS_PER_HOUR": "1000",
        "LOG_LEVEL": "error",
    }
