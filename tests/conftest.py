"""What tests share: one throw-away pair of servers for the whole run, a database for each worker."""

import asyncio
import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import asyncpg
import pytest
import structlog
from hypothesis import settings
from redis.asyncio import Redis

from gateway.embedded import Servers, running
from store import database, migrate

if TYPE_CHECKING:
    from playwright.async_api import Browser

# What a city sets up once; everything else is emptied before each test that takes `pool`.
KEPT_TABLES = (
    "alembic_version",
    "migration_lock",
    "turnstiles",
    "catalogue_versions",
    "places",
    "special_areas",
    "boundaries",
    "topics",
    "responsibilities",
    "jurisdictions",
    "units",
)
TEMPLATE = "jiesu_template"

# A machine that is busy with something else fails no test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
settings.register_profile("walk")  # `make walk`: as long as CI walks

_ending = pytest.StashKey[contextlib.ExitStack]()
_folder = pytest.StashKey[Path]()
_servers = pytest.StashKey[Servers]()


class Worker(Protocol):
    """What xdist knows of a worker, as far as it is used here."""

    config: pytest.Config
    workerinput: dict[str, object]


def pytest_configure(config: pytest.Config) -> None:
    """Where workers will come, start the servers first: they end with the thread that starts them."""
    # A traceback with all local values takes seconds to write, and holds up the loop meanwhile.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    config.stash[_ending] = contextlib.ExitStack()
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[_folder] = Path(given["folder"])
        config.stash[_servers] = Servers(*given["servers"])
    elif config.getoption("numprocesses", None):
        _start_servers(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Worker) -> None:
    """Tell a worker where the servers are."""
    node.workerinput["folder"] = str(node.config.stash[_folder])
    node.workerinput["servers"] = [*node.config.stash[_servers]]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    config.stash[_ending].close()


def _start_servers(config: pytest.Config) -> None:
    ending = config.stash[_ending]
    config.stash[_folder] = ending.enter_context(_folder_for_all())
    config.stash[_servers] = ending.enter_context(running(config.stash[_folder], throwaway=True))


@contextlib.contextmanager
def _folder_for_all() -> Iterator[Path]:
    """A folder that every account can reach; pytest's own are closed to the servers' account."""
    folder = Path(tempfile.mkdtemp(prefix="jiesu-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A fresh folder for a test that starts servers of its own."""
    with _folder_for_all() as folder:
        yield folder


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """The throw-away servers of this run; started now when tests run in this process alone."""
    if _servers not in pytestconfig.stash:
        _start_servers(pytestconfig)
    return pytestconfig.stash[_servers]


@pytest.fixture(scope="session")
def database_url(servers: Servers, pytestconfig: pytest.Config, worker_id: str) -> str:
    """A migrated database of this worker's own."""
    with (pytestconfig.stash[_folder] / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(_make_template(servers.database_url))
        own = f"jiesu_{worker_id}"
        statement = f"create database {own} template {TEMPLATE}"
        asyncio.run(_execute(servers.database_url, statement))
    return _named(servers.database_url, own)


@pytest.fixture(scope="session")
def redis_url(servers: Servers, worker_id: str) -> str:
    """A Valkey database of this worker's own; 0 stays empty."""
    number = 1 + int(worker_id.removeprefix("gw").replace("master", "0"))
    return servers.redis_url.replace("db=0", f"db={number}")


@pytest.fixture(scope="session")
async def kept(database_url: str) -> AsyncIterator[list[database.Pool]]:
    """The pool of this worker, kept from test to test: a fresh connection learns every table anew."""
    pools: list[database.Pool] = []
    yield pools
    for pool in pools:
        await pool.close()


@pytest.fixture
async def pool(database_url: str, kept: list[database.Pool]) -> database.Pool:
    """Connections to this worker's database, empty but for `KEPT_TABLES`."""
    if not kept or kept[-1].is_closing():  # a test has closed it
        kept.append(await database.connect(database_url))
    async with kept[-1].acquire() as connection:
        await empty(connection)
    return kept[-1]


@pytest.fixture
async def valkey(redis_url: str) -> AsyncIterator[Redis]:
    """This worker's Valkey database, empty."""
    async with Redis.from_url(redis_url) as client:
        await client.flushdb()
        yield client


async def _make_template(url: str) -> None:
    """Migrate once for all workers: under another name, so that half a template is none."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("select 1 from pg_database where datname = $1", TEMPLATE):
            return
        await connection.execute("create database unfinished")
        await asyncio.to_thread(migrate.upgrade, _named(url, "unfinished"))
        await connection.execute(f"alter database unfinished rename to {TEMPLATE}")
    finally:
        await connection.close()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def empty(connection: database.Connection) -> None:
    """Delete rather than truncate: rows are few, and new files for every table take longer."""
    names = await connection.fetch(
        "select quote_ident(tablename) as name from pg_tables"
        " where schemaname = 'public' and tablename <> all($1)",
        KEPT_TABLES,
    )
    deletions = "".join(f"delete from {row['name']};" for row in names)  # noqa: S608
    # A replica's session checks no foreign keys, so the order does not matter.
    await connection.execute(
        f"begin; set local session_replication_role = replica; {deletions} commit"
    )


def _named(url: str, database: str) -> str:
    """The same server, another database."""
    return url.replace("@/jiesu?", f"@/{database}?")


@pytest.fixture(scope="session")
async def one_chromium() -> AsyncIterator["Browser"]:
    """A real browser for all tests of this worker; those that ask for it are skipped where there is none."""
    from tests.chromium import open_chromium  # noqa: PLC0415 - a quarter of a second to load

    async with open_chromium() as opened:
        yield opened


@pytest.fixture
async def chromium(one_chromium: "Browser") -> AsyncIterator["Browser"]:
    """The browser without any page: what a test opens there is closed behind it."""
    yield one_chromium
    for context in one_chromium.contexts:
        await context.close()
