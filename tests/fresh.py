"""Databases for tests that break one: made from nothing or from the migrated template, dropped at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from gateway import clock
from gateway.embedded import Servers

MIGRATED = "template jiesu_template"  # exists once the fixture `database_url` was asked for
CHINESE_IS_UNKNOWN = (
    "template template0 encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C'"
)


@asynccontextmanager
async def fresh_database(servers: Servers, made: str = "") -> AsyncIterator[str]:
    """The address of a database of one's own, as `made` says."""
    name = f"fresh_{clock.new_id()}"
    await execute(servers.database_url, f"create database {name} {made}")
    try:
        yield servers.database_url.replace("@/jiesu?", f"@/{name}?")
    finally:
        await execute(servers.database_url, f"drop database if exists {name} with (force)")


async def drop(servers: Servers, url: str) -> None:
    """Take a fresh database away under whoever uses it."""
    name = url.partition("@/")[2].partition("?")[0]
    await execute(servers.database_url, f"drop database {name} with (force)")


async def execute(url: str, statement: str) -> None:
    """Run one statement over a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
