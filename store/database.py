"""The way to PostgreSQL: a pool of connections that speak JSON, and what a connection is called."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

JSONB_VERSION = b"\x01"  # what the binary form of a jsonb begins with
APPLICATION = "jiesu"
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 8.0  # with the time to connect, less than the 15 s that providers wait for us
# A report reads much of its tables: whole where that is less work, joined by hashing, and planned for its own period.
REPORT = """
    set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on;
    set local plan_cache_mode = force_custom_plan
"""

Connection = asyncpg.Connection | PoolConnectionProxy
Pool = asyncpg.Pool


class StoreError(Exception):
    """Something is wrong with what is stored, or with what was asked of the store."""


async def connect(url: str, *, size: int = 4) -> Pool:
    """Open a pool that grows to `size` connections; close it with `await pool.close()`.

    In a `jsonb` column stands any value that JSON knows; `bytes` given to one are taken as JSON
    that is encoded already.

    Raises:
        OSError, asyncpg.PostgresError: the database cannot be reached.
    """
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=speak_json,
        reset=_leave_as_it_is,
        max_inactive_connection_lifetime=0,
        max_cached_statement_lifetime=0,
        statement_cache_size=200,
        timeout=CONNECT_SECONDS,
        server_settings={
            "application_name": APPLICATION,
            "timezone": "UTC",
            # All that runs here looks rows up by index. A plan made while a table was still empty is kept by the
            # connection and would read the whole of it for ever after (until the next ANALYZE replans).
            "enable_seqscan": "off",
            "enable_hashjoin": "off",
            "enable_mergejoin": "off",
            "plan_cache_mode": "force_generic_plan",  # plan each statement once, whatever its arrays hold
        },
    )


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction on a connection of the pool. A server that does not answer in time counts as gone.

    Raises:
        asyncpg.PostgresConnectionError: the connection was cut, by the server or after `ANSWER_SECONDS`.
    """
    async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
        # A cancelled query would leave the roll-back waiting for the same silent server.
        cut = asyncio.get_running_loop().call_later(ANSWER_SECONDS, connection.terminate)
        try:
            async with connection.transaction():
                yield connection
        finally:
            cut.cancel()


@asynccontextmanager
async def report(pool: Pool) -> AsyncIterator[Connection]:
    """A connection that reads for a report, without what `connect` forbids for the sake of look-ups."""
    async with pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(REPORT)
        yield connection


async def speak_json(connection: Connection) -> None:
    """Teach a connection that was not made by `connect` to read and write `jsonb`."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode, decoder=_decode, format="binary"
    )


async def _leave_as_it_is(connection: Connection) -> None:
    """Nothing here changes a connection's state, so nothing has to be reset (a round trip) after each use."""


def _encode(value: object) -> bytes:
    return JSONB_VERSION + (value if isinstance(value, bytes) else orjson.dumps(value))


def _decode(stored: bytes) -> object:
    return orjson.loads(stored[1:])
