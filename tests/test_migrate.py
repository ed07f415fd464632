"""Migrations on a real, empty database."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from gateway import clock
from gateway.embedded import Servers
from store import migrate

TABLES = "select count(*) from pg_tables where schemaname = 'public'"


@pytest.fixture
async def empty_url(servers: Servers) -> AsyncIterator[str]:
    """The address of a database that nothing has been done to."""
    name = f"empty_{clock.new_id()}"
    connection = await asyncpg.connect(servers.database_url)
    await connection.execute(f"create database {name}")
    yield servers.database_url.replace("@/jiesu?", f"@/{name}?")
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()


async def upgrade(url: str) -> None:
    await asyncio.to_thread(migrate.upgrade, url)


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_the_migrations_form_one_line() -> None:
    assert len(migrate.heads()) == 1


def test_the_files_are_named_by_their_revision() -> None:
    assert migrate.heads() == [migrate.newest()]


async def test_an_empty_database_gets_every_table(empty_url: str) -> None:
    await upgrade(empty_url)
    assert await ask(empty_url, "select version_num from alembic_version") == migrate.newest()
    assert await ask(empty_url, "select count(*) from tickets") == 0


async def test_a_second_run_changes_nothing(empty_url: str) -> None:
    await upgrade(empty_url)
    tables = await ask(empty_url, TABLES)
    await upgrade(empty_url)
    assert await ask(empty_url, TABLES) == tables


async def test_two_releases_at_once_both_succeed(empty_url: str) -> None:
    await asyncio.gather(upgrade(empty_url), upgrade(empty_url))
    assert await ask(empty_url, "select count(*) from alembic_version") == 1


async def test_residents_of_the_release_before_keep_their_numbers_and_files(empty_url: str) -> None:
    await asyncio.to_thread(migrate.upgrade, empty_url, "0002")
    await ask(
        empty_url,
        """
        with r as (insert into residents (created_at) select now() from generate_series(1, 2) returning id),
        a as (
            insert into addresses (resident_id, channel, hash, sealed, masked)
            select id, case when id % 2 = 0 then 'sms' else 'webchat' end, int8send(id), '', '' from r
            returning id, resident_id, channel
        ), c as (
            insert into conversations (address_id, resident_id, channel) select id, resident_id, channel from a
            returning id
        )
        insert into media (id, sha256, content_type, size, conversation_id, created_at)
        select 'm' || id, '\\x00', 'image/jpeg', 1, id, now() from c
        """,
    )
    await upgrade(empty_url)
    known = (
        "select count(*) from numbers n join addresses a on a.number_hash = n.hash"
        " and a.resident_id = n.resident_id and a.channel = 'sms'"
    )
    assert await ask(empty_url, known) == 1
    assert await ask(empty_url, "select count(*) from addresses where number_hash is null") == 1
    assert await ask(empty_url, "select count(*) from media where state = 'kept'") == 2


async def test_who_was_owed_two_call_backs_is_owed_one_with_both_notes(empty_url: str) -> None:
    await asyncio.to_thread(migrate.upgrade, empty_url, "0003")
    await ask(
        empty_url,
        """
        with r as (insert into residents (created_at) select now() from generate_series(1, 2) returning id),
        a as (
            insert into addresses (resident_id, channel, hash, sealed, masked)
            select id, 'voice', int8send(id), '', '' from r returning id, resident_id, channel
        ), c as (
            insert into conversations (address_id, resident_id, channel) select id, resident_id, channel from a
            returning id
        )
        insert into human_tasks (kind, conversation_id, note, created_at, urgent)
        select 'call_back', id, note, now(), urgent from c
        cross join (values ('漏水', false), ('留言9秒', true)) n (note, urgent) where c.id = 1 or not n.urgent
        """,
    )
    await upgrade(empty_url)
    owed = "select string_agg(note || urgent, ',' order by conversation_id) from human_tasks where done_at is null"
    assert await ask(empty_url, owed) == "漏水\n留言9秒true,漏水false"
    assert await ask(empty_url, "select count(*) from human_tasks where done_at is not null") == 1


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    await ask(empty_url, "create table human_tasks (id int)")
    with pytest.raises(Exception, match="human_tasks"):
        await upgrade(empty_url)
    assert await ask(empty_url, "select to_regclass('tickets')") is None


async def test_an_older_release_refuses_a_newer_database(empty_url: str) -> None:
    await upgrade(empty_url)
    await ask(empty_url, "update alembic_version set version_num = '9999'")
    with pytest.raises(migrate.MigrationError, match="9999"):
        await upgrade(empty_url)
