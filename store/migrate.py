"""Bring the database's tables to the newest shape, one release at a time."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

from store.database import StoreError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
MAKE_LOCK = """
create table if not exists migration_lock (id int primary key);
insert into migration_lock values (1) on conflict do nothing
"""
# A row, because distributed engines know no advisory locks.
TAKE_LOCK = "select id from migration_lock where id = 1 for update"
TABLE_RACES = (
    asyncpg.UniqueViolationError,
    asyncpg.DuplicateTableError,
    asyncpg.DuplicateObjectError,
)
RUNNING_REVISIONS = "select version_num from alembic_version"


class MigrationError(StoreError):
    """The database's tables belong to a newer release."""


def upgrade(database_url: str, revision: str = "head") -> None:
    """Run all migrations up to `revision` that the database has not had; of two releases at once, one waits.

    Runs an event loop of its own: from within one, call it by `asyncio.to_thread`.

    Raises:
        MigrationError: a newer release has run its migrations already.
        OSError, asyncpg.PostgresError, sqlalchemy.exc.DBAPIError: nothing was changed.
    """
    asyncio.run(_upgrade(database_url, revision))


def heads() -> list[str]:
    """The newest revisions of the migration files; more than one means that two lines must join."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see _upgrade

    return sorted(ScriptDirectory.from_config(_config()).get_heads())


def newest() -> str:
    """The newest revision, read from the names of the files (`m0001_begin.py` is `0001`)."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("m????_*.py"))
    return max(name[1:5] for name in names)


def run_script(script: str) -> None:
    """Run many statements within the migration under way, which SQLAlchemy alone cannot."""
    from alembic import op  # noqa: PLC0415 - see _upgrade

    adapted: Any = op.get_bind().connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(script))


async def _upgrade(database_url: str, revision: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        if await _is_newest(connection):
            return
        await _make_lock(connection)
    finally:
        await connection.close()
    # Alembic takes a second to import: only a start that has something to migrate pays for it.
    from alembic import command  # noqa: PLC0415
    from sqlalchemy import text  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(database_url)
    )
    try:
        async with engine.begin() as migrating:
            await migrating.execute(text(TAKE_LOCK))
            await migrating.run_sync(lambda sync: command.upgrade(_config(sync), revision))
    finally:
        await engine.dispose()


async def _is_newest(connection: asyncpg.Connection) -> bool:
    try:
        running = await connection.fetch(RUNNING_REVISIONS)
    except asyncpg.UndefinedTableError:
        return False
    revisions = [row["version_num"] for row in running]
    if any(revision > newest() for revision in revisions):
        raise MigrationError(
            f"the database is at revision {', '.join(revisions)}, this release knows no further "
            f"than {newest()}: run the newer release"
        )
    return revisions == [newest()]


async def _make_lock(connection: asyncpg.Connection) -> None:
    """In PostgreSQL `create table if not exists` still fails when two run it at the same moment."""
    try:
        await connection.execute(MAKE_LOCK)
    except TABLE_RACES:
        await connection.execute(MAKE_LOCK)


def _config(connection: "Connection | None" = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see _upgrade

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
