"""Copy every table out of one moment of the database, and into an empty one, as COPY's text."""

from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO

import msgspec

from store.database import APPLICATION, Connection, StoreError

CHUNK_BYTES = 8 * 1024 * 1024
# What migrations keep for themselves.
NOT_COPIED = ("alembic_version", "migration_lock", "turnstiles")

TABLES = """
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all($1)
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname
"""
SEQUENCES = """
    select sequencename::text as name, last_value from pg_sequences
    where schemaname = 'public' and last_value is not null order by sequencename
"""
SET_SEQUENCES = """
    select setval(format('public.%I', t.name)::regclass, t.value)
    from unnest($1::text[], $2::bigint[]) as t (name, value)
"""
# Foreign keys are checked once, when all rows are there: rows may refer to later ones.
FOREIGN_KEYS = """
    select coalesce(string_agg(format('alter table %s drop constraint %I', conrelid::regclass, conname), ';'), ''),
           coalesce(string_agg(format('alter table %s add constraint %I %s', conrelid::regclass, conname,
                                      pg_get_constraintdef(oid)), ';'), '')
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
"""
START_AFRESH = "drop schema public cascade; create schema public"
OTHERS = """
    select count(*) from pg_stat_activity
    where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()
"""

Take = Callable[[bytes], Awaitable[None]]


class CopyError(StoreError):
    """The tables of an archive do not fit those of the database."""


class Table(msgspec.Struct, frozen=True):
    """A table as it was copied."""

    name: str
    columns: tuple[str, ...]
    rows: int = 0


async def tables(connection: Connection) -> list[Table]:
    """All tables that hold what the city knows; `rows` is not counted."""
    rows = await connection.fetch(TABLES, NOT_COPIED)
    return [Table(row["name"], tuple(row["columns"])) for row in rows]


async def sequences(connection: Connection) -> dict[str, int]:
    """The last number that each sequence gave."""
    return {row["name"]: row["last_value"] for row in await connection.fetch(SEQUENCES)}


async def copy_out(
    connection: Connection, table: Table, take: Take, chunk_bytes: int = CHUNK_BYTES
) -> int:
    """Hand a table to `take` in chunks that end with a row; returns how many rows there were."""
    waiting = bytearray()

    async def gather(data: bytes) -> None:
        waiting.extend(data)
        if len(waiting) >= chunk_bytes:
            end = waiting.rfind(b"\n") + 1  # within a row, a line break is written as \n
            await take(bytes(waiting[:end]))
            del waiting[:end]

    status = await connection.copy_from_table(table.name, columns=table.columns, output=gather)
    if waiting:
        await take(bytes(waiting))
    return int(status.split()[1])


async def copy_in(connection: Connection, table: Table, chunk: bytes) -> int:
    """Add a chunk of rows to a table; returns how many."""
    status = await connection.copy_to_table(
        table.name, columns=table.columns, source=BytesIO(chunk)
    )
    return int(status.split()[1])


async def fit(connection: Connection, wanted: Sequence[Table]) -> None:
    """Check that the database has just these tables, and empty them; raises `CopyError`."""
    have = {table.name: set(table.columns) for table in await tables(connection)}
    if have != {table.name: set(table.columns) for table in wanted}:
        raise CopyError("the archive's tables are not those of its revision")
    names = ", ".join(f'"{table.name}"' for table in wanted)
    await connection.execute(f"truncate {names}")


async def foreign_keys(connection: Connection) -> tuple[str, str]:
    """Statements that drop all foreign keys, and statements that put them back and check them."""
    drop, add = await connection.fetchrow(FOREIGN_KEYS) or ("", "")
    return drop, add


async def set_sequences(connection: Connection, numbers: dict[str, int]) -> None:
    """Let sequences go on after the numbers they had given."""
    await connection.execute(SET_SEQUENCES, list(numbers), list(numbers.values()))


async def counts(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """The number of rows of each table, in one query."""
    if not names:
        return {}
    each = [f"select '{name}' as name, count(*) as rows from \"{name}\"" for name in names]
    return {row["name"]: row["rows"] for row in await connection.fetch(" union all ".join(each))}


async def start_afresh(connection: Connection) -> None:
    """Drop everything."""
    await connection.execute(START_AFRESH)


async def in_use(connection: Connection) -> bool:
    """Whether processes of the gateway are connected to this database."""
    return bool(await connection.fetchval(OTHERS, APPLICATION))
