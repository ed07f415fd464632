"""Embedded servers: started once, lost to nobody, gone with their parent."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from gateway.child import ServerError
from gateway.embedded import Postgres, Servers, Valkey, join, running

OWNER = """
import sys
from pathlib import Path
from gateway.embedded import running
with running(Path(sys.argv[1]), throwaway=True) as servers:
    print(*servers, flush=True)
    sys.stdin.read()
"""


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def ask(url: str, query: str) -> object:
    return asyncio.run(fetch(url, query))


def owner(folder: Path) -> "subprocess.Popen[str]":
    """Another process that runs the servers over `folder`, already up."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def test_both_servers_keep_what_they_were_given_over_a_restart(server_folder: Path) -> None:
    with running(server_folder) as servers:
        ask(servers.database_url, "create table kept as select 'stays' as word")
        with Redis.from_url(servers.redis_url) as valkey:
            valkey.set("word", "stays")
    assert join(server_folder) is None
    with running(server_folder) as again:
        assert again == servers
        assert ask(again.database_url, "select word from kept") == "stays"
        with Redis.from_url(again.redis_url) as valkey:
            assert valkey.get("word") == b"stays"


def test_chinese_is_searchable_by_trigrams(servers: Servers) -> None:
    ask(servers.database_url, "create extension if not exists pg_trgm")
    assert ask(servers.database_url, "select show_trgm('暖气不热')")


def test_a_commit_is_on_disk_before_it_is_acknowledged(server_folder: Path) -> None:
    with running(server_folder) as servers:
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        shown = [ask(servers.database_url, f"show {name}") for name in settings]
        assert shown == ["on", "on", "on"]


def test_no_server_listens_on_the_network(servers: Servers) -> None:
    assert ask(servers.database_url, "show listen_addresses") == ""
    with Redis.from_url(servers.redis_url) as valkey:
        assert valkey.config_get("port") == {"port": "0"}


def test_no_committed_row_is_lost_when_postgres_is_killed(server_folder: Path) -> None:
    postgres = Postgres(server_folder, throwaway=True).start()
    try:
        ask(postgres.url, "create table kept as select generate_series(1, 1000) as n")
        for _ in range(3):
            postgres.kill()
            postgres.start()
            assert ask(postgres.url, "select count(*) from kept") == 1000
    finally:
        postgres.stop()


def test_valkey_comes_back_at_the_same_address_when_it_is_killed(server_folder: Path) -> None:
    valkey = Valkey(server_folder).start()
    try:
        with Redis.from_url(valkey.url) as client:
            client.set("word", "stays")
        valkey.kill()
        with Redis.from_url(valkey.start().url) as client:
            assert client.get("word") == b"stays"
    finally:
        valkey.stop()


def test_a_second_process_joins_the_servers_of_the_first(server_folder: Path) -> None:
    first = owner(server_folder)
    try:
        joined = join(server_folder)
        assert joined is not None
        assert ask(joined.database_url, "select 1") == 1
        with running(server_folder) as servers:
            assert servers == joined
        assert ask(joined.database_url, "select 1") == 1
    finally:
        first.communicate()  # its input ends, and so does it


def test_a_killed_process_leaves_nothing_in_the_way_of_the_next(server_folder: Path) -> None:
    first = owner(server_folder)
    first.kill()
    first.communicate()
    assert join(server_folder) is None
    with running(server_folder, throwaway=True) as servers:
        assert ask(servers.database_url, "select 1") == 1


def test_a_process_number_used_again_by_another_program_is_no_hindrance(
    server_folder: Path,
) -> None:
    postgres = Postgres(server_folder, throwaway=True).start()
    cluster = server_folder / "postgres" / "cluster"
    noted = (cluster / "postmaster.pid").read_text()
    postgres.kill()
    other = subprocess.Popen(["/bin/sh", "-c", "read forever"], stdin=subprocess.PIPE)
    try:
        lines = noted.splitlines(keepends=True)
        (cluster / "postmaster.pid").write_text("".join([f"{other.pid}\n", *lines[1:]]))
        assert ask(postgres.start().url, "select 1") == 1
        assert other.poll() is None
    finally:
        postgres.stop()
        other.communicate()


def test_a_folder_with_a_long_name_gets_a_socket_with_a_short_one(server_folder: Path) -> None:
    with running(server_folder / ("long" * 30), throwaway=True) as servers:
        assert ask(servers.database_url, "select 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
def test_root_runs_the_servers_in_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with running(closed, throwaway=True) as servers:
        assert ask(servers.database_url, "select 1") == 1


def test_a_server_that_cannot_start_says_why(server_folder: Path) -> None:
    with running(server_folder, throwaway=True):
        pass
    (server_folder / "postgres" / "cluster" / "PG_VERSION").unlink()
    with pytest.raises(ServerError, match="valid data directory"):
        Postgres(server_folder, throwaway=True).start()
