"""What a one-off command works on: the operator's database, or the one of `jiesu dev`."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

import asyncpg
import typer

from gateway.config import Settings
from gateway.embedded import running
from store.database import Connection, StoreError, connect
from store.migrate import upgrade

T = TypeVar("T")


@contextmanager
def database() -> Iterator[tuple[Settings, str]]:
    """The settings and a migrated database's address; embedded servers are joined, or started.

    Where DATABASE_URL is set, migrating is left to `jiesu migrate`. What the database refuses, and
    what the store says about it, ends the command.
    """
    settings = Settings.load(production=False)
    with refused_plainly():
        if settings.database_url:
            yield settings, settings.database_url
            return
        with running(settings.data_dir) as servers:
            upgrade(servers.database_url)
            yield settings, servers.database_url


@contextmanager
def refused_plainly() -> Iterator[None]:
    """Tell what the database or the store refuses in one line."""
    try:
        yield
    except StoreError as error:
        refuse(str(error))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        refuse(f"the database refused: {error}")


async def over(url: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do the work over a connection of its own."""
    pool = await connect(url, size=1)
    try:
        async with pool.acquire() as connection:
            return await work(connection)
    finally:
        await pool.close()


def refuse(*reasons: str) -> NoReturn:
    """End the command: nothing was changed, and this is why."""
    for reason in reasons:
        sys.stderr.write(f"jiesu: {reason}\n")
    raise typer.Exit(1)
